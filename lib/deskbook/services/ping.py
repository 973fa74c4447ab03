"""Tell a watch that a run began, ended well or failed, in the convention of healthchecks: /start, plain, /fail."""

from __future__ import annotations

from typing import Literal

from deskbook.services.http import Bounds, Lost, NotSent, exchange, new_session

Event = Literal["start", "success", "fail"]
BOUNDS = Bounds(connect=5, read=5, total=10, most=65536)
PATHS: dict[Event, str] = {"start": "/start", "success": "", "fail": "/fail"}


def ping(address: str, event: Event, line: str) -> str:
    """Post the line there; what went wrong, in words without the address, which is a key. Nothing where it went well."""
    try:
        answer = exchange(new_session(), "POST", f"{address}{PATHS[event]}", BOUNDS, data=line.encode())
    except (NotSent, Lost) as error:
        return f"the ping '{event}' was not heard: {error}"
    if not 200 <= answer.status < 300:
        return f"the ping '{event}' was not heard: it answers {answer.status}"
    return ""

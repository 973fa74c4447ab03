"""What others do meanwhile: people in the helpdesk, the tracker and the chat, over the services' own interfaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from torture.wire import unwatched
from torture.world import world


def call(method: str, path: str, body: Mapping[str, Any]) -> Any:
    """One request by somebody else."""
    headers = {"Authorization": "token sandbox"} if path.startswith("/github") else {}
    login = None if headers else ("sandbox", "X")
    with unwatched():
        answer = requests.request(method, f"{world().url}{path}", json=body, auth=login, headers=headers, timeout=20)
    assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
    return answer.json() if answer.content else None


def agent(mail: str) -> int:
    """The helpdesk's number of one of the staff."""
    (number,) = (
        each["id"]
        for each in requests.get(f"{world().url}/api/v2/agents?per_page=100", auth=("sandbox", "X"), timeout=20).json()
        if each["contact"]["email"] == mail
    )
    return int(number)


def happen(what: str, given: Mapping[str, Any]) -> None:
    """Something that happens before a run, by its name."""
    if what == "@hub":
        call("POST", f"/sandbox/hubs/{given['name']}", {"up": given["up"]})
    elif what == "@note":
        said = {"body": f"<p>{given['body']}</p>", "private": True, "user_id": agent(given["by"])}
        call("POST", f"/api/v2/tickets/{given['ticket']}/notes", said)
    elif what == "@answer":
        said = {"from": given["by"], "ticket_id": given["ticket"], "subject": "Re:", "body": given["body"]}
        call("POST", "/sandbox/incoming", said)
    elif what == "@only":
        for number in (
            row["id"]
            for row in world().store.rows("SELECT id FROM fd_tickets WHERE NOT (deleted OR spam OR status = 5)")
        ):
            if number not in given["tickets"]:
                call("PUT", f"/api/v2/tickets/{number}", {"status": 5})
        with world().store.transaction():  # long ago, so that no sweep looks at them again
            world().store.db.execute("UPDATE fd_tickets SET updated_at = '2026-01-01T00:00:00Z' WHERE status = 5")
    elif what == "@clock":
        call("POST", "/sandbox/clock", dict(given))
    else:
        raise AssertionError(f"nobody knows how {what} happens")

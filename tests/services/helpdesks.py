"""A helpdesk for tests: what to write to the sandbox's and ask of it, and one that gives the answers it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
from test_http import Asked, serving

from deskbook.config.organization import load_organization
from deskbook.services.freshdesk.client import Freshdesk
from deskbook_sandbox.server import Running

ORGANIZATION = load_organization()
NOW = datetime(2026, 11, 23, 17, 55, tzinfo=UTC)


def control(sandbox: Running, what: str, body: Any) -> Any:
    answer = requests.post(f"{sandbox.url}/sandbox/{what}", json=body, timeout=10)
    assert answer.ok, answer.text
    return answer.json()


def asked(sandbox: Running) -> dict[str, int]:
    counts: dict[str, int] = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["requests"]
    return counts


def mails(sandbox: Running) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = requests.get(f"{sandbox.url}/sandbox/outbox", timeout=10).json()
    return sent


def write(sandbox: Running, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    answer = requests.request(method, f"{sandbox.url}/api/v2{path}", json=body, auth=("sandbox", "X"), timeout=10)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def ticket(sandbox: Running, **more: Any) -> int:
    body = {
        "email": "ada@aurora.example.org",
        "name": "Ada Lindgren",
        "subject": "It is down",
        "description": "<b>Help</b>",
    }
    return int(write(sandbox, "/tickets", {**body, "status": 2, "priority": 1, **more})["id"])


def staff(desk: Freshdesk, mail: str) -> int:
    return next(agent.id for agent in desk.agents() if agent.mail.startswith(mail))


@contextmanager
def account(answers: dict[str, Any]) -> Iterator[Freshdesk]:
    """A helpdesk that gives these answers by path, and 404 to all else."""

    def answer(request: Asked, n: int) -> None:
        path = request.path.removeprefix("/api/v2").partition("?")[0]
        if path in answers:
            request.say(200, json.dumps(answers[path]))
        else:
            request.say(404)

    with serving(answer) as local:
        yield Freshdesk(local.url, "key", ORGANIZATION)

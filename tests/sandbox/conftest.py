"""A sandbox for each test, and a short way to talk to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from deskbook.config.organization import load_organization
from deskbook_sandbox.server import Running, start

ORGANIZATION = load_organization()


@dataclass(frozen=True)
class Client:
    """Talks to one sandbox: `api` is the helpdesk with its key, `control` the sandbox's own controls."""

    running: Running
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        return self.running.url

    def api(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        options.setdefault("auth", ("sandbox", "X"))
        return self.session.request(method, f"{self.url}/api/v2{path}", json=body, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The body of a helpdesk GET that must succeed."""
        answer = self.api("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def make(self, path: str, body: Any) -> Any:
        """The body of a helpdesk POST that must create something."""
        answer = self.api("POST", path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def change(self, path: str, body: Any) -> Any:
        answer = self.api("PUT", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def problems(self, method: str, path: str, body: Any = None, **query: Any) -> dict[str, tuple[str, str]]:
        """What a refused call says, as field: (code, message)."""
        answer = self.api(method, path, body, params=query)
        assert answer.status_code in (400, 409), (answer.status_code, answer.text)
        assert answer.json()["description"] == "Validation failed"
        return {each["field"]: (each["code"], each["message"]) for each in answer.json()["errors"]}

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """The body of a control call that must succeed."""
        answer = self.session.request(
            method or ("GET" if body is None else "POST"), f"{self.url}/sandbox{path}", json=body
        )
        assert answer.status_code < 300, answer.text
        return answer.json()

    def advance(self, **span: float) -> None:
        seconds = span.get("days", 0) * 86_400 + span.get("hours", 0) * 3_600 + span.get("minutes", 0) * 60
        self.control("/clock", {"advance": seconds})

    def outbox(self) -> list[dict[str, Any]]:
        return list(self.control("/outbox"))

    def ticket(self, **values: Any) -> dict[str, Any]:
        """A new ticket with what is mandatory."""
        least = {
            "email": "ada@aurora.example.org",
            "subject": "Hello",
            "description": "Text",
            "status": 2,
            "priority": 1,
        }
        made: dict[str, Any] = self.make("/tickets", {**least, **values})
        return made


@pytest.fixture
def sandbox() -> Iterator[Client]:
    """The default seed, the clock frozen there."""
    with start(ORGANIZATION) as running:
        yield Client(running)


@pytest.fixture
def quick(sandbox: Client) -> Client:
    """The same, without lags, delays and limits."""
    sandbox.control("/switches", {"index_lag": 0, "sla_delay": 0, "limits": False})
    return sandbox


@pytest.fixture
def empty() -> Iterator[Client]:
    """No tickets, companies or contacts; otherwise as `quick`."""
    with start(ORGANIZATION, seed=None) as running:
        client = Client(running)
        client.control("/switches", {"index_lag": 0, "sla_delay": 0, "limits": False})
        yield client

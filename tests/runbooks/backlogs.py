"""A backlog from few words: issues, tickets and time, whom an issue is given to; and time booked on a sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from building import NOW, ORGANIZATION, PROCESS
from talking import get

from deskbook.config.organization import Organization, load_organization
from deskbook.engine.plan import Plan
from deskbook.model.records import Community, Issue, LoggedTime, Ticket, TimeEntry
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize.decision import decide as decide_prioritize
from deskbook.runbooks.prioritize.plan import Backlog

MOMENT = datetime.fromisoformat(NOW)
COAST = load_organization(Path(__file__).parents[1] / "organizations" / "coast.yaml")


def issue(number: int, *tickets: int, **said: Any) -> Issue:
    created = datetime.fromisoformat("2026-11-02T09:00:00Z")
    known = {
        "labels": ("support",),
        "state": "open",
        "author": "priya-raman",
        "created": created,
        "body": "",
        "tickets": tickets,
    }
    return Issue(number=number, title=f"Request {number}", url="", **{**known, **said})


def ticket(number: int, community: int | None = 10, type: str | None = "Change Request") -> Ticket:
    people: dict[str, Any] = {"requester": 1, "agent": None, "community": community, "group": None}
    return Ticket(number, "", "", "Pending", "Email", type, **people, tags=(), hub_url=None, created=MOMENT, url="")


def spent(
    number: int, minutes: float, *, billable: bool = True, note: str = "", community: int | None = 10
) -> LoggedTime:
    return LoggedTime(
        TimeEntry(number, number, 900, int(minutes * 60), False, MOMENT, note, billable), MOMENT, community
    )


def backlog(issues: Sequence[Issue], organization: Organization = ORGANIZATION, **said: Any) -> Backlog:
    """Ticket 101 is Aurora's (4 hours a month), 102 Borealis' (its own funding), 103 of one without a figure."""
    known: dict[str, Any] = {
        "communities": (
            Community(10, "Aurora Climate Lab", budget_hours=4),
            Community(11, "Borealis University", budget_hours=1, own_funding=True),
            Community(12, "Ember Wildfire Group"),
        ),
        "tickets": {101: ticket(101), 102: ticket(102, 11), 103: ticket(103, 12)},
        **said,
    }
    return Backlog(PROCESS, organization, MOMENT, 56, tuple(issues), **known)


def placed(found: Backlog) -> list[tuple[int, int]]:
    return [(one.request.issue.number, one.rule) for one in prioritize.assess(found)]


def rule_of(found: Backlog) -> tuple[int, str]:
    (one,) = prioritize.assess(found)
    return one.rule, one.because


def giving(found: Backlog, give: str) -> Plan:
    return prioritize.plan(found, decide_prioritize(found, give=give))


def book(url: str, ticket: int, minutes: int, at: str, **said: Any) -> None:
    body = {"time_spent": f"{minutes // 60:02}:{minutes % 60:02}", "executed_at": at, **said}
    helpdesk(url, f"/tickets/{ticket}/time_entries", body)


def helpdesk(url: str, path: str, body: Any, method: str = "POST") -> None:
    answer = requests.request(method, f"{url}/api/v2{path}", json=body, auth=("sandbox", "X"), timeout=5)
    answer.raise_for_status()


def comments(url: str) -> list[str]:
    return [comment["body"] for comment in get(url, "/sandbox/state")["comments"]]

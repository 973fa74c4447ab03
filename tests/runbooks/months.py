"""A month of a helpdesk from few words: its tickets, its time, and what a report tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from building import ORGANIZATION, PROCESS

from deskbook.config.organization import Organization
from deskbook.model.records import Community, LoggedTime, Ticket, TicketSummary, TimeEntry
from deskbook.runbooks.report.plan import Facts
from deskbook.tickets.next_step import Item

# October 2026: the 1st is a Thursday, the 3rd and 4th are a weekend.
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))

ACKNOWLEDGED, EVALUATED, NEXT, TIMEBOX = (
    PROCESS.clocks[name].name for name in ("acknowledge", "evaluate", "next-action", "timebox")
)


def at(text: str) -> datetime:
    """`05 10:00` in October, or a whole moment."""
    return datetime.fromisoformat(f"2026-10-{text}:00Z" if len(text) == 8 else text)


def listed(number: int, created: str, **said: Any) -> TicketSummary:
    times = {
        k: at(said.pop(k)) for k in list(said) if k in ("first_answer", "answered", "reopened", "resolved", "pending")
    }
    if "first_answer" in times:
        times.setdefault("answered", times["first_answer"])
    known: dict[str, Any] = {
        "status": "Open", "source": "Email", "type": "Something is not working", "requester": 1, "agent": 900,
        "community": 10, "group": "support", "tags": (), "hub_url": None, "url": "", **said,
    }  # fmt: skip
    return TicketSummary(Ticket(id=number, subject="", body="", created=at(created), **known), **times)


def facts(tickets: Sequence[TicketSummary], organization: Organization = ORGANIZATION, **said: Any) -> Facts:
    known = {"now": at("2026-11-23T17:55:00Z"), "communities": (Community(10, "Aurora", budget_hours=4),), **said}
    return Facts(PROCESS, organization, start=OCTOBER[0], end=OCTOBER[1], tickets=tuple(tickets), **known)


def late(ticket: Ticket) -> Item:
    step = PROCESS.step("triage.watch")
    return Item(ticket, step.id, step.runbook, step.title, step.role, "", (), "", "", late=True)


def told(found: Facts, name: str) -> tuple[int, int, int, int]:
    promise = next(promise for promise in found.promises if promise.name == name)
    return promise.kept, promise.missed, promise.running, promise.untold


def spent(number: int, minutes: int, note: str, moment: str = "12 10:00", *, billable: bool = True) -> LoggedTime:
    entry = TimeEntry(number, 1, 900, minutes * 60, False, at(moment), note, billable)
    return LoggedTime(entry, at(moment), 10)

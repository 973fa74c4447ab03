"""Which promises of time a ticket's cycle has, by the clocks of the process: until when, and kept, late or still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from deskbook.config.organization import Category, Organization
from deskbook.config.process import Clock, Process
from deskbook.model import light
from deskbook.model.case import Case
from deskbook.model.records import OVER, Ticket
from deskbook.schedule.working_time import Deadline, WorkingClock, deadline
from deskbook.tickets.sprint import impact_of

Verdict = Literal["kept", "missed", "running", "untold"]


@light.dataclass(frozen=True, slots=True)
class Cycle:
    """One passage of a ticket, as far as is known. `first` is its first answer; with `latest_only` lists tell just the
    latest one. `followed`: another cycle came after it, and what happened late in this one is forgotten."""

    ticket: Ticket
    category: Category | None
    began: datetime
    first: datetime | None
    answered: datetime | None
    pending: datetime | None
    resolved: datetime | None
    latest_only: bool = False
    followed: bool = False
    critical: bool = False


@dataclass(frozen=True)
class Promise:
    """One promise to one cycle. `open`: what was promised is not done yet, in time or not; `untold`: lists do not say."""

    clock: str
    name: str
    due: Deadline
    verdict: Verdict
    open: bool


def of(cycle: Cycle, process: Process, organization: Organization, now: datetime) -> Iterator[Promise]:
    """The promises on the working clock, in the order of the process."""
    for name, rule in _rules(cycle, process):
        due = _due(rule, cycle, organization)
        done, doubt = _done(rule, cycle)
        if any(not due.late(at) for at in done):
            verdict: Verdict = "kept"
        elif doubt:
            verdict = "untold"
        else:
            verdict = "missed" if done or due.late(now) else "running"
        yield Promise(name, rule.name, due, verdict, not done and not _went_on(rule, cycle))


def _rules(cycle: Cycle, process: Process) -> Iterator[tuple[str, Clock]]:
    """The clocks that run for it, by their names."""
    return (
        (name, rule)
        for name, rule in process.clocks.items()
        if rule.until is not None and cycle.category not in rule.not_for
    )


def _due(rule: Clock, cycle: Cycle, organization: Organization) -> Deadline:
    clock = WorkingClock.of(organization.clock, waits_for_time_off=_waits(rule, cycle))
    return deadline(clock, rule.name, cycle.began, rule.hours)


def _waits(rule: Clock, cycle: Cycle) -> bool:
    """Whether it counts on the clock that stands still in expected time off."""
    return cycle.category in rule.waits and not cycle.critical


def _went_on(rule: Clock, cycle: Cycle) -> bool:
    """Whether nothing is owed any more, though it may never have been done."""
    return cycle.followed or (rule.until != "resolved" and bool(cycle.pending or cycle.resolved))


def _done(rule: Clock, cycle: Cycle) -> tuple[tuple[datetime, ...], bool]:
    """When it was done, as far as is known; and whether it may have been done earlier, too."""
    first, second = cycle.first, None if cycle.answered == cycle.first else cycle.answered
    moments: tuple[datetime | None, ...]
    match rule.until:
        case "moved-on":
            moments = (second, cycle.pending, cycle.resolved)
            doubt = bool(second) or cycle.followed or (cycle.latest_only and first is not None)
        case "resolved":
            moments, doubt = (cycle.resolved,), cycle.followed
        case _:
            workshop = cycle.category == "workshop"  # it stays with the Triager
            placed = cycle.category is not None and (workshop or cycle.ticket.agent is not None)
            moments = (first if placed or rule.until == "answered" else None,)
            doubt = cycle.latest_only and any(moments)
    return tuple(at for at in moments if at), doubt


def next_due(cycle: Cycle, process: Process, organization: Organization) -> Deadline | None:
    """The promise that is due first of those that are open."""
    shortest: dict[bool, Clock] = {}  # of those on the same clock
    for _, rule in _rules(cycle, process):
        waits = _waits(rule, cycle)
        if waits in shortest and rule.hours >= shortest[waits].hours:
            continue
        if not _went_on(rule, cycle) and not _done(rule, cycle)[0]:
            shortest[waits] = rule
    return min((_due(rule, cycle, organization) for rule in shortest.values()), key=lambda due: due.due, default=None)


def cycle_of(case: Case) -> Cycle:
    """The cycle that runs. A ticket does not say since when it is Pending or Resolved: now, at the latest."""
    answers, status = case.answers(), case.ticket.status
    return Cycle(
        ticket=case.ticket,
        category=case.organization.category_of(case.ticket.type),
        began=case.began,
        first=answers[0].at if answers else None,
        answered=answers[-1].at if answers else None,
        pending=None if status == "Open" else case.now,
        resolved=case.now if status in OVER else None,
        critical=any(impact_of(case, issue) == "Critical" for issue in (None, *case.issues)),
    )


def update_due(process: Process, latest: datetime) -> datetime:
    """When the community is to hear of an incident again: it waits for no weekend."""
    return latest + timedelta(hours=process.clocks["update"].number)

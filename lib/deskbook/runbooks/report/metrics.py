"""Metrics of a period, from what lists tell of tickets; what they cannot tell is counted as such.

A list shows a ticket's first answer, its latest answer, and when it was last reopened, set to Pending and resolved. So
of a ticket that was reopened, the first cycle and the latest are known; each counts on its own clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import get_args

from deskbook.config.organization import Organization
from deskbook.config.process import Clock, Process
from deskbook.model.records import OVER, LoggedTime, Rating, TicketSummary
from deskbook.schedule.working_time import WorkingClock
from deskbook.tickets import promises as promised
from deskbook.tickets.next_step import is_ours
from deskbook.tickets.promises import Cycle, Verdict
from deskbook.tickets.stopwatch import OURS


@dataclass(frozen=True)
class Kept:
    """How often one promise was kept. `running` are not due yet; of `untold` ones lists do not tell."""

    name: str
    definition: str
    kept: int = 0
    missed: int = 0
    running: int = 0
    untold: int = 0

    @property
    def count(self) -> int:
        return self.kept + self.missed

    @property
    def share(self) -> float | None:
        return self.kept / self.count if self.count else None


def cycles(listed: Iterable[TicketSummary], organization: Organization) -> Iterator[Cycle]:
    """Every cycle that lists tell of, of tickets that needed a person."""
    for each in listed:
        if not needed_a_person(each, organization):
            continue
        ticket, category, again = each.ticket, organization.category_of(each.ticket.type), begun_again(each)
        # Also where mere thanks reopened it: when it was resolved before that, the helpdesk has forgotten.
        until = each.reopened or datetime.max.replace(tzinfo=ticket.created.tzinfo)
        told = (each.first_answer, each.answered, each.pending, each.resolved)
        first, answered, pending, resolved = (at if at and at < until else None for at in told)
        gone = each.reopened is not None
        yield Cycle(ticket, category, ticket.created, first, answered, pending, resolved, followed=gone)
        if again:
            _, answered, pending, resolved = (at if at and at >= until else None for at in told)
            yield Cycle(ticket, category, again, answered, answered, pending, resolved, latest_only=True)


def needed_a_person(each: TicketSummary, organization: Organization) -> bool:
    """Not what was closed without an answer and a type (noise), and not what waits for a representative's word."""
    ticket = each.ticket
    if not is_ours(ticket, organization) or organization.tags.waiting in ticket.tags:
        return False
    return bool(each.first_answer or ticket.type) or ticket.status not in OVER


def begun_again(each: TicketSummary) -> datetime | None:
    """When its latest cycle began; None where a reopened ticket was closed without an answer, as after mere thanks."""
    if each.reopened is None:
        return None
    answered = each.answered is not None and each.answered >= each.reopened
    return each.reopened if answered or each.ticket.status not in OVER else None


DONE = {
    "answered": "the first public answer of an agent came in time",
    "evaluated": "answered in time, and the ticket has a type and (but for a workshop) an agent today; lists do not tell since when",
    "moved-on": "a second answer, Pending or Resolved came in time",
    "resolved": "it was Resolved or Closed in time",
}


def promises(found: Iterable[Cycle], process: Process, organization: Organization, now: datetime) -> tuple[Kept, ...]:
    """How each promise on the working clock was kept, for the given cycles."""
    seen: Counter[tuple[str, Verdict]] = Counter()
    for cycle in found:
        seen.update((each.clock, each.verdict) for each in promised.of(cycle, process, organization, now))

    def kept(name: str, clock: Clock) -> Kept:
        counts = (seen[name, verdict] for verdict in get_args(Verdict))
        return Kept(clock.name, _definition(clock, organization), *counts)

    return tuple(kept(name, clock) for name, clock in process.clocks.items() if clock.until)


def _definition(clock: Clock, organization: Organization) -> str:
    without = "".join(f"no {organization.ticket_types[kind]}, and " for kind in clock.not_for)
    return f"{without}{DONE[clock.until or 'answered']}: {clock.span} from {clock.from_}"


def timeboxes(spent: Iterable[LoggedTime], start: datetime, end: datetime, process: Process, now: datetime) -> Kept:
    """Whether the minutes of each ticket and cycle stayed within the timebox, by the notes of our time entries."""
    limit = process.clocks["timebox"].number
    seconds: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[str, str], datetime] = {}
    by_hand = 0
    for each in spent:
        ours = OURS.search(each.entry.note[:1_000])
        if ours is None or int(ours[1]) != each.entry.ticket:
            by_hand += start <= each.at < end
            continue
        box = (ours[1], ours[2])
        seconds[box] += each.entry.lasted(now)
        latest[box] = max(each.at, latest.get(box, each.at))
    within = [box for box, at in latest.items() if start <= at < end]
    kept = sum(seconds[box] // 60 <= limit for box in within)
    words = f"one ticket took {process.clocks['timebox'].span} in one cycle at most; time booked by hand names no cycle"
    return Kept(process.clocks["timebox"].name, words, kept, len(within) - kept, untold=by_hand)


def resolving(found: Iterable[Cycle], organization: Organization, start: datetime, end: datetime) -> list[timedelta]:
    """How long cycles took that were resolved in this time, in hours that ticked."""
    clock = WorkingClock.of(organization.clock)
    return sorted(clock.ticked(c.began, c.resolved) for c in found if c.resolved and start <= c.resolved < end)


def middle(amounts: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(amount.total_seconds() for amount in amounts)) if amounts else None


LENGTHS: Mapping[str, float] = {"up to 1 day": 1, "up to 2 days": 2, "up to 5 days": 5, "up to 10 days": 10}
LONGER = "longer"


def lengths(amounts: Iterable[timedelta]) -> dict[str, int]:
    """How many took how many working days."""
    seen: Counter[str] = Counter()
    for amount in amounts:
        seen[next((name for name, days in LENGTHS.items() if amount <= timedelta(days=days)), LONGER)] += 1
    return {name: seen[name] for name in (*LENGTHS, LONGER)}


def reopened(listed: Iterable[TicketSummary], organization: Organization, start: datetime, end: datetime) -> int:
    """Tickets whose latest cycle after the first began in this time."""
    ours = (begun_again(each) for each in listed if needed_a_person(each, organization))
    return sum(1 for at in ours if at and start <= at < end)


def opinions(ratings: Iterable[Rating]) -> tuple[int, int, int]:
    """How many were content, neither, not content. Freshdesk's classic survey says 1, 2, 3 for them."""
    values = [rating.value for rating in ratings]
    content = sum(value == 1 or value > 100 for value in values)
    unhappy = sum(value == 3 or value < 0 for value in values)
    return content, len(values) - content - unhappy, unhappy

"""What a sweep knows before it reads a ticket: the queue, the time that was booked, and what the last one left."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from pydantic import AwareDatetime, ValidationError

from deskbook.config.loader import Frozen
from deskbook.config.organization import Hub, Organization
from deskbook.config.process import Process
from deskbook.errors import ServiceError
from deskbook.model.case import mentions
from deskbook.model.records import LoggedTime, TimeEntry
from deskbook.schedule.working_time import span
from deskbook.services.checks import MOST_OFF
from deskbook.services.ports import Desk
from deskbook.tickets.budgets import Budget, Budgets, budgets, month_of
from deskbook.tickets.left import AGAIN, NOTHING, Kept, recalled
from deskbook.tickets.next_step import View, is_ours
from deskbook.tickets.queue import Queue, read_queue

SKEW = timedelta(hours=1)  # clocks may differ by so much
TIME = "time"  # under which the memory has what was booked
HOLDS = timedelta(hours=6)
RUNNING = timedelta(days=30)  # how far back a stopwatch that still runs is looked for


class Spent(Frozen):
    """The time that was booked, as one sweep leaves it for the next."""

    at: AwareDatetime
    booked: tuple[LoggedTime, ...] | None


@dataclass(frozen=True)
class Facts:
    """From lists alone. `spent` is None where the helpdesk's plan keeps no time; `kept` is what the last sweep left;
    `down` are the hubs of new tickets that do not answer now; `begun` are the tickets that a run may have died at."""

    queue: Queue
    spent: tuple[LoggedTime, ...] | None = ()
    kept: Kept = NOTHING
    down: frozenset[str] = frozenset()
    begun: frozenset[int] = frozenset()
    ahead: timedelta = timedelta(0)  # how far the helpdesk's time is ahead of this machine's
    nights: tuple[str, ...] = ()  # what is to be known of runs that nobody watches, such as one that did not come
    announced: frozenset[str] = frozenset()  # of digests; whether one is there is asked when it is posted

    @property
    def subject(self) -> str:
        return self.queue.subject

    @property
    def process(self) -> Process:
        return self.queue.process

    @property
    def organization(self) -> Organization:
        return self.queue.organization

    @property
    def now(self) -> datetime:
        return self.queue.now

    @property
    def off(self) -> str:
        """What is wrong with this machine's clock; empty where it is right, or nearly."""
        if abs(self.ahead) <= MOST_OFF:
            return ""
        way = "behind" if self.ahead > timedelta(0) else "ahead of"
        return (
            f"the clock of the machine that sweeps is {span(abs(self.ahead))} {way} the helpdesk's. Deadlines are counted by "
            "the helpdesk's; let the machine keep its time by a time server"
        )

    def reread(self, desk: Desk) -> Facts:
        """The same: each ticket is read again before anything is written on it."""
        return self

    @cached_property
    def running(self) -> dict[int, list[TimeEntry]]:
        """The stopwatches that run, by their ticket."""
        found: dict[int, list[TimeEntry]] = {}
        for each in self.spent or ():
            if each.entry.running:
                found.setdefault(each.entry.ticket, []).append(each.entry)
        return found

    @cached_property
    def budgets(self) -> Budgets | None:
        """Of the communities of these tickets, in this month; None where the helpdesk keeps no time."""
        if self.spent is None:
            return None
        views = self.queue.views
        communities = views[0].communities if views else {}  # the same for all
        begin = month_of(self.now, self.organization.clock.zone)
        # A stopwatch that still runs may be forgotten, and count hours in which nobody worked.
        month = [each for each in self.spent if each.at >= begin and not each.entry.running]
        tickets = {view.ticket.id: view.ticket for view in views}
        return budgets(tuple(communities.values()), month, tickets, self.organization, self.now)

    @cached_property
    def low(self) -> dict[int, Budget]:
        """The budgets of which little is left, by the community's id."""
        share, rows = self.organization.budget.low_use_share, self.budgets.rows if self.budgets else ()
        return {row.community.id: row for row in rows if not row.community.own_funding and row.left < share * row.hours}

    @property
    def rules(self) -> str:
        """A fingerprint of process and organisation: under other rules, what was left undecided is looked at again."""
        said = self.process.model_dump_json() + self.organization.model_dump_json()
        return sha256(said.encode()).hexdigest()[:16]


def read(desk: Desk) -> Facts:
    """Lists alone: about one call for each hundred unfinished tickets, and one for each hundred bookings of the month.

    Beside them the hubs of new tickets are asked whether they answer: one may have gone down since the ticket was read.
    """
    found = read_queue(desk)
    kept = of_this_time(recalled(desk.memory), found.now)
    spent = _spent(desk, found.now)
    new = {item.ticket.id for item in found.items if item.runbook == "triage"}
    hubs = {hub.name: hub for view in found.views if view.ticket.id in new for hub in hubs_of(view)}
    down = frozenset(hub.name for hub in hubs.values() if desk.hubs.probe(hub).up is False)
    return Facts(found, spent, kept, down, frozenset(kept.begun), desk.helpdesk.ahead, desk.nights())


def begun_anywhere(desk: Desk, now: datetime) -> frozenset[int]:
    """Where a run may have died, if nothing was kept: at any ticket of ours that changed within a day, in any status."""
    found = desk.helpdesk.tickets_since(now - AGAIN)
    return frozenset(each.ticket.id for each in found if is_ours(each.ticket, desk.organization))


def _spent(desk: Desk, now: datetime) -> tuple[LoggedTime, ...] | None:
    """What was booked this month, as of some hours ago at most: budgets and forgotten stopwatches do not move by the hour."""
    with suppress(ValidationError):
        kept = Spent.model_validate(desk.memory.recall(TIME))
        if timedelta(0) <= now - kept.at < HOLDS:
            return kept.booked
    since = min(month_of(now, desk.organization.clock.zone), now - RUNNING)
    booked = desk.helpdesk.time_entries_since(since, now + timedelta(minutes=1))
    with suppress(ServiceError):  # it costs the next sweep some calls
        desk.memory.keep(TIME, Spent(at=now, booked=booked).model_dump(mode="json"))
    return booked


def of_this_time(kept: Kept, now: datetime) -> Kept:
    """What the last sweep left; nothing where that has not been yet, as in a sandbox that was begun anew."""
    return kept if kept.now and kept.now - now < SKEW else NOTHING


def hubs_of(view: View) -> tuple[Hub, ...]:
    """The hub that its field names, else those of its community."""
    ticket, hubs = view.ticket, view.organization.hubs
    named = tuple(hub for hub in hubs if ticket.hub_url and mentions(ticket.hub_url, hub.host))
    community = view.communities.get(ticket.community or 0)
    return named or tuple(hub for hub in hubs if community and hub.community == community.name)

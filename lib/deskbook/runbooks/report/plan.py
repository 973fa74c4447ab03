"""Planner of the report runbook: what is read for a period; it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.engine.builder import PlanBuilder
from deskbook.engine.plan import Finding, Plan
from deskbook.model.records import Community, LoggedTime, Page, Rating, TicketSummary
from deskbook.runbooks.report import metrics as figures
from deskbook.runbooks.report.decision import DAY, Decision, period
from deskbook.services.ports import Desk
from deskbook.tickets.budgets import BEFORE, Budgets, begin_of, budgets, by_id
from deskbook.tickets.next_step import Item
from deskbook.tickets.promises import Cycle
from deskbook.tickets.queue import read_queue

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "report.read": "reported",
}


@dataclass(frozen=True)
class Facts:
    """Everything a report leans on, from lists alone. `spent` and `ratings` are None where the plan has none."""

    process: Process
    organization: Organization
    now: datetime
    start: date
    end: date  # included
    tickets: tuple[TicketSummary, ...] = ()  # that changed since some weeks before the first day
    communities: tuple[Community, ...] = ()
    spent: tuple[LoggedTime, ...] | None = ()
    ratings: tuple[Rating, ...] | None = ()
    late: tuple[Item, ...] = ()  # now, whatever the period
    unread: tuple[Item, ...] = ()  # now: somebody has to look, and no clock of ours makes them late
    pages: tuple[Page, ...] = ()  # open at the pager now

    @property
    def subject(self) -> str:
        return f"{self.start} to {self.end}"

    def reread(self, desk: Desk) -> Facts:
        """The same: nothing is written that newer facts could speak against."""
        return self

    @property
    def since(self) -> datetime:
        return begin_of(self.start, self.organization.clock.zone)

    @property
    def until(self) -> datetime:
        """The first moment after the last day."""
        return begin_of(self.end + DAY, self.organization.clock.zone)

    def within(self, moment: datetime | None) -> bool:
        return moment is not None and self.since <= moment < self.until

    @cached_property
    def cycles(self) -> tuple[Cycle, ...]:
        return tuple(figures.cycles(self.tickets, self.organization))

    @cached_property
    def promises(self) -> tuple[figures.Kept, ...]:
        """Of the cycles that began in the period, and the timeboxes that ended in it."""
        begun = [cycle for cycle in self.cycles if self.within(cycle.began)]
        kept = figures.promises(begun, self.process, self.organization, self.now)
        if self.spent is None:
            return kept
        return (*kept, figures.timeboxes(self.spent, self.since, self.until, self.process, self.now))

    @cached_property
    def resolving(self) -> list[timedelta]:
        return figures.resolving(self.cycles, self.organization, self.since, self.until)

    @property
    def reopened(self) -> int:
        return figures.reopened(self.tickets, self.organization, self.since, self.until)

    @property
    def months(self) -> int:
        """How many calendar months the period touches: each brings its whole budget."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @cached_property
    def budgets(self) -> Budgets:
        spent = (each for each in self.spent or () if self.within(each.at))
        known = by_id(self.tickets)
        return budgets(self.communities, spent, known, self.organization, self.now, self.months)

    @property
    def incidents(self) -> tuple[TicketSummary, ...]:
        """Tickets of the type incident that came in the period."""
        found = (each for each in self.tickets if self.within(each.ticket.created))
        return tuple(each for each in found if self.organization.category_of(each.ticket.type) == "incident")

    @cached_property
    def weeks(self) -> dict[date, tuple[int, int]]:
        """How many cycles began and were resolved in each week, by its Monday."""
        zone, counts = ZoneInfo(self.organization.clock.zone), dict[date, tuple[int, int]]()
        monday = self.start - self.start.weekday() * DAY
        while monday <= self.end:
            counts[monday] = (0, 0)
            monday += 7 * DAY
        for cycle in self.cycles:
            for index, moment in enumerate((cycle.began, cycle.resolved)):
                if moment and self.within(moment):
                    day = moment.astimezone(zone).date()
                    came, went = counts[day - day.weekday() * DAY]
                    counts[day - day.weekday() * DAY] = (came + (index == 0), went + (index == 1))
        return counts


def read(desk: Desk, start: object = "", end: object = "") -> Facts:
    """What lists tell of the period, and what is late now; about one call per hundred tickets."""
    communities = desk.helpdesk.communities()  # first: the sandbox tells the time with its answers
    now = desk.helpdesk.now()
    first, last = period(desk.organization, now, start, end)
    zone = desk.organization.clock.zone
    queue = read_queue(desk, since=begin_of(first, zone) - BEFORE, communities=communities)
    tickets = queue.touched
    if not (start or end) and (newer := newest(tickets, desk.organization, first, last)):
        first, last = period(desk.organization, now, newer, "")
    since, until = begin_of(first, zone), begin_of(last + DAY, zone)
    items = queue.items
    return Facts(
        process=desk.process,
        organization=desk.organization,
        now=now,
        start=first,
        end=last,
        tickets=tickets,
        communities=communities,
        spent=desk.helpdesk.time_entries_since(since - BEFORE, until),  # a timebox may have begun before
        ratings=desk.helpdesk.ratings_since(since, until),
        late=tuple(item for item in items if item.late),
        unread=tuple(item for item in items if item.due_at is None and not item.waits),
        pages=desk.pager.open_pages(),
    )


def newest(tickets: Sequence[TicketSummary], organization: Organization, first: date, last: date) -> date | None:
    """The first day of the newest month in which a cycle began; None where one began in these days, or none at all did."""
    zone = ZoneInfo(organization.clock.zone)
    days = {cycle.began.astimezone(zone).date() for cycle in figures.cycles(tickets, organization)}
    if not days or any(first <= day <= last for day in days):
        return None
    return max(days).replace(day=1)


def assess(facts: Facts, decision: Decision | None = None) -> tuple[figures.Kept, ...]:
    """Which promises were kept in the period."""
    return facts.promises


def plan(facts: Facts, decision: Decision | None = None) -> Plan:
    """A report has been read; there is nothing to carry out."""
    builder = PlanBuilder(facts, decision or Decision(facts.start, facts.end))
    late = len(facts.late)
    told = f"{len([c for c in facts.cycles if facts.within(c.began)])} cycles began, {late} tickets are late now"
    builder.findings.append(Finding("report.read", "reported", told))
    if late:
        builder.ask(f"{late} tickets are late now, first of them {facts.late[0].ticket.id}: run deskbook due.")
    return builder.finish(plan, {})

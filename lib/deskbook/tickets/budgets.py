"""Support budgets: how many hours each community has a month, what it used of them, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from deskbook.config.organization import Organization
from deskbook.model import light
from deskbook.model.records import Community, LoggedTime, Ticket, TicketSummary
from deskbook.schedule.working_time import span

# Booking time does not touch a ticket, and only the ticket tells of an incident: so tickets are read from before, too.
BEFORE = timedelta(days=31)


@light.dataclass(frozen=True, slots=True)
class Budget:
    """One community's hours. `seconds` draw on them, `free` do not; `own` tells whether the hours are its own figure.

    `months` is how many months' hours `hours` is: 1, or more in a report about a longer time.
    """

    community: Community
    hours: float
    own: bool
    seconds: int = 0
    free: int = 0

    @property
    def used(self) -> float:
        """Hours drawn on the budget."""
        return self.seconds / 3600

    @property
    def left(self) -> float:
        """Hours that are left; none when more was used than there was."""
        return max(0.0, self.hours - self.used)

    @property
    def used_up(self) -> bool:
        return self.used >= self.hours

    @property
    def share(self) -> float | None:
        """Which part is used; None of a budget of no hours."""
        return self.used / self.hours if self.hours else None


@dataclass(frozen=True)
class Budgets:
    """All communities' budgets, by name. `unplaced` seconds were spent for nobody whom a list tells."""

    rows: tuple[Budget, ...]
    unplaced: int = 0

    def of(self, community: int) -> Budget | None:
        return self._by_community.get(community)

    @cached_property
    def _by_community(self) -> dict[int, Budget]:
        return {row.community.id: row for row in self.rows}


def budgets(
    communities: Sequence[Community],
    spent: Iterable[LoggedTime],
    tickets: Mapping[int, Ticket],
    organization: Organization,
    now: datetime,
    months: int = 1,
) -> Budgets:
    """Who used how much. An incident's minutes draw on nothing, and all cycles of a ticket add up."""
    drawn: dict[int, int] = {}
    free: dict[int, int] = {}
    unplaced = 0
    known = {community.id for community in communities}
    for each in spent:
        ticket = tickets.get(each.entry.ticket)
        whose = (ticket.community if ticket else None) or each.community
        if whose is None or whose not in known:
            unplaced += each.entry.lasted(now)
            continue
        incident = ticket is not None and organization.category_of(ticket.type) == "incident"
        side = drawn if each.entry.billable and not incident else free
        side[whose] = side.get(whose, 0) + each.entry.lasted(now)
    rows = []
    for community in sorted(communities, key=lambda one: (one.name.casefold(), one.id)):
        own = community.budget_hours is not None
        hours = community.budget_hours if community.budget_hours is not None else organization.budget.hours_per_month
        rows.append(Budget(community, hours * months, own, drawn.get(community.id, 0), free.get(community.id, 0)))
    return Budgets(tuple(rows), unplaced)


def by_id(*lists: Iterable[TicketSummary]) -> dict[int, Ticket]:
    """The tickets of several lists by number; a later list has the newer word."""
    return {each.ticket.id: each.ticket for found in lists for each in found}


def month_of(moment: datetime, zone: str) -> datetime:
    """When the calendar month of that moment began, in that zone."""
    day = moment.astimezone(ZoneInfo(zone)).date().replace(day=1)
    return begin_of(day, zone)


def begin_of(day: date, zone: str) -> datetime:
    """The first moment of a day there."""
    return datetime.combine(day, time(0), ZoneInfo(zone))


def hours(amount: float) -> str:
    """`2 h`, `45 min`: to the minute below."""
    return span(timedelta(hours=amount))

"""Rank requests that are no incident: eight rules in turn, and the first that holds gives an issue its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.model.records import Issue, Ticket
from deskbook.tickets.budgets import Budget, Budgets, hours
from deskbook.tickets.classification import IMPACTS
from deskbook.tickets.issue_form import SUPPORT, read
from deskbook.tickets.sprint import given_in, impact_on, last_of

# What each rule says. People decide on it, so a table names the rule and the reason of every line.
RULES = (
    "work with its own funding",
    "many communities gain",
    "fits goals we already have",
    "fits goals of an upstream project",
    "its community has used little of its budget",
    "one community gains a lot",
    "anything else",
    "no budget left",
)
MOST_NAMED = 3  # communities in one cell


@dataclass(frozen=True)
class Request:
    """An issue that waits for its turn, with what lists tell of the tickets and communities behind it."""

    issue: Issue
    tickets: tuple[Ticket, ...]  # those linked that the helpdesk's lists show
    budgets: tuple[Budget, ...]  # of their communities
    category: str  # our word for the kind of ticket, event for an event's issue, or unknown
    impact: str  # empty where nobody has said
    estimate: str  # empty where nobody has said
    given: int | None  # the iteration in which somebody has it, or had it
    last: int | None  # the last iteration of that

    @property
    def ahead(self) -> str:
        """Why it does not wait for its turn at all; empty where it does."""
        if self.category == "incident":
            return "an incident goes ahead of everything"
        return "critical: it is worked on at once, outside of this order" if self.impact == "Critical" else ""

    @property
    def named(self) -> str:
        names = [budget.community.name for budget in self.budgets]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        return ", ".join(names[:MOST_NAMED]) + more or "not known"

    @property
    def funding(self) -> str:
        """Who pays: its own funding, or how much is left of each budget."""
        if not self.budgets:
            return "not known"
        told = (
            "its own" if budget.community.own_funding else f"{hours(budget.left)} of {hours(budget.hours)} left"
            for budget in self.budgets[:MOST_NAMED]
        )
        return "; ".join(dict.fromkeys(told))


@dataclass(frozen=True)
class Ranked:
    """A request in its place. `rule` counts from 1."""

    request: Request
    rule: int
    because: str


def request_of(
    issue: Issue, known: dict[int, Ticket], budgets: Budgets, process: Process, organization: Organization
) -> Request:
    """What is known of an issue. Its kind is its tickets', else what its form says."""
    tickets = tuple(known[number] for number in issue.about if number in known)
    ids = dict.fromkeys(ticket.community for ticket in tickets if ticket.community)
    board = {name.lower(): value for name, value in (issue.board or {}).items()}
    given = given_in(issue, organization)
    return Request(
        issue=issue,
        tickets=tickets,
        budgets=tuple(budget for one in ids if (budget := budgets.of(one))),
        category=_category(issue, tickets, organization),
        impact=impact_on(issue, organization),
        estimate=board.get(organization.priorities.estimate.lower(), ""),
        given=given,
        last=last_of(given, process) if given else None,
    )


def order(requests: Sequence[Request], organization: Organization, *, budgets_known: bool) -> tuple[Ranked, ...]:
    """Every request that waits for its turn; within a rule by impact, then the simpler first, then the older."""
    found = [Ranked(request, *place(request, organization, budgets_known)) for request in requests if not request.ahead]

    def turn(ranked: Ranked) -> tuple[object, ...]:
        request = ranked.request
        impact = IMPACTS.index(request.impact) if request.impact else -1
        return (ranked.rule, -impact, _size(request.estimate), request.issue.created, request.issue.number)

    return tuple(sorted(found, key=turn))


def place(request: Request, organization: Organization, budgets_known: bool) -> tuple[int, str]:
    """The first rule that holds, from 1, and why. A used-up budget passes over the rules below the fourth."""
    return next(_rules(request, organization, budgets_known))


def _rules(request: Request, organization: Organization, budgets_known: bool) -> Iterator[tuple[int, str]]:
    labels, budgets = organization.priorities.labels, request.budgets
    paying = [budget.community.name for budget in budgets if budget.community.own_funding]
    if paying:
        yield 1, f"{paying[0]} pays for its own work"
    for rule, signs in ((2, labels.many), (3, labels.goal), (4, labels.upstream)):
        if sign := _sign(request.issue, signs):
            yield rule, f"the issue says '{sign}'"
    if budgets_known and budgets:
        if all(budget.used_up for budget in budgets):
            yield 8, f"used up this month: {'; '.join(_use(budget) for budget in budgets[:MOST_NAMED])}"
        low = organization.budget.low_use_share
        thrifty = [budget for budget in budgets if budget.share is not None and budget.share < low]
        if thrifty:
            yield 5, f"under {low:.0%} used this month: {_use(thrifty[0])}"
    if request.impact == "High":
        yield 6, "its impact is High"
    yield 7, "no rule above holds" if budgets else "no ticket of its community is known, and no label says more"


def _use(budget: Budget) -> str:
    return f"{budget.community.name}, {hours(budget.used)} of {hours(budget.hours)}"


def _sign(issue: Issue, signs: Sequence[str]) -> str:
    """The first of these that is a label of the issue or a value on the board."""
    said = {words.casefold() for words in (*issue.labels, *(issue.board or {}).values())}
    return next((sign for sign in signs if sign.casefold() in said), "")


def _category(issue: Issue, tickets: Sequence[Ticket], organization: Organization) -> str:
    kinds = {kind for ticket in tickets if (kind := organization.category_of(ticket.type))}
    for kind in ("incident", "change", "workshop", "broken", "guidance"):
        if kind in kinds:
            return kind
    if organization.tracker.event_label in issue.labels:
        return "workshop"
    said = read(SUPPORT, issue.body).get("request_type", "")
    return next((kind for kind, name in organization.request_types.model_dump().items() if name == said), "unknown")


def _size(estimate: str) -> float:
    return float(estimate) if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,3})?", estimate) else float("inf")

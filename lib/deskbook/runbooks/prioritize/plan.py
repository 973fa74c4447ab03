"""Planner of the prioritize runbook: rank requests before a planning, ask the leads, and give what the meeting gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import ClassVar
from zoneinfo import ZoneInfo

from deskbook.config.organization import Organization, Person
from deskbook.config.process import Process
from deskbook.engine.builder import PlanBuilder
from deskbook.engine.parameters import whole
from deskbook.engine.plan import Finding, Plan
from deskbook.errors import ParameterError
from deskbook.language.text import shorten
from deskbook.model.records import Community, Issue, LoggedTime, Ticket
from deskbook.runbooks.prioritize import assignments as giving
from deskbook.runbooks.prioritize.decision import Decision, decide
from deskbook.runbooks.prioritize.ranking import Ranked, Request, order, request_of
from deskbook.schedule.working_time import iteration, iteration_dates
from deskbook.services.ports import Desk
from deskbook.tickets.budgets import BEFORE, Budgets, begin_of, budgets, by_id, month_of
from deskbook.tickets.sprint import LAST_ITERATION

LEADS = ("project-manager", "product-lead")
AHEAD = 4  # iterations beyond the running one; a higher number is a slip of the pen
REFERENCE = "0-1-prioritize.ask"  # no ticket has the number 0: the question is about the issue itself

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "prioritize.rank": "ranked",
    "prioritize.ask": "asked none nobody",
    "prioritize.give": "given later",
}


@dataclass(frozen=True)
class Backlog:
    """What is known before a planning, from lists alone. `spent` is None where the helpdesk keeps no time."""

    process: Process
    organization: Organization
    now: datetime
    iteration: int
    issues: tuple[Issue, ...]
    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    communities: tuple[Community, ...] = ()
    spent: tuple[LoggedTime, ...] | None = ()
    marks: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # our references in comments, by issue

    @property
    def subject(self) -> str:
        return f"iteration {self.iteration}"

    def reread(self, desk: Desk) -> Backlog:
        return read(desk, self.iteration)

    @property
    def running(self) -> int:
        """The iteration of today."""
        return _running(self.organization, self.now)

    @cached_property
    def budgets(self) -> Budgets:
        return budgets(self.communities, self.spent or (), self.tickets, self.organization, self.now)

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        known, found = dict(self.tickets), self.budgets
        return tuple(request_of(issue, known, found, self.process, self.organization) for issue in self.issues)


def read(desk: Desk, iteration: object = 0) -> Backlog:
    """The open issues, their tickets, and this month's time: about one call per hundred of each."""
    communities = desk.helpdesk.communities()  # first: the sandbox tells the time with its answers
    organization, now = desk.organization, desk.helpdesk.now()
    start = month_of(now, organization.clock.zone)
    end = begin_of((start + timedelta(days=31)).date().replace(day=1), organization.clock.zone)
    listed = desk.helpdesk.queue(desk.memory, start - BEFORE)
    found = Backlog(
        process=desk.process,
        organization=organization,
        now=now,
        iteration=_chosen(organization, now, iteration),
        issues=desk.tracker.tracked(),
        tickets=by_id(listed.touched, listed.tickets),
        communities=communities,
        spent=desk.helpdesk.time_entries_since(start, end),
    )
    questions = [request.issue.number for request in unplanned_changes(found)]
    return replace(found, marks=desk.tracker.marked(questions)) if questions else found


def assess(found: Backlog, decision: Decision | None = None) -> tuple[Ranked, ...]:
    """The requests in the order of work, each with its place and why."""
    return order(found.requests, found.organization, budgets_known=found.spent is not None)


def plan(found: Backlog, decision: Decision | None = None) -> Plan:
    """Ask the leads about every change request that no sprint has, and give what the meeting gave."""
    decision = decision or decide(found)
    given, board = decision.give, found.organization.tracker.board is not None
    giving.check(given, found.requests, found.iteration, found.running, board)
    taken = {one.issue for one in given}
    changes = tuple(request for request in unplanned_changes(found) if request.issue.number not in taken)
    places, people = assess(found), leads(found.organization)
    findings = [_ranked(found, places), _asked(changes, people), _given(given, found.iteration)]
    questions = [_question(found, request, people) for request in changes] if people else []
    builder = PlanBuilder(found, decision, findings)
    for action in (*questions, *giving.actions(given, found.requests, found.iteration, board)):
        builder.do(action)
    for need in (*_needs(people, questions), *giving.doubts(given, found.requests, found.iteration, found.running)):
        builder.ask(need)
    return builder.finish(lambda newer: plan(newer, decision), {})


def unplanned_changes(found: Backlog) -> tuple[Request, ...]:
    """Change requests that nobody has in the running sprint or a later one, oldest first."""
    return tuple(
        request
        for request in found.requests
        if request.category == "change" and not request.ahead and (request.last or 0) < found.running
    )


def leads(organization: Organization) -> tuple[Person, ...]:
    """Who is asked. Where one seat is vacant, the other alone; who has both is asked once."""
    people = (person for role in LEADS for person in organization.with_role(role))
    return tuple({person.mail.lower(): person for person in people}.values())


@dataclass(frozen=True)
class Question:
    """A comment on a change request's issue that asks the leads, once for all plannings.

    It names no community and no budget: others can read the tracker.
    """

    effect: ClassVar[str] = "comment"
    key: str
    issue: int
    body: str
    title: str = field(compare=False)

    def sentence(self) -> str:
        return f"Ask on issue {self.issue}: {shorten(self.title, 60)}"

    def landed(self, found: Backlog) -> str | None:
        return f"comment on issue {self.issue}" if REFERENCE in found.marks.get(self.issue, ()) else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        marks = desk.tracker.marked([self.issue])  # a colleague may have ranked at the same moment
        if REFERENCE not in marks.get(self.issue, ()):
            desk.tracker.comment_once(self.issue, self.body, REFERENCE)
        return f"comment on issue {self.issue}"


def _ranked(found: Backlog, places: tuple[Ranked, ...]) -> Finding:
    waiting = f"{len(places)} requests in order" if len(places) != 1 else "one request"
    apart = len(found.requests) - len(places)
    return Finding("prioritize.rank", "ranked", f"{waiting}{f', {apart} go ahead of it' if apart else ''}")


def _asked(changes: tuple[Request, ...], people: tuple[Person, ...]) -> Finding:
    step = "prioritize.ask"
    if not changes:
        return Finding(step, "none", "no change request waits for a sprint")
    if not people:
        return Finding(step, "nobody", "both leads' seats are vacant")
    names = " and ".join(person.name for person in people)
    return Finding(step, "asked", f"{names}, about {len(changes)} change request{'s' if len(changes) > 1 else ''}")


def _given(given: tuple[giving.Assignment, ...], iteration: int) -> Finding:
    step = "prioritize.give"
    if not given:
        return Finding(step, "later", "nothing is given yet")
    return Finding(step, "given", f"{', '.join(f'{g.issue} to {g.name}' for g in given)}, in iteration {iteration}")


def _question(found: Backlog, request: Request, people: tuple[Person, ...]) -> Question:
    labels = found.organization.priorities.labels
    first, _ = iteration_dates(found.organization.sprint, found.iteration)
    signs = [f"`{names[0]}`" for names in (labels.many, labels.goal, labels.upstream) if names]
    said = f" If so, please label it {', '.join(signs)}." if signs else ""
    body = (
        f"{' '.join(f'@{p.login}' if p.login else p.name for p in people)}: this change request waits for its place "
        f"in the order of work. The planning of iteration {found.iteration} is on {first:%d %B %Y}.\n\n"
        "What do you advise? Do many communities gain from it, does it fit goals we already have, or goals of an "
        f"upstream project?{said}\n\n<!-- Ref {REFERENCE} -->"
    )
    number = request.issue.number
    return Question(f"prioritize.ask#{number}", number, body, request.issue.title)


def _needs(people: tuple[Person, ...], questions: list[Question]) -> tuple[str, ...]:
    if not people:
        return ("Nobody is project manager or product lead: the planning meeting decides without their advice.",)
    silent = [person.name for person in people if not person.login]
    if questions and silent:
        return (f"{' and '.join(silent)} has no tracker login in organization.yaml: tell them where they are asked.",)
    return ()


def _chosen(organization: Organization, now: datetime, value: object) -> int:
    """The iteration that is meant; the next one for 0. ParameterError for one that is over."""
    running, number = _running(organization, now), whole("iteration", value, LAST_ITERATION)
    if number and number < running:
        raise ParameterError(f"iteration: {number} is over; use {running}, a later one, or 0 for the next")
    if number > running + AHEAD:
        raise ParameterError(
            f"iteration: {number} is too far ahead to be planned; use {running} to {running + AHEAD}, or 0 for the next"
        )
    return number or running + 1


def _running(organization: Organization, now: datetime) -> int:
    return iteration(organization.sprint, today(organization, now))


def today(organization: Organization, now: datetime) -> date:
    return now.astimezone(ZoneInfo(organization.clock.zone)).date()

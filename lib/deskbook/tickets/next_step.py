"""What comes next on one ticket of the queue, by whom and until when, from what lists tell of it.

A list tells when each side last wrote, never what was said. Where only the ticket itself could tell, the reason says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deskbook.config.organization import Category, Organization
from deskbook.config.process import Process, Step
from deskbook.errors import ParameterError
from deskbook.model import light
from deskbook.model.records import Agent, Community, Issue, Ticket, TicketSummary
from deskbook.schedule.working_time import (
    Deadline,
    WorkingClock,
    deadline,
    iteration,
    iteration_dates,
    next_planning,
    spell,
)
from deskbook.tickets import promises
from deskbook.tickets import sprint as sprints

SOURCES = ("Email", "Feedback Widget", "Portal")  # the ways in by which a support request comes
OURS, THEIRS, SILENT = 0, 1, 2  # who has the next word; silent: perhaps nobody


@light.dataclass(frozen=True, slots=True)
class Item:
    """What comes next on one ticket. `mails` are the people who look after that step; `because` is one sentence."""

    ticket: Ticket
    step: str  # its id in the process
    runbook: str
    title: str  # of the step
    role: str
    who: str
    mails: tuple[str, ...]
    what: str
    because: str
    due: Deadline | None = None  # where a working clock counts; sprints and incidents have a moment only
    due_at: datetime | None = None
    late: bool = False
    critical: bool = False
    turn: int = OURS
    proposed: str = ""  # the command that has done what a sweep proposed
    does: str = ""  # what that is

    @property
    def waits(self) -> bool:
        """Nothing is to be done by us now, unless it is late."""
        return self.turn != OURS and not self.late

    @property
    def command(self) -> str:
        return f"deskbook run {self.runbook} ticket_id={self.ticket.id}"


@light.dataclass(frozen=True, slots=True)
class View:
    """One ticket with all that the rules look at. `common` has what was worked out once for all tickets of a queue.

    What most rules ask is worked out as a view is made: there are thousands, and each is looked at by several rules.
    """

    listed: TicketSummary
    issues: tuple[Issue, ...]
    process: Process
    organization: Organization
    communities: Mapping[int, Community]
    agents: Mapping[int, Agent]
    now: datetime
    announced: frozenset[str] | None = None  # references in the chat; None where it was not or cannot be read
    common: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    ticket: Ticket = field(init=False, compare=False, repr=False)
    began: datetime = field(init=False, compare=False, repr=False)  # when this cycle did
    again: bool = field(init=False, compare=False, repr=False)  # whether it is not the first
    answered: datetime | None = field(init=False, compare=False, repr=False)  # our latest answer in this cycle
    issue: Issue | None = field(init=False, compare=False, repr=False)  # the ticket's own
    critical: bool = field(init=False, compare=False, repr=False)  # whether that one is open, and critical

    def __post_init__(self) -> None:
        listed = self.listed
        created = listed.ticket.created
        again = _reopened(listed)
        began = listed.reopened if again and listed.reopened else created
        answered = listed.answered or listed.first_answer
        derived = object.__setattr__
        derived(self, "ticket", listed.ticket)
        derived(self, "began", began)
        derived(self, "again", again)
        derived(self, "answered", answered if answered and (not again or answered > began) else None)
        issue = self._issue() if self.issues else None
        derived(self, "issue", issue)
        derived(self, "critical", issue is not None and issue.state == "open" and self._critical(issue))

    @property
    def category(self) -> Category | None:
        return self.organization.category_of(self.listed.ticket.type)

    @property
    def agent(self) -> Agent | None:
        return self.agents.get(self.ticket.agent) if self.ticket.agent is not None else None

    @property
    def told(self) -> bool:
        """Whether the helpdesk said when anybody wrote; for tickets untouched for long it does not."""
        return self.listed.changed is not None

    @property
    def answered_once(self) -> bool:
        """Whether one answer is all there was; of a later cycle lists tell the latest answer alone."""
        return self.answered is not None and (self.again or self.listed.first_answer in (None, self.answered))

    def _issue(self) -> Issue | None:
        """Rather one that names us, an open one, the newest. An older cycle's closed one is none."""
        live = [i for i in self.issues if i.state == "open" or not self.again or i.created > self.began]

        def rank(issue: Issue) -> tuple[bool, bool, int]:
            return any(r.startswith(f"{self.ticket.id}-") for r in issue.refs), issue.state == "open", issue.number

        return max(live, key=rank, default=None)

    def _critical(self, issue: Issue) -> bool:
        """By the board or by the form: the higher stands."""
        told: str = self.once(("impact", issue.number), lambda: sprints.impact_on(issue, self.organization))
        return told == "Critical"

    @property
    def asked(self) -> bool:
        """Whether it is marked as waiting for a representative's word."""
        return self.ticket.status == "Open" and self.organization.tags.waiting in self.ticket.tags

    @property
    def rests(self) -> bool:
        """Whether it waits for their word, or lists tell too little of it: then no promise of ours is counted."""
        status = self.ticket.status
        return status == "Resolved" or self.asked or (status == "Open" and not self.told)

    @property
    def promise(self) -> Deadline | None:
        """The promise that is due first, of those that are open."""
        if self.rests or not self.told:
            return None
        cycle = promises.Cycle(
            ticket=self.ticket,
            category=self.category,
            began=self.began,
            first=self.answered if self.answered_once or self.again else self.listed.first_answer,
            answered=self.answered,
            pending=self.listed.pending or self.now if self.ticket.waits else None,
            resolved=None,
            latest_only=self.again,
            critical=self.critical,
        )
        return promises.next_due(cycle, self.process, self.organization)

    @property
    def today(self) -> date:
        """The day in the clock's zone; the first of all sprints before there were any."""
        day: date = self.once("today", self._today)
        return day

    def _today(self) -> date:
        here = self.now.astimezone(ZoneInfo(self.organization.clock.zone))
        return max(self.organization.sprint.first, here.date())

    def once(self, name: object, work: Callable[[], Any]) -> Any:
        """What is the same for all tickets of a queue."""
        if name not in self.common:
            self.common[name] = work()
        return self.common[name]

    def replied_since(self, *moments: datetime | None) -> bool:
        replied = self.listed.replied
        return replied is not None and all(replied > moment for moment in (*moments, self.ticket.created) if moment)

    def spelled(self, moment: datetime) -> str:
        return spell(moment, self.organization.clock.zone)

    def item(
        self,
        step: str,
        what: str,
        because: str,
        *,
        who: str = "",
        mails: tuple[str, ...] = (),
        turn: int = OURS,
        at: datetime | None = None,
        promise: Deadline | None = None,
    ) -> Item:
        """What comes next: due `at` its own moment, or when a promise is, whichever comes first."""
        known, role = self.once(step, lambda: self._step(step))
        name, found = (who, mails) if who or mails else self.holder(known.role)
        promise = promise or self.promise
        if at and promise and at <= promise.due:
            promise = None
        return Item(
            ticket=self.ticket,
            step=step,
            runbook=known.runbook,
            title=known.title,
            role=role,
            who=name or role,
            mails=mails or found,
            what=what,
            because=f"{because}.",
            due=promise,
            due_at=promise.due if promise else at,
            late=promise.late(self.now) if promise else at is not None and self.now > at,
            critical=not self.rests and self.critical,
            turn=turn,
        )

    def _step(self, step: str) -> tuple[Step, str]:
        known = self.process.step(step)
        return known, self.process.roles[known.role].name

    def holder(self, role: str) -> tuple[str, tuple[str, ...]]:
        """Who has a step of that role on this ticket: its agent, or the one person of that role, or the role."""
        held: tuple[str, tuple[str, ...]]
        if role == "agent" and (agent := self.agent):
            held = self.once(("holder", agent.id), lambda: (agent.name, (agent.mail,)))
        else:
            role = "triager" if role == "agent" else role  # until somebody has it, it is the Triager's
            held = self.once(("holder", role), lambda: self._holder(role))
        return held

    def _holder(self, role: str) -> tuple[str, tuple[str, ...]]:
        people = self.process.holders(role, self.organization)
        name = people[0].name if len(people) == 1 else self.process.roles[role].name
        return name, tuple(person.mail for person in people)


def _reopened(listed: TicketSummary) -> bool:
    """Whether a later cycle runs. The helpdesk forgets when a ticket was resolved once it is open again."""
    reopened, resolved = listed.reopened, listed.resolved
    return bool(reopened and reopened > listed.ticket.created and (resolved is None or resolved <= reopened))


def is_ours(ticket: Ticket, organization: Organization) -> bool:
    of_group = ticket.group in (None, organization.support.group)
    return of_group and ticket.source in SOURCES and not (ticket.spam or ticket.deleted)


def next_of(view: View) -> Item | None:
    status = view.ticket.status
    if status == "Resolved":
        return _resolved(view)
    if status == "Closed":
        return None
    if view.asked:
        return _waiting(view)
    if not view.told and status == "Open":
        return _forgotten(view)
    if status == "Open" and view.again and view.answered is None:
        return _returned(view)
    if view.category == "incident":
        return _incident(view) if view.told else _forgotten(view)
    issue = view.issue
    if issue and view.critical and not issue.assignees:
        return _nobody(view, issue)
    return _pending(view, issue) if view.ticket.waits else _open(view, issue)


def _nobody(view: View, issue: Issue) -> Item:
    """What is critical and has nobody: somebody is found, or the manager was asked and finds them."""
    because = "It is critical and has nobody"
    if view.announced is None:
        because += "; whether the manager was asked, the ticket itself tells"
        return view.item("escalate.ping", f"Find somebody for issue #{issue.number}", because)
    asked = re.compile(rf"Ref {view.ticket.id}-{r'(?!1-)' if view.again else ''}\d+-escalate\.manager")
    if not any(asked.fullmatch(ref) for ref in view.announced):
        return view.item("escalate.ping", f"Find somebody for issue #{issue.number}", because)
    name, mails = view.holder("manager")
    what = f"Wait for {name}, who finds somebody for issue #{issue.number}"
    return view.item("escalate.manager", what, f"{because}; {name} was asked", who=name, mails=mails, turn=THEIRS)


def _waiting(view: View) -> Item:
    asked = view.listed.answered
    community = view.communities.get(view.ticket.community or 0)
    names = ", ".join(community.listed) if community and community.listed else "the representatives"
    if asked and view.replied_since(asked):
        return view.item(
            "triage.authorise",
            "Read the answer",
            f"Somebody wrote on {view.spelled(view.listed.replied or asked)}, after we asked {names}",
        )
    since = f"They were asked on {view.spelled(asked)}" if asked else "It is marked as waiting for approval"
    mails = view.holder("triager")[1]
    return view.item("triage.authorise", "Wait for their word", since, who=names, mails=mails, turn=THEIRS)


def _forgotten(view: View) -> Item:
    step = "timebox.evaluate" if view.agent else "triage.watch"
    since = f"Arrived on {view.spelled(view.began)}"
    return view.item(step, "Look at it", f"{since}, and untouched for so long that the helpdesk's lists tell no more")


def _returned(view: View) -> Item:
    """It is reopened, perhaps by the helpdesk at whatever reply: resolve reads the reply, and records the new cycle."""
    since = f"Reopened on {view.spelled(view.began)}; we have not answered"
    at = promises.update_due(view.process, view.began) if view.category == "incident" else None
    return view.item("resolve.reopen", "Read why it came back; mere thanks are closed", since, at=at)


def _incident(view: View) -> Item:
    """Lists do not tell whether it was declared: a single answer is taken for the acknowledgement."""
    last = view.answered
    at = promises.update_due(view.process, last or view.began)
    rule = f"During an incident they hear from us every {view.process.clocks['update'].span}"
    if last and (view.again or not view.answered_once):
        return view.item("incident.update", "Tell them how it stands", f"{rule}; last on {view.spelled(last)}", at=at)
    heard = f"one answer, on {view.spelled(last)}" if last else f"nothing since {view.spelled(view.began)}"
    return view.item("incident.validate", "Reproduce it, declare it, tell them", f"{rule}; so far {heard}", at=at)


def _open(view: View, issue: Issue | None) -> Item:
    workshop = view.category == "workshop"
    since = f"{'Reopened' if view.again else 'Arrived'} on {view.spelled(view.began)}"
    if workshop and view.answered is None:  # triage neither assigns nor acknowledges it: its type is all it leaves
        what = "Gather the facts and open the event issue"
        return view.item("workshop.intake", what, f"{since}; we have not answered")
    if view.answered is None or (view.agent is None and not workshop):
        missing = "we have not answered" if view.answered is None else "we answered, but nobody has it"
        return view.item("triage.watch", "Triage it", f"{since}; {missing}")
    wrote = view.replied_since(view.answered)
    again = f"The requester wrote again on {view.spelled(view.listed.replied or view.now)}" if wrote else ""
    if workshop:
        what = "Read what they add" if wrote else "Gather the facts and open the event issue"
        return view.item(
            "workshop.intake", what, again or f"Answered on {view.spelled(view.answered)}; not planned yet"
        )
    if view.category is None:
        known = f"Its type '{view.ticket.type}' is none of ours" if view.ticket.type else "It has no type yet"
        return view.item("triage.categorise", "Decide what it is", f"{known}; {again}" if wrote else known)
    current = issue is not None and issue.state == "open" and not (view.again and issue.created < view.began)
    if issue and current and wrote:
        return view.item(
            "timebox.evaluate", "Read it, then make it Pending again", f"{again}; issue #{issue.number} tracks it"
        )
    if issue and current:
        because = f"Issue #{issue.number} tracks it, but the ticket is not Pending"
        return view.item("timebox.link", "Link the issue and tell them", because)
    if issue and issue.state == "closed":
        return view.item("resolve.work", "Tell them", f"Issue #{issue.number} is closed")
    said = (
        "we told them that it arrived; what happens next is owed"
        if view.answered_once
        else f"latest answer on {view.spelled(view.answered)}"
    )
    return view.item("timebox.work", "Read it and work on it" if wrote else "Work on it", f"{again or since}; {said}")


def _pending(view: View, issue: Issue | None) -> Item:
    workshop = view.category == "workshop"
    if view.replied_since(view.listed.answered, view.listed.pending):
        step = "workshop.intake" if workshop else "timebox.evaluate"
        return view.item(
            step, "Open it and read the reply", f"They replied on {view.spelled(view.listed.replied or view.now)}"
        )
    if issue is None:
        step = "workshop.intake" if workshop else "timebox.track"
        return view.item(step, "Look at it", f"It is {view.ticket.status}, and no issue links to it")
    if issue.state == "closed":
        return view.item("resolve.work", "Tell them", f"Issue #{issue.number} is closed")
    planning = view.once("planning", lambda: _planning(view))
    if workshop and view.organization.tracker.event_label in issue.labels:
        what = f"Plan the event (next planning {planning})"
        return view.item("workshop.plan", what, f"Issue #{issue.number} describes it", turn=THEIRS)
    sprint = _sprint(view, issue)
    if not issue.assignees or sprint is None:
        lacks = "nobody" if not issue.assignees else "no sprint"
        what = f"Plan issue #{issue.number} (next planning {planning})"
        return view.item("resolve.plan", what, f"Issue #{issue.number} has {lacks} yet", turn=THEIRS)
    last = sprints.last_of(sprint, view.process)
    end = view.once(("end", last), lambda: _end_of(view, last))
    engineer = ", ".join(issue.assignees)
    over = (
        f"Iteration {last} is over; unless an exception is on record, tell them"
        if view.now > end
        else f"{engineer} has issue #{issue.number} in {sprints.spelled(sprint, last)}"
    )
    known = view.organization.people
    who = view.once(("who", issue.assignees), lambda: [each for each in known if each.among(issue.assignees)])
    name, mails = (who[0].name, tuple(p.mail for p in who)) if who else (engineer, view.holder("agent")[1])
    ahead = not view.critical and sprint > iteration(view.organization.sprint, view.today)
    what = f"Leave issue #{issue.number} until its sprint begins" if ahead else f"Work on issue #{issue.number}"
    return view.item("resolve.work", what, over, who=name, mails=mails, turn=THEIRS if ahead else OURS, at=end)


def _resolved(view: View) -> Item:
    """Until somebody answers, nothing is to be done, unless the organisation closes what stays silent."""
    resolved = view.listed.resolved or view.listed.changed
    if resolved and view.replied_since(resolved):
        return view.item(
            "resolve.confirm",
            "Read the reply: close or reopen",
            f"They replied on {view.spelled(view.listed.replied or resolved)}, after it was Resolved (or answered the survey)",
        )
    silence = f"No answer since {view.spelled(resolved)}" if resolved else "No answer for long"
    hours = view.organization.resolve.close_after_hours
    if hours is None or resolved is None:
        return view.item("resolve.confirm", "Wait for their word", silence, turn=SILENT)
    clock = view.once("clock", lambda: WorkingClock.of(view.organization.clock))
    due = deadline(clock, "closed", resolved, hours)
    return view.item("resolve.close", "Close it unless they answer", silence, turn=SILENT, promise=due)


def _sprint(view: View, issue: Issue) -> int | None:
    try:
        return sprints.given_in(issue, view.organization)
    except ParameterError:  # it was assigned before there were sprints
        return None


def _end_of(view: View, sprint: int) -> datetime:
    """The midnight that ends a sprint, in the clock's zone."""
    try:
        last = iteration_dates(view.organization.sprint, sprint)[1]
    except ParameterError:  # a slip of the pen on the board
        last = date.max - timedelta(days=2)
    return datetime.combine(last + timedelta(days=1), time(0), ZoneInfo(view.organization.clock.zone))


def _planning(view: View) -> str:
    return next_planning(view.organization.sprint, view.today).isoformat()

"""What does not fit together on a ticket, as far as lists tell. Each is one rule, pure, and says what is wrong in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbook.model.records import Issue
from deskbook.runbooks.sweep.facts import Facts
from deskbook.tickets.budgets import begin_of, hours
from deskbook.tickets.coverage import covers, days_off
from deskbook.tickets.event_issue import days_and_hours, password_day
from deskbook.tickets.next_step import OURS, Item, View
from deskbook.tickets.radar import HORIZON


@dataclass(frozen=True)
class Fault:
    """`name` is its rule's, `says` one sentence without anybody's words."""

    name: str
    says: str


def faults(view: View, item: Item, facts: Facts) -> tuple[Fault, ...]:
    """Everything that does not fit together on one ticket."""
    return tuple(Fault(name, f"{said}.") for name, rule in RULES.items() for said in rule(view, item, facts))


def _pending_without_issue(view: View, item: Item, facts: Facts) -> Iterator[str]:
    if view.ticket.waits and view.issue is None and view.category != "incident":
        yield f"It is {view.ticket.status}, and no issue tracks it"


def _issue_closed(view: View, item: Item, facts: Facts) -> Iterator[str]:
    if view.ticket.waits and view.issue and view.issue.state == "closed":
        yield f"It is {view.ticket.status}, and its issue #{view.issue.number} is closed"


def _wrote_after_resolved(view: View, item: Item, facts: Facts) -> Iterator[str]:
    resolved = view.listed.resolved or view.listed.changed
    if view.ticket.status == "Resolved" and view.listed.replied and view.replied_since(resolved):
        yield f"It is Resolved, and they wrote again on {view.spelled(view.listed.replied)}"


def _stopwatch_of_yesterday(view: View, item: Item, facts: Facts) -> Iterator[str]:
    for entry in facts.running:
        if entry.ticket == view.ticket.id and entry.started < begin_of(view.today, view.organization.clock.zone):
            agent = view.agents.get(entry.agent)
            whose = f"{agent.name}'s stopwatch" if agent else "A stopwatch"
            yield f"{whose} has run since {view.spelled(entry.started)}"


def _sprint_over(view: View, item: Item, facts: Facts) -> Iterator[str]:
    issue = view.issue
    if view.ticket.waits and issue and issue.state == "open" and item.step == "resolve.work" and item.late:
        yield f"The sprint of issue #{issue.number} is over, and they were not told"


def _answer_unread(view: View, item: Item, facts: Facts) -> Iterator[str]:
    asked = view.listed.answered
    if _waits_for_approval(view) and asked and view.listed.replied and view.replied_since(asked):
        yield f"Somebody wrote on {view.spelled(view.listed.replied)}, after the representatives were asked"


def _nobody_asked(view: View, item: Item, facts: Facts) -> Iterator[str]:
    if _waits_for_approval(view) and view.told and view.listed.answered is None and view.listed.first_answer is None:
        yield f"It is marked {view.organization.tags.waiting}, and nobody was asked"


def _nobody_awake(view: View, item: Item, facts: Facts) -> Iterator[str]:
    """An event that begins within the days of notice, and hours of it in which no engineer is at work."""
    for issue in _events(view):
        rules, today = view.organization, view.today
        days, windows = days_and_hours(issue)
        ahead = [day for day in days if day >= today]
        if not ahead or days[0] - today > timedelta(days=rules.workshop.warn_days):
            continue
        off = days_off(ahead, rules.clock)
        found = [cover for cover in covers(rules.people, ahead, windows, off) if cover.off or cover.gaps]
        if found:
            when = f"begins on {days[0]}" if days[0] >= today else "runs"
            more = f", and {len(found) - 1} more days" if len(found) > 1 else ""
            yield f"The event of issue #{issue.number} {when}: on {found[0].day} {found[0].sentence()}{more}"


def _password_due(view: View, item: Item, facts: Facts) -> Iterator[str]:
    for issue in _events(view):
        day = password_day(issue)
        if day and day - view.today <= HORIZON:
            was = "is due on" if day >= view.today else "was due on"
            yield f"The shared password of issue #{issue.number} {was} {day}"


def _budget_low(view: View, item: Item, facts: Facts) -> Iterator[str]:
    row = facts.low.get(view.ticket.community or 0)
    if row and view.category != "incident":
        left = (
            f"{hours(row.left)} of {hours(row.hours)} are left" if row.left else f"none of {hours(row.hours)} is left"
        )
        yield f"The budget of {row.community.name} is low: {left} this month"


def _forgotten(view: View, item: Item, facts: Facts) -> Iterator[str]:
    """Nobody wrote for a whole sprint, though it is our turn or a representative's; an issue that is open waits by itself."""
    waits = item.turn == OURS or _waits_for_approval(view)
    tracked = view.ticket.waits and view.issue is not None and view.issue.state == "open"
    if not waits or tracked:
        return
    touched = last_touched(view)
    if view.now - touched >= timedelta(days=view.organization.sprint.days):
        yield f"Nobody has touched it since {view.spelled(touched)}"


def _no_representative(view: View, item: Item, facts: Facts) -> Iterator[str]:
    community = view.communities.get(view.ticket.community or 0)
    if community and not community.listed:
        yield f"{community.name} has no representative on file"


RULES: dict[str, Callable[[View, Item, Facts], Iterator[str]]] = {
    "pending-without-issue": _pending_without_issue,
    "issue-closed": _issue_closed,
    "wrote-after-resolved": _wrote_after_resolved,
    "stopwatch-of-yesterday": _stopwatch_of_yesterday,
    "sprint-over": _sprint_over,
    "answer-unread": _answer_unread,
    "nobody-asked": _nobody_asked,
    "nobody-awake": _nobody_awake,
    "password-due": _password_due,
    "budget-low": _budget_low,
    "forgotten": _forgotten,
    "no-representative": _no_representative,
}


def last_touched(view: View) -> datetime:
    """When anybody did anything that lists tell of."""
    listed = view.listed
    told = (listed.answered, listed.first_answer, listed.replied, listed.reopened, listed.resolved, listed.pending)
    return max(at for at in (view.ticket.created, listed.changed, *told) if at)


def _waits_for_approval(view: View) -> bool:
    return view.ticket.status == "Open" and view.organization.tags.waiting in view.ticket.tags


def _events(view: View) -> Iterator[Issue]:
    label = view.organization.tracker.event_label
    return (issue for issue in view.issues if issue.state == "open" and label in issue.labels)

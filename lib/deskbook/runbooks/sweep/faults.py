"""What does not fit together on a ticket, as far as lists tell. Each is one rule, pure, and says what is wrong in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from deskbook.model import light
from deskbook.model.records import Issue
from deskbook.runbooks.sweep.facts import Facts
from deskbook.tickets.budgets import begin_of, hours
from deskbook.tickets.coverage import covers, days_off
from deskbook.tickets.event_issue import days_and_hours, password_day
from deskbook.tickets.next_step import OURS, Item, View
from deskbook.tickets.radar import HORIZON

Found = Sequence[str]  # sentences
Rule = Callable[[View, Item, Facts], Found]


@light.dataclass(frozen=True, slots=True)
class Fault:
    """`name` is its rule's, `says` one sentence without anybody's words."""

    name: str
    says: str


def faults(view: View, item: Item, facts: Facts) -> tuple[Fault, ...]:
    """Everything that does not fit together on one ticket."""
    resolved, event = view.ticket.status == "Resolved", bool(view.issues and _events(view))
    rules = _rules(view.ticket.waits, resolved, view.asked, event)
    return tuple([Fault(name, f"{said}.") for name, rule in rules for said in rule(view, item, facts)])


@cache
def _rules(waits: bool, resolved: bool, asked: bool, event: bool) -> tuple[tuple[str, Rule], ...]:
    """The rules about a ticket that is so. Most tickets are looked at by few."""
    so = {"any": True, "waits": waits, "resolved": resolved, "asked": asked, "event": event}
    return tuple((name, rule) for name, (about, rule) in RULES.items() if so[about])


def _pending_without_issue(view: View, item: Item, facts: Facts) -> Found:
    if view.issue is None and view.category != "incident":
        return (f"It is {view.ticket.status}, and no issue tracks it",)
    return ()


def _issue_closed(view: View, item: Item, facts: Facts) -> Found:
    if view.issue and view.issue.state == "closed":
        return (f"It is {view.ticket.status}, and its issue #{view.issue.number} is closed",)
    return ()


def _wrote_after_resolved(view: View, item: Item, facts: Facts) -> Found:
    resolved = view.listed.resolved or view.listed.changed
    if view.listed.replied and view.replied_since(resolved):
        return (f"It is Resolved, and they wrote again on {view.spelled(view.listed.replied)}",)
    return ()


def _stopwatch_of_yesterday(view: View, item: Item, facts: Facts) -> Found:
    found = []
    for entry in facts.running.get(view.ticket.id, ()):
        if entry.started < begin_of(view.today, view.organization.clock.zone):
            agent = view.agents.get(entry.agent)
            whose = f"{agent.name}'s stopwatch" if agent else "A stopwatch"
            found.append(f"{whose} has run since {view.spelled(entry.started)}")
    return found


def _sprint_over(view: View, item: Item, facts: Facts) -> Found:
    if item.step != "resolve.work" or not item.late:
        return ()
    issue = view.issue
    if issue and issue.state == "open":
        return (f"The sprint of issue #{issue.number} is over, and they were not told",)
    return ()


def _answer_unread(view: View, item: Item, facts: Facts) -> Found:
    asked = view.listed.answered
    if asked and view.listed.replied and view.replied_since(asked):
        return (f"Somebody wrote on {view.spelled(view.listed.replied)}, after the representatives were asked",)
    return ()


def _nobody_asked(view: View, item: Item, facts: Facts) -> Found:
    if view.told and view.listed.answered is None and view.listed.first_answer is None:
        return (f"It is marked {view.organization.tags.waiting}, and nobody was asked",)
    return ()


def _nobody_awake(view: View, item: Item, facts: Facts) -> Found:
    """An event that begins within the days of notice, and hours of it in which no engineer is at work."""
    told = []
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
            told.append(f"The event of issue #{issue.number} {when}: on {found[0].day} {found[0].sentence()}{more}")
    return told


def _password_due(view: View, item: Item, facts: Facts) -> Found:
    found = []
    for issue in _events(view):
        day = password_day(issue)
        if day and day - view.today <= HORIZON:
            was = "is due on" if day >= view.today else "was due on"
            found.append(f"The shared password of issue #{issue.number} {was} {day}")
    return found


def _budget_low(view: View, item: Item, facts: Facts) -> Found:
    row = facts.low.get(view.ticket.community or 0)
    if row is None or view.category == "incident":
        return ()
    left = f"{hours(row.left)} of {hours(row.hours)} are left" if row.left else f"none of {hours(row.hours)} is left"
    return (f"The budget of {row.community.name} is low: {left} this month",)


def _forgotten(view: View, item: Item, facts: Facts) -> Found:
    """Nobody wrote for a whole sprint, though it is our turn or a representative's; an issue that is open waits by itself."""
    if item.turn != OURS and not view.asked:
        return ()
    tracked = view.ticket.waits and view.issue is not None and view.issue.state == "open"
    if tracked or view.now - (touched := last_touched(view)) < timedelta(days=view.organization.sprint.days):
        return ()
    return (f"Nobody has touched it since {view.spelled(touched)}",)


def _no_representative(view: View, item: Item, facts: Facts) -> Found:
    community = view.communities.get(view.ticket.community or 0)
    if community and not community.listed:
        return (f"{community.name} has no representative on file",)
    return ()


# Each with the tickets that it is about: those that wait, are Resolved, wait for a representative, are of an event, or any.
RULES: dict[str, tuple[str, Rule]] = {
    "pending-without-issue": ("waits", _pending_without_issue),
    "issue-closed": ("waits", _issue_closed),
    "wrote-after-resolved": ("resolved", _wrote_after_resolved),
    "stopwatch-of-yesterday": ("any", _stopwatch_of_yesterday),
    "sprint-over": ("waits", _sprint_over),
    "answer-unread": ("asked", _answer_unread),
    "nobody-asked": ("asked", _nobody_asked),
    "nobody-awake": ("event", _nobody_awake),
    "password-due": ("event", _password_due),
    "budget-low": ("any", _budget_low),
    "forgotten": ("any", _forgotten),
    "no-representative": ("any", _no_representative),
}


def last_touched(view: View) -> datetime:
    """When anybody did anything that lists tell of."""
    listed = view.listed
    told = (listed.answered, listed.first_answer, listed.replied, listed.reopened, listed.resolved, listed.pending)
    return max(at for at in (view.ticket.created, listed.changed, *told) if at)


def _events(view: View) -> Sequence[Issue]:
    label = view.organization.tracker.event_label
    return [issue for issue in view.issues if issue.state == "open" and label in issue.labels]

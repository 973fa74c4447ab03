"""Planner of the workshop runbook: gather the facts of an event, open its issue, answer, and plan it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from zoneinfo import ZoneInfo

from deskbook.engine.actions import SYMBOL, Change
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import Part
from deskbook.engine.plan import Finding, Plan
from deskbook.language import dates as eventdates
from deskbook.language.dates import Span
from deskbook.language.text import counted, shorten
from deskbook.model.case import RECORD, Case, reference
from deskbook.runbooks.workshop import event as eventreading
from deskbook.runbooks.workshop import issue as eventissue
from deskbook.runbooks.workshop.decision import Decision
from deskbook.runbooks.workshop.event import Event
from deskbook.runbooks.workshop.facts import YES
from deskbook.schedule.working_time import next_planning
from deskbook.services.ports import Desk
from deskbook.tickets import issue_form
from deskbook.tickets.coverage import Cover, covers, days_off
from deskbook.tickets.eligibility import category_of, refused
from deskbook.tickets.issue_form import EVENT, render
from deskbook.tickets.replying import tell
from deskbook.tickets.sprint import impact_of
from deskbook.tickets.tracking import Comment, Found, Link, Open, Retitle, issue_of, on_board, told

DECLINE = "workshop.intake#decline"

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "workshop.intake": "complete incomplete declined refused over ordinary waiting untriaged returned incident ended not-ours",
    "workshop.issue": "opened unclear",
    "workshop.acknowledge": "told by-hand",
    "workshop.pend": "pending",
    "workshop.plan": "complete critical waiting",
}


@dataclass(frozen=True)
class Advice:
    """The event as it is understood, its issue, the days of notice, and who is at work in its hours."""

    event: Event
    found: Found
    notice: int | None  # from the day of the ticket to the event's first day
    cover: tuple[Cover, ...]
    representative: str


def read(desk: Desk, ticket_id: int | str) -> Case:
    """The facts of a ticket."""
    return desk.case(ticket_id)


def assess(case: Case, decision: Decision) -> Advice:
    """What is known of the event, and what follows from it."""
    found = issue_of(case)
    known = issue_form.read(EVENT, found.issue.body) if found.issue else {}
    event = eventreading.read(case, asdict(decision), known)
    asked = case.ticket.created.astimezone(ZoneInfo(case.organization.clock.zone)).date()
    return Advice(
        event=event,
        found=found,
        notice=(event.begin - asked).days if event.begin else None,
        cover=covers(case.organization.people, event.days, event.windows, _days_off(case, event)),
        representative=eventissue.representative(case),
    )


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    builder, advice = TicketPlanBuilder(case, decision), assess(case, decision)
    steps: dict[str, Callable[[], Finding]] = {
        "workshop.intake": lambda: _intake(case, decision, advice, builder),
        "workshop.issue": lambda: _issue(case, advice, builder),
        "workshop.acknowledge": lambda: _acknowledge(case, advice, builder),
        "workshop.pend": lambda: _pend(case, builder),
        "workshop.plan": lambda: _plan(case, advice, builder),
    }
    builder.follow("workshop.intake", steps)
    issue = advice.found.issue
    facts = {
        "the ticket's text": [case.ticket.subject, case.ticket.body],
        "the requester": [case.requester.id, case.requester.mail],
        "the replies": [entry.id for entry in case.replies()],
        "the issue": issue.number if issue and advice.found.adopted else "",
    }
    return builder.finish(lambda newer: plan(newer, decision), facts, issue=told(issue) if issue else "")


# The steps, in the order of the process.


def _intake(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, event = "workshop.intake", advice.event
    no = refused(case, step, builder)
    if no:
        return no
    category = category_of(case)
    if category not in ("workshop", None):
        builder.ask("It reads as no workshop request. If it is one, triage it with category=workshop first.")
        return Finding(step, "ordinary", f"it is of the kind '{case.organization.ticket_types[category]}'")
    if decision.decline or case.landed(DECLINE):
        return _declined(case, decision, advice, builder)
    if event.end and event.end < _today(case) and advice.found.issue is None:
        builder.ask(
            f"The event ended on {event.end}, and no issue tracked it. Find out what became of it, then resolve."
        )
        return Finding(step, "over", f"it ended on {event.end}")
    for need in (*event.look, *_short_notice(case, advice), *_away(case, event), *_unawake(advice)):
        builder.ask(need)
    if not advice.representative:
        builder.ask("No representative of its community is on file: say in the issue who speaks for it.")
    said = [*([_when(advice)] if event.spans else []), *event.told]
    if event.missing:
        return Finding(step, "incomplete", "; ".join([*said, *event.missing]))
    return Finding(step, "complete", "; ".join(said) or f"the shared password, by {event.due}")


def _declined(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    """Only a person declines. Without a reason of theirs, short notice is the reason, where the notice is short."""
    step, rules, notice = "workshop.intake", case.organization.workshop, advice.notice
    reason = "" if decision.decline == YES else decision.decline
    reason = reason or case.statements().get("Reason", "")
    if not reason and (notice is None or notice >= rules.decline_days):
        why = "nobody knows when it begins" if notice is None else f"they told us {counted(notice, 'day')} ahead"
        builder.ask(
            f"Declining for short notice is for under {rules.decline_days} days, and {why}. Say decline=<reason>."
        )
        return Finding(step, "refused", why)
    reason = (
        reason
        or f"it begins {counted(max(notice or 0, 0), 'day')} after your request, and we need {rules.warn_days} days."
    )
    possible = (
        f"your hub can be used as it is, and an event that begins {rules.warn_days} days or more after you write to us "
        "is prepared as always."
    )
    part: Part = (
        "workshop-declined",
        {"reason": reason if reason[-1] in ".!?" else f"{reason}.", "possible": possible},
    )
    if not tell(case, DECLINE, [part], "we cannot prepare the event, and what remains possible", builder):
        return Finding(step, "declined", "no mail address")
    builder.state("Ended", "declined")
    builder.state("Reason", reason)
    there = case.landed(DECLINE)
    if there and case.replies(there.entry.position):
        builder.ask(
            "They wrote since it was declined: read it. Another date is a new request, which needs its own ticket."
        )
    issue = advice.found.issue
    if issue and issue.state == "open":
        builder.ask(f"Issue {issue.number} is open: close it, since the event is declined.")
    return Finding(step, "declined", reason)


def _issue(case: Case, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, organization, found, event = "workshop.issue", case.organization, advice.found, advice.event
    if found.doubt:
        builder.ask(found.doubt)
        return Finding(step, "unclear", found.doubt)
    issue, ref = found.issue, reference(case, step)
    marker = f"<!-- {ref} -->"
    if issue is None or marker in issue.hidden:
        body = render(EVENT, eventissue.values(case, event, advice.notice, advice.cover))
        label = organization.tracker.event_label
        builder.do(
            Open(
                key=step,
                ticket=case.ticket.id,
                title=eventissue.title(event),
                body=f"{body.rstrip()}\n\n{marker}",
                labels=(label,),
                reference=ref.removeprefix("Ref "),
                summary=f"Issue {issue.number}: {issue.title}"
                if issue
                else f"Open an issue: {eventissue.title(event)}",
                since=case.ticket.created,
            )
        )
        outcome = "a new issue"
    else:
        known = [
            f"{label}: {value}"
            for name, label in eventissue.ANSWERS.items()
            if (value := eventissue.answers(event)[name])
        ]
        text = "\n\n".join([f"Ticket: {case.ticket.url}", "\n".join(f"- {line}" for line in known), marker])
        summary = f"Comment on issue {issue.number} ({found.because}): the ticket, and what is known of the event"
        was_open = issue is not None and issue.state == "open"
        builder.do(Comment(step, text, ref.removeprefix("Ref "), summary, reopens=case.cycle > 1, open=was_open))
        outcome = f"issue {issue.number}: {found.because}"
    if issue and (newer := eventissue.changed(event, issue_form.read(EVENT, issue.body), issue.body)):
        builder.do(_news(case, issue.number, newer))
    named = eventissue.retitled(event, issue.title) if issue else ""
    if issue and named != issue.title:
        builder.do(Retitle(f"{step}#title", named, f"Title of issue {issue.number}: {named}", issue.title))
    for placed in on_board(step, organization.tracker, issue, organization.tracker.event_label):
        builder.do(placed)
    text = f"Tracked by {SYMBOL}\n\n{reference(case, f'{step}#link')}"
    builder.do(Link(key=f"{step}#link", ticket=case.ticket.id, summary="Private note: the issue's link", text=text))
    return Finding(step, "opened", outcome if not event.missing else f"{outcome}; it says that it is incomplete")


def _acknowledge(case: Case, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, event, planning = "workshop.acknowledge", advice.event, _planning(case)
    received: Part = (
        "workshop-received",
        {"issue": SYMBOL, "planning": f"{planning:%A %d %B %Y}", "password": event.password_only},
    )
    parts = [received, *([("ask-information", {"questions": event.missing})] if event.missing else [])]
    if event.begin and _today(case) <= event.begin <= planning:
        builder.ask(f"The event begins on {event.begin}, and planning is next on {planning}: plan it before.")
    if event.missing and case.landed(step):
        builder.ask(f"They were asked already, and still open is: {' '.join(event.missing)} Ask again, or say it here.")
    asks = f", and we ask for {counted(len(event.missing), 'thing')}" if event.missing else ""
    if not tell(case, step, parts, f"received; planning is on {planning:%d %B}{asks}", builder):
        return Finding(step, "by-hand", "no mail address")
    return Finding(step, "told", f"planning is on {planning:%d %B}")


def _pend(case: Case, builder: TicketPlanBuilder) -> Finding:
    step = "workshop.pend"
    builder.do(Change(key=step, ticket=case.ticket.id, status="Pending", summary="Make the ticket Pending"))
    return Finding(step, "pending", "until the event is planned")


def _plan(case: Case, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, event, issue, today = "workshop.plan", advice.event, advice.found.issue, _today(case)
    if issue and issue.state == "closed":
        return Finding(step, "complete", f"issue {issue.number} is closed")
    asked = case.landed(f"escalate.manager{RECORD}") or reference(case, "escalate.manager") in case.announced
    if impact_of(case, issue) == "Critical" and not (asked or (issue and issue.assignees)):
        builder.ask(
            "Its impact is Critical, and nobody has it. Run escalate on it: that asks the manager, who finds people."
        )
        return Finding(step, "critical", "its impact is Critical, and nobody has it")
    if event.password_only:
        if event.due and event.due < today:
            builder.ask(f"The shared password was due on {event.due}. Is it changed? Then close the issue.")
        return Finding(step, "waiting", f"the password is due on {event.due or 'a day that nobody named yet'}")
    if event.end and event.end < today:
        return Finding(step, "complete", f"the event ended on {event.end}")
    return Finding(step, "waiting", f"nothing to do yet; the manager plans it on {_planning(case):%d %B %Y}")


# What the steps are made of.


def _today(case: Case) -> date:
    return case.now.astimezone(ZoneInfo(case.organization.clock.zone)).date()


def _planning(case: Case) -> date:
    return next_planning(case.organization.sprint, _today(case))


def _when(advice: Advice) -> str:
    return f"{eventdates.spelled(advice.event.spans)}, {counted(advice.notice or 0, 'day')} after the ticket"


def _short_notice(case: Case, advice: Advice) -> list[str]:
    """Counted from the ticket, however late its issue comes."""
    rules, notice = case.organization.workshop, advice.notice
    if notice is None or advice.event.password_only or notice >= rules.warn_days:
        return []
    said = f"{counted(notice, 'day')} of notice, fewer than {rules.warn_days}"
    if notice < rules.decline_days:
        return [f"{said}: you may decline (decline=<reason>); else say what can still be ready."]
    return [f"{said}: say in the issue what can still be ready."]


def _days_off(case: Case, event: Event) -> dict[date, str]:
    """The days of the event on which nobody is expected at work, and why: the event keeps its date all the same."""
    return days_off(event.days, case.organization.clock)


def _away(case: Case, event: Event) -> list[str]:
    off = _days_off(case, event)
    if not off:
        return []
    days = eventdates.spelled(eventdates.merged([Span(day, day, "") for day in off]))
    return [f"Nobody is expected at work on {days} ({next(iter(off.values()))}). Agree now on who is there."]


def _unawake(advice: Advice) -> list[str]:
    gaps = [cover for cover in advice.cover if cover.gaps]
    if not gaps:
        return []
    shown = "; ".join(f"{cover.day:%a} {cover.day} {', '.join(cover.gaps)}" for cover in gaps[:3])
    more = f"; and {counted(len(gaps) - 3, 'more day')}" if len(gaps) > 3 else ""
    return [f"No engineer is at work in some of the event's hours: {shown}{more}. Find somebody who is awake."]


def _news(case: Case, number: int, newer: list[str]) -> Comment:
    """What has become known since the issue was opened, once: the reference holds a number made of the text itself."""
    said = "\n".join(newer)
    key = f"workshop.issue#facts.{zlib.crc32(said.encode())}"
    ref = reference(case, key)
    text = "\n\n".join(["By now we know:", "\n".join(f"- {line}" for line in newer), f"<!-- {ref} -->"])
    return Comment(key, text, ref.removeprefix("Ref "), f"Comment on issue {number}: {shorten('; '.join(newer), 120)}")

"""The form of each runbook: what there is to decide, the advice, and the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import ipywidgets

from deskbook import escalate, incident, incidentform, resolve, timebox, timeboxform, triage, workshop, workshopform
from deskbook.cases import Case
from deskbook.desk import Desk
from deskbook.errors import ParameterError
from deskbook.kinds import IMPACTS
from deskbook.plans import Plan
from deskbook.widgets import Field, Form


def triage_form(desk: Desk, case: Case, decision: triage.Decision) -> Form:
    """The form of the triage runbook: whose ticket it is, who takes it, what kind it is, how grave, incident or not."""
    advice = triage.assess(case)
    community = advice.community[0]
    category = advice.kind.category
    best = advice.candidates[0] if advice.candidates else None
    has = next((agent for agent in case.staff() if agent.id == case.ticket.agent), None)
    types = case.organization.ticket_types
    pages = [(f"joins {page.title}", page.id) for page in case.pages]
    fields = (
        Field(
            "community",
            "Community",
            [(c.name, c.name) for c in case.communities],
            community.name if community else "a person decides",
        ),
        Field(
            "agent",
            "Agent",
            [(f"{c.agent.name}: {', '.join(c.reasons[:2])}", c.agent.mail) for c in advice.candidates],
            has.name if has else best.agent.name if best else "nobody",
        ),
        Field(
            "category",
            "Type",
            [(name, word) for word, name in types.items()],
            case.ticket.type or (types[category] if category else "a person decides"),
        ),
        Field("impact", "Impact", [(impact, impact) for impact in IMPACTS], advice.impact[0]),
        Field(
            "incident",
            "Incident?",
            [("yes", "yes"), ("no", "no"), *pages],
            {"unclear": "a person decides"}.get(*[advice.incident[0]] * 2),
        ),
    )
    reasons = [
        f"Community: {advice.community[1]}.",
        *(f"Agent {candidate.sentence()}." for candidate in advice.candidates[:4]),
        f"Type: {advice.kind.because}.",
        f"Impact: {advice.impact[1]}." if advice.impact[1] else "",
        f"Incident: {advice.incident[1]}.",
        *(f"To ask: {question}" for question in advice.questions),
    ]

    def draw(newer: Case, values: Mapping[str, Any]) -> Plan:
        return triage.plan(newer, triage.decide(newer, **values))

    return Form(desk, case, fields, asdict(decision), draw, [r for r in reasons if r], open_form)


def escalate_form(desk: Desk, case: Case, decision: escalate.Decision) -> Form:
    """Who has the critical ticket, and whether they can take it now."""
    advice = escalate.assess(case, decision)
    able, because = advice.capacity
    fields = (
        Field("agent", "Agent", [(agent.name, agent.mail) for agent in case.staff()], advice.agent.name),
        Field("capacity", "Capacity?", [("yes", "yes"), ("no", "no")], "yes" if able else "no"),
    )

    def draw(newer: Case, values: Mapping[str, Any]) -> Plan:
        return escalate.plan(newer, escalate.decide(newer, **values))

    issue = advice.found.issue
    reasons = [f"Capacity: {because}.", f"Issue: {f'{issue.number}, {advice.found.because}' if issue else 'none yet'}."]
    return Form(desk, case, fields, asdict(decision), draw, reasons, open_form)


def resolve_form(desk: Desk, case: Case, decision: resolve.Decision) -> Form:
    """How the ticket ends, what the community reads, and an exception to the one sprint."""
    advice = resolve.assess(case)
    outcome, because = advice.outcome
    people = [(person.name, person.mail) for person in case.organization.people]
    managers = ", ".join(person.name for person in case.organization.with_role("manager"))
    fields = (
        Field("outcome", "Outcome", [(word, word) for word in resolve.OUTCOMES], outcome or "nothing yet"),
        Field("message", "Message", hint="What was done, or how it stands; for no-survey, why", long=True),
        Field("exception_until", "Until iteration", advised="0: one sprint, no exception", whole=9_999),
        Field("exception_by", "Approved by", people, managers),
    )
    issue, sprint = advice.found.issue, advice.sprint
    reasons = [
        f"Issue: {issue.number}, {issue.state} ({advice.found.because})."
        if issue
        else "Issue: none tracks this ticket.",
        f"Sprint: {sprint.because}, until {sprint.ends:%A %d %B %Y}." if sprint else "",
        f"Their answer: {advice.reading.meaning.replace('-', ' ')} ({because})."
        if advice.reading
        else "No answer yet.",
    ]

    def draw(newer: Case, values: Mapping[str, Any]) -> Plan:
        return resolve.plan(newer, resolve.decide(newer, **values))

    return Form(desk, case, fields, asdict(decision), draw, [r for r in reasons if r], open_form)


def timebox_form(desk: Desk, case: Case, decision: timebox.Decision) -> Form:
    """The stopwatch, the worksheet, and how the timebox ends."""
    return timeboxform.timebox_form(desk, case, decision, open_form)


def incident_form(desk: Desk, case: Case, decision: incident.Decision) -> Form:
    """How far the incident is, and its next stage."""
    return incidentform.incident_form(desk, case, decision, open_form)


def workshop_form(desk: Desk, case: Case, decision: workshop.Decision) -> Form:
    """What was read of the event, for a person to correct."""
    return workshopform.workshop_form(desk, case, decision, open_form)


# What opens from the queue, or from the receipt of the runbook before: planner and form by the runbook's name.
FORMS: dict[str, tuple[Any, Any]] = {
    "triage": (triage, triage_form),
    "timebox": (timebox, timebox_form),
    "escalate": (escalate, escalate_form),
    "resolve": (resolve, resolve_form),
    "workshop": (workshop, workshop_form),
    "incident": (incident, incident_form),
}


def open_form(desk: Desk, runbook: str, ticket_id: int) -> ipywidgets.Widget:
    """The form of a runbook for a ticket, with its plan, as one widget; ParameterError where it has none."""
    if runbook not in FORMS:
        raise ParameterError(f"The {runbook} runbook does not open from here: run it with ticket_id={ticket_id}.")
    planner, form = FORMS[runbook]
    case = desk.case(ticket_id)
    opened: Form = form(desk, case, planner.decide(case))
    return opened.boxed()

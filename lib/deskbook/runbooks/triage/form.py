"""The form of the triage runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.triage.decision import Decision, decide
from deskbook.runbooks.triage.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """Whose ticket it is, who takes it, what kind it is, how grave, incident or not; with the reasons."""
    return Form(desk, case, decision, decide=decide, sheet=_sheet, plan=plan, onward=onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
    advice = assess(case)
    community, category = advice.community[0], advice.kind.category
    best = advice.candidates[0] if advice.candidates else None
    has = next((agent for agent in case.staff() if agent.id == case.ticket.agent), None)
    advised = {
        "community": community.name if community else "a person decides",
        "agent": has.name if has else best.agent.name if best else "nobody",
        "category": case.ticket.type or (case.organization.ticket_types[category] if category else "a person decides"),
        "impact": advice.impact[0],
        "incident": {"unclear": "a person decides"}.get(*[advice.incident[0]] * 2),
    }
    reasons = [
        f"Community: {advice.community[1]}.",
        *(f"Agent {candidate.sentence()}." for candidate in advice.candidates[:4]),
        f"Type: {advice.kind.because}.",
        f"Impact: {advice.impact[1]}." if advice.impact[1] else "",
        f"Incident: {advice.incident[1]}.",
        *(f"To ask: {question}" for question in advice.questions),
    ]
    ranked = [(f"{c.agent.name}: {', '.join(c.reasons[:2])}", c.agent.mail) for c in advice.candidates]
    return sheet_of(case, decision, advised, reasons, options={"agent": ranked})

"""The form of the triage runbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.model.case import Case
from deskbook.runbooks.triage import plan as triage
from deskbook.services.ports import Desk
from deskbook.tickets.classification import IMPACTS
from deskbook.ui.forms import Field, Form, Onward


def triage_form(desk: Desk, case: Case, decision: triage.Decision, onward: Onward) -> Form:
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

    return Form(desk, case, fields, asdict(decision), draw, [r for r in reasons if r], onward)

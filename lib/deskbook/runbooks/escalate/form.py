"""The form of the escalate runbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.model.case import Case
from deskbook.runbooks.escalate import plan as escalate
from deskbook.services.ports import Desk
from deskbook.ui.forms import Field, Form, Onward


def escalate_form(desk: Desk, case: Case, decision: escalate.Decision, onward: Onward) -> Form:
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
    return Form(desk, case, fields, asdict(decision), draw, reasons, onward)

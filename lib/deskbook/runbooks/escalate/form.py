"""The form of the escalate runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.escalate.decision import Decision, decide
from deskbook.runbooks.escalate.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.forms import Form, Onward, sheet_of


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """Who has the critical ticket, and whether they can take it now."""
    advice = assess(case, decision)
    able, because = advice.capacity
    issue = advice.found.issue
    sheet = sheet_of(
        case,
        decision,
        {"agent": advice.agent.name, "capacity": "yes" if able else "no"},
        [f"Capacity: {because}.", f"Issue: {f'{issue.number}, {advice.found.because}' if issue else 'none yet'}."],
    )
    return Form(desk, case, sheet, lambda newer, values: plan(newer, decide(newer, **values)), onward)

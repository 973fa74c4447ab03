"""The form of the escalate runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.escalate.decision import Decision, decide
from deskbook.runbooks.escalate.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """Who has the critical ticket, and whether they can take it now."""
    return Form(desk, case, decision, decide=decide, sheet=_sheet, plan=plan, onward=onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
    advice = assess(case, decision)
    able, because = advice.capacity
    issue = advice.found.issue
    return sheet_of(
        case,
        decision,
        {"agent": advice.agent.name, "capacity": "yes" if able else "no"},
        [f"Capacity: {because}.", f"Issue: {f'{issue.number}, {advice.found.because}' if issue else 'none yet'}."],
    )

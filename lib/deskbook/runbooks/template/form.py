"""The form of the template runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.template.decision import Decision, decide
from deskbook.runbooks.template.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """What was found on the ticket."""
    return Form(desk, case, decision, decide=decide, sheet=_sheet, plan=plan, onward=onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
    return sheet_of(case, decision, {}, [f"{assess(case).because}."])

"""The form of the template runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.template.decision import Decision, decide
from deskbook.runbooks.template.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.forms import Form, Onward, sheet_of


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """What was found on the ticket."""
    sheet = sheet_of(case, decision, {}, [f"{assess(case).because}."])
    return Form(desk, case, sheet, lambda newer, values: plan(newer, decide(newer, **values)), onward)

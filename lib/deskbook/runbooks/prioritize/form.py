"""The form of the prioritize runbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deskbook.runbooks.prioritize.decision import Decision, decide
from deskbook.runbooks.prioritize.plan import plan
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, found: Any, decision: Decision, onward: Onward | None = None) -> Form:
    """What the meeting gave, with the questions to the leads and Apply below it; the iteration is that of the facts."""
    return Form(desk, found, decision, decide=decide, sheet=_sheet, plan=plan, onward=onward)


def _sheet(found: Any, decision: Decision) -> Sheet:
    given = "\n".join(f"{one.issue} {one.name}" for one in decision.give)
    sheet = sheet_of(found, decision, {}, values={"give": given})
    field = next(field for field in sheet.fields if field.name == "give")
    return replace(sheet, fields=(field,), values={"give": given})

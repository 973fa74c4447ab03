"""The form of the prioritize runbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.runbooks.prioritize.decision import Decision, decide
from deskbook.runbooks.prioritize.plan import plan
from deskbook.services.ports import Desk
from deskbook.ui.forms import Form, Onward, sheet_of


def form(desk: Desk, found: Any, decision: Decision, onward: Onward | None = None) -> Form:
    """What the meeting gave, with the questions to the leads and Apply below it; the iteration is that of the facts."""
    given = "; ".join(f"{one.issue} {one.name}" for one in decision.give)
    sheet = sheet_of(found, decision, {}, values={"give": given})
    field = next(field for field in sheet.fields if field.name == "give")

    def draw(newer: Any, values: Mapping[str, Any]) -> Plan:
        return plan(newer, decide(newer, **values))

    return Form(desk, found, replace(sheet, fields=(field,), values={"give": given}), draw, onward)

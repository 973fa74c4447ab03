"""The form of the ranking: who takes what, and one plan to apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize.plan import Decision
from deskbook.services.ports import Desk
from deskbook.ui.forms import Field, Form


def prioritize_form(desk: Desk, found: Any, decision: Decision) -> Form:
    """The questions to the leads and what the meeting gave, with Apply below them."""

    def draw(newer: Any, values: Mapping[str, Any]) -> Plan:
        return prioritize.plan(newer, prioritize.decide(newer, **values))

    given = "; ".join(f"{one.issue} {one.name}" for one in decision.give)
    field = Field("give", "Give", hint="an issue and an engineer on each line, as in 12 Ada", long=True)
    return Form(desk, found, (field,), {"give": given}, draw)

"""The form of the ranking: nothing to fill in, one plan to apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook import prioritize
from deskbook.desk import Desk
from deskbook.plans import Plan
from deskbook.widgets import Form


def prioritize_form(desk: Desk, found: Any) -> Form:
    """The questions to the leads, with Apply below them."""

    def draw(newer: Any, _: Mapping[str, Any]) -> Plan:
        return prioritize.plan(newer)

    return Form(desk, found, (), {}, draw)

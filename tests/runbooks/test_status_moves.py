"""The status moves of the process are those that plans make: no other one, and each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from building import PROCESS, read
from test_plans import FILES, planned

from deskbook.engine.actions import Change

pytestmark = pytest.mark.clocks


def made() -> Iterator[tuple[str, str, str, str]]:
    """Of every case: from, to, the step, and which case it is. A status of waiting counts as Pending."""
    for name, path in FILES:
        plan = planned(name, read(path))
        before = "Pending" if plan.case.ticket.waits else plan.case.ticket.status
        for action in plan.actions:
            if (
                isinstance(action, Change)
                and action.status
                and action.landed(plan.case) is None
                and before != action.status
            ):
                yield before, action.status, action.key.split("#")[0], f"{name}/{path.stem}"


def test_every_change_of_status_in_a_plan_is_an_allowed_move_and_every_move_is_made_in_some_plan() -> None:
    allowed = {(before, move.to, step) for move in PROCESS.moves for before in move.from_ for step in move.steps}
    seen = {(before, to, step): case for before, to, step, case in made()}
    assert {move: case for move, case in seen.items() if move not in allowed} == {}
    rows = {(move.to, step): move.from_ for move in PROCESS.moves for step in move.steps}
    idle = [row for row, begins in rows.items() if not any((begin, *row) in seen for begin in begins)]
    assert not idle

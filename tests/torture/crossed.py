"""Two different runbooks on one ticket: one is held before one of its calls while the other goes to its end.

Which of the two is first, nobody can say; what stands there when both were run again has to be what stands there when one
is run after the other, in this order or in that one.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from deskbook.runbooks.catalog import NAMES, RUNBOOKS
from torture import acts
from torture.cells import Cell, Verdict
from torture.interleave import told, unlike
from torture.scenarios import first_run, road, scenarios, writes
from torture.seen import Item, more_than_once
from torture.wire import Call, unwatched
from torture.world import Ran, apart, world

Run = tuple[str, Mapping[str, object]]
SWEEP = "sweep"


@cache
def begun(name: str) -> sqlite3.Connection:
    """How the sandbox stands before; no other ticket is open, so that a sweep is about this one."""
    made, here = road(name), world()
    here.back(made.kept)
    if made.scenario.ticket:
        acts.happen("@only", {"tickets": (made.scenario.ticket,)})
    return here.keep()


def names(name: str) -> list[str]:
    """Whom this scenario may be crossed with: other runbooks; a sweep with runs on the tickets that it sweeps."""
    made = road(name)
    if made.scenario.runbook == SWEEP:
        return list(_swept(name))
    others = [
        other for other in NAMES if RUNBOOKS[other].of_ticket and writes(other) and other != made.scenario.runbook
    ]
    return [*others, SWEEP] if made.scenario.ticket else []


@cache
def run_of(name: str, other: str) -> Run | None:
    """The other's run, where it has something to do."""
    if road(name).scenario.runbook == SWEEP:
        return _swept(name)[other]
    if other == SWEEP:
        return SWEEP, {}
    world().back(begun(name))
    given = first_run(other, {"ticket_id": road(name).scenario.ticket})
    return None if given is None else (other, given)


def _swept(name: str) -> dict[str, Run]:
    swept = road(name).scenario.before[0][1]["tickets"]
    own = (each for each in scenarios().values() if each.ticket in swept and not each.before)
    return {f"{each.runbook}-{each.ticket}": (each.runbook, each.given) for each in own}


def cells(name: str) -> list[Cell]:
    """Each other runbook before each call; of a sweep only before those that are about the other one's ticket."""
    return [cell for other in names(name) for cell in cells_with(name, other)]


def cells_with(name: str, other: str) -> list[Cell]:
    """Those of this pair; none where the other has nothing to do there."""
    return (
        [Cell("crossed", name, f"{other}@{number}") for number in _places(name, other)] if run_of(name, other) else []
    )


def _places(name: str, other: str) -> Sequence[int]:
    made = road(name)
    if made.scenario.runbook != SWEEP:
        return made.positions
    ticket = _swept(name)[other][1]["ticket_id"]
    return [call.number for call in made.calls if re.search(rf"/tickets/{ticket}\b", call.path)]


def run(cell: Cell) -> Verdict:
    here, made = world(), road(cell.scenario)
    name, _, number = cell.what.partition("@")
    at, other, verdict = int(number), run_of(cell.scenario, name), Verdict()
    assert other, f"{cell}: the other has nothing to do"
    own: Run = (made.scenario.runbook, made.scenario.given)
    here.back(begun(cell.scenario))
    ran: list[Ran] = []

    def hold(call: Call, go: Any) -> Any:
        if call.number == at:
            with unwatched():
                code, told_by_other = apart(lambda: _run(other))
            ran.append(told_by_other or Ran(None, f"the other process ended with {code}", typed=False))
        return go()

    ran.append(replace(here.run(*own, hold), calls=()))
    middle, orders = here.seen(), ends(cell.scenario, name)
    most = orders[0] | orders[1]
    verdict.doubled += more_than_once(most, middle)
    verdict.untyped += [each.untyped for each in ran if each.untyped]
    verdict.untold += [each.failure[:160] for each in ran if each.receipt and not told(each)]
    last = _both(own, other)
    verdict.untyped += [each.untyped for each in last if each.untyped]
    left = here.seen()
    verdict.doubled += [each for each in more_than_once(most, left) if each not in verdict.doubled]
    for each in min((unlike(order, left) for order in orders), key=len):
        kind = "lost" if each.startswith("lost") else "otherwise" if each.startswith("otherwise") else "doubled"
        getattr(verdict, kind).append(each)
    return verdict


@cache
def ends(name: str, other: str) -> tuple[Counter[Item], Counter[Item]]:
    """What stands there when one is run after the other, and each once more, in this order and in that one."""
    made, here = road(name), world()
    own: Run = (made.scenario.runbook, made.scenario.given)
    found, theirs = [], run_of(name, other)
    assert theirs, f"{name}: {other} has nothing to do"
    for first, second in ((own, theirs), (theirs, own)):
        here.back(begun(name))
        _both(first, second)
        _both(own, theirs)
        found.append(here.seen())
    return found[0], found[1]


def _both(first: Run, second: Run) -> list[Ran]:
    return [_run(each) for each in (first, second)]


def _run(what: Run) -> Ran:
    return replace(world().run(*what), calls=())

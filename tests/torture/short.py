"""The short form: each runbook and each kind of disturbance at least once, chosen by a seed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from random import Random
from types import ModuleType

from torture import crossed, faults, hostile, interleave, person, processes, rubbish, strangers, terminal
from torture.cells import Cell
from torture.scenarios import road, scenarios

SEED = int(os.environ.get("DESKBOOK_TORTURE_SEED") or 1)
KINDS: dict[str, ModuleType] = {
    "interleave": interleave,
    "crossed": crossed,
    "person": person,
    "fault": faults,
    "processes": processes,
    "strangers": strangers,
    "hostile": hostile,
    "terminal": terminal,
    "rubbish": rubbish,
}


def chosen(kind: str, seed: int = SEED) -> list[Cell]:
    """The cells of the short form for one kind."""
    chance = Random(f"{seed} {kind}")
    ours = one_of_each(chance)
    if kind == "terminal":
        return terminal.cells("triage")
    if kind == "rubbish":
        return [cell for name in scenarios() for cell in rubbish.cells(name) if cell.what.endswith(f"@{seed % 5}")]
    if kind == "processes":
        return [Cell(kind, "triage", "3"), Cell(kind, chance.choice(ours), chance.choice(("2", "4-one-killed")))]
    if kind == "hostile":
        pairs = zip(_around(ours), hostile.SHAPES, strict=False)
        return [
            Cell(kind, ours[0] if shape == "long" else name, shape) for name, shape in pairs
        ]  # a sweep reads it often
    if kind == "strangers":
        return [cell for name in ours for cell in chance.sample(strangers.cells(name), 2)]
    if kind == "interleave":
        plain = [Cell(kind, name, str(number)) for name in ours for number in sorted(_places(name, chance))]
        of_tickets = [name for name in ours if road(name).scenario.ticket]
        ways = [(way, chance.choice(of_tickets)) for way in (interleave.LATE, interleave.TAKEN)]
        return plain + [Cell(kind, name, f"{max(_places(name, chance))}-{way}") for way, name in ways]
    if kind == "crossed":
        return [chance.choice(cells) for name in ours if (cells := _crossed(name, chance))]
    if kind == "person":
        pairs = [(act, name) for act, name in zip(_rolled(person.ACTS, len(ours)), _around(ours), strict=False)]
        return [Cell(kind, name, f"{act}@{max(_places(name, chance))}") for act, name in pairs]
    pairs = list(zip((*faults.FAULTS, *faults.KILLS, faults.SUMMER), _around(ours), strict=False))
    return [Cell(kind, name, f"{fault}@{chance.choice(road(name).positions)}") for fault, name in pairs]


def one_of_each(chance: Random) -> list[str]:
    """A scenario of each runbook that writes."""
    by_runbook: dict[str, list[str]] = {}
    for name, scenario in scenarios().items():
        by_runbook.setdefault(scenario.runbook, []).append(name)
    return [chance.choice(names) for names in by_runbook.values()]


def _crossed(name: str, chance: Random) -> list[Cell]:
    """Of one other runbook that has something to do there."""
    others = crossed.names(name)
    some = (crossed.cells_with(name, other) for other in chance.sample(others, len(others)))
    return next((cells for cells in some if cells), [])


def _places(name: str, chance: Random) -> tuple[int, int]:
    """Anywhere, and somewhere among the effects."""
    calls = road(name).calls
    first = next((call.number for call in calls if call.writes), 1)
    return chance.randint(1, len(calls)), chance.randint(first, len(calls))


def _around(names: list[str]) -> Iterable[str]:
    """One after another, without end."""
    while True:
        yield from names


def _rolled(acts: Iterable[str], least: int) -> list[str]:
    """Every act, and some again where there are more runbooks than acts."""
    found = list(acts)
    return found + found[: max(0, least - len(found))]

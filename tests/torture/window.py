"""The window that no client can close: from a run's last look to the write that leans on it, and what landed in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from torture import interleave, person
from torture.cells import Cell, Verdict
from torture.scenarios import road, scenarios
from torture.wire import Call
from torture.world import world

KINDS = {"interleave": interleave, "person": person}
ROW = "window"
DOES = "Something lands between a run's last look and its write"


@dataclass(frozen=True)
class Wide:
    """How wide it stands in one run before one write: other calls in it, and its share of the run's time."""

    calls: int
    share: float


def line(results: Sequence[tuple[Cell, Verdict]]) -> str:
    """The row of the window on the page of promises; empty where no such place was tried."""
    tried = [verdict for cell, verdict in results if inside(cell) and not verdict.passed]
    if not tried:
        return ""
    places = sum(inside(cell) for name in scenarios() for kind in KINDS.values() for cell in kind.cells(name))
    landed = sum(bool(verdict.window) for verdict in tried)
    return f"| {ROW} | {DOES} | {places} | {len(tried)} | {len(tried) - landed} | {landed} |"


def inside(cell: Cell) -> bool:
    """Whether an undisturbed run would be held there between a look and its write."""
    return cell.kind in KINDS and KINDS[cell.kind].in_window(cell, road(cell.scenario).calls)


def width() -> str:
    """How wide it is, measured now over every run, in words."""
    found = [each for name in scenarios() for each in of(name)]
    none, share = sum(not each.calls for each in found), [each.share for each in found]
    return (
        f"Of {len(found)} writes that lean on a look, {none} follow it at once; between each of the others and its look lie "
        f"{max(each.calls for each in found)} other calls at most. On the sandbox, whose answers take no time, the window is "
        f"{100 * median(share):.0f} % of its run's time, as a median."
    )


def of(name: str) -> list[Wide]:
    """The windows of one undisturbed run."""
    made, here = road(name), world()
    sent, told = dict[int, float](), dict[int, float]()

    def timed(call: Call, go: Any) -> Any:
        sent[call.number] = perf_counter()
        answer = go()
        told[call.number] = perf_counter()
        return answer

    here.back(made.kept)
    begun = perf_counter()
    calls = here.run(made.scenario.runbook, made.scenario.given, timed).calls
    whole, found, look = perf_counter() - begun, [], 0
    for call in calls:
        if re.search(interleave.LOOKS, f"{call.method} {call.path}"):
            look = call.number
        elif call.writes:
            if look and ".claim" not in str(call.said):  # which is looked for afterwards
                found.append(Wide(call.number - look - 1, (sent[call.number] - told[look]) / whole))
            look = 0
    return found

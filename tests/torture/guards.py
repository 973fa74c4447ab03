"""`python -m torture.guards`: each guard is taken out by hand once, and a cell that is green with it has to turn red.

A guard that is missing here, or that no cell misses, is one that nobody would notice losing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from deskbook.engine import actions, claims, running
from deskbook.model.case import Case
from deskbook.services import place
from deskbook.tickets import issue_form
from torture.cells import Cell
from torture.scenarios import road
from torture.short import KINDS


@dataclass(frozen=True)
class Guard:
    """What is taken out, and the cells of which one at least has to notice."""

    name: str
    without: Callable[[], AbstractContextManager[Any]]
    cells: Callable[[], list[Cell]]


def _effects(kind: str, name: str, prefix: str = "", every: int = 3) -> list[Cell]:
    """Cells of that kind among the effects of a scenario."""
    made = road(name)
    first = next(call.number for call in made.calls if call.writes)
    return [
        Cell(kind, name, f"{prefix}{number}") for number in made.positions if number >= first and number % every == 0
    ]


def _whole_references() -> AbstractContextManager[Any]:
    """References of whoever wrote them."""
    real = Case.references

    def anybody(case: Case) -> Any:
        entries = tuple(replace(e, incoming=False, author=case.agents[0].id) for e in case.entries)
        return real(replace(case, entries=entries))

    return patch.object(Case, "references", anybody)


GUARDS = (
    Guard("the first claim goes on alone", lambda: patch.object(claims.Claim, "first", _first), lambda: _effects("interleave", "triage")),
    Guard("a claim of a dead process does not hold", lambda: patch.object(place.Place, "lives", lambda *_: True), lambda: _effects("fault", "triage", "kill@")),
    Guard("a look before a mail", lambda: patch.object(running.Run, "_look", lambda *_: None), lambda: _effects("person", "resolve", "answers@", 1)),
    Guard("a comparison before a change", lambda: patch.object(running.Run, "_compare", lambda *_: None), lambda: _effects("person", "resolve", "closes@", 1)),
    Guard("what landed is not repeated", lambda: patch.object(actions, "_said", lambda *_: None), lambda: _effects("fault", "triage", "kill@", 1)),
    Guard("references count by their author", _whole_references, lambda: [Cell("strangers", name, "forged-in-mail") for name in ("triage", "timebox", "resolve")]),
    Guard("foreign words are neutral in an issue", lambda: patch.multiple(issue_form, plain_markdown=lambda text: text, _parted=lambda text: text), lambda: [Cell("hostile", "timebox", shape) for shape in ("mention", "link", "slash")]),
)  # fmt: skip


def _first(claim: claims.Claim, case: Case) -> None:
    """Finds its own note, and nobody before it."""
    claim.entry = next(each.entry.id for each in claims.standing(case) if each.run == claim.run)


def missed(guard: Guard) -> Cell | None:
    """The first cell that turns red without this guard."""
    for cell in guard.cells():
        if KINDS[cell.kind].run(cell).faults:
            continue  # red as it is, so it tells nothing
        with guard.without():
            if KINDS[cell.kind].run(cell).faults:
                return cell
    return None


def main() -> int:
    unseen = 0
    for guard in GUARDS:
        cell = missed(guard)
        unseen += cell is None
        print(f"{guard.name:<45} {f'{cell} turns red' if cell else 'NOBODY NOTICES'}", flush=True)
    return unseen


if __name__ == "__main__":
    sys.exit(main())

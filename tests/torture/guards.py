"""`python -m torture.guards`: each guard is taken out by hand once, and a cell that is green with it has to turn red.

A guard that is missing here, or that no cell misses, is one that nobody would notice losing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from deskbook.engine import actions, claims, plan, running
from deskbook.errors import AnswerLost
from deskbook.language import redaction, text
from deskbook.model.case import Case
from deskbook.services import http, place
from deskbook.tickets import issue_form
from torture import interleave
from torture.cells import Cell, Verdict
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


def _first(claim: claims.Claim, case: Case) -> None:
    """Finds its own note, and nobody before it."""
    claim.entry = next(each.entry.id for each in claims.standing(case) if each.run == claim.run)


def _everywhere(function: Callable[..., Any], instead: Callable[..., Any]) -> AbstractContextManager[Any]:
    """The function replaced in every module that has it."""
    stack = ExitStack()
    for module in [each for name, each in sys.modules.items() if name.startswith("deskbook.")]:
        for name, value in list(vars(module).items()):
            if value is function:
                stack.enter_context(patch.object(module, name, instead))
    return stack


def _repeated(self: http.Service, *said: Any) -> Any:
    """A write whose answer was lost is sent again."""
    try:
        return _send_once(self, *said)
    except AnswerLost:
        return _send_once(self, *said)


_send_once = http.Service._send_once


def _same_runbook(claim: claims.Claim, case: Case) -> Any:
    """Heeds claims of its own runbook alone."""
    found = _real_first(claim, case)
    return found if found and found.runbook == claim.runbook else None


_real_first = claims.Claim.first


def _never_late() -> AbstractContextManager[Any]:
    return patch.multiple(claims.Claim, over=lambda _: False, unseen=lambda _: False, look=lambda *_: None)


def _some(kind: str, names: Iterable[str], whats: Iterable[str]) -> list[Cell]:
    return [Cell(kind, name, what) for name in names for what in whats]


def _before_effects(name: str, act: str) -> list[Cell]:
    """A person's act between the claim and the first effect."""
    writes = [call.number for call in road(name).calls if call.writes]
    return [Cell("person", name, f"{act}@{number}") for number in range(writes[0], writes[1] + 1)]


GUARDS = (
    Guard("the first claim goes on alone", lambda: patch.object(claims.Claim, "first", _first), lambda: _effects("interleave", "triage")),
    Guard("a claim holds against every runbook", lambda: patch.object(claims.Claim, "first", _same_runbook), lambda: _effects("crossed", "timebox", "triage@")),
    Guard("a claim of a dead process does not hold", lambda: patch.object(place.Place, "lives", lambda *_: True), lambda: _effects("fault", "triage", "kill@")),
    Guard("whoever was taken over notices", lambda: patch.object(claims.Claim, "look", lambda *_: None), lambda: [Cell("interleave", "timebox", f"{number}-taken") for number in road("timebox").positions[30:46]]),
    Guard("a run that took too long stops", _never_late, lambda: [Cell("interleave", "timebox", f"{number}-late") for number in road("timebox").positions[18:60]]),
    Guard("the facts are those of the plan", lambda: patch.object(plan.Plan, "digest", property(lambda _: "p-0123456789-abc")), lambda: [*_before_effects("triage", "retypes"), *_before_effects("escalate", "closes-issue"), *_before_effects("resolve-not-fixed", "closes-issue")]),
    Guard("a look before a mail", lambda: patch.object(running.Run, "_look", lambda *_: None), lambda: _effects("person", "resolve", "answers@", 1)),
    Guard("a comparison before a change", lambda: patch.object(running.Run, "_compare", lambda *_: None), lambda: _effects("person", "resolve", "closes@", 1)),
    Guard("what landed is not repeated", lambda: patch.object(actions, "_said", lambda *_: None), lambda: _effects("fault", "triage", "kill@", 1)),
    Guard("what was not posted is not said to be about to be", lambda: patch.object(running.Run, "_take_back", lambda *_: None), lambda: _some("fault", ("triage-notice",), ("summer@18",))),
    Guard("a write is sent once", lambda: patch.object(http.Service, "_send_once", _repeated), lambda: _effects("fault", "triage", "reset@", 1)),
    Guard("references count by their author", _whole_references, lambda: _some("strangers", ("triage", "timebox", "resolve"), ("forged-in-mail",))),
    Guard("passwords are taken out", lambda: _everywhere(redaction.redact, lambda text, about="": text), lambda: _some("strangers", ("triage-stranger",), ("password-0",))),
    Guard("foreign words are neutral in an issue", lambda: patch.multiple(issue_form, plain_markdown=lambda text: text, _parted=lambda text: text), lambda: _some("hostile", ("timebox",), ("mention", "link", "slash"))),
    Guard("foreign words are neutral on the ticket", lambda: _everywhere(text.plain_markdown, lambda said: said), lambda: _some("hostile", ("timebox", "triage", "workshop", "escalate"), ("link", "script-link", "image-link", "autolink"))),
    Guard("a terminal obeys nothing of theirs", lambda: patch.object(text, "_OBEYED", re.compile("(?!)")), lambda: _some("terminal", ("triage",), ("ansi/due", "bidi/due"))),
)  # fmt: skip


def missed(guard: Guard) -> Cell | None:
    """The first cell that turns red without this guard."""
    for cell in guard.cells():
        if _tried(cell).faults:
            continue  # red as it is, so it tells nothing
        with guard.without():
            red = _tried(cell).faults
        if red:
            return cell
    return None


def _tried(cell: Cell) -> Verdict:
    """Without what was kept of runs with the guard, or without."""
    interleave._known.clear()
    return KINDS[cell.kind].run(cell)


def main() -> int:
    unseen = 0
    for guard in GUARDS:
        cell = missed(guard)
        unseen += cell is None
        print(f"{guard.name:<45} {f'{cell} turns red' if cell else 'NOBODY NOTICES'}", flush=True)
    return unseen


if __name__ == "__main__":
    sys.exit(main())

"""Two at once: one run is held before one of its calls while another goes to its end; then the first goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from building import ORGANIZATION

from torture.cells import Cell, Verdict
from torture.scenarios import Road, road
from torture.seen import Item, difference, more_than_once
from torture.wire import Call, unwatched
from torture.world import Ran, apart, world


def cells(name: str) -> list[Cell]:
    """One for each call of the run."""
    return [Cell("interleave", name, str(number)) for number in road(name).positions]


def run(cell: Cell) -> Verdict:
    here, made = world(), road(cell.scenario)
    scenario, at = made.scenario, int(cell.what)
    here.back(made.kept)
    others: list[Ran] = []

    def other() -> Ran:
        return replace(here.run(scenario.runbook, scenario.given), calls=())

    def hold(call: Call, go: Any) -> Any:
        if call.number == at:
            with unwatched():
                code, ran = apart(other)
            others.append(ran or Ran(None, f"the other process ended with {code}", typed=False))
        return go()

    first = here.run(scenario.runbook, scenario.given, hold)
    middle = here.seen()
    return judged(made, [first, *others], more_than_once(made.after, middle), resumed(made))


_known: dict[tuple[str, str], tuple[Ran, Counter[Item]]] = {}


def plainly(made: Road) -> tuple[Ran, Counter[Item]]:
    """A plain run from here, and what stands there then. From one and the same state it comes to the same each time, so
    it is made once."""
    here, scenario = world(), made.scenario
    key = scenario.name, here.state()
    if key not in _known:
        ran = replace(here.run(scenario.runbook, scenario.given), calls=())
        _known[key] = ran, here.seen()
    return _known[key]


def resumed(made: Road) -> tuple[Ran | None, Counter[Item]]:
    """A plain run, if not everything stands as it should: what is not done yet is done by whoever comes next."""
    seen = world().seen()
    return plainly(made) if seen != made.after else (None, seen)


def judged(made: Road, runs: Sequence[Ran], sooner: list[str], then: tuple[Ran | None, Counter[Item]]) -> Verdict:
    """Against the undisturbed run: doubled at once, otherwise after a plain second run, untyped, or not told who."""
    verdict, (last, left) = Verdict(), then
    verdict.doubled += sooner
    for each in difference(made.after, left):
        kind = (
            "doubled" if each.startswith(("doubled", "extra")) else "lost" if each.startswith("lost") else "otherwise"
        )
        if each not in verdict.doubled:
            getattr(verdict, kind).append(each)
    verdict.untyped += [ran.untyped for ran in runs if ran.untyped]
    verdict.untold += [f"{ran.failure[:160]}" for ran in runs if not told(ran)]
    if last and last.failure:
        verdict.lost.append(f"the run after it does not end well: {last.failure[:200]}")
    if last and last.untyped:
        verdict.untyped.append(last.untyped)
    return verdict


def told(ran: Ran) -> bool:
    """Whether a run that was stopped says who is at it, as far as a place tells: a company does not."""
    known = [*(person.name for person in ORGANIZATION.people), "by another run, or by hand"]
    return not ran.failure or any(name in ran.failure for name in known)

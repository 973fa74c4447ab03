"""Two at once: one run is held before one of its calls while another goes to its end; then the first goes on.

The other one comes at once; or eleven minutes later from another machine, which cannot see that the first still lives; or
after a person has taken the ticket away from the first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from building import ORGANIZATION

from deskbook.engine import claims
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.place import Place
from torture.cells import Cell, Verdict
from torture.scenarios import Road, road
from torture.seen import Item, difference, more_than_once
from torture.wire import Call, unwatched
from torture.world import Ran, apart, world

LATE, TAKEN = "late", "taken"
TOO_LONG = f"this run has taken more than {claims.WORKS.seconds // 60} minutes"
LATER = 11 * 60  # seconds; no claim holds so long where its run cannot be seen
TALK = r"^GET api/v2/tickets/\d+(/conversations|\?include=conversations)"
POSTED = r"^GET slack/api/conversations.history"
LOOKS = rf"({TALK}|{POSTED})"
NEAR = 3  # calls from a look to the write that it belongs to, at most


def cells(name: str) -> list[Cell]:
    """Each way for each call of the run."""
    made = road(name)
    ways = ("", LATE, TAKEN) if made.scenario.ticket else ("",)
    return [Cell("interleave", name, f"{number}-{way}".strip("-")) for way in ways for number in made.positions]


def run(cell: Cell) -> Verdict:
    here, made = world(), road(cell.scenario)
    number, _, way = cell.what.partition("-")
    scenario, at = made.scenario, int(number)
    here.back(made.kept)
    others: list[Ran] = []

    def other() -> Ran:
        if way == TAKEN:
            claims.take_over(here.desk(), scenario.ticket, _let_pass)
        if way == LATE:
            here.elsewhere = Place("0badcafe", "another machine", 1, "1")
        return replace(here.run(scenario.runbook, scenario.given), calls=())

    def hold(call: Call, go: Any) -> Any:
        if call.number == at:
            if way == LATE:
                with here.store.transaction():
                    here.store.advance(LATER)
            with unwatched():
                code, ran = apart(other)
            if way:  # the first one's own clock has gone on meanwhile
                patched.enter_context(patch.object(Freshdesk, "now", lambda _: here.store.now()))
            others.append(ran or Ran(None, f"the other process ended with {code}", typed=False))
        return go()

    with ExitStack() as patched:
        first = here.run(scenario.runbook, scenario.given, hold)
    middle = here.seen()
    verdict = judged(made, [first, *others], more_than_once(made.after, middle), resumed(made))
    if way == LATE:  # it may only say that it took too long
        verdict.untold = [each for each in verdict.untold if TOO_LONG not in each]
    if in_window(cell, first.calls):
        verdict.window, verdict.doubled = verdict.doubled, []
        verdict.untold = [] if way else verdict.untold
    return verdict


def in_window(cell: Cell, calls: Sequence[Call]) -> bool:
    """Whether the other run falls between a look and its write: where the first holds its claim for its own still, or where
    there is nothing to claim, and the chat has no lock."""
    number, _, way = cell.what.partition("-")
    at = int(number)
    if way:
        return calls[at - 1].writes or between(calls, at, LOOKS)
    return not road(cell.scenario).scenario.ticket and between(calls, at, POSTED)


def _let_pass(seconds: float) -> None:
    with world().store.transaction():
        world().store.advance(seconds + 1)


def between(calls: Sequence[Call], at: int, looks: str, near: int = NEAR) -> bool:
    """Whether this fell between a look and the write that followed it at once."""
    seen = [c.number for c in calls if c.number < at and re.search(looks, f"{c.method} {c.path}")]
    after = [c.number for c in calls if c.number >= at and c.writes]
    if not seen or not after or after[0] - seen[-1] > near:
        return False
    return not any(c.writes for c in calls if seen[-1] < c.number < after[0])


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
    for each in unlike(made.after, left):
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


def unlike(wanted: Counter[Item], left: Counter[Item]) -> list[str]:
    """What differs; but how a digest reads is a matter of the moment at which it was written."""
    return [each for each in difference(wanted, left) if not ("otherwise: post" in each and "sweep.tell" in each)]


def told(ran: Ran) -> bool:
    """Whether a run that was stopped says who is at it, as far as a place tells: a company does not."""
    known = [*(person.name for person in ORGANIZATION.people), "by another run, or by hand", "somebody took"]
    return not ran.failure or any(name in ran.failure for name in known)

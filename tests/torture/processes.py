"""Two to eight real processes at once, on one ticket and on a hundred: what one run alone would do is done once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from torture import acts
from torture.cells import Cell, Verdict
from torture.interleave import judged, resumed
from torture.scenarios import road
from torture.seen import Item, more_than_once
from torture.world import Ran, at_once, kill, world

MANY = 100


def cells(name: str) -> list[Cell]:
    """2 to 8 processes on the scenario; the same with one of them killed on the way; a hundred tickets for triage."""
    found = [Cell("processes", name, f"{count}") for count in range(2, 9)]
    found += [Cell("processes", name, f"{count}-one-killed") for count in (2, 4, 8)]
    return [*found, Cell("processes", name, f"{MANY}-tickets")] if name == "triage" else found


def run(cell: Cell) -> Verdict:
    if cell.what.endswith("-tickets"):
        return _many(int(cell.what.partition("-")[0]))
    here, made = world(), road(cell.scenario)
    count, killed = int(cell.what.partition("-")[0]), cell.what.endswith("killed")
    here.back(made.kept)
    place = random.randrange(1, len(made.calls) + 1)

    def one(dies: bool) -> Callable[[], Ran]:
        def work() -> Ran:
            around = None
            if dies:
                around = lambda call, go: kill() if call.number == place else go()  # noqa: E731
            return replace(here.run(made.scenario.runbook, made.scenario.given, around), calls=())

        return work

    runs = [ran for ran in at_once([one(killed and index == 0) for index in range(count)]) if ran]
    middle = here.seen()
    return judged(made, runs, more_than_once(made.after, middle), resumed(made))


def _many(tickets: int) -> Verdict:
    """A hundred new tickets, each triaged by two of four processes that go through all of them in an order of their own."""
    here, verdict = world(), Verdict()
    here.back(road("triage").kept)
    numbers = []
    for number in range(tickets):
        mail = {"from": "ada@aurora.example.org", "subject": f"xarray {number}", "body": "xarray does not import."}
        numbers.append(int(acts.call("POST", "/sandbox/incoming", mail)["ticket_id"]))
        with here.store.transaction():
            here.store.advance(3600)

    def worker(order: Sequence[int]) -> Callable[[], list[str]]:
        def work() -> list[str]:
            return [ran.untyped for number in order if (ran := here.run("triage", {"ticket_id": number})).untyped]

        return work

    orders = [random.sample(numbers, len(numbers)) for _ in range(4)]
    for errors in at_once([worker(order) for order in orders]):
        verdict.untyped += errors or []
    made = Counter(str(item) for item in here.seen().elements() if item.made and _about(item, numbers))
    verdict.doubled += [f"doubled: {name} ({count} times)" for name, count in made.items() if count > 1]
    for number in numbers:
        ran = here.run("triage", {"ticket_id": number}, apply=False)
        left = (
            [line.key for line in ran.receipt.actions if line.state != "already done"] if ran.receipt else [ran.error]
        )
        verdict.lost += [f"ticket {number}: {each} is not done" for each in left]
    return verdict


def _about(item: Item, numbers: Sequence[int]) -> bool:
    first, _, _ = item.what.partition(" ")
    return item.kind in ("mail", "note", "reply") and first.isdecimal() and int(first) in numbers

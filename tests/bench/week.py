"""A week of a large desk, hour by hour: a year of 26,000 tickets of 1,000 communities, and a sweep in each hour.

`PYTHONPATH=tests python -m bench.week hours=168` prints every sweep and the table. It is no part of `make bench`, since it
takes long. The sandbox is a process of its own: processor time and memory are the sweeps' alone.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bench.reads import STORIES, Row, everybody_represents, year
from deskbook import connect, runbook
from deskbook.config.settings import Settings
from deskbook_sandbox.server import Running

TICKETS, COMMUNITIES, WEEK = 26_000, 1_000, 168  # of a year, of all, hours
ARRIVALS = ceil(
    TICKETS / 365 / 24
)  # new tickets in an hour; as many answers come in, and as many are resolved by colleagues
ANSWERS = ("Thank you, that solved it!", "Sorry, it still fails with the same error.", "Here is what we see: KeyError.")


@dataclass(frozen=True)
class Hour:
    """One sweep: its calls by kind, seconds of processor, the most memory that the process had (MB), how many tickets it
    worked on, and what failed."""

    made: Counter[str]
    processor: float
    memory: int
    worked: int
    failure: str

    @property
    def helpdesk(self) -> int:
        return sum(count for call, count in self.made.items() if "/api/v2/" in call)

    @property
    def pages(self) -> int:
        return self.made["GET /api/v2/tickets"]

    @property
    def others(self) -> int:
        return self.made.total() - self.helpdesk

    def __str__(self) -> str:
        calls = f"{self.helpdesk} calls to the helpdesk ({self.pages} pages), {self.others} to others"
        return f"{self.worked} worked on, {calls}, {self.processor:.2f} s, {self.memory} MB {self.failure}"


class World:
    """The sandbox in a process of its own, asked over a pipe."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.url: str = pipe.recv()

    def passes(self) -> None:
        """An hour goes by, with its arrivals, answers and colleagues."""
        self.pipe.send("hour")
        self.pipe.recv()

    def calls(self) -> Counter[str]:
        self.pipe.send("calls")
        told: Counter[str] = self.pipe.recv()
        return told


@contextmanager
def world() -> Iterator[World]:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_live, args=(theirs,), daemon=True)
    process.start()
    try:
        yield World(ours)
    finally:
        process.terminate()
        process.join()


def _live(pipe: Connection) -> None:
    dice = random.Random(TICKETS)
    with year(TICKETS, COMMUNITIES) as running:
        everybody_represents(running.store)
        running.store.advance(3600)
        pipe.send(running.url)
        while True:
            if pipe.recv() == "calls":
                pipe.send(Counter(running.store.requests))
            else:
                _hour(running, dice)
                pipe.send("")


def _hour(running: Running, dice: random.Random) -> None:
    store = running.store
    store.advance(3600)
    with store.lock:
        asking = store.rows("SELECT email FROM fd_contacts WHERE email LIKE '%.example.net'")
        told = store.rows(
            "SELECT ticket.id, email FROM fd_tickets ticket JOIN fd_contacts contact ON contact.id = requester_id "
            "WHERE status IN (3, 4) AND email LIKE '%.example.net' ORDER BY ticket.id DESC LIMIT 500"
        )
        taken = store.rows("SELECT id FROM fd_tickets WHERE status = 2 AND responder_id IS NOT NULL")
    for row in dice.sample(asking, ARRIVALS):
        what, body = dice.choice(STORIES)
        _write(running, {"from": row["email"], "subject": what, "body": body})
    for row in dice.sample(told, min(len(told), ARRIVALS)):
        _write(running, {"from": row["email"], "ticket_id": row["id"], "subject": "", "body": dice.choice(ANSWERS)})
    helpdesk = connect(Settings(sandbox_url=running.url)).helpdesk
    for row in dice.sample(taken, min(len(taken), ARRIVALS)):
        helpdesk.update(row["id"], {"status": "Resolved"})


def _write(running: Running, mail: dict[str, object]) -> None:
    requests.post(f"{running.url}/sandbox/incoming", json=mail, timeout=60).raise_for_status()


def sweep(world: World, folder: Path) -> Hour:
    """One sweep, as a process that was just started makes it: it knows what the last one left on disk."""
    before, begun = world.calls(), time.process_time()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest mark begins anew
    desk, book = connect(Settings(sandbox_url=world.url, runs=folder)), runbook("sweep")
    facts = book.read(desk)
    plan = book.plan(facts, book.decide(facts))
    receipt = plan.run(desk, apply=True)
    seconds, made = time.process_time() - begun, Counter[str]()
    for call, count in (world.calls() - before).items():
        made[re.sub(r"/\d+", "/N", call)] += count
    worked = sum(line.worked for line in getattr(plan, "lines", ()))
    return Hour(made, seconds, _highest(), worked, receipt.failure)


def _highest() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def hours(count: int = WEEK) -> Iterator[Hour]:
    with world() as around, TemporaryDirectory() as folder:
        for _ in range(count):
            yield sweep(around, Path(folder))
            around.passes()


def told(found: Sequence[Hour]) -> list[Row]:
    """The table: the first sweep, which knows nothing, then the others."""
    first, rest = found[0], found[1:] or found
    return [
        (f"hours swept, {TICKETS} tickets a year of {COMMUNITIES} communities", f"{WEEK}", f"{len(found)}"),
        ("first sweep, which knows nothing: calls to the helpdesk", "–", f"{first.helpdesk}"),
        ("first sweep: tickets worked on", "–", f"{first.worked}"),
        ("first sweep: seconds of processor", "–", f"{first.processor:.1f}"),
        ("an hour: tickets worked on, median and most", "–", _spread([each.worked for each in rest])),
        ("an hour: calls to the helpdesk", "–", _spread([each.helpdesk for each in rest])),
        ("an hour: of these pages of tickets", "–", _spread([each.pages for each in rest])),
        ("an hour: calls to others", "–", _spread([each.others for each in rest])),
        ("an hour: seconds of processor", "–", _spread([each.processor for each in rest])),
        ("peak memory of a process, MB", "–", _spread([each.memory for each in found])),
        ("all: calls to the helpdesk, to others", "–", f"{sum(each.helpdesk for each in found)}, {sum(each.others for each in found)}"),
        ("all: seconds of processor", "–", f"{sum(each.processor for each in found):.0f}"),
        ("sweeps that failed", "0", f"{sum(bool(each.failure) for each in found)}"),
    ]  # fmt: skip


def _spread(values: Sequence[float]) -> str:
    middle, most = statistics.median(values), max(values)
    return f"{middle:.1f}, {most:.1f}" if any(isinstance(value, float) for value in values) else f"{middle:.0f}, {most}"


def rows(count: int = WEEK) -> list[Row]:
    return told(list(hours(count)))


def main(words: Sequence[str]) -> None:
    count = next((int(word.removeprefix("hours=")) for word in words if word.startswith("hours=")), WEEK)
    found: list[Hour] = []
    for each in hours(count):
        found.append(each)
        print(f"{len(found)}: {each}", flush=True)
    for row in told(found):
        print(" | ".join(row))
    for call, number in sum((each.made for each in found[1:]), Counter[str]()).most_common(12):
        print(f"{number / len(found[1:]):6.1f} an hour  {call}")


if __name__ == "__main__":
    main(sys.argv[1:])

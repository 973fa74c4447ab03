"""What reading costs: calls, and processor time and memory beside the least that the same calls can cost.

`python tests/bench/reads.py` prints it. Processor time is this thread's own, and the sandbox runs in a process of its own as
a helpdesk does: what it leaves for Python to clear away, and whoever else is at this machine, do not count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import ceil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import requests

sys.path.insert(0, str(Path(__file__).parents[1]))

from building import ORGANIZATION

import deskbook
from deskbook.config.settings import Settings
from deskbook.services.ports import Desk
from deskbook_sandbox import generate, server
from deskbook_sandbox.server import Running
from deskbook_sandbox.store.database import Store

Row = tuple[str, str, str]
SMALL, LARGE, HUGE = 1_000, 30_000, 100_000  # tickets of a year
NEW = 200  # tickets that come in one night
STORIES = (
    ("Add a package", "Hello, please add the package xarray to the image of our hub. Many thanks"),
    ("Install a library", "Could you install geopandas on our hub? We need it for our course notes."),
    ("How do I share a folder?", "How can I share a folder with my colleagues on the hub?"),
    ("More memory", "Could our users have a profile with more memory, 16 GB?"),
)
ROUNDS = 7  # of which the best counts


@contextmanager
def year(tickets: int, communities: int = 0) -> Iterator[Running]:
    """A sandbox with so many tickets of a year, which asks nobody to wait; 0: a thirtieth as many communities."""
    with server.start(ORGANIZATION, plan="addon-2000") as running:
        requests.post(f"{running.url}/sandbox/switches", json={"limits": False, "index_lag": 0}, timeout=60)
        generate.generate(running.store, tickets, communities)
        running.store.advance(60)
        yield running


def fresh(url: str, runs: Path | None = None) -> Desk:
    """A desk as a new process has it, which knows what is left in that folder; without one, nothing."""
    return deskbook.connect(Settings(sandbox_url=url, runs=runs or Path(mkdtemp())))


def made(running: Running, work: Callable[[], object]) -> Counter[str]:
    """The calls that some work makes; hubs are counted apart."""

    def calls() -> Counter[str]:
        told = requests.get(f"{running.url}/sandbox/state", timeout=60).json()["requests"]
        return Counter({call: count for call, count in told.items() if "/sandbox" not in call and "/hubs/" not in call})

    before = calls()
    work()
    return calls() - before


def planned(desk: Desk, name: str) -> Any:
    book = deskbook.runbook(name)
    facts = book.read(desk)
    return book.plan(facts, book.decide(facts))


def second_sweep(running: Running) -> Counter[str]:
    """The calls of a new process that finds what another one left, where nothing changed since."""
    runs = Path(mkdtemp())
    planned(fresh(running.url, runs), "sweep")
    return made(running, lambda: planned(fresh(running.url, runs), "sweep"))


def spent(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def ratio(url: str, name: str) -> float:
    """Processor time of reading and planning, beside `requests` and `json` of the very same calls."""
    sent: list[requests.PreparedRequest] = []
    real = requests.Session.send

    def noted(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        sent.append(request.copy())
        return real(session, request, **more)

    with patch.object(requests.Session, "send", noted):
        planned(fresh(url), name)

    def plainly() -> None:
        with requests.Session() as session:
            for each in sent:
                answer = session.request(str(each.method), str(each.url), headers=dict(each.headers), data=each.body)
                if "json" in answer.headers.get("Content-Type", ""):
                    answer.json()

    desks = [fresh(url) for _ in range(ROUNDS)]  # what settings and definitions cost is start-up
    pairs = [(spent(partial(planned, desk, name)), spent(plainly)) for desk in desks]  # in turn: machines are uneven
    return min(ours for ours, _ in pairs) / min(theirs for _, theirs in pairs)


def pages(running: Running, name: str) -> tuple[int, int]:
    """Pages of tickets that a runbook reads which knows nothing yet, and how many it may."""
    unfinished = running.store.value("SELECT count(*) FROM fd_tickets WHERE status != 5 AND deleted = 0 AND spam = 0")
    least = ceil(unfinished / 100)
    calls = made(running, lambda: deskbook.runbook(name).read(fresh(running.url)))
    return calls["GET /api/v2/tickets"], least + max(2, ceil(least * 0.02))


def memory(url: str) -> int:
    """What reading adds to the imports, at its highest, in MB."""
    desk = fresh(url)
    for name in ("sweep", "triage"):
        deskbook.runbook(name)
    before = _told("VmRSS")
    planned(desk, "sweep")
    return (_told("VmHWM") - before) // 1024


def _told(what: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


def apart(what: str, running: Running, *more: str) -> float:
    """What `ratio` or `memory` finds in a process of its own."""
    command = [sys.executable, __file__, what, running.url, *more]
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ).stdout)


def everybody_represents(store: Store) -> None:
    """Whoever is a contact of a community may write for it."""
    name = ORGANIZATION.fields.representatives
    with store.transaction():
        for row in store.rows("SELECT company_id, group_concat(name, char(10)) AS names FROM fd_contacts GROUP BY 1"):
            if row["company_id"]:
                set_names = "UPDATE fd_companies SET custom_fields = json_set(custom_fields, ?, ?) WHERE id = ?"
                store.db.execute(set_names, (f"$.{name}", row["names"], row["company_id"]))


def night() -> tuple[float, float, int]:
    """Calls and seconds of processor a ticket, where so many new tickets of a hundred communities are triaged and the plans
    carried out by one sweep that somebody watches; and how many tickets were acknowledged."""
    with year(NEW * 15) as running:
        store = running.store
        with store.transaction():
            store.db.execute("UPDATE fd_tickets SET status = 5, updated_at = created_at")
        everybody_represents(store)
        store.advance(3600)
        asking = store.rows("SELECT email FROM fd_contacts WHERE email LIKE '%.example.net' ORDER BY id LIMIT ?", NEW)
        for index, row in enumerate(asking):
            what, body = STORIES[index % len(STORIES)]
            mail = {"from": row["email"], "subject": what, "body": body}
            requests.post(f"{running.url}/sandbox/incoming", json=mail, timeout=60).raise_for_status()
        desk, seconds = fresh(running.url), 0.0

        def sweep() -> None:
            nonlocal seconds
            seconds = spent(lambda: planned(desk, "sweep").run(desk, apply=True, unattended=False))

        calls = made(running, sweep)
        told = store.value("SELECT count(*) FROM fd_conversations WHERE body LIKE '%triage.acknowledge%' AND private = 0 "
                           "AND created_at >= ?", store.stamp())  # fmt: skip
        return sum(calls.values()) / len(asking), seconds / len(asking), told


def rows() -> list[Row]:
    found: list[Row] = []
    for tickets in (SMALL, LARGE):
        with year(tickets) as running:
            for name in ("sweep", "prioritize"):
                took, most = pages(running, name)
                found.append((f"pages of tickets, {name} of {tickets}, knowing nothing", f"{most}", f"{took}"))
            if tickets == LARGE:
                calls = second_sweep(running)
                ours = sum(count for call, count in calls.items() if "/api/v2/" in call)
                found.append(
                    (
                        f"calls to the helpdesk, second sweep of {tickets} with nothing changed, in a new process",
                        "3",
                        f"{ours}",
                    )
                )
            for name in ("sweep", "queue", "prioritize"):
                what = f"processor time, {name} of {tickets}, beside requests and json of the same calls"
                found.append((what, "2.0", f"{apart('ratio', running, name):.1f}"))
    calls, seconds, told = night()
    what = f"{NEW} new tickets triaged and carried out by a sweep ({told} acknowledged)"
    found.append((f"{what}, calls a ticket", "8", f"{calls:.1f}"))
    found.append((f"{what}, seconds of processor a ticket", "0.25", f"{seconds:.2f}"))
    with year(HUGE) as running:
        found.append((f"memory over the imports, sweep of {HUGE}", "80 MB", f"{apart('memory', running):.0f} MB"))
    return found


def main(what: str = "", *more: str) -> None:
    if what:
        print({"ratio": ratio, "memory": memory}[what](*more))
        return
    for row in rows():
        print(" | ".join(row), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Many runs at once, beside two processes of bare papermill; a worker that is killed; two sweeps and one allowance.

python tests/bench/scaleout.py
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from building import ORGANIZATION
from talking import get, post
from workers import at_it, dask, kill, until

from deskbook import batch
from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.notebooks import notebook_of
from deskbook_sandbox import server
from deskbook_sandbox.freshdesk import account

Row = tuple[str, str, str]
RUNS = 50
ALLOWED = 150  # credits a minute, which two sweeps exceed at once
BIN = Path(sys.executable).parent


def rows() -> list[Row]:
    """What is measured, what it must reach, and what it is here."""
    bare, ours, (done, doubles) = papermill(), workers(), killed()
    refused, used = shared()
    seconds = f"{ours[0]:.0f} of {bare[0]:.0f} s, processor time {ours[1]:.0f} of {bare[1]:.0f} s"
    return [
        (
            f"{RUNS} runs, two Dask workers, against two processes of bare papermill",
            "≤ 1.1",
            f"{ours[0] / bare[0]:.2f} ({seconds})",
        ),
        ("one worker killed", f"{RUNS} of {RUNS}, no double effect", f"{done} of {RUNS}, {doubles} double"),
        (
            "429s while two sweeps share 95 % of the allowance",
            "0",
            f"{refused} (the fullest minute used {used:.0%})",
        ),
    ]


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the wall, and of the processor, of all the processes that it begins and ends."""
    begun, before = time.perf_counter(), _processor()
    work()
    return time.perf_counter() - begun, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def papermill() -> tuple[float, float]:
    """So many runs of a notebook with as many cells as triage's, all empty, none of which imports anything of ours."""
    with tempfile.TemporaryDirectory() as folder:
        book = nbformat.read(notebook_of("triage"), as_version=4)
        for cell in book.cells:
            cell.source = "" if cell.cell_type == "code" else cell.source
        path = Path(folder) / "empty.ipynb"
        nbformat.write(book, path)

        def work() -> None:
            with ProcessPoolExecutor(2, get_context("spawn")) as pool:
                list(pool.map(_execute, [str(path)] * RUNS, range(RUNS)))

        return measured(work)


def _execute(path: str, number: int) -> None:
    batch.import_jsonschema()
    import papermill

    papermill.execute_notebook(
        path,
        path.replace("empty", str(number)),
        progress_bar=False,
        log_output=False,
        shutdown_kernel="immediate",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )


@contextmanager
def sandbox(folder: Path) -> Iterator[server.Running]:
    """One in which a sweep works on so many tickets; named in the environment of all that is begun meanwhile."""
    with server.start(ORGANIZATION) as running, ExitStack() as held:
        running.store.switch(running.store.switches.model_copy(update={"sla_delay": 0.0, "limits": False}))
        for name, value in (("DESKBOOK_SANDBOX_URL", running.url), ("DESKBOOK_RUNS", str(folder))):
            os.environ[name] = value
            held.callback(os.environ.pop, name)
        yield running


def filled(running: server.Running, wanted: int) -> None:
    """New tickets from people of all communities, until a sweep has so many to work on."""
    desk = connect(Settings(sandbox_url=running.url))
    people = [each for each in desk.helpdesk.contacts() if each.mail and each.communities]
    number = 0
    while (missing := wanted - len(todo(running))) > 0:
        for _ in range(missing):
            who = people[number % len(people)]
            desk.helpdesk._http.write(  # type: ignore[attr-defined]
                "POST",
                "/tickets",
                {
                    "email": who.mail,
                    "subject": f"Please install package {number} on our hub",
                    "description": "Could you add it to our image? Thank you!",
                    "priority": 1,
                    "status": 2,
                    "source": 1,
                },
            )
            number += 1


def todo(running: server.Running) -> list[int]:
    import deskbook

    book = deskbook.runbook("sweep")
    facts = book.read(connect(Settings(sandbox_url=running.url)))
    plan: Any = book.plan(facts, book.decide(facts))
    return [line.ticket for line in plan.lines if line.worked]


def sweep(*words: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "deskbook"), "sweep", "--json", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def workers() -> tuple[float, float]:
    """The whole of it: scheduler, workers and the command begin and end."""
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as running:
        filled(running, RUNS)

        def work() -> None:
            with dask(Path(folder)) as (address, _):
                ended = sweep("--apply", "--executor", address)
                assert ended.returncode == 0, ended.stderr

        return measured(work)


def killed() -> tuple[int, int]:
    """How many tickets were done though a worker was killed in the middle, and how many effects stand twice."""
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as running, ExitStack() as held:
        filled(running, RUNS)
        tickets = todo(running)
        address, begun = held.enter_context(dask(Path(folder)))
        post(running.url, "/sandbox/faults", [{"method": "PUT", "path": "/api/v2/tickets/112", "delay": 600}])
        ended: list[subprocess.CompletedProcess[str]] = []
        going = threading.Thread(target=lambda: ended.append(sweep("--apply", "--executor", address)))
        going.start()
        until(lambda: get(running.url, "/sandbox/state")["requests"].get("PUT /api/v2/tickets/112"))
        desk = connect(Settings(sandbox_url=running.url))
        kill(begun[at_it(desk, 112)])
        post(running.url, "/sandbox/faults", [])
        going.join()
        failed = len(set(re.findall(r"ticket (\d+): ", ended[0].stderr)))
        marks: Counter[tuple[int, str]] = Counter()
        for number in tickets:
            for entry in desk.helpdesk.entries(number):
                marks.update((number, mark) for mark in re.findall(r"Ref ([\w.#@-]+)", entry.body))
        chat = Counter(message["text"] for message in get(running.url, "/sandbox/state")["chat"])
        return len(tickets) - failed, sum(count - 1 for count in (*marks.values(), *chat.values()))


def shared() -> tuple[int, float]:
    """Calls that were refused, and the part of the allowance that the fullest minute used."""
    refused, fullest, take = [0], [0.0], account.take

    def counted(meters: Any, name: str, **asked: Any) -> Any:
        reading = take(meters, name, **asked)
        refused[0] += not reading.allowed
        if name == "freshdesk total":
            fullest[0] = max(fullest[0], reading.used / reading.ceiling)
        return reading

    account.take = counted
    try:
        with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as running:
            post(running.url, "/sandbox/switches", {"limits": True, "ceilings": {"total": ALLOWED}})
            both = [threading.Thread(target=sweep) for _ in range(2)]
            for each in both:
                each.start()
            for each in both:
                each.join()
    finally:
        account.take = take
    return refused[0], fullest[0]


if __name__ == "__main__":
    for what, must, is_now in rows():
        print(f"{what} | {must} | {is_now}", flush=True)

"""A Dask scheduler and its workers, as processes of their own; and which of them is at a ticket."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from deskbook.engine.claims import RUN
from deskbook.services.ports import Desk


@contextmanager
def dask(folder: Path) -> Iterator[tuple[str, dict[int, subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process with the environment that this one has now."""
    file = folder / "scheduler.json"
    common = ["--no-dashboard", "--host", "127.0.0.1"]
    with ExitStack() as held:

        def begin(*words: str) -> subprocess.Popen[bytes]:
            path = {"PYTHONPATH": os.pathsep.join(sys.path)}
            out = held.enter_context((folder / f"{words[0]}.log").open("ab"))
            begun = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, *common], stderr=out, stdout=out, env=os.environ | path
            )
            held.callback(kill, begun)
            return begun

        worker = ("worker", "--scheduler-file", str(file), "--no-nanny", "--nthreads", "1", "--local-directory")
        begin("scheduler", "--port", "0", "--scheduler-file", str(file))
        workers = [begin(*worker, str(folder)) for _ in range(2)]
        until(lambda: file.exists() and file.read_text(encoding="utf-8").strip().endswith("}"))
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        until(lambda: (folder / "worker.log").read_text(encoding="utf-8").count("Registered to") == len(workers))
        yield address.replace("tcp", "dask"), {each.pid: each for each in workers}


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def at_it(desk: Desk, ticket: int) -> int:
    """The number of the process whose claim stands on the ticket."""
    said = " ".join(entry.body for entry in desk.helpdesk.entries(ticket))
    return next(int(told[3]) for line in re.split("<[^>]+>", said) if (told := RUN.match(line)))


def until(done: Callable[[], Any]) -> Any:
    """What it says, once that is something."""
    end = time.monotonic() + 400  # on the busiest machine
    while not (said := done()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return said

"""`make bench`: how long things take here, beside what they should take on two quiet cores. Nothing fails by it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from building import ORGANIZATION

import deskbook
from deskbook.config.settings import Settings
from deskbook_sandbox import generate, server

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
YEAR = 3_000  # tickets


def timed(what: str, target: float, work: Callable[[], object]) -> None:
    """Print the seconds of `work` beside its target."""
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    print(f"{took:7.2f} s  of {target:6.2f} s  {'     ' if took <= target else 'SLOW '} {what}", flush=True)


def called(*words: str, url: str = "") -> Callable[[], object]:
    environment = os.environ | ({"DESKBOOK_SANDBOX_URL": url} if url else {})
    return lambda: subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True)


def main() -> None:
    timed("make check", 30, called("make", "check"))
    timed("deskbook --help", 0.3, called(str(BIN / "deskbook"), "--help"))
    server.start(ORGANIZATION).stop()  # which reads the files once
    timed("a sandbox begins and ends", 0.1, lambda: server.start(ORGANIZATION).stop())
    with server.start(ORGANIZATION) as running, tempfile.TemporaryDirectory() as folder:
        run = called(str(BIN / "deskbook"), "run", "triage", "ticket_id=101", url=running.url)
        timed("deskbook run triage", 4, run)
        notebook, output = str(ROOT / "runbooks" / "triage.ipynb"), f"{folder}/out.ipynb"
        timed("papermill triage.ipynb", 6, called(str(BIN / "papermill"), notebook, output, url=running.url))
    with server.start(ORGANIZATION, plan="addon-2000") as running:
        generate.generate(running.world, YEAR)
        desk = deskbook.connect(Settings(sandbox_url=running.url))
        for name, target in (("queue", 8), ("prioritize", 8), ("report", 8)):
            runbook = deskbook.runbook(name)
            timed(f"{name} reads a year of {YEAR} tickets", target, lambda runbook=runbook: runbook.read(desk))


if __name__ == "__main__":
    main()

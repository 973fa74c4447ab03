"""The sweep as a service of a hub: once when it starts, then at the times that organization.yaml names under nights."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

from cronsim import CronSim

from deskbook.assembly import connect
from deskbook.config.settings import read_definitions
from deskbook.errors import DeskbookError
from deskbook.schedulers import words


def sweep() -> None:
    _, organization = read_definitions()
    planned = next(run for run in organization.nights.runs if run.runbook == "sweep")
    wait_for_the_desk()
    while True:
        with subprocess.Popen([sys.executable, "-m", "deskbook.cli", *words(planned)]) as run:
            try:
                run.wait()
            except KeyboardInterrupt:  # so it can still write down where it stopped
                run.terminate()
                raise
        now = datetime.now(UTC)
        time.sleep((next(CronSim(planned.at, now)) - now).total_seconds())


def wait_for_the_desk() -> None:
    """A sandbox comes up beside this; a key that is missing is told again and again."""
    while True:
        try:
            connect()
            return
        except DeskbookError as error:
            print(f"sweep: {error}", file=sys.stderr, flush=True)
            time.sleep(2)


for each in (signal.SIGINT, signal.SIGTERM):
    signal.signal(each, signal.default_int_handler)
with suppress(KeyboardInterrupt):  # the hub ends
    sweep()

"""Processor time of commands, and of pairs of them in turn: a machine that others use as well tells more by that than by a clock."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
from collections.abc import Callable, Sequence

# As on anybody's machine: compiled files are kept, and no settings of the caller's take part.
AROUND = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE"
    and not name.startswith(("DESKBOOK_", "FRESHDESK_", "GITHUB_", "SLACK_", "PAGERDUTY_"))
}


def processor(command: Sequence[str], **environment: str) -> float:
    """The seconds of processor that a command takes, with all processes that it starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=AROUND | environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(ours: Callable[[], float], baseline: Callable[[], float], pairs: int) -> float:
    """The median of so many ratios, each of a pair measured one after the other; a first pair warms up and does not count."""
    found = [ours() / baseline() for _ in range(pairs + 1)]
    return statistics.median(found[1:])

"""Where a run takes place: this process, on this machine; and whether another one that left its name still lives."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

RUNNING: set[str] = set()  # the names of the runs that this process is at


@dataclass(frozen=True)
class Place:
    """A process. `machine` tells machines and containers apart, `host` is what people call it, `began` when it started."""

    machine: str
    host: str
    process: int
    began: str

    def lives(self, machine: str, process: int, began: str, run: str) -> bool | None:
        """Whether a run of that name goes on in that process; None where that cannot be seen from here."""
        if machine != self.machine:
            return None
        if (process, began) == (self.process, self.began):
            return run in RUNNING
        import psutil  # here, since there is seldom another run to ask about

        return psutil.pid_exists(process) and _began(process) == began


def ticks() -> float:
    """Seconds on this machine's own clock, which only goes on; to tell how long ago something was read."""
    return time.monotonic()


def here() -> Place:
    """This process."""
    told = f"{_read('/proc/sys/kernel/random/boot_id') or platform.node()} {_namespace()}"
    machine = hashlib.sha256(told.encode()).hexdigest()[:8]
    return Place(machine, platform.node() or "this machine", os.getpid(), _began(os.getpid()))


def _began(process: int) -> str:
    """When a process started, in ticks since the machine did; 0 where the system does not tell. Numbers are used again."""
    told = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
    return told[19] if len(told) > 19 else "0"


def _namespace() -> str:
    """Containers on one machine number their processes each for itself."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""

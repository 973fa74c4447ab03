"""One allowance of calls for all processes here that speak to the same account: who would exceed it waits its turn.

How much is allowed, and what each kind of call costs, the answers tell. A call counts from before it is sent until a
window after its answer came, so however slow it is, no window of the service holds more than it may. What others used,
people and machines elsewhere, shows in what is left, and counts as well. The file is a cache: without it, and while half
of the allowance is left, calls just go out, and what they used is learned from the next answer.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

WINDOW = 60.0  # seconds in which a service counts
SHARE = 0.95  # of the allowance; the rest is for whoever is not counted here
LONGEST = 60.0  # seconds that a call may take
LOOK = 1.0  # seconds after which who waits looks again: a slow call may have ended
TABLES = """
PRAGMA synchronous = OFF;
PRAGMA journal_mode = MEMORY;
CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY AUTOINCREMENT, until REAL, credits REAL);
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, credits REAL);
"""
TOTAL, LEFT, USED = "X-RateLimit-Total", "X-RateLimit-Remaining", "X-RateLimit-Used-CurrentRequest"


class Allowance:
    """The allowance that is kept in this file. `clock` tells seconds, the same for all who share it."""

    def __init__(
        self, file: Path, *, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._file, self._clock, self._sleep = file, clock, sleep
        self._scarce = False  # less than half was left

    def begin(self, kind: str) -> int | None:
        """Wait until a call of this kind fits in; what `end` has to know of it."""
        while self._scarce:
            found = self._kept(lambda kept: _reserve(kept, kind, self._clock()))
            if found is None or not found[1]:
                return found[0] if found else None
            self._sleep(min(found[1], LOOK))
        return None

    def end(self, call: int | None, kind: str, headers: Mapping[str, str], wait: float | None = None) -> None:
        """The call came back with these headers, none where no answer came; `wait`: refused, and for so many seconds."""
        total, left, used = (_number(headers, name) for name in (TOTAL, LEFT, USED))
        self._scarce = self._scarce or (total is not None and left is not None and left < total / 2)

        def learn(kept: sqlite3.Connection) -> None:
            now = self._clock()
            for name, credits in ((TOTAL, total), (kind, used)):
                if credits is not None:
                    kept.execute("INSERT OR REPLACE INTO told VALUES (?, ?)", (name, credits))
            kept.execute("DELETE FROM calls WHERE id = ?", (call,))
            kept.execute("INSERT INTO calls (until, credits) VALUES (?, ?)", (now + WINDOW, _cost(kept, kind)))
            if total is not None and left is not None and (others := total - left - _used(kept, now)) > 0:
                kept.execute("INSERT INTO calls (until, credits) VALUES (?, ?)", (now + (wait or WINDOW), others))

        if self._scarce:
            self._kept(learn)

    def _kept(self, do: Callable[[sqlite3.Connection], Found]) -> Found | None:
        """Do that with the file, and nobody else meanwhile. None where it cannot be used: then nothing is limited here."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as kept:
                kept.executescript(TABLES)
                kept.execute("BEGIN IMMEDIATE")
                found = do(kept)
                kept.execute("COMMIT")
                return found
        except sqlite3.OperationalError:  # no room, or no locks
            return None
        except sqlite3.DatabaseError:  # it is no such file any more
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
        except OSError:
            pass
        return None


def call_of(method: str, path: str, include: str) -> str:
    """What a call costs hangs on its kind: the same path with other numbers in it is the same."""
    return f"{method} {re.sub(r'[0-9]+', '0', path)} {include}".strip()


def _reserve(kept: sqlite3.Connection, kind: str, now: float) -> tuple[int | None, float]:
    """Room for one call, or the seconds until there may be some."""
    kept.execute("DELETE FROM calls WHERE until <= ? OR until > ?", (now, now + 2 * (LONGEST + WINDOW)))
    total, cost, used, until = _told(kept, TOTAL), _cost(kept, kind), _used(kept, now), now
    for ends, credits in kept.execute("SELECT until, credits FROM calls ORDER BY until").fetchall():
        if total is None or used + cost <= SHARE * total:
            break
        used, until = used - credits, ends
    if until > now:
        return None, until - now
    return kept.execute(
        "INSERT INTO calls (until, credits) VALUES (?, ?)", (now + LONGEST + WINDOW, cost)
    ).lastrowid, 0.0


def _used(kept: sqlite3.Connection, now: float) -> float:
    return float(kept.execute("SELECT TOTAL(credits) FROM calls WHERE until > ?", (now,)).fetchone()[0])


def _cost(kept: sqlite3.Connection, kind: str) -> float:
    return _told(kept, kind) or 1.0


def _told(kept: sqlite3.Connection, name: str) -> float | None:
    found = kept.execute("SELECT credits FROM told WHERE name = ?", (name,)).fetchone()
    return float(found[0]) if found else None


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        return float(headers.get(name, ""))  # decimals occur
    except ValueError:
        return None

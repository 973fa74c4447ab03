"""Store of one sandbox: its database, clock, switches, counters and faults."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from deskbook.config.loader import Frozen
from deskbook.config.organization import Organization, Person
from deskbook_sandbox.faults import Fault
from deskbook_sandbox.limits import Meter

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sequences (kind TEXT PRIMARY KEY, next INTEGER NOT NULL);
"""

Seconds = Annotated[float, Field(ge=0, le=600)]
Mandatory = Literal["subject", "description", "status", "priority", "type", "group_id", "responder_id"]
Tier = Literal["trial", "growth", "pro", "enterprise", "addon-1000", "addon-2000"]


def _says(text: str) -> Any:
    """What a switch does, for the handbook's table."""
    return Field(description=text)


class Switches(Frozen):
    """How this look-alike behaves where real accounts differ. Lags and delays are seconds of wall time."""

    plan: Annotated[Tier, _says("The helpdesk's plan: its limits, and the features it has.")] = "enterprise"
    limits: Annotated[bool, _says("The helpdesk counts calls and refuses those beyond the plan's limits.")] = True
    ceilings: Annotated[
        Mapping[Literal["total", "create", "update", "list", "contacts"], Annotated[int, Field(ge=1)]],
        _says("Limits of your own, calls a minute; the plan's hold for the rest."),
    ] = {}
    missing_features: Annotated[
        tuple[str, ...], _says("Features that the account lacks, such as Surveys or Timesheets: 403.")
    ] = ()
    index_lag: Annotated[Seconds, _says("Seconds until a search sees what was written.")] = 1.0
    sla_delay: Annotated[Seconds, _says("Seconds until a new ticket shows its due dates.")] = 1.0
    required: Annotated[tuple[Mandatory, ...], _says("What a new ticket must say.")] = (
        "subject",
        "description",
        "status",
        "priority",
    )
    survey_on: Annotated[tuple[int, ...], _says("Entering one of these statuses sends the survey; 4 is Resolved.")] = (
        4,
    )
    reply_reopens: Annotated[bool, _says("The requester's mail opens a ticket that was not open.")] = True
    automatic_notices: Annotated[bool, _says("The helpdesk mails that a request or an answer came in.")] = False
    board_automation: Annotated[bool, _says("A new issue with the support label goes onto the board by itself.")] = (
        False
    )


class Store:
    def __init__(self, organization: Organization, path: Path | None, schemas: Iterable[str]) -> None:
        self.organization = organization
        self.lock = threading.RLock()
        self.faults: list[Fault] = []
        self.replaced = threading.Event()  # set when `faults` are replaced: whoever was delayed by one goes on
        self.requests: Counter[str] = Counter()
        self.meters: dict[str, Meter] = {}
        self.acting: Person | None = None  # whose key the request of this transaction has; see keys.py
        self.db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=30)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        for schema in (SCHEMA, *schemas):
            self.db.executescript(schema)
        self.switches = Switches.model_validate(self.recall("switches") or {})

    def close(self) -> None:
        with self.lock:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One writer at a time; committed when the block ends, undone when it raises."""
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def row(self, query: str, *values: Any) -> sqlite3.Row | None:
        """The first row that a query finds."""
        row: sqlite3.Row | None = self.db.execute(query, values).fetchone()
        return row

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        return self.db.execute(query, values).fetchall()

    def value(self, query: str, *values: Any) -> Any:
        """The first column of the first row, which there must be."""
        return self.db.execute(query, values).fetchone()[0]

    def insert(self, table: str, **values: Any) -> sqlite3.Row:
        """Add a row and return it whole; a list or an object is kept as JSON."""
        names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        query = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING *"
        row: sqlite3.Row = self.db.execute(query, tuple(encoded(values).values())).fetchone()
        return row

    def update(self, table: str, key: Mapping[str, Any], **values: Any) -> sqlite3.Row:
        """Change the row with this key and return it whole; a list or an object is kept as JSON."""
        marks = ", ".join(f'"{name}" = ?' for name in values)
        query = f"UPDATE {table} SET {marks} WHERE {' AND '.join(f'{name} = ?' for name in key)} RETURNING *"
        row: sqlite3.Row = self.db.execute(query, (*encoded(values).values(), *key.values())).fetchone()
        return row

    def delete(self, table: str, **key: Any) -> None:
        """Remove the rows with this key."""
        self.db.execute(f"DELETE FROM {table} WHERE {' AND '.join(f'{name} = ?' for name in key)}", tuple(key.values()))

    def remember(self, key: str, value: Any) -> None:
        """Keep a small JSON value beside the tables; it survives a restart of a stored sandbox."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    def recall(self, key: str) -> Any:
        row = self.row("SELECT value FROM meta WHERE key = ?", key)
        return None if row is None else json.loads(row["value"])

    def switch(self, switches: Switches) -> None:
        self.switches = switches
        self.remember("switches", switches.model_dump())

    def set_faults(self, faults: Iterable[Fault]) -> None:
        """Replace the failures on order; a request that one of them delays waits no longer."""
        with self.lock:
            self.faults[:] = faults
            self.replaced.set()
            self.replaced = threading.Event()

    def empty(self) -> None:
        """Forget every record; switches stay, and the clock keeps what `rewind` needs."""
        for (table,) in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table != "meta" and not table.startswith("sqlite_"):
                self.db.execute(f'DELETE FROM "{table}"')
        self.requests.clear()
        self.meters.clear()
        self.set_faults([])

    def next_id(self, kind: str, start: int = 1) -> int:
        """The next number of this kind; `start` counts only the first time a kind is asked for."""
        query = "INSERT INTO sequences VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET next = next + 1 RETURNING next"
        return int(self.value(query, kind, start + 1)) - 1

    def reserve_id(self, kind: str, used: int) -> None:
        """Make sure that `next_id` never gives out `used` or a smaller number of this kind."""
        self.db.execute(
            "INSERT INTO sequences VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET next = max(next, excluded.next)",
            (kind, used + 1),
        )

    def log(self, method: str, path: str) -> None:
        """Count a request; GET /sandbox/state shows the counts."""
        with self.lock:
            self.requests[f"{method} {path}"] += 1

    # The clock: {"frozen": moment} stands still, {"offset": seconds} runs beside the wall clock. "home" is the moment
    # that a reset returns to: where it was frozen at the start, else the moment last set.

    def now(self) -> datetime:
        clock = self.recall("clock") or {"offset": 0.0}
        if "frozen" in clock:
            return datetime.fromisoformat(clock["frozen"])
        return datetime.now(UTC) + timedelta(seconds=clock["offset"])

    def stamp(self, moment: datetime | None = None) -> str:
        """A moment as the services write it, such as 2026-11-23T17:55:00Z; now, if none is given."""
        return stamp(moment or self.now())

    def freeze(self, moment: datetime) -> None:
        self.remember("clock", {"frozen": moment.astimezone(UTC).isoformat()})

    def advance(self, seconds: float) -> None:
        clock = self.recall("clock") or {"offset": 0.0}
        if "frozen" in clock:
            self.freeze(datetime.fromisoformat(clock["frozen"]) + timedelta(seconds=seconds))
        else:
            self.remember("clock", {"offset": clock["offset"] + seconds})

    def run(self) -> None:
        """Let the clock run on, at the pace of the wall clock, from where it is."""
        self.remember("clock", {"offset": (self.now() - datetime.now(UTC)).total_seconds()})

    def rewind(self) -> None:
        """Put the clock where a reset wants it."""
        home = self.recall("home")
        if home:
            self.freeze(datetime.fromisoformat(home["moment"]))
        else:
            self.remember("clock", {"offset": 0.0})

    def settle(self, moment: datetime, *, started: bool) -> None:
        """Freeze at `moment`, and make it the home of the clock unless the sandbox was started frozen elsewhere."""
        home = self.recall("home")
        if started or not home or not home["started"]:
            self.remember("home", {"moment": moment.astimezone(UTC).isoformat(), "started": started})
        self.freeze(moment)


def encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns keep them: lists and objects as JSON."""
    return {
        key: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value
        for key, value in values.items()
    }


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def wall() -> float:
    """Seconds of wall time, for what a frozen clock must not stop: lags, delays and rate-limit windows."""
    return time.time()

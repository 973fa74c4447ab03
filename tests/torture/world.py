"""A sandbox that is put back in a moment, and runs that can be disturbed at each of their calls.

Who else runs meanwhile is a process of its own, forked from this one, and may be killed in truth.
"""

from __future__ import annotations

import gc
import os
import pickle
import re
import signal
import sqlite3
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any

from building import ORGANIZATION, PROCESS

from deskbook import assembly
from deskbook.config.settings import Settings
from deskbook.engine.plan import Receipt
from deskbook.errors import DeskbookError
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.services.memory import ShortMemory
from deskbook.services.place import Place
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.store.database import Store
from torture.seen import Item, items
from torture.wire import HERE, Around, Call, watched

CLAIMED = re.compile(r"\bRun [0-9a-f]{12} [0-9a-f]{8} \d+ \d+")


@dataclass(frozen=True)
class Ran:
    """How a run ended: with a receipt, or before it with an error."""

    receipt: Receipt | None
    error: str = ""
    typed: bool = True
    calls: tuple[Call, ...] = ()

    @property
    def failure(self) -> str:
        return self.receipt.failure if self.receipt else self.error

    @property
    def untyped(self) -> str:
        """The error that is none of ours, in words; empty where there is none."""
        if self.receipt is None:
            return "" if self.typed else self.error
        found = re.search(r"\b(?!ServiceError)[A-Z]\w*(?:Error|Exception|Iteration)\b(?=: )", self.failure)
        return self.failure if found else ""


@dataclass
class World:
    """One sandbox of this process, and the desk's way to it."""

    running: server.Running
    elsewhere: Place | None = None  # where its runs are, if not in this process

    @property
    def store(self) -> Store:
        return self.running.store

    @property
    def url(self) -> str:
        return self.running.url

    def desk(self) -> Desk:
        where, memory = f"SANDBOX at {self.url}", ShortMemory()
        desk = assembly._practice(Settings(sandbox_url=self.url), where, PROCESS, ORGANIZATION, memory)
        return replace(desk, place=self.elsewhere) if self.elsewhere else desk

    def keep(self) -> sqlite3.Connection:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with self.store.lock:
            self.store.db.backup(kept)
        return kept

    def back(self, kept: sqlite3.Connection) -> None:
        """Everything as it was, no faults on order, and no call counted."""
        with self.store.lock:
            kept.backup(self.store.db)
            self.store.requests.clear()
            self.store.meters.clear()
            self.store.set_faults([])

    def run(self, name: str, given: Mapping[str, object], around: Around | None = None, apply: bool = True) -> Ran:
        """One run as a notebook makes it: joined, read, decided, planned, carried out."""
        with watched(around) as watch:
            try:
                desk, book = self.desk(), RUNBOOKS[name]
                facts = book.read(desk, **given)
                own = {key: value for key, value in given.items() if key != "ticket_id"}
                receipt = book.plan(facts, book.decide(facts, **own)).run(desk, apply=apply)
                return Ran(receipt, calls=tuple(watch.calls))
            except DeskbookError as error:
                return Ran(None, f"{type(error).__name__}: {error}"[:400], calls=tuple(watch.calls))
            except Exception as error:
                said = f"{type(error).__name__}: {error}"[:300]
                place = traceback.extract_tb(error.__traceback__)[-1]
                return Ran(
                    None, f"{said} ({place.filename.rpartition('/')[2]}:{place.lineno})", False, tuple(watch.calls)
                )

    def state(self) -> str:
        """A fingerprint of everything that stands there; which run and process wrote a claim is left out."""
        names = self.store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_before'")
        with self.store.lock:
            rows = [[tuple(row) for row in self.store.rows(f'SELECT * FROM "{name}"')] for (name,) in names]
        return sha256(CLAIMED.sub("Run", repr(rows)).encode()).hexdigest()

    def seen(self) -> Counter[Item]:
        with self.store.lock:
            return Counter(items(self.store))


@cache
def world() -> World:
    """The sandbox of this process. What differs from moment to moment, lags and limits, is off."""
    running = server.start(ORGANIZATION)
    with running.store.transaction():
        quiet = {"sla_delay": 0.0, "index_lag": 0.0, "limits": False}
        running.store.switch(running.store.switches.model_copy(update=quiet))
    HERE[running.url.rpartition("/")[2]] = running.server.app
    return World(running)


# Others, in processes of their own.

_leaving: list[Callable[[], None]] = []  # what the sandbox does when this process is killed


def apart(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do it in a process of its own: minus the signal or the code it ended with, and what it returned.

    This process waits, so the sandbox goes along with the other one, and comes back as it is when that one ends.
    """
    gc.freeze()  # what is not touched is not copied
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _away(mine, theirs, work)
    gc.unfreeze()
    os.close(theirs)
    with os.fdopen(mine, "rb") as answers:
        said = answers.read()
    _, status = os.waitpid(child, 0)
    told, content = pickle.loads(said) if said else (None, b"")
    if content:
        left = sqlite3.connect(":memory:")
        left.deserialize(content)
        with world().store.lock:
            left.backup(world().store.db)
        left.close()
    return os.waitstatus_to_exitcode(status), told


def _away(mine: int, theirs: int, work: Callable[[], Any]) -> None:
    """In the other process: work, and send back what it returned and the sandbox; the latter also when it is killed."""
    code = 1
    try:
        os.close(mine)
        out = os.fdopen(theirs, "wb")

        def leave(told: Any = None) -> None:
            out.write(pickle.dumps((told, world().store.db.serialize())))
            out.close()

        _leaving[:] = [leave]
        leave(work())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def kill() -> Any:
    """The end of this process, as `kill -9` makes it: nothing is tidied up."""
    for leave in _leaving:
        leave()
    os.kill(os.getpid(), signal.SIGKILL)


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each in a process of its own, all let go at one moment; what each returned, None where it was killed."""
    ready, go = os.pipe()
    children = []
    for work in works:
        mine, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(go)
                HERE.clear()  # to the sandbox of the process that started it, by HTTP
                os.read(ready, 1)  # ends when the parent closes the other side
                with os.fdopen(theirs, "wb") as out:
                    out.write(pickle.dumps(work()))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(theirs)
        children.append((child, mine))
    os.close(ready)
    os.close(go)
    said = []
    for child, mine in children:
        with os.fdopen(mine, "rb") as answers:
            said.append(answers.read())
        os.waitpid(child, 0)
    return [pickle.loads(each) if each else None for each in said]

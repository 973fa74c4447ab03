"""A sandbox that is put back in a millisecond, what stands in it as comparable lines, and runs that can be disturbed.

A disturbance is a function that is called around each call a run makes. Who else runs meanwhile is a process of its
own, forked from this one: it speaks to the same sandbox over HTTP, and may be killed in truth.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import sqlite3
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import requests
from building import ORGANIZATION, PROCESS
from requests.adapters import HTTPAdapter

from deskbook import assembly
from deskbook.engine.plan import Receipt
from deskbook.errors import DeskbookError
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.freshdesk.outgoing import outbox
from deskbook_sandbox.store.database import Store

Around = Callable[["Call", Callable[[], requests.Response]], requests.Response]
SLACK_WRITES = ("post", "create", "invite", "set", "join", "archive", "update", "delete")
OURS = re.compile(r"^(?:<p>|<div>|\s)*Ref (\S+?)(?:</p>|</div>|\s)*$", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """One request of a run: its place in the run, counted from 1, and what it asks for."""

    number: int
    method: str
    path: str
    said: Any

    @property
    def writes(self) -> bool:
        """Whether it changes something. The board is asked by POST, too, and so is the chat."""
        if "graphql" in self.path:
            return str((self.said or {}).get("query", "")).lstrip().startswith("mutation")
        if self.path.startswith("slack/"):
            return self.path.rpartition(".")[2].startswith(SLACK_WRITES)
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.number} {self.method} {self.path}"


@dataclass
class Watch:
    """What is called around each call, and the calls so far."""

    around: Around | None = None
    calls: list[Call] = field(default_factory=list)


_watches: list[Watch] = []
_send = HTTPAdapter.send


def _watched(self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
    if not _watches:
        return _send(self, request, **options)
    watch = _watches[-1]
    said = None
    if request.body and b"json" in str(request.headers.get("Content-Type", "")).encode():
        try:
            said = json.loads(request.body)
        except ValueError:
            said = None
    elif request.body and "graphql" in (request.url or ""):
        said = json.loads(request.body)
    call = Call(len(watch.calls) + 1, str(request.method), str(request.url).split("/", 3)[3], said)
    watch.calls.append(call)
    go = lambda: _send(self, request, **options)  # noqa: E731
    return watch.around(call, go) if watch.around else go()


@contextmanager
def watched(around: Around | None = None) -> Any:
    """Every call that is made in this block goes through `around`; calls that it makes itself go through nothing."""
    HTTPAdapter.send = _watched  # type: ignore[method-assign]
    watch = Watch(around)
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


@contextmanager
def unwatched() -> Any:
    """What others do meanwhile is no call of the run."""
    kept, _watches[:] = list(_watches), []
    try:
        yield
    finally:
        _watches[:] = kept


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
        if not self.typed:
            return self.error
        found = re.search(r"\b(?!ServiceError)[A-Z]\w*(?:Error|Exception|Iteration)\b(?=: )", self.failure)
        return self.failure if found else ""


@dataclass
class World:
    """One sandbox of this process, and the desk's way to it."""

    running: server.Running

    @property
    def store(self) -> Store:
        return self.running.store

    @property
    def url(self) -> str:
        return self.running.url

    def desk(self) -> Desk:
        return assembly._joined(self.url, PROCESS, ORGANIZATION)

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

    def seen(self) -> Counter[Item]:
        with self.store.lock:
            return Counter(_items(self.store))


@dataclass(frozen=True)
class Item:
    """One thing that stands somewhere. `what` says which it is, `value` what it says; `made` are things, not values."""

    kind: str
    what: str
    value: str
    made: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


@cache
def world() -> World:
    """The sandbox of this process. What differs from moment to moment, lags and limits, is off."""
    running = server.start(ORGANIZATION)
    with running.store.transaction():
        quiet = {"sla_delay": 0.0, "index_lag": 0.0, "limits": False}
        running.store.switch(running.store.switches.model_copy(update=quiet))
    return World(running)


def apart(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do it in a process of its own: minus the signal or the code it ended with, and what it returned."""
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(mine)
            with os.fdopen(theirs, "wb") as out:
                out.write(pickle.dumps(work()))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(theirs)
    with os.fdopen(mine, "rb") as answers:
        said = answers.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), pickle.loads(said) if said else None


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


def kill() -> Any:
    """The end of this process, as `kill -9` makes it: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


# What stands in the sandbox, without its ids and times.


def plain(text: object) -> str:
    """A text without what differs from run to run: digests, long ids, moments."""
    said = re.sub(r"p-[0-9a-f]{10}-[0-9a-f]+", "p-…", str(text))
    said = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)", "‹time›", said)
    said = re.sub(r"127\.0\.0\.1:\d+", "‹host›", said)
    return re.sub(r"\b[A-Z]?\d{9,}\b", "‹id›", said)


def _mark(text: str) -> str:
    """Our reference in a text, else how it begins."""
    marks = re.findall(r"\bRef (\d+-\d+-[a-z]+\.[\w#.-]*\w)", text)
    return f"Ref {marks[-1]}" if marks else plain(re.sub(r"<[^>]+>|\s+", " ", text))[:70].strip()


def _items(store: Store) -> Iterable[Item]:
    yield from _helpdesk(store)
    yield from _tracker(store)
    yield from _others(store)


def _helpdesk(store: Store) -> Iterable[Item]:
    for mail in outbox(store):
        people = f"to {mail['to']} cc {mail['cc']} bcc {mail['bcc']}"
        yield Item(
            "mail",
            f"{mail['ticket_id']} {mail['kind']} {_mark(mail['body'])}",
            plain(f"{people} {mail['subject']} {mail['body']}"),
        )
    for row in store.rows("SELECT * FROM fd_conversations ORDER BY id"):
        kind = "note" if row["private"] else "answer" if row["incoming"] else "reply"
        mark = _mark(row["body"])
        value = "a record" if mark.endswith("#record") else plain(row["body"])
        yield Item(kind, f"{row['ticket_id']} {mark}", value)
    names = (
        "subject",
        "status",
        "priority",
        "type",
        "responder_id",
        "company_id",
        "group_id",
        "tags",
        "custom_fields",
        "spam",
        "deleted",
        "cc_emails",
    )
    for row in store.rows("SELECT * FROM fd_tickets"):
        for name in names:
            value = sorted(json.loads(row[name] or "[]")) if name == "tags" else row[name]
            yield Item("ticket", f"{row['id']} {name}", str(value), made=False)
    for row in store.rows("SELECT * FROM fd_time_entries"):
        yield Item(
            "time",
            f"{row['ticket_id']} {row['agent_id']} {_mark(row['note'] or '')}",
            f"{row['seconds']} {row['timer_running']} {row['billable']}",
        )
    for row in store.rows("SELECT * FROM fd_companies"):
        yield Item(
            "company", row["name"], f"{row['domains']} {row['custom_fields']} {row['description']} {row['note']}"
        )
    for row in store.rows("SELECT * FROM fd_contacts"):
        yield Item(
            "contact",
            f"{row['name']} {row['email']}",
            plain(f"{row['company_id']} {row['other_companies']} {row['phone']}"),
        )


def _tracker(store: Store) -> Iterable[Item]:
    for row in store.rows("SELECT * FROM gh_issues"):
        labels = [
            each["label"]
            for each in store.rows("SELECT label FROM gh_issue_labels WHERE number = ? ORDER BY label", row["number"])
        ]
        yield Item("issue", row["title"], plain(f"{row['body']} {labels}"))
        for name in ("state", "assignees"):
            yield Item("issue's", f"{row['title']} {name}", str(row[name]), made=False)
    titles = {row["number"]: row["title"] for row in store.rows("SELECT number, title FROM gh_issues")}
    for row in store.rows("SELECT * FROM gh_comments"):
        yield Item("comment", f"{titles.get(row['number'])} {_mark(row['body'])}", plain(row["body"]))
    for row in store.rows("SELECT * FROM gh_items"):
        yield Item("card", f"{titles.get(row['number'])}", "")
        for each in store.rows("SELECT * FROM gh_item_values WHERE item = ?", row["id"]):
            yield Item("board", f"{titles.get(row['number'])} {each['field']}", str(each["value"]), made=False)


def _others(store: Store) -> Iterable[Item]:
    names = {row["id"]: row["name"] for row in store.rows("SELECT * FROM chat_channels")}
    for row in store.rows("SELECT * FROM chat_channels"):
        yield Item(
            "channel",
            row["name"],
            f"{row['topic']} {row['purpose']} {sorted(json.loads(row['members']))} {row['archived']}",
        )
    for row in store.rows("SELECT * FROM chat_messages ORDER BY ts"):
        mark = re.search(r"\d+-\d+-[a-z]+\.[\w#.-]*\w", row["metadata"] or "")
        yield Item("post", f"{names.get(row['channel'])} {mark[0] if mark else _mark(row['text'])}", plain(row["text"]))
    for row in store.rows("SELECT * FROM pd_incidents ORDER BY number"):
        yield Item("page", f"{row['title']} {row['key']}", plain(f"{row['details']} {row['urgency']}"))
        for name in ("status", "priority", "assigned"):
            yield Item("page's", f"{row['title']} {name}", str(row[name]), made=False)
    for row in store.rows("SELECT * FROM pd_notes ORDER BY at"):
        yield Item("page note", _mark(row["content"]), plain(row["content"]))


def difference(expected: Counter[Item], found: Counter[Item]) -> list[str]:
    """What is doubled, lost or otherwise than expected, each in a few words; empty where the two are the same."""
    wanted, there = Counter(map(str, expected.elements())), Counter(map(str, found.elements()))
    said = []
    for name in sorted(set(wanted) | set(there)):
        if there[name] > wanted[name]:
            said.append(
                f"{'doubled' if wanted[name] or there[name] > 1 else 'extra'}: {name} ({there[name]} for {wanted[name]})"
            )
        elif there[name] < wanted[name]:
            said.append(f"lost: {name} ({there[name]} for {wanted[name]})")
        elif there[name]:
            old = sorted(item.value for item in expected.elements() if str(item) == name)
            new = sorted(item.value for item in found.elements() if str(item) == name)
            if old != new:
                said.append(f"otherwise: {name}: {_apart(old, new)}")
    return said


def doubled(expected: Counter[Item], found: Counter[Item]) -> list[str]:
    """Only what stands there more often than it should."""
    return [each for each in difference(expected, found) if each.startswith(("doubled", "extra"))]


def more_than_once(expected: Counter[Item], found: Counter[Item]) -> list[str]:
    """Things that stand there more often than undisturbed; whatever else people made may stand there once."""
    wanted = Counter(str(item) for item in expected.elements() if item.made)
    there = Counter(str(item) for item in found.elements() if item.made)
    return [f"doubled: {name} ({number} times)" for name, number in there.items() if number > max(wanted[name], 1)]


def _apart(old: list[str], new: list[str]) -> str:
    one, other = next(((a, b) for a, b in zip(old, new, strict=False) if a != b), ("", ""))
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[max(0, at - 20) : at + 60]!r} became {other[max(0, at - 20) : at + 60]!r}"

"""A sweep whose tickets other processes work on does what one process does, though one of them is killed in the middle."""

from __future__ import annotations

import base64
import pickle
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from building import ORGANIZATION, PROCESS
from talking import get, post
from test_live import services
from test_sweep import facts_of
from torture.world import at_once
from workers import at_it, dask, kill, until

from deskbook.assembly import connect
from deskbook.config.settings import read_settings
from deskbook.engine.plan import Receipt
from deskbook.errors import ParameterError, SettingsError
from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.sweep.lines import lines
from deskbook.runbooks.sweep.shares import Task, by_itself, together
from deskbook.services import sharing
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.keys import key_of

REF = re.compile(r"Ref ([\w.#@-]+)")
Effects = dict[str, Any]


@contextmanager
def sandbox(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One that counts no calls, named in the environment of this process and of those that it begins."""
    with server.start(ORGANIZATION) as running:
        running.store.switch(running.store.switches.model_copy(update={"sla_delay": 0.0, "limits": False}))
        monkeypatch.setenv("DESKBOOK_SANDBOX_URL", running.url)
        monkeypatch.setenv("DESKBOOK_RUNS", str(folder))
        yield running.url


def sweep(executor: str = "") -> Receipt:
    book, desk = runbook("sweep"), connect()
    facts = book.read(desk)
    return book.plan(facts, book.decide(facts, executor=executor)).run(desk, apply=True)


def effects(url: str) -> Effects:
    """What stands at the services, however often and in whatever order it was tried."""
    state, desk = get(url, "/sandbox/state"), connect()
    said = {each["id"]: [entry.body for entry in desk.helpdesk.entries(each["id"])] for each in state["tickets"]}
    return {
        "tickets": {
            each["id"]: [each[name] for name in ("status", "responder_id", "type", "company_id")] + sorted(each["tags"])
            for each in state["tickets"]
        },
        "conversations": {number: Counter(REF.findall(" ".join(bodies))) for number, bodies in said.items()},
        "in progress": [number for number, bodies in said.items() if any("in progress" in body for body in bodies)],
        "mails": Counter((mail["ticket_id"], *REF.findall(mail["body"])) for mail in get(url, "/sandbox/outbox")),
        "chat": Counter(message["text"].splitlines()[0] for message in state["chat"]),
        "issues": Counter(issue["title"] for issue in state.get("issues", ())),
    }


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Effects:
    """What a sweep does that works on one ticket after another."""
    with pytest.MonkeyPatch.context() as patch, sandbox(tmp_path_factory.mktemp("alone"), patch) as url:
        assert sweep().failure == ""
        return effects(url)


@pytest.mark.long
def test_two_processes_do_what_one_does(alone: Effects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sandbox(tmp_path, monkeypatch) as url:
        receipt = sweep("processes:2")
        assert receipt.failure == ""
        assert effects(url) == alone
        assert sweep().actions == ()  # what they left is remembered
    assert alone["in progress"] == []
    assert max(alone["mails"].values()) == max(alone["chat"].values()) == 1


def test_two_sweeps_at_once_on_two_machines_do_everything_once(
    alone: Effects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sees the other's files, nor whether its process lives."""

    def on(machine: str) -> Callable[[], tuple[str, str]]:
        def work() -> tuple[str, str]:
            joined: Any = connect(replace(read_settings(), runs=tmp_path / machine))
            desk = replace(joined, place=replace(joined.place, machine=machine, host=machine))
            book = runbook("sweep")
            facts = book.read(desk)
            receipt: Any = book.plan(facts, book.decide(facts)).run(desk, apply=True)
            return receipt.failure, receipt.said

        return work

    with sandbox(tmp_path, monkeypatch) as url:
        both = at_once([on("aaaaaaaa"), on("bbbbbbbb")])
        assert [failure for failure, _ in both] == ["", ""]
        assert sweep().failure == ""  # what one left to the other, and the other to it, the next one does
        found = effects(url)
        for what in ("tickets", "mails", "issues", "in progress"):
            assert found[what] == alone[what]
        assert max(found["chat"].values()) == 1
        digests = [text for text in found["chat"] if text.startswith("2i2c support, ")]
        assert len(digests) == 1
        assert found["chat"].keys() - set(digests) == {text for text in alone["chat"] if "2i2c support, " not in text}


@pytest.mark.long
def test_of_two_dask_workers_one_is_killed_in_the_middle_and_all_is_done_once(
    alone: Effects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while its change of ticket 112 is under way, which lands when nobody waits for it any more."""
    with sandbox(tmp_path, monkeypatch) as url, dask(tmp_path) as (address, workers):
        change = {"method": "PUT", "path": "/api/v2/tickets/112"}
        post(url, "/sandbox/faults", [{**change, "delay": 600, "times": 1}])
        receipts: list[Receipt] = []
        going = threading.Thread(target=lambda: receipts.append(sweep(address)))
        going.start()
        until(lambda: get(url, "/sandbox/state")["requests"].get(" ".join(change.values())))
        kill(workers[at_it(connect(), 112)])
        post(url, "/sandbox/faults", [])
        going.join()
        assert receipts[0].failure == ""
        assert effects(url) == alone


def test_what_is_handed_over_names_no_secret_and_what_comes_back_can_travel(
    running: server.Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running.store.transaction():
        running.store.freeze(datetime.now(UTC))  # a live desk's clocks agree
    secret = key_of(running.store.organization.with_role("agent")[0])
    environment = services(running.url) | {"FRESHDESK_API_KEY": secret, "PAGERDUTY_TOKEN": secret}
    desk = connect(replace(read_settings(environment), runs=tmp_path))
    book = runbook("sweep")
    facts = book.read(desk)
    plan = book.plan(facts, book.decide(facts, executor="processes:2"))
    handed: list[bytes] = []

    class Pool:
        def submit(self, *task: Any) -> Future[Any]:
            handed.append(pickle.dumps(task))
            told: Future[Any] = Future()
            function, _, joins, todo, share = pickle.loads(handed[-1])
            told.set_result(pickle.loads(pickle.dumps(function(lambda: desk, joins, todo, share))))
            return told

    @contextmanager
    def opened(executor: str) -> Iterator[Any]:
        yield Pool(), lambda: 1

    monkeypatch.setattr(sharing, "opened", opened)
    receipt = plan.run(desk)
    assert receipt.failure == ""
    assert len(handed) > 5
    for each in (secret.encode(), base64.b64encode(f"{secret}:X".encode()), environment["SLACK_WEBHOOK_URL"].encode()):
        assert not any(each in task for task in handed)


def test_tickets_of_one_community_or_person_stand_in_one_share() -> None:
    tickets = [{"id": n, "community": community, "created": "2026-11-23T10:00:00Z"} for n, community in enumerate((10, 11, 10, None, 12, None), 1)]  # fmt: skip
    found = lines(facts_of({"tickets": tickets}))
    who = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 2}
    those = [
        replace(line, view=replace(line.view, listed=replace(line.view.listed, ticket=replace(line.view.ticket, requester=who[line.ticket]))))
        for line in found
    ]  # fmt: skip
    assert [[line.ticket for line in share] for share in together(those)] == [[1, 3], [2, 6], [4], [5]]


def test_a_process_that_follows_another_process_does_nothing(desk: Desk) -> None:
    found = lines(facts_of({"tickets": [{"id": 1, "created": "2026-11-23T10:00:00Z"}]}))
    other: Any = replace(desk, process=PROCESS.model_copy(update={"messages": {}}))  # type: ignore[type-var]
    with pytest.raises(SettingsError, match=r"another process.yaml or organization.yaml than the sweep"):
        by_itself(other, Task(found, False, True))


def test_a_sandbox_that_lives_in_this_process_is_shared_with_no_other() -> None:
    desk, book = connect(), runbook("sweep")
    facts = book.read(desk)
    plan = book.plan(facts, book.decide(facts, executor="processes:2"))
    with pytest.raises(ParameterError, match="Start one with `deskbook sandbox`"):
        plan.run(desk)
    assert plan.digest == book.plan(facts, book.decide(facts)).digest  # who works says nothing of what is done

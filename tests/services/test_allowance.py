"""Calls that several processes share: none is refused, whoever else uses the account, and the file may go at any time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from talking import post

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.runbooks.catalog import runbook
from deskbook.services import http
from deskbook.services.allowance import LOOK, SHARE, WINDOW, Allowance
from deskbook_sandbox import limits
from deskbook_sandbox.server import Running


@dataclass
class Clock:
    """Seconds that pass only while all who are at work wait: how long a call takes in truth is all the same."""

    now: float = 1_000_000.0
    at_work: int = 1
    until: list[float] = field(default_factory=list)  # of each who waits
    moved: Any = field(default_factory=threading.Condition)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self.moved:
            until = self.now + seconds
            self.until.append(until)
            self._go_on()
            self.moved.wait_for(lambda: self.now >= until)

    def leave(self) -> None:
        with self.moved:
            self.at_work -= 1
            self._go_on()

    def _go_on(self) -> None:
        if self.until and len(self.until) == self.at_work:
            self.now = min(self.until)
            self.until = [each for each in self.until if each > self.now]
            self.moved.notify_all()


@dataclass
class Account:
    """Counts as the helpdesk does, in windows that begin with a call; what is refused is charged, too."""

    clock: Clock
    total: float
    since: float = 0.0
    used: float = 0.0
    refused: int = 0

    def call(self, credits: float) -> dict[str, str]:
        if self.clock.now - self.since >= WINDOW:
            self.since, self.used = self.clock.now, 0.0
        self.refused += self.used + credits > self.total
        self.used = min(self.total, self.used + credits)
        left = self.total - self.used
        return {"X-RateLimit-Total": str(self.total), "X-RateLimit-Remaining": str(left), "X-RateLimit-Used-CurrentRequest": str(credits)}  # fmt: skip


def called(allowance: Allowance, account: Account, credits: float, meanwhile: Callable[[], object] = bool) -> None:
    turn = allowance.begin(f"GET {credits}")
    meanwhile()
    allowance.end(turn, f"GET {credits}", account.call(credits))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("others", [0, 1, 3])
@pytest.mark.parametrize("slow", [0.0, 7.3])
def test_no_call_is_refused_whatever_it_costs_however_slow_it_is_and_whoever_else_calls(
    tmp_path: Path, clock: Clock, others: float, slow: float
) -> None:
    account, two = Account(clock, 200.0), [Allowance(tmp_path / "c", clock=clock, sleep=clock.sleep) for _ in range(2)]
    used = 0.0
    for number in range(300):
        credits = (1, 3, 1, 2.5, 1)[number % 5]
        called(two[number % 2], account, credits, lambda number=number: clock.sleep(slow if number % 20 == 0 else 0.0))
        used += credits + others
        if others:
            account.call(others)
    assert account.refused == 0
    assert (
        clock.now - 1_000_000.0 < 1.5 * WINDOW * used / (SHARE * account.total) + 15 * slow
    )  # and little is left unused


def test_a_call_that_never_comes_back_counts_for_a_while_and_not_for_ever(tmp_path: Path, clock: Clock) -> None:
    account, allowance = Account(clock, 10.0), Allowance(tmp_path / "c", clock=clock, sleep=clock.sleep)
    for _ in range(6):
        called(allowance, account, 1)
    allowance.begin("GET 1")  # its process dies
    begun = clock.now
    for _ in range(30):
        called(allowance, account, 1)
    assert account.refused == 0
    assert clock.now - begun < 5 * WINDOW


def test_who_is_refused_waits_as_long_as_it_is_told(tmp_path: Path, clock: Clock) -> None:
    allowance = Allowance(tmp_path / "c", clock=clock, sleep=clock.sleep)
    allowance.end(None, "GET", Account(clock, 10.0, clock.now, 10.0).call(1), wait=20.0)
    begun = clock.now
    allowance.begin("GET")
    assert 20 <= clock.now - begun <= 20 + LOOK


@pytest.mark.parametrize("harm", ["gone", "rubbish", "a folder"])
def test_the_file_is_a_cache(tmp_path: Path, clock: Clock, harm: str) -> None:
    file, account = tmp_path / "runs" / "c", Account(clock, 40.0)
    allowance = Allowance(file, clock=clock, sleep=clock.sleep)
    for number in range(120):
        if number in (30, 70):
            file.unlink(missing_ok=True)
            if harm == "rubbish":
                file.write_bytes(b"rubbish" * 1000)
            elif harm == "a folder" and not file.exists():
                file.mkdir()
        with suppress(PermissionError, IsADirectoryError):
            called(allowance, account, 1)
        if harm == "a folder" and file.is_dir():
            file.rmdir()
    assert account.refused <= (0 if harm == "gone" else 2)
    assert file.is_file()


def test_where_plenty_is_left_or_no_limit_is_told_no_file_is_made(tmp_path: Path, clock: Clock) -> None:
    allowance = Allowance(tmp_path / "c", clock=clock)
    for _ in range(50):
        called(allowance, Account(clock, 1000.0), 1)
    allowance.end(allowance.begin("GET"), "GET", {"X-RateLimit-Total": "many"})
    assert list(tmp_path.iterdir()) == []


PROCESS = """
import sys
from pathlib import Path
from deskbook.services.allowance import Allowance

def stop(seconds):
    print(made)
    sys.exit()

made, told = 0, {"X-RateLimit-Total": "300", "X-RateLimit-Used-CurrentRequest": "1"}
allowance = Allowance(Path(sys.argv[1]), clock=lambda: 1e6, sleep=stop)
allowance._scarce = True
while True:
    turn = allowance.begin("GET")
    made += 1
    allowance.end(turn, "GET", told)
"""


def test_two_processes_at_once_have_one_allowance(tmp_path: Path) -> None:
    begun = [
        subprocess.Popen([sys.executable, "-c", PROCESS, str(tmp_path / "c")], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    made = [int(each.communicate()[0]) for each in begun]
    assert sum(made) == SHARE * 300


def test_two_sweeps_that_share_the_allowance_are_never_refused(
    running: Running, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox counts by the same clock."""
    post(running.url, "/sandbox/switches", {"ceilings": {"total": 40}})
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=clock))
    answers: list[int] = []
    exchange = http.exchange

    def counted(*asked: Any, **request: Any) -> Any:
        answer = exchange(*asked, **request)
        answers.append(answer.status)
        return answer

    monkeypatch.setattr(http, "exchange", counted)

    def sweep() -> None:
        desk: Any = connect(Settings(sandbox_url=running.url, runs=tmp_path))
        desk.helpdesk._http.allowance = Allowance(tmp_path / "c", clock=clock, sleep=clock.sleep)
        book = runbook("sweep")
        facts = book.read(desk)
        plan: Any = book.plan(facts, book.decide(facts))
        receipts.append(replace(plan, lines=plan.lines[:8]).run(desk))

    def worked() -> None:
        try:
            sweep()
        finally:
            clock.leave()

    receipts: list[Any] = []
    clock.at_work = 2
    two = [threading.Thread(target=worked) for _ in range(2)]
    for each in two:
        each.start()
    for each in two:
        each.join()
    assert [receipt.failure for receipt in receipts] == ["", ""]
    assert clock.now - 1_000_000.0 >= WINDOW  # so they did come near it: what was first counted had to lapse
    assert answers.count(429) == 0

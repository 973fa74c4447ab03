"""The fault matrix: every call of every run fails in every way; then a plain run resumes, and all is as if undisturbed.

What the sandbox can do on the wire (statuses, dropped connections, half answers) it does there. What would take as long
as it says, waiting and dripping, happens at the run's own end of the wire, on a clock that does not wait.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import requests

from deskbook.services import http
from deskbook.services.github import transport
from deskbook_sandbox.faults import Fault, Order
from torture.cells import Cell, Verdict
from torture.interleave import judged, resumed
from torture.scenarios import Road, road
from torture.seen import more_than_once
from torture.wire import Call, watched
from torture.world import Ran, apart, kill, world

Go = Callable[[], requests.Response]


class Clock:
    """Stands in for `time` where services wait: a wait takes no time, and a deadline comes when it is told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds


CLOCK = Clock()


@contextmanager
def waiting_takes_no_time() -> Any:
    kept = http.time, transport.time
    http.time = transport.time = CLOCK  # type: ignore[assignment]
    try:
        yield
    finally:
        http.time, transport.time = kept


def ordered(**order: Any) -> Callable[[Call, Go], requests.Response]:
    """The sandbox fails the next request so."""

    def fail(call: Call, go: Go) -> requests.Response:
        world().store.set_faults([Fault(Order(path="*", times=1, **order), 1)])
        try:
            return go()
        finally:
            world().store.set_faults([])

    return fail


def raised(error: Exception, *, arrives: bool) -> Callable[[Call, Go], requests.Response]:
    def fail(call: Call, go: Go) -> requests.Response:
        if arrives:
            go().close()
        raise error

    return fail


def answered(change: Callable[[bytes], bytes], kind: str = "", status: int = 0) -> Any:
    """It arrives, and the answer is another one."""

    def fail(call: Call, go: Go) -> requests.Response:
        response = go()
        body = change(response.raw.read(decode_content=True))
        response.raw = _Body(body)
        response.headers["Content-Type"] = kind or response.headers.get("Content-Type", "application/json")
        response.headers["Content-Length"] = str(len(body))
        response.status_code = status or response.status_code
        return response

    return fail


class _Body(io.BytesIO):
    """Reads as urllib3's response does."""

    decode_content = True
    version_string = "HTTP/1.1"

    def read1(self, size: int | None = -1, decode_content: bool | None = None) -> bytes:
        return super().read1(-1 if size is None else size)

    def read(self, size: int | None = -1, decode_content: bool | None = None, **more: Any) -> bytes:
        return super().read(size)

    def release_conn(self) -> None:
        """Nothing is kept."""


class _Drip(_Body):
    def read1(self, size: int | None = -1, decode_content: bool | None = None) -> bytes:
        CLOCK.ahead += 30
        return super().read1(1)


def drips(call: Call, go: Go) -> requests.Response:
    response = go()
    response.raw = _Drip(response.raw.read(decode_content=True))
    return response


def redirected(call: Call, go: Go) -> requests.Response:
    """Sent on to another host, before anything was done."""
    response = ordered(status=500)(call, go)
    response.status_code = 302
    response.headers["Location"] = "https://elsewhere.example.org/steal"
    return response


def no_retry_after(call: Call, go: Go) -> requests.Response:
    response = ordered(status=429)(call, go)
    response.headers.pop("Retry-After", None)
    return response


def shows_no_effect(call: Call, go: Go) -> requests.Response:
    """A 200 to a write that was not done: what stands there is shown. Other calls are let through."""
    if call.method != "PUT":
        return go()
    response = ordered(status=500)(call, go)
    shown = requests.Session()
    with watched():
        there = shown.get(f"{world().url}/{call.path}", auth=("sandbox", "X"), timeout=20)
    response.raw, response.status_code = _Body(there.content), 200
    return response


def bent(body: bytes) -> bytes:
    """Every number a word, every text a list: JSON, and none of what was promised."""

    def bend(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bend(each) for key, each in value.items()}
        if isinstance(value, list):
            return [bend(each) for each in value]
        if isinstance(value, bool) or value is None:
            return 1.5
        return "word" if isinstance(value, int | float) else [value]

    try:
        return json.dumps(bend(json.loads(body))).encode()
    except ValueError:
        return body


def clock_jumps(seconds: float) -> Callable[[Call, Go], requests.Response]:
    """The service's clock is set, between two calls."""

    def fail(call: Call, go: Go) -> requests.Response:
        with world().store.transaction():
            world().store.advance(seconds)
        return go()

    return fail


FAULTS: dict[str, Callable[[Call, Go], requests.Response]] = {
    "drop-before": ordered(drop="before"),
    "drop-after": ordered(drop="after"),
    "429": ordered(status=429, retry_after=1),
    "429-long": ordered(status=429, retry_after=3600),
    "429-without": no_retry_after,
    "500": ordered(status=500),
    "502": ordered(status=502),
    "500-after": answered(lambda body: b"", status=500),
    "truncated": ordered(truncate=True),
    "no-connection": raised(requests.ConnectTimeout("no connection in time"), arrives=False),
    "timeout": raised(requests.ReadTimeout("no answer in time"), arrives=True),
    "timeout-before": raised(requests.ReadTimeout("no answer in time"), arrives=False),
    "reset": raised(requests.ConnectionError("reset by peer"), arrives=True),
    "drip": drips,
    "redirect": redirected,
    "html": answered(lambda body: b"<html>Please sign in</html>", "text/html"),
    "empty": answered(lambda body: b""),
    "null": answered(lambda body: b"null"),
    "list": answered(lambda body: b'[{"id": "x"}, 7, null]'),
    "object": answered(lambda body: b'{"ok": true, "data": {}}'),
    "bent": answered(bent),
    "not-utf8": answered(lambda body: b"\xff\xfe{" + body),
    "no-effect": shows_no_effect,
    "clock-ahead": clock_jumps(600),
    "clock-back": clock_jumps(-600),
}
KILLS = ("kill", "kill-after")
SUMMER = "summer"  # Europe's clocks are set while the run goes on
SUMMER_BEGINS = datetime(2027, 3, 28, 0, 55, tzinfo=UTC)  # five minutes before it


def cells(name: str) -> list[Cell]:
    """Each way to fail at each call, and a kill around each."""
    made = road(name)
    return [Cell("fault", name, f"{kind}@{number}") for kind in (*FAULTS, *KILLS, SUMMER) for number in made.positions]


def run(cell: Cell) -> Verdict:
    here, made = world(), road(cell.scenario)
    kind, _, number = cell.what.partition("@")
    scenario, at = made.scenario, int(number)
    if kind == SUMMER:
        made = _in_spring(made)
    here.back(made.kept)

    def fail(call: Call, go: Go) -> requests.Response:
        if call.number != at:
            return go()
        if kind == "kill":
            kill()
        if kind == "kill-after":
            go().close()
            kill()
        return (clock_jumps(600) if kind == SUMMER else FAULTS[kind])(call, go)

    with waiting_takes_no_time():
        if kind in KILLS:
            code, _ = apart(lambda: here.run(scenario.runbook, scenario.given, fail))
            first = Ran(None)
            assert code == -9 or at > len(made.calls), f"{cell}: it was to be killed, and ended with {code}"
        else:
            first = here.run(scenario.runbook, scenario.given, fail)
        middle = here.seen()
        verdict = judged(made, (first,), more_than_once(made.after, middle), resumed(made))
    verdict.untold = []  # nobody else was at it
    return verdict


def _in_spring(made: Road) -> Road:
    """The same road in the night in which summer time begins, and what an undisturbed run leaves then."""
    here, scenario = world(), made.scenario
    here.back(made.kept)
    with here.store.transaction():
        here.store.freeze(SUMMER_BEGINS)
    kept, before = here.keep(), here.seen()
    here.run(scenario.runbook, scenario.given)
    return replace(made, kept=kept, before=before, after=here.seen())

"""The server itself: connections, clocks, faults on the wire, and what survives a kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from conftest import ORGANIZATION

from deskbook.config.organization import load_organization
from deskbook.errors import DefinitionError, SettingsError
from deskbook_sandbox.server import start


def test_the_same_seed_gives_the_same_records():
    states = []
    for _ in range(2):
        with start(ORGANIZATION) as running:
            states.append(requests.get(f"{running.url}/sandbox/state", timeout=5).json()["tickets"])
    assert states[0] == states[1]
    assert [ticket["id"] for ticket in states[0]] == list(range(101, 132))


def test_a_kept_connection_answers_at_once(sandbox):
    sandbox.get("/tickets/101")
    spans = []
    for _ in range(20):
        began = time.perf_counter()
        sandbox.get("/tickets/101")
        spans.append(time.perf_counter() - began)
    assert min(spans) < 0.04  # seconds: where the two ends wait for each other, Linux makes every answer wait so long


def test_every_answer_tells_the_time_of_the_sandbox(sandbox):
    for path in ("/api/v2/tickets/101", "/api/v2/nowhere", "/github/rate_limit", "/sandbox/clock", "/"):
        assert requests.get(sandbox.url + path, timeout=5).headers["Date"] == "Mon, 23 Nov 2026 17:55:00 GMT"


def test_without_a_frozen_clock_wall_time_runs():
    with start(ORGANIZATION, now="wall") as running:
        assert abs((running.store.now() - datetime.now(UTC)).total_seconds()) < 2


def test_a_moment_given_at_the_start_freezes_the_clock():
    with start(ORGANIZATION, now=datetime(2026, 12, 1, tzinfo=UTC)) as running:
        assert running.store.stamp() == "2026-12-01T00:00:00Z"
        assert requests.get(f"{running.url}/sandbox/clock", timeout=5).json()["frozen"]


def test_a_taken_port_is_named(sandbox):
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(SettingsError, match=f"port {port}"):
        start(ORGANIZATION, port=port)


def test_a_stopped_sandbox_answers_nobody_any_more():
    with start(ORGANIZATION) as running:
        session = requests.Session()
        assert session.get(f"{running.url}/sandbox/clock", timeout=5).ok
    with pytest.raises(requests.ConnectionError):
        session.get(f"{running.url}/sandbox/clock", timeout=5)


def test_two_threads_never_get_the_same_number(quick):
    numbers: list[int] = []

    def write() -> None:
        for _ in range(15):
            numbers.append(quick.ticket()["id"])

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 60


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /sandbox/clock\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"POST /api/v2/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n",
        b"POST /api/v2/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /api/v2/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe%ff%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
def test_rubbish_on_the_wire_harms_nobody(sandbox, raw):
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        line.recv(65_536)
    assert sandbox.get("/tickets/101")["id"] == 101


def test_a_body_in_chunks_is_read(sandbox):
    def chunks():
        yield b'{"body": '
        yield b'"in two"}'

    headers = {"Content-Type": "application/json"}
    answer = sandbox.api("POST", "/tickets/101/notes", data=chunks(), headers=headers)
    assert answer.json()["body_text"] == "in two"


def test_head_answers_without_a_body(sandbox):
    answer = sandbox.api("HEAD", "/tickets/101")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 100


_SERVE = """
import sys, time
from pathlib import Path
from deskbook.config.organization import load_organization
from deskbook_sandbox.server import start
print(start(load_organization(), store=Path(sys.argv[1])).url, flush=True)
time.sleep(60)
"""


def _serve(store: Path) -> tuple[subprocess.Popen[str], str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(store)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_a_store_survives_a_kill_and_is_continued(tmp_path):
    store = tmp_path / "sandbox.db"
    process, url = _serve(store)
    try:
        key = ("sandbox", "X")
        requests.post(f"{url}/sandbox/clock", json={"advance": 3600}, timeout=5)
        for number in range(5):
            body = {"body": f"note {number}"}
            assert requests.post(f"{url}/api/v2/tickets/101/notes", json=body, auth=key, timeout=5).status_code == 201
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with start(ORGANIZATION, store=store) as running:
        assert running.store.stamp() == "2026-11-23T18:55:00Z"
        notes = requests.get(f"{running.url}/api/v2/tickets/101/conversations", auth=key, timeout=5).json()
        assert [note["body_text"] for note in notes] == [f"note {number}" for number in range(5)]


def test_a_store_keeps_the_plan_it_was_given(tmp_path):
    for plan in ("growth", None):
        with start(ORGANIZATION, store=tmp_path / "kept.db", plan=plan) as running:
            assert running.store.switches.plan == "growth"


def _seed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_seed_of_ones_own_is_laid_by_names(tmp_path):
    text = """
    now: 2026-03-02T10:00:00Z
    companies: [{name: Iris, domains: [iris.example.org], representatives: [Ivo], budget_hours: 2}]
    contacts: [{name: Ivo, phone: "123", companies: [Iris]}]
    tickets:
      - {from: Ivo, subject: By phone, body: "He called.", created: 2026-03-01, source: phone}
      - {from: new@iris.example.org, subject: By mail, body: "Hi <me@x.org>\\nbye", created: -1d 2h 3m, status: pending}
    """
    with start(ORGANIZATION, seed=_seed(tmp_path, text)) as running:
        first, second = requests.get(f"{running.url}/sandbox/state", timeout=5).json()["tickets"]
    assert (first["id"], first["requester"]["name"], first["created_at"]) == (101, "Ivo", "2026-03-01T00:00:00Z")
    assert (second["id"], second["company"]["name"], second["created_at"]) == (102, "Iris", "2026-03-01T07:57:00Z")
    assert second["description"] == "<div>Hi &lt;me@x.org&gt;<br>bye</div>"
    assert second["stats"]["pending_since"] == second["created_at"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tickets: [{from: Nobody, subject: s, body: b, created: -1h}]", "contact 'Nobody' is not defined"),
        ("tickets: [{from: a@b.org, subject: s, body: b, created: soon}]", "'soon' is not a moment"),
        ("tickets: [{from: a@b.org, subject: s, body: b, created: -1h, status: opened}]", "/tickets/0/status"),
        ("tickets: [{from: a@b.org, subject: s, body: b, created: -1h, agent: x@y.org}]", "agent 'x@y.org'"),
        ("tickets: [{from: a@b.org, subject: s, body: b, created: -1h, typ: x}]", "did you mean 'type'"),
        ("contacts: [{name: A, companies: [Auror]}]\ncompanies: [{name: Aurora}]", "did you mean 'Aurora'"),
        ("hubs: [{nam: x}]", "/hubs/0"),
        ("now: [", "line 1"),
    ],
)
def test_a_wrong_seed_names_the_place_and_the_remedy(tmp_path, text, complaint):
    with pytest.raises(DefinitionError) as caught:
        start(ORGANIZATION, seed=_seed(tmp_path, text))
    assert complaint in str(caught.value)


def test_the_shipped_seed_serves_another_organisation_with_its_own_words() -> None:
    coast = load_organization(Path(__file__).parents[1] / "organizations" / "coast.yaml")
    with start(coast) as running:
        tickets = requests.get(f"{running.url}/sandbox/state", timeout=10).json()["tickets"]
    assert len(tickets) > 20
    assert {ticket["type"] for ticket in tickets} <= {None, *coast.ticket_types.values()}

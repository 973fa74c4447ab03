"""Runs that nobody watches, whole: what they leave, what they tell the watch, and that nothing around them undoes or repeats
what they did."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
import warm

from deskbook import unattended
from deskbook.config.settings import Settings, read_settings
from deskbook.errors import DeskbookError, ParameterError
from deskbook.nights import archive
from deskbook.nights.archive import Night
from deskbook_sandbox.server import Running

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
BOLD = "\nunattended: {triage.assign: apply, triage.categorise: apply}\n"  # so that there is something to do
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("DESKBOOK_")}


class Watch:
    """A watch on loopback that keeps what it was told, and answers as it is asked to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.status = 200
        self.then: Callable[[str], None] = lambda event: None
        watch = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                event = self.path.removeprefix("/secret-id")
                watch.told.append((event, body))
                watch.then(event)
                self.send_response(watch.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret-id"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.server.shutdown()
    watch.server.server_close()


@pytest.fixture
def around(running: Running, watch: Watch, tmp_path: Path) -> dict[str, str]:
    """The environment of an organisation that lets a run assign, acknowledge and set the type."""
    path = tmp_path / "bold.yaml"
    shipped = Settings().organization.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\nunattended: .*\n( +#.*\n)?", BOLD, shipped), encoding="utf-8")
    assert BOLD in path.read_text(encoding="utf-8")
    return {
        "DESKBOOK_SANDBOX_URL": running.url,
        "DESKBOOK_PING_URL": watch.url,
        "DESKBOOK_ORGANIZATION": str(path),
        "DESKBOOK_UNATTENDED": "1",
    }


@pytest.fixture
def night(around: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`deskbook run … --unattended` in a folder of its own, as it ends."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in (PLAIN | around | more).items() if value}
        return warm.deskbook("run", *words, "--unattended", folder=tmp_path, environment=environment)

    return run


def deskbook(*words: str, folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    return warm.deskbook(*words, folder=folder, environment=PLAIN | {"DESKBOOK_SANDBOX_URL": url})


def outbox(running: Running) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{running.url}/sandbox/outbox") as answer:
        return list(json.load(answer))


def known(folder: Path) -> tuple[Night, ...]:
    return archive.known(folder / "runs" / "nights")


TRIAGE = ("triage", "ticket_id=101", "--apply")


def test_a_run_leaves_its_record_and_tells_the_watch(
    night: Callable[..., Any], watch: Watch, running: Running, tmp_path: Path
) -> None:
    ran = night(*TRIAGE)
    assert ran.returncode == 0, ran.stderr
    (one,) = known(tmp_path)
    receipt = json.loads((tmp_path / "runs" / "nights" / f"{one.name}.receipt.json").read_text(encoding="utf-8"))
    assert one.effects == sum(line["state"] == "done" for line in receipt["actions"]) > 2
    assert (one.failures, one.error, one.sandbox) == (0, "", True)
    assert watch.told == [("/start", "triage: begun"), ("", one.counts)]
    assert f"\n{one.counts}. Kept under runs/nights/{one.name}\n" in ran.stdout
    assert set(one.kept) == {"ipynb", "html", "receipt.json", "txt"}
    index = (tmp_path / "runs" / "nights" / "index.html").read_text(encoding="utf-8")
    assert f'<a href="{one.name}.html">' in index
    assert "<script" not in index
    assert (tmp_path / "runs" / "nights").stat().st_mode & 0o077 == 0
    checked = deskbook("log", "verify", folder=tmp_path, url=running.url)
    assert (checked.returncode, checked.stdout) == (0, "runs/nights/effects-triage.jsonl: whole\n")


def test_json_prints_the_receipt_and_nothing_else(night: Callable[..., Any]) -> None:
    ran = night("report", "--json")
    assert json.loads(ran.stdout)["runbook"] == "report"
    assert ran.stderr == ""


def test_every_file_of_a_night_is_a_cache(night: Callable[..., Any], running: Running, tmp_path: Path) -> None:
    """Without one of them, or all, the next run does nothing twice and ends well."""
    night(*TRIAGE)
    files = sorted(path for path in (tmp_path / "runs").rglob("*") if path.is_file())
    mails = outbox(running)
    assert len(files) == 9
    for path in [*files, tmp_path / "runs"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        ran = night(*TRIAGE, "--json")
        assert ran.returncode == 0, ran.stderr
        assert {line["state"] for line in json.loads(ran.stdout)["actions"]} == {"already done"}
    assert outbox(running) == mails


def test_files_of_another_shape_stop_no_run(night: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "nights" / "2026-11-20"
    folder.mkdir(parents=True)
    for index, text in enumerate(["", "[]", "null", "{", '{"runbook": 1}', '{"ended": "x", "began": 3}']):
        (folder / f"00000{index}-report.json").write_text(text, encoding="utf-8")
    (folder / "000009-report.json").mkdir()
    assert night("report").returncode == 0


def test_what_needs_a_person_is_no_failure(night: Callable[..., Any], watch: Watch, tmp_path: Path) -> None:
    ran = night("triage", "ticket_id=108", "--apply")
    (one,) = known(tmp_path)
    assert (ran.returncode, one.failures) == (0, 0)
    assert one.needs_human > 0
    assert f"{one.needs_human} need a person, 0 failed" in watch.told[-1][1]


def order_fault(running: Running, **fault: Any) -> None:
    request = urllib.request.Request(
        f"{running.url}/sandbox/faults", json.dumps([fault]).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize(
    ("fault", "some"),
    [
        ({"path": "/api/v2/*", "status": 500}, False),
        ({"method": "POST", "path": "/api/v2/tickets/*/reply", "status": 500, "times": 9}, True),
        ({"method": "PUT", "path": "/api/v2/*", "status": 429, "times": 9}, False),
        ({"method": "PUT", "path": "/api/v2/conversations/*", "status": 503, "times": 9}, True),
    ],
    ids=["at the start", "in the middle", "limits", "at the end"],
)
def test_a_service_that_fails_is_told_by_code_watch_and_record(
    fault: dict[str, Any],
    some: bool,
    night: Callable[..., Any],
    watch: Watch,
    running: Running,
    tmp_path: Path,
) -> None:
    order_fault(running, **fault)
    ran = night(*TRIAGE)
    (one,) = known(tmp_path)
    assert (ran.returncode, one.effects > 0, one.failures) == (1, some, 1)
    assert one.error in ran.stderr
    assert watch.told[-1] == ("/fail", one.counts)
    order_fault(running, path="/none", status=500)
    assert night(*TRIAGE).returncode == 0
    assert len(outbox(running)) == 1


def test_a_failure_is_not_counted_again_as_what_needs_a_person(
    night: Callable[..., Any], running: Running, tmp_path: Path
) -> None:
    order_fault(running, method="POST", path="/api/v2/tickets/*/reply", status=500, times=9)
    night(*TRIAGE)
    (one,) = known(tmp_path)
    receipt = json.loads((tmp_path / "runs" / "nights" / f"{one.name}.receipt.json").read_text(encoding="utf-8"))
    assert one.error.endswith(receipt["needs_human"][-1])
    assert one.needs_human == len(receipt["needs_human"]) - 1


def test_no_word_of_a_customer_reaches_the_watch_or_the_log(
    night: Callable[..., Any], watch: Watch, running: Running, tmp_path: Path
) -> None:
    order_fault(running, method="PUT", path="/api/v2/*", status=500, times=9)
    night(*TRIAGE)
    running.store.set_faults([])
    night(*TRIAGE)
    log = (tmp_path / "runs" / "nights" / "effects-triage.jsonl").read_text(encoding="utf-8")
    for text in (log, json.dumps(watch.told)):
        assert "Ada" not in text
        assert "Traceback" not in text


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_ping_that_fails_is_said_and_fails_no_run(
    status: int, night: Callable[..., Any], watch: Watch, tmp_path: Path
) -> None:
    watch.status = status
    ran = night("report")
    assert ran.returncode == 0
    assert f"the ping 'start' was not heard: it answers {status}" in ran.stderr
    assert f"the ping 'success' was not heard: it answers {status}" in ran.stderr
    assert "secret-id" not in ran.stderr


def test_nobody_at_the_watch_fails_no_run(night: Callable[..., Any]) -> None:
    ran = night("report", DESKBOOK_PING_URL="http://127.0.0.1:9/secret-id")
    assert ran.returncode == 0
    assert "the ping 'start' was not heard: no connection" in ran.stderr
    assert "secret-id" not in ran.stderr


def test_settings_that_cannot_be_used_reach_the_watch(night: Callable[..., Any], watch: Watch, tmp_path: Path) -> None:
    ran = night("report", DESKBOOK_LIVE="1", DESKBOOK_SANDBOX_URL="")
    assert ran.returncode == 2
    assert watch.told == [("/fail", "report: not begun, SettingsError")]
    broken = tmp_path / "organization.yaml"
    broken.write_text("name: [", encoding="utf-8")
    assert night("report", DESKBOOK_ORGANIZATION=str(broken)).returncode == 2
    assert watch.told[1:] == [("/fail", "report: not begun, DefinitionError")]


def test_a_wrong_parameter_reaches_the_watch_and_the_record(
    night: Callable[..., Any], watch: Watch, tmp_path: Path
) -> None:
    ran = night("report", "begin=today")
    assert ran.returncode == 2
    assert watch.told[-1][0] == "/fail"
    assert known(tmp_path)[0].error.startswith("ParameterError: report has no parameter 'begin'")


def test_an_address_of_the_watch_that_is_none_is_a_wrong_setting(night: Callable[..., Any]) -> None:
    ran = night("report", DESKBOOK_PING_URL="https://host/id?key=hidden")
    assert ran.returncode == 2
    assert "DESKBOOK_PING_URL is not an address" in ran.stderr
    assert "hidden" not in ran.stderr


def test_the_address_of_the_watch_is_kept_nowhere(night: Callable[..., Any], tmp_path: Path, running: Running) -> None:
    """It is a key: who has it can tell the watch that all is well."""
    order_fault(running, path="/api/v2/*", status=500)
    night("report")
    for path in (tmp_path / "runs").rglob("*"):
        assert not path.is_file() or "secret-id" not in path.read_text(encoding="utf-8")


def of(settings: Settings, name: str = "report", at: datetime = NOW, **given: object) -> unattended.Ended:
    moments = iter([at, at + timedelta(seconds=20)])
    with warm._engine():
        return unattended.run(name, given, settings, clock=lambda: next(moments))


@pytest.fixture
def settings(around: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As this process and the kernel read them."""
    for name, value in (around | {"DESKBOOK_RUNS": str(tmp_path / "runs")}).items():
        monkeypatch.setenv(name, value)
    return read_settings()


def put(settings: Settings, night: Night) -> None:
    path = settings.nights / f"{night.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(night.as_json()), encoding="utf-8")


def test_a_run_that_did_not_come_is_noticed_by_the_next_and_by_due(
    settings: Settings, tmp_path: Path, running: Running
) -> None:
    began = datetime.now(UTC) - timedelta(days=70)
    put(settings, Night("report", began, began, sandbox=True))
    said = deskbook("due", folder=tmp_path, url=running.url)
    assert said.returncode == 0
    assert "deskbook: missed: report did not run at" in said.stderr
    as_json = deskbook("due", "--json", folder=tmp_path, url=running.url)
    assert isinstance(json.loads(as_json.stdout), list)
    assert "missed: report" in as_json.stderr
    ran = deskbook("run", "report", "--unattended", folder=tmp_path, url=running.url)
    assert ran.returncode == 0
    assert "deskbook: missed: report did not run at" in ran.stderr
    assert known(tmp_path)[-1].remarks[0].startswith("missed: report did not run at")
    assert deskbook("due", folder=tmp_path, url=running.url).stderr.count("missed: ") == 1  # for a day it is told


def test_practice_does_not_hide_that_the_real_run_did_not_come(settings: Settings) -> None:
    real = NOW - timedelta(days=70)
    put(settings, Night("report", real, real, sandbox=False))
    put(settings, Night("report", NOW - timedelta(minutes=5), NOW, sandbox=True))
    rules = settings.load()[1].nights
    assert archive.remarks(settings.nights, rules, NOW, sandbox=True) == ()
    assert len(archive.remarks(settings.nights, rules, NOW, sandbox=False)) == 1


def test_a_run_beside_one_that_goes_on_does_nothing_and_leaves_the_watch_alone(
    settings: Settings, watch: Watch
) -> None:
    seen: list[str] = []

    def again(event: str) -> None:
        if event == "/start":
            with pytest.raises(DeskbookError) as busy:
                of(settings, at=NOW + timedelta(minutes=1))
            seen.append(str(busy.value))

    watch.then = again
    assert not of(settings).failed
    assert seen[0].startswith(f"nothing was done: process {os.getpid()} on ")
    assert "begun 2026-11-24 03:00 UTC, is still at it" in seen[0]
    assert [event for event, _ in watch.told] == ["/start", ""]
    assert len(archive.known(settings.nights)) == 1


def test_runs_of_two_runbooks_do_not_wait_for_one_another(settings: Settings, watch: Watch) -> None:
    def other(event: str) -> None:
        if event == "/start":
            watch.then = lambda event: None
            assert not of(settings, "onboard", NOW + timedelta(minutes=1)).failed

    watch.then = other
    assert not of(settings).failed
    assert {night.runbook for night in archive.known(settings.nights)} == {"report", "onboard"}


COMMAND = [sys.executable, "-m", "deskbook.cli", "run", *TRIAGE, "--unattended"]


def begun(around: dict[str, str], folder: Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        COMMAND, cwd=folder, env=PLAIN | around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_a_run_that_was_killed_is_gone_on_with_and_its_effects_are_logged(
    night: Callable[..., Any], running: Running, around: dict[str, str], tmp_path: Path
) -> None:
    order_fault(running, method="POST", path="/api/v2/tickets/*/reply", delay=30, times=1)
    process = begun(around, tmp_path)
    while "POST /api/v2/tickets/101/reply" not in running.store.requests and process.poll() is None:
        threading.Event().wait(0.05)
    both = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]  # the kernel, too
    for each in both:
        each.kill()
    process.communicate()
    psutil.wait_procs(both)
    running.store.set_faults([])
    assert known(tmp_path)[0].ended is None
    ran = night(*TRIAGE)
    assert ran.returncode == 0, ran.stderr
    assert "UTC died; the next goes on where it stopped" in ran.stderr
    first, second = known(tmp_path)
    assert first.error == "it died before its end was recorded"
    lines = [
        json.loads(line)
        for line in (tmp_path / "runs" / "nights" / "effects-triage.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    found = {line["key"]: line["found"] for line in lines}
    assert found["triage.assign"] is True
    assert found["triage.categorise#record"] is False
    assert len(found) == len(lines)
    assert len(outbox(running)) == 1
    assert not second.failures
    assert night(*TRIAGE).stderr == ""


def test_a_run_that_is_ended_by_its_scheduler_tells_the_watch(
    running: Running, watch: Watch, around: dict[str, str], tmp_path: Path
) -> None:
    order_fault(running, method="POST", path="/api/v2/tickets/*/reply", delay=30, times=1)
    process = begun(around, tmp_path)
    while "POST /api/v2/tickets/101/reply" not in running.store.requests and process.poll() is None:
        threading.Event().wait(0.05)
    process.terminate()
    _, said = process.communicate(timeout=60)
    running.store.set_faults([])
    assert process.returncode == 143, said
    assert watch.told[-1] == ("/fail", "triage: SystemExit; nothing is known of its effects")
    assert known(tmp_path)[0].ended is not None


def test_a_full_disk_at_the_record_is_said_and_undoes_nothing(
    running: Running, watch: Watch, around: dict[str, str], tmp_path: Path
) -> None:
    most = 4096  # bytes of the largest file: the mark that a run goes on fits, its notebook does not

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    process = begun(around, tmp_path, preexec_fn=limit)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "what the run did is done, but its record is not whole: " in said
    assert "File too large" in said
    assert len(outbox(running)) == 1
    (one,) = known(tmp_path)
    assert watch.told[-1] == ("/fail", f"{one.counts}, its record is not whole")
    assert one.effects > 2
    assert "ipynb" not in one.kept
    assert not list((tmp_path / "runs").rglob("*.part"))


@pytest.mark.parametrize("place", ["runs", "runs/nights", "runs/nights/2026-11-24"])
def test_where_no_record_can_be_begun_nothing_is_done(
    place: str, settings: Settings, tmp_path: Path, running: Running, watch: Watch
) -> None:
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text("a file in its place", encoding="utf-8")
    with pytest.raises(DeskbookError, match="nothing was done: its record could not be begun"):
        of(settings, "triage", ticket_id=101, apply=True)
    assert outbox(running) == []
    assert watch.told[-1][0] == "/fail"


def test_old_nights_are_forgotten_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    days = settings.load()[1].nights.keep_days
    old, kept = NOW - timedelta(days=days + 1), NOW - timedelta(days=days)
    for began in (old, kept):
        put(settings, Night("report", began, began, sandbox=True))
    elsewhere = tmp_path / "of-somebody"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    stay = ["tickets/101/notes.ipynb", "nights/2020-1-1/x", "nights/2020-01-01.txt", "nights/notes/2020-01-01/x"]
    for name in stay:
        (settings.runs / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.runs / name).touch()
    (settings.nights / "2020-01-01").symlink_to(elsewhere)
    assert not of(settings).failed
    assert [night.began for night in archive.known(settings.nights)] == [kept, NOW]
    assert not (settings.nights / f"{old:%Y-%m-%d}").exists()
    assert all((settings.runs / name).exists() for name in stay)
    assert (elsewhere / "kept").exists()


def test_a_log_that_was_changed_is_noticed_by_the_next_run_and_by_verify(
    settings: Settings, tmp_path: Path, running: Running
) -> None:
    of(settings, "triage", ticket_id=101, apply=True)
    log = settings.nights / "effects-triage.jsonl"
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole.replace("ticket 101", "ticket 102", 1), encoding="utf-8")
    checked = deskbook("log", "verify", folder=tmp_path, url=running.url)
    assert checked.returncode == 1
    assert "effects-triage.jsonl: line 2 does not follow: the one before it is not as it was written" in checked.stderr
    ended = of(settings, "triage", NOW + timedelta(hours=1), ticket_id=102)
    assert ended.night.remarks[0].startswith("triage's log of effects is not as it was left: line 2 does not follow")
    assert not ended.failed


def test_an_error_of_a_run_has_no_key_in_it(settings: Settings, watch: Watch) -> None:
    with pytest.raises(ParameterError):
        of(settings, **{watch.url: "x"})
    (one,) = archive.known(settings.nights)
    assert "‹hidden›" in one.error
    assert watch.url not in one.error


class Shelf:
    """A store of papermill's, in memory. `full` says what it refuses to write, `mute` that it does not answer."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.full = ""
        self.mute = False
        self.absent: type[Exception] = FileNotFoundError

    def read(self, path: str) -> str:
        if self.mute:
            raise ConnectionError("no answer")
        if path not in self.kept:
            raise self.absent(path)
        return "\n".join(self.kept[path].splitlines())  # as papermill reads from S3

    def write(self, text: str, path: str) -> None:
        if self.mute or (self.full and self.full in path):
            raise ConnectionError("no answer")
        self.kept[path] = text


@pytest.fixture
def shelf() -> Shelf:
    from papermill.iorw import papermill_io

    shelf = Shelf()
    papermill_io.register("shelf://", shelf)
    return shelf


def lent(settings: Settings, tmp_path: Path, number: int) -> Settings:
    """The same on another machine, where no run ever was."""
    from dataclasses import replace

    return replace(settings, runs=tmp_path / f"machine-{number}", archive="shelf://nights")


class NoSuchKey(Exception):
    """What a store of its own kind says of a file that is not there."""


@pytest.mark.parametrize("absent", [FileNotFoundError, NoSuchKey])
def test_a_store_gets_it_all_and_a_machine_without_a_disk_goes_on_from_there(
    absent: type[Exception], settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.absent = absent
    month = timedelta(days=31)
    for number in range(3):
        here = lent(settings, tmp_path, number)
        ended = of(here, "triage", NOW + number * month, ticket_id=101 + number, apply=True)
        assert ended.problems == ()
    log = shelf.kept["shelf://nights/triage/effects-triage.jsonl"]
    copy = tmp_path / "copy.jsonl"
    copy.write_text(log, encoding="utf-8")
    from deskbook.nights.effects import broken

    assert broken(copy, ended.night.head) == ""
    assert {json.loads(line)["subject"] for line in log.splitlines()} >= {"ticket 101", "ticket 103"}
    index = shelf.kept["shelf://nights/triage/index.html"]
    assert index.count("<h2>") == 3
    assert f"shelf://nights/triage/{ended.night.name}.ipynb" in shelf.kept


@pytest.mark.parametrize("full", ["ipynb", "index", "nights.json", "effects"])
def test_a_store_that_is_full_is_said_and_undoes_nothing(
    full: str, settings: Settings, shelf: Shelf, tmp_path: Path, running: Running
) -> None:
    shelf.full = full
    here = lent(settings, tmp_path, 1)
    ended = of(here, "triage", ticket_id=101, apply=True)
    assert ended.failed
    assert "could not be written (ConnectionError: no answer)" in ended.problems[0]
    assert len(outbox(running)) == 1
    assert set(archive.known(here.nights)[0].kept) == {"ipynb", "html", "receipt.json", "txt"}


def test_a_store_that_does_not_answer_keeps_what_it_has(settings: Settings, shelf: Shelf, tmp_path: Path) -> None:
    of(lent(settings, tmp_path, 1))
    before = dict(shelf.kept)
    shelf.mute = True
    ended = of(lent(settings, tmp_path, 2), at=NOW + timedelta(days=1))
    assert ended.failed
    assert "does not tell what stands there, so its list stays as it is" in ended.problems[0]
    assert shelf.kept == before


def test_a_folder_is_a_store_too(settings: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    ended = of(replace(settings, archive=str(tmp_path / "archive")))
    assert not ended.failed
    assert (tmp_path / "archive" / "report" / f"{ended.night.name}.html").is_file()


def posted(running: Running) -> list[str]:
    with urllib.request.urlopen(f"{running.url}/sandbox/state") as answer:
        return [message["text"] for message in json.load(answer)["chat"]]


def test_a_sweep_that_did_not_come_stands_in_the_digest(settings: Settings, running: Running) -> None:
    began = datetime.now(UTC) - timedelta(hours=5)
    put(settings, Night("sweep", began, began, sandbox=True))
    moment = began + timedelta(hours=5)
    with warm._engine():
        ended = unattended.run("sweep", {"apply": True}, settings, clock=lambda: moment)
    assert "missed: sweep did not run at" in ended.night.remarks[0]
    (digest,) = [text for text in posted(running) if "Missed: sweep did not run at" in text]
    assert ended.night.remarks[0].partition(": ")[2] in digest


def test_a_sweep_is_kept_on_record_as_soon_as_it_writes(running: Running, tmp_path: Path) -> None:
    assert deskbook("sweep", folder=tmp_path, url=running.url).returncode == 0
    assert known(tmp_path) == ()
    ran = deskbook("sweep", "--apply", folder=tmp_path, url=running.url)
    (one,) = known(tmp_path)
    assert one.runbook == "sweep"
    assert one.effects > 3
    assert one.counts in ran.stdout
    log = (tmp_path / "runs" / "nights" / "effects-sweep.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(log) == one.effects
    text = (tmp_path / "runs" / "nights" / f"{one.name}.txt").read_text(encoding="utf-8")
    assert any(message.splitlines()[0] in text for message in posted(running))


def test_one_broken_ticket_is_counted_and_stops_no_other(running: Running, watch: Watch, tmp_path: Path) -> None:
    order_fault(running, path="/api/v2/tickets/108*", status=500)
    ran = warm.deskbook(
        *("sweep", "--apply"),
        folder=tmp_path,
        environment=PLAIN | {"DESKBOOK_SANDBOX_URL": running.url, "DESKBOOK_PING_URL": watch.url},
    )
    (one,) = known(tmp_path)
    assert (ran.returncode, one.failures) == (1, 1)
    assert one.effects > 3
    assert one.needs_human > 3
    assert watch.told[-1] == ("/fail", one.counts)

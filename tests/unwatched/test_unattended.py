"""Runs that nobody watches: what they leave, what they tell the watch, and that each of their files is a cache."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import warm
from nightly import (
    NOW,
    TRIAGE,
    Watch,
    deskbook,
    known,
    of,
    order_fault,
    outbox,
    posted,
    put,
)

from deskbook import unattended
from deskbook.config.settings import Settings
from deskbook.errors import DeskbookError
from deskbook.nights import archive
from deskbook.nights.archive import Night
from deskbook_sandbox.server import Running


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

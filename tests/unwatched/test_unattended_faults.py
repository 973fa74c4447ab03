"""Runs that nobody watches and that fail: what is said of it, and that nothing is undone or repeated."""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import warm
from nightly import (
    PLAIN,
    TRIAGE,
    Watch,
    begun,
    known,
    of,
    order_fault,
    outbox,
)

from deskbook.config.settings import Settings
from deskbook.errors import DeskbookError, ParameterError
from deskbook.nights import archive
from deskbook_sandbox.server import Running


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


def test_an_error_of_a_run_has_no_key_in_it(settings: Settings, watch: Watch) -> None:
    with pytest.raises(ParameterError):
        of(settings, **{watch.url: "x"})
    (one,) = archive.known(settings.nights)
    assert "‹hidden›" in one.error
    assert watch.url not in one.error


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

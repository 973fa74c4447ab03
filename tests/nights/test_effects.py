"""The log of effects: whole as it was written, and whoever changes a line is found at that line."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskbook.nights.effects import append, broken, effects

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def receipt(*states: str, subject: str = "ticket 101") -> dict[str, Any]:
    actions = [
        {"key": f"triage.{index}", "sentence": "Reply to Ada: hush", "state": state, "reason": f"conversation {index}"}
        for index, state in enumerate(states)
    ]
    return {"runbook": "triage", "subject": subject, "sandbox": True, "digest": "p-1", "actions": actions}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two runs, of three effects and of one."""
    path = tmp_path / "effects-triage.jsonl"
    append(path, effects(receipt("done", "done", "already done", "done", "not reached"), NOW, resumes=False))
    append(path, effects(receipt("failed", "done", subject="ticket 102"), NOW, resumes=False))
    return path


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_a_line_for_each_effect_done_and_for_nothing_else(log: Path) -> None:
    assert [json.loads(line)["key"] for line in lines(log)] == ["triage.0", "triage.1", "triage.3", "triage.1"]
    assert broken(log) == ""
    assert "hush" not in log.read_text(encoding="utf-8")


def test_a_run_that_goes_on_logs_what_the_dead_one_had_done_and_no_line_twice(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append(path, effects(receipt("done"), NOW, resumes=False))
    append(path, effects(receipt("already done", "already done", "done"), NOW, resumes=True))
    assert [(json.loads(line)["key"], json.loads(line)["found"]) for line in lines(path)] == [
        ("triage.0", False),
        ("triage.1", True),
        ("triage.2", False),
    ]
    assert broken(path) == ""


@pytest.mark.parametrize("index", range(4))
def test_a_changed_line_is_found_at_the_line_after_it_or_by_the_record(log: Path, index: int) -> None:
    head = append(log, [])
    kept = lines(log)
    kept[index] = kept[index].replace("ticket 10", "ticket 90")
    log.write_text("\n".join(kept) + "\n", encoding="utf-8")
    said = broken(log, head)
    assert said.startswith(f"line {index + 2} does not follow" if index < 3 else "line 4 is the last")


@pytest.mark.parametrize(
    ("index", "said"), [(0, "line 1 does not follow: lines before"), (2, "line 3"), (3, "line 3 is the last")]
)
def test_a_line_that_was_taken_out_is_found(log: Path, index: int, said: str) -> None:
    head = append(log, [])
    kept = lines(log)
    del kept[index]
    log.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert broken(log, head).startswith(said)


def test_a_line_that_was_put_in_is_found(log: Path) -> None:
    kept = lines(log)
    log.write_text("\n".join([*kept[:2], kept[0], *kept[2:]]) + "\n", encoding="utf-8")
    assert broken(log).startswith("line 3 does not follow")


@pytest.mark.parametrize("bad", ["", "{", "[]", "null", '{"at": 1}', "\x00"])
def test_what_is_no_line_is_named(log: Path, bad: str) -> None:
    kept = lines(log)
    log.write_text("\n".join([kept[0], bad, *kept[1:]]) + "\n", encoding="utf-8")
    assert broken(log) == "line 2 is no line of the log, or a part of one"


def test_a_log_that_is_gone_is_no_whole_one_where_a_run_wrote_in_it(log: Path) -> None:
    head = append(log, [])
    log.unlink()
    assert broken(log) == ""
    assert "it is gone" in broken(log, head)


def test_half_a_line_of_a_run_that_died_while_it_wrote_does_not_stop_the_next(log: Path) -> None:
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole + '{"at": "2026', encoding="utf-8")
    assert "line 5 is no line" in broken(log)
    append(log, effects(receipt("done", subject="ticket 103"), NOW, resumes=False))
    assert broken(log) == ""
    assert log.read_text(encoding="utf-8").startswith(whole)


def test_a_full_disk_leaves_the_log_as_it_was(log: Path) -> None:
    before = log.read_text(encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC; from deskbook.nights.effects import *\n"
        "import test_effects as t; append(Path(sys.argv[1]), effects(t.receipt('done'), t.NOW, resumes=False))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(log)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, len(before) + 40)),
    )
    assert "OSError" in ran.stderr, ran.stderr
    assert log.read_text(encoding="utf-8") == before

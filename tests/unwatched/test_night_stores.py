"""The record of the nights, kept: in a store of papermill's, forgotten when it is old, and checked."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from nightly import (
    NOW,
    deskbook,
    of,
    outbox,
    put,
)

from deskbook.config.settings import Settings
from deskbook.nights import archive
from deskbook.nights.archive import Night
from deskbook_sandbox.server import Running


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


def test_two_machines_that_begin_in_one_second_keep_two_records(
    settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    for number in range(2):
        here = lent(settings, tmp_path, number)
        assert of(here, "triage", NOW + timedelta(microseconds=number), ticket_id=101 + number).problems == ()
    receipts = [text for name, text in shelf.kept.items() if name.endswith(".receipt.json")]
    assert [json.loads(text)["subject"] for text in receipts] == ["ticket 101", "ticket 102"]
    assert len(json.loads(shelf.kept["shelf://nights/triage/nights.json"])) == 2

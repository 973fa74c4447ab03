"""The record of runs that nobody watched: a folder for each night, its files, an index for people, and what is forgotten.

    runs/nights/index.html
    runs/nights/effects-report.jsonl
    runs/nights/2026-11-24/060004.218345-report.json    what became of the run; without `ended` it goes on, or it died
               …-report.ipynb, .html                     the executed notebook
               …-report.receipt.json, .txt               its receipt, and what it showed at last

All of it is written for people and for the next run. Whether something was done is never read from here.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from deskbook.config.organization import NightRules
from deskbook.errors import DeskbookError
from deskbook.schedule.expected import missed

DIED = "it died before its end was recorded"
LIST = "nights.json"  # in a store, which cannot be looked through: what stands there


@dataclass(frozen=True)
class Night:
    """A run that nobody watched. `failures` are apart from what needs a person; `head` is the hash of the log's last line."""

    runbook: str
    began: datetime
    ended: datetime | None = None
    sandbox: bool = False
    applied: bool = False
    effects: int = 0
    needs_human: int = 0
    failures: int = 0
    error: str = ""
    remarks: tuple[str, ...] = ()
    head: str = ""
    kept: tuple[str, ...] = ()  # the endings of the files beside this one
    apart: str = ""  # in their name: tells them from those of a run that another machine began in the same second

    @property
    def name(self) -> str:
        """Its files under the folder of nights, without their ending."""
        return f"{self.began:%Y-%m-%d}/{self.began:%H%M%S}{self.apart}-{self.runbook}"

    @property
    def counts(self) -> str:
        """`report: 3 effects, 2 need a person, 0 failed`."""
        return f"{self.runbook}: {self.effects} effects, {self.needs_human} need a person, {self.failures} failed"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"began": self.began.isoformat(), "ended": self.ended and self.ended.isoformat()}


def night_of(data: Mapping[str, Any]) -> Night:
    """What `as_json` wrote; ValueError, KeyError or TypeError where it did not."""
    ended = data["ended"]
    moments = {
        "began": datetime.fromisoformat(data["began"]),
        "ended": datetime.fromisoformat(ended) if ended else None,
    }
    return Night(**{**data, "remarks": tuple(data["remarks"]), "kept": tuple(data["kept"]), **moments})


def known(nights: Path) -> tuple[Night, ...]:
    """The nights that stand there, the earliest first. A file that cannot be read is passed over."""
    found = []
    for path in nights.glob("*/*.json"):
        if _day(path.parent.name) and not path.name.endswith(".receipt.json"):
            try:
                found.append(night_of(json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, KeyError, TypeError):
                continue
    return in_order(found)


def in_order(nights: Iterable[Night]) -> tuple[Night, ...]:
    """Each once, by its files' name, the later of two; the earliest night first."""
    return tuple(sorted({night.name: night for night in nights}.values(), key=lambda night: night.began))


def remarks(nights: Path, rules: NightRules, now: datetime, *, sandbox: bool) -> tuple[str, ...]:
    """What is to be known of them: what did not come, and what was noticed or failed within a day. Practice and real runs
    apart."""
    own = [night for night in known(nights) if night.sandbox == sandbox]
    recent = [night for night in own if night.began > now - timedelta(days=1)]
    noticed = [remark for night in recent for remark in night.remarks]
    return tuple(dict.fromkeys([*noticed, *_failed(recent), *(f"missed: {each}" for each in missed(rules, own, now))]))


def _failed(nights: Sequence[Night]) -> Iterator[str]:
    """A sentence for each runbook that failed, without anybody's words; of who died, a remark tells already."""
    failed = [night for night in nights if night.failures and night.error != DIED]
    for runbook, count in Counter(night.runbook for night in failed).items():
        last = max(night.began for night in failed if night.runbook == runbook)
        times = f"{count} times, at last" if count > 1 else "in the run of"
        yield f"{runbook} failed {times} {last:%Y-%m-%d %H:%M} UTC; its record says why"


def head_of(nights: Iterable[Night]) -> str:
    """The hash that the latest of them knows of its log's last line; empty where none knows one."""
    return next((night.head for night in reversed(in_order(nights)) if night.head), "")


def forget(nights: Path, before: date) -> tuple[Night, ...]:
    """Remove the folders of nights before that day, and nothing else; the nights that are left."""
    for folder in nights.iterdir():
        day = _day(folder.name)
        if day and day < before and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
    return known(nights)


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    return day if name == day.isoformat() else None


# From here on: a store of papermill's, where the record is handed to as well.


@dataclass(frozen=True)
class Store:
    """A place that papermill can write, such as `s3://bucket/deskbook`. Each runbook has a folder of its own there."""

    address: str

    def fetch(self, name: str) -> str:
        """The text of a file; empty where it is not there. DeskbookError where the store does not answer."""
        from papermill.iorw import papermill_io

        try:
            return str(papermill_io.read(f"{self.address}/{name}", extensions=None))
        except FileNotFoundError:
            return ""
        except Exception as error:  # each store has errors of its own
            if _absent(error):
                return ""
            raise DeskbookError(f"{self.address}/{name} could not be read ({_said(error)})") from None

    def put(self, name: str, text: str) -> None:
        """DeskbookError where it cannot be written."""
        from papermill.iorw import papermill_io

        path = f"{self.address}/{name}"
        try:
            if "://" not in path:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            papermill_io.write(text, path, extensions=None)
        except Exception as error:
            raise DeskbookError(f"{path} could not be written ({_said(error)})") from None

    def nights(self) -> tuple[Night, ...]:
        """The nights that its list names."""
        try:
            return tuple(night_of(each) for each in json.loads(self.fetch(LIST) or "[]"))
        except (ValueError, KeyError, TypeError):
            return ()


def _absent(error: Exception) -> bool:
    """Stores say in their own words that a file is not there."""
    text = f"{type(error).__name__} {error}".lower()
    return any(word in text for word in ("nosuchkey", "not found", "notfound", "404"))


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]

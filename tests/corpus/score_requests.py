"""Score how new tickets are read: outages, kinds and what is critical, as counts for one part of the corpus."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from building import build_case
from corpora import FRESH, HALVES, entries

from deskbook.model.case import Case
from deskbook.tickets.classification import Classification, classify, impact_of, may_be_critical

FILES = ("outages", "requests")
PARTS = (*HALVES, *FRESH)
ORDINARY = ("broken", "change", "guidance", "workshop")


@dataclass
class Score:
    """Counts of one part. `asked` are put before a person, by the kind that a careful person gives them."""

    part: str
    outages: int = 0
    waved_through: int = 0  # outages that nobody is asked about
    others: int = 0
    false_alarms: int = 0
    wrong: int = 0  # neither the right kind nor asked
    critical_wrong: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    @property
    def caught(self) -> float:
        return 1 - self.waved_through / self.outages

    def share(self, count: int) -> float:
        """Of the tickets that report no outage."""
        return count / self.others

    def lines(self) -> Iterator[str]:
        yield f"{self.part}: {self.outages} outages, {self.outages - self.waved_through} put before a person ({self.caught:.1%})"
        yield f"  {self.others} other requests: {self.false_alarms} false alarms ({self.share(self.false_alarms):.1%})"
        right = self.others - self.wrong
        yield f"  kinds: {right} right or asked ({self.share(right):.1%}), {self.wrong} wrong ({self.share(self.wrong):.1%})"
        total = self.asked.total()
        each = ", ".join(f"{kind} {self.asked[kind]} of {self.kinds[kind]}" for kind in ORDINARY)
        yield f"  put before a person: {total} ({self.share(total):.1%}): {each}"
        yield f"  critical or not: {self.critical_wrong} wrong of those whose kind is read"


@cache
def score(part: str) -> Score:
    """Of one of PARTS."""
    found = Score(part)
    half, ending = ("measure", f"_{part}") if part in FRESH else (part, "")
    for name in FILES:
        for entry in entries(f"{name}{ending}", half):
            _count(found, entry)
    return found


def _count(found: Score, entry: dict[str, Any]) -> None:
    case = _case(entry)
    read = classify(case)
    if entry["outage"]:
        found.outages += 1
        found.waved_through += not _asked(read)
        return
    right = entry.get("kinds") or [entry["kind"]]
    may_ask = entry.get("ask", False)
    found.others += 1
    found.false_alarms += bool(read.outage) and not may_ask
    found.kinds[right[0]] += 1
    found.asked[right[0]] += _asked(read)
    found.wrong += not (_asked(read) or may_ask or read.category in right)
    if not _asked(read):
        critical = impact_of(case, read.category)[0] == "Critical"
        said = critical or ("depends" if may_be_critical(case, read.category) else False)
        labels = entry["critical"] if isinstance(entry["critical"], list) else [entry["critical"]]
        found.critical_wrong += said not in labels


def kind_meant(entry: dict[str, Any]) -> str:
    """The first kind that a careful person gives it."""
    return str((entry.get("kinds") or [entry["kind"]])[0])


def kind_read(entry: dict[str, Any]) -> str:
    """The kind that is meant where any of the right ones is read; else what is read, or that a person is asked."""
    read = _classified(entry)
    if _asked(read):
        return "put before a person"
    return kind_meant(entry) if read.category in (entry.get("kinds") or [entry["kind"]]) else str(read.category)


def outage_meant(entry: dict[str, Any]) -> str:
    return "an outage" if entry["outage"] else "no outage"


def outage_read(entry: dict[str, Any]) -> str:
    """An outage counts as read where a person is asked; what is none, where the words are not taken for one."""
    read = _classified(entry)
    return "an outage" if (_asked(read) if entry["outage"] else read.outage) else "no outage"


def _classified(entry: dict[str, Any]) -> Classification:
    return classify(_case(entry))


def _case(entry: dict[str, Any]) -> Case:
    return build_case({"ticket": {"subject": entry["subject"], "body": _html(entry["body"])}})


def _asked(read: Classification) -> bool:
    return bool(read.outage) or read.category is None


def _html(body: str) -> str:
    return "".join(f"<div>{escape(line)}</div>" for line in body.splitlines())


if __name__ == "__main__":
    for each in PARTS:
        print("\n".join(score(each).lines()))

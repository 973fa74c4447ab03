"""Scores how forms and events are read: `python tests/corpus/score_events.py` prints both halves, counts only, never a text."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from building import build_case
from corpora import FRESH, HALVES, entries

from deskbook.language.forms import filled
from deskbook.language.zones import zone_named, zone_of
from deskbook.runbooks.workshop import event as eventreading
from deskbook.runbooks.workshop.event import Event

# One who asks and represents a community that has no hub of its own: nothing can be concluded from who asks.
FIRST = {"days": "begin", "active_hours": "hours"}  # the key of an entry that says whether it tells a field
ELSEWHERE = {"Elsewhere": {"listed": ["Ada Elsewhere"], "contacts": ["Ada Elsewhere <ada@elsewhere.example.org>"]}}


@dataclass(frozen=True)
class Forms:
    """Of one half: questions of the forms, those found with their answer, those found that nobody asked, free lines kept."""

    questions: int
    found: int
    invented: int
    lines: int
    kept: int


@dataclass(frozen=True)
class Events:
    """Of one half: events, the plain ones of them, those read right, asked about, and wrong with no question."""

    events: int
    plain: int
    right: int
    asked: int
    wrong: int


@cache
def forms(half: str) -> Forms:
    """How many answers of the forms of one half are found, and how many of their free lines stay."""
    count: Counter[str] = Counter()
    for entry in entries("forms", half):
        expected, read, free = form_of(entry)
        count["questions"] += len(expected)
        count["found"] += sum(read.get(question) == answers for question, answers in expected.items())
        count["invented"] += len(read.keys() - expected.keys())
        lines = Counter(plain(line) for line in entry["free"].splitlines())
        count["lines"] += lines.total()
        count["kept"] += (lines & free).total()
    return Forms(**{name: count[name] for name in Forms.__dataclass_fields__})


def form_of(entry: dict[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[str]], Counter[str]]:
    """The answers that an entry has, those that were read, and the free lines; without case and punctuation."""
    found = filled(escape(entry["body"], quote=False).replace("\n", "<br>"))
    expected, read = dict[str, list[str]](), dict[str, list[str]]()
    for question, answers in entry["answers"].items():
        expected[plain(question)] = [plain(a) for a in (answers if isinstance(answers, list) else [answers])]
    for answer in found.answers:
        several = len(expected.get(plain(answer.question), ())) > 1
        values = answer.value.splitlines() if several else [answer.value]
        read.setdefault(plain(answer.question), []).extend(plain(value) for value in values)
    return expected, read, Counter(plain(line) for line in found.free.splitlines())


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@cache
def events(half: str, name: str = "events") -> Events:
    """What became of the events of one file in one half."""
    count = Counter(verdict(entry) for entry in entries(name, half))
    plain = sum(not entry.get("flag") for entry in entries(name, half))
    return Events(count.total(), plain, count["right"], count["asked"], count["wrong"])


def verdict(entry: dict[str, Any]) -> str:
    """`wrong` where something was read otherwise than it is meant and nobody is asked about it; else right, or asked."""
    event = read(entry)
    fields = outcomes(event, entry["expected"])
    if "wrong" in fields.values():
        return "wrong"
    if entry.get("flag"):
        settled = all(
            isinstance(entry["expected"].get(key), datetime | str) or _day(entry, key) for key in ("begin", "end")
        )
        doubtful = [name for name in fields if (name != "days") == settled]
        return "asked" if any(fields[name] == "asked" for name in doubtful) else "wrong"
    needed = [name for name in fields if FIRST.get(name, name) in entry["expected"]]
    return "asked" if any(fields[name] == "asked" for name in needed) else "right"


def read(entry: dict[str, Any]) -> Event:
    return _read(entry["received"], entry["subject"], entry["body"])


@cache
def _read(received: Any, subject: str, body: str) -> Event:
    case = build_case(
        {
            "from": "Ada Elsewhere",
            "communities": ELSEWHERE,
            "now": f"{received}T12:00:00+00:00",
            "ticket": {
                "subject": subject,
                "body": escape(body, quote=False).replace("\n", "<br>"),
                "community": "Elsewhere",
                "type": "Workshop Request",
            },
        }
    )
    return eventreading.read(case, {})


def outcomes(event: Event, expected: dict[str, Any]) -> dict[str, str]:
    """Of days, hours with their zone, people and hub: right, asked or wrong."""
    about = {doubt.about for doubt in event.doubts}
    spans = [(span.begin, span.end) for span in event.spans]
    days = _one_of(spans[0][0] if spans else None, expected.get("begin")) and _one_of(
        spans[-1][1] if spans else None, expected.get("end")
    )
    hours = [window.clock for window in event.windows] if event.windows else []
    zone = {window.zone for window in event.windows} - {""}
    right = {
        "days": days,
        "active_hours": hours == expected.get("hours", [])
        and (not zone or all(same_zone(each, expected.get("timezone", ""), event) for each in zone)),
        "attendees": people(event.value("attendees")) == people(expected.get("attendees", "")),
        "timezone": True,
        "hub_url": _host(event.value("hub_url")) == _host(expected.get("hub_url", "")),
    }
    return {name: "asked" if name in about else "right" if good else "wrong" for name, good in right.items()}


def people(value: str) -> str:
    """`about 50` and `up to 50` are 50 here, `at least 50` is `50+`."""
    least = re.fullmatch(r"at least (\d+)", value)
    return f"{least[1]}+" if least else re.sub(r"^(?:about|up to) ", "", value)


def same_zone(name: str, written: str, event: Event) -> bool:
    """Whether two names of a zone have the same clock on the first day."""
    meant = zone_named(written)
    if not written or not meant or event.begin is None:
        return bool(meant) or not written
    noon = datetime(event.begin.year, event.begin.month, event.begin.day, 12)  # noqa: DTZ001 - each zone tells its own offset
    return zone_of(meant).utcoffset(noon) == zone_of(name).utcoffset(noon)


def _one_of(read: Any, expected: Any) -> bool:
    return read is None or expected is None or read in (expected if isinstance(expected, list) else [expected])


def _day(entry: dict[str, Any], key: str) -> bool:
    return key in entry["expected"] and not isinstance(entry["expected"][key], list)


def _host(address: str) -> str:
    return re.sub(r"^https?://|/.*$", "", address.lower())


def table() -> str:
    """The counts of both halves as Markdown, and of the events that were written when rules stood."""
    rows = [
        "| half | answers found | read where nobody asked | free lines kept | events | right | asked | wrong without a question |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|")
    for half in HALVES:
        f, e = forms(half), events(half)
        rows.append(
            f"| {half} | {f.found} of {f.questions} | {f.invented} | {f.kept} of {f.lines} "
            f"| {e.events} | {e.right} | {e.asked} | {e.wrong} |"
        )
    for ending in FRESH:
        e = events("measure", f"events_{ending}")
        rows.append(f"| {ending} | none | none | none | {e.events} | {e.right} | {e.asked} | {e.wrong} |")
    return "\n".join(rows)


def misread() -> list[str]:
    """What is misread in the half to build on; never of the other."""
    found = []
    for entry in entries("forms", "build"):
        expected, read_, free = form_of(entry)
        if expected != read_ or free != Counter(plain(line) for line in entry["free"].splitlines()):
            found.append(f"{entry['id']}: {read_}, free {list(free)}")
    for entry in entries("events", "build"):
        if (said := verdict(entry)) != "right" and (said == "wrong" or not entry.get("flag")):
            event = read(entry)
            facts = {name: fact.value for name, fact in event.facts.items()}
            found.append(
                f"{entry['id']}: {said} {outcomes(event, entry['expected'])} {facts} {[d.text for d in event.doubts]}"
            )
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misread", action="store_true", help="list what is misread in the half to build on")
    chosen = parser.parse_args(arguments)
    print("\n".join(misread()) if chosen.misread else table())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

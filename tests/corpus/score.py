"""Scores how mail is read: `python tests/corpus/score.py` prints both halves, counts only, never a text.

A reader is one function in READERS. Another reader is another function there, and a file of its name in both halves;
a file with one of the endings FRESH is in the second alone, and read as the one without.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from corpora import FRESH, HALVES, entries

from corpus import score_events, score_machine, score_requests
from deskbook.language import consent, replies

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "book/operate/reading.md"
BEGIN, END = "<!-- scores: make corpus -->", "<!-- end of the scores -->"


@dataclass(frozen=True)
class Reader:
    """How one file is read, and what each entry means. `never` are the meanings that nothing else may be read as."""

    read: Callable[[dict[str, Any]], str]
    means: Callable[[dict[str, Any]], str]
    never: tuple[str, ...] = ()


def _consent(entry: dict[str, Any]) -> str:
    return consent.read(entry["html"]).meaning


def _replies(entry: dict[str, Any]) -> str:
    return replies.read(entry["html"]).meaning


def _threads(entry: dict[str, Any]) -> str:
    answers = [(message["from"], message["html"]) for message in entry["messages"]]
    return consent.verdict(answers, {"rep-a", "rep-b"}).meaning


def _meaning(entry: dict[str, Any]) -> str:
    return str(entry["meaning"])


def _verdict(entry: dict[str, Any]) -> str:
    return str(entry["verdict"])


def _machine(entry: dict[str, Any]) -> str:
    return {"closed": "machine", "asked": "unsure", "mailed": "person"}[score_machine.outcome(entry)]


def _doubtful(entry: dict[str, Any]) -> str:
    return "to be asked about" if entry.get("flag") else "plain"


def _events(entry: dict[str, Any]) -> str:
    read = score_events.verdict(entry)
    return {"right": "plain", "asked": "to be asked about"}.get(read, f"{read} without a question")


def _form(entry: dict[str, Any]) -> str:
    return "a form" if entry["answers"] else "no form"


def _forms(entry: dict[str, Any]) -> str:
    expected, read, free = score_events.form_of(entry)
    kept = free == Counter(score_events.plain(line) for line in entry["free"].splitlines())
    return _form(entry) if expected == read and kept else "not as it is filled"


READERS = {
    "consent": Reader(_consent, _meaning, ("yes", "no", "settled")),
    "replies": Reader(_replies, _meaning, ("thanks", "refusal")),
    "threads": Reader(_threads, _verdict, ("yes", "no", "settled")),
    "requests": Reader(score_requests.kind_read, score_requests.kind_meant),
    "outages": Reader(score_requests.outage_read, score_requests.outage_meant),
    "forms": Reader(_forms, _form),
    "machine": Reader(_machine, _verdict),
    "events": Reader(_events, _doubtful),
}
READERS |= {
    f"{name}_{ending}": Reader(reader.read, reader.means)
    for ending in FRESH
    for name, reader in READERS.items()
    if entries(f"{name}_{ending}", "measure")
}


@dataclass(frozen=True)
class Score:
    """What became of one label in one half: entries, those read as such, and others read as such."""

    entries: int
    understood: int
    false: int

    @property
    def percent(self) -> int:
        return 100 * self.understood // self.entries if self.entries else 100


@cache
def score(name: str, half: str) -> dict[str, Score]:
    """Each label of a file in one half, in the order of the alphabet."""
    reader = READERS[name]
    read = [(reader.means(entry), reader.read(entry)) for entry in entries(name, half)]
    count = Counter(read)
    labels = sorted({each for pair in read for each in pair})
    return {
        label: Score(
            entries=sum(n for (is_, _), n in count.items() if is_ == label),
            understood=count[label, label],
            false=sum(n for (is_, said), n in count.items() if said == label and is_ != label),
        )
        for label in labels
    }


def table() -> str:
    """The scores of all readers and both halves as Markdown, and what becomes of new tickets."""
    rows = [
        "| read | meaning | build: read as such | read so though it is not | measure: read as such | read so though it is not |",
        "|---|---|---|---|---|---|",
    ]
    for name in READERS:
        build, measure = (score(name, half) for half in HALVES)
        for label in sorted(build | measure):
            cells = [
                f"{one.understood} of {one.entries} ({one.percent} %) | {one.false}" if one else "none | 0"
                for one in (build.get(label), measure.get(label))
            ]
            rows.append(f"| {name} | {label} | {' | '.join(cells)} |")
    kinds = "\n\n".join(
        "\n".join(f"- {line.strip()}" for line in score_requests.score(part).lines()) for part in score_requests.PARTS
    )
    return "\n".join(rows) + f"\n\nNew tickets, of both files together:\n\n{kinds}"


def misread(name: str) -> list[str]:
    """The entries of the half to build on that are read otherwise than they are labelled; never of the other."""
    reader = READERS[name]
    found = [(entry, reader.read(entry)) for entry in entries(name, "build")]
    return [
        f"{e['id']}: {reader.means(e)}, read as {said} ({e['note']})" for e, said in found if said != reader.means(e)
    ]


def page(text: str) -> str:
    """A page with the scores of now between its two marks."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.split(END)[1]}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the scores on the handbook's page")
    parser.add_argument("--misread", choices=sorted(READERS), help="list what is misread in the half to build on")
    chosen = parser.parse_args(arguments)
    if chosen.misread:
        print("\n".join(misread(chosen.misread)))
        return 0
    print(table())
    if chosen.write:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    wrong = [name for name in READERS for half in HALVES for label in READERS[name].never
             if (found := score(name, half).get(label)) and found.false]  # fmt: skip
    if wrong:
        print(f"Read as what it is not: {', '.join(sorted(set(wrong)))}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

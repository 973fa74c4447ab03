"""Scores how machines' mail is told from people's: `python tests/corpus/score_machine.py` prints counts, never a text."""

from __future__ import annotations

import sys
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import yaml

from deskbook.language.machine_mail import Mail, read

HERE = Path(__file__).parent
HALVES = ("build", "measure")
VERDICTS = ("machine", "person", "unsure")
READ = ("closed", "asked", "mailed")  # what becomes of it; a request is mailed


def outcome(entry: dict[str, Any]) -> str:
    """What becomes of one mail of the corpus."""
    body = "<br>".join(escape(entry["body"]).splitlines())
    found = read(Mail(entry["from"], entry["subject"], body, tuple(entry.get("headers", {}).items())))
    return "mailed" if found is None else "closed" if found.certain else "asked"


def score(half: str) -> Counter[tuple[str, str]]:
    """How many mails of each verdict are closed, put before a person, or answered."""
    entries = yaml.safe_load((HERE / half / "machine.yaml").read_text(encoding="utf-8"))
    return Counter((entry["verdict"], outcome(entry)) for entry in entries)


def table() -> str:
    """The scores of both halves as Markdown."""
    rows = ["| half | verdict | " + " | ".join(READ) + " |", "|---|---|---|---|---|"]
    for half in HALVES:
        found = score(half)
        rows += [f"| {half} | {v} | " + " | ".join(str(found[v, became]) for became in READ) + " |" for v in VERDICTS]
    return "\n".join(rows)


def missed() -> list[str]:
    """The targets that are not met, by half: nobody's mail is closed, and no machine is mailed."""
    never = {("person", "closed"): "people's mail closed", ("machine", "mailed"): "machine mail mailed"}
    return [
        f"{half}: {found[pair]} of {what}" for half in HALVES for found in [score(half)]
        for pair, what in never.items() if found[pair]
    ]  # fmt: skip


if __name__ == "__main__":
    print(table())
    sys.exit("; ".join(missed()) or 0)

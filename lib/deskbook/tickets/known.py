"""What we have seen before: errors with the log to read, and problems with what fixes them, from `known.yaml`.

Recognising is advice. A sign is tried on one line at a time, and each shows the line that it was found in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt

from deskbook.config.loader import Frozen, complain, load
from deskbook.language.redaction import redact
from deskbook.language.text import LONGEST, plain_markdown, shorten, typed, words_of
from deskbook.model.case import Case

SHIPPED = Path(__file__).with_name("known.yaml")
LONGEST_LINE = 1_000  # characters of a line that are looked at
SHOWN = 160  # characters of a line that are shown

Where = Literal["the ticket", "the pasted log"]


def _sign(pattern: str) -> str:
    try:
        everything = re.search(pattern, "", re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"is not a regular expression ({error}); mend it or quote it") from None
    if everything:
        raise ValueError("matches an empty line, so everything; say what it looks for")
    return pattern


def _sentence(text: str) -> str:
    if text.count("`") % 2:
        raise ValueError("has a backtick without its partner; put one before and one after each command")
    return text


Sign = Annotated[str, Field(min_length=1), AfterValidator(_sign)]
Sentence = Annotated[str, Field(min_length=1), AfterValidator(_sentence)]


class Known(Frozen):
    """An error or a problem. `look` names the logs in their order; `fix` the steps. Commands stand in backticks.

    `heard` are common forms of its message, by which the handbook's search finds it.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+(?:-[a-z]+)*$")]
    title: Annotated[str, Field(min_length=1)]
    kind: Literal["error", "problem"]
    heard: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
    signs: Annotated[tuple[Sign, ...], Field(min_length=1)]
    look: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    fix: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    caution: Sentence | None = None


class Knowledge(Frozen):
    logs_kept_days: PositiveInt
    known: tuple[Known, ...]


@dataclass(frozen=True)
class Match:
    """Something known that shows in a text. `words` is the line in which it does, shortened."""

    known: Known
    where: Where
    words: str

    def sentence(self) -> str:
        return f"{self.known.title}: {self.where} says '{self.words}'"


@cache
def load_known(path: Path = SHIPPED) -> Knowledge:
    """What is known, read once; DefinitionError names a mistake with its place and remedy."""
    knowledge = load(path, Knowledge)
    ids = [known.id for known in knowledge.known]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            raise complain(path.name, f"/known/{index}", f"'{name}' is there twice; keep one")
    return knowledge


def recognise(text: str, log: str = "") -> tuple[Match, ...]:
    """What a ticket's text and a pasted log show, one match for each thing known.

    Problems come first, then what more signs speak for, then what the log shows. A log is looked at from its end.
    """
    places: tuple[tuple[Where, list[str]], ...] = (
        ("the pasted log", list(_lines(log[-LONGEST:]))),
        ("the ticket", list(_lines(text[:LONGEST]))),
    )
    found: list[tuple[int, Match]] = []
    for known in load_known().known:
        signs, first = 0, None
        for where, lines in places:
            for sign in known.signs:
                hit = _first(sign, lines)
                signs += hit is not None
                if hit and (first is None or (first[0] == where and hit[0] < first[1])):
                    first = (where, *hit)
        if first:
            found.append((signs, Match(known, first[0], first[2])))
    found.sort(key=lambda each: (each[1].known.kind != "problem", -each[0], each[1].where != "the pasted log"))
    return tuple(match for _, match in found)


def recognised_in(case: Case, log: str = "") -> tuple[Match, ...]:
    """What shows in a ticket, in the replies to it (without what either quotes), and in a pasted log."""
    replies = (words_of(entry.body, quotes=False) for entry in case.replies())
    found = recognise("\n".join((case.own_words, *replies)), log)
    return tuple(replace(match, words=redact(match.words)) for match in found)


def logs_are_gone(case: Case) -> str:
    """A warning where the ticket is older than the clouds' logs; empty where it is not."""
    kept, days = load_known().logs_kept_days, (case.now - case.ticket.created).days
    if days <= kept:
        return ""
    return (
        f"The ticket is {days} days old, and the clouds keep logs for about {kept} days: those of its beginning are gone."
        " Ask when it happened last."
    )


def marked(sentence: str) -> str:
    """One of our sentences as Markdown: the commands in it are code, and all else is plain."""
    parts = re.split(r"(`[^`]+`| +)", sentence)
    return "".join(part if part[:1] in ("`", " ") else plain_markdown(part) for part in parts)


def _lines(text: str) -> Iterator[str]:
    """What somebody says in their own words: `>` marks what they quote."""
    for line in text.splitlines():
        said = typed(line[:LONGEST_LINE])
        if said and not said.startswith(">"):
            yield said


def _first(sign: str, lines: list[str]) -> tuple[int, str] | None:
    """The number of the first line that bears a sign, and the line, shortened to what lies around the sign."""
    search = re.compile(sign, re.IGNORECASE).search
    for number, line in enumerate(lines):
        if match := search(line):
            begin = max(0, min(match.start() - SHOWN // 4, len(line) - SHOWN))
            return number, ("…" if begin else "") + shorten(line[begin:], SHOWN)
    return None

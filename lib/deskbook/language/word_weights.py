"""Weigh single words: how much each speaks for a kind of request, or for an outage, where patterns alone do not tell.

The table was fitted on texts whose kind is known (`tests/corpus/fit_words.py`), and is read here with plain arithmetic.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from pathlib import Path

from deskbook.language.phrase_search import Sentence

TABLE = Path(__file__).parent / "patterns/words.csv"
BIAS = "(any)"  # the row of what is said before a word is read
OUTAGE = "outage"  # the column beside those of the kinds
KNOWN = 0.5  # the share of the words of a text that the table must hold; of another language it holds few
ENOUGH = 16  # words of a text from which on they say something of an outage
TELLING = 3  # words that are named as a reason


@dataclass(frozen=True)
class Weight:
    """A word: how rare it is, and how much it speaks for each kind (against it, below 0)."""

    rare: float
    kinds: Mapping[str, float]


@dataclass(frozen=True)
class Leaning:
    """The share of each kind, together 1; that of an outage against all kinds; the words that speak most for each."""

    shares: Mapping[str, float]
    outage: float
    telling: Mapping[str, tuple[str, ...]]


def leaning(said: Sequence[Sentence], table: Mapping[str, Weight] | None = None) -> Leaning:
    """What the words of a request lean to, by the table that comes along; all alike where it holds too few of them."""
    table = table or weights()
    found = words(said)
    known = sorted(found & table.keys())
    length = sqrt(sum(table[word].rare ** 2 for word in known))
    kinds = [kind for kind in table[BIAS].kinds if kind != OUTAGE]
    if not length or len(known) < KNOWN * len(found):
        return Leaning(dict.fromkeys(kinds, 1 / len(kinds)), 0.0, dict.fromkeys([*kinds, OUTAGE], ()))
    given = {kind: {w: table[w].rare * table[w].kinds[kind] / length for w in known} for kind in (*kinds, OUTAGE)}
    scores = {kind: exp(table[BIAS].kinds[kind] + sum(each.values())) for kind, each in given.items()}
    of_kinds = sum(scores[kind] for kind in kinds)
    return Leaning(
        {kind: scores[kind] / of_kinds for kind in kinds},
        scores[OUTAGE] / (of_kinds + scores[OUTAGE]) if len(found) >= ENOUGH else 0.0,
        {kind: _most(each) for kind, each in given.items()},
    )


def words(said: Sequence[Sentence]) -> set[str]:
    """The words that are weighed: folded, `#` for a number, `?` for a question, `<` before one that begins a sentence."""
    found = set()
    for sentence in said:
        own = ["#" if word[0].isdigit() else word for word in sentence.words]
        found |= {*own, f"<{own[0]}", *(["?"] if sentence.asks else [])}
    return found


@cache
def weights() -> Mapping[str, Weight]:
    """The table: each word with its weights, and `BIAS`."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return {word: Weight(float(rare), dict(zip(head[2:], map(float, each), strict=True))) for word, rare, *each in rows}


def _most(given: Mapping[str, float]) -> tuple[str, ...]:
    strongest = sorted((word for word in given if given[word] > 0 and word.isalpha()), key=lambda word: -given[word])
    return tuple(strongest[:TELLING])

"""Find the closed tickets whose subjects are most like a new one's, and what people called them. Plain arithmetic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from deskbook.config.organization import Category
from deskbook.language.redaction import redact
from deskbook.language.requests import sober
from deskbook.model.case import Alike

NEIGHBOURS = 15  # closed tickets that are asked, at most
FEWEST = 5  # of them that must be there, or nothing is proposed
LIKE = 0.5  # the cosine of two subjects from which on they are alike
AGREE = 2 / 3  # the share of the neighbours that must be of one kind
_WORD = re.compile(r"[^\W\d_]{3,40}")


@dataclass(frozen=True)
class Past:
    """A closed ticket: its number, the kind that it ended with, and its words as places in `History.words`."""

    id: int
    kind: Category
    words: tuple[int, ...]


@dataclass(frozen=True)
class History:
    """Words with the weight that each has for the kind of a ticket, and closed tickets, oldest first."""

    words: Mapping[str, float]
    tickets: Sequence[Past]

    def alike(self, subject: str, besides: int = 0) -> Alike | None:
        """The kind that most of the likest tickets had, with their numbers, the likest first; None below a threshold.

        An incident is never proposed: whether it is one is decided by a person. `besides` is the ticket's own number.
        """
        weights = list(self.words.values())
        places = {word: place for place, word in enumerate(self.words)}
        own = {places[word] for word in words(subject) if word in places}
        length = _length(own, weights)
        near = []
        for past in self.tickets if length else ():
            if past.id == besides:
                continue
            shared = sum(weights[place] ** 2 for place in past.words if place in own)
            like = shared / (length * _length(past.words, weights)) if shared else 0.0
            if like >= LIKE:
                near.append((round(like, 6), past.id, past.kind))
        near = sorted(near, reverse=True)[:NEIGHBOURS]
        if len(near) < FEWEST:
            return None
        kind, count = Counter(kind for _, _, kind in near).most_common(1)[0]
        if kind == "incident" or count < AGREE * len(near):
            return None
        return Alike(kind, tuple(number for _, number, each in near if each == kind), len(near))


def words(subject: str) -> tuple[str, ...]:
    """The words of a subject, each once: no numbers, addresses or passwords."""
    return tuple(dict.fromkeys(_WORD.findall(sober(redact(subject)).casefold())))


def _length(places: Sequence[int] | set[int], weights: Sequence[float]) -> float:
    return sqrt(sum(weights[place] ** 2 for place in places))

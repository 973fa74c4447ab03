"""Read a new request: signs of an outage, of each kind, and of what is critical, each with the words that gave it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import exp
from pathlib import Path
from typing import Any, Literal

from deskbook.config.loader import read_yaml
from deskbook.language import word_weights
from deskbook.language.phrase_search import Match, Pattern, Phrases, Sentence, sentences
from deskbook.language.word_weights import ENOUGH, OUTAGE, Leaning, words

PATTERNS = Path(__file__).parent / "patterns"
LONGEST = 20_000  # characters that are read: more is a pasted log
Words = Mapping[str, tuple[str, ...]]
Kind = Literal["broken", "change", "guidance", "workshop"]
KINDS: tuple[Kind, ...] = ("broken", "change", "guidance", "workshop")
OWN = ("outage", "no_outage", *KINDS, "critical")  # what an organisation can add words to
_LEAST = 2.0  # what the patterns of a kind must weigh to count as found
_SURE = 0.5  # the share that a kind must have of all, by its patterns and its words together
_SURER = 0.66  # the same where patterns of another kind are found
_ALONE = 0.85  # the same where words speak alone in a short text, which has little to weigh
_POINT, _MOST = 0.6, 8.0  # what one point of a pattern's weight adds to the logarithm of a share; points that count
_MAY_BE_OUTAGE = 0.35  # the share of an outage, by single words alone, from which on a person is asked
_ANNOUNCED = 6.0  # what the patterns of a workshop must weigh, so that single words raise no doubt of an outage
_POLITE, _PLAIN = 2, 3  # weights: of a question that may be a polite wish, and of a plain sign
_ASKING = ("how and where", "asks, German", "asks, French", "asks, Spanish")  # what they want to know is no wish
_MAY_BE_WISH, _MAY_BE_QUESTION = "could we be", "is it possible"  # patterns that hold the same words
_SOUNDS = Pattern("single words", "", "")  # no phrase: what they speak for is in the table of words
_HUBS_OWN = 3  # the weight of trouble that is the hub's by its nature, whoever tells it
_NEAR = 2  # sentences between what fails and who has it

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*")
_FOREIGN = re.compile(
    r"https?://(?:[\w-]+\.){0,5}(?:github|gitlab|google|youtube|zoom|slack|wikipedia|doi|zenodo)\.[^\s<>]+", re.I
)
_ADDRESS = re.compile(
    r"https?://[^\s<>]+|(?<![\w./-])[a-z\d-]+(?:\.[a-z\d-]+)+\.[a-z]{2,24}\b(?!\.?[\w(])(?:/[\w.%/-]*)?", re.I
)
_SERVICE = re.compile(r"\b(?:grafana|prometheus|staging)\b", re.I)
_OF_ONESELF = re.compile(r"(?:can|could|may|am) i\b|is (?:it|there)\b", re.I)
_HUBS = {"hub", "hubs", "jupyterhub", "server", "servers"}


@dataclass(frozen=True)
class Signs:
    """What the words of a request speak for. Each is a match with its words, or None.

    `kind` is None where the words say too little, or speak for two kinds; `kinds` holds the strongest sign of each.
    """

    outage: Match | None
    kind: Kind | None
    kinds: Mapping[Kind, Match] = field(default_factory=dict)
    critical: Match | None = None
    depends: Match | None = None  # critical or not, depending on what the words do not say
    several: Match | None = None
    doubt: Match | None = None  # why it is put before a person all the same: it may be several people's
    telling: tuple[str, ...] = ()  # the single words that speak for the kind, where no pattern does


def read(subject: str, body: str, own: Words | None = None) -> Signs:
    """The signs in a request; `own` are an organisation's own phrases by what they speak for (see `OWN`)."""
    return _Reader(sentences(sober(f"{subject.strip()}\n{body}"[:LONGEST])), own or {}).signs()


def outage(text: str, own: Words | None = None) -> Match | None:
    """What in these words, a subject for example, speaks of an outage now."""
    return _Reader(sentences(sober(text[:LONGEST])), own or {}).outage()


def names_event(text: str) -> bool:
    """Whether the words name a workshop, a course, an exam or the like."""
    return bool(_Reader(sentences(sober(text[:LONGEST])), {}).found("EVENT"))


def asks_for_password(text: str) -> bool:
    """Whether it is about a password that many share."""
    reader = _Reader(sentences(sober(text[:LONGEST])), {})
    return bool(reader.within("PASSWORD") - reader.within("OWN_PASSWORD"))


def sober(text: str) -> str:
    """With 'the hub' for addresses, whatever words they are made of; other places' and mail addresses left out."""
    return _ADDRESS.sub(_place, _MAIL.sub(" somebody ", _FOREIGN.sub(" a link ", text)))


def _place(address: re.Match[str]) -> str:
    service = _SERVICE.search(address[0])
    return f" the {service[0]} " if service else " the hub "


@cache
def lists() -> Mapping[str, tuple[str, ...]]:
    """The words that a pattern names in braces."""
    rows: Mapping[str, list[str]] = read_yaml(PATTERNS / "lists.yaml")
    return {
        name: tuple(word for row in said for word in re.split(r"\s*,\s*", row.strip(" ,")))
        for name, said in rows.items()
    }


@cache
def tables() -> Mapping[str, tuple[Pattern, ...]]:
    """The patterns of every table, by its name; read when a request is."""
    files: Iterable[Mapping[str, list[dict[str, Any]]]] = (
        read_yaml(PATTERNS / f"{name}.yaml") for name in ("outages", "kinds", "critical")
    )
    return {
        table: tuple(Pattern(**{**row, "phrases": " / ".join(row["phrases"])}) for row in rows)
        for file in files
        for table, rows in file.items()
    }


@cache
def _table(name: str) -> Phrases:
    return Phrases(tables()[name], lists())


@cache
def _own_table(phrases: tuple[str, ...]) -> Phrases:
    return Phrases([Pattern("your own words", phrase, phrase, 4) for phrase in phrases], lists())


@dataclass(frozen=True)
class _Reader:
    said: tuple[Sentence, ...]
    own: Words

    def found(self, table: str) -> list[Match]:
        return list(_table(table).find(self.said))

    def within(self, *tables: str) -> set[int]:
        """The sentences in which a pattern of these tables is."""
        return {match.sentence for table in tables for match in self.found(table)}

    def added(self, name: str) -> list[Match]:
        phrases = tuple(self.own.get(name, ()))
        return list(_own_table(phrases).find(self.said)) if phrases else []

    @cached_property
    def several(self) -> list[Match]:
        return self.found("SEVERAL")

    def signs(self) -> Signs:
        found = self.outage()
        kinds = self.kinds()
        weights = {name: _weight(matches) for name, matches in kinds.items()}
        if max(weights.values()) < _LEAST and (mine := self._own_trouble()):
            kinds, weights = {**kinds, "broken": mine}, {**weights, "broken": _LEAST}
        leaning = word_weights.leaning(self.said)
        # Whose own password it is matters, and single words tell nothing of that.
        silent = max(weights.values()) < _LEAST and bool(self.within("OWN_PASSWORD"))
        kind = (
            "broken"
            if found
            else None
            if silent
            else _together(weights, leaning.shares, short=len(words(self.said)) < ENOUGH)
        )
        announced = weights["workshop"] >= _ANNOUNCED and weights["broken"] < _LEAST
        doubt = None if found else self._doubt(kind, weights) or (None if announced else self._sounds(leaning))
        critical = self.added("critical") or self.found("CRITICAL")
        if not critical and kind == "broken":
            elsewhere = self.within("OTHER_PANELS")
            critical = [match for match in self.found("MONITORING") if match.sentence not in elsewhere]
        return Signs(
            outage=found,
            kind=None if doubt else kind,
            kinds={name: max(matches, key=_of_match) for name, matches in kinds.items() if matches},
            critical=critical[0] if critical else None,
            depends=next(iter(self.found("DEPENDS")), None),
            several=self.several[0] if self.several else None,
            doubt=doubt,
            telling=leaning.telling[kind] if kind else (),
        )

    def _own_trouble(self) -> list[Match]:
        """What would be an outage if several had it, told by one person of themself."""
        if not self.within("MYSELF", "MINE", "PERHAPS_ALONE", "ALONE"):
            return []
        aside = self.within("ASIDE")
        return [match for match in (*self.found("TROUBLE"), *self.found("GONE")) if match.sentence not in aside]

    def _doubt(self, kind: Kind | None, weights: Mapping[Kind, float]) -> Match | None:
        """What may mean that a fault is not one person's alone: too little for an outage, and enough to ask."""
        elsewhere = self.within("ELSEWHERE")
        wish = weights["change"] > max(_PLAIN + 1, weights["broken"])
        by_words = kind == "broken" and weights["broken"] < _LEAST
        fault = by_words or weights["broken"] >= _LEAST
        if wish or not fault or self._alone() or 0 in elsewhere or self.within("ONE_KERNEL"):
            return None
        plain = kind != "broken" or self.within("MINE", "PERHAPS_ALONE") or self._over()
        hints = self.several if plain else (*self.several, *self.found("WE"), *self.found("PERHAPS_SEVERAL"))
        said = set(range(len(self.said))) if by_words else self.within("BROKEN", "TROUBLE", "GONE")
        near = self._near(said - self.within("TOOL"))
        found = next((m for m in hints if m.sentence in near and m.sentence not in elsewhere), None)
        return found or (None if plain else self._of_nobody(elsewhere))

    def _of_nobody(self, elsewhere: set[int]) -> Match | None:
        """What fails, where nothing tells whom it concerns: no word of the writer's own, and of no other person."""
        if self.within("MYSELF", "TOOL"):
            return None
        aside = self.within("ASIDE") | elsewhere
        fails = (*self.found("GONE"), *(m for m in self.found("TROUBLE") if m.pattern.weight >= _HUBS_OWN))
        return next((m for m in fails if m.sentence not in aside), None)

    def _sounds(self, leaning: Leaning) -> Match | None:
        """Words that are those of outages, though no pattern finds one."""
        mine = not self.several and bool(self.within("MINE", "PERHAPS_ALONE"))
        if leaning.outage < _MAY_BE_OUTAGE or mine or self._alone() or self._over():
            return None
        return Match(_SOUNDS, ", ".join(leaning.telling[OUTAGE]), 0)

    def _near(self, sentences: Iterable[int]) -> set[int]:
        return {each for number in sentences for each in range(number - _NEAR, number + _NEAR + 1)}

    def outage(self) -> Match | None:
        """What speaks of an outage: a hub that is gone, or something that fails for several; none where it is over,
        one person's alone, or something else than a hub."""
        if self.added("no_outage"):
            return None
        if added := self.added("outage"):
            return added[0]
        if self._over() or self._alone():
            return None
        elsewhere = self.within("ELSEWHERE")
        past = self.within("PAST") & self.within("WAS") - self.within("LASTING")
        told = set(range(len(self.said))) - self.within("ASIDE", "ONE_KERNEL") - past - elsewhere
        if 0 in elsewhere:
            told &= {number for number, sentence in enumerate(self.said) if _HUBS & set(sentence.words)}
        wishes = bool(self.within("WISHES"))
        gone = (m for m in self.found("GONE") if m.sentence in told and (not wishes or m.pattern.weight > 1))
        mine = self.within("MINE")
        if found := next((match for match in gone if match.sentence not in mine), None):
            return found
        return None if wishes else self._trouble(told - self.within("WISH"))

    def _trouble(self, told: set[int]) -> Match | None:
        several = {match.sentence for match in self.several}
        we, tools = self.within("WE"), self.within("TOOL")
        for match in self.found("TROUBLE"):
            if match.sentence in tools and match.pattern.weight == 1:
                continue
            near = self._near([match.sentence])
            if match.sentence in told and (near & several or (match.sentence in we and match.pattern.weight > 1)):
                return match
        return None

    def _over(self) -> bool:
        asking = {number for number, sentence in enumerate(self.said) if sentence.asks}
        return bool(self.within("OVER") - self.within("NOT") - asking)

    def _alone(self) -> bool:
        if self.within("NOT_ALONE"):
            return False
        return bool(self.within("ALONE") or (not self.several and self.within("PERHAPS_ALONE")))

    def kinds(self) -> dict[Kind, list[Match]]:
        harmless = self.within("HARMLESS")
        broken = [match for match in self.found("BROKEN") if match.sentence not in harmless]
        change, guidance = self.found("CHANGE"), self.found("GUIDANCE")
        wished = {match.sentence for match in change if match.pattern.weight > _POLITE}
        closing = self.within("CLOSING") if wished or broken else set()
        guidance = [m for m in guidance if m.pattern.weight > _POLITE or m.sentence not in wished]
        guidance = [m for m in guidance if m.sentence not in closing]
        asking = {match.sentence for match in guidance if match.pattern.name in _ASKING}
        change = [match for match in change if match.sentence not in asking or match.pattern.weight > _PLAIN]
        change = [match for match in change if match.sentence not in self._no_wish(broken, asking)]
        change, guidance = _whose_question(change, guidance)
        asked = asking - self.within("WHY")
        broken = [match for match in broken if match.sentence not in asked or match.pattern.weight > _PLAIN]
        if any(match.pattern.weight >= _PLAIN for match in broken):  # what to do about it is no question of its own
            first = min(match.sentence for match in broken)
            guidance = [match for match in guidance if match.sentence < first or match.pattern.weight > _PLAIN]
        return {
            "broken": broken + self.added("broken"),
            "change": change + self.added("change"),
            "guidance": guidance + self.added("guidance"),
            "workshop": self._workshop() + self.added("workshop"),
        }

    def _no_wish(self, broken: Iterable[Match], asking: Iterable[int]) -> set[int]:
        """The sentences whose wish is none: what they did, want to do alone and ask how, or want us to look at."""
        own = self.within("OWN_DOING") if asking else set()
        look = self.within("LOOK") if any(match.pattern.weight >= _POLITE for match in broken) else set()
        return self.within("DONE") | own | look

    def _workshop(self) -> list[Match]:
        own = self.within("OWN_PASSWORD")
        found = [match for match in self.found("PASSWORD") if match.sentence not in own]
        events = self.found("EVENT")
        if events and not self.within("PAST_EVENT") and self.within("PREPARED"):
            found += [events[0], *self.found("EVENT_TITLE"), *self.found("PREPARED")]
        return found


def _of_match(match: Match) -> int:
    return match.pattern.weight


def _whose_question(change: list[Match], guidance: list[Match]) -> tuple[list[Match], list[Match]]:
    """Of a question that may be a polite wish: "Can I …?" asks what oneself may do, "Could we …?" that somebody does it."""
    wishes = {
        match.sentence for match in change if match.pattern.name == _MAY_BE_WISH and not _OF_ONESELF.match(match.words)
    }
    own = {match.sentence for match in change if match.pattern.name == _MAY_BE_WISH} - wishes
    change = [
        m for m in change if m.pattern.name != _MAY_BE_WISH or m.sentence not in own or m.pattern.weight > _POLITE
    ]
    guidance = [m for m in guidance if m.pattern.name != _MAY_BE_QUESTION or m.sentence not in wishes]
    return change, guidance


def _weight(matches: Iterable[Match]) -> float:
    """The heaviest pattern counts whole, each other one half."""
    weights = sorted({match.pattern.name: match.pattern.weight for match in matches}.values(), reverse=True)
    return weights[0] + sum(weights[1:]) * 0.25 if weights else 0.0


def _together(weights: Mapping[Kind, float], shares: Mapping[str, float], *, short: bool) -> Kind | None:
    """The kind for which patterns and single words speak together, or None where none is far enough above the others."""
    if weights["workshop"] == max(weights.values()) and weights["broken"] >= _PLAIN:
        return None
    found = {kind: shares[kind] * exp(_POINT * min(weights[kind], _MOST)) for kind in KINDS}
    first = max(KINDS, key=lambda kind: found[kind])
    plain = [kind for kind in KINDS if weights[kind] >= _LEAST] == [first]
    alone = short and max(weights.values()) < _LEAST
    needed = _SURE if plain else _ALONE if alone else _SURER
    return first if found[first] >= needed * sum(found.values()) else None

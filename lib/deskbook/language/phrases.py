"""A closed grammar of short answers: tables of known phrases, and which words of a sentence belong to one of them.

The tables are `patterns/*.yaml`. A phrase is written in words, with `[maybe]` for what may be missing, `(one|other)` for
a choice, `{list}` for a list of words, `{Name}` for a name and `~4` for one to four words of any kind. Accents, capital
letters and English contractions make no difference: write `do not` for "don't", "do not" and "dont".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from deskbook.config.loader import Frozen, complain, load

PATTERNS = Path(__file__).parent / "patterns"
LONGEST_CLAUSE = 60  # words; what is longer is no known phrase

Extra = tuple[tuple[str, tuple[str, ...]], ...]  # phrases of the organisation, by what they mean


class Phrase(Frozen):
    """One row of a table: what its forms mean, and an example of it."""

    name: str
    means: str
    example: str
    says: tuple[str, ...]
    alone: bool = False  # nothing but a comma or the end may follow


class Table(Frozen):
    """One file: lists of words (separated by commas), phrases that make a plain answer, and signs looked for anywhere."""

    words: Mapping[str, str] = {}
    phrases: tuple[Phrase, ...] = ()
    signs: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Word:
    """A word as it is compared, and where it stands in the text."""

    form: str
    begin: int
    end: int


@dataclass(frozen=True)
class Found:
    """A known phrase in a text: what it means, its name, and its words as they were written."""

    means: str
    name: str
    said: str
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, eq=False)
class _Node:
    """A piece of a phrase. `first` are the words that it may begin with; None: any."""

    kind: Literal["word", "name", "any", "sequence", "choice"]
    parts: tuple[_Node, ...] = ()
    most: int = 1  # words of an "any"
    empty: bool = False  # it may be missing
    first: frozenset[str] | None = None

    @cached_property
    def by_first(self) -> tuple[Mapping[str, Sequence[_Node]], Sequence[_Node]]:
        """The parts of a choice by the word they begin with, and those that may begin with any."""
        found: dict[str, list[_Node]] = {}
        for part in self.parts:
            for word in () if part.empty else part.first or ():
                found.setdefault(word, []).append(part)
        return found, [part for part in self.parts if part.empty or part.first is None]


@dataclass(frozen=True, eq=False)
class _Row:
    phrase: Phrase
    node: _Node


class _Text:
    """The words of one text, and how far pieces of phrases reach in it."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.low = [word.form.lower() for word in words]
        self.named = [_may_be_name(word.form) for word in words]
        self.known: dict[tuple[int, int], frozenset[int]] = {}

    def ends(self, node: _Node, at: int) -> frozenset[int]:
        """Every word before which a piece that begins here may end."""
        if node.first is not None and not node.empty and (at >= len(self.low) or self.low[at] not in node.first):
            return _NOWHERE
        key = (id(node), at)
        if key not in self.known:
            self.known[key] = frozenset(self._ends(node, at)) | (frozenset((at,)) if node.empty else _NOWHERE)
        return self.known[key]

    def _ends(self, node: _Node, at: int) -> Iterable[int]:
        match node.kind:
            case "word":
                return (at + 1,) if at < len(self.low) and self.low[at] in (node.first or ()) else ()
            case "any":
                return range(at + 1, min(len(self.low), at + node.most) + 1)
            case "name":
                return self.name(at)
            case "choice":
                exact, rest = node.by_first
                parts = [*(exact.get(self.low[at], ()) if at < len(self.low) else ()), *rest]
                return {end for part in parts for end in self.ends(part, at)}
            case _:
                here = {at}
                for part in node.parts:
                    here = {end for begin in here for end in self.ends(part, begin)}
                return here

    def name(self, at: int) -> Sequence[int]:
        """Where a name, with its titles, ends that begins here."""
        while at < len(self.low) and self.low[at] in _TITLES:
            at += 1
            at += at < len(self.low) and self.low[at] == "."
        dotted = at + 1 < len(self.low) and self.low[at + 1] == "."
        initial = dotted and len(self.low[at]) == 1 and self.words[at].form.isupper()
        if at >= len(self.low) or not (self.named[at] or initial):
            return ()
        return (at + 1, at + 2) if dotted else (at + 1,)


class Grammar:
    """The phrases and signs of some tables; of two phrases that fit, the earlier counts."""

    def __init__(self, tables: Sequence[Table], extra: Extra = ()) -> None:
        self._words = {name: said for each in tables for name, said in each.words.items()}
        self._lists: dict[str, _Node] = {}
        own = tuple(Phrase(name="words", means=means, example=said[0], says=said) for means, said in extra if said)
        self._rows = [self._row(row) for row in (*own, *(row for each in tables for row in each.phrases))]
        self._signs = [self._row(sign) for each in tables for sign in each.signs]

    def whole(self, text: str) -> list[Found] | None:
        """The phrases that a clause is made of, with the fewest of them; None where some word belongs to none."""
        words = words_in(text)
        if len(words) > LONGEST_CLAUSE:
            return None
        heard = _Text(words)
        best: dict[int, list[tuple[_Row, int, int]]] = {0: []}
        for begin in range(len(words)):
            if begin not in best:
                continue
            if heard.low[begin] in _BETWEEN:
                _keep(best, begin + 1, best[begin])
            for row in self._rows:
                for end in heard.ends(row.node, begin):
                    if end > begin and (not row.phrase.alone or end == len(words) or heard.low[end] in _STOPS):
                        _keep(best, end, [*best[begin], (row, begin, end)])
        if len(words) not in best:
            return None
        return [_found(row, text, words[begin:end]) for row, begin, end in best[len(words)]]

    def anywhere(self, text: str, *means: str) -> Found | None:
        """The first sign of such a meaning that stands anywhere in a text."""
        words = words_in(text)
        heard = _Text(words)
        signs = [row for row in self._signs if row.phrase.means in means]
        for begin in range(len(words)):
            for row in signs:
                ends = [end for end in heard.ends(row.node, begin) if end > begin]
                if ends:
                    return _found(row, text, words[begin : min(ends)])
        return None

    def _row(self, phrase: Phrase) -> _Row:
        return _Row(phrase, _choice([self._form(said) for said in phrase.says]))

    def _form(self, said: str) -> _Node:
        node, end = self._choices(said, 0)
        if end < len(said):
            raise complain("patterns", f"/{said}", f"'{said[end]}' closes nothing; remove it")
        return node

    def _choices(self, said: str, at: int) -> tuple[_Node, int]:
        """A choice of phrases, up to the bracket that closes it."""
        choices, parts = list[_Node](), list[_Node]()
        for piece in _PIECES.finditer(said, at):
            if piece.start() < at:
                continue  # read as part of a bracket
            sign = piece[0]
            if sign in "])":
                return _choice([*choices, _sequence(parts)]), piece.start()
            if sign in "[(":
                inner, closed = self._choices(said, piece.end())
                if said[closed : closed + 1] != {"[": "]", "(": ")"}[sign]:
                    raise complain("patterns", f"/{said}", "a bracket is not closed; close it")
                parts.append(replace(inner, empty=True) if sign == "[" else inner)
                at = closed + 1
            elif sign == "|":
                choices.append(_sequence(parts))
                parts = []
            else:
                parts.append(self._word(sign))
        return _choice([*choices, _sequence(parts)]), len(said)

    def _word(self, said: str) -> _Node:
        if said == "{Name}":
            return _Node("name")
        if said.startswith("{"):
            name = said.strip("{}")
            if name not in self._words:
                raise complain("patterns", f"/{said}", "is no list of words; add it under `words`")
            if name not in self._lists:
                self._lists[name] = _choice([self._form(one.strip()) for one in self._words[name].split(",")])
            return self._lists[name]
        if said.startswith("~"):
            return _Node("any", most=int(said[1:]))
        return _sequence([_Node("word", first=frozenset((word.form.lower(),))) for word in words_in(said)])


def table(name: str) -> Table:
    """One of the tables that come with the package; DefinitionError says what is wrong in it."""
    return load(PATTERNS / f"{name}.yaml", Table)


@cache
def grammar(name: str, extra: Extra = ()) -> Grammar:
    """The phrases of one reader, those that all readers share, and the organisation's own."""
    return Grammar((table(name), table("common")), extra)


def words_in(text: str) -> list[Word]:
    """The words and signs of a text as they are compared: without accents, contractions written out."""
    return [
        Word(each, piece.start(), piece.end())
        for piece in _PIECE.finditer(text)
        for each in _written_out(_plain(piece[0]))
    ]


def is_name(text: str) -> bool:
    """Whether a line is nothing but a name of one to four words, as far as that can be told."""
    words = words_in(_AFTER_NAME.sub("", text).lstrip("-–—/~ "))
    heard, here = _Text(words), {0}
    for _ in range(4):
        here = {end for begin in here for end in heard.name(begin)}
        if len(words) in here:
            return True
    return False


def _may_be_name(word: str) -> bool:
    low = word.lower()
    adverb = len(low) > 3 and low.endswith("ly") and low not in _LY
    return word[:1].isupper() and low not in NO_NAMES and not low.startswith(_NO_STEMS) and not adverb


def _sequence(parts: Sequence[_Node]) -> _Node:
    if len(parts) == 1:
        return parts[0]
    first: frozenset[str] | None = _NO_WORD
    for part in parts:
        first = None if first is None or part.first is None else first | part.first
        if not part.empty:
            break
    return _Node("sequence", tuple(parts), empty=all(part.empty for part in parts), first=first)


def _choice(parts: Sequence[_Node]) -> _Node:
    if len(parts) == 1:
        return parts[0]
    known = [part.first for part in parts if part.first is not None]
    first = _NO_WORD.union(*known) if len(known) == len(parts) else None
    return _Node("choice", tuple(parts), empty=any(part.empty for part in parts), first=first)


def _found(row: _Row, text: str, words: Sequence[Word]) -> Found:
    begin, end = words[0].begin, words[-1].end
    return Found(row.phrase.means, row.phrase.name, text[begin:end], begin, end)


def _keep(best: dict[int, list[tuple[_Row, int, int]]], at: int, found: list[tuple[_Row, int, int]]) -> None:
    if at not in best or len(found) < len(best[at]):
        best[at] = found


def _plain(word: str) -> str:
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFKD", word.replace("’", "'").replace("ß", "ss"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _written_out(word: str) -> Iterator[str]:
    """An English contraction as two words, anything else as it is."""
    low = word.lower()
    if low in _SHORT:
        yield from _SHORT[low].split()
    elif "'" not in low:
        yield word
    elif low.endswith("n't"):
        yield from (word[:-3], "not")
    elif match := re.fullmatch(r"(\w+)'(ll|ve|re|m|d)", low):
        yield from (word[: len(match[1])], {"ll": "will", "ve": "have", "re": "are", "m": "am", "d": "would"}[match[2]])
    elif match := re.fullmatch(r"(it|that|this|there|here|what|he|she|everything|all)'s", low):
        yield from (word[: len(match[1])], "is")
    else:
        yield word


_PIECES = re.compile(r"[\[\]()|]|[^\s\[\]()|]+")
_PIECE = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_AFTER_NAME = re.compile(
    r" ?\((?:she|he|they|sie|er|elle|il|ella)\W[^()]{0,20}\)|, ?(?:Ph\.?D|M\.?Sc|M\.?D|M\.?A)\.?$", re.I
)
_NOWHERE: frozenset[int] = frozenset()
_NO_WORD: frozenset[str] = frozenset()
_STOPS = frozenset(",;:-–—().!")
_BETWEEN = _STOPS | {"and", "&"}
_SHORT = {
    "cannot": "can not", "can't": "can not", "won't": "will not", "cant": "can not", "dont": "do not",
    "doesnt": "does not", "didnt": "did not", "isnt": "is not", "wont": "will not", "couldnt": "could not",
    "thats": "that is", "im": "i am", "ive": "i have", "pls": "please", "plz": "please", "thx": "thanks", "tnx": "thanks",
}  # fmt: skip
# The names of people can only be told from other words by their capital, and by being none of these.
_NO_NAMES = """
    not no nope never nothing none but still broken sometimes occasionally rarely hardly almost nearly partly partially
    mostly only maybe perhaps error errors again however although except unfortunately sadly until unless if yesterday
    today tomorrow later soon wrong joking kidding sorry same waiting pending why how what when where who which open
    please help urgent lol as or just too worse it is does did could would will should after before then now work works
    working i we they you he she my our the a an also and for wait hold incomplete unsolved anyway anyways anyhow
    regardless nonetheless attached screenshot see access forbidden denied down timeout without despite instead
    unresolved temporarily briefly supposedly allegedly apparently probably hopefully once first max maximum minimum
    limit limited budget hours hour days day week month stop cancel cancelled ask asks staging production subject
    conditional conditionally provided depends ok okay yes approved rejected declined refused settled tentatively
    draft fyi ps nb note caution external leider nicht kein keine nein ja aber erst nur wenn falls bitte pas non oui
    mais sauf si seulement avant apres nada nunca pero salvo solo antes despues mas ma na so to at in on of with from
    till per each every all both half part whatever someday tentative partial provisional preliminary pilot trial
    experimental reluctant hmm well fine sure nevermind christmas easter summer winter spring autumn january february
    march april may june july august september october november december monday tuesday wednesday thursday friday
    saturday sunday
    """
NO_NAMES = frozenset(_NO_NAMES.split())
_NO_STEMS = ("fail", "crash", "test", "try", "tri", "close", "slow", "reopen", "can", "isn", "doesn", "didn", "wasn", "won")  # fmt: skip
_LY = frozenset(("emily", "sally", "lily", "kelly", "molly", "holly", "polly", "billy", "carly", "beverly", "nelly"))
_TITLES = frozenset(("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "mme", "mlle", "pd", "sr", "sra"))

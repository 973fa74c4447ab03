"""Find phrases in text: patterns written as words, lists of words, and how many words may stand between."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from deskbook.errors import DefinitionError

_SENTENCE_ENDS = re.compile(
    r"(?<=[.!?;:…])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bz\.B\.)(?<!\bp\. ex\.)[)\"'”»]*\s+|\s[-–—]{1,3}\s|\s*(?:→|->|=>)\s*|\n"
)
_WORD = re.compile(r"(?:(?:qu|[ldnjcsmt])'(?=\w|$))|[^\W_]+(?:['.@+-]+[^\W_]+)*[+#%]*")
_SHORTEST_LINE = 45  # characters of a line that a mail program may have broken


@dataclass(frozen=True)
class Pattern:
    """One way to say something: its name, its phrases, and a sentence that holds one. A larger `weight` says more.

    Phrases stand apart by ` / `. A phrase is words with spaces between: `a|b` is either, `log_in` two
    words that are one of those, `crash*` any ending, `{hub}` any of a named list, `#` a
    number, `..3` at most three words of any kind, `(the)` a word that may be missing, `<` the beginning of a sentence,
    `^` that of the subject, `>` the end of either; a final `?` asks for a question. Case and accents count for nothing.
    """

    name: str
    phrases: str
    example: str
    weight: int = 2


@dataclass(frozen=True)
class Match:
    """A pattern that was found: its words as they were written, and the number of the sentence."""

    pattern: Pattern
    words: str
    sentence: int


@dataclass(frozen=True)
class Sentence:
    """A sentence: its words folded, where each stands in `text`, and whether it asks."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    text: str
    asks: bool
    first: bool = False  # of the text: its subject


@dataclass(frozen=True)
class _Item:
    """One place of a phrase: what may stand there, as tuples of words by their first one."""

    heads: Mapping[str, tuple[tuple[str, ...], ...]]
    beginnings: tuple[str, ...] = ()
    number: bool = False
    gap: int = 0
    optional: bool = False

    def ends(self, words: Sequence[str], at: int) -> Iterator[int]:
        if at >= len(words):
            return
        word = words[at]
        for rest in self.heads.get(word, ()):
            if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                yield at + 1 + len(rest)
        if (self.number and word[0].isdigit()) or (self.beginnings and word.startswith(self.beginnings)):
            yield at + 1


@dataclass(frozen=True)
class _Phrase:
    pattern: Pattern
    items: tuple[_Item, ...]
    begins: str
    stops: bool
    asks: bool

    def end(self, sentence: Sentence, at: int) -> int | None:
        if (self.asks and not sentence.asks) or (self.begins == "^" and not sentence.first):
            return None
        return self._end(sentence.words, at, 0)

    def _end(self, words: Sequence[str], at: int, index: int) -> int | None:
        if index == len(self.items):
            return at if not self.stops or at == len(words) else None
        item = self.items[index]
        for skipped in range(item.gap + 1):
            for after in item.ends(words, at + skipped):
                found = self._end(words, after, index + 1)
                if found is not None:
                    return found
        return self._end(words, at, index + 1) if item.optional else None


class Phrases:
    """A table of patterns, ready to be looked for; looking takes time in proportion to the text."""

    def __init__(self, patterns: Sequence[Pattern], lists: Mapping[str, Sequence[str]]) -> None:
        self._by_head: dict[str, list[_Phrase]] = {}
        self._by_beginning: dict[str, list[_Phrase]] = {}
        self._by_number: list[_Phrase] = []
        self._at_begin: list[_Phrase] = []
        for pattern in patterns:
            for phrase in pattern.phrases.split(" / "):
                self._add(_compiled(pattern, phrase, lists))
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def _add(self, phrase: _Phrase) -> None:
        first = phrase.items[0]
        if phrase.begins:
            self._at_begin.append(phrase)
            return
        for head in first.heads:
            self._by_head.setdefault(head, []).append(phrase)
        for beginning in first.beginnings:
            self._by_beginning.setdefault(beginning, []).append(phrase)
        if first.number:
            self._by_number.append(phrase)

    def find(self, sentences: Sequence[Sentence]) -> Iterator[Match]:
        """Every pattern in every sentence, once for each place where it begins."""
        for number, sentence in enumerate(sentences):
            for at, word in enumerate(sentence.words):
                for phrase in (*self._at_begin, *self._beginning_with(word)) if at == 0 else self._beginning_with(word):
                    end = phrase.end(sentence, at)
                    if end is not None:
                        said = sentence.text[sentence.spans[at][0] : sentence.spans[end - 1][1]]
                        yield Match(phrase.pattern, " ".join(said.split()), number)

    def _beginning_with(self, word: str) -> Iterator[_Phrase]:
        yield from self._by_head.get(word, ())
        for length in self._lengths:
            yield from self._by_beginning.get(word[:length], ())
        if word[0].isdigit():
            yield from self._by_number


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; its first line is one (a subject), and a new line begins one unless a mail was wrapped."""
    subject, _, body = text.replace("’", "'").partition("\n")
    pieces = [subject, *_pieces(body)] if subject.strip() else list(_pieces(body))
    found = (_sentence(piece, first=not index) for index, piece in enumerate(pieces))
    return tuple(sentence for sentence in found if sentence.words)


def _pieces(body: str) -> Iterator[str]:
    begin = 0
    for mark in _SENTENCE_ENDS.finditer(body):
        wrapped = mark[0] == "\n" and _wrapped(body, mark.start())
        if not wrapped:
            yield body[begin : mark.end()]
            begin = mark.end()
    yield body[begin:]


def _wrapped(body: str, at: int) -> bool:
    line = body[body.rfind("\n", 0, at) + 1 : at].rstrip()
    following = body[at + 1 : at + 2]
    return len(line) >= _SHORTEST_LINE and line[-1] not in ".!?:;" and (following.islower() or following == "(")


def _sentence(text: str, *, first: bool) -> Sentence:
    places = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    words = tuple(fold(text[begin:end]) for begin, end in places)
    return Sentence(words, tuple(places), text, "?" in text or "¿" in text, first)


def fold(word: str) -> str:
    """Without case and accents."""
    if word.isascii():  # as nearly all are
        return word.casefold()
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _compiled(pattern: Pattern, phrase: str, lists: Mapping[str, Sequence[str]]) -> _Phrase:
    tokens = phrase.split()
    begins, asks = tokens[0] if tokens[0] in "<^" else "", tokens[-1] == "?"
    tokens = tokens[len(begins) : len(tokens) - asks]
    stops = tokens[-1] == ">"
    tokens = tokens[: len(tokens) - stops]
    items: list[_Item] = []
    gap = 0
    for token in tokens:
        if token.startswith(".."):
            gap = int(token[2:])
            continue
        optional = token.startswith("(")
        items.append(_item(token.strip("()"), gap, optional, pattern, lists))
        gap = 0
    if not items or gap or items[0].optional or (items[0].gap and not begins):
        raise DefinitionError(f"pattern '{pattern.name}': '{phrase}' must begin and end with a word; mend it")
    return _Phrase(pattern, tuple(items), begins, stops, asks)


def _item(token: str, gap: int, optional: bool, pattern: Pattern, lists: Mapping[str, Sequence[str]]) -> _Item:
    heads: dict[str, list[tuple[str, ...]]] = {}
    beginnings: list[str] = []
    number = False
    for choice in _choices(token, pattern, lists):
        words = _folded(choice)
        if choice == "#":
            number = True
        elif choice.endswith("*") and len(words) == 1:
            beginnings.append(words[0])
        elif words:
            heads.setdefault(words[0], []).append(words[1:])
    frozen = {head: tuple(sorted(rests, key=len, reverse=True)) for head, rests in heads.items()}
    return _Item(frozen, tuple(beginnings), number, gap, optional)


@cache
def _folded(choice: str) -> tuple[str, ...]:
    return tuple(fold(word[0]) for word in _WORD.finditer(choice.replace("*", "").replace("_", " ")))


def _choices(token: str, pattern: Pattern, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for part in token.split("|"):
        if not part.startswith("{"):
            yield part
        elif part.strip("{}") in lists:
            yield from lists[part.strip("{}")]
        else:
            raise DefinitionError(
                f"pattern '{pattern.name}': there is no list '{part}'; name one of {', '.join(lists)}"
            )

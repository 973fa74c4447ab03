"""Classify an answer to "how shall we proceed?" (yes, no, settled, out of office, unclear), and those of a whole thread.

Only a whole plain sentence is a yes, a no or "we settled it": every word of the answer belongs to a phrase of
`patterns/consent.yaml` or `patterns/common.yaml`. Anything left over is a person's to read.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from deskbook.language.mail import Written, below, harmless, sentences, written
from deskbook.language.phrases import Extra, Found, Grammar, grammar
from deskbook.language.text import shorten

Meaning = Literal["yes", "no", "settled", "out-of-office", "unclear"]
PLAIN: tuple[Meaning, ...] = ("yes", "no", "settled")

BESIDE = {  # what may stand beside a plain word without changing it
    "yes": {"polite", "thanks", "name", "closing", "device", "task"},
    "no": {"polite", "thanks", "name", "closing", "device", "close", "ours"},
    "settled": {"polite", "thanks", "name", "closing", "device", "close", "ours"},
}


@dataclass(frozen=True)
class Reading:
    """What one answer means, and the words that say so."""

    meaning: Meaning
    because: str


@dataclass(frozen=True)
class Verdict:
    """What a thread of answers says together: a plain word, or that a person reads it.

    `decided` is the index of the answer that says so; of several, the last. None where a person decides.
    """

    meaning: Literal["yes", "no", "settled", "person"]
    because: str
    decided: int | None = None


def read(html: str, extra: Extra = ()) -> Reading:
    """What one answer means; `extra` are phrases of the organisation's own, by what they mean."""
    known = grammar("consent", extra)
    return _read(written(html, known), known)


def verdict(answers: Sequence[tuple[Hashable, str]], people: Collection[Hashable], extra: Extra = ()) -> Verdict:
    """What answers (author and HTML, oldest first) say together, where `people` are the representatives.

    The latest plain word of each counts. Nobody else is heard, and an absence or a later detail undoes nothing; what
    may take a word back, tie it to something or ask does.
    """
    known = grammar("consent", extra)
    words: dict[Hashable, tuple[int, Reading]] = {}
    doubts: dict[Hashable, str] = {}
    for index, (author, html) in enumerate(answers):
        if author not in people:
            continue
        mail = written(html, known)
        reading = _read(mail, known)
        if reading.meaning in PLAIN:
            words[author] = (index, reading)
            doubts.pop(author, None)
        elif reading.meaning == "unclear" and (doubt := _doubts(mail, known, words, author)):
            doubts[author] = doubt
    if not words:
        return Verdict("person", "nobody who represents the community said a plain word")
    said = {reading.meaning for _, reading in words.values()}
    if len(said) > 1:
        return Verdict("person", f"one says {' and another '.join(sorted(said))}")
    if doubts:
        return Verdict("person", f"one says {said.pop()}, but there is also '{next(iter(doubts.values()))}'")
    index, reading = max(words.values(), key=lambda each: each[0])
    meaning: Literal["yes", "no", "settled"] = said.pop()  # type: ignore[assignment]
    return Verdict(meaning, reading.because, index)


def _read(mail: Written, known: Grammar) -> Reading:
    away = known.anywhere(mail.everything, "machine") or known.anywhere(mail.everything, "away")
    if away and away.means == "machine" and away.begin < 30:
        return Reading("out-of-office", f"it says '{shorten(away.said, 60)}'")
    found: list[Found] = []
    left = ""
    for sentence in sentences(mail.said):
        if sentence.asks:
            return Reading("unclear", f"it asks '{shorten(sentence.text or '?', 60)}'")
        whole = known.whole(sentence.text) if sentence.text else []
        if whole is None:
            left = left or sentence.text
        found += whole or []
    plain = [each for each in found if each.means in PLAIN]
    if away:
        if plain or _opens(mail, known) or known.anywhere(mail.said, "decides"):
            return Reading("unclear", f"it speaks of an absence, '{shorten(away.said, 40)}', and says more")
        return Reading("out-of-office", f"it says '{shorten(away.said, 60)}'")
    if left:
        return Reading("unclear", f"'{shorten(left, 60)}' is not plain")
    if not mail.said:
        return Reading("unclear", "it holds no words of its own")
    return _plain(mail, known, found, plain)


def _plain(mail: Written, known: Grammar, found: Sequence[Found], plain: Sequence[Found]) -> Reading:
    """The meaning of an answer whose every word is known."""
    if not plain:
        return Reading("unclear", f"'{shorten(mail.said, 60)}' is neither yes nor no")
    said = {each.means for each in plain}
    if said == {"no", "settled"}:
        said = {"settled"}
    word = plain[0].said if len(said) == 1 else ""
    if not word:
        return Reading("unclear", f"it says '{shorten(plain[0].said, 40)}' and also '{shorten(plain[-1].said, 40)}'")
    meaning = next(each for each in PLAIN if each in said)
    beside = [each for each in found if each.means not in (*PLAIN, *BESIDE[meaning])]
    if beside:
        return Reading("unclear", f"it says '{shorten(word, 40)}' and also '{shorten(beside[0].said, 40)}'")
    if not mail.whole or mail.struck:
        return Reading("unclear", "it is too long to be read to its end, or part of it is struck through")
    if mail.postscript and not harmless(mail.postscript, known):
        return Reading(
            "unclear", f"it says '{shorten(word, 40)}', and in a postscript '{shorten(mail.postscript, 60)}'"
        )
    if doubt := below(mail, known):
        return Reading("unclear", f"it says '{shorten(word, 40)}', and below the signature '{shorten(doubt, 60)}'")
    return Reading(meaning, f"it says '{shorten(word, 60)}'")


def _opens(mail: Written, known: Grammar) -> bool:
    """Whether a sentence begins with a word that agrees."""
    found = (known.anywhere(sentence.text, "assent") for sentence in sentences(mail.said))
    return any(each is not None and each.begin == 0 for each in found)


def _doubts(mail: Written, known: Grammar, words: dict[Hashable, tuple[int, Reading]], author: Hashable) -> str:
    """What in an answer that is not plain may undo a plain word; empty where it is a detail.

    Before anybody said a plain word only an objection of another counts: a question was answered by it.
    """
    mine = words.get(author)
    said = (sentence for sentence in sentences(mail.everything) if not (sentence.text and known.whole(sentence.text)))
    text = "\n".join(f"{sentence.text}{'?' if sentence.asks else ''}" for sentence in said)
    if mine and mine[1].meaning != "yes":
        text = mail.everything
        found = known.anywhere(text, "condition", "agreement")
    elif words:
        found = known.anywhere(text, "condition", "objection")
    else:
        found = known.anywhere(text, "hold")
    asks = bool(words) and any(sentence.asks for sentence in sentences(text))
    return shorten(found.said if found else text, 60) if found or asks else ""

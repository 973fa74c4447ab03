"""Classify a reply to "it should be done now": thanks, refusal, out of office, new matter, question, unclear.

A wrong "thanks" closes a ticket under somebody, a wrong "refusal" reopens one that is done, a wrong "unclear" costs a
glance. So "thanks" is read only where every word belongs to a phrase of `patterns/replies.yaml` or `patterns/common.yaml`,
and "refusal" only where a whole clause does, and nothing beside it takes that back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from deskbook.language.mail import Sentence, Written, below, harmless, sentences, written
from deskbook.language.phrases import Extra, Found, Grammar, grammar
from deskbook.language.text import shorten

Meaning = Literal["thanks", "refusal", "out-of-office", "new-matter", "question", "unclear"]

REFUSED_WITHIN = 400  # characters; what comes later belongs to a log, or repeats an older message


@dataclass(frozen=True)
class Reading:
    """`done`: it says of the thing itself that it works, which is true whatever it answers."""

    meaning: Meaning
    because: str
    done: bool = False


def read(html: str, extra: Extra = ()) -> Reading:
    """What one reply means; `extra` are phrases of the organisation's own, by what they mean."""
    known = grammar("replies", extra)
    mail = written(html, known)
    heard = _hear(mail.said, known)
    if away := known.anywhere(mail.everything, "machine", "away"):
        person = heard.first("confirm", "refuse", "partly") or known.anywhere(mail.said, "later")
        if person and not (away.means == "machine" and away.begin < 30):
            because = f"it speaks of an absence, '{_quote(away)}', and also says '{_quote(person)}'"
            return Reading("unclear", because)
        return Reading("out-of-office", f"it says '{_quote(away)}'")
    if not mail.said:
        return Reading("unclear", "it holds no words of its own")
    return _refusal(heard, known) or _matter(heard, known) or _thanks(heard, mail, known)


@dataclass
class _Heard:
    """The clauses of a reply: known phrases, what is left over, and what is asked or wished for."""

    text: str
    found: list[Found] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    asked: str = ""
    wished: str = ""
    refused: Found | None = None
    supposed: bool = False

    def first(self, *means: str) -> Found | None:
        return next((each for each in self.found if each.means in means), None)


def _hear(text: str, known: Grammar) -> _Heard:
    heard = _Heard(text)
    repeats = _REPEATS.search(text)
    own = min(REFUSED_WITHIN, repeats.start() if repeats else len(text))
    for sentence in sentences(text):
        _hear_sentence(heard, sentence, known, plain=sentence.begin < own)
    return heard


def _hear_sentence(heard: _Heard, sentence: Sentence, known: Grammar, *, plain: bool) -> None:
    whole = known.whole(sentence.text) if sentence.text and not sentence.asks else None
    clauses = [sentence.text] if whole is not None else [c for c in _CLAUSE.split(sentence.text) if c.strip()]
    left = []
    for index, clause in enumerate(clauses):
        found = whole if whole is not None else known.whole(clause)
        if found is None or _of_somebody(found):
            left.append(clause.strip())
            continue
        asks = sentence.asks and index == len(clauses) - 1
        refused = next((each for each in found if each.means == "refuse"), None)
        if asks and not (refused and _MAY_ASK.match(refused.said)):
            heard.asked = heard.asked or sentence.text or "?"
            continue
        heard.found += found
        if plain and refused and not heard.refused:
            heard.refused = refused
    rest = " ".join(left)
    if not rest:
        if not sentence.text and sentence.asks:
            heard.asked = heard.asked or "?"
        return
    heard.left.append(rest)
    heard.supposed = heard.supposed or bool(whole is None and known.anywhere(rest, "supposes") and len(clauses) > 1)
    another = known.anywhere(rest, "another")
    wish = known.anywhere(rest, "wish")
    wonders = known.anywhere(rest, "asks")
    if another or (wish and not wonders):
        heard.wished = heard.wished or rest
    if sentence.asks or wonders:
        heard.asked = heard.asked or rest


def _refusal(heard: _Heard, known: Grammar) -> Reading | None:
    """A plain refusal, or that it is none although words of one stand there; None where there are none."""
    partly, good = heard.first("partly"), heard.first("confirm")
    refuses = heard.refused or heard.first("refuse")
    if not (refuses or partly):
        return None
    said = refuses or partly
    assert said
    left = "\n".join(heard.left)
    if good and not partly:
        return Reading("unclear", f"it says '{_quote(good)}' and also '{_quote(said)}'")
    if not (heard.refused or partly):
        return Reading("unclear", f"it says '{_quote(said)}', and may repeat an older message")
    if back := known.anywhere(left, "back"):
        return Reading("unclear", f"it says '{_quote(said)}', and also '{_quote(back)}'")
    if heard.supposed:
        return Reading("unclear", f"it says '{_quote(said)}', and may only suppose it")
    return Reading("refusal", f"it says '{_quote(said)}'")


def _matter(heard: _Heard, known: Grammar) -> Reading | None:
    """Something else that is wished for or asked; None where there is neither."""
    good = heard.first("confirm")
    if heard.wished:
        return Reading("new-matter", f"it asks for something else: '{shorten(heard.wished, 60)}'")
    left = "\n".join(heard.left)
    if good and not heard.asked and known.anywhere(left, "trouble") and not known.anywhere(left, "back", "supposes"):
        return Reading("new-matter", f"it says '{_quote(good)}', and tells of something else: '{shorten(left, 60)}'")
    if not heard.asked:
        return None
    if good and heard.left:
        return Reading("new-matter", f"it says '{_quote(good)}' and asks '{shorten(heard.asked, 60)}'")
    return Reading("question", f"it asks '{shorten(heard.asked, 60)}'")


def _thanks(heard: _Heard, mail: Written, known: Grammar) -> Reading:
    """Thanks or "it works", where every word is known; else unclear."""
    positive = heard.first("confirm") or heard.first("thanks", "praise")
    named = zip([None, *heard.found], heard.found, strict=False)
    beside = next((now for before, now in named if not _accepted(before, now)), None)
    if positive and "▢" in heard.text:
        return Reading("unclear", f"it says '{_quote(positive)}', and shows a picture")
    if heard.left or not positive or beside:
        left = " ".join(heard.left) or (beside.said if beside else heard.text)
        return Reading("unclear", f"'{shorten(left, 60)}' is not plain")
    if not mail.whole:
        return Reading("unclear", "it is too long to be read to its end")
    if mail.struck:
        return Reading("unclear", "part of it is struck through")
    if mail.postscript and not harmless(mail.postscript, known):
        return Reading("unclear", f"it says '{_quote(positive)}', and in a postscript '{shorten(mail.postscript, 60)}'")
    if doubt := below(mail, known):
        return Reading("unclear", f"it says '{_quote(positive)}', and below the signature '{shorten(doubt, 60)}'")
    return Reading("thanks", f"it says '{_quote(positive)}'", done=positive.means == "confirm")


def _of_somebody(found: Sequence[Found]) -> bool:
    """Whether a clause tells what fails for somebody whom it names: that may be another matter."""
    means = [each.means for each in found]
    return "refuse" in means and "name" in means[: means.index("refuse")]


def _accepted(before: Found | None, found: Found) -> bool:
    """Whether a phrase may stand in plain thanks: a name only behind thanks, a greeting or the words that end a letter."""
    if found.means == "name":
        return before is not None and before.means in ("thanks", "polite", "closing")
    return found.means in ("confirm", "thanks", "praise", "polite", "closing", "device")


def _quote(found: Found) -> str:
    return shorten(found.said.strip(" ,\n"), 60)


_CLAUSE = re.compile(r"(?:[,;:(){}–—]|\s-+)\s+")
_MAY_ASK = re.compile(r"why|could|can|pou|pue", re.I)
# Where a message that is answered begins, in whatever language a mail program says so.
_REPEATS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|\d[:.]\d\d[^\n]{0,80}[:：](?:\n|$)|(?:^|\n)(?:##-|-{3,}|[^\s:：]{1,20} ?[:：][^\n]+\n[^\s:：]{1,20} ?[:：])"
)

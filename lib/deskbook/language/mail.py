"""Split a mail into what a person wrote themselves and its quotation, greeting, signature, footer and postscript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deskbook.language.phrases import Grammar, is_name
from deskbook.language.text import LONGEST, lines, signature, typed

LINES = 150  # of one mail that are looked at
LOOKED_AT = 4_000  # characters of the person's own words; nobody answers plainly at greater length


@dataclass(frozen=True)
class Written:
    """`said` is the text itself, a wrapped line joined again; `below` what follows the closing words or the name.

    `postscript` is part of neither. `whole` tells that all of it was looked at, `struck` that a part is struck through.
    """

    said: str
    below: str = ""
    postscript: str = ""
    whole: bool = True
    struck: bool = False

    @property
    def everything(self) -> str:
        return "\n".join(part for part in (self.said, self.below, self.postscript) if part)[:LOOKED_AT]


def written(html: str, grammar: Grammar) -> Written:
    """A mail taken apart. A picture among the words may show anything, so it counts as a word that nobody knows."""
    shown = _PICTURE.sub(" ▢ ", html[:LONGEST])
    found = [line for line in (typed(_signs(line)) for line in lines(shown, quotes=False)) if line]
    whole = len(found) <= LINES and len(html) <= LONGEST
    found = [line for line in found[:LINES] if not _FOOTER.search(line[:400])]
    note = next((i for i, line in enumerate(found) if i and _POSTSCRIPT.match(line)), len(found))
    found, postscript = found[:note], "\n".join(found[note:])
    closing = next((i for i, line in enumerate(found) if _closes(line, grammar)), len(found))
    sign = min(signature(found), closing, _name_block(found))
    below = found[sign:]
    while sign > 1 and is_name(found[sign - 1][:80]):
        sign -= 1
    said = ""
    for line in found[:sign]:
        said += (" " if line[0].islower() else "\n") + line
    said, text = said.strip()[:LOOKED_AT], said.strip()
    below = [line for line in below if line != "▢"]
    whole = whole and len(text) <= LOOKED_AT
    return Written(said, "\n".join(below), _POSTSCRIPT.sub("", postscript), whole, bool(_STRUCK.search(html)))


def _name_block(found: list[str]) -> int:
    """Where a name stands alone, with nothing but short lines without a stop (post, place, telephone) below it."""
    for index, line in enumerate(found[1:], 1):
        rest = found[index + 1 :]
        if rest and len(rest) <= 6 and is_name(line[:80]) and all(len(r) < 80 and r[-1] not in ".!?:," for r in rest):
            return index
    return len(found)


@dataclass(frozen=True)
class Sentence:
    """One sentence without its stops, and whether it asks."""

    text: str
    asks: bool
    begin: int


def sentences(text: str) -> Iterator[Sentence]:
    for found in _SENTENCE.finditer(text):
        said = found[0].strip()
        if said:
            bare = said.strip(" .!?¡¿？")
            yield Sentence(bare, "?" in said or "？" in said, found.start())


def harmless(postscript: str, known: Grammar) -> bool:
    """Whether a postscript is nothing but a pleasantry."""
    for sentence in sentences(postscript):
        opens = known.anywhere(sentence.text, "pleasantry")
        doubt = known.anywhere(sentence.text, "condition", "objection")
        if sentence.asks or (sentence.text and (doubt or not opens or opens.begin > 0)):
            return False
    return True


def below(mail: Written, known: Grammar) -> str:
    """Words below the signature that go on talking; empty where there are names, places and the like alone."""
    for line in mail.below.splitlines():
        for sentence in sentences(line):
            talks = known.anywhere(sentence.text, "talk", "condition", "hold")
            if sentence.asks or (talks and not known.whole(sentence.text)):
                return line
    return ""


def _closes(line: str, grammar: Grammar) -> bool:
    """Whether a line is made of words that end a letter, alone or with a name."""
    if len(line) > 100 or re.match(r"^(?:_{4,}|-{2,})$", line):
        return len(line) <= 100
    known = grammar.whole(line.strip(" .!"))
    return bool(known) and any(f.means in _ENDS for f in known or ()) and all(f.means in _MAY_END for f in known or ())


def _signs(line: str) -> str:
    """Pictures of a face or a hand as one word that the tables know, or as nothing."""
    return _SAD.sub(" ☹ ", _HAPPY.sub(" ", re.sub("[👍👌✅✔💯🎉☑]", " 👍 ", _TINT.sub("", line))))


_ENDS = ("closing", "device")
_MAY_END = (*_ENDS, "name")
_TINT = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # colour of skin, style of the picture
_HAPPY = re.compile("[🙂😊😀😃😄😁🤗❤💙💚🥳🚀🙏🙌👏☺😍✨]|(?<!\\S)[:=;]-?[)D](?!\\S)")
_SAD = re.compile(r"(?<!\S):'?-?[(/](?!\S)")
_PICTURE = re.compile(r"<img\b[^<>]*>", re.I)
_STRUCK = re.compile(r"<(?:s|del|strike)[\s>]|line-through", re.I)
_SENTENCE = re.compile(r"(?:(?<=\bDr)\.|(?<=\bProf)\.|[^.!?\n？])*(?:[.!?？]+(?=\s|$)|[.!?？]|\n|$)")
_POSTSCRIPT = re.compile(r"^(?:p\.? ?){1,2}s\b[.:]*|^nb\b[.:]|^n\.b\.", re.I)
# What a mail server adds below every mail.
_FOOTER = re.compile(
    r"\b(?:e-?mail|message|communication|nachricht|courriel|mensaje|correo)\b[^.]{0,120}\b(?:confidential|privileged|vertraulich\w*"
    r"|confidentiels?|confidencial(?:es)?)\b|\bintended (?:solely |only )?(?:for the (?:addressee|recipient|use)|recipient)\b"
    r"|\bplease consider the environment\b|\bvirus-free\b|\breceived this (?:e-?mail|message)\b[^.]{0,40}\b(?:error|mistake)\b|\bscanned (?:for|by)\b|\bnot the intended recipient\b",
    re.I,
)

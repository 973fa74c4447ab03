"""Leave out what a mail says beside its matter: the signature, and sentences on when the writer can be reached."""

from __future__ import annotations

import re
from functools import cache

from deskbook.language.date_tokens import mentions_in
from deskbook.language.phrases import Grammar, table
from deskbook.language.text import signature

# Where a sentence ends: not behind the number of a German day, or a short word such as "Feb." or "Dr."
_MONTH = "(?:uary|arch|pril| May|June|July|gust|mber|ober| Jan| Feb| Mar| Apr| Jun| Jul| Aug| Sep|Sept| Oct| Nov| Dec)"  # its end
SENTENCE_END = re.compile(
    rf"(?<={_MONTH} \d\.)\s+(?=[A-Z])|(?<={_MONTH} \d\d\.)\s+(?=[A-Z])|"
    r"(?<=[^\W\d]{4}[.!?])\s+|(?<=[)!?])\s+(?=[A-ZÄÖÜ])|(?<=20\d\d\.)\s+|(?<=:\d\d\.)\s+(?=[A-ZÄÖÜ])|\n"
)

# What stands on a card: below a line of dashes it tells a signature from what somebody wrote on.
_CARD = re.compile(
    r"@[\w-]+\.|www\.|\b(?:tel|telephone|telefon|phone|fax|ext|room|raum|bureau|despacho)\b\.?:? ?[\d+(]", re.IGNORECASE
)


def matter(text: str) -> str:
    """The text without these. What names a day stays, but on a card below a line of dashes."""
    lines = text.split("\n")
    at = signature(lines)
    below = "\n".join(lines[at:])
    if mentions_in("\n".join(lines[:at])) and (_CARD.search(below) or not mentions_in(below)):
        text = "\n".join(lines[:at])
    kept, begin = "", 0
    for end in [*SENTENCE_END.finditer(text), None]:
        said = text[begin : end.start() if end else len(text)]
        aside = _asides().anywhere(said, "aside") is not None and not mentions_in(said)
        kept += ("" if aside else said) + (end[0] if end else "")
        begin = end.end() if end else begin
    return kept


@cache
def _asides() -> Grammar:
    return Grammar((table("asides"),))

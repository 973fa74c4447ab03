"""Cut a text into the pieces that dates are made of: numbers of days, months, weekdays, years, and what joins them."""

from __future__ import annotations

import re
from typing import NamedTuple

MONTH_WORDS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY_WORDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The same in German, French and Spanish, each with its number here.
MONTHS_ABROAD = {
    word: number
    for number, words in enumerate(
        (
            "januar jänner janvier janv enero ene", "februar februars février fevrier févr febrero", "märz maerz mars marzo", "avril avr abril abr", "mai mayo",
            "juni juin junio", "juli juillet juil julio", "août aout agosto ago", "septembre septiembre setiembre",
            "oktober okt octobre octubre", "novembre noviembre", "dezember dez décembre decembre déc diciembre dic",
        )
    )
    for word in words.split()
}  # fmt: skip
WEEKDAYS_ABROAD = {
    word: number
    for number, words in enumerate(
        (
            "montag lundi lunes", "dienstag mardi martes", "mittwoch mercredi miércoles miercoles", "donnerstag jeudi jueves",
            "freitag vendredi viernes", "samstag sonnabend samedi sábado", "sonntag dimanche domingo",
        )
    )
    for word in words.split()
}  # fmt: skip
SHORT_ABROAD = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")  # right before a day only

_BEFORE = "on am vom den dem der bis zum ab und"  # a day without a month's name, right behind one of these
_BEFORE_SLASH = "on from to le du au el del al"
_DAY_NAME = r"(?<=day )|(?<=day, )|(?<=tag )|(?<=tag, )|(?<=woch )|(?<=woch, )|(?<=di )|(?<=di, )|(?<=: )"
_SHORT_NAME = r"|(?<=\bMo )|(?<=\bDi )|(?<=\bMi )|(?<=\bDo )|(?<=\bFr )|(?<=\bSa )|(?<=\bSo )|(?<=\b[A-Z][a-z]\. )"
_MONTH_DAY = r"(?:(?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01]))"
_ZONE = r"(?:UTC|GMT|[CEMP][SD]?T|CES?T|BST|IST|JST)\b|US/|[A-Z][a-z]+/[A-Z]|Pacific\b|Eastern\b|Central\b|Mountain\b"


def _behind(words: str) -> str:
    return "|".join(rf"(?<=\b{word} )" for word in words.split())


# The pieces of a text, the first kind that fits: kind, example, pattern.
PIECES = (
    ("iso", "2027-01-12", r"(?<!\d)(?:19|20)\d\d(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2}(?!\d)"),
    ("numeric", "01/02/2027", r"(?<![\d.])\d{1,2}(?:/\d{1,2}/(?:20)?\d\d|-\d{1,2}-20\d\d|\.\d{1,2}\.(?:20\d\d|[23]\d(?!\.)))(?!\d)"),
    ("shortly", "am 12.1.", rf"(?:{_behind(_BEFORE)}|{_DAY_NAME}{_SHORT_NAME})\d{{1,2}}\.(?:0?[1-9]|1[0-2])\.(?!\d)"),
    ("slashed", "le 15/03", rf"(?:{_behind(_BEFORE_SLASH)}|{_DAY_NAME}|(?<=\d[-–])|(?<=\d [-–] )){_MONTH_DAY}(?![\d/%])"),
    ("german", "12.1. - 14.1.", r"(?<![\d.])\d{1,2}\.\d{1,2}\.(?=\s{0,2}(?:[-–—,&/+]|to\b|until\b|bis\b|und\b))"),
    ("german", "12.1.-14.1.", r"(?:(?<=[-–—])|(?<=[-–—]\s))\d{1,2}\.\d{1,2}\.(?!\d)"),
    ("time", "9:30", r"\d{1,2}(?:[:h]\d\d|\s?[ap]\.?m\b)\.?"),
    ("time", "9-12 UTC", rf"\d{{1,2}}\s?[-–—]\s?\d{{1,2}}(?=\s?(?:[:h]\d|[ap]\.?m\b|o'clock|{_ZONE}))"),
    ("count", "20-25 people", r"~?\d{1,2}\s?[-–—+]?\s?\d{0,3}\+?\s(?=people|participants|attendees|students|learners|persons|users)"),
    ("month", "Januar", rf"\b(?:{'|'.join(MONTHS_ABROAD)})\b"),
    ("month", "Jan", r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"),
    ("weekday", "Montag", rf"\b(?:{'|'.join(WEEKDAYS_ABROAD)})\b"),
    ("weekday", "Mo 12.", rf"(?-i:\b(?:{'|'.join(SHORT_ABROAD)})\b)(?=\.?,? ?\d)"),
    ("weekday", "Mon", r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"),
    ("year", "2027", r"(?<![\d.])(?:19|20)\d\d(?!\d)|['’]\d\d\b"),
    ("day", "12th", r"(?<![\d.,:+~])\d{1,2}(?:st|nd|rd|th)?\b(?![%:]|\.\d)"),
    ("range", "until", r"[-–—=]>|→|\.{2,3}|…|[-–—/~]|\b(?:to|till|until|through|thru|bis|au|al|hasta|jusqu['’]au)\b"),
    ("also", "and", r"[,&+]|\b(?:and|plus|or|und|et|y)\b"),
    ("filler", "of", r"[.()]|\b(?:of|the|on|from|starting|vom|am|zum|einschließlich|dem|den|der|les?|du|des?|del|el)\b"),
    ("line", ";", r"\n|;"),
    ("word", "people", r"\w+"),
)  # fmt: skip
_PIECE = re.compile(
    "|".join(
        f"(?P<{kind}>{'|'.join(p for k, _, p in PIECES if k == kind)})"
        for kind in dict.fromkeys(kind for kind, *_ in PIECES)
    ),
    re.IGNORECASE,
)

_HYPHENS = re.compile(  # 12-Jan-2027, 12/Jan/27
    r"(?<![\w/-])(\d{1,2})[-/.](jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[-/.]((?:20)?\d\d)(?![\w/-])",
    re.IGNORECASE,
)


_SHORT_FIRST = re.compile(
    r"(?<![\d/])(\d{1,2}/\d{1,2})\s?([-–—]|to|until|till|through|bis(?: zum)?|au|al|hasta(?: el)?|jusqu['’]au)\s?(?=\d{1,2}/\d{1,2}/((?:20)?\d\d)(?!\d))"
)  # 16/2 - 18/2/2027
_SHORT_LAST = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})\s?[-–—]\s?(\d{1,2})/(20\d\d)(?!\d)")  # 2/16-18/2027


class Piece(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def month_of(word: str) -> int:
    abroad = MONTHS_ABROAD.get(word.lower())
    return (MONTH_WORDS.index(word[:3].lower()) if abroad is None else abroad) + 1


def weekday_of(word: str) -> int:
    if word in SHORT_ABROAD:
        return SHORT_ABROAD.index(word)
    abroad = WEEKDAYS_ABROAD.get(word.lower())
    return WEEKDAY_WORDS.index(word[:3].lower()) if abroad is None else abroad


def pieces_of(text: str) -> list[Piece]:
    return [Piece(m.lastgroup or "", m[0], m.start(), m.end()) for m in _PIECE.finditer(text)]


# The days of a month in words, before or behind the month: "the fifteenth of March", "le premier mars".
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
]
FIRST = {"premier": 1, "primero": 1, "ersten": 1, "zweiten": 2, "dritten": 3, "vierten": 4, "fünften": 5}
MONTH_NAMES = "|".join([*MONTHS_ABROAD, *(f"{word}[a-z]*" for word in MONTH_WORDS)])
_ORDINAL_WORD = re.compile(
    rf"\b(?:{'|'.join([*reversed(ORDINALS), *FIRST])})(?= (?:of |de )?(?:{MONTH_NAMES})\b)", re.IGNORECASE
)


def written_out(text: str) -> str:
    """The text with each day in digits, the month by its name, and the year where another day of the same stretch has one."""
    text = _HYPHENS.sub(lambda m: f"{m[1]} {m[2]}{' ' if len(m[3]) == 4 else chr(39)}{m[3]}", text)
    text = _SHORT_FIRST.sub(r"\1/\3 \2 ", text)
    text = _SHORT_LAST.sub(r"\1/\2/\4 - \1/\3/\4", text)
    text = re.sub(r"\b1(?:er\b|º)", "1 ", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\d{1,2})te[nr]\b", r"\1.", text)
    text = _ORDINAL_WORD.sub(
        lambda m: str((ORDINALS.index(m[0].lower()) + 1) if m[0].lower() in ORDINALS else FIRST[m[0].lower()]), text
    )
    return re.sub(r"(?<=\d)T(?=\d\d:\d\d)", " ", text)  # 2027-01-12T09:00

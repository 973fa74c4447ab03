"""Find the words that say that days which are named are not settled, or are not all: "unless", "at the earliest", "a two-day course between …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from deskbook.language.date_pieces import MONTH_NAMES as _MONTH
from deskbook.language.date_pieces import WEEKDAY_WORDS
from deskbook.language.dates import Span

_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
# Words that leave days open wherever they stand, and two days of which one is meant: name, example, pattern.
ROWS = (
    ("not agreed", "The dates are not yet confirmed", r"\b(?:to be (?:confirmed|decided|agreed)|(?:not|isn't|aren't) (?:yet )?(?:confirmed|agreed|decided|final|fixed|booked)|needs? to be confirmed|still open|unconfirmed|pencill?ed|provisional\w*)\b"),
    ("a condition", "unless the room is taken", r"\b(?:unless|at the earliest|at the latest|or so)\b"),
    ("to be moved", "It has to move to a later day", r"\b(?:(?:has|have|had|need|needs|must|will) to (?:move|be moved|be shifted|be postponed)|to (?:a|some) (?:later|other|another|new) (?:day|date|week|time)|postponed (?:until further|indefinitely))\b"),
    ("another fits better", "The 5th suits us better", r"\b(?:(?:suits?|works?) (?:us |me )?better|would be better|first choice|favou?rite)\b"),
    ("to be checked", "I have to check", r"\b(?:(?:have|need) to check|will check|let you know (?:the )?(?:exact|final))\b"),
    ("some day", "one afternoon in March", r"\b(?:(?:a )?couple of days|some ?(?:day|time)\b(?! (?:before|after|ago))|one (?:day|afternoon|morning|evening) (?:of|in|between|during))\b"),
    ("a week from it", "for a week", r"\b(?:for|over|lasts?|,) (?:about )?(?:a|one) (?:week|month)\b(?! (?:before|after|later|ahead|earlier|in advance))"),
    ("through it", "through the month", r"\bthrough (?:the|that) month\b"),
    ("so many weekdays", "four Fridays", r"\b(?:two|three|four|five|six|seven|eight|[2-9]) (?:mon|tues|wednes|thurs|fri|satur|sun)days\b"),
    ("from it on", "from 3 May on.", r"\bfrom [^.,;:\n]{3,25} (?:on|onwards?)(?=[.,;\n]| with| for)"),
    ("or the next", "or the week after", r"\bor (?:the (?:day|week) (?:after|before)|a (?:day|week) (?:later|earlier))\b"),
    ("a number alone", "on the 11th", r"\bon the \d{1,2}(?:st|nd|rd|th)(?! (?:of|and|&|to|until|through|floor|grade|year|birthday)|, \d)\b"),
    ("hoped for", "ideally on 3 May", r"\b(?:ideally|preferably|hopefully|(?:is|are|most|very|seems) likely)\b"),
    ("thought of", "We thought of 3 May", r"\b(?:(?:think(?:ing)?|thought) of|considering|have in mind|aim(?:ing)? (?:at|for))\b"),
    ("one more", "and an extra day", r"\b(?:(?:one more|another|a second|an extra|an additional) day|follow-?up)\b"),
    ("some day of a week", "in the week of 3 May", r"\b(?:in|during|some day of) the week (?:of|starting|beginning|commencing|from)\b"),
    ("German", "noch offen", r"\b(?:in der woche (?:vom|ab)|idealerweise|hoffentlich|noch nicht (?:fest|sicher|bestätigt|klar)|noch offen|frühestens|spätestens|eventuell|falls)\b"),
    ("French", "à confirmer", r"\b(?:la semaine du|idéalement|pas encore (?:fixée?s?|confirmée?s?)|à confirmer|au plus tôt)\b"),
    ("Spanish", "por confirmar", r"\b(?:la semana del|idealmente|por confirmar|sin confirmar|como pronto)\b"),
    ("asked", "How about 3 May?", rf"(?:^|[.!?\n]\s{{0,3}}|\b(?:what|how) about |\b(?:is|are|would) )(?:the )?(?:{_DAY} (?:{_MONTH})|(?:{_MONTH})\.? {_DAY})\b[^.?!\n]{{0,25}}\?"),
    ("between two", "between 3 May and 5 May", rf"\b(?:between|zwischen|entre) (?:the |le |el |dem )?(?:{_DAY}(?: (?:de )?(?:{_MONTH}))?|(?:{_MONTH})\.? {_DAY}) (?:and|und|et|y) (?:the |le |el |dem )?(?:{_DAY} (?:of |de )?(?:{_MONTH})|(?:{_MONTH})\.? {_DAY})"),
    ("repeated", "It is repeated", r"\b(?:repeated|repeats|wiederholung|wird wiederholt|se repite|est répétée?)\b"),
    ("either", "3 or 5 May", rf"\b{_DAY}(?: (?:{_MONTH}))? (?:oder|ou|or|o|bzw\.?) (?:(?:on|am|le|el|den|dem|the|vom|du|del) )?{_DAY} (?:de )?(?:{_MONTH})\b"),
)  # fmt: skip
_UNSETTLED = re.compile("|".join(f"(?:{pattern})" for *_, pattern in ROWS), re.IGNORECASE)
# One day that is only the first: nobody said which is the last.
_BEGINS = re.compile(
    rf"\b(?:from|ab|beginnt|startet|commence|débute|à partir|empieza|comienza|inicia|a partir)(?: (?:on|am|dem|le|du|el|del))?(?: \w+,)? (?:{_DAY}(?:er)? (?:de )?(?:{_MONTH})|(?:{_MONTH})\.? {_DAY}|20\d\d-\d\d-\d\d)",
    re.IGNORECASE,
)
# The same of several, of which one is named.
_FIRST_OF_MORE = re.compile(
    r"\b(?:monthly|monatlich\w*|mensuel\w*|mensual\w*)\b|\bthe first (?:one |session |part |of (?:them|these) )?(?:is |being |will be |takes place )?on\b|\bbeing the first\b|\b(?:der|die|das) erste (?:\w+ )?(?:ist )?am\b"
    r"|\b(?:le premier|la première)(?: \w+)? (?:est |a lieu )?le\b|\b(?:el primero|la primera)(?: \w+)? (?:es )?el\b"
    r"|\b(?:start|begin)(?:s|ning|ing)? (?:on|from) (?!.*\b(?:end|finish|stop)s?\b)|\bfangen (?:wir )?(?:am|den)\b",
    re.IGNORECASE,
)
_COUNTS = {
    word: number
    for number, words in enumerate(
        ("two zwei deux dos", "three drei trois tres", "four vier quatre cuatro", "five fünf cinq cinco", "six sechs six seis", "seven sieben sept siete"), 2
    )
    for word in words.split()
}  # fmt: skip
_LENGTH = re.compile(
    rf"(?<![\w.:/-])(?P<count>[2-9]|1\d|{'|'.join(_COUNTS)})(?:[ -](?:full |half |whole |consecutive )?(?:days?|tage[n]?|jours|días)|-?tägige[rsn]?)\b"
    r"(?! (?:a|per|each|every|before|after|earlier|later|prior|ago|ahead|in advance|notice|from now|from today|of (?:rest|leave)|vorher|avant|après|antes|después))",
    re.IGNORECASE,
)
_NUMBER_OF_DAYS = re.compile(
    r"\b(?:number of (?:\w+ )?days|days in all|total days|anzahl (?:der )?tage|nombre de jours|número de días)\s?[:=]\s?(?P<count>\d{1,2})\b",
    re.IGNORECASE,
)
_WEEKDAYS = re.compile(
    rf"\b(?P<count>[2-9]|{'|'.join(_COUNTS)}) (?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)days\b", re.IGNORECASE
)
_WITHIN = re.compile(r"\b(?:in|within|after|for the last|past|under|than|every)\s$", re.IGNORECASE)


def _counts(said: re.Match[str], days: Sequence[date]) -> bool:
    """Whether these are the days: `four Fridays`, and four days that are Fridays."""
    word = said["count"].lower()
    weekday = WEEKDAY_WORDS.index(said["weekday"][:3].lower())
    return len(days) == (_COUNTS.get(word) or int(word)) and {day.weekday() for day in days} == {weekday}


def left_open(text: str) -> str:
    """The words of a text that leave days open whatever the days are; else empty."""
    match = _UNSETTLED.search(text)
    return match[0].strip(" ,") if match else ""


def unsettled(text: str, spans: Iterable[Span]) -> str:
    """The words of a text that leave its days open, or count another number of days than these; else empty."""
    days = [day for span in spans for day in span.days()]
    text = _WEEKDAYS.sub(lambda said: " " if _counts(said, days) else said[0], text)
    if words := left_open(text):
        return words
    if len(days) == 1 and (match := _BEGINS.search(text) or _FIRST_OF_MORE.search(text)):
        return match[0].strip()
    lengths = {len(days), sum(day.weekday() < 5 for day in days)}
    for said in (*_LENGTH.finditer(text), *_NUMBER_OF_DAYS.finditer(text)):
        word = said["count"].lower()
        count = _COUNTS.get(word) or int(word)
        if count not in lengths and not _WITHIN.search(text[: said.start()]):
            return said[0]
    return ""

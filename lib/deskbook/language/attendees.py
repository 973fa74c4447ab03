"""Parse the number of attendees: `40-50 people`, `~60 participants`, `attendees: TBD`."""

from __future__ import annotations

import re

from deskbook.language.attendee_doubts import NUMBER, more_in
from deskbook.language.beside_people import without_asides
from deskbook.language.number_words import in_digits
from deskbook.language.people_words import PERSONS
from deskbook.language.rows import any_of

TBD = "TBD"

_AMOUNT = (
    r"(?:(?P<about>about|around|approximately|approx\.?|roughly|circa|ca\.|nearly|almost|etwa|ungefähr|rund|environ|unos|unas|alrededor de|aproximadamente|~|≈)\s?)?"
    r"(?:(?P<most>up to|at most|max(?:imum)?\.?(?: of)?|no more than|fewer than|less than|under|bis zu|höchstens|maximal|weniger als|au plus|jusqu['’]à|moins de|hasta|como máximo|menos de)\s)?"
    r"(?:(?P<least>at least|more than|over|upwards of|no fewer than|not less than|minimum(?: of)?|mindestens|mehr als|über|au moins|plus de|al menos|por lo menos|más de|como mínimo)\s)?"
    rf"(?<![\w/.:-])(?P<one>{NUMBER})\b(?P<plus>\+)?(?:\s?(?:-|–|—|to|or|bis|à)\s?(?P<two>{NUMBER})\b)?"
)
# What may stand between a number and its people: `40 very eager students`, and not `200 MB per student`.
_KIND = r"(?:(?!(?:per|for|with|by|to|in|at|on|and|or|from|pro|par|por|für|pour|para|und|et|y|mb|gb|tb|go|mo|cores?|cpus?|hours?|minutes?|days?|weeks?|times|more|number)\b)[A-Za-zÀ-ÿ-]{2,20}[ \t])"
_COUNT = re.compile(rf"{_AMOUNT}(?<!\b20\d\d)[ \t]{_KIND}{{0,2}}?{PERSONS}\b", re.IGNORECASE)
_BETWEEN = re.compile(
    rf"\b(?:between|zwischen|entre) ({NUMBER}) (?:and|und|et|y) ({NUMBER})\s(?:[A-Za-z-]{{2,20}}\s){{0,2}}?{PERSONS}\b",
    re.IGNORECASE,
)
_VALUE = re.compile(rf"\s{{0,5}}{_AMOUNT}", re.IGNORECASE)
_LABELLED = re.compile(
    rf"\b(?:(?:expected |estimated |total |approximate )?(?:number|count|no\.) of )?(?:{PERSONS}|turnout|attendance|audience)(?: \((?:expected|estimated)\))?\s?[:=–-]\s?(?P<value>[^\n]{{1,60}})",
    re.IGNORECASE,
)
# A number that is of people by the words before it: name, example, pattern.
SIZES = (
    ("a size", "class size: 40", rf"\b(?:enrol+ment|(?:class|group|course) size|size|head ?count)(?: is| of| will be)?\s?:?\s({NUMBER})\b(?! ?[gm]i?b)"),
    ("we are", "We will be 40.", rf"\b(?:we (?:are|will be|expect)|nous (?:sommes|serons)|(?:ils|elles) (?:sont|seront)|on (?:est|sera)|somos|seremos|serán|wir sind|es kommen|es sind)(?: about)? ({NUMBER})(?=[.,;!)\n]|$| (?:in (?:total|all)|altogether|insgesamt|en tout|en total)\b)"),
    ("a class of", "a class of 40", rf"\b(?:an?|one|my|our|the|this)(?: \w{{3,12}})? (?:class|group|party|cohort|lecture|course|seminar|crowd|team) of ({NUMBER})\b(?! ?[gm]i?b)"),
    ("capped and full", "capped at 55 and the section is full", rf"\bcapped at ({NUMBER})\b[^.;\n\d]{{0,30}}\b(?:full|taken|sold out)\b"),
    ("counted", "I count 13 of them", rf"\b(?:i|we) count(?:ed)? ({NUMBER}) of them\b"),
    ("n =", "n = 40", rf"\bn ?= ?({NUMBER})\b"),
)  # fmt: skip
_SIZE = any_of(SIZES)
_OPEN = r"(?:tbd|tba|tbc|unknown|not (?:yet )?(?:known|sure|decided|clear)|don'?t know|still (?:open|to be \w+)|to be (?:determined|confirmed|announced|counted|decided)|no idea|\?)"
UNKNOWN = re.compile(
    rf"^\W{{0,3}}{_OPEN}|\b(?:number of |how many ){PERSONS}\b[^.\n]{{0,40}}\b{_OPEN}|\b{PERSONS}\b[^.\n\d]{{0,20}}{_OPEN}"
    rf"|\b(?:don'?t|do not) know\b[^.\n]{{0,30}}\bhow many\b|\bnot sure\b[^.\n]{{0,30}}\bhow many\b",
    re.IGNORECASE,
)


def attendees_in(text: str) -> str:
    """How many people come, in one writing: `50`, `40-50`, `about 60`, `at least 120`, TBD; empty where nothing says."""
    text = without_asides(in_digits(text))
    for label in _LABELLED.finditer(text):
        if value := number_of(label["value"]):
            return value
    if between := _BETWEEN.search(text):
        return f"{between[1].replace(',', '')}-{between[2].replace(',', '')}"
    counts = [match for match in _COUNT.finditer(text) if not _aside(text, match)]
    if counts:
        return _amount(counts[0])
    sized = _SIZE.search(text)
    return next(filter(None, sized.groups())) if sized else TBD if UNKNOWN.search(text) else ""


_CORRECTED = re.compile(
    rf"\b(?:or|maybe|perhaps|possibly|could be|rather|sorry|actually|correction|no|plus|vielleicht|oder|ou|quizás|peut-être)\b[^.\n\d]{{0,20}}(?<![\w/.:-])({NUMBER})(?![\w:/.]| ?(?:gb|mb|am|pm|h\b|days?|weeks?|hours?))",
    re.IGNORECASE,
)


def counts_in(text: str) -> list[str]:
    """Every number of people that a text names, each once: which of them is the event's is not always the first."""
    text = without_asides(in_digits(text))
    named = [_amount(match) for match in _COUNT.finditer(text) if not _aside(text, match)]
    ends = [match.end() for match in _COUNT.finditer(text)]
    other = [m[1].replace(",", "") for end in ends if (m := _CORRECTED.search(text, end, end + 45))]
    return list(dict.fromkeys([*named, *other, *(number.replace(",", "") for number in more_in(text))]))


def number_of(text: str) -> str:
    """The same of a value alone, as a form or a parameter has it."""
    text = in_digits(text)
    match = _VALUE.match(re.sub(r"(\d)\s?/\s?(\d\d)", r"\1-\2", text))
    return _amount(match) if match else TBD if UNKNOWN.match(text) else ""


# What a room holds, a hub has, or an event had, before the number.
_OF_A_PLACE = re.compile(
    r"\b(?:(?:room|hall|lab|venue|classroom|theatre|auditorium|building|raum|saal|hörsaal|salle|aula|sala)\b[^.;\n]{0,25}\b(?:holds?|has|have|seats?|fits?|for|with|of|takes?|hat|fasst|tiene|contient)|space for|capacity (?:of|is|for)"
    r"|(?:hub|platform|server|organi[sz]ation|institute|department|group|team|lab|club|society) (?:\w+ )?(?:has|have|had|counts?|serves?)|(?:in|from|of) 20\d\d\b[^.;\n]{0,15}|there were|came|had|attended|taught|teach|trained|hosted)\b[^.,;\n\d]{0,20}$|\b(?<!each )(?<!all )(?:of|among|from) (?:the|our|my|these|all) $",
    re.IGNORECASE,
)


def _aside(text: str, match: re.Match[str]) -> bool:
    """`2 of 40 people cannot log in`, `40 people last year` and `the room has 40 seats` count something else."""
    head, tail = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    return bool(
        re.match(r"\s?(?:of|out of)\b(?! us\b)", text[match.end("one") :])
        or re.match(r" ?% ?", text[match.end("one") :])
        or int(match["one"].replace(",", "")) < 2
        or re.search(r"\b(?:last (?!night|week|friday|minute)|previous\b|past\b)[^.,;\n]{0,30}$", head, re.IGNORECASE)
        or _OF_A_PLACE.search(head)
        or re.search(r"\b(?:if|should|unless|once|when|wenn|falls|si)\b[^.,;\n\d]{0,20}$", head, re.IGNORECASE)
        or (re.search(r"(?<![\d.:/])\d{1,2} $", head) and len(match["one"]) == 3)  # 1 200
        or re.match(r"[^.,;\n]{0,12}\b(?:last (?:year|time|month|week)|ago)\b", tail, re.IGNORECASE)
        or re.match(r"[^.,;\n]{0,20}\b(?:newsletter|mailing list|forum)\b", tail, re.IGNORECASE)
    )


def _amount(match: re.Match[str]) -> str:
    one = int(match["one"].replace(",", ""))
    if match["two"]:
        return f"{one}-{int(match['two'].replace(',', ''))}"
    lead = (
        "at least "
        if match["least"] or match["plus"]
        else "up to "
        if match["most"]
        else "about "
        if match["about"]
        else ""
    )
    return f"{lead}{one}"

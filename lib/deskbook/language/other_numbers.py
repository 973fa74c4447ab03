"""Find the numbers of a text that may count people: neither a day, nor an hour, nor an amount of something else."""

from __future__ import annotations

import re

from deskbook.language.beside_people import without_asides
from deskbook.language.date_pieces import MONTH_NAMES, WEEKDAY_WORDS, WEEKDAYS_ABROAD
from deskbook.language.date_tokens import without_days
from deskbook.language.hours import without_hours
from deskbook.language.rows import any_of

FEWEST = 5  # fewer are a remark: two teachers, three rooms
TIMES = (
    ("from to", "9 to 17:00", r"(?<!\w)\d{1,2}(?:[:.h]\d\d)?\s?(?:[ap]\.?m\b\.?|h\b|uhr\b|o'clock)?\s?(?:[-–—]|\bto\b|\buntil\b|\btill?\b|\bbis\b|\bund\b|\band\b|\bà\b|\ba\b)\s?\d{1,2}(?:[:.h]\d\d|\s?(?:[ap]\.?m\b|h\b|uhr\b|o'clock))(?!\d)"),
    ("an hour", "9:30", r"(?<!\w)\d{1,2}(?:[:h]\d\d|\s?(?:[ap]\.?m\b|h\b|uhr\b|o'clock))"),
    ("with a zone", "from 9 to 12 Pacific", r"\b(?:between|from|until|till?|by|at|von|bis|de|à)\s\d{1,2}(?:\s?(?:-|–|to|and|bis|und|à|a)\s?(?:\d{1,2}(?:[:.h]\d\d)?|noon|midnight))?(?=[\s,]{1,2}(?:(?-i:[A-Z]{2,4})\b|US/|UTC|Pacific|Eastern|Central|Mountain|[A-Z][a-z]+/|o'clock|uhr|h\b|[ap]m\b|each|daily|every))"),
    ("to noon", "9 to noon", r"\b\d{1,2}\s?(?:[-–—]|to|until)\s?(?:noon|midnight)\b"),
)  # fmt: skip
_TIMES = any_of(TIMES)
_ELSE = re.compile(  # addresses, telephone numbers, and days that no calendar has
    r"\S{0,100}(?:://|@|\.[a-z]{2,}/|[a-z\d]\.[a-z]{2,}\.)\S*|\b(?:tel|phone|fax|telefon|mobile)\b[^\n]*|\+\d[\d ()-]{6,}"
    rf"|\b(?:{MONTH_NAMES})\.? \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of| de)? (?:{MONTH_NAMES})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w/.:,#$€£+@-])\d{1,2}(?:,\d{3})(?![\w,])|(?<![\w/.:#$€£@+])(?<!\w-)\d{1,4}(?![\w/%€$:]|[.,:]\d|-\w)"
)
# What is numbered, not counted, by the word before.
_NUMBERED = re.compile(
    r"(?:\b(?:room|building|bldg|floor|chapter|version|page|lab|week|part|section|exercise|lesson|no|nr|number|ticket|issue|figure|level|grade|year|module|unit|kw|raum|salle|aula|sala|hall"
    r"|lecture|session|day|gate|street|phase|python|julia|r|step|stage|batch|class|course|release|option|question|utc|gmt|track|form|iso)\.?|(?-i:\b[A-Z]{2,}[A-Za-z]*))\s?[#:]?\s?$"
    rf"|\b(?:{'|'.join(f'{word}[a-z]*' for word in WEEKDAY_WORDS)}|{'|'.join(WEEKDAYS_ABROAD)})\.?\s$"
)
# What is counted and is no people, by the word behind.
THINGS = (
    ("of machines", "16 GB", r"[kmgt]i?[bo]|gigs?|gigabytes?|terabytes?|cpus?|cores?|gpus?|vcpus?|threads?|nodes?"),
    ("of time", "3 hours", r"hours?|hrs?|h|min|mins|minutes?|seconds?|days?|weeks?|months?|years?|terms?|semesters?|times|o'clock|am|pm"),
    ("of a course", "12 sessions", r"sessions?|blocks?|slots?|afternoons?|mornings?|evenings?|modules?|lectures?|lessons?|exercises?|assignments?|slides?|parts?|credits?|ects|chapters?|questions?|tasks?|projects?|papers?|posters?|talks?"),
    ("of a hub", "20 notebooks", r"notebooks?|files?|folders?|datasets?|data ?sets?|servers?|kernels?|images?|profiles?|hubs?|packages?|tickets?|versions?"),
    ("of places", "6 rooms", r"rooms?|buildings?|sites?|countries|institutes?|institutions?|universities|km|miles?"),
    ("of money", "500 euros", r"percent|per cent|euros?|dollars?|usd|eur"),
    ("German", "30 Minuten", r"stunden?|tagen?|wochen?|minuten|monaten?|jahren?|uhr|räumen?"),
    ("French", "8 semaines", r"heures?|jours?|semaines?|mois|ans|séances?"),
    ("Spanish", "8 semanas", r"horas?|días?|semanas?|meses|años|sesiones"),
)  # fmt: skip
_THINGS = any_of(THINGS, r"\s?-?(?:[a-z-]{2,12}\s)?", r"\b")


def may_count_people(text: str, known: str, fewest: int = FEWEST) -> list[str]:
    """The numbers that may be of people besides those of `known`, such as `40-50`; in the order of the text."""
    rest = _TIMES.sub(" , ", _ELSE.sub(" , ", without_days(without_hours(without_asides(text)))))
    own = set(re.findall(r"\d+", known))
    found = []
    for match in _NUMBER.finditer(rest):
        number = match[0].replace(",", "")
        if int(number) < fewest or number in own or 1990 <= int(number) <= 2099:
            continue
        before = rest[max(0, match.start() - 20) : match.start()]
        if not (_NUMBERED.search(before) or _THINGS.match(rest, match.end())):
            found.append(number)
    return list(dict.fromkeys(found))

"""Find what in a text bears on its days and is not explained by the days that were read: nothing of it is passed over.

A weekday, a month, a year, a number of a day or a week belongs to the days, or to something else by the words before it
("registration closes on Friday"); words of doubt (`patterns/days.yaml`) belong to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cache

from deskbook.language.asides import SENTENCE_END, of_the_event
from deskbook.language.date_pieces import MONTHS_ABROAD, WEEKDAY_WORDS, WEEKDAYS_ABROAD
from deskbook.language.date_tokens import Mention, mentions_in, without_days
from deskbook.language.date_words import for_something_else
from deskbook.language.dates import Span, labelled
from deskbook.language.hours import without_hours
from deskbook.language.phrases import Grammar, table
from deskbook.language.rows import any_of
from deskbook.language.unsettled_days import left_open
from deskbook.schedule.working_time import WEEKDAYS

_ADDRESS = re.compile(r"\S{0,100}(?:://|@)\S*|\b[\w-]+(?:\.[a-z][\w-]+){2,}\S*|\+\d[\d ()-]{6,}")
_SOFTWARE = (
    "python julia version v r conda numpy pandas xarray pytorch tensorflow scipy dask qgis gdal jupyterlab release"
)
_VERSION = re.compile(rf"\b(?:{'|'.join(_SOFTWARE.split())})[ =]{{1,2}}\d+\.\d+(?:\.\d+)?", re.IGNORECASE)
_ENGLISH = "january february march april may june july august september october november december"
_MONTH_NUMBERS = {word: number for number, word in enumerate(_ENGLISH.split(), 1)} | {
    word: number + 1 for word, number in MONTHS_ABROAD.items() if len(word) > 3
}
_WEEKDAY_NUMBERS = {word.lower(): number for number, word in enumerate(WEEKDAYS)} | WEEKDAYS_ABROAD
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAY_NUMBERS)})s?\b|\b(Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\b", re.IGNORECASE)
_NOT_ALONE = ("may", "march", "mars", "mai")  # words of other kinds, too
_MONTH = re.compile(
    rf"\b({'|'.join(word for word in _MONTH_NUMBERS if word not in _NOT_ALONE)})\b"
    rf"|\b(?:in|of|during|im|en|de|for|last) ({'|'.join(_NOT_ALONE)})\b",
    re.IGNORECASE,
)
_THIRDS = {"early": (1, 10), "mid": (9, 21), "late": (20, 31)}  # the days of the month that people mean by it
PARTS = (
    ("early", "early in March", r"early(?: in)?|beginning of|anfang|début|principios de|inicios de"),
    ("mid", "mid March", r"mid|middle of|mitte|mi|mediados de"),
    ("late", "end of March", r"late(?: in)?|end of|ende|fin(?: de)?|finales de"),
)
_PART_OF_MONTH = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{name}>{pattern})' for name, _, pattern in PARTS)})[ -](?P<month>{'|'.join(_MONTH_NUMBERS)})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w/.:#-])20\d\d(?![\w/:-]|\.\d)")
_NO_DAY = r"(?:floor|grade|year|edition|annual|birthday|anniversary|time|century|row|week|semester|[a-z]+ (?:edition|workshop|course|meeting))"
_NO_HOUR = r"(?! ?(?:h(?:\b|\d)|[%:]))"
# A number of a day alone, by the words before it: name, example, pattern with the number.
ORDINALS = (
    ("a stretch", "15th-17th", r"(\d{1,2})(?:st|nd|rd|th) ?[-–] ?\d{1,2}(?:st|nd|rd|th)\b"),
    ("English", "the 27th", rf"the (\d{{1,2}})(?:st|nd|rd|th)\b(?! {_NO_DAY})"),
    ("German", "am 27.", r"(?:am|den|dem|zum) (\d{1,2})\.(?!\d)"),
    ("French", "le 27", rf"(?:le|au) (\d{{1,2}})(?:er)?\b{_NO_HOUR}"),
    ("Spanish", "el 27", rf"(?:el|al) (\d{{1,2}})\b{_NO_HOUR}"),
)
_ORDINAL = any_of(ORDINALS, r"\b")
_NUMERIC = re.compile(r"(?<![\w/.:-])(\d{1,2})(?:/(\d{1,2})(?:/\d{2,4})?|\.(\d{1,2})\.(?:\d{2,4})?)(?![\w/:-]|\.\d)")
_WEEK_NUMBER = re.compile(
    r"\b(?:kw|calendar week|iso week|kalenderwoche|week (?:no\.?|number)|in week|woche|semaine|semana|wk)\.? ?(\d{1,2})\b",
    re.IGNORECASE,
)
# More days than one, and days counted from today: name, example, pattern.
WHOLE_WEEKS = (
    ("English", "the whole week", r"\b(?:whole|entire|full|all) week\b|\bweek-long\b"),
    ("German", "die ganze Woche", r"\b(?:ganze|gesamte)n? woche\b"),
    ("French", "toute la semaine", r"\btoute la semaine\b"),
    ("Spanish", "toda la semana", r"\btoda la semana\b"),
)
_WEEKEND = re.compile(r"\bweekend\b|\bwochenende|\bfin de semana\b|\bweek-end\b", re.IGNORECASE)
_WHOLE_WEEK = any_of(WHOLE_WEEKS)
RELATIVE = (
    ("near", "tomorrow", r"(?P<near>tomorrow|today|tonight|morgen(?= |,)|heute|demain|aujourd'hui|mañana(?=,)|hoy)"),
    ("a week", "next week", r"(?P<which>next|this|coming|following|nächste|diese|kommende|cette|esta|la)(?P<week> week| woche| semaine| semana)(?! (?:or|we|i)\b)"),
    ("in weeks", "in two weeks", r"in (?:a |about )?(?P<many>two(?= w)|three(?= w)|fortnight|zwei(?= w)|drei(?= w)|\d(?= w))(?: weeks| wochen)?"),
    ("a weekday", "next Monday", rf"(?:next|this|coming|nächsten|kommenden) (?P<day>{'|'.join(_WEEKDAY_NUMBERS)})"),
)  # fmt: skip
_RELATIVE = any_of(RELATIVE, r"\b", r"\b")
# Right behind a day, also where the same words are only polite elsewhere.
_IF = re.compile(r"\W{0,3}(?:only )?(if|falls|wenn|si)\b", re.IGNORECASE)
# An event that goes over midnight, and a timetable: its days are not those between the first and the last.
OVER_NIGHT = (
    ("longer than a day", "a 48-hour hackathon", r"\b(?P<hours>2[4-9]|[3-9]\d)[\s-]?(?:hours?|hrs?|h|stunden|stündig\w*|heures|horas)\b"),
    ("over night", "through the night", r"\b(?:over\s?night|(?:all|through the|die ganze|durch die|toute la|toda la) (?:night|nacht|nuit|noche))\b"),
    ("around the clock", "around the clock", r"\b(?:(?:around|round) the clock|rund um die uhr)\b"),
)  # fmt: skip
_OVER_NIGHT = any_of(OVER_NIGHT)
_TIMETABLE = re.compile(r"\b(?:MWF|MW|MTWR?F?|TTh|TuTh|TThu?|TR|Tu/Th|Mo/Mi(?:/Fr)?|Di/Do)\b")
_EMPTY_LABEL = re.compile(
    r"^[ \t]{0,3}(?:end|begin|dates|start date|end date|first day|last day)\s?:[^\d\n]{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)
OF_HOURS = (
    ("a clock", "at 9:00", r"\d:[0-5]\d|\d ?[ap]\.?m\b|\d ?(?:h|uhr)\b"),
    ("English", "the hours", r"\b(?:hours?|times?|timing|starts?|start at|finish\w*|o'clock)\b"),
    ("German", "die Uhrzeit", r"\b(?:uhrzeit|zeiten)\b"),
    ("French", "les horaires", r"\b(?:heures?|horaires?)\b"),
    ("Spanish", "el horario", r"\b(?:horas?|horarios?)\b"),
)
_OF_HOURS = any_of(OF_HOURS)
_MANY = {"fortnight": 2, "two": 2, "zwei": 2, "three": 3, "drei": 3}  # weeks
_SLASHED = re.compile(r"\s/\s")  # both, or one of the two
_ASKED = re.compile(r"\s?(?:\(\?|\?)")
FEW = 4  # words before a day with a question mark: no other question is asked with it
# Of what is not certain, in any form of the word: name, example, beginnings of words.
STEMS = (
    ("English", "proposed", "confirm approv permitt definit provision tentativ candidat propos undecid decid decision possib probab uncert hypothe condition"),
    ("German", "vorläufig", "bestätig genehmig bewillig vorläufig voraussichtlich entscheid vorbehalt vorschl"),
    ("French", "provisoire", "confirma provisoir incert éventuel décid"),
    ("Spanish", "aprobado", "aproba propuest aprob decidi"),
)  # fmt: skip
_STEMS = re.compile(rf"\b(?:{'|'.join(stem for *_, stems in STEMS for stem in stems.split())})\w*", re.IGNORECASE)


def unexplained(text: str, spans: Collection[Span], asked: date) -> str:
    """The first words that bear on the days of an event and are not of `spans`; empty where all are."""
    text = _VERSION.sub(" ", without_hours(_ADDRESS.sub(" ", text)))
    for part in _PART_OF_MONTH.finditer(text):
        if not (_fits(part, spans) or _elsewhere(text, part)):
            return part[0]
    text = _PART_OF_MONTH.sub(" ", text)
    return (
        next(_open_words(of_the_event(text)), "")
        or next(_relative_words(text, spans, asked), "")
        or next(_other_tokens(text, spans, asked), "")
    )


def _fits(part: re.Match[str], spans: Collection[Span]) -> bool:
    """Whether the first day is in this part of its month: `end of April`, and from 28 April on."""
    low, high = next(days for name, days in _THIRDS.items() if part[name])
    first = next(iter(spans)).begin if spans else None
    return first is not None and first.month == _MONTH_NUMBERS.get(part["month"].lower()) and low <= first.day <= high


def open_hours(text: str) -> str:
    """The first words that leave an event open in a sentence that speaks of hours; empty where there are none."""
    for said in SENTENCE_END.split(_without(of_the_event(_ADDRESS.sub(" ", text)), "harmless")):
        if _OF_HOURS.search(said) and (words := left_open(said) or _said_open(said)):
            return words
    return ""


def _said_open(text: str) -> str:
    found = _doubts().anywhere(text, "open")
    return found.said if found else ""


def _open_words(text: str) -> Iterator[str]:
    yield from (behind[1] for day in mentions_in(text) if (behind := _IF.match(text, day.end)))
    text = _without(text, "harmless")
    if words := _said_open(text):
        yield words
    for said in SENTENCE_END.split(text):
        days = [mention for mention in labelled(said, mentions_in(said)) if mention.use == "event"]
        words = without_days(said)
        if days and (found := _doubts().anywhere(words, "beside")):
            yield found.said
        if days and (found := _doubts().anywhere(said[days[-1].end :], "behind")):
            yield found.said
        if days and (stem := _STEMS.search(words)):
            yield stem[0]
        yield from (said[day.start : day.end + 3].strip() for day in days if _asked(said, day))
        yield from (words for day in days if _SLASHED.search(words := said[day.start : day.end]))


def _asked(said: str, day: Mention) -> bool:
    """`Workshop on 9 February (?)`, and not `Could you prepare the hub for our workshop on 9 February?`."""
    mark = _ASKED.match(said, day.end)
    return mark is not None and ("(" in mark[0] or len(said[: day.start].split()) < FEW)


def _other_tokens(text: str, spans: Collection[Span], asked: date) -> Iterator[str]:
    """What names days and is none of these: each kind with those that the days explain."""
    days = [day for span in spans for day in span.days()]
    weekdays, months, numbers = ({each(day) for day in days} for each in (date.weekday, _month_of, _number_of))
    pairs = {(day.day, day.month) for day in days} | {(day.month, day.day) for day in days} | {(24, 7), (1, 2)}
    weeks = {day.isocalendar().week for day in days}
    years = {day.year for day in days}
    explained: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
        (_WEEKDAY, lambda match: _weekday(match) in weekdays),
        (_MONTH, lambda match: _MONTH_NUMBERS[(match[1] or match[2]).lower()] in months),
        (_YEAR, lambda match: int(match[0]) in years or int(match[0]) < asked.year),
        (_ORDINAL, lambda match: int(next(filter(None, match.groups()))) in numbers),
        (_NUMERIC, lambda match: (int(match[1]), int(match[2] or match[3])) in pairs),
        (_WEEK_NUMBER, lambda match: int(match[1]) in weeks),
        (_WEEKEND, lambda match: {5, 6} <= weekdays),
        (_WHOLE_WEEK, lambda match: len(days) >= 5),
    )
    for open_end in (_EMPTY_LABEL, _TIMETABLE):
        yield from (match[0].strip() for match in open_end.finditer(text))
    for night in _OVER_NIGHT.finditer(text):
        if not (night["hours"] and len(days) - 1 in (int(night["hours"]) // 24, -(-int(night["hours"]) // 24))):
            yield night[0].strip()
    rest = without_days(text)
    named = [match for match in _WEEKDAY.finditer(rest) if not _elsewhere(rest, match)]
    ends = {day.weekday() for span in spans for day in (span.begin, span.end)}
    if named and not ends & set(map(_weekday, named)):  # "on Tuesday" of a week that is something larger's
        yield named[0][0]
    for pattern, is_explained in explained:
        for match in pattern.finditer(rest):
            if not (is_explained(match) or _elsewhere(rest, match)):
                yield match[0].strip()


def _month_of(day: date) -> int:
    return day.month


def _number_of(day: date) -> int:
    return day.day


def _relative_words(text: str, spans: Collection[Span], asked: date) -> Iterator[str]:
    """`tomorrow`, `next week` and `next Monday` in a sentence that names other days."""
    days = {day for span in spans for day in span.days()}
    for said in SENTENCE_END.split(text):
        if not any(mention.use == "event" for mention in labelled(said, mentions_in(said))):
            continue
        for match in _RELATIVE.finditer(said):
            if not _elsewhere(said, match) and not days & set(_counted_from(asked, match)):
                yield match[0]


def _counted_from(asked: date, match: re.Match[str]) -> Iterator[date]:
    """The days that such words may mean."""
    monday = asked - timedelta(days=asked.weekday())
    if match["near"]:
        yield asked + timedelta(days=match["near"].lower() not in ("today", "tonight", "heute", "aujourd'hui", "hoy"))
    elif match["week"]:
        first = 0 if match["which"].lower().startswith(("this", "dies", "cette", "esta")) else 7
        yield from (monday + timedelta(days=first + n) for n in range(7))
    elif match["many"]:
        weeks = _MANY.get(match["many"].lower()) or int(match["many"])
        yield from (monday + timedelta(days=7 * weeks + n) for n in range(7))
    else:
        ahead = (_WEEKDAY_NUMBERS[match["day"].lower()] - asked.weekday() - 1) % 7 + 1
        yield asked + timedelta(days=ahead)
        if ahead < 7 - asked.weekday():  # in this week: "next" may say the one after it
            yield asked + timedelta(days=ahead + 7)


def _weekday(match: re.Match[str]) -> int:
    """Of a whole name, or of a short English one."""
    return _WEEKDAY_NUMBERS[match[1].lower()] if match[1] else WEEKDAY_WORDS.index(match[2][:3].lower())


def _elsewhere(text: str, match: re.Match[str]) -> bool:
    """Whether the words before, in its line, say that it is the day of something else."""
    return for_something_else(text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2])


def _without(text: str, means: str) -> str:
    """The text with nothing where such a phrase stands."""
    kept = ""
    while found := _doubts().anywhere(text, means):
        kept, text = f"{kept}{text[: found.begin]} ", text[found.end :]
    return kept + text


@cache
def _doubts() -> Grammar:
    return Grammar((table("days"),))

"""Parse dates in what people write: single days, ranges and lists. What is not plain about them is told, never guessed.

`date_tokens` finds where days are mentioned; here the mentions become days of the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from deskbook.language import date_words as around
from deskbook.language.date_pieces import WEEKDAY_WORDS, WEEKDAYS_ABROAD, weekday_of, written_out
from deskbook.language.date_tokens import Day, Mention, mentions_in, no_day
from deskbook.schedule.working_time import MONTHS, WEEKDAYS

DAY = timedelta(days=1)
_DAY_NAME = re.compile(
    rf"\b(?:{'|'.join(WEEKDAYS_ABROAD)})(?=s?\b)|\b(?:{'|'.join(WEEKDAY_WORDS)})[a-z]{{0,6}}", re.IGNORECASE
)
LONG = 190  # days of one event: more than half a year is a slip of the year
FAR = 300  # days ahead: a day without a year that is just past may be a slip, and may mean the next year


@dataclass(frozen=True)
class Span:
    """Days from `begin` to `end`, both included, and the words they were read from."""

    begin: date
    end: date
    words: str

    def days(self) -> tuple[date, ...]:
        return tuple(self.begin + n * DAY for n in range((self.end - self.begin).days + 1))


@dataclass(frozen=True)
class Days:
    """The event's spans in order, apart; the day by which something is due; what to ask; what was concluded."""

    spans: tuple[Span, ...] = ()
    due: Span | None = None
    doubts: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    listed: bool = False  # the spans stand in one list, nothing but days in it


def days_in(text: str, asked: date, *, soon: bool = True) -> Days:
    """The days that a text speaks of. `asked` is the day of the ticket, from which a missing year is counted.

    With `soon` (in a ticket, not in a reply), a weekday or tomorrow is asked about where no other day is named, and so are
    days that are past.
    """
    text = written_out(text)
    found = _read(text, asked)
    doubts, spans = [*found.doubts], found.spans
    if spans and spans[-1].end < asked:
        if soon:
            doubts.append(f"The only days that you name are past ({spelled(spans)}). On which days is the event?")
        spans = ()
    for span in spans:
        if (span.begin - asked).days > FAR and f"'{span.words}' names no year" in " ".join(found.told):
            doubts.append(f"You wrote {span.words} without a year. Is it in {span.begin.year}?")
    if either := _either(text):
        doubts, spans = [*doubts, either], ()
    longer, recurs = around.LONGER.search(text), around.RECURS.search(text)
    if len(spans) == 1 and spans[0].begin == spans[0].end and longer:
        doubts.append(f"You wrote {spans[0].words}, and '{longer[0]}'. Which are the first and the last day?")
    doubts += _astray(spans, found.due, asked)
    if open_ := (around.OPEN.search(text) if spans else None):
        doubts.append(f"You wrote '{open_[0]}'. On which days exactly is the event?")
    if spans and (none := no_day(text)):
        doubts.append(f"You wrote {none}, and there is no such day. Which are the first and the last day?")
    if (but := around.EXCEPT.search(text)) and any(
        span.begin != span.end
        and re.search(
            rf"{re.escape(span.words)}[^.\n]{{0,12}}{but[0]}|{but[0]}[^.\n]{{0,12}}{re.escape(span.words)}", text
        )
        for span in spans
    ):
        doubts.append(f"You wrote '{but[0]}'. On which days exactly?")
    if (
        recurs
        and not _recurring(text, spans)
        and (
            (len(spans) == 1 and spans[0].begin == spans[0].end)
            or any((span.end - span.begin).days > 6 for span in spans)
        )
    ):
        doubts.append(f"You wrote '{recurs[0]}'. On which days exactly?")
    if soon and not found.spans and not found.doubts and not found.due:
        doubts += _soon(text, asked)
    told = found.told if spans or found.due else ()
    return Days(spans, found.due, tuple(dict.fromkeys(doubts)), told, found.listed)


def _recurring(text: str, spans: Sequence[Span]) -> bool:
    """Whether it is on weekdays that come again from a first to a last day, which are such weekdays, and no other is named."""
    if len(spans) != 1 or spans[0].begin == spans[0].end or around.SELDOM.search(text):
        return False
    named = {weekday_of(word) for found in around.RECURS.finditer(text) for word in _DAY_NAME.findall(found[0])}
    return bool(named) and {spans[0].begin.weekday(), spans[0].end.weekday()} <= named


def _read(text: str, asked: date, style: str = "") -> Days:
    """What the mentions of days say, each for itself; 01/02/2027 in the given style, where it is known from elsewhere."""
    joined = labelled(text, mentions_in(text))
    for mention in joined if style else ():
        mention.first, mention.last = (replace(day, style=style) for day in (mention.first, mention.last))
    doubts: list[str] = []
    told: list[str] = []
    spans: list[tuple[str, Span]] = []
    placed: list[tuple[Mention, Span]] = []
    for mention in joined:
        span = _dated(text, mention, joined, asked, doubts, told)
        if span and mention.use == "event":
            doubts += _beside(text, placed, mention, span)
            placed.append((mention, span))
        if span:
            spans.append((mention.use, span))
    event = [span for use, span in spans if use == "event"]
    doubts += _inside(event)
    doubts += _over(text, placed, asked)
    coming = [span for span in event if span.end >= asked] or event
    due = next((span for use, span in spans if use == "due" and span.end >= asked), None)
    listed = all(_listed(text[one.end : two.start]) for (one, _), (two, _) in pairwise(placed))
    return Days(merged(coming), due, tuple(dict.fromkeys(doubts)), tuple(dict.fromkeys(told)), listed)


def _listed(between: str) -> bool:
    """Whether two days are in one list, by what stands between them."""
    return len(between) < 60 and not re.sub(around.IN_LIST, "", between, flags=re.IGNORECASE).strip()


def _beside(text: str, placed: Sequence[tuple[Mention, Span]], mention: Mention, span: Span) -> list[str]:
    """The question where words stand between two stretches that touch: an evening before, then the event itself."""
    found = []
    for other, before in placed[-1:]:
        touch = span.begin == before.end + DAY or before.begin == span.end + DAY
        words = re.findall(r"[^\W\d_]{3,}", text[other.end : mention.start])
        if touch and [word for word in words if not re.fullmatch(around.LIST, word, re.IGNORECASE)]:
            found.append(f"You wrote {before.words}, and {span.words}. Is the event on both?")
    return found


def _inside(spans: Sequence[Span]) -> list[str]:
    """The question where stretches overlap and are not the same: a conference and our session in it, 9-11 or 10-12 May."""
    pairs = [(one, two) for one in spans for two in spans if one.begin < two.begin <= one.end]
    pairs += [(one, two) for one in spans for two in spans if one.begin == two.begin and two.begin < two.end < one.end]
    alone = {span.begin for span in spans if span.begin == span.end}
    pairs = [(one, two) for one, two in pairs if not {*one.days()} <= alone]  # 3./4. May, and 3 and 4 May
    return [f"You wrote {one.words}, and {two.words}. Which of them is the event?" for one, two in pairs]


def _over(text: str, placed: Sequence[tuple[Mention, Span]], asked: date) -> list[str]:
    """The question where one day is past and another is to come, and no word says that the first was another event."""
    past = [(mention, span) for mention, span in placed if span.end < asked]
    open_ = [span.words for mention, span in past if not _was(text, mention)]
    return (
        [f"You wrote {open_[0]}, which is past. On which days is the event?"]
        if open_ and len(past) < len(placed)
        else []
    )


def _was(text: str, mention: Mention) -> bool:
    """Whether the words around a day say that it was the day of something that is over."""
    head = text[max(0, mention.start - 60) : mention.start]
    return bool(around.PAST.search(head) or around.PAST_AFTER.match(text, mention.end))


def _astray(spans: Sequence[Span], due: Span | None, asked: date) -> Iterator[str]:
    """Questions about days that can hardly be meant: begun before the ticket, very long, or prepared after they begin."""
    for span in spans:
        if span.begin < asked:
            yield f"You wrote {span.words}, which began before your mail. Which are the first and the last day?"
        if len(span.days()) > LONG:
            yield f"You wrote {span.words}, which are {len(span.days())} days. Which are the first and the last day?"
    if spans and due and due.begin > spans[0].begin:
        yield f"You wrote {due.words} for what is to be done before {spelled(spans)}. On which days is the event?"


def settled(text: str, asked: date, first: date) -> tuple[Span, ...]:
    """The spans of a text whose numbers have two readings, where only one of the two begins on `first`."""
    readings = [_read(text, asked, style).spans for style in ("day first", "month first")]
    fitting = [spans for spans in readings if spans and spans[0].begin == first]
    return fitting[0] if len(fitting) == 1 else ()


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """In order, and without repetitions: what overlaps or follows on the very next day is one span."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.begin, s.end)):
        if found and span.begin <= found[-1].end + DAY:
            before = found.pop()
            words = before.words if before.end >= span.end else f"{before.words}, {span.words}"
            if before.begin == span.begin and before.end < span.end:
                words = span.words
            found.append(Span(before.begin, max(before.end, span.end), words))
        else:
            found.append(span)
    return tuple(found)


def spelled(spans: Sequence[Span]) -> str:
    """`12-14 January 2027`, `30 January-2 February 2027`, `10 and 17 February 2027`."""
    parts = []
    for span in spans:
        first, last = span.begin, span.end
        end = f"{last.day} {last:%B} {last.year}"
        if first == last:
            parts.append(end)
        elif first.year != last.year:
            parts.append(f"{first.day} {first:%B} {first.year}-{end}")
        elif first.month != last.month:
            parts.append(f"{first.day} {first:%B}-{end}")
        else:
            parts.append(f"{first.day}-{end}")
    return " and ".join(parts)


def day_of(text: str, asked: date) -> Span | None:
    """The one stretch of days that a short text says, or None."""
    found = _read(text, asked)
    whole = (*found.spans, *([found.due] if found.due else []))
    return whole[0] if len(whole) == 1 and not found.doubts else None


# From mentions to days of the calendar.


def labelled(text: str, found: list[Mention]) -> list[Mention]:
    """What each mention is for, by the words before it; `Begin: …` and `End: …` on their own are one."""
    kept: list[Mention] = []
    begun: Mention | None = None
    for mention in found:
        before = next((m for m in reversed(kept) if m.end <= mention.start), None)
        between = text[before.end : mention.start] if before else "?"
        head = text[max(before.end if before else 0, mention.start - 60) : mention.start].rpartition("\n")[2]
        if mention.first != mention.last and around.MOVED.search(head):
            mention.first = mention.last
        single = mention.first == mention.last
        if single and begun and around.END.search(head):
            begun.words = f"{text[begun.start : begun.end]} to {text[mention.start : mention.end]}"
            begun.last, begun.end, begun = mention.last, mention.end, None
            continue
        if around.WEEK.search(head):
            mention.use = "event"
            mention.told.append("week")
        elif around.BEGIN.search(head) and not around.OTHER.search(head):
            begun = mention if single else None
        elif around.DUE.search(head):
            mention.use = "due"
        elif around.OTHER.search(head) or around.OTHER_AFTER.match(text, mention.end):
            mention.use = "other"
        elif before and around.AND.fullmatch(between):  # test on 3 February and 5 February
            mention.use = before.use
        hedge = (
            around.HEDGE.search(head)
            or (single and around.END.search(head))
            or (single and around.HALF.search(head))
            or around.HEDGED.match(text, mention.end)
        )
        if hedge and mention.use == "event":
            mention.told.append(f"hedge {' '.join(hedge[0].split()).strip(' (,')}")
        kept.append(mention)
    return kept


def _dated(
    text: str, mention: Mention, all_of_them: list[Mention], asked: date, doubts: list[str], told: list[str]
) -> Span | None:
    """The span of a mention, or None where it has two readings; then a question says so."""
    words = " ".join((mention.words or text[mention.start : mention.end]).split())
    ends: list[Day] = []
    for end in (mention.first, mention.last):
        plain = _unswapped(end, all_of_them, asked, told)
        if plain is None:
            if mention.use == "event":
                one, two = _spell(end), _spell(replace(end, day=end.month, month=end.day))
                doubts.append(
                    f"You wrote {words}: does it begin on {one} or on {two}?"
                    if mention.first != mention.last
                    else f"You wrote {words}: is that {one} or {two}?"
                )
            return None
        ends.append(plain)
    last = _calendar(ends[1], asked)
    if last is None:
        return None
    first: date | None = _calendar(ends[0], asked) if mention.first != mention.last else last
    if ends[0].year is None and mention.first != mention.last:
        year = last.year if (ends[0].month, ends[0].day) <= (last.month, last.day) else last.year - 1
        first = _exact(ends[0], year)
    if first is None or first > last:
        doubts.append(f"You wrote {words}: which is the first day, and which is the last?")
        return None
    if ends[1].year is None and mention.use == "event":
        told.append(f"'{words}' names no year and was read as {last.year}, the next after the ticket")
    for end, day in ((mention.first, first), (mention.last, last)):
        if end.weekday is not None and end.weekday != day.weekday() and mention.use == "event":
            doubts.append(
                f"You wrote {WEEKDAYS[end.weekday]} for {_spell(end, day.year)}, which is a {WEEKDAYS[day.weekday()]}. "
                "Which day is right?"
            )
    for hedge in (told_.removeprefix("hedge ") for told_ in mention.told if told_.startswith("hedge ")):
        doubts.append(f"You wrote '{hedge}' with {words}. Which are the first and the last day?")
    if "week" in mention.told:
        first = first - first.weekday() * DAY
        last = first + 4 * DAY
        told.append(f"'the week of {words}' was read as Monday to Friday, {spelled([Span(first, last, '')])}")
    return Span(first, last, words)


def _unswapped(day: Day, all_of_them: list[Mention], asked: date, told: list[str]) -> Day | None:
    """The one reading of 01/02/2027 that its weekday, the other dates, or the day of the ticket leaves; else None."""
    if not day.swapped or day.year is None:
        return day
    other = replace(day, day=day.month, month=day.day)
    days = {reading: _exact(reading, day.year) for reading in (day, other)}
    if day.weekday is not None:
        fitting = [reading for reading, found in days.items() if found and found.weekday() == day.weekday]
        if len(fitting) == 1:
            return fitting[0]
    styles = {end.style for mention in all_of_them for end in (mention.first, mention.last)} - {""}
    if len(styles) == 1:
        return day if styles == {"day first"} else other
    coming = [reading for reading, found in days.items() if found and found >= asked]
    if not coming:
        return day  # it is past, whichever is meant
    if len(coming) != 1:
        return None
    told.append(f"{day.day}/{day.month}/{day.year} was read as {_spell(coming[0])}: the other reading is past")
    return coming[0]


def _calendar(day: Day, asked: date) -> date | None:
    """The day in its year; without one, the next such day from the ticket on."""
    if day.year is not None:
        return _exact(day, day.year)
    years = (asked.year + n for n in range(9))
    return next((found for year in years if (found := _exact(day, year)) and found >= asked), None)


def _exact(day: Day, year: int) -> date | None:
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return None


def _spell(day: Day, year: int | None = None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {year or day.year or ''}".strip()


def _either(text: str) -> str:
    """The question where one of two stretches is meant: `8-10 February or 15-17 February`."""
    days = [mention for mention in labelled(text, mentions_in(text)) if mention.use == "event"]
    for one, two in pairwise(days):
        low, high = (one.end, two.start) if one.end <= two.start else (one.start, one.end)
        if re.search(r"\bor\b|\balternativ|^\s*/\s*$", text[low:high], re.IGNORECASE) and high - low < 60:
            words = " ".join(text[one.start : two.end].split())
            return f"You wrote '{words}'. Which of them is it, with first and last day?"
    return ""


def _soon(text: str, asked: date) -> list[str]:
    """A weekday or tomorrow, where no other day is named: it may be the day of something else."""
    match = around.SOON.search(text)
    if match is None:
        return []
    ahead = 1 if match[1] else (WEEKDAY_WORDS.index(match[2][:3].lower()) - asked.weekday() - 1) % 7 + 1
    return [f"On which days is the event? You wrote '{match[0]}': is it on {_named(asked + ahead * DAY)}?"]


def _named(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B} {day.year}"

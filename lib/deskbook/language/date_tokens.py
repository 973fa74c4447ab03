"""Tokenize a text for dates, and find the mentions of days: `12 January`, `Jan 30 - Feb 2`, `01/02/2027`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from deskbook.language.date_pieces import MONTH_NAMES, Piece, month_of, pieces_of, weekday_of, written_out

MOST = 200  # mentions of days in one text; a longer list is no request


@dataclass(frozen=True)
class Day:
    """A day as written: `month` and `day` may be two readings of the same numbers, and the year may be missing."""

    day: int
    month: int
    year: int | None
    swapped: bool = False  # the other reading (month first) is possible too
    weekday: int | None = None
    style: str = ""  # of numbers that can only be read in one order: day first, month first


@dataclass
class Mention:
    """One or two ends of a stretch of days, between two positions of the text."""

    first: Day
    last: Day
    start: int
    end: int
    pieces: tuple[int, int]
    use: str = "event"
    words: str = ""  # where these are not all that stands between `start` and `end`
    told: list[str] = field(default_factory=list)


def mentions_in(text: str) -> list[Mention]:
    """The days that a text names, in its order; what a word for a range joins is one mention."""
    text = written_out(text)
    pieces = pieces_of(text)
    return _joined(text, pieces, sorted(_mentions(text, pieces), key=lambda m: m.start)[:MOST])


def without_days(text: str) -> str:
    """The text with a comma for each day that it names."""
    text = written_out(text)
    for start, end in sorted({(mention.start, mention.end) for mention in mentions_in(text)}, reverse=True):
        text = f"{text[:start]} , {text[end:]}"
    return text


def no_day(text: str) -> str:
    """The first day of a text that no calendar has, such as 30 February 2027; empty where all are there."""
    written = re.compile(
        rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of| de)? (?P<m>{MONTH_NAMES})|(?P<mm>{MONTH_NAMES})\.? (?P<dd>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))\b,?(?: (?P<y>20\d\d))?"
        r"|\b(?P<iso>20\d\d)-(?P<im>\d\d)-(?P<id>\d\d)\b",
        re.IGNORECASE,
    )
    for match in written.finditer(text):
        month = int(match["im"]) if match["iso"] else month_of(match["m"] or match["mm"])
        day, year = int(match["id"] or match["d"] or match["dd"]), match["iso"] or match["y"]
        if 1 <= day <= 31 and (not 1 <= month <= 12 or day > _length(month, int(year) if year else None)):
            return match[0]
    return ""


def _joined(text: str, pieces: list[Piece], found: list[Mention]) -> list[Mention]:
    """`Jan 30 - Feb 2 2027`: two mentions with a word for a range between them are one; the year stands at its end."""
    joined: list[Mention] = []
    for mention in found:
        before = joined[-1] if joined else None
        between = pieces[before.pieces[1] + 1 : mention.pieces[0]] if before else []
        named = any(p.kind == "weekday" for p in between)  # Tue, 12 January - Thu, 14 January
        timed = any(p.kind == "time" for p in between)  # 12 January, 9:00 CET to 14 January, 17:00
        kinds = [
            p.kind
            for p in between
            if p.kind not in ("filler", "weekday", "time")
            and not ((named or timed) and p.text == ",")
            and not (timed and p.kind == "word" and p.text.isupper() and len(p.text) < 5)
        ]
        opens = before is not None and re.search(
            r"\b(?:between|entre|zwischen)(?: the| le| el| dem)? ?$",
            text[max(0, before.start - 14) : before.start],
            re.I,
        )
        if before and before.first == before.last and (kinds == ["range"] or (opens and kinds == ["also"])):
            year = before.first.year or (mention.last.year if mention.last.month >= before.first.month else None)
            if before.first.year is None and mention.last.year and mention.last.month < before.first.month:
                year = mention.last.year - 1
            joined[-1] = replace(
                before,
                first=replace(before.first, year=year),
                last=mention.last,
                end=mention.end,
                pieces=(before.pieces[0], mention.pieces[1]),
            )
        elif before and kinds == ["also"] and before.last.year is None and mention.last.year:
            first, last = replace(before.first, year=mention.last.year), replace(before.last, year=mention.last.year)
            joined[-1] = replace(before, first=first, last=last)
            joined.append(mention)
        else:
            joined.append(mention)
    for index, mention in enumerate(joined):
        if mention.first == mention.last and (runs_on := _runs_on(pieces, mention)):
            last, at = runs_on
            joined[index] = replace(mention, last=last, end=pieces[at].end, pieces=(mention.pieces[0], at))
    for index, mention in enumerate(joined):  # 2027-01-12 - 14
        tail = pieces[mention.pieces[1] + 1 : mention.pieces[1] + 3]
        alone = mention.first == mention.last and pieces[mention.pieces[1]].kind in ("iso", "month", "year")
        behind = pieces[mention.pieces[1] + 3 :][:1]
        counted = (
            behind and behind[0].kind in ("word", "month", "range", "time") and pieces[mention.pieces[1]].kind != "iso"
        )
        if alone and not counted and [p.kind for p in tail] == ["range", "day"] and not tail[0].text.isalpha():
            later = _valid(replace(mention.first, day=_number(tail[1]), weekday=None))
            if later and later.day > mention.first.day:
                joined[index] = replace(mention, last=later, end=tail[1].end)
    return joined


_GOES_ON = ("runs", "goes", "lasts", "ends", "finishes", "continues", "on", "we", "it", "and")


def _runs_on(pieces: list[Piece], mention: Mention) -> tuple[Day, int] | None:
    """`Monday, 11 January 2027 and runs through Friday the 15th`: the last day, a number alone, and its piece."""
    at = mention.pieces[1] + 1
    while at < len(pieces) and (pieces[at].text.lower() in _GOES_ON or pieces[at].text == ","):
        at += 1
    goes_on = at > mention.pieces[1] + 1
    ends = goes_on and any(p.text.lower() in ("ends", "finishes") for p in pieces[mention.pieces[1] + 1 : at])
    if at >= len(pieces) or not (ends or (pieces[at].kind == "range" and pieces[at].text.isalpha())):
        return None
    named, at = None, at + (pieces[at].kind == "range")
    while at < len(pieces) and (pieces[at].kind in ("filler", "weekday") or pieces[at].text == ","):
        named = weekday_of(pieces[at].text) if pieces[at].kind == "weekday" else named
        at += 1
    behind = pieces[at + 1].kind if at + 1 < len(pieces) else ""
    if (
        at >= len(pieces)
        or pieces[at].kind != "day"
        or behind in ("month", "range")
        or not (goes_on or named is not None)
    ):
        return None
    if named is None and pieces[at].text.isdigit():
        return None  # through 12 lectures
    last = _valid(replace(mention.last, day=_number(pieces[at]), weekday=named))
    return (last, at) if last and last.day > mention.last.day else None


def _mentions(text: str, pieces: list[Piece]) -> Iterator[Mention]:
    taken: set[int] = set()
    for index, piece in enumerate(pieces):
        if piece.kind in ("iso", "numeric", "german", "shortly", "slashed"):
            if day := _numbers(piece):
                weekday, start = _weekday_before(pieces, index)
                named = replace(day, weekday=weekday)
                first, start = _shorter(text, pieces, index, named) or (named, start)
                named = replace(named, swapped=named.swapped and first == named)  # 10-12/01/2027
                yield Mention(
                    first if first.day != named.day else named, named, pieces[start].start, piece.end, (start, index)
                )
        elif piece.kind == "month":
            yield from _of_month(text, pieces, index, taken)


def _shorter(text: str, pieces: list[Piece], index: int, last: Day) -> tuple[Day, int] | None:
    """`12.-14.01.2027`: the day before a range whose month stands at its end only, and where it is."""
    before = [i for i in range(max(0, index - 3), index) if pieces[i].kind != "filler"]
    kinds = [pieces[i].kind for i in before][-2:]
    if (
        not re.search(r"[./]", pieces[index].text)
        or kinds != ["day", "range"]
        or re.search(r"[/.-]$", text[: pieces[before[-2]].start])
        or not 0 < _number(pieces[before[-2]]) < last.day
    ):
        return None
    return replace(last, day=_number(pieces[before[-2]]), weekday=None, swapped=False), before[-2]


def _numbers(piece: Piece) -> Day | None:
    one, two, three = (int(number) if number else 0 for number in [*re.findall(r"\d+", piece.text), ""][:3])
    if piece.kind == "iso":
        return _valid(Day(three, two, one))
    year = None if piece.kind in ("german", "shortly", "slashed") else three + 2000 if three < 100 else three
    if "." in piece.text:
        return _valid(Day(one, two, year))
    if one > 12:
        return _valid(Day(one, two, year, style="day first"))
    if two > 12:
        return _valid(Day(two, one, year, style="month first"))
    return _valid(Day(one, two, year, swapped=one != two))


def _valid(day: Day) -> Day | None:
    return day if 1 <= day.month <= 12 and 1 <= day.day <= _length(day.month, day.year) else None


def _length(month: int, year: int | None) -> int:
    if month == 2:
        return 29 if year is None or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _of_month(text: str, pieces: list[Piece], index: int, taken: set[int]) -> Iterator[Mention]:
    """The days beside the name of a month: those before it, else those after it; then its year."""
    month = month_of(pieces[index].text)
    run = _run(pieces, index, -1, taken)
    after = not run
    run = run or _run(pieces, index, 1, taken)
    days = [i for i in run if pieces[i].kind == "day"]
    if not days:
        return
    edge = max([*run, index])
    year, last = _year(pieces, edge + 1)
    if year is None and after:
        year, _ = _year(pieces, index + 1)
    if pieces[index].text == "may" and after and year is None and all(pieces[i].text.isdigit() for i in days):
        return  # we may 3 times
    taken.update(run)
    between = re.search(
        r"\b(?:between|entre|zwischen)(?: the| le| el| dem)? ?$",
        text[max(0, pieces[min(run)].start - 14) : pieces[min(run)].start],
        re.I,
    )
    parts = [[days[0]]]
    for one, two in pairwise(days):
        links = {pieces[i].kind for i in range(one + 1, two)}
        if "range" in links or (between and "also" in links):
            parts[-1].append(two)
        else:
            parts.append([two])
    low, high = min(*run, index), max(last, index)
    for part in parts:
        ends = [_written(pieces, i, month, year) for i in (part[0], part[-1])]
        if ends[0] and ends[1]:
            yield Mention(ends[0], ends[1], pieces[low].start, pieces[high].end, (low, high))


def _run(pieces: list[Piece], index: int, step: int, taken: set[int]) -> list[int]:
    """Indices of the days next to a month, with what joins them; ascending numbers only."""
    run: list[int] = []
    pending: list[int] = []
    numbers: list[int] = []
    position = index + step
    while 0 <= position < len(pieces) and position not in taken:
        piece = pieces[position]
        if piece.kind == "day" and 1 <= _number(piece) <= 31:
            number = _number(piece)
            linked = not run or any(pieces[i].kind in ("range", "also") for i in pending)
            if run and step > 0 and _starts(pieces, position + 1):  # Jan 30 - 2 Feb
                break
            if not linked or (numbers and (number - numbers[-1]) * step <= 0):
                break
            run += [*pending, position]
            numbers.append(number)
            pending = []
        elif piece.kind in ("filler", "weekday") or (run and piece.kind in ("range", "also")):
            if piece.kind == "weekday" and not run and step > 0:
                break
            pending.append(position)
        else:
            break
        if len(pending) > 4:
            break
        position += step
    if step < 0 and run:  # a weekday before the first day belongs to it
        run += [i for i in pending if pieces[i].kind == "weekday" and i == min(run) - 1]
    return sorted(run)


def _starts(pieces: list[Piece], place: int) -> bool:
    """Whether a month stands here, after `of` or the like, that has no day of its own behind it."""
    ahead = [p.kind for p in pieces[place : place + 5] if p.kind != "filler"]
    return ahead[:1] == ["month"] and ahead[1:2] != ["day"]


def _number(piece: Piece) -> int:
    return int(re.sub(r"\D", "", piece.text))


def _written(pieces: list[Piece], index: int, month: int, year: int | None) -> Day | None:
    weekday, _ = _weekday_before(pieces, index)
    after = index + 1
    if weekday is None:  # January 12 (Tuesday), or 12 January (Tuesday)
        around = pieces[after : after + 7]
        marks = [p.text for p in around]
        if "(" in marks:
            place = marks.index("(")
            nothing_else = all(p.kind in ("month", "year", "also") for p in around[:place])
            inside = takewhile(lambda p: p.kind in ("weekday", "range", "also"), around[place + 1 :])
            named = [weekday_of(p.text) for p in inside if p.kind == "weekday"]
            if nothing_else and named:  # 9 and 10 February (Tue/Wed): the last of them
                weekday = named[-1]
    return _valid(Day(_number(pieces[index]), month, year, weekday=weekday))


def _weekday_before(pieces: list[Piece], index: int) -> tuple[int | None, int]:
    """The weekday right before a day, with the index at which the mention begins. The month may stand between."""
    place = index - 1
    while (
        place >= 0 and place >= index - 4 and (pieces[place].kind in ("filler", "month") or pieces[place].text == ",")
    ):
        place -= 1
    if place >= 2 and [p.kind for p in pieces[place - 2 : place]] in (["weekday", "range"], ["weekday", "also"]):
        place -= 2  # Mon-Wed 11-13 January
    if place >= 0 and pieces[place].kind == "weekday":
        return weekday_of(pieces[place].text), place
    return None, index


def _year(pieces: list[Piece], place: int) -> tuple[int | None, int]:
    """The year right after a day, and the index of the last piece that was read."""
    look = place
    while look < len(pieces) and look < place + 4 and (pieces[look].kind == "filler" or pieces[look].text == ","):
        look += 1
    if look < len(pieces) and pieces[look].kind == "weekday" and pieces[look - 1].text == "(":
        look += 1
        while look < len(pieces) and pieces[look].text in (")", ","):
            look += 1
    if look < len(pieces) and pieces[look].kind == "year":
        number = _number(pieces[look])
        return (number if number > 99 else 2000 + number), look
    return None, place - 1

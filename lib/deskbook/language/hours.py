"""Parse hours of a day, with their time zones, in what people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from deskbook.language.zones import CAPITALS, SHARED, ZONE, name_of, zone_of

MOST = 20  # windows of one text

_EITHER = re.compile(
    rf"\b(?:{CAPITALS}|Pacific|Eastern|Central|Mountain) or (?:US )?(?:{CAPITALS}|Pacific|Eastern|Central|Mountain)\b"
)
_T = r"(?:(?P<{0}word>noon|midnight|midday)|(?P<{0}h>\d{{1,2}})(?:(?:[:.h](?P<{0}m>[0-5]\d))|(?P<{0}mm>[0-5]\d)(?=\s?(?:h\b|hrs|-|–|—|to\b|[A-Z]{{2,4}}\b)))?)(?::[0-5]\d)?\s{{0,2}}(?P<{0}half>[ap]\.?m\b\.?|[ap](?=[\s,;.)–-]|$)|o'clock|h\b|uhr\b)?"
_WINDOW = re.compile(
    rf"(?<![\w./:-]){_T.format('a')}(?P<zone>\s(?:{CAPITALS}))?\s{{0,3}}(?P<join>-|–|—|\bto\b|\bto\s|\buntil\b|\btill?\b|\bthrough\b|\band\b)\s{{0,3}}{_T.format('b')}(?![\w/]|[-–]\d|\.\d)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:hours?|time|times|daily|each day|every day|per day|schedule|sessions?|from)\b[^\n]{0,30}$", re.IGNORECASE
)
_JOINS = re.compile(r"\s{0,2}(?:and|,|/|&|;)\s{0,2}", re.IGNORECASE)
_ENDS = re.compile(  # Start time: 9:00, and on the next line its end
    r"\bstart(?:ing)? time\s?[:=]?\s?(\d[^\n;,]{0,12}?)[ \t]{0,3}[\n;,/-]\s{0,3}end(?:ing)? time\s?[:=]?\s?(?=\d)",
    re.IGNORECASE,
)
_ALL_DAY = re.compile(r"\b(?:24/7|24 ?h(?:ours)?(?: a day)?|around the clock|round the clock)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Window:
    """Hours of each day, `end` after midnight where it is not after `begin`. An empty zone is not known."""

    begin: time
    end: time
    zone: str = ""

    @property
    def clock(self) -> str:
        return f"{self.begin:%H:%M}-{'24:00' if self.end == time(0) else f'{self.end:%H:%M}'}"

    def on(self, day: date) -> tuple[datetime, datetime]:
        """When it begins and ends on that day, in UTC."""
        where = zone_of(self.zone)
        begin = datetime.combine(day, self.begin, where)
        until = day + timedelta(days=self.end <= self.begin)
        return begin.astimezone(UTC), datetime.combine(until, self.end, where).astimezone(UTC)


@dataclass(frozen=True)
class Hours:
    """The windows of a text, in its order; a zone named without hours; what to tell."""

    windows: tuple[Window, ...] = ()
    zone: str = ""
    words: str = ""
    told: tuple[str, ...] = ()


def hours_in(text: str) -> Hours:
    """The hours that a text speaks of. A window without a zone takes the next one that is named, else the last."""
    text = _ENDS.sub(r"hours: \1-", text)
    zones = [(m.start(), name, m[0], m.end()) for m in ZONE.finditer(text) if (name := name_of(m))]
    told = [
        f"'{said}' is a time zone of {SHARED[said.lower()]}; it was read as {name}"
        for _, name, said, _ in zones
        if said.lower() in SHARED
    ]
    told += [f"'{m[0]}' names two time zones; the first was taken" for m in _EITHER.finditer(text)]
    found: list[Window] = []
    words: list[str] = []
    following: re.Match[str] | None = None  # 9-12 and 13-16 CET: what stands before hours is hours
    for match in reversed(list(_WINDOW.finditer(text))[:MOST]):
        joins = following is not None and _JOINS.fullmatch(text[match.end() : following.start()]) is not None
        window = _window(text, match, told, joins)
        if window is None:
            continue
        following = match
        after = [name for start, name, _, _ in zones if start >= match.end() - 1]
        inside = [name for start, name, _, end in zones if match.start() <= start < match.end()]
        before = [name for start, name, _, _ in zones if start < match.start()]
        zone = next(iter([*inside, *after, *reversed(before)]), "")
        found.insert(0, replace(window, zone=zone))
        words.insert(0, " ".join(match[0].split()))
    if not found and (all_day := _ALL_DAY.search(text)):
        found, words = [Window(time(0), time(0), zones[0][1] if zones else "")], [all_day[0]]
    clocks = {
        tuple(datetime(2027, month, 15, tzinfo=zone_of(name)).utcoffset() for month in (1, 7)): said
        for _, name, said, _ in zones
    }
    if found and len(clocks) > len(found):
        told.append(f"It names more time zones than hours ({', '.join(clocks.values())})")
    said = words or [zone[2] for zone in zones[:1]]
    return Hours(tuple(dict.fromkeys(found)), zones[0][1] if zones else "", ", ".join(said), tuple(dict.fromkeys(told)))


# Hours of something else, or of some days only.
_ELSE = re.compile(
    r"\b(?:office hours|opening hours|help ?desk|reception|registration desk|doors open|coffee|reach(?:ed|able)?|call me|phone me|available (?:from|between)|half[- ]days?|varies|different (?:times|hours)|rehears\w+|erreichbar|joignable|"
    r"(?:around|about|approx\w*|probably|roughly|maybe|perhaps|tentatively|or|etwa|vers|hacia) (?:from )?\d{1,2}(?::\d\d)? ?(?:[ap]m)? ?(?:-|–|to)(?= ?\d)|sprechstunden?|sprechzeiten|öffnungszeiten|kaffee"
    r"|(?:first|second|third|last|1st|2nd|final|other) (?:day|afternoon|morning)|only (?:until|from|till)|except (?:on )?(?:mon|tue|wed|thu|fri|sat|sun)\w*|am (?:ersten|zweiten|letzten) tag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days? (?:only|until|from))\b",
    re.IGNORECASE,
)


def other_hours(text: str, windows: Sequence[Window]) -> str:
    """Why these hours may not be those of every day of the event: words of the text, or two that overlap; else empty."""
    if match := _ELSE.search(text):
        return match[0]
    ends = sorted((window.begin, window.end) for window in windows if window.begin < window.end)
    overlap = next((pair for pair in pairwise(ends) if pair[1][0] < pair[0][1]), None)
    return " and ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in overlap) if overlap else ""


_BETWEEN = re.compile(  # what may stand between two stretches of the same day
    rf"(?:[\s,;/&+()]|\band\b|\bplus\b|\bthen\b|\bagain\b|\bfrom\b|\bto\b|\bund\b|\bet\b|\by\b|\bde\b|\bvon\b|\bmornings?\b|\bafternoons?\b|\bevenings?\b|\bhours:|\b(?:{CAPITALS}|Pacific|Eastern|Central|Mountain)\b"
    r"|(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific|US)/\w+)*",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\w./:-])(?:\d{1,2}(?::[0-5]\d|h[0-5]?\d?\b|\s?[ap]\.?m\b|\s(?:Uhr|o'clock)\b)|noon\b|midday\b|midnight\b)",
    re.IGNORECASE,
)


def unexplained_hours(text: str) -> str:
    """The first words between two stretches of hours, or the first time of day beside them, that may change them.

    9:00-11:00 EST / 15:00-17:00 CET may be the same hours on two clocks.
    """
    text = _ENDS.sub(r"hours: \1-", text)
    found = [match for match in _WINDOW.finditer(text) if _window(text, match, [], False)]
    for one, two in pairwise(found):
        between = text[one.end() : two.start()]
        if not _BETWEEN.fullmatch(between) or (re.search("[/(]", between) and ZONE.search(between)):
            return f"{one[0]}{between}{two[0]}"
    rest = text
    for match in reversed(found):
        rest = f"{rest[: match.start()]} , {rest[match.end() :]}"
    clock = _CLOCK.search(rest) if found else None
    return clock[0] if clock else ""


def spelled(windows: Iterable[Window]) -> str:
    """`09:00-12:00 and 14:00-16:00, Europe/Berlin; 06:00-14:00, America/New_York`."""
    groups = groupby(windows, key=lambda window: window.zone)
    parts = [(" and ".join(w.clock for w in group), zone) for zone, group in groups]
    return "; ".join(f"{clock}, {zone}" if zone else clock for clock, zone in parts)


def _window(text: str, match: re.Match[str], told: list[str], joins: bool) -> Window | None:
    """The two ends as hours of a day, or None where these are other numbers, such as days or people."""
    marked = [bool(match[f"{side}half"] or match[f"{side}m"] or match[f"{side}word"]) for side in "ab"]
    if any(match[f"{side}mm"] and len(match[f"{side}h"]) < 2 for side in "ab"):  # 150-300 people
        return None
    zoned = ZONE.match(text, match.end()) or ZONE.match(text, match.end() + 1)
    head = text[max(0, match.start() - 40) : match.start()].rpartition("\n")[2]
    if not any(marked) and re.search(
        r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? ?$", head, re.IGNORECASE
    ):
        return None  # Feb 17-18
    opens = match["join"].strip().lower() != "and" or re.search(r"\bbetween ?$", head, re.IGNORECASE)
    if not opens or not (any(marked) or zoned or joins or _LABEL.search(head)):
        return None
    if re.match(
        r"\s?(?:people|participants|attendees|students|learners|users|gb|days?|weeks?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
        text[match.end() : match.end() + 14],
        re.IGNORECASE,
    ):
        return None
    begin, end = _minutes(match, "a"), _minutes(match, "b")
    if begin is None or end is None:
        return None
    halves = [(match[f"{side}half"] or "")[:1].lower() for side in "ab"]
    halves = [half if half in ("a", "p") else "" for half in halves]
    if halves[1] and not halves[0] and match["aword"] is None and begin < 13 * 60:  # 1-3pm, 9-5pm, 11-1pm
        late = begin % 720 + 720
        begin = late if halves[1] == "p" and late < end else begin % 720
    elif halves[0] and not halves[1] and match["bword"] is None and end <= begin and end < 12 * 60:  # 9am-5
        end += 720
    elif not any(halves) and end <= begin and end < 12 * 60 and 6 * 60 <= begin <= 12 * 60:
        end += 720
        told.append(f"'{' '.join(match[0].split())}' was read as {_clock(begin)}-{_clock(end)}")
    elif not any(halves) and 60 <= begin < end < 12 * 60 and _afternoon(match, begin):  # 1-5 ET
        begin, end = begin + 720, end + 720
        told.append(f"'{' '.join(match[0].split())}' was read as {_clock(begin)}-{_clock(end)}")
    if (
        any((match[f"{side}h"], halves[i]) in (("12", "a"), ("12", "p")) for i, side in enumerate("ab"))
        and halves[0] == "a"
        and begin == 0
    ):
        told.append(f"'{' '.join(match[0].split())}' was read as {_clock(begin)}-{_clock(end)}")
    return Window(time(begin // 60 % 24, begin % 60), time(end // 60 % 24, end % 60)) if begin != end else None


def _afternoon(match: re.Match[str], begin: int) -> bool:
    """Whether hours without am or pm are those of people at work: 1-5 are, 01:00-05:00 and 8-12 are what they say."""
    bare = not (match["amm"] or match["bmm"]) and (match["ahalf"] or match["bhalf"] or "") == ""
    return bare and len(match["ah"] or "00") == 1 and begin < 7 * 60


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(match: re.Match[str], side: str) -> int | None:
    word, half = match[f"{side}word"], (match[f"{side}half"] or "")[:1].lower()
    if word:
        return 720 if word.lower() != "midnight" else 1440 if side == "b" else 0
    hour, minute = int(match[f"{side}h"]), int(match[f"{side}m"] or match[f"{side}mm"] or 0)
    if hour > 24 or (half in ("a", "p") and not 1 <= hour <= 12):
        return None
    if half in ("a", "p"):
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour * 60 + minute <= 1440 else None

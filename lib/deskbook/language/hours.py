"""Parse hours of a day, with their time zones, in what people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from deskbook.language.date_tokens import mentions_in, without_days
from deskbook.language.dates import labelled
from deskbook.language.zones import CAPITALS, SHARED, ZONE, name_of, zone_of

MOST = 20  # windows of one text
EARLY = 7 * 60  # before it, "de 2 à 3 heures" is how long it takes
SHORTEST = 15  # minutes of hours that are written without a colon: 2026-2027 are years

_EITHER = re.compile(
    rf"\b(?:{CAPITALS}|Pacific|Eastern|Central|Mountain) or (?:US )?(?:{CAPITALS}|Pacific|Eastern|Central|Mountain)\b"
)
_T = r"(?:(?P<{0}word>noon|midnight|midday)|(?P<{0}h>\d{{1,2}})(?:(?:[:.h](?P<{0}m>[0-5]\d))|(?P<{0}mm>[0-5]\d)(?:(?=\s?(?:h\b|hrs|-|–|—|to\b|[A-Z]{{2,4}}\b))|(?<=\d\d\d\d[-–]\d\d\d\d)))?)(?::[0-5]\d)?\s{{0,2}}(?P<{0}half>[ap]\.? ?m\b\.?|[ap](?=[\s,;.)–-]|$)|o'clock|h\b|uhr\b|heures?\b(?! (?:par|de|chaque))|horas?\b(?! (?:por|de|cada|al|diarias)))?"
_CLOCK_TEXT = r"(?<![\w./:-])(?:\d{1,2}(?::[0-5]\d|h[0-5]?\d?\b|\s?[ap]\.?m\b|\s(?:Uhr|o'clock)\b)|noon\b|midday\b|midnight\b|(?:0\d|1\d|2[0-3])[0-5]\d\s?[-–]\s?(?:0\d|1\d|2[0-3])[0-5]\d\b|half past\b|quarter (?:past|to)\b|halb (?:eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b)"
_WINDOW_TEXT = rf"(?<![\w./:-]){_T.format('a')}(?P<zone>\s(?:{CAPITALS}))?\s{{0,3}}(?P<join>-|–|—|\bto\b|\bto\s|\buntil\b|\btill?\b|\bthrough\b|\band\b|\bbis\b|\bà\s|\ba(?: las?)?\s|\bal\s|\bhasta(?: las)?\b|\bjusqu['’]à\b|\bund\b|\by\b(?: las?\b)?|\bet\b)\s{{0,3}}{_T.format('b')}(?![\w/]|[-–]\d|\.\d)"
_WINDOW = re.compile(_WINDOW_TEXT, re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:hours?|time|times|daily|each day|every day|per day|schedule|sessions?|from|mornings?|afternoons?|de las|täglich|jeweils|uhrzeit|horaires?|horario)\b[^\n]{0,30}$",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"\s{0,2}(?:,? ?(?:and|und|sowie|et|y|puis|dann|then)|,|/|&|;|\+)\s{0,2}(?:from|von|de|des)?\s{0,2}", re.IGNORECASE
)
# Two numbers that may be hours, where nothing says so: no people, days or things behind them.
_PAIR = re.compile(
    r"(?<![\w.:/,-])(\d{1,2})\s?(?:-|–|to|until|till|bis|à|a)\s?(\d{1,2})(?=\s*(?:$|[.,;:!)(\n]|and\b|und\b|et\b|y\b|each\b|daily\b|every\b|on\b|in the\b|with\b))(?![.,:]\d)",
    re.IGNORECASE,
)
_AT = r"(?: each day| every day| daily| jeden tag| täglich)?(?: is| ist| est| es)?(?: promptly| punctually| pünktlich)?(?: at| um| à| a las| a la)?:?\s"
_TIME = r"(?P<time>\d[^\n;,.()]{0,12}?)"
_AND = r"[\s,;/.-]{1,3}(?:and |und |et |y )?(?:we |it |wir |es )?"
# Where the begin and the end of a day stand apart: name, example, pattern up to the end.
ENDS = (
    ("a form", "Start time: 9:00\nEnd time: 12:00", rf"\bstart(?:ing)? time\s?[:=]?\s?{_TIME}[ \t]{{0,3}}[\n;,/-]\s{{0,3}}end(?:ing)? time\s?[:=]?\s?"),
    ("English", "starts at 9:00 and ends at 12:00", rf"\b(?:starts?|starting|begins?|beginning|kicks? off|opens?){_AT}{_TIME}{_AND}(?:ends?|ending|finish(?:es|ing)?|stops?|stopping|closes?|wraps? up|over|done){_AT}"),
    ("how long", "at 1:30 pm, lasts until 3 pm", rf"\bat\s{_TIME}{_AND}(?:lasts?|lasting|goes on|runs?|running|continues?|ends?|ending) (?:until|till?|at|to|through)\s"),
    ("German", "Beginn 9 Uhr, Ende 12 Uhr", rf"\b(?:beginn(?:t|en)?|start(?:et|en)?|los geht(?: es|['’]s)?|losgeht){_AT}{_TIME}{_AND}(?:ende[tn]?|schluss|aus){_AT}"),
    ("French", "commence à 9h et se termine à 12h", rf"\b(?:commence(?:nt|ra)?|débute(?:nt|ra)?|début){_AT}{_TIME}{_AND}(?:(?:se )?termine(?:nt|ra)?|finit|finira|fin){_AT}"),
    ("Spanish", "empieza a las 9:00 y termina a las 12:00", rf"\b(?:empiezan?|empezará|comienzan?|comenzará|inicio){_AT}{_TIME}{_AND}(?:terminan?|terminará|acaban?|acabará|finalizan?|fin){_AT}"),
)  # fmt: skip
_ENDS = tuple(re.compile(rf"{pattern}(?=\d|noon|midnight)", re.IGNORECASE) for *_, pattern in ENDS)
# A half of the day behind a time, in words: name, example, pattern.
HALVES = (
    ("am", "9 in the morning", r"in the morning|de la mañana|du matin|morgens|vormittags|früh"),
    ("pm", "3 in the afternoon", r"in the (?:afternoon|evening)|de la (?:tarde|noche)|de l['’]après-midi|du soir|nachmittags|abends"),
)  # fmt: skip
_HALVES = tuple(
    (
        name,
        re.compile(
            rf"(?<![\d:.])(1[0-2]|0?[1-9])((?:[:.h][0-5]\d)?)\s?(?:h|o'clock|uhr)?\s(?:{pattern})\b", re.IGNORECASE
        ),
    )
    for name, _, pattern in HALVES
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
    text = _plain(text)
    zones = [(m.start(), name, m[0], m.end()) for m in ZONE.finditer(text) if (name := name_of(m))]
    told = [
        f"'{said}' is a time zone of {SHARED[said.lower()]}; it was read as {name}"
        for _, name, said, _ in zones
        if said.lower() in SHARED
    ]
    told += [f"'{m[0]}' names two time zones; the first was taken" for m in _EITHER.finditer(text)]
    found: list[Window] = []
    words: list[str] = []
    for match, window in _windows(text, told):
        after = [name for start, name, _, _ in zones if start >= match.end() - 1]
        inside = [name for start, name, _, end in zones if match.start() <= start < match.end()]
        before = [name for start, name, _, _ in zones if start < match.start()]
        zone = next(iter([*inside, *after, *reversed(before)]), "")
        found.append(replace(window, zone=zone))
        words.append(" ".join(match[0].split()))
    if not found and (all_day := _ALL_DAY.search(text)):
        found, words = [Window(time(0), time(0), zones[0][1] if zones else "")], [all_day[0]]
    clocks = {
        tuple(datetime(2027, month, 15, tzinfo=zone_of(name)).utcoffset() for month in (1, 7)): said
        for _, name, said, _ in zones
    }
    if found and len(clocks) > len(found) and not _one_clock(list(clocks)):
        told.append(f"It names more time zones than hours ({', '.join(clocks.values())})")
    said = words or [zone[2] for zone in zones[:1]]
    return Hours(tuple(dict.fromkeys(found)), zones[0][1] if zones else "", ", ".join(said), tuple(dict.fromkeys(told)))


def _plain(text: str) -> str:
    """The text with begin and end of a day side by side, am and pm for words that say so, and without breaks."""
    for ends in _ENDS:
        text = ends.sub(lambda match: f"hours: {match['time'].strip()} to ", text)
    for name, half in _HALVES:
        text = half.sub(rf"\1\2 {name}", text)
    return without_breaks(text)


def without_hours(text: str) -> str:
    """The text with a comma for each stretch of hours, so that nothing of it is taken for something else."""
    text = _plain(text)
    for match, _ in reversed(_windows(text, [])):
        text = f"{text[: match.start()]} , {text[match.end() :]}"
    return text


def _one_clock(clocks: Sequence[tuple[timedelta | None, ...]]) -> bool:
    """Whether these are one zone, and its distance from UTC in winter or in summer: CET (UTC+1)."""
    fixed = [clock[0] for clock in clocks if len(set(clock)) == 1]
    return len(clocks) == 2 and any(each in other for each in fixed for other in clocks if len(set(other)) > 1)


_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|lundi|mardi|mercredi|jeudi|vendredi|samedi|lunes|martes|miércoles|jueves|viernes|sábado)"
# Words beside hours that say that they are of something else, or of some days only: name, example, pattern.
ELSE_ROWS = (
    ("a desk", "Office hours 10-12", r"office hours|opening hours|help ?desk|reception|registration desk|sprechstunden?|sprechzeiten|öffnungszeiten"),
    ("a person", "Call me between 8 and 10", r"reach(?:ed|able)?|call me|phone me|available (?:from|between)|erreichbar|joignable"),
    ("not every day", "Half days", r"half[- ]days|half[- ]day (?:on|for|each)|varies|different (?:times|hours)|(?:first|second|third|last|1st|2nd|final|other) (?:day|afternoon|morning)|am (?:ersten|zweiten|letzten) tag"),
    ("not every weekday", "Fridays only until 12", r"only (?:until|from|till)|except (?:on )?(?:mon|tue|wed|thu|fri|sat|sun)\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)days? (?:only|(?:until|from) (?=\d|noon))"),
    ("not every weekday abroad", "am Mittwoch erst ab 10", rf"{_WEEKDAY}s?,? (?:erst|nur|schon|bis|ab|seulement|à partir|jusqu['’]|sólo|solo|desde|hasta) (?:ab |um |las |à )?\d+"),
    ("longer or later", "on Thursday an hour longer", r"(?:an|one|half an|two|a quarter of an|\d) hours? (?:longer|later|earlier|more|extra)|(?:eine|eine halbe|zwei) stunden? (?:länger|später|früher|mehr)|une (?:demi-)?heure (?:de plus|plus tard|plus tôt)|(?:una|media) hora (?:más|antes|después)"),
    ("some stay", "some stay on until 2", r"some (?:people |of us |of them |students )?(?:will |may |might )?(?:stay|come|start|leave)|stay(?:ing)? (?:on|longer)|(?:come|leave|start|arrive) (?:earlier|later)|(?:manche|einige) (?:bleiben|kommen)|bleiben länger|certaine?s (?:restent|viennent)|algun[oa]s se quedan"),
    ("more time", "two students get 25% more time", r"(?:extra|additional|more) time|\d ?% more|time and a half|nachteilsausgleich|\w*zeitverlängerung|tiers[- ]temps|temps majoré|tiempo (?:adicional|extra)"),
    ("open end", "with an open end", r"open[- ]end(?:ed)?|ende offen|offenes ende|fin ouverte|final abierto"),
    ("about it", "9h-12h environ", r"\d{1,2}(?:[:h]\d\d|h|uhr| ?[ap]m)?(?: (?-i:[A-Z]{2,5}))? (?:or so|environ|roughly|approximately|aproximadamente|ungefähr|give or take)"),
    ("one day of them", "le premier jour", r"(?:le|du) (?:premier|deuxième|dernier) jour|el (?:primer|segundo|último) día|am (?:dritten|vierten) tag"),
    ("otherwise in fact", "9-12 officially", r"officially|in practice|offiziell|in der praxis|officiellement|oficialmente"),
    ("not the work", "Coffee 10:00-10:30", r"coffee|kaffee|rehears\w+"),
    ("about", "About 9-12", r"(?:around|about|approx\w*|probably|roughly|maybe|perhaps|tentatively|or|etwa|vers|hacia) (?:from )?\d{1,2}(?::\d\d)? ?(?:[ap]m)? ?(?:-|–|to)(?= ?\d)"),
)  # fmt: skip
_ELSE = re.compile(rf"\b(?:{'|'.join(pattern for *_, pattern in ELSE_ROWS)})\b", re.IGNORECASE)
# In a break nobody needs the hub, and a day with a break in it is a day like any other.
_REST = (
    r"(?:lunch|(?:coffee |tea |lunch )?breaks?|coffee|tea|dinner|supper|breakfast|catering|meals?|refreshments|mittag(?:s?pause|essen)?|kaffee(?:pause)?|pausen?|mittagessen"
    r"|déjeuner|repas|pause[- ]?(?:café|déjeuner)?|almuerzo|comida|café|descanso)"
)
BREAKS = (
    ("with its name behind", "12:30-14:00 lunch", rf"(?P<hours>{_WINDOW_TEXT})[ \t(:–-]{{1,3}}{_REST}(?: break| pause)?(?=\s{{0,2}}(?:[).,;\n]|$))"),
    ("with its name before", "lunch from 12 to 13:30", rf"\b{_REST}(?: break| pause)?(?: is| will be| runs)?[ :(]{{1,2}}(?:from |at |between |von |de |um )?(?P<hours>{_WINDOW_TEXT})"),
    ("before it", "Doors open at 8:30", rf"\b(?:doors open|registration|check-?in|arrival|einlass|ankunft|anmeldung|accueil|arrivée|registro|llegada)(?: is| opens| starts| begins)?(?: at| from| ab| um| à| dès| a las| desde)? (?P<hours>{_CLOCK_TEXT})(?!\s?(?:-|–|to|bis|à))"),
    ("at one time", "lunch at 12:30", rf"\b{_REST}\b(?:[^.;,\n\d]{{0,30}} )?(?:at|um|à|a las|around|is) (?P<hours>{_CLOCK_TEXT})"),
)  # fmt: skip
LONGEST_BREAK = 120  # minutes; what is longer is no break
_BREAK = tuple(re.compile(pattern, re.IGNORECASE) for *_, pattern in BREAKS)


def without_breaks(text: str) -> str:
    """The text without the hours of breaks: `9:00-12:30, 12:30-14:00 lunch, 14:00-17:00` are two stretches of work."""

    def blank(match: re.Match[str]) -> str:
        hours = _WINDOW.search(match["hours"])
        ends = (_minutes(hours, "a"), _minutes(hours, "b")) if hours else (0, 0)
        short = ends[0] is not None and ends[1] is not None and (ends[1] - ends[0]) % 720 <= LONGEST_BREAK
        return match[0].replace(match["hours"], " ") if short else match[0]

    for pattern in _BREAK:
        text = pattern.sub(blank, text)
    return text


_MORNING = re.compile(r"(?<!good )\b(?:mornings?|vormittags?|matin(?:ée)?|por la mañana)\b", re.IGNORECASE)
_LATER = re.compile(
    r"(?<!good )\b(?:afternoons?|evenings?|nachmittags?|abends?|après-midi|soirée?|tarde|noche)\b", re.IGNORECASE
)


def other_hours(text: str, windows: Sequence[Window]) -> str:
    """Why these hours may not be those of every day of the event: words of the text, or two that overlap; else empty."""
    if match := _ELSE.search(without_days(text)):
        return match[0]
    halves = [found for said in (_MORNING, _LATER) if (found := said.search(text))]
    if len(halves) == 1 and windows:  # an afternoon from 9 to 11
        morning = halves[0].re is _MORNING
        if all(w.begin >= time(13) if morning else time(0) < w.end <= time(12) for w in windows):
            return halves[0][0]
    ends = sorted((window.begin, window.end) for window in windows if window.begin < window.end)
    overlap = next((pair for pair in pairwise(ends) if pair[1][0] < pair[0][1]), None)
    return " and ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in overlap) if overlap else ""


_WORK = (  # what people do on a hub, or instead of it, between two stretches of a day
    r"lectures?|hands-on|exercises?|practicals?|projects?|labs?|tutorials?|talks?|group work|work|sessions?|coding|lessons?|part|parts|continue|continues|continuing|resume|resumes|resuming"
    r"|go on|goes on|back|übungen|vorträge|weiter|dazwischen|travaux|exposés|prácticas|charlas"
)
_BETWEEN = re.compile(  # what may stand between two stretches of the same day
    rf"(?>\b(?:after |following )?(?:an? |the )?{_REST}\b(?: (?:at|in|im|à) [^.;,\n\d]{{0,30}})?|\bparts? \d\b|\b(?:{_WORK})\b|[\s,;/&+():–-]|\b(?:{CAPITALS}|Pacific|Eastern|Central|Mountain)\b"
    r"|\b(?:and|plus|then|again|from|to|und|sowie|et|y|de|von|the|in|with|we|each|every|between|zwischen|entre|mornings?|afternoons?|evenings?|hours:|le matin|l['’]après-midi|(?:por )?la tarde|(?:am )?(?:nachmittags?|vormittags?|abends?)|puis|ensuite|dann|danach|luego|después|bis|à|a|las|des)(?!\w)|(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific|US)/\w+)*+",
    re.IGNORECASE,
)
FARTHEST = 120  # characters between two stretches of the same day
_CLOCK = re.compile(_CLOCK_TEXT, re.IGNORECASE)


def unexplained_hours(text: str) -> str:
    """The first words between two stretches of hours, or the first time of day beside them, that may change them.

    9:00-11:00 EST / 15:00-17:00 CET may be the same hours on two clocks.
    """
    text = _plain(text)
    found = [match for match, _ in _windows(text, [])]
    days = labelled(text, mentions_in(text)) if found else []
    for window in found:  # the test is on 10 March, 9:00-12:00, the course itself on 11 March
        before = next((day for day in reversed(days) if day.end <= window.start()), None)
        if before and before.use != "event" and not re.search(r"[.;\n]", text[before.end : window.start()]):
            return text[before.start : window.end()]
    for one, two in pairwise(found):
        between = text[one.end() : two.start()]
        if (
            len(between) > FARTHEST
            or not _BETWEEN.fullmatch(between)
            or (re.search("[/(]", between) and ZONE.search(between))
        ):
            return f"{one[0]}{between}{two[0]}"
    rest = text
    for match in reversed(found):
        rest = f"{rest[: match.start()]} , {rest[match.end() :]}"
    ends = {end for match in found for end in (_minutes(match, "a"), _minutes(match, "b"))}
    clocks = (clock for clock in _CLOCK.finditer(rest) if _at(clock[0]) not in ends)
    clock = next(clocks, None) if found else None
    if not clock and found:
        pairs = _PAIR.finditer(without_days(rest))
        clock = next((pair for pair in pairs if int(pair[1]) < int(pair[2]) <= 24), None)
    return clock[0] if clock else ""


def _at(clock: str) -> int:
    """The minute of the day of `8h`, `9:30` and `3 pm`; -1 for what is written otherwise."""
    match = re.fullmatch(r"(\d{1,2})(?:[:h]([0-5]\d))?\s?(h|Uhr|o'clock|[ap]\.?m)?", clock.strip(), re.IGNORECASE)
    if not match:
        return -1
    half = (match[3] or "")[:1].lower() if (match[3] or "").lower()[:1] in ("a", "p") else ""
    hour = int(match[1]) % 12 + 12 * (half == "p") if half else int(match[1])
    return hour * 60 + int(match[2] or 0)


def spelled(windows: Iterable[Window]) -> str:
    """`09:00-12:00 and 14:00-16:00, Europe/Berlin; 06:00-14:00, America/New_York`."""
    groups = groupby(windows, key=lambda window: window.zone)
    parts = [(" and ".join(w.clock for w in group), zone) for zone, group in groups]
    return "; ".join(f"{clock}, {zone}" if zone else clock for clock, zone in parts)


def _windows(text: str, told: list[str]) -> list[tuple[re.Match[str], Window]]:
    """The stretches of hours in a text, in its order; what is joined to hours behind it is hours: 9-12 and 13-16 CET."""
    found: list[tuple[re.Match[str], Window]] = []
    for match in reversed(list(_WINDOW.finditer(text))[:MOST]):
        joins = bool(found) and _JOINS.fullmatch(text[match.end() : found[0][0].start()]) is not None
        if window := _window(text, match, told, joins):
            found.insert(0, (match, window))
    return found


def _window(text: str, match: re.Match[str], told: list[str], joins: bool) -> Window | None:
    """The two ends as hours of a day, or None where these are other numbers, such as days or people."""
    marked = [bool(match[f"{side}half"] or match[f"{side}m"] or match[f"{side}word"]) for side in "ab"]
    if any(match[f"{side}mm"] and len(match[f"{side}h"]) < 2 for side in "ab"):  # 150-300 people
        return None
    zoned = ZONE.match(text, match.end()) or ZONE.match(text, match.end() + 1)
    head = text[max(0, match.start() - 40) : match.start()].rpartition("\n")[2]
    if not any(marked) and re.search(
        r"(?<!\d )(?<!\d\. )(?<!\d(?:st|nd|rd|th) )\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? ?$",
        head,
        re.IGNORECASE,
    ):
        return None  # Feb 17-18, and not fri 19 feb 10-12
    opens = match["join"].strip().lower() not in ("and", "und", "y", "et") or re.search(
        r"\b(?:between|zwischen|entre(?: las)?) ?$", head, re.IGNORECASE
    )
    if not opens or not (any(marked) or zoned or joins or _LABEL.search(head)):
        return None
    if re.match(
        r"\s?(?:people|participants|attendees|students|learners|users|personen|personnes|personas|gb|go\b|days?|weeks?|years?|yrs?|y/o|months?|min|tage|wochen|jahre|jours|semaines|ans|d[ií]as|semanas|años|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
        text[match.end() : match.end() + 14],
        re.IGNORECASE,
    ):
        return None
    begin, end = _minutes(match, "a"), _minutes(match, "b")
    if begin is None or end is None or (match["bmm"] and 0 <= end - begin < SHORTEST):
        return None
    if re.match(r"h(?:eu|o)", match["bhalf"] or "", re.IGNORECASE) and end < EARLY:  # it takes 2 to 3 hours
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
    if any((match[f"{side}h"], halves[i]) in (("12", "a"), ("12", "p")) for i, side in enumerate("ab")) and (
        (halves[0] == "a" and begin == 0) or (halves[1] == "a" and end in (0, 1440) and not halves[0])
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

"""Working time: the business-day clock and its deadlines, iterations, people's hours, moments in words.

The clock ticks real elapsed time from Monday 00:00 to Friday 24:00 of its zone, so a weekday of 23 or 25 hours ticks
23 or 25. A day begins when that zone's clocks first show its midnight. Every moment is aware; a naive one is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from deskbook.config.organization import ClockRules, Sprint
from deskbook.errors import DefinitionError, ParameterError

NONE, DAY, AGES = timedelta(0), timedelta(days=1), timedelta(days=500_000)
YEARS = range(1900, 3000)  # a calendar that never ends would let a slip of the pen search for seconds
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = tuple(name[:3] for name in WEEKDAYS)
_TWO = tuple(f"{number:02}" for number in range(60))  # digits of an hour or a minute
STOPS_TOLD = 6  # an explanation names this many and counts the rest

MonthDay = tuple[int, int]
TimesOff = tuple[tuple[MonthDay, MonthDay], ...]  # first and last day, of every year


class Stopped(NamedTuple):
    """A stretch during which the clock stood still, in UTC, `end` excluded.

    `reason` is "weekend", "day off 2026-12-25", "expected time off" or "paused".
    """

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True)
class WorkingClock:
    """Build one with `WorkingClock.of`. Moments go in with any zone and come out in UTC."""

    zone: str
    days_off: frozenset[date]
    time_off: TimesOff
    pauses: tuple[tuple[datetime, datetime], ...]

    @classmethod
    def of(
        cls,
        rules: ClockRules,
        *,
        waits_for_time_off: bool = False,
        pauses: Iterable[tuple[datetime, datetime]] = (),
    ) -> WorkingClock:
        """The clock of an organisation; `pauses` are (start, end) and may overlap. One still open ends `now`.

        DefinitionError where the expected time off leaves no day of the year.
        """
        plain = _plain(rules, waits_for_time_off)
        stood = tuple(sorted(_pause(*pause) for pause in pauses))
        return cls(plain.zone, plain.days_off, plain.time_off, stood) if stood else plain

    def ticked(self, start: datetime, end: datetime) -> timedelta:
        """How much ticked between two moments; negative where `end` is before `start`."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.ticked(end, start)
        ticked = _year(self, end.year).until(end) - _year(self, start.year).until(start)
        return ticked + sum((_year(self, number).total for number in range(start.year, end.year)), NONE)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest moment at which `amount` has ticked since `start`; Friday 24:00 rather than Monday 00:00.

        Backwards (a negative amount) it is the mirror: the latest moment from which that much ticks until `start`;
        Monday 00:00 rather than Friday 24:00. Nothing added is `start` itself, wherever it lies.
        """
        start = _utc(start)
        if not amount:
            return start
        if not -AGES < amount < AGES:
            raise ParameterError(f"{amount} is beyond the calendar; use a smaller amount")
        number, year = start.year, _year(self, start.year)
        wanted = year.until(start) + amount  # counted from the start of the year
        while amount > NONE and wanted > year.total:
            number, wanted = number + 1, wanted - year.total
            year = _year(self, number)
        while amount < NONE and wanted < NONE:
            number, year = number - 1, _year(self, number - 1)
            wanted += year.total
        index = (bisect_left if amount > NONE else bisect_right)(year.before, wanted) - 1
        return year.begins[index] + (wanted - year.before[index])

    def is_ticking(self, moment: datetime) -> bool:
        """Whether it ticks right after `moment`: yes at Monday 00:00, no at Friday 24:00."""
        moment = _utc(moment)
        year = _year(self, moment.year)
        index = bisect_right(year.begins, moment) - 1
        return index >= 0 and moment < year.ends[index]

    def stretches(self, start: datetime, end: datetime) -> tuple[Stopped, ...]:
        """When and why it stood still between two moments: in order, apart, clipped to them. With what ticked they
        add up to the time that passed. Expected time off swallows its weekends and days off, a weekend its days off,
        and a pause counts only where the clock would have ticked."""
        start, end = _utc(start), _utc(end)
        found: list[Stopped] = []
        for number in range(start.year, end.year + 1) if start < end else ():
            stops = _year(self, number).stops
            first = bisect_right(stops, start, key=lambda stop: stop.end)
            for stop in stops[first : bisect_left(stops, end, key=lambda stop: stop.start)]:
                begin, until = max(stop.start, start), min(stop.end, end)
                if found and (found[-1].end, found[-1].reason) == (begin, stop.reason):
                    begin = found.pop().start  # the same stretch, cut by the turn of the year
                found.append(Stopped(begin, until, stop.reason))
        return tuple(found)


@lru_cache(maxsize=64)
def _plain(rules: ClockRules, waits_for_time_off: bool) -> WorkingClock:
    """An organisation's clock without pauses, built once: each ticket has several promises on it."""
    time_off = tuple((_month_day(off.first), _month_day(off.last)) for off in rules.time_off)
    time_off = time_off if waits_for_time_off else ()
    if all(_falls_in(date(2024, 1, 1) + n * DAY, time_off) for n in range(366)):
        raise DefinitionError("clock: time_off covers the whole year, so the clock would never tick; shorten it")
    return WorkingClock(rules.zone, frozenset(rules.days_off), time_off, ())


@dataclass(frozen=True)
class Deadline:
    """A promise on a clock: `hours` tick from `started` to `due`. Moments are in UTC.

    `due` never lies inside stopped time; at most on its edge, where the last hour ends (Friday 24:00).
    """

    what: str
    started: datetime
    hours: float
    due: datetime
    clock: WorkingClock

    @property
    def stopped(self) -> tuple[Stopped, ...]:
        """When and why the clock stood still before it is due."""
        return self.clock.stretches(self.started, self.due)

    def left(self, now: datetime) -> timedelta:
        """Ticking time left at `now`; negative when late."""
        return self.clock.ticked(now, self.due)

    def late(self, now: datetime) -> bool:
        """Whether more has ticked than promised; what is due Friday 24:00 is not late before Monday 00:00 is past."""
        return now > self.due and self.left(now) < NONE

    def explain(self, zone: str, now: datetime | None = None) -> str:
        """Started, hours to tick, hours that stood still and why, due: in the clock's zone and the reader's `zone`."""
        own = self.clock.zone
        stops = self.stopped
        stood = sum((stop.end - stop.start for stop in stops), NONE)
        reasons = [_stop_words(stop, own) for stop in stops[:STOPS_TOLD]]
        if len(stops) > STOPS_TOLD:
            reasons.append(f"and {len(stops) - STOPS_TOLD} more")
        still = f"; {span(stood)} stood still ({', '.join(reasons)})" if stood else ", without a stop"
        sentences = [
            f"Started {spell_for(self.started, own, zone)}.",
            f"{span(timedelta(hours=self.hours))} to tick{still}.",
            *_change_words(self.started, self.due, own),
            f"Due {spell(self.due, own)}{self._edge()}{_beside(self.due, own, zone)}.",
        ]
        return " ".join(sentences if now is None else [*sentences, self._state(now)])

    def _edge(self) -> str:
        local = _in(self.due, self.clock.zone)
        if local.time() != time(0) or self.clock.is_ticking(self.due):
            return ""
        return f", the end of {WEEKDAYS[local.weekday() - 1]}"

    def _state(self, now: datetime) -> str:
        left = self.left(now)
        if left < NONE:
            return f"Late by {span(left)}."
        still = "" if self.clock.is_ticking(now) else "; the clock stands still now"
        return f"{span(left)} left{still}." if left else f"No time left{still}."


def deadline(clock: WorkingClock, what: str, started: datetime, hours: float) -> Deadline:
    """The promise that `what` is done within `hours` ticking hours of `started`; ParameterError unless above 0."""
    if not 0 < hours <= 1_000_000:
        raise ParameterError(f"{what}: {hours} hours is no deadline; use a number above 0 (a working day has 24)")
    started = _utc(started)
    due = clock.add(started, timedelta(hours=hours))
    return Deadline(what, started, hours, due, clock)


def iteration(sprint: Sprint, day: date) -> int:
    """The number of the sprint that `day` is in; the first is 1. ParameterError before that."""
    if isinstance(day, datetime):
        raise ParameterError(f"'{day}' is a moment; say which day it is in the clock's zone first")
    if day < sprint.first:
        raise ParameterError(f"{day} is before iteration 1, which began {sprint.first}; use a later day")
    return (day - sprint.first).days // sprint.days + 1


def iteration_dates(sprint: Sprint, number: int) -> tuple[date, date]:
    """The first and the last day of a sprint."""
    if number < 1:
        raise ParameterError(f"iteration {number} does not exist; the first is 1")
    try:
        first = sprint.first + (number - 1) * sprint.days * DAY
        return first, first + (sprint.days - 1) * DAY
    except OverflowError:
        raise ParameterError(f"iteration {number} is beyond the calendar; use a smaller one") from None


def next_planning(sprint: Sprint, day: date) -> date:
    """The first day of the sprint after the one that `day` is in; before the first sprint, its first day."""
    if day < sprint.first:
        return sprint.first
    return iteration_dates(sprint, iteration(sprint, day) + 1)[0]


def in_hours(hours: str, zone: str, moment: datetime) -> bool:
    """Whether a person with these hours ("09:00-17:00", Monday to Friday, in their own zone) is at work."""
    begin, end = _hours(hours)
    local = _in(moment, zone)
    return local.weekday() < 5 and begin <= local.time() < end


def hours_overlap(hours: str, zone: str, start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` lies in a person's hours."""
    begin, finish = _hours(hours)
    start, end = _utc(start), _utc(end)
    day, last, found = _in(start, zone).date(), _in(end, zone).date(), NONE
    while day <= last:
        if day.weekday() < 5:
            piece = min(end, _at(day, finish, zone)) - max(start, _at(day, begin, zone))
            found = found + piece if piece > NONE else found
        day += DAY
    return found


def parse_moment(text: str) -> datetime:
    """An ISO moment with its zone, in UTC; ParameterError for anything else, also where the zone is missing."""
    try:
        return _utc(datetime.fromisoformat(str(text).strip()))
    except (ValueError, OverflowError):
        raise ParameterError(f"'{text}' is not a moment; write it as 2026-11-23T17:55:00Z") from None


def spell(moment: datetime, zone: str) -> str:
    """`Mon 23 Nov 2026 17:55 UTC`; an hour that comes twice says which (`02:30 Europe/Berlin, UTC+02:00`)."""
    local = _in(moment, zone)
    twice = zone != "UTC" and local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    which = f", UTC{local.isoformat()[-6:]}" if twice else ""
    return f"{_day_words(local)} {local.year} {_TWO[local.hour]}:{_TWO[local.minute]} {zone}{which}"


def spell_for(moment: datetime, own: str, zone: str) -> str:
    """The same in the clock's `own` zone, and beside it in the reader's `zone` where that is another."""
    return f"{spell(moment, own)}{_beside(moment, own, zone)}"


def span(amount: timedelta) -> str:
    """`24 h`, `3 h 20 min`, `5 min`: a length without its sign, to the minute below."""
    hours, minutes = divmod(abs(amount) // timedelta(minutes=1), 60)
    words = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join(words) or ("less than 1 min" if amount else "0 h")


class _Year(NamedTuple):
    """One UTC year of a calendar: ticking runs as parallel lists, in order, with what ticked before each."""

    begins: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    total: timedelta
    stops: list[Stopped]

    def until(self, moment: datetime) -> timedelta:
        index = bisect_right(self.begins, moment) - 1
        return self.before[index] + (min(moment, self.ends[index]) - self.begins[index]) if index >= 0 else NONE


@lru_cache(maxsize=512)
def _year(clock: WorkingClock, number: int) -> _Year:
    """Built once; every question is then a search in it."""
    if number not in YEARS:
        raise ParameterError(
            f"the year {number} is beyond the calendar ({YEARS[0]} to {YEARS[-1]}); use a nearer moment"
        )
    low, high = datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)
    stops = _stops(clock.zone, clock.days_off, clock.time_off, number)
    for begin, end in clock.pauses:
        paused = _gaps(max(low, begin), min(high, end), stops)
        stops = sorted([*stops, *(Stopped(*gap, "paused") for gap in paused)])
    runs = list(_gaps(low, high, stops))
    ticked = list(accumulate((end - begin for begin, end in runs), initial=NONE))
    return _Year([begin for begin, _ in runs], [end for _, end in runs], ticked[:-1], ticked[-1], stops)


@lru_cache(maxsize=512)
def _stops(zone: str, days_off: frozenset[date], time_off: TimesOff, number: int) -> list[Stopped]:
    low, high = datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)
    days = (date(number, 1, 1) + n * DAY for n in range(-2, 368))  # two days over, since zones are up to a day off
    stops = []
    for reason, group in groupby(days, lambda day: _reason(day, days_off, time_off)):
        same = list(group)
        start, end = max(low, _at(same[0], time(0), zone)), min(high, _at(same[-1] + DAY, time(0), zone))
        if reason and start < end:
            stops.append(Stopped(start, end, reason))
    return stops


def _gaps(begin: datetime, end: datetime, stops: list[Stopped]) -> Iterator[tuple[datetime, datetime]]:
    """What lies between `begin` and `end` and outside all stops, which are in order."""
    for stop in stops:
        if begin < min(stop.start, end):
            yield begin, min(stop.start, end)
        begin = max(begin, stop.end)
    if begin < end:
        yield begin, end


def _reason(day: date, days_off: frozenset[date], time_off: TimesOff) -> str:
    """Why the clock stands still all that day, or nothing where it ticks."""
    if _falls_in(day, time_off):
        return "expected time off"
    if day.weekday() >= 5:
        return "weekend"
    return f"day off {day}" if day in days_off else ""


def _falls_in(day: date, time_off: TimesOff) -> bool:
    here = (day.month, day.day)
    return any(a <= here <= b if a <= b else here >= a or here <= b for a, b in time_off)


def _month_day(text: str) -> MonthDay:
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day


def _pause(begin: datetime, end: datetime) -> tuple[datetime, datetime]:
    begin, end = _utc(begin), _utc(end)
    if end < begin:
        raise ParameterError(f"the pause from {begin} to {end} ends before it begins; swap the two")
    return begin, end


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ParameterError(f"'{moment.isoformat()}' does not say its zone; write it as 2026-11-23T17:55:00Z")
    return moment.astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ParameterError(f"time zone '{name}' is not known; use a name such as Europe/Lisbon or UTC") from None


def _in(moment: datetime, zone: str) -> datetime:
    moment = _utc(moment)
    return moment if zone == "UTC" else moment.astimezone(_zone(zone))


@lru_cache(maxsize=4096)
def _at(day: date, clock_time: time, zone: str) -> datetime:
    """When that zone's clocks first show the time; one that they skip is read with the offset before the skip."""
    return datetime.combine(day, clock_time, _zone(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def _hours(text: str) -> tuple[time, time]:
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ParameterError(f"'{text}' are not hours of a day; write them as 09:00-17:00") from None
    return begin, end


def _day_words(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def _days_words(first: date, last: date) -> str:
    """`Fri 25 Dec`, `Sat 21–Sun 22 Nov`, `Fri 18 Dec 2026–Sun 3 Jan 2027`."""
    if first == last:
        return _day_words(first)
    if first.year != last.year:
        return f"{_day_words(first)} {first.year}–{_day_words(last)} {last.year}"
    begin = _day_words(first)
    return f"{begin.rsplit(' ', 1)[0] if first.month == last.month else begin}–{_day_words(last)}"


def _stop_words(stop: Stopped, zone: str) -> str:
    first, last = _in(stop.start, zone), _in(stop.end - timedelta.resolution, zone)
    if stop.reason == "paused":
        end = _in(stop.end, zone)
        day = "" if end.date() == first.date() else f"{_day_words(end)} "
        return f"paused {_day_words(first)} {first:%H:%M}–{day}{end:%H:%M}"
    return f"{stop.reason.removesuffix(f' {first.date()}')} {_days_words(first.date(), last.date())}"


def _change_words(start: datetime, end: datetime, zone: str) -> list[str]:
    """Says so where the clocks changed between, since a weekend of 49 hours looks like a mistake otherwise."""
    shift = (_in(end, zone).utcoffset() or NONE) - (_in(start, zone).utcoffset() or NONE)
    return [f"Clocks in {zone} went {'forward' if shift > NONE else 'back'} {span(shift)} meanwhile."] if shift else []


def _beside(moment: datetime, own: str, zone: str) -> str:
    """The same moment for a reader elsewhere, without the day where it is the same day."""
    if own == zone:
        return ""
    here, there = _in(moment, own), _in(moment, zone)
    day = "" if here.date() == there.date() else f"{_day_words(there)} {there.year} "
    return f" ({day}{there:%H:%M} in {zone})"

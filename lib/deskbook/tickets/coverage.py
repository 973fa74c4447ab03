"""Staff coverage: who is at work before a moment, or in an event's hours, and when nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from deskbook.config.organization import ClockRules, Person
from deskbook.language.hours import Window
from deskbook.language.zones import zone_of
from deskbook.schedule.working_time import WorkingClock, hours_overlap, in_hours, span

STEP = timedelta(minutes=5)  # how finely gaps between people are looked for
DAYS = 40  # of one event whose hours are looked at
AHEAD = timedelta(days=30)  # how far ahead somebody who is at work next is looked for


@dataclass(frozen=True)
class Cover:
    """One day of the event: who is at work for how long in its hours, and when no engineer is (times of the event)."""

    day: date
    people: tuple[tuple[Person, timedelta], ...]
    gaps: tuple[str, ...]
    off: str = ""  # why nobody is expected at work all that day

    def sentence(self) -> str:
        if self.off:
            return f"nobody is expected at work ({self.off})"
        said = ", ".join(f"{person.name} {span(overlap)}" for person, overlap in self.people) or "nobody"
        return said + (f"; no engineer {', '.join(self.gaps)}" if self.gaps else "")


def awake(
    people: Iterable[Person], rules: ClockRules, start: datetime, end: datetime
) -> tuple[tuple[Person, timedelta], ...]:
    """Who is at work between two moments and for how long, the longest first: by their own hours and zones, without the
    organisation's days off and its expected time off."""
    clock = WorkingClock.of(rules, waits_for_time_off=True)
    off = [stop for stop in clock.stretches(start, end) if stop.reason != "weekend"]  # each has a weekend of their own
    found = []
    for person in people:
        away = (hours_overlap(person.hours, person.zone, stop.start, stop.end) for stop in off)
        there = hours_overlap(person.hours, person.zone, start, end) - sum(away, timedelta(0))
        if there > timedelta(0):
            found.append((person, there))
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].name)))


def at_work(people: Iterable[Person], rules: ClockRules, now: datetime) -> tuple[Person, ...]:
    return tuple(person for person, _ in awake(people, rules, now, now + timedelta(seconds=1)))


def next_at_work(people: Sequence[Person], rules: ClockRules, now: datetime) -> tuple[Person, datetime] | None:
    """Who is at work first from now on, and when; None where nobody is for a month."""
    begin = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    for day in range(AHEAD // timedelta(days=1)):
        since = begin + timedelta(days=day)
        if awake(people, rules, since, since + timedelta(days=1)):
            steps = (since + n * STEP for n in range(timedelta(days=1) // STEP))
            return next(((there[0], at) for at in steps if (there := at_work(people, rules, at))), None)
    return None


def days_off(days: Iterable[date], rules: ClockRules) -> dict[date, str]:
    """Those of the days on which nobody is expected at work, weekends apart, and why."""
    clock = WorkingClock.of(rules, waits_for_time_off=True)
    noons = {day: datetime.combine(day, time(12), ZoneInfo(clock.zone)) for day in days}
    stops = {day: clock.stretches(noon, noon + timedelta(hours=1)) for day, noon in noons.items()}
    return {day: stop[0].reason for day, stop in stops.items() if stop and stop[0].reason != "weekend"}


def covers(
    people: Sequence[Person], days: Sequence[date], windows: Sequence[Window], off: Mapping[date, str] | None = None
) -> tuple[Cover, ...]:
    """Who is at work in the event's hours, by their own hours and zone, and where nobody who can mend things is.

    `off` tells on which days nobody is expected at work, and why.
    """
    known, away = [window for window in windows if window.zone], off or {}
    return tuple(
        Cover(day, (), (), away[day]) if day in away else _cover(people, day, known) for day in days[:DAYS] if known
    )


def _cover(people: Sequence[Person], day: date, windows: Sequence[Window]) -> Cover:
    overlaps = []
    stretches = _apart([window.on(day) for window in windows])
    for person in people:
        there = [hours_overlap(person.hours, person.zone, *stretch) for stretch in stretches]
        if total := sum(there, timedelta(0)):
            overlaps.append((person, total))
    overlaps.sort(key=lambda pair: (-pair[1], pair[0].name))
    engineers = [person for person in people if "agent" in person.roles]
    zone = windows[0].zone
    gaps = [f"{begin}-{end} {zone}" for stretch in stretches for begin, end in _gaps(engineers, *stretch, zone)]
    return Cover(day, tuple(overlaps), tuple(gaps))


def _apart(windows: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, and each moment once: the same hours may be told in two zones, and hours of two events may overlap."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(windows):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _gaps(engineers: Sequence[Person], begin: datetime, end: datetime, zone: str) -> list[tuple[str, str]]:
    steps = [begin + n * STEP for n in range(int((end - begin) / STEP) + bool((end - begin) % STEP))]
    found = []
    for covered, run in groupby(steps, key=lambda at: any(in_hours(p.hours, p.zone, at) for p in engineers)):
        stretch = list(run)
        if not covered:
            where = zone_of(zone)
            until = min(stretch[-1] + STEP, end)
            found.append((f"{stretch[0].astimezone(where):%H:%M}", f"{until.astimezone(where):%H:%M}"))
    return found

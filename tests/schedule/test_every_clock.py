"""The clocks: what holds for every zone, calendar and moment; named examples stand in `test_working_time.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_working_time import HOUR, WINTER, at, clock

from deskbook.config.organization import ClockRules, TimeOff
from deskbook.errors import DefinitionError
from deskbook.schedule.working_time import (
    Deadline,
    WorkingClock,
    deadline,
    hours_overlap,
    in_hours,
    spell,
)

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]
zones = st.sampled_from([*ZONES, "America/St_Johns", "Pacific/Apia", "America/Nuuk", "Pacific/Kiritimati"])
moments = st.datetimes(
    min_value=datetime(2010, 12, 1),  # noqa: DTZ001
    max_value=datetime(2032, 1, 31),  # noqa: DTZ001
    timezones=zones.map(ZoneInfo),
    allow_imaginary=False,
).map(lambda moment: moment.astimezone(UTC))
new_years = st.sampled_from(range(2011, 2032)).flatmap(
    lambda year: st.timedeltas(timedelta(days=-20), timedelta(days=20)).map(
        lambda shift: datetime(year, 1, 1, tzinfo=UTC) + shift
    )
)
midnights = moments.map(lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0))
moments = moments | new_years | midnights
amounts = st.timedeltas(timedelta(0), timedelta(days=60)) | st.integers(0, 400).map(lambda hours: hours * HOUR)
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")


@st.composite
def clocks(draw, with_pauses: bool = True) -> WorkingClock:
    start = draw(moments).date()
    days_off = tuple(start + timedelta(days=n) for n in draw(st.lists(st.integers(0, 20), max_size=8)))
    time_off = draw(st.sampled_from([(), (WINTER,)]) | st.tuples(st.builds(TimeOff, first=month_days, last=month_days)))
    pauses = []
    if with_pauses:
        begins = draw(st.lists(moments | st.just(draw(moments)), max_size=3))
        pauses = [(begin, begin + draw(st.timedeltas(timedelta(0), timedelta(days=9)))) for begin in begins]
    rules = ClockRules(zone=draw(zones), days_off=days_off, time_off=time_off)
    try:
        return WorkingClock.of(rules, waits_for_time_off=draw(st.booleans()), pauses=pauses)
    except DefinitionError:
        return WorkingClock.of(rules, pauses=pauses)


always = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@always
@given(clocks(), moments, moments, moments)
def test_the_clock_never_runs_backwards_nor_faster_than_time(clock, one, two, three):
    one, two, three = sorted((one, two, three))
    assert timedelta(0) <= clock.ticked(one, two) <= two - one
    assert clock.ticked(one, two) + clock.ticked(two, three) == clock.ticked(one, three)
    assert clock.ticked(two, one) == -clock.ticked(one, two)


@always
@given(clocks(), moments, amounts)
@example(clock(), at("2026-11-20T00:00"), 24 * HOUR)
def test_adding_arrives_where_that_much_has_ticked_and_no_earlier(clock, start, amount):
    there = clock.add(start, amount)
    assert clock.ticked(start, there) == amount
    assert there == start or clock.ticked(start, there - timedelta.resolution) < amount


@always
@given(clocks(), moments, amounts)
@example(clock(), at("2026-11-23T12:00"), 12 * HOUR)
def test_going_back_arrives_where_that_much_will_tick_and_no_later(clock, end, amount):
    there = clock.add(end, -amount)
    assert clock.ticked(there, end) == amount
    assert there == end or clock.ticked(there + timedelta.resolution, end) < amount


@always
@given(clocks(), moments, st.floats(0.01, 1000))
def test_no_deadline_falls_inside_stopped_time(clock, start, hours):
    promise = deadline(clock, "acknowledge", start, hours)
    assert clock.is_ticking(promise.due - timedelta.resolution)
    assert promise.left(start) == timedelta(hours=hours)
    assert not promise.late(promise.due)
    around = clock.stretches(promise.due - timedelta(days=40), promise.due + timedelta(days=40))
    assert not any(stop.start < promise.due < stop.end for stop in around)


@always
@given(clocks(), moments, moments)
def test_stopped_stretches_and_ticked_time_add_up(clock, one, two):
    start, end = sorted((one, two))
    stops = clock.stretches(start, end)
    stood = sum((stop.end - stop.start for stop in stops), timedelta(0))
    assert clock.ticked(start, end) + stood == end - start
    assert all(start <= stop.start < stop.end <= end for stop in stops)
    for here, after in pairwise(stops):
        assert here.end < after.start or (here.end == after.start and here.reason != after.reason)
    assert not any(clock.is_ticking(stop.start) for stop in stops)
    assert all(clock.ticked(stop.start, stop.end) == timedelta(0) for stop in stops)


@always
@given(clocks(with_pauses=False), moments)
def test_it_ticks_by_the_day_that_the_zones_own_calendar_shows(clock, moment):
    """St John's used to repeat the hour before midnight, so its Sundays may begin twice; the first counts."""
    day = moment.astimezone(ZoneInfo(clock.zone)).date()
    in_time_off = any(
        first <= (day.month, day.day) <= last if first <= last else not last < (day.month, day.day) < first
        for first, last in clock.time_off
    )
    expected = day.weekday() < 5 and day not in clock.days_off and not in_time_off
    if clock.zone != "America/St_Johns" or moment.year > 2011:
        assert clock.is_ticking(moment) is expected


@always
@given(clocks(), moments, amounts, zones)
def test_the_zone_a_moment_is_written_in_does_not_matter(clock, start, amount, zone):
    elsewhere = start.astimezone(ZoneInfo(zone))
    assert clock.add(elsewhere, amount) == clock.add(start, amount)
    assert clock.is_ticking(elsewhere) == clock.is_ticking(start)
    assert clock.ticked(elsewhere, start) == timedelta(0)


@always
@given(clocks(), moments, st.floats(0.01, 1000), zones, moments)
def test_every_deadline_can_explain_itself(clock, start, hours, zone, now):
    promise: Deadline = deadline(clock, "acknowledge", start, hours)
    words = promise.explain(zone, now)
    assert spell(promise.started, clock.zone) in words
    assert spell(promise.due, clock.zone) in words
    assert (f"in {zone})" in words) == (zone != clock.zone)
    assert ("Late by" in words) == promise.late(now)


@always
@given(st.sampled_from(ZONES), moments, moments)
def test_hours_overlap_agrees_with_asking_every_quarter_of_an_hour(zone, start, shift):
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    end = start + timedelta(hours=shift.day)
    quarters = int((end - start) / (HOUR / 4))
    inside = sum(in_hours("09:00-17:30", zone, start + n * HOUR / 4) for n in range(quarters))
    assert hours_overlap("09:00-17:30", zone, start, end) == inside * HOUR / 4

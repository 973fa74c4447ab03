"""The clocks, by named examples; what holds for every zone, calendar and moment stands in `test_every_clock.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.config.organization import ClockRules, Sprint, TimeOff
from deskbook.errors import DefinitionError, ParameterError
from deskbook.schedule.working_time import (
    Stopped,
    WorkingClock,
    deadline,
    hours_overlap,
    in_hours,
    iteration,
    iteration_dates,
    next_planning,
    parse_moment,
    span,
    spell,
)

HOUR = timedelta(hours=1)
WINTER = TimeOff(first="12-18", last="01-03")
SPRINT = Sprint(first=date(2024, 10, 16), days=14)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def clock(zone: str = "UTC", *days_off: str, time_off: tuple[TimeOff, ...] = (), pauses=()) -> WorkingClock:
    rules = ClockRules(zone=zone, days_off=tuple(map(date.fromisoformat, days_off)), time_off=time_off)
    return WorkingClock.of(rules, waits_for_time_off=bool(time_off), pauses=pauses)


# -- the working day


def test_a_ticket_of_friday_17_00_is_due_monday_17_00():
    assert deadline(clock(), "acknowledge", at("2026-11-20T17:00"), 24).due == at("2026-11-23T17:00")


def test_a_ticket_of_saturday_begins_to_tick_on_monday():
    promise = deadline(clock(), "acknowledge", at("2026-11-21T10:00"), 24)
    assert promise.due == at("2026-11-24T00:00")
    assert promise.stopped == (Stopped(at("2026-11-21T10:00"), at("2026-11-23T00:00"), "weekend"),)


def test_a_ticket_of_monday_to_thursday_is_due_the_same_time_next_day():
    assert clock().add(at("2026-11-25T09:30"), 24 * HOUR) == at("2026-11-26T09:30")


def test_the_last_working_hour_ends_on_friday_at_24_00_and_not_on_monday():
    assert clock().add(at("2026-11-20T00:00"), 24 * HOUR) == at("2026-11-21T00:00")
    assert not clock().is_ticking(at("2026-11-21T00:00"))
    assert clock().is_ticking(at("2026-11-23T00:00"))


def test_what_is_due_friday_24_00_is_not_late_all_weekend():
    promise = deadline(clock(), "evaluate", at("2026-11-20T00:00"), 24)
    assert not promise.late(at("2026-11-22T23:59"))
    assert promise.late(at("2026-11-23T00:01"))


def test_backwards_the_clock_prefers_monday_00_00():
    assert clock().add(at("2026-11-23T12:00"), -12 * HOUR) == at("2026-11-23T00:00")
    assert clock().add(at("2026-11-23T12:00"), -13 * HOUR) == at("2026-11-20T23:00")


def test_a_day_off_beside_a_weekend_makes_it_long():
    christmas = clock("UTC", "2026-12-25", "2026-12-28")
    promise = deadline(christmas, "acknowledge", at("2026-12-24T18:00"), 24)
    assert promise.due == at("2026-12-29T18:00")
    assert [stop.reason for stop in promise.stopped] == ["day off 2026-12-25", "weekend", "day off 2026-12-28"]


def test_a_day_off_on_a_weekend_changes_nothing():
    assert clock("UTC", "2026-12-26").stretches(at("2026-12-25T00:00"), at("2026-12-29T00:00")) == (
        Stopped(at("2026-12-26T00:00"), at("2026-12-28T00:00"), "weekend"),
    )


def test_no_time_has_no_stops():
    saturday = at("2026-11-21T10:00")
    assert clock().stretches(saturday, saturday) == clock().stretches(saturday, saturday - HOUR) == ()


def test_a_change_request_of_17_december_waits_until_january():
    promise = deadline(clock(time_off=(WINTER,)), "suggest", at("2026-12-17T12:00"), 24)
    assert promise.due == at("2027-01-04T12:00")
    assert promise.stopped == (Stopped(at("2026-12-18T00:00"), at("2027-01-04T00:00"), "expected time off"),)


def test_an_incident_of_17_december_does_not_wait():
    rules = ClockRules(time_off=(WINTER,))
    assert deadline(WorkingClock.of(rules), "acknowledge", at("2026-12-17T12:00"), 24).due == at("2026-12-18T12:00")


def test_time_off_that_ends_on_a_friday_is_followed_by_the_weekend():
    stops = clock(time_off=(WINTER,)).stretches(at("2025-01-01T00:00"), at("2025-01-07T00:00"))
    assert [(stop.end, stop.reason) for stop in stops] == [
        (at("2025-01-04T00:00"), "expected time off"),
        (at("2025-01-06T00:00"), "weekend"),
    ]


@pytest.mark.parametrize(
    "covers_all", [[("01-01", "12-31")], [("06-01", "05-31")], [("01-01", "06-30"), ("07-01", "12-31")]]
)
def test_time_off_all_year_round_is_refused(covers_all):
    rules = ClockRules(time_off=tuple(TimeOff(first=first, last=last) for first, last in covers_all))
    with pytest.raises(DefinitionError, match="never tick"):
        WorkingClock.of(rules, waits_for_time_off=True)
    assert WorkingClock.of(rules).is_ticking(at("2026-11-23T00:00"))


def test_a_clock_that_ticks_one_day_a_year_still_arrives():
    lazy = clock(time_off=(TimeOff(first="01-02", last="12-31"),))
    assert lazy.add(at("2026-01-01T12:00"), 24 * HOUR) == at("2027-01-01T12:00")


def test_a_pause_stands_still_and_counts_once():
    hour = (at("2026-11-24T10:00"), at("2026-11-24T11:00"))
    overlapping = (at("2026-11-24T10:30"), at("2026-11-24T12:00"))
    paused = clock(pauses=[overlapping, hour])
    promise = deadline(paused, "evaluate", at("2026-11-24T09:00"), 24)
    assert promise.due == at("2026-11-25T11:00")
    assert promise.stopped == (Stopped(at("2026-11-24T10:00"), at("2026-11-24T12:00"), "paused"),)
    assert not paused.is_ticking(at("2026-11-24T11:30"))


def test_a_pause_over_a_weekend_counts_only_where_it_would_have_ticked():
    paused = clock(pauses=[(at("2026-11-20T12:00"), at("2026-11-23T12:00"))])
    stops = paused.stretches(at("2026-11-20T00:00"), at("2026-11-24T00:00"))
    assert [stop.reason for stop in stops] == ["paused", "weekend", "paused"]
    assert paused.add(at("2026-11-20T06:00"), 12 * HOUR) == at("2026-11-23T18:00")


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ParameterError, match="ends before it begins"):
        clock(pauses=[(at("2026-11-24T11:00"), at("2026-11-24T10:00"))])


# -- zones and daylight saving


def test_the_weekend_is_the_zones_own():
    newyork = clock("America/New_York")
    assert newyork.is_ticking(at("2026-11-21T04:59"))  # Friday 23:59 there
    assert not newyork.is_ticking(at("2026-11-21T05:00"))
    assert newyork.add(at("2026-11-20T17:00", "America/New_York"), 24 * HOUR) == at(
        "2026-11-23T17:00", "America/New_York"
    )


def test_the_turn_of_the_year_is_a_day_like_any_other():
    assert clock().add(at("2026-12-31T00:00"), 24 * HOUR) == at("2027-01-01T00:00")
    assert clock().add(at("2027-01-01T12:00"), -12 * HOUR) == at("2027-01-01T00:00")
    assert clock().stretches(at("2022-12-30T00:00"), at("2023-01-03T00:00")) == (
        Stopped(at("2022-12-31T00:00"), at("2023-01-02T00:00"), "weekend"),
    )


def test_far_from_greenwich_the_year_turns_on_another_day():
    assert not clock("Pacific/Kiritimati").is_ticking(at("2027-12-31T12:00"))  # Saturday 1 January there
    assert not clock("America/New_York").is_ticking(at("2012-01-01T03:00"))  # Saturday 31 December there
    assert clock("America/New_York").is_ticking(at("2022-01-01T03:00"))  # Friday 31 December there


@pytest.mark.parametrize(
    ("zone", "friday", "weekend_hours"),
    [
        ("Europe/Berlin", "2026-03-27T17:00", 47),
        ("Europe/Berlin", "2026-10-23T17:00", 49),
        ("America/New_York", "2026-03-06T17:00", 47),
        ("America/New_York", "2026-10-30T17:00", 49),
        ("Australia/Lord_Howe", "2026-10-02T17:00", 47.5),
        ("Australia/Lord_Howe", "2026-04-03T17:00", 48.5),
        ("Asia/Kathmandu", "2026-10-23T17:00", 48),
    ],
)
def test_across_daylight_saving_monday_keeps_its_wall_time(zone, friday, weekend_hours):
    start = at(friday, zone)
    promise = deadline(clock(zone), "acknowledge", start, 24)
    assert promise.due.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") == "Mon 17:00"
    assert promise.due - promise.started == (24 + weekend_hours) * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-04-24", 23), ("2026-10-29", 25), ("2026-10-28", 24)])
def test_a_weekday_of_23_or_25_hours_ticks_them_all(day, hours):
    """Cairo changes its clocks at midnight: Friday 24 April begins at 01:00, Thursday 29 October has 23:00 twice."""
    start = at(f"{day}T01:00", "Africa/Cairo") if hours == 23 else at(f"{day}T00:00", "Africa/Cairo")
    end = at(f"{date.fromisoformat(day) + timedelta(days=1)}T00:00", "Africa/Cairo")
    assert clock("Africa/Cairo").ticked(start, end) == hours * HOUR


def test_a_day_that_a_zone_skipped_does_not_tick():
    """Samoa went from Thursday 29 to Saturday 31 December 2011."""
    apia = clock("Pacific/Apia")
    assert apia.ticked(at("2011-12-26T00:00", "Pacific/Apia"), at("2012-01-02T00:00", "Pacific/Apia")) == 96 * HOUR


def test_wall_times_of_one_zone_are_told_apart_by_fold():
    first = at("2026-10-29T23:30", "Africa/Cairo")
    assert clock("Africa/Cairo").ticked(first, first.replace(fold=1)) == HOUR


# -- explanations


def test_a_deadline_explains_itself_in_both_zones():
    promise = deadline(clock(), "acknowledge", at("2026-11-20T17:00"), 24)
    assert promise.explain("UTC") == (
        "Started Fri 20 Nov 2026 17:00 UTC. 24 h to tick; 48 h stood still (weekend Sat 21–Sun 22 Nov). "
        "Due Mon 23 Nov 2026 17:00 UTC."
    )
    assert promise.explain("America/New_York", at("2026-11-22T09:00")) == (
        "Started Fri 20 Nov 2026 17:00 UTC (12:00 in America/New_York). 24 h to tick; "
        "48 h stood still (weekend Sat 21–Sun 22 Nov). "
        "Due Mon 23 Nov 2026 17:00 UTC (12:00 in America/New_York). 17 h left; the clock stands still now."
    )


def test_a_deadline_without_a_stop_says_so():
    promise = deadline(clock(), "evaluate", at("2026-11-23T17:00"), 24)
    assert promise.explain("Asia/Tokyo", at("2026-11-24T20:20")) == (
        "Started Mon 23 Nov 2026 17:00 UTC (Tue 24 Nov 2026 02:00 in Asia/Tokyo). 24 h to tick, without a stop. "
        "Due Tue 24 Nov 2026 17:00 UTC (Wed 25 Nov 2026 02:00 in Asia/Tokyo). Late by 3 h 20 min."
    )


def test_a_deadline_at_the_end_of_friday_says_so():
    promise = deadline(clock(), "evaluate", at("2026-11-20T00:00"), 24)
    assert promise.explain("UTC", at("2026-11-21T00:00")).endswith(
        "Due Sat 21 Nov 2026 00:00 UTC, the end of Friday. No time left; the clock stands still now."
    )


def test_an_explanation_accounts_for_changed_clocks():
    promise = deadline(clock("Europe/Berlin"), "acknowledge", at("2026-10-23T17:00", "Europe/Berlin"), 24)
    assert promise.explain("Europe/Berlin") == (
        "Started Fri 23 Oct 2026 17:00 Europe/Berlin. 24 h to tick; 49 h stood still (weekend Sat 24–Sun 25 Oct). "
        "Clocks in Europe/Berlin went back 1 h meanwhile. Due Mon 26 Oct 2026 17:00 Europe/Berlin."
    )


@pytest.mark.parametrize(
    ("given_clock", "start", "words"),
    [
        (clock("UTC", "2026-12-25"), "2026-12-24T18:00", "(day off Fri 25 Dec, weekend Sat 26–Sun 27 Dec)"),
        (clock(time_off=(WINTER,)), "2026-12-17T12:00", "(expected time off Fri 18 Dec 2026–Sun 3 Jan 2027)"),
        (clock(), "2026-10-30T12:00", "(weekend Sat 31 Oct–Sun 1 Nov)"),
        (
            clock(pauses=[(at("2026-11-24T10:00"), at("2026-11-24T12:30"))]),
            "2026-11-24T09:00",
            "2 h 30 min stood still (paused Tue 24 Nov 10:00–12:30)",
        ),
    ],
)
def test_an_explanation_names_each_stop(given_clock, start, words):
    assert words in deadline(given_clock, "acknowledge", at(start), 24).explain("UTC")


def test_a_deadline_far_away_names_six_stops_and_counts_the_rest():
    promise = deadline(clock(), "close", at("2026-11-23T00:00"), 24 * 5 * 520 + 1)
    assert promise.due == at("2036-11-10T01:00")
    assert "and 514 more)" in promise.explain("UTC")


@pytest.mark.parametrize("hours", [0, -1, float("nan"), float("inf"), 1e300])
def test_a_deadline_without_a_sensible_length_is_refused(hours):
    with pytest.raises(ParameterError, match="no deadline"):
        deadline(clock(), "acknowledge", at("2026-11-20T17:00"), hours)


@pytest.mark.parametrize("amount", [timedelta.max, timedelta.min, timedelta(days=360_000), -timedelta(days=46_000)])
def test_an_amount_beyond_the_calendar_is_refused(amount):
    with pytest.raises(ParameterError, match="beyond the calendar"):
        clock().add(at("2026-11-20T17:00"), amount)


def test_a_moment_beyond_the_calendar_is_refused():
    for ask in (clock().is_ticking, lambda moment: clock().ticked(at("2026-11-20T17:00"), moment)):
        for year in ("0001", "1899", "3000", "9999"):
            with pytest.raises(ParameterError, match="beyond the calendar"):
                ask(at(f"{year}-06-01T00:00"))


# -- sprints


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2024-10-16", 1),
        ("2024-10-29", 1),
        ("2024-10-30", 2),
        ("2026-11-23", 55),
        ("2026-11-24", 55),
        ("2026-11-25", 56),
        ("2027-01-05", 58),
        ("2027-01-06", 59),
    ],
)
def test_iterations_are_counted_from_the_first_day(day, number):
    assert iteration(SPRINT, date.fromisoformat(day)) == number


def test_iteration_56_lasts_from_25_november_to_8_december():
    assert iteration_dates(SPRINT, 56) == (date(2026, 11, 25), date(2026, 12, 8))


def test_the_next_planning_is_the_first_day_of_the_next_iteration():
    assert next_planning(SPRINT, date(2026, 11, 23)) == date(2026, 11, 25)
    assert next_planning(SPRINT, date(2026, 11, 25)) == date(2026, 12, 9)
    assert next_planning(SPRINT, date(2024, 10, 15)) == SPRINT.first == date(2024, 10, 16)


def test_iterations_do_not_follow_the_parity_of_weeks():
    """2026 has 53 ISO weeks, so week numbers fall out of step at New Year; iterations do not."""
    assert (iteration_dates(SPRINT, 59)[0] - iteration_dates(SPRINT, 58)[0]).days == 14
    assert [iteration_dates(SPRINT, n)[0].isocalendar().week % 2 for n in (58, 59)] == [0, 1]


def test_there_is_no_iteration_before_the_first():
    with pytest.raises(ParameterError, match="before iteration 1, which began 2024-10-16"):
        iteration(SPRINT, date(2024, 10, 15))
    for number in (0, 10**9):
        with pytest.raises(ParameterError, match=f"iteration {number}"):
            iteration_dates(SPRINT, number)
    with pytest.raises(ParameterError, match="is a moment"):
        iteration(SPRINT, at("2026-11-23T00:00"))


@given(st.dates(min_value=SPRINT.first, max_value=date(2200, 1, 1)))
def test_every_day_is_in_the_iteration_that_names_it(day):
    first, last = iteration_dates(SPRINT, iteration(SPRINT, day))
    assert first <= day <= last < next_planning(SPRINT, day)


# -- people's hours


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-23T14:00", True),
        ("2026-11-23T13:59", False),
        ("2026-11-23T22:00", False),
        ("2026-11-21T15:00", False),
        ("2026-07-01T13:00", True),
    ],
)
def test_hours_are_read_in_the_persons_own_zone(moment, inside):
    assert in_hours("09:00-17:00", "America/New_York", at(moment)) is inside


def test_hours_overlap_with_an_event_counts_weekdays_only():
    assert hours_overlap("09:00-17:00", "Europe/Berlin", at("2026-11-20T15:00"), at("2026-11-23T09:00")) == 2 * HOUR
    assert hours_overlap("09:00-17:00", "Asia/Tokyo", at("2026-11-23T09:00"), at("2026-11-23T17:00")) == 0 * HOUR


@pytest.mark.parametrize("hours", ["9 to 5", "09:00", "", "09:00-25:00"])
def test_hours_that_are_not_hours_are_refused(hours):
    with pytest.raises(ParameterError, match="write them as 09:00-17:00"):
        in_hours(hours, "UTC", at("2026-11-23T14:00"))


# -- moments


@pytest.mark.parametrize("text", ["2026-11-23T17:55:00Z", "2026-11-23T23:40+05:45", " 2026-11-23 12:55-05:00 "])
def test_a_moment_is_read_into_utc(text):
    moment = parse_moment(text)
    assert moment == at("2026-11-23T17:55")
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["2026-11-23", "2026-11-23T17:55", "20261123", "tomorrow", "", "0001-01-01T00:00+14:00"]
)
def test_a_moment_without_zone_or_sense_is_refused(text):
    with pytest.raises(ParameterError, match="write it as 2026-11-23T17:55:00Z"):
        parse_moment(text)


def test_naive_moments_are_refused_everywhere():
    naive, aware = datetime(2026, 11, 23), at("2026-11-23T00:00")  # noqa: DTZ001
    for ask in (
        lambda: clock().ticked(naive, aware),
        lambda: clock().ticked(aware, naive),
        lambda: clock().add(naive, HOUR),
        lambda: clock().is_ticking(naive),
        lambda: clock().stretches(aware, naive),
        lambda: clock(pauses=[(naive, aware)]),
        lambda: deadline(clock(), "acknowledge", naive, 24),
        lambda: deadline(clock(), "acknowledge", aware, 24).left(naive),
        lambda: in_hours("09:00-17:00", "UTC", naive),
        lambda: hours_overlap("09:00-17:00", "UTC", aware, naive),
        lambda: spell(naive, "UTC"),
    ):
        with pytest.raises(ParameterError, match="does not say its zone"):
            ask()


def test_a_moment_is_spelled_in_the_readers_zone():
    assert spell(at("2026-11-23T17:55"), "UTC") == "Mon 23 Nov 2026 17:55 UTC"
    assert spell(at("2026-11-23T17:55"), "Asia/Kathmandu") == "Mon 23 Nov 2026 23:40 Asia/Kathmandu"


def test_an_hour_that_comes_twice_says_which_one_it_is():
    assert spell(at("2026-10-25T00:30"), "Europe/Berlin") == "Sun 25 Oct 2026 02:30 Europe/Berlin, UTC+02:00"
    assert spell(at("2026-10-25T01:30"), "Europe/Berlin") == "Sun 25 Oct 2026 02:30 Europe/Berlin, UTC+01:00"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Europe", "../etc/passwd", "2026"])
def test_a_zone_that_does_not_exist_is_refused(zone):
    with pytest.raises(ParameterError, match="is not known"):
        spell(at("2026-11-23T17:55"), zone)


def test_lengths_are_spelled_to_the_minute():
    lengths = [24 * HOUR, 1.5 * HOUR, HOUR / 12, HOUR / 120, 0 * HOUR, -3 * HOUR]
    assert [span(length) for length in lengths] == ["24 h", "1 h 30 min", "5 min", "less than 1 min", "0 h", "3 h"]

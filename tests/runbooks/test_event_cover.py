"""Which engineers are at work in the hours of an event, each in their own zone."""

from __future__ import annotations

from datetime import date

from building import build_case

from deskbook.language.hours import Window, hours_in
from deskbook.tickets.coverage import covers


def test_who_is_at_work_is_read_in_everybodys_own_zone() -> None:
    people = build_case({}).organization.people
    (cover,) = covers(people, [date(2027, 1, 12)], [Window(*_times("06:00-09:30"), "UTC")])
    assert [person.name for person, _ in cover.people][:2] == ["Elif Demir", "Priya Raman"]
    assert cover.gaps == ()
    (night,) = covers(people, [date(2027, 1, 12)], [Window(*_times("21:00-23:30"), "UTC")])
    assert night.gaps == ("22:00-23:30 UTC",)


def test_when_clocks_change_those_who_do_not_change_are_at_work_for_longer_or_shorter() -> None:
    people = [person for person in build_case({}).organization.people if person.name == "Jonas Weber"]  # 8-16 Berlin
    hours = [Window(*_times("09:00-12:00"), "America/New_York")]
    before, between, after = covers(people, [date(2027, 3, 12), date(2027, 3, 15), date(2027, 3, 29)], hours)
    assert [cover.sentence() for cover in (before, between, after)] == [
        "Jonas Weber 1 h; no engineer 10:00-12:00 America/New_York",
        "Jonas Weber 2 h; no engineer 11:00-12:00 America/New_York",
        "Jonas Weber 1 h; no engineer 10:00-12:00 America/New_York",
    ]


def test_hours_told_twice_are_covered_once() -> None:
    people = build_case({}).organization.people
    (once,) = covers(people, [date(2027, 1, 12)], [Window(*_times("09:00-17:00"), "America/New_York")])
    same = Window(*_times("06:00-14:00"), "America/Los_Angeles")
    part = Window(*_times("10:00-15:30"), "America/New_York")
    (twice,) = covers(people, [date(2027, 1, 12)], [Window(*_times("09:00-17:00"), "America/New_York"), same, part])
    assert twice == once


def test_hours_over_midnight_end_on_the_next_day() -> None:
    begin, end = Window(*_times("22:00-02:00"), "UTC").on(date(2027, 1, 12))
    assert (begin.day, end.day) == (12, 13)


def _times(hours: str) -> tuple:  # type: ignore[type-arg]
    (window,) = hours_in(f"hours: {hours}").windows
    return window.begin, window.end

"""The hours of an event and their zone; those that could be of something else are asked about."""

from __future__ import annotations

import pytest
from event_mail import event

from deskbook.language import hours as eventhours
from deskbook.language.hours import hours_in
from deskbook.language.zones import zone_named

HOURS = [
    ("9am-5pm Central European Time", "09:00-17:00, Europe/Berlin"),
    ("9am-5pm Eastern European Summer Time", "09:00-17:00, Europe/Athens"),
    ("9am-5pm ET", "09:00-17:00, America/New_York"),
    ("09:00–12:00 CET and 14:00-16:00", "09:00-12:00 and 14:00-16:00, Europe/Berlin"),
    ("9-12 and 13-16 CET", "09:00-12:00 and 13:00-16:00, Europe/Berlin"),
    ("each day 09:00-13:00 US/Pacific.", "09:00-13:00, US/Pacific"),
    ("11:00-15:00 / 12:00-17:30 US/Pacific", "11:00-15:00 and 12:00-17:30, US/Pacific"),
    ("9:00-17:00 Asia/Kolkata", "09:00-17:00, Asia/Kolkata"),
    ("9-5pm Eastern", "09:00-17:00, America/New_York"),
    ("1-3pm PT", "13:00-15:00, America/Los_Angeles"),
    ("11-1pm PT", "11:00-13:00, America/Los_Angeles"),
    ("9am - noon Pacific time", "09:00-12:00, America/Los_Angeles"),
    ("noon to 5 pm EST", "12:00-17:00, America/New_York"),
    ("9:00 AM to 5:00 PM (ET) / 6:00 AM to 2:00 PM (PT)", "09:00-17:00, America/New_York; 06:00-14:00, America/Los_Angeles"),
    ("9am-5pm EST and 3pm-11pm CET", "09:00-17:00, America/New_York; 15:00-23:00, Europe/Berlin"),
    ("from 9 to 17 Berlin time", "09:00-17:00, Europe/Berlin"),
    ("9h00-12h30 CET", "09:00-12:30, Europe/Berlin"),
    ("9.30-17.00 CET", "09:30-17:00, Europe/Berlin"),
    ("0900-1700 UTC", "09:00-17:00, UTC"),
    ("09:00 to 17:00 UTC+2", "09:00-17:00, UTC+02:00"),
    ("09:00-17:00 GMT+5:30", "09:00-17:00, UTC+05:30"),
    ("9-10 UTC, 10 people", "09:00-10:00, UTC"),
    ("9:00-10:00 GMT. 12 students", "09:00-10:00, UTC"),
    ("9:00-10:00 UTC−3", "09:00-10:00, UTC-03:00"),
    ("Start time: 9:00\nEnd time: 17:00\nTime zone: Europe/Rome", "09:00-17:00, Europe/Rome"),
    ("Start time: 9 am, end time: 5 pm ET", "09:00-17:00, America/New_York"),
    ("22:00-02:00 JST", "22:00-02:00, Asia/Tokyo"),
    ("8:30am–12:30pm CST", "08:30-12:30, America/Chicago"),
    ("8-12 and 1-5 ET", "08:00-12:00 and 13:00-17:00, America/New_York"),
    ("01:00-05:00 ET", "01:00-05:00, America/New_York"),
    ("9am ET to 5pm ET", "09:00-17:00, America/New_York"),
    ("All times are Pacific: 9:00-10:00, 11:00-12:00", "09:00-10:00 and 11:00-12:00, America/Los_Angeles"),
    ("starts at 8:00 AM and ends at 11:00 AM (Mountain)", "08:00-11:00, America/Denver"),
    ("starts at 9:00 UTC and ends at 12:00 UTC", "09:00-12:00, UTC"),
    ("at 1:30 pm, lasts until 3 pm. The time zone is pacific", "13:30-15:00, America/Los_Angeles"),
    ("1 to 3 in the afternoon, New York time", "13:00-15:00, America/New_York"),
    ("June 14 and 15, 9-5 Central", "09:00-17:00, America/Chicago"),
    ("Hours: 0900-1200 and 1300-1600, Europe/Vienna", "09:00-12:00 and 13:00-16:00, Europe/Vienna"),
    ("10-12 und 14-16 Uhr, Ortszeit Berlin", "10:00-12:00 and 14:00-16:00, Europe/Berlin"),
    ("Beginn 10 Uhr, Ende 22 Uhr, Wiener Zeit", "10:00-22:00, Europe/Vienna"),
    ("de 9 heures à 12 heures, heure de Montréal", "09:00-12:00, America/Montreal"),
    ("de 3 a 5 de la tarde, hora de Chile", "15:00-17:00, America/Santiago"),
    ("9:00-12:00 local time in Nairobi", "09:00-12:00, Africa/Nairobi"),
    ("hours: 9-17", "09:00-17:00"),
    ("in the years 2026-2027 UTC", ""),
    ("ça dure de 2 à 3 heures", ""),
    ("9:00-17:00 local time", "09:00-17:00"),
    ("24/7", "00:00-24:00"),
    ("12-14 January 2027, 40-50 people", ""),
    ("Number of attendees: 150-300", ""),
    ("2027-01-12 to 2027-01-14", ""),
    ("we need 10-12 GB and 2-4 CPUs", ""),
    ("we meet at 9am", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), HOURS, ids=[text[:50] for text, _ in HOURS])
def test_hours_are_understood(text: str, meant: str) -> None:
    assert eventhours.spelled(hours_in(text).windows) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9-5 ET", "'9-5' was read as 09:00-17:00"),
        ("1-5 ET", "'1-5' was read as 13:00-17:00"),
        ("9am-1pm IST", "India, Israel"),
    ],
)
def test_hours_that_could_be_others_are_told(text: str, told: str) -> None:
    assert told in hours_in(text).told[0]


@pytest.mark.parametrize(
    ("text", "zone"),
    [("pacific", "America/Los_Angeles"), ("Europe/Lisbon", "Europe/Lisbon"), ("utc-3", "UTC-03:00"), ("Mars/Base", ""), ("", "")],
)  # fmt: skip
def test_a_zone_is_known_by_several_names(text: str, zone: str) -> None:
    assert zone_named(text) == zone


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("9:00-12:00 CET; office hours of the desk 14:00-18:00 CET", "office hours"),
        ("9:00-17:00 PST, registration 8:00-10:00 PST", "08:00-10:00 and 09:00-17:00"),
        ("first day 9-12 UTC, second day 13-16 UTC", "first day"),
        ("9-12 UTC, one hour later on Wednesday", "one hour later"),
        ("9-12 UTC, some stay on until 2", "some stay"),
        ("9h-12h UTC environ", "12h UTC environ"),
        ("9:00-11:00 EST, that is 16:00-18:00 in Berlin", "9:00-11:00 EST, that is 16:00-18:00"),
        ("9:00-17:00 UTC, the keynote is at noon", "noon"),
        ("9:00-11:00 EST / 15:00-17:00 CET", "9:00-11:00 EST / 15:00-17:00"),
    ],
)
def test_hours_that_may_be_of_something_else_are_put_before_a_person(said: str, other: str) -> None:
    assert any(f"It says '{other}' beside the hours" in each for each in event(f"10 March 2027, {said}").look)


def test_hours_of_two_halves_of_a_day_are_plain() -> None:
    read = event("10 March 2027, 9:00-12:00 UTC and 13:00-16:00 UTC with a lunch break")
    assert not [doubt for doubt in read.doubts if doubt.about == "active_hours"]

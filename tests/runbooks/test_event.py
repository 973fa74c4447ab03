"""What communities write about their events, in many ways, and how each is understood."""

from __future__ import annotations

import re
from datetime import date

import pytest
import real_input
from building import build_case
from yardstick import ENOUGH, yards

from deskbook.language import hours as eventhours
from deskbook.language.attendees import attendees_in, number_of
from deskbook.language.dates import days_in, spelled
from deskbook.language.hours import Window, hours_in
from deskbook.language.other_numbers import may_count_people
from deskbook.language.redaction import HIDDEN, redact
from deskbook.language.zones import zone_named
from deskbook.runbooks.workshop import plan as workshop
from deskbook.runbooks.workshop.event import Event
from deskbook.runbooks.workshop.sources import LONGEST
from deskbook.tickets.coverage import covers

ASKED = date(2026, 11, 23)  # a Monday

DAYS = [
    ("12-14 January 2027", "12-14 January 2027"),
    ("12 – 14 Jan 2027", "12-14 January 2027"),
    ("14.-16. January 2027", "14-16 January 2027"),
    ("Jan 30 - Feb 2", "30 January-2 February 2027"),
    ("30 Jan - 2 Feb 2027", "30 January-2 February 2027"),
    ("2027-01-12 to 2027-01-14", "12-14 January 2027"),
    ("2027-01-12 - 14", "12-14 January 2027"),
    ("2027/01/12 through 2027/01/14", "12-14 January 2027"),
    ("12 and 19 January 2027", "12 January 2027 and 19 January 2027"),
    ("January 12 and 19, 2027", "12 January 2027 and 19 January 2027"),
    ("10 February 2027 and 17 February 2027", "10 February 2027 and 17 February 2027"),
    ("first event 12-13 January, second event 2-3 March 2027", "12-13 January 2027 and 2-3 March 2027"),
    ("January 11th-13th and 18th-20th, 2027", "11-13 January 2027 and 18-20 January 2027"),
    ("12, 13 and 14 January 2027", "12-14 January 2027"),
    ("12/13 January 2027", "12-13 January 2027"),
    ("between 12 and 14 January 2027", "12-14 January 2027"),
    ("between January 12 and January 14, 2027", "12-14 January 2027"),
    ("from January 12th until the 14th", "12-14 January 2027"),
    ("January 12, 2027", "12 January 2027"),
    ("on the 12th of January, 2027", "12 January 2027"),
    ("12 January '27", "12 January 2027"),
    ("Jan 12, 9-17 ET", "12 January 2027"),
    ("January 5, 9am-5pm", "5 January 2027"),
    ("Begin: 2027-01-12\nEnd: 2027-01-14", "12-14 January 2027"),
    ("Start: 12/01/2027\nEnd: 14/01/2027", "12-14 January 2027"),
    ("01/02/2027 - 15/02/2027", "1-15 February 2027"),
    ("02/01/2027 - 02/15/2027", "1-15 February 2027"),
    ("Monday 01/02/2027", "1 February 2027"),
    ("1/12/2026", "1 December 2026"),
    ("12.01.2027 - 14.01.2027", "12-14 January 2027"),
    ("12.1.-14.1.2027", "12-14 January 2027"),
    ("Tue, Jan 12 - Thu, Jan 14, 2027", "12-14 January 2027"),
    ("Tuesday 12 to Thursday 14 January", "12-14 January 2027"),
    ("12 January (Tuesday)", "12 January 2027"),
    ("December 30 - January 2", "30 December 2026-2 January 2027"),
    ("28 December 2026 to 3 January 2027", "28 December 2026-3 January 2027"),
    ("the week of 11 January 2027", "11-15 January 2027"),
    ("on 16 December with 40 participants", "16 December 2026"),
    ("12-16 people on 5 May", "5 May 2027"),
    ("must be ready by 8 Jan; the workshop is 12-14 January 2027", "12-14 January 2027"),
    ("our event is on 12 January 2027. Please revert after 20 January 2027.", "12 January 2027"),
    ("on 14 January 2026 we had one; now 12 January 2027", "12 January 2027"),
    ("we may need 12 nodes and 40 people", ""),
    ("python 3.11.2 and 1.2.3", ""),
    ("Workshop in January", ""),
    ("31 February 2027", ""),
    ("Mon-Wed 11-13 January 2027", "11-13 January 2027"),
    ("Saturday/Sunday 6-7 March 2027", "6-7 March 2027"),
    ("week 49 (30.11.-4.12.)", "30 November-4 December 2026"),
    ("for the ESIP meeting on July 20-21, 2027", "20-21 July 2027"),
    ("ticket 4521 from 12/10/2025 was the same; we meet on 2027-03-09", "9 March 2027"),
    ("10.–12.02.2027", "10-12 February 2027"),
    ("10-12.02.2027", "10-12 February 2027"),
    ("10-Feb-2027 to 12-Feb-27", "10-12 February 2027"),
    ("Feb 10 9am to Feb 12 5pm", "10-12 February 2027"),
    ("from 10 February 2027, 9:00 CET to 12 February 2027, 17:00", "10-12 February 2027"),
    ("2027-02-10T09:00 to 2027-02-12T17:00", "10-12 February 2027"),
    ("10 Feb 9:00 - 17:00 and 11 Feb 9:00 - 13:00", "10-11 February 2027"),
    ("Jan 5 - 7th Feb", "5 January-7 February 2027"),
    ("moved from 8 February to 15 February 2027", "15 February 2027"),
    ("instead of 8 February, 15 February 2027", "15 February 2027"),
    ("originally planned for 8 February 2027, now on 15 February 2027", "15 February 2027"),
    ("the 8 February date no longer works, please move to 15 February", "15 February 2027"),
    ("I am on leave 20 December to 3 January. The workshop is 10 February.", "10 February 2027"),
    ("test on 3 Feb and 5 Feb, workshop 10-12 Feb", "10-12 February 2027"),
    ("Workshop at AGU Fall Meeting, December 14-18, 2026", "14-18 December 2026"),
    ("begins on 8 February and lasts until the 12th", "8-12 February 2027"),
    ("starts on Monday, 11 January 2027 and runs through Friday the 15th", "11-15 January 2027"),
    ("lab every Wednesday, first one April 21, last one June 9, 2027", "21 April-9 June 2027"),
    ("Feb 9 and 10 (Tue/Wed)", "9-10 February 2027"),
    ("15 March - 17", "15-17 March 2027"),
    ("the fifteenth of March", "15 March 2027"),
    ("Am 12.3. und 13.3.", "12-13 March 2027"),
    ("Mo 15.3. bis Mi 17.3.", "15-17 March 2027"),
    ("beginnt am 12. April und endet am 16. April 2027", "12-16 April 2027"),
    ("jeden Montag vom 15. März bis 26. April", "15 March-26 April 2027"),
    ("du 15/03 au 17/03/2027", "15-17 March 2027"),
    ("le premier mars", "1 March 2027"),
    ("todos los lunes del 15 de marzo al 26 de abril", "15 March-26 April 2027"),
    ("the weeks of 1 and 8 February 2027", "1-5 February 2027 and 8-12 February 2027"),
    ("we may 3 times ask for more", ""),
    ("I write today about a workshop in spring", ""),
]


@pytest.mark.parametrize(("text", "meant"), DAYS, ids=[text[:50] for text, _ in DAYS])
def test_days_are_understood(text: str, meant: str) -> None:
    found = days_in(text, ASKED)
    assert (spelled(found.spans), found.doubts) == (meant, ())


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("01/02/2027", "You wrote 01/02/2027: is that 1 Feb 2027 or 2 Jan 2027?"),
        (
            "Start: 01/02/2027\nEnd: 03/02/2027",
            "01/02/2027 to 03/02/2027: does it begin on 1 Feb 2027 or on 2 Jan 2027?",
        ),
        ("Monday 12 January 2027", "You wrote Monday for 12 Jan 2027, which is a Tuesday. Which day is right?"),
        ("14 March 2027 - 12 March 2027", "which is the first day, and which is the last?"),
        ("Mon-Wed 10-12 Feb 2027", "You wrote Monday for 10 Feb 2027, which is a Wednesday. Which day is right?"),
        ("next Monday", "You wrote 'next Monday': is it on Monday 30 November 2026?"),
        ("we spoke on Friday about a workshop in spring", "On which days is the event? You wrote 'on Friday'"),
        ("we meet tomorrow", "is it on Tuesday 24 November 2026?"),
        ("12-14 January 2026", "The only days that you name are past (12-14 January 2026). On which days"),
        ("20 November", "You wrote 20 November without a year. Is it in 2027?"),
        ("29 February", "You wrote 29 February without a year. Is it in 2028?"),
        ("8 February or 15 February 2027", "You wrote '8 February or 15 February 2027'. Which of them is it"),
        ("either 8-10 or 15-17 February 2027", "Which of them is it"),
        (
            "a 3-day workshop from 8 February 2027",
            "You wrote 8 February 2027, and '3-day workshop'. Which are the first and",
        ),
        ("starting Feb 8 for two weeks", "You wrote Feb 8, and 'for two weeks'. Which are the first and the last day?"),
        ("5th Jan. – 7th", "Which are the first and the last day?"),
        ("the weekend of 6 February 2027", "'weekend'. Which are the first and the last day?"),
        (
            "every second Monday from 1 February to 29 March 2027",
            "You wrote 'every second Monday'. On which days exactly?",
        ),
    ],
)
def test_what_has_two_readings_is_asked_about(text: str, question: str) -> None:
    assert question in days_in(text, ASKED).doubts[0]


@pytest.mark.parametrize(
    "text", ["Tue/Thu from Jan 12 2027 to Mar 18 2027", "every Monday from 1 February to 29 March 2027"]
)
def test_a_weekday_that_comes_again_from_a_first_to_a_last_such_day_is_plain(text: str) -> None:
    assert not days_in(text, ASKED).doubts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("12-14 January", "'12-14 January' names no year and was read as 2027, the next after the ticket"),
        ("1/12/2026", "was read as 1 Dec 2026: the other reading is past"),
        ("the week of 13 January 2027", "was read as Monday to Friday, 11-15 January 2027"),
    ],
)
def test_what_was_concluded_is_told(text: str, told: str) -> None:
    assert told in days_in(text, ASKED).told[0]


def test_a_day_by_which_something_is_wanted_is_no_day_of_the_event() -> None:
    found = days_in("Please change it by 12 January.", ASKED)
    assert found.spans == ()
    assert found.due is not None
    assert found.due.begin == date(2027, 1, 12)


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


COUNTS = [
    ("40-50 people", "40-50"),
    ("~60 participants", "about 60"),
    ("about 40 people", "about 40"),
    ("up to 30 students", "up to 30"),
    ("120+ attendees", "at least 120"),
    ("100+ concurrent users", "at least 100"),
    ("Attendees: TBD", "TBD"),
    ("Number of attendees: 40-50", "40-50"),
    ("Number of attendees: not known yet", "TBD"),
    ("attendees still to be counted", "TBD"),
    ("we do not know yet how many people", "TBD"),
    ("thirty people", "30"),
    ("a dozen participants", "12"),
    ("1,200 people", "1200"),
    ("between 40 and 50 people", "40-50"),
    ("14 January 2027 with 40 people", "40"),
    ("two instructors and 30 students", "30"),
    ("participants (expected): ~25", "about 25"),
    ("16 GB for 25 users", "25"),
    ("last year 40 people came; now we expect about 60 people", "about 60"),
    ("60 people this year, 40 people last year", "60"),
    ("Number of attendees - 60", "60"),
    ("40–45 ppl", "40-45"),
    ("Attendees: 40/50", "40-50"),
    ("2/3 students are new", ""),
    ("one hundred and twenty students", "120"),
    ("half a dozen people", "6"),
    ("1 200 personnes", ""),
    ("our hub has 45 users", ""),
    ("the room holds 40 people", ""),
    ("we had 32 participants in 2025", ""),
    ("some of the 60 members", ""),
    ("80 people signed up for the newsletter", ""),
    ("a workshop in January", ""),
]


@pytest.mark.parametrize(("text", "meant"), COUNTS, ids=[text for text, _ in COUNTS])
def test_how_many_come_is_understood(text: str, meant: str) -> None:
    assert attendees_in(text) == meant


OTHERS = [
    ("I first wrote 35 participants, that was wrong: it's 55.", "35", ["55"]),
    ("with more than 900 delegates; our training there is for 27 of them", "at least 900", ["27"]),
    ("6 staff and 40 ecologists", "6", ["40"]),
    ("last year we'd 45, this time 90 have signed up", "90", []),
    ("the room has space for 40 but 25 have registered", "25", []),
    ("18 students meet in room 212, each needs 8 GB and 12 CPUs", "18", []),
    ("40-50 people from 17 countries", "40-50", []),
    ("GEO 410, 29 people, from 9 to 17 UTC, 13:30-16:00, 20 January to 22 January 2027", "29", []),
    ("29 people. Tel. +44 555 010 2030, https://example.org/15/20", "29", []),
    ("20 people on February 29", "20", []),
]


@pytest.mark.parametrize(("text", "read", "others"), OTHERS, ids=[text for text, _, _ in OTHERS])
def test_a_number_that_may_count_people_beside_the_one_that_is_read_is_found(
    text: str, read: str, others: list[str]
) -> None:
    assert may_count_people(text, read) == others


def test_a_number_beside_one_that_is_not_known_yet_is_put_before_a_person() -> None:
    read = event("10 March 2027. Number of participants: unknown, the list has 40")
    assert "They do not know yet how many come, and name 40. Say attendees." in read.look


def test_the_first_of_a_month_is_read_in_french() -> None:
    assert spelled(event("les 1er et 2 juin 2027").spans) == "1-2 June 2027"


def test_such_a_number_is_put_before_a_person() -> None:
    assert "It names more than one number of people: 35, 55. Say attendees." in event(OTHERS[0][0]).look


@pytest.mark.parametrize(("text", "meant"), [("50", "50"), ("40-50", "40-50"), ("tbd", "TBD"), ("many", "")])
def test_a_number_alone_is_understood_where_one_is_asked_for(text: str, meant: str) -> None:
    assert number_of(text) == meant


def event(body: str, subject: str = "Workshop in January") -> Event:
    case = build_case({"ticket": {"subject": subject, "body": body, "type": "Workshop Request"}})
    return workshop.assess(case, workshop.Decision()).event


@pytest.mark.parametrize(
    ("subject", "body", "alone"),
    [
        ("Password", "Please change the shared password of the hub before 12 January.", True),
        ("Password for the workshop", "Please rotate the shared password before the workshop on 12 January.", True),
        ("Shared password", "Could you change it by 12 January?", True),
        ("Our hub", "The shared password must be changed before 12 January.", True),
        ("Workshop in January", "We run it on 12 January. Please change the shared password.", False),
        ("Password", "We hold a workshop on 12 January. Please change the shared password.", False),
        ("Password", "Please change the shared password, 40 people come on 12 January.", False),
    ],
)
def test_a_password_alone_is_told_from_an_event(subject: str, body: str, alone: bool) -> None:
    assert event(body, subject).password_only is alone


def test_each_fact_says_where_it_was_read() -> None:
    found = event("On 12-14 January 2027, 9am-5pm ET, 40 people.").facts
    assert found["begin"].where == "the ticket: '12-14 January 2027'"
    assert found["active_hours"].where == "the ticket: '9am-5pm'"
    assert found["hub_url"].where == "the only hub of Aurora Climate Lab"


@pytest.mark.parametrize(
    "text",
    [
        "Please change the shared password to Corals-1 before the workshop.",
        "The password is Corals-1.",
        "password: Corals-1",
        "New password = Corals-1",
        "Password (new): Corals-1",
        'set "Corals-1 reef" as the new password',
        "the password should be 'reef Corals-1' from Monday",
        "please use Corals-1 as the password",
        "Please set the password to the following: Corals-1",
        "change the workshop password for https://x.example.org to: Corals-1",
        "Password\nCorals-1",
        "the old password was Abc, the new password is Corals-1",
        "the new pw is Corals-1",
        "Password Corals-1",
        "password 'reef Corals-1' please",
        "The current password, Corals-1, must change",
        "Hub: coral (password Corals-1)",
        "credentials: guest / Corals-1",
        "Corals-1 is the new password",
        "Please set the shared password. It should be Corals-1",
        "Please change it to Corals-1. It is the shared password.",
        "We need a new password:\n\nCorals-1",
        "https://guest:Corals-1@coral.hubs.example.org",
    ],
)
def test_a_password_is_hidden(text: str) -> None:
    for secret in ("Corals-1", "Zq7!x"):
        shown = redact(text.replace("Corals-1", secret))
        assert secret not in shown
        assert HIDDEN in shown


@pytest.mark.parametrize("text", ["murmelturm", "the one we want: murmelturm", "Hello,\nZq7!x"])
def test_an_answer_to_words_on_a_password_is_hidden_too(text: str) -> None:
    shown = redact(text, "Please change the shared password")
    assert "murmelturm" not in shown
    assert "Zq7!x" not in shown
    assert redact(text) == text  # where nobody speaks of a password, nothing is hidden


@pytest.mark.parametrize(
    "text",
    [
        "Please reset the shared password before 12 January.", "Could you change the password to something new?", "No pass is needed.",
        "The shared password for coral.hubs.example.org must be changed by 2027-01-12, 9am-5pm (UTC+2), 40-50 people",
    ],
)  # fmt: skip
def test_what_is_no_password_stays(text: str) -> None:
    assert redact(text) == text


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


@pytest.mark.parametrize(
    "piece",
    ["12 January - ", "1-", "january 1 and ", "9:00-", "9 and ", "between ", "password to ", "password:", "use ", "40 big ", "mon ", " ", "UTC+", "attendees ", "is the new shared password ", "8 February or "],
)  # fmt: skip
def test_no_text_keeps_it_busy(piece: str) -> None:
    text = (piece * 20_000)[:LONGEST]
    readers = (lambda t: days_in(t, ASKED), hours_in, attendees_in, redact, lambda t: event(t))
    assert yards(lambda: [read(text) for read in readers]) < ENOUGH


@pytest.mark.real
def test_every_recorded_request_is_understood() -> None:
    if not real_input.DATA.is_dir():
        pytest.skip(real_input.ABSENT)
    found = real_input.events()
    assert len(found) == 18
    for row, plan, advice in found:
        read = advice.event
        assert plan.outcome == "waiting"
        assert (str(read.begin), str(read.end)) == (row["event_start"], row["event_end"])
        digits = [number for number in row["attendees"].replace("-", " ").split() if number.isdigit()]
        assert all(number in read.value("attendees") for number in digits)
        assert bool(read.windows) == (":" in row["active_hours"])
        said = re.match(r"(\d+) (?:calendar )?days? notice", row["note"])
        assert said is None or advice.notice == int(said[1])
    by_issue = {row["issue"]: (plan, advice) for row, plan, advice in found}
    assert by_issue["4144"][1].notice == 29  # from the ticket, though its issue came a day before the event
    assert len(by_issue["2092"][1].event.spans) == 2
    assert str(by_issue["6440"][1].event.ready) == "2025-08-08"
    assert str(by_issue["8493"][1].event.due) == "2026-06-15"
    assert any("say in the issue who speaks for it" in need for need in by_issue["3071"][0].needs_human)
    asked = {issue: len(advice.event.missing) for issue, (_, advice) in by_issue.items()}
    assert max(asked.values()) <= 3, asked  # with the one about taking the hub down


@pytest.mark.parametrize(
    ("said", "doubtful"),
    [
        ("From 10 March 2027 on, 20 people", "From 10 March 2027 on"),
        ("10 March 2027, unless the room is taken", "unless"),
        ("some day between 10 and 20 March 2027", "some day"),
        ("a two-day course, March 1 to 4, 2027", "two-day"),
        ("am 10. oder 11. März 2027", "10. oder 11. März"),
        ("10 March 2027 (not yet confirmed)", "not yet confirmed"),
        ("The course was planned for 10 March 2027 but has to move", "has to move"),
        ("Is 10 March 2027 free?", "Is 10 March 2027 free?"),
        ("Ideally 10 March 2027", "Ideally"),
        ("Der Kurs beginnt am 10. März 2027", "beginnt am 10. März"),
        ("The assembly is 8-12 March 2027, our course on the 10th", "on the 10th"),
    ],
)
def test_days_that_are_named_and_not_settled_are_asked_about(said: str, doubtful: str) -> None:
    read = event(said)
    assert f"You wrote '{doubtful}'. On which days exactly is the event, from the first to the last?" in read.missing


@pytest.mark.parametrize(
    "said",
    ["a four-day course, March 1 to 4, 2027", "March 1 to 4, 2027, we need it in two days", "From 10 to 12 March 2027"],
)
def test_days_that_are_settled_are_not_asked_about(said: str) -> None:
    assert not [doubt for doubt in event(said, "Our course").doubts if doubt.about == "days"]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("9:00-12:00 CET; office hours of the desk 14:00-18:00 CET", "office hours"),
        ("9:00-17:00 PST, registration 8:00-10:00 PST", "08:00-10:00 and 09:00-17:00"),
        ("first day 9-12 UTC, second day 13-16 UTC", "first day"),
        ("9-12 UTC, one hour later on Wednesday", "one hour later"),
        ("9-12 UTC, some stay on until 2", "some stay"),
        ("9h-12h UTC environ", "12h UTC environ"),
    ],
)
def test_hours_that_may_be_of_something_else_are_put_before_a_person(said: str, other: str) -> None:
    assert any(f"It says '{other}' beside the hours" in each for each in event(f"10 March 2027, {said}").look)


def test_hours_of_two_halves_of_a_day_are_plain() -> None:
    read = event("10 March 2027, 9:00-12:00 UTC and 13:00-16:00 UTC with a lunch break")
    assert not [doubt for doubt in read.doubts if doubt.about == "active_hours"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("9:00-11:00 EST, that is 16:00-18:00 in Berlin", "9:00-11:00 EST, that is 16:00-18:00"),
        ("9:00-17:00 UTC, the keynote is at noon", "noon"),
        ("9:00-11:00 EST / 15:00-17:00 CET", "9:00-11:00 EST / 15:00-17:00"),
    ],
)
def test_times_of_day_beside_the_hours_are_put_before_a_person(said: str, words: str) -> None:
    assert any(f"It says '{words}' beside the hours" in look for look in event(f"12 January 2027, {said}").look)


def test_an_address_that_is_none_of_our_hubs_is_asked_about() -> None:
    read = event("A new hub please, https://teal.hubs.example.net, for 12 January 2027.")
    assert "Which hub will you use: teal.hubs.example.net? Is it there already?" in read.missing


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("mindestens 15 Personen", "at least 15"),
        ("plus de 100 personnes", "at least 100"),
        ("hasta 40 personas", "up to 40"),
        ("20 bis 25 Personen", "20-25"),
        ("a hundred and five people", "105"),
        ("ten to twelve people", "10-12"),
        ("we are 14.", "14"),
        ("n=26", "26"),
    ],
)
def test_numbers_in_words_and_without_people_are_read(text: str, read: str) -> None:
    assert attendees_in(text) == read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9-11 February 2027, and 10-12 February 2027", "9-11 February 2027, and 10-12 February 2027"),
        (
            "Start 1 February 2025, end 3 February 2027",
            "1 February 2025 to 3 February 2027, which began before your mail",
        ),
        (
            "4 February 2027. Please have it ready by 10 February 2027.",
            "10 February 2027 for what is to be done before",
        ),
        ("3 October 2026 and 4 May 2027", "3 October 2026, which is past"),
        ("It ends on 3 February 2027", "'ends on' with 3 February 2027"),
    ],
)
def test_days_that_can_hardly_be_meant_are_asked_about(text: str, words: str) -> None:
    assert any(words in doubt for doubt in days_in(text, ASKED).doubts)


def test_a_form_and_the_words_beside_it_must_name_the_same_days() -> None:
    read = event("Begin: 2027-03-09\nEnd: 2027-03-10\n\nSee you from 16 to 17 March 2027!", "Our course")
    assert any("Which days is the event on?" in question for question in read.missing)

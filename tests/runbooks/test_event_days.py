"""The days of an event, written in many ways; those that could be others are asked about."""

from __future__ import annotations

from datetime import date

import pytest
from event_mail import ASKED, event

from deskbook.language.dates import days_in, spelled

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


def test_the_first_of_a_month_is_read_in_french() -> None:
    assert spelled(event("les 1er et 2 juin 2027").spans) == "1-2 June 2027"


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

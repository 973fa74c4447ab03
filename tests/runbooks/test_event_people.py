"""How many come to an event, in digits and in words; a number that may be another is put before a person."""

from __future__ import annotations

import pytest
from event_mail import event

from deskbook.language.attendees import attendees_in, number_of
from deskbook.language.other_numbers import may_count_people

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


def test_such_a_number_is_put_before_a_person() -> None:
    assert "It names more than one number of people: 35, 55. Say attendees." in event(OTHERS[0][0]).look


@pytest.mark.parametrize(("text", "meant"), [("50", "50"), ("40-50", "40-50"), ("tbd", "TBD"), ("many", "")])
def test_a_number_alone_is_understood_where_one_is_asked_for(text: str, meant: str) -> None:
    assert number_of(text) == meant


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

"""What stands beside the days, hours and people of an event: changes, number words, sums, and what is said of the hub."""

from __future__ import annotations

import pytest

from deskbook.language.asides import matter, of_the_event
from deskbook.language.attendee_doubts import in_groups, total_in
from deskbook.language.changed_days import as_it_is_now
from deskbook.language.number_words import in_digits


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("twenty-five people, a hundred and five seats", "25 people, 105 seats"),
        ("achtunddreißig Personen in zwei Dutzend Räumen", "38 Personen in 24 Räumen"),
        ("quatre-vingt-dix-sept élèves, une trentaine d'étudiants", "97 élèves, about 30 étudiants"),
        ("treinta y cinco alumnos, ciento veinte plazas, once personas", "35 alumnos, 120 plazas, 11 personas"),
        ("20-ish people, 1.200 Studierende", "about 20 people, 1200 Studierende"),
        (
            "all at once, ten per cent, the twenty-first of us, two students",
            "all at once, 10 per cent, the twenty-first of us, two students",
        ),
    ],
)
def test_numbers_are_read_in_four_languages(text: str, meant: str) -> None:
    assert in_digits(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("It was planned for 18-20 January but that clashes, so we now do 25-27 January instead.", "It 25-27 January."),
        ("The training planned for April 6-7 has been extended, so it's April 6-8 now.", "The training April 6-8."),
        ("Der Kurs vom 18. bis 20. Mai wurde auf den 8. bis 10. Juni verschoben.", "Der Kurs vom 8. bis 10. Juni."),
        ("Der Kurs am 14. Mai fällt aus, wir holen ihn am 11. Juni nach.", "Der Kurs am 11. Juni."),
        ("El curso del 5 al 7 de mayo se aplaza; lo haremos del 19 al 21 de mayo.", "El curso del 19 al 21 de mayo."),
        (
            "It is on 18 January, and now and then on 25 January.",
            "It is on 18 January, and now and then on 25 January.",
        ),
        ("The 18 January course may be moved to 25 January.", "The 18 January course may be moved to 25 January."),
    ],
)
def test_a_change_of_days_is_read_as_what_it_is_now(text: str, meant: str) -> None:
    assert as_it_is_now(text) == meant


@pytest.mark.parametrize(
    ("text", "parts", "total"),
    [
        ("60 here, 20 online, 80 altogether", ["60", "20", "80"], "80"),
        ("12 partners with 2 people each, so 24 people", ["12", "2", "24"], "24"),
        ("En total son 44 personas, 22 por turno", ["44", "22"], "44"),
        ("200 in total, 35 in the lab", ["200", "35"], ""),
        ("80 in total, 40 of them on the hub", ["80", "40"], ""),
        ("80 students", ["80"], ""),
    ],
)
def test_a_number_of_all_counts_where_the_others_make_it_up(text: str, parts: list[str], total: str) -> None:
    assert total_in(text, parts) == total


@pytest.mark.parametrize(
    "text", ["12 people registered so far", "Participants: 20?", "20 Personen, am Mittwoch nur die Hälfte"]
)
def test_a_number_that_is_not_the_whole_is_asked_about(text: str) -> None:
    assert in_groups(text)


def test_what_is_said_of_the_hub_alone_leaves_no_days_open() -> None:
    said = "The course is on 9 March, and we would need two packages. It depends on the room."
    assert of_the_event(said) == "The course is on 9 March, \nIt depends on the room.\n"
    assert of_the_event("On 9 March, if the hub is ready") == "On 9 March, if the hub is ready\n"


def test_the_hours_of_an_office_below_a_closing_are_no_hours_of_the_event() -> None:
    assert (
        matter("On 9 March 2027, 9-12 UTC.\n\nThank you,\nBettina\nM-Th 7:30-4:30 | 555-0188")
        == "On 9 March 2027, 9-12 UTC.\n"
    )
    assert "8 March" in matter("On 9 March 2027.\nThanks,\nBettina\nP.S. or 8 March")

"""What bears on the days of an event and is not of the days that were read."""

from __future__ import annotations

from datetime import date

import pytest

from deskbook.language.dates import days_in
from deskbook.language.unexplained_days import unexplained

ASKED = date(2026, 11, 23)  # a Monday


def left(text: str) -> str:
    spans = days_in(text, ASKED).spans
    assert spans
    return unexplained(text, spans, ASKED)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Thursday 18 February 2027, but Friday, too", "but"),
        ("18 February 2027. On Friday we are there, too.", "Friday"),
        ("April workshop\nSee you on 4 May 2027!", "April"),
        ("The 2028 edition: 4 May 2027", "2028"),
        ("We meet on 4 May 2027. The 27th is a holiday.", "The 27th"),
        ("El 10 de junio de 2027. El 17 hay fiesta.", "El 17"),
        ("4 May 2027. See you 5/6!", "5/6"),
        ("calendar week 6: 15-19 February 2027", "calendar week 6"),
        ("our weekend hackathon, 20-21 January 2027", "weekend"),
        ("Le stage dure toute la semaine, du 8 au 10 février 2027", "toute la semaine"),
        ("Begin: 2 March 2027\nEnd: TBD", "TBD"),
        ("tomorrow, 25 November 2026", "tomorrow"),
        ("next Monday, 7 December 2026", "next Monday"),
        ("next week, on 9 December 2026", "next week"),
        ("in two weeks, on 3 December 2026", "in two weeks"),
        ("Workshop on 9 February 2027 (?)", "9 February 2027 (?"),
        ("Date: 9 March 2027 / 10 March 2027", "9 March 2027 / 10 March 2027"),
        ("On 9 March 2027. That depends on the room.", "depends"),
        ("We propose 9 March 2027", "propose"),
        ("We come on 9 March 2027 if the ferry sails", "if"),
    ],
)
def test_what_the_days_do_not_explain_is_told(text: str, words: str) -> None:
    assert left(text).strip() in (words, f"End: {words}")


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday 9 March 2027. On Tuesday we begin at nine.",
        "Registration closes on Friday. The workshop is on 9 March 2027.",
        "In 2025 we were fewer. The workshop is on 9 March 2027, in March as always.",
        "calendar week 7: 15-19 February 2027",
        "our weekend hackathon, 23-24 January 2027",
        "tomorrow, 24 November 2026",
        "next Monday, 30 November 2026",
        "in two weeks, on 7 December 2026",
        "Could you prepare the hub for our workshop on 9 February 2027?",
        "If possible, have it ready before. The workshop is on 9 February 2027.",
        "Der Kurs findet am 9. Februar 2027 statt.",
        "Merci d'avance pour le cours du 9 février 2027",
        "The workshop was moved to 9 February 2027.",
        "On 9 February 2027 at https://conf.example.org/2028/03/04",
    ],
)
def test_what_the_days_explain_is_not(text: str) -> None:
    assert left(text) == ""

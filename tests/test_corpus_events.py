"""How well forms and events are read, on the half to build on and on the other; `tests/corpus/score_events.py` prints it."""

from __future__ import annotations

import pytest
from corpora import FRESH, HALVES
from corpus import score_events

MEASURED = ("events", *(f"events_{each}" for each in FRESH))  # files of the half that is measured


@pytest.mark.parametrize("half", HALVES)
def test_nine_answers_of_ten_are_found_and_nearly_nothing_is_read_as_one_that_is_none(half: str) -> None:
    found = score_events.forms(half)
    assert found.found >= 0.9 * found.questions, found
    assert found.invented <= 0.05 * found.questions, found


@pytest.mark.parametrize("half", HALVES)
def test_free_lines_of_a_form_stay(half: str) -> None:
    found = score_events.forms(half)
    assert found.kept >= 0.75 * found.lines, found


@pytest.mark.parametrize(("part", "most"), [("build", 0.0), ("measured", 0.02)])
def test_few_events_are_read_wrong_without_a_question(part: str, most: float) -> None:
    """The aim is two of a hundred: 5 of 357 in the second half, with the fresh and third ones, when this was written."""
    files = ["events"] if part == "build" else MEASURED
    found = [score_events.events("build" if part == "build" else "measure", name) for name in files]
    assert sum(each.wrong for each in found) <= most * sum(each.events for each in found), found


@pytest.mark.parametrize(("part", "least"), [("build", 0.6), ("measure", 0.3)])
def test_not_everything_is_asked(part: str, least: float) -> None:
    """Those that must be asked about are not counted. Of the fresh ones one in five is read with no question: no floor yet."""
    found = score_events.events(part)
    assert found.right >= least * found.plain, found

"""The rows by which events and machines' mails are read: each of them finds its example."""

from __future__ import annotations

import re

import pytest

from deskbook.language import (
    attendee_doubts,
    attendees,
    beside_people,
    changed_days,
    date_pieces,
    date_words,
    hours,
    machine_mail,
    other_numbers,
    people_words,
    unexplained_days,
    unsettled_days,
    zones,
)

ROWS = {
    "beside people": beside_people.ASIDES,
    "due": date_words.DUE_ROWS,
    "another matter": date_words.OTHER_ROWS,
    "another matter behind": date_words.OTHER_AFTER_ROWS,
    "longer": date_words.LONGER_ROWS,
    "comes again": date_words.RECURS_ROWS,
    "open days": date_words.OPEN_ROWS,
    "hours among numbers": other_numbers.TIMES,
    "things": other_numbers.THINGS,
    "machines, polite": machine_mail.POLITE,
    "machines, asking": machine_mail.ASKS,
    "machines, trouble": machine_mail.TROUBLE,
    "other hours": hours.ELSE_ROWS,
    "breaks": hours.BREAKS,
    "unsettled": unsettled_days.ROWS,
    "zones": zones.WAYS,
    "begin and end": hours.ENDS,
    "halves of a day": hours.HALVES,
    "people": people_words.SAID,
    "sizes": attendees.SIZES,
    "groups": attendee_doubts.GROUPS,
    "unsure": attendee_doubts.UNSURE,
    "more people": attendee_doubts.MORE,
    "all people": attendee_doubts.TOTALS,
    "pieces": date_pieces.PIECES,
    "changes": changed_days.ROWS,
    "parts of a month": unexplained_days.PARTS,
    "days alone": unexplained_days.ORDINALS,
    "whole weeks": unexplained_days.WHOLE_WEEKS,
    "relative": unexplained_days.RELATIVE,
    "over night": unexplained_days.OVER_NIGHT,
    "of hours": unexplained_days.OF_HOURS,
}


@pytest.mark.parametrize("table", ROWS)
def test_each_row_finds_its_example(table: str) -> None:
    lost = [name for name, example, pattern in ROWS[table] if not re.search(pattern, example, re.IGNORECASE)]
    assert not lost


@pytest.mark.parametrize(("name", "example", "stems"), unexplained_days.STEMS)
def test_each_list_of_stems_finds_its_example(name: str, example: str, stems: str) -> None:
    assert example.startswith(tuple(stems.split())), name

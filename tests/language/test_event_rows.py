"""The rows by which events are read: each of them finds its example."""

from __future__ import annotations

import re

import pytest

from deskbook.language import beside_people, date_words, hours, unsettled_days, zones

ROWS = {
    "beside people": beside_people.ASIDES,
    "due": date_words.DUE_ROWS,
    "another matter": date_words.OTHER_ROWS,
    "other hours": hours.ELSE_ROWS,
    "breaks": hours.BREAKS,
    "unsettled": unsettled_days.ROWS,
    "zones": zones.WAYS,
}


@pytest.mark.parametrize("table", ROWS)
def test_each_row_finds_its_example(table: str) -> None:
    lost = [name for name, example, pattern in ROWS[table] if not re.search(pattern, example, re.IGNORECASE)]
    assert not lost

"""Which days a report is about."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from backlogs import COAST
from building import ORGANIZATION
from months import OCTOBER, at, listed

from deskbook.errors import ParameterError
from deskbook.runbooks.report import plan as report


@pytest.mark.parametrize(
    ("start", "end", "meant"),
    [
        ("", "", OCTOBER),
        (None, "", OCTOBER),
        ("2026-11-01", "", (date(2026, 11, 1), date(2026, 11, 30))),
        ("", "2026-09-15", (date(2026, 9, 1), date(2026, 9, 15))),
        ("2026-02-03", "2026-04-01", (date(2026, 2, 3), date(2026, 4, 1))),
        (date(2026, 2, 3), date(2026, 2, 3), (date(2026, 2, 3), date(2026, 2, 3))),
    ],
)
def test_an_empty_day_takes_the_last_whole_month_or_the_others_month(start: Any, end: Any, meant: Any) -> None:
    assert report.period(ORGANIZATION, at("2026-11-23T17:55:00Z"), start, end) == meant


def test_without_a_day_the_newest_month_that_has_anything_is_taken_where_the_last_whole_one_has_nothing() -> None:
    def day(*created: str) -> date | None:
        tickets = [listed(number, each) for number, each in enumerate(created, 1)]
        return report.newest(tickets, ORGANIZATION, *OCTOBER)

    assert day("05 10:00", "2026-11-20T10:00:00Z") is None
    assert day("2026-09-29T10:00:00Z", "2026-11-03T10:00:00Z", "2026-11-20T10:00:00Z") == date(2026, 11, 1)
    assert day("2026-09-29T10:00:00Z") == date(2026, 9, 1)
    assert day() is None
    there = listed(1, "31 18:00", group=COAST.support.group, type=None)
    assert report.newest([there], COAST, *OCTOBER) == date(2026, 11, 1)  # in Auckland


def test_the_last_month_is_that_of_the_reference_zone() -> None:
    """On 31 October at 18:00 in UTC it is November in Auckland already."""
    now = at("31 18:00")
    assert report.period(COAST, now, "", "") == OCTOBER
    assert report.period(ORGANIZATION, now, "", "")[0] == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("October", "", "start: 'October' is not a day"),
        ("2026-10-32", "", "start: '2026-10-32' is not a day"),
        (20261001, "", "start: '20261001' is not a day"),
        ("2026-10-02", "2026-10-01", "end: 2026-10-01 is before"),
        ("2026-12-01", "", "start: 2026-12-01 has not come yet"),
        ("2020-01-01", "2026-10-01", "more than three years"),
        ("9999-12-01", "", "start: 9999-12-01 is beyond the calendar"),
        ("", "0001-01-31", "end: 0001-01-31 is beyond the calendar"),
        (date(1, 1, 1), "", "start: 0001-01-01 is beyond the calendar"),
    ],
)
def test_days_that_are_none_are_refused(start: Any, end: Any, says: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(says)):
        report.period(ORGANIZATION, at("2026-11-23T17:55:00Z"), start, end)

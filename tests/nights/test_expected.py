"""Which runs were expected and did not come: told once, forgiving a clock that is off, and silent about what never ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.config.organization import NightRules, ScheduledRun
from deskbook.schedule.expected import EARLY, missed, times

HOURLY = NightRules(late_minutes=30, runs=(ScheduledRun(run="triage ticket_id=101 --apply", at="0 * * * *"),))


@dataclass(frozen=True)
class Run:
    began: datetime
    ended: datetime | None
    runbook: str = "triage"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{text}+00:00")


def done(text: str) -> Run:
    return Run(at(text), at(text) + timedelta(seconds=20))


def told(now: str, *runs: Run) -> list[str]:
    return [str(each) for each in missed(HOURLY, runs, at(now))]


def test_what_never_ran_is_not_missed() -> None:
    assert told("09:50") == []
    assert told("09:50", Run(at("01:00"), at("01:01"), runbook="report")) == []


def test_one_that_did_not_come_is_named_once_it_is_late() -> None:
    assert told("03:29", done("02:00")) == []
    said = "triage did not run at Tue 24 Nov 2026 03:00 UTC; it last began Tue 24 Nov 2026 02:00 UTC"
    assert told("03:30", done("02:00")) == [said]


def test_several_are_counted() -> None:
    assert "nor 2 more times since" in told("05:30", done("02:00"))[0]


def test_the_run_that_notices_is_none_of_those_that_it_tells_of() -> None:
    said = told("05:00", done("02:00"), Run(at("05:00"), None))
    assert len(said) == 1
    assert "03:00 UTC, nor 1 more times" in said[0]
    assert "05:00" not in said[0].partition(";")[0]


def test_once_a_run_has_ended_nothing_is_told_again() -> None:
    assert told("05:10", done("02:00"), done("05:00")) == []


@pytest.mark.parametrize("begun", ["02:50:01", "03:00", "03:09:59"])
def test_a_clock_that_is_ten_minutes_off_misses_nothing(begun: str) -> None:
    assert told("03:50", done("02:00"), done(begun)) == []


def test_a_run_that_died_was_no_missed_one() -> None:
    assert told("03:50", done("02:00"), Run(at("03:00"), None)) == []


def test_who_was_away_for_years_is_told_quickly() -> None:
    (each,) = missed(HOURLY, [done("02:00")], datetime(2046, 1, 1, tzinfo=UTC))
    assert each.times == 1000


@given(st.lists(st.integers(0, 23), min_size=1, unique=True), st.integers(-9, 29))
def test_a_run_for_every_hour_misses_none_and_without_one_that_hour_is_missed(hours: list[int], off: int) -> None:
    first = at("00:00") - timedelta(days=1)
    runs = [Run(first, first)] + [Run(m, None) for m in (first + timedelta(hours=h, minutes=off) for h in range(1, 48))]
    gone = set(hours)
    left = [run for run in runs if not (run.began >= at("00:00") - EARLY and _slot(run.began, off) in gone)]
    found = missed(HOURLY, left, at("23:59"))
    assert (found[0].times if found else 0) == len([hour for hour in gone if hour * 60 + 30 <= 23 * 60 + 59])


def _slot(moment: datetime, off: int) -> int:
    return (moment - timedelta(minutes=off)).hour if moment - timedelta(minutes=off) >= at("00:00") else -1


def test_times_are_in_utc_whatever_zone_asks() -> None:
    asked = datetime.fromisoformat("2026-03-29T01:30:00+01:00")  # the night in which Berlin skips an hour
    assert [f"{each:%H:%M %Z}" for each, _ in zip(times("30 * * * *", asked), range(3), strict=False)] == [
        "01:30 UTC",
        "02:30 UTC",
        "03:30 UTC",
    ]

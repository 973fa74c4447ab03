"""The coverage radar: who is at work before a deadline, by hours, zones, days off and time off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from building import ORGANIZATION, PROCESS
from test_queue import items_of, moment

from deskbook.config.organization import ClockRules, Organization
from deskbook.tickets.coverage import at_work, awake, next_at_work
from deskbook.tickets.radar import radar, unwatched

PEOPLE = ORGANIZATION.people
UTC = ClockRules(zone="UTC")


def names(found: Any) -> list[str]:
    return [person.name for person, _ in found]


def watched(said: dict[str, Any], organization: Organization = ORGANIZATION) -> Any:
    return radar(items_of(said), PROCESS, organization, moment(said["now"]))


def with_clock(**rules: Any) -> Organization:
    return Organization.model_validate({**ORGANIZATION.model_dump(), "clock": {"zone": "UTC", **rules}})


def test_everybody_counts_by_their_own_hours_and_zone_the_longest_first() -> None:
    found = awake(PEOPLE, UTC, moment("2026-11-24T00:00:00Z"), moment("2026-11-24T08:00:00Z"))
    assert [(person.first_name, there) for person, there in found] == [
        ("Mei", timedelta(hours=8)),  # 09:00-17:00 in Tokyo
        ("Priya", timedelta(hours=4, minutes=30)),  # from 09:00 in Kolkata
        ("Elif", timedelta(hours=2)),
        ("Jonas", timedelta(hours=1)),
        ("Noor", timedelta(hours=1)),
    ]


@pytest.mark.parametrize(
    ("now", "at_work_now"),
    [
        ("2026-11-23T00:00:00Z", ["Mei Tanaka"]),  # in Los Angeles it is Sunday still
        ("2026-11-22T23:59:59Z", []),
        ("2026-11-24T07:59:59Z", ["Mei Tanaka"]),
        ("2026-11-24T08:00:00Z", []),
    ],
)
def test_a_shift_begins_with_its_first_moment_and_is_over_at_its_end(now: str, at_work_now: list[str]) -> None:
    tokyo_and_los_angeles = [p for p in PEOPLE if p.first_name in ("Mei", "Sam")]
    assert [person.name for person in at_work(tokyo_and_los_angeles, UTC, moment(now))] == at_work_now


def test_on_days_off_and_in_the_time_off_nobody_is_expected() -> None:
    begin, end = moment("2026-12-24T00:00:00Z"), moment("2026-12-24T23:00:00Z")
    assert names(awake(PEOPLE, UTC, begin, end))
    assert not awake(PEOPLE, with_clock(days_off=["2026-12-24"]).clock, begin, end)
    assert not awake(PEOPLE, with_clock(time_off=[{"first": "12-18", "last": "01-03"}]).clock, begin, end)
    half = awake(PEOPLE, with_clock(days_off=["2026-12-24"]).clock, begin, moment("2026-12-25T04:30:00Z"))
    assert names(half) == ["Mei Tanaka", "Priya Raman"]  # their Friday has begun


def test_who_is_next_is_found_after_a_weekend_and_after_time_off() -> None:
    def following(now: str, rules: ClockRules) -> tuple[str, datetime]:
        found = next_at_work(PEOPLE, rules, moment(now))
        assert found
        return found[0].name, found[1]

    assert following("2026-11-21T10:02:03Z", UTC) == ("Mei Tanaka", moment("2026-11-23T00:00:00Z"))
    rules = with_clock(time_off=[{"first": "12-18", "last": "01-03"}]).clock
    assert following("2026-12-20T10:00:00Z", rules) == ("Mei Tanaka", moment("2027-01-04T00:00:00Z"))
    assert next_at_work((), UTC, moment("2026-11-21T10:00:00Z")) is None


DUE = {"now": "2026-11-27T23:30:00Z", "tickets": [{"id": 1, "created": "2026-11-26T23:50:00Z"}]}  # on a Friday


def test_a_deadline_that_nobody_is_at_work_before_is_named() -> None:
    (watch,) = watched(DUE)
    assert (watch.due, watch.people) == (moment("2026-11-27T23:50:00Z"), ())
    assert watch.sentence() == "nobody is at work before it is due"
    assert unwatched([watch]) == (watch,)


def test_a_deadline_on_monday_has_somebody_in_tokyo_and_the_triager_is_not() -> None:
    said = {"now": "2026-11-28T10:00:00Z", "tickets": [{"id": 1, "created": "2026-11-27T02:00:00Z"}]}
    (watch,) = watched(said)
    assert watch.due == moment("2026-11-30T02:00:00Z")
    assert watch.sentence() == "Mei Tanaka 2 h; Priya Raman is not"
    assert unwatched([watch]) == ()


@pytest.mark.parametrize(("now", "seen"), [("2026-11-27T17:00:00Z", 1), ("2026-11-27T16:59:59Z", 0)])
def test_the_radar_looks_three_days_ahead(now: str, seen: int) -> None:
    said = {"now": now, "tickets": [{"id": 1, "created": "2026-11-27T17:00:00Z"}]}  # due on Monday 17:00
    assert len(watched(said)) == seen


def test_what_is_late_already_or_waits_for_others_is_no_deadline_ahead() -> None:
    late = {"id": 1, "created": "2026-11-20T10:00:00Z"}
    waits = {"id": 2, "tags": ["waiting-approval"], "answered": "2026-11-26T10:00:00Z"}
    assert watched({"now": "2026-11-26T23:30:00Z", "tickets": [late, waits]}) == ()


def test_the_manager_is_at_work_for_what_engineers_could_do_too() -> None:
    """Los Angeles alone: engineers and whoever looks after the step count, nobody else does."""
    people = [
        person
        for person in ORGANIZATION.model_dump()["people"]
        if person["zone"] in ("America/Los_Angeles", "Asia/Kolkata")
    ]
    organization = Organization.model_validate({**ORGANIZATION.model_dump(), "people": people})
    said = {"now": "2026-11-24T17:00:00Z", "tickets": [{"id": 1, "created": "2026-11-23T22:00:00Z"}]}
    (watch,) = watched(said, organization)
    assert watch.people == ()

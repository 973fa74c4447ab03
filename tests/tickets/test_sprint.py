"""The sprint of an issue: where it begins, where it ends, and what an exception or a reopening does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from building import ORGANIZATION, build_case

from deskbook.config.organization import Organization
from deskbook.runbooks.timebox import plan as timebox
from deskbook.runbooks.timebox.decision import decide as decide_timebox
from deskbook.tickets import sprint as sprints
from deskbook.tickets.sprint import Sprint

TOKYO = {"clock": {**ORGANIZATION.model_dump()["clock"], "zone": "Asia/Tokyo"}}
ISSUE: dict[str, Any] = {"refs": ["101-1-timebox.track"], "assignees": ["grace-holloway"]}


def sprint(
    assigned: str = "", board: str = "", *, now: str = "2026-11-23T17:55:00+00:00", **said: Any
) -> Sprint | None:
    """The sprint of an issue assigned then, with this iteration on the board."""
    issue = {**ISSUE, **said.pop("issue", {}), "assigned": assigned, "board": {"Iteration": board} if board else None}
    case = build_case({"issues": [issue], "now": now, **said})
    return sprints.of(case, case.issues[0])


def given(assigned: str = "", board: str = "", organization: Organization = ORGANIZATION) -> int | None:
    case = build_case({"issues": [{**ISSUE, "assigned": assigned, "board": {"Iteration": board}}]})
    return sprints.given_in(case.issues[0], organization)


def record(statement: str, *, by: str = "Grace Holloway") -> dict[str, Any]:
    body = f"<p>{statement}</p><p>Ref 101-1-resolve.work#record</p>"
    return {"by": by, "private": True, "body": body}


def reopened(at: str) -> dict[str, Any]:
    return {"by": "Priya Raman", "private": True, "at": at, "body": "<p>Again.</p><p>Ref 101-1-resolve.reopen</p>"}


@pytest.mark.parametrize(
    ("assigned", "board", "number"),
    [
        ("", "", None),
        ("", "Iteration 55", 55),
        ("2026-11-12T10:00:00+00:00", "", 55),
        ("2026-10-29T10:00:00+00:00", "Iteration 55", 55),
        ("2026-11-12T10:00:00+00:00", "Iteration 54", 55),
        ("2026-11-12T10:00:00+00:00", "Sprint 57 ", 57),
        ("2026-11-12T10:00:00+00:00", "Backlog", 55),
        ("", "Backlog", None),
        ("", "Iteration 55 (last one)", None),
        ("2024-10-16T00:00:00+00:00", "", 1),
        ("2024-10-15T23:59:59+00:00", "", None),  # before there were sprints
        ("2024-10-15T23:59:59+00:00", "Iteration 55", 55),
    ],
)
def test_the_later_of_board_and_assignment_counts(assigned: str, board: str, number: int | None) -> None:
    assert given(assigned, board) == number


@pytest.mark.parametrize(
    ("assigned", "number"),
    [
        ("2026-11-10T23:59:59+00:00", 54),
        ("2026-11-11T00:00:00+00:00", 55),
        ("2026-11-11T00:30:00+02:00", 54),  # in UTC it is still the day before
        ("2026-11-10T22:00:00-04:00", 55),  # in UTC it is the next day already
        ("2027-01-05T23:59:59+00:00", 58),
        ("2027-01-06T00:00:00+00:00", 59),
    ],
)
def test_an_iteration_begins_at_midnight_of_the_reference_clock(assigned: str, number: int) -> None:
    assert given(assigned) == number


def test_the_reference_clock_of_another_organisation_has_another_midnight() -> None:
    tokyo = ORGANIZATION.model_validate({**ORGANIZATION.model_dump(), **TOKYO})
    assert given("2026-11-10T14:59:59+00:00", organization=tokyo) == 54
    assert given("2026-11-10T15:00:00+00:00", organization=tokyo) == 55


def test_an_issue_without_an_engineer_has_no_sprint() -> None:
    assert sprint("2026-11-12T10:00:00+00:00", "Iteration 55", issue={"assignees": []}) is None


def test_an_engineer_without_a_date_or_a_place_on_the_board_has_no_sprint() -> None:
    assert sprint() is None


def test_a_sprint_is_one_iteration_long() -> None:
    found = sprint("2026-11-12T10:00:00+00:00")
    assert found == Sprint(55, 55, 55, 55, date(2026, 11, 24), "grace-holloway in iteration 55")
    assert (found.over, found.ahead, found.words) == (False, False, "iteration 55")


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-11-24T23:59:59+00:00", False),
        ("2026-11-25T00:00:00+00:00", True),
        ("2026-11-25T08:59:59+09:00", False),
        ("2026-11-24T19:00:00-05:00", True),
    ],
)
def test_a_sprint_is_over_on_the_day_after_its_last(now: str, over: bool) -> None:
    found = sprint("2026-11-12T10:00:00+00:00", now=now)
    assert found is not None
    assert found.over is over


def test_a_sprint_ends_by_the_organisations_own_clock() -> None:
    found = sprint("2026-11-12T10:00:00+00:00", now="2026-11-24T15:00:00+00:00", organization=TOKYO)
    assert found is not None
    assert found.over


def test_a_sprint_over_the_end_of_the_year_ends_in_january() -> None:
    found = sprint("2026-12-23T10:00:00+00:00", now="2027-01-05T10:00:00+00:00")
    assert found is not None
    assert (found.first, found.now, found.ends) == (58, 58, date(2027, 1, 5))


def test_a_sprint_that_is_planned_lies_ahead() -> None:
    found = sprint("2026-11-12T10:00:00+00:00", "Iteration 57")
    assert found is not None
    assert (found.ahead, found.over) == (True, False)


def test_an_exception_makes_it_longer() -> None:
    found = sprint(
        "2026-10-29T10:00:00+00:00", entries=[record("Sprint exception: until iteration 56, approved by sam")]
    )
    assert found is not None
    assert (found.first, found.last, found.over, found.ends) == (54, 56, False, date(2026, 12, 8))
    assert found.words == "iteration 54 to 56"


def test_the_latest_exception_counts() -> None:
    entries = [record(f"Sprint exception: until iteration {n}, approved by sam") for n in (58, 55)]
    found = sprint("2026-10-29T10:00:00+00:00", entries=entries)
    assert found is not None
    assert found.last == 55


@pytest.mark.parametrize(
    "entry",
    [
        record("Sprint exception: until iteration 56, approved by me", by="requester"),
        record("Sprint exception: as long as it takes"),
        record("Sprint exception: until iteration 12, approved by sam"),  # before it began
    ],
)
def test_what_is_no_exception_gives_no_time(entry: dict[str, Any]) -> None:
    found = sprint("2026-10-29T10:00:00+00:00", entries=[entry])
    assert found is not None
    assert (found.last, found.over) == (54, True)


def test_a_sprint_before_the_reopening_is_none_of_this_cycle() -> None:
    assert sprint("2026-10-29T10:00:00+00:00", entries=[reopened("2026-11-11T00:00:00+00:00")]) is None


def test_a_sprint_in_which_it_was_reopened_goes_on() -> None:
    found = sprint("2026-10-29T10:00:00+00:00", entries=[reopened("2026-11-10T23:59:59+00:00")])
    assert found is not None
    assert found.first == 54


def test_the_exception_of_an_earlier_cycle_gives_no_time() -> None:
    entries = [
        record("Sprint exception: until iteration 58, approved by sam"),
        reopened("2026-11-05T10:00:00+00:00"),
    ]
    found = sprint("2026-10-29T10:00:00+00:00", entries=entries)
    assert found is not None
    assert found.last == 54


def test_planning_is_on_the_first_day_of_the_next_iteration() -> None:
    assert sprints.planning(build_case({})) == date(2026, 11, 25)
    assert sprints.planning(build_case({"now": "2026-11-25T00:00:00+00:00"})) == date(2026, 12, 9)
    assert sprints.planning(build_case({"now": "2026-12-31T10:00:00+00:00"})) == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("board", "stated", "impact"),
    [
        ("", "", ""),
        ("High", "", "High"),
        ("Medium", "Critical", "Critical"),
        ("Critical", "Low", "Critical"),
        ("Enormous", "", ""),
    ],
)
def test_the_highest_impact_on_record_counts(board: str, stated: str, impact: str) -> None:
    entries = [record(f"Impact confirmed: {stated}")] if stated else []
    case = build_case({"issues": [{**ISSUE, "board": {"Impact": board}}], "entries": entries})
    assert sprints.impact_of(case, case.issues[0]) == impact
    assert sprints.impact_of(case, case.issues[0], alone=True) == (board if board != "Enormous" else "")


def test_before_its_first_sprint_an_organisation_tells_when_that_begins() -> None:
    first = date(2027, 1, 4)
    young = ORGANIZATION.model_copy(update={"sprint": ORGANIZATION.sprint.model_copy(update={"first": first})})
    case = replace(build_case({"ticket": {"type": "Something is not working"}}), organization=young)
    plan = timebox.plan(case, decide_timebox(case, outcome="unsolved"))
    assert "next planning 04 January" in " ".join(action.sentence() for action in plan.actions)

"""The promises of a report: small worlds whose figures are worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from building import ORGANIZATION, PROCESS, plan_files, read
from months import ACKNOWLEDGED, EVALUATED, NEXT, at, facts, late, listed, told

from deskbook.runbooks.report import metrics as figures
from deskbook.runbooks.report import plan as report

FILES = plan_files("report")
CASE = {"tickets", "late", "expect"}
EXPECTED = {"because", "needs_human", "kept"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_plan(path: Path) -> None:
    said = read(path)
    expect = said["expect"]
    assert not set(said) - CASE, f"a file here has {CASE}"
    assert not set(expect) - EXPECTED, f"a file may expect {EXPECTED}"
    tickets = [listed(each.pop("id"), each.pop("created"), **each) for each in said["tickets"]]
    late_ones = [late(listed(number, "05 10:00").ticket) for number in said.get("late", ())]
    found = facts(tickets, late=tuple(late_ones))
    made = report.plan(found)
    assert [(finding.step, finding.outcome) for finding in made.steps_taken] == [("report.read", "reported")]
    assert made.actions == ()
    assert expect["because"] in made.steps_taken[0].because
    assert list(made.needs_human) == expect.get("needs_human", [])
    for clock, count in expect.get("kept", {}).items():
        assert told(found, PROCESS.clocks[clock].name) == (count, 0, 0, 0)
    assert report.plan(found).digest == made.digest


@pytest.mark.parametrize(
    ("created", "answered", "verdict"),
    [
        ("05 10:00", "06 10:00", "kept"),  # Monday to Tuesday: 24 hours to the minute
        ("05 10:00", "06 10:01", "missed"),
        ("02 18:00", "05 18:00", "kept"),  # Friday evening to Monday evening: the weekend stood still
        ("02 18:00", "05 18:01", "missed"),
        ("03 12:00", "06 00:00", "kept"),  # on a Saturday: it ticks from Monday 00:00
    ],
)
def test_an_answer_is_in_time_by_the_working_clock(created: str, answered: str, verdict: str) -> None:
    found = facts([listed(1, created, first_answer=answered)])
    assert told(found, ACKNOWLEDGED) == (verdict == "kept", verdict == "missed", 0, 0)


def test_a_day_off_makes_nobody_late() -> None:
    clock = ORGANIZATION.clock.model_copy(update={"days_off": (date(2026, 10, 6),)})
    off = ORGANIZATION.model_copy(update={"clock": clock})
    tickets = [listed(1, "05 10:00", first_answer="07 09:00")]
    assert told(facts(tickets, off), ACKNOWLEDGED) == (1, 0, 0, 0)
    assert told(facts(tickets), ACKNOWLEDGED) == (0, 1, 0, 0)


def test_over_the_expected_time_off_a_change_waits_and_what_is_broken_does_not() -> None:
    times = {"first_answer": "2027-01-04T09:00:00Z", "answered": "2027-01-04T09:00:00Z"}
    change = listed(1, "2026-12-18T09:00:00Z", type="Change Request", **times)
    broken = listed(2, "2026-12-18T09:00:00Z", **times)
    found = replace(
        facts([change, broken], now=at("2027-02-01T00:00:00Z")), start=date(2026, 12, 1), end=date(2026, 12, 31)
    )
    assert told(found, ACKNOWLEDGED) == (1, 1, 0, 0)


def test_what_is_unanswered_is_missed_when_due_and_before_that_it_only_runs() -> None:
    tickets = [listed(1, "05 10:00"), listed(2, "06 12:00")]
    assert told(facts(tickets, now=at("06 18:00")), ACKNOWLEDGED) == (0, 1, 1, 0)


def test_a_reopened_ticket_counts_once_more_on_the_clock_of_its_own_cycle() -> None:
    """Created on the 5th and answered late; reopened on Friday the 16th at 18:00 and answered on Monday at noon."""
    again = listed(
        1,
        "05 10:00",
        first_answer="08 10:00",
        reopened="16 18:00",
        answered="19 12:00",
        resolved="20 18:00",
        status="Resolved",
    )
    found = facts([again])
    assert [cycle.began for cycle in found.cycles] == [at("05 10:00"), at("16 18:00")]
    assert told(found, ACKNOWLEDGED) == (1, 1, 0, 0)
    assert found.reopened == 1
    # Resolved 6 hours of Friday, all of Monday and 18 hours of Tuesday after the reopening.
    assert found.resolving == [timedelta(hours=48)]


def test_a_cycle_belongs_to_the_period_in_which_it_began() -> None:
    early = listed(
        1, "2026-09-28T10:00:00Z", first_answer="2026-09-28T12:00:00Z", reopened="12 09:00", answered="12 10:00"
    )
    found = facts([early])
    assert told(found, ACKNOWLEDGED) == (1, 0, 0, 0)  # the first cycle is September's
    later = replace(found, start=date(2026, 9, 1), end=date(2026, 9, 30))
    assert (told(later, ACKNOWLEDGED), later.reopened) == ((1, 0, 0, 0), 0)


def test_a_late_latest_answer_of_a_reopened_ticket_is_not_told_rather_than_missed() -> None:
    tickets = [listed(1, "05 10:00", first_answer="05 11:00", reopened="12 10:00", answered="15 10:00")]
    assert told(facts(tickets), ACKNOWLEDGED) == (1, 0, 0, 1)


def test_thanks_that_reopened_a_ticket_are_no_cycle() -> None:
    times = {"first_answer": "05 11:00", "reopened": "12 10:00", "resolved": "12 10:05"}
    found = facts([listed(1, "05 10:00", status="Closed", **times)])
    assert (len(found.cycles), found.reopened) == (1, 0)
    # It was resolved before the thanks came, nobody knows when: the day on which it was closed says nothing of that.
    assert found.resolving == []
    assert sum(went for _, went in found.weeks.values()) == 0
    assert (told(found, ACKNOWLEDGED), told(found, NEXT)) == ((1, 0, 0, 0), (0, 0, 0, 1))


def test_noise_other_groups_spam_and_what_waits_for_approval_do_not_count() -> None:
    tickets = [
        listed(1, "05 10:00", status="Closed", type=None, resolved="05 10:01"),
        listed(2, "05 10:00", group="billing"),
        listed(3, "05 10:00", spam=True),
        listed(4, "05 10:00", tags=("waiting-approval",)),
        listed(5, "05 10:00", type=None),
    ]
    assert [cycle.ticket.id for cycle in facts(tickets).cycles] == [5]


def test_evaluated_means_answered_in_time_with_an_agent_and_a_type() -> None:
    answer = {"first_answer": "05 11:00"}
    tickets = [listed(1, "05 10:00", **answer), listed(2, "05 10:00", type=None, **answer)]
    tickets += [listed(3, "05 10:00", agent=None, **answer), listed(4, "05 10:00", first_answer="09 10:00")]
    assert told(facts(tickets), EVALUATED) == (1, 3, 0, 0)
    assert told(facts(tickets, now=at("05 12:00")), EVALUATED)[:3] == (1, 1, 2)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"first_answer": "05 11:00", "answered": "06 09:00"}, "kept"),
        ({"first_answer": "05 11:00", "pending": "06 10:00", "status": "Pending"}, "kept"),
        ({"first_answer": "05 11:00", "resolved": "05 12:00", "status": "Resolved"}, "kept"),
        ({"first_answer": "05 11:00"}, "missed"),
        ({"first_answer": "05 11:00", "pending": "06 10:01", "status": "Pending"}, "missed"),
        ({"first_answer": "05 11:00", "answered": "20 09:00"}, "untold"),
        ({"first_answer": "05 11:00", "reopened": "20 09:00"}, "untold"),
    ],
)
def test_a_next_action_is_a_second_answer_pending_or_resolved(said: dict[str, str], verdict: str) -> None:
    found = facts([listed(1, "05 10:00", **said)])
    first = next(cycle for cycle in found.cycles if not cycle.latest_only)
    (_, _, promise) = figures.promises([first], PROCESS, ORGANIZATION, found.now)
    assert [name for name in ("kept", "missed", "running", "untold") if getattr(promise, name)] == [verdict]

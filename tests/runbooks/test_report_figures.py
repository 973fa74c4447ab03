"""The other figures of a report: timeboxes, budgets, medians, weeks, satisfaction, incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from backlogs import COAST
from months import ACKNOWLEDGED, NEXT, TIMEBOX, at, facts, listed, spent, told

from deskbook.model.records import Page, Rating
from deskbook.runbooks.report import metrics as figures
from deskbook.runbooks.report import view as reportpage


def test_an_incident_owes_no_next_action() -> None:
    found = facts([listed(1, "05 10:00", type="Incident", first_answer="05 10:30")])
    assert (told(found, NEXT), told(found, ACKNOWLEDGED)) == ((0, 0, 0, 0), (1, 0, 0, 0))


def test_a_timebox_is_kept_by_ticket_and_cycle_over_pauses_and_months() -> None:
    box = "Ref 1-{}-timebox.work"
    entries = [
        spent(1, 20, box.format(1), "2026-09-30T23:00:00Z"),  # began in September, and is October's
        spent(2, 10, box.format(1)),
        spent(3, 30, box.format(2)),
        spent(4, 1, box.format(2)),
        spent(5, 90, "a call"),
        spent(6, 90, "Ref 7-1-timebox.work"),  # names another ticket
        spent(7, 99, box.format(3), "2026-09-20T23:00:00Z"),  # all September's
    ]
    assert told(facts([], spent=tuple(entries)), TIMEBOX) == (1, 1, 0, 2)


def test_a_timebox_that_was_stopped_some_seconds_after_its_end_is_kept() -> None:
    one = spent(1, 30, "Ref 1-1-timebox.work")
    late = replace(one, entry=replace(one.entry, seconds=30 * 60 + 9))
    assert told(facts([], spent=(late,)), TIMEBOX)[:2] == (1, 0)


def test_a_budget_has_each_calendar_month_and_only_the_time_of_the_period() -> None:
    entries = (spent(1, 60, ""), spent(2, 30, "", billable=False), spent(3, 600, "", "2026-09-30T23:59:59Z"))
    found = facts([], spent=entries)
    (row,) = found.budgets.rows
    assert (row.hours, row.seconds, row.free) == (4, 3600, 1800)
    (row,) = replace(found, start=date(2026, 9, 15)).budgets.rows
    assert (row.hours, row.seconds) == (8, 11 * 3600)


def test_the_time_to_resolve_is_the_median_and_is_drawn_by_its_length() -> None:
    ends = {"1": "05 22:00", "2": "07 10:00", "3": "19 10:00"}
    tickets = [
        listed(int(n), "05 10:00", first_answer="05 11:00", resolved=end, status="Closed") for n, end in ends.items()
    ]
    found = facts(tickets)
    assert found.resolving == [timedelta(hours=12), timedelta(hours=48), timedelta(hours=240)]
    assert figures.middle(found.resolving) == timedelta(hours=48)
    assert list(figures.lengths(found.resolving).values()) == [1, 1, 0, 1, 0]
    assert figures.middle([]) is None


def test_weeks_begin_on_monday_in_the_reference_zone() -> None:
    """Sunday 11 October 23:30 in UTC is Monday the 12th in Auckland."""
    sunday = [listed(1, "11 23:30", first_answer="12 01:00", resolved="13 10:00", status="Closed", group="support")]
    monday = date(2026, 10, 12)
    assert facts(sunday).weeks[monday] == (0, 1)
    there = [replace(each, ticket=replace(each.ticket, group="Hilfe", type="Fehler")) for each in sunday]
    assert facts(there, COAST).weeks[monday] == (1, 1)


def test_satisfaction_reads_both_scales_and_says_where_there_is_none() -> None:
    values = (103, 101, 100, -102, 1, 2, 3)
    ratings = tuple(Rating(1, value, at("05 10:00")) for value in values)
    assert figures.opinions(ratings) == (3, 2, 2)
    assert "no surveys" in str(reportpage.View(facts([], ratings=None))._repr_mimebundle_()["text/plain"])


def test_incidents_are_counted_by_their_type_and_the_pager_tells_what_is_open() -> None:
    tickets = [
        listed(1, "05 10:00", type="Incident", status="Resolved"),
        listed(2, "06 10:00", type="Incident"),
        listed(3, "2026-09-06T10:00:00Z", type="Incident"),
    ]
    found = facts(tickets, pages=(Page("P1", "x", "triggered", "", ""),))
    assert [each.ticket.id for each in found.incidents] == [1, 2]
    row = [
        line for line in reportpage.View(found)._repr_mimebundle_()["text/plain"].splitlines() if "of the type" in line
    ]
    assert row[0].split()[:3] == ["2", "1", "1"]

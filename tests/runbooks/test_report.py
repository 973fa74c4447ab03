"""The report: small worlds whose figures are worked out by hand, and what it makes of a busy year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from building import ORGANIZATION, PROCESS, plan_files, read
from test_prioritize import COAST, book
from test_road import advance, get, post, run, writes_in
from test_runbooks import papermill, receipt, state

from deskbook.assembly import connect
from deskbook.config.organization import Organization
from deskbook.config.settings import Settings
from deskbook.errors import ParameterError
from deskbook.model.records import Community, LoggedTime, Page, Rating, Ticket, TicketSummary, TimeEntry
from deskbook.runbooks.report import metrics as figures
from deskbook.runbooks.report import plan as report
from deskbook.runbooks.report import view as reportpage
from deskbook.runbooks.report.plan import Facts
from deskbook.services.ports import Desk
from deskbook.tickets.next_step import Item
from deskbook.ui import charts as plots
from deskbook_sandbox import generate, server
from deskbook_sandbox.server import Running

# October 2026: the 1st is a Thursday, the 3rd and 4th are a weekend.
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def at(text: str) -> datetime:
    """`05 10:00` in October, or a whole moment."""
    return datetime.fromisoformat(f"2026-10-{text}:00Z" if len(text) == 8 else text)


def listed(number: int, created: str, **said: Any) -> TicketSummary:
    times = {
        k: at(said.pop(k)) for k in list(said) if k in ("first_answer", "answered", "reopened", "resolved", "pending")
    }
    if "first_answer" in times:
        times.setdefault("answered", times["first_answer"])
    known: dict[str, Any] = {
        "status": "Open", "source": "Email", "type": "Something is not working", "requester": 1, "agent": 900,
        "community": 10, "group": "support", "tags": (), "hub_url": None, "url": "", **said,
    }  # fmt: skip
    return TicketSummary(Ticket(id=number, subject="", body="", created=at(created), **known), **times)


def facts(tickets: Sequence[TicketSummary], organization: Organization = ORGANIZATION, **said: Any) -> Facts:
    known = {"now": at("2026-11-23T17:55:00Z"), "communities": (Community(10, "Aurora", budget_hours=4),), **said}
    return Facts(PROCESS, organization, start=OCTOBER[0], end=OCTOBER[1], tickets=tuple(tickets), **known)


FILES = plan_files("report")
CASE = {"tickets", "late", "expect"}
EXPECTED = {"because", "needs_human", "kept"}


def late(ticket: Ticket) -> Item:
    step = PROCESS.step("triage.watch")
    return Item(ticket, step.id, step.runbook, step.title, step.role, "", (), "", "", late=True)


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


def told(found: Facts, name: str) -> tuple[int, int, int, int]:
    promise = next(promise for promise in found.promises if promise.name == name)
    return promise.kept, promise.missed, promise.running, promise.untold


ACKNOWLEDGED, EVALUATED, NEXT, TIMEBOX = (
    PROCESS.clocks[name].name for name in ("acknowledge", "evaluate", "next-action", "timebox")
)


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


def test_an_incident_owes_no_next_action() -> None:
    found = facts([listed(1, "05 10:00", type="Incident", first_answer="05 10:30")])
    assert (told(found, NEXT), told(found, ACKNOWLEDGED)) == ((0, 0, 0, 0), (1, 0, 0, 0))


def spent(number: int, minutes: int, note: str, moment: str = "12 10:00", *, billable: bool = True) -> LoggedTime:
    entry = TimeEntry(number, 1, 900, minutes * 60, False, at(moment), note, billable)
    return LoggedTime(entry, at(moment), 10)


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


# Parameters.


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


# On the sandbox.


def test_a_ticket_that_came_back_shows_in_the_report(running: Running, desk: Desk) -> None:
    """102 came on Sunday, is answered and resolved on Monday; on Saturday it comes back, and is answered on Monday evening."""
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    run(desk, "triage", 102)
    run(desk, "timebox", 102, minutes=25, outcome="solved", findings="There is a choice of 32 GB now.")
    run(desk, "resolve", 102, outcome="fixed", message="There is a choice of 32 GB now.")
    requests.post(
        f"{url}/api/v2/tickets/102/satisfaction_ratings",
        json={"ratings": {"default_question": 103}},
        auth=("sandbox", "X"),
        timeout=5,
    ).raise_for_status()
    book(url, 101, 45, "2026-11-24T09:00:00Z")
    advance(url, days=5)
    writes_in(url, desk, 102, "Sorry, it still fails with the same error.")
    advance(url, days=2, hours=1)
    run(desk, "resolve", 102)
    run(desk, "triage", 102)
    found = report.read(desk, "2026-11-01")
    mine = [cycle for cycle in found.cycles if cycle.ticket.id == 102]
    assert [cycle.latest_only for cycle in mine] == [False, True]
    acknowledged, *_ = figures.promises(mine, PROCESS, ORGANIZATION, found.now)
    assert (acknowledged.kept, acknowledged.missed, acknowledged.running) == (2, 0, 0)
    assert found.reopened == 1
    assert told(found, TIMEBOX) == (1, 0, 0, 1)
    assert figures.opinions(found.ratings or ()) == (1, 0, 0)
    rows = {row.community.name: row.seconds for row in found.budgets.rows if row.seconds}
    assert rows == {"Aurora Climate Lab": 45 * 60, "Borealis University": 25 * 60}
    assert [item.ticket.id for item in found.late]


def test_the_report_writes_nothing_and_gives_a_receipt_all_the_same(running: Running, tmp_path: Any) -> None:
    before = state(running.url)
    ran = papermill("report.ipynb", tmp_path, running.url, "start=2026-11-01", "end=2026-11-23", "apply=true")
    assert ran.returncode == 0, ran.stderr
    done = receipt(tmp_path)
    assert (done["runbook"], done["subject"]) == ("report", "2026-11-01 to 2026-11-23")
    assert (done["actions"], done["outcome"], done["next"], done["applied"]) == ([], "reported", None, True)
    assert state(running.url) == before


def test_without_a_day_the_sandbox_reports_on_its_only_month(running: Running, desk: Desk) -> None:
    found = report.read(desk)
    assert (found.start, found.end) == (date(2026, 11, 1), date(2026, 11, 30))
    assert report.read(desk, "2026-10-01").end == date(2026, 10, 31)


def test_a_wrong_day_ends_the_run_with_its_reason(running: Running, tmp_path: Any) -> None:
    ran = papermill("report.ipynb", tmp_path, running.url, "start=soon")
    assert ran.returncode == 1
    assert "start: 'soon' is not a day" in ran.stderr


def test_a_plan_without_surveys_and_time_entries_is_reported_on_without_them() -> None:
    with server.start(ORGANIZATION, plan="growth") as poor:
        found = report.read(connect(Settings(sandbox_url=poor.url)), "2026-11-01")
    shown = reportpage.View(found)._repr_mimebundle_()["text/plain"]
    assert "no surveys" in shown
    assert "keeps no time entries" in shown
    assert [promise.name for promise in found.promises] == [ACKNOWLEDGED, EVALUATED, NEXT]


def test_what_is_late_is_named_to_a_person(desk: Desk, running: Running) -> None:
    advance(running.url, days=4)
    plan = report.plan(report.read(desk))
    assert plan.needs_human[0].startswith(f"{len(plan.case.late)} tickets are late now")
    assert plan.digest == report.plan(plan.case).digest


def test_a_reply_that_nobody_read_is_not_forgotten_though_it_is_never_late(desk: Desk, running: Running) -> None:
    """106 to 108 wait for a representative's word, which came; 131 is resolved, and nobody has answered."""
    advance(running.url, days=30)
    found = report.read(desk)
    assert {106, 107, 108} <= {item.ticket.id for item in found.unread}
    assert 131 not in {item.ticket.id for item in (*found.unread, *found.late)}
    lines = reportpage.View(found)._repr_mimebundle_()["text/plain"].splitlines()
    (row,) = (line for line in lines if line.startswith("106 "))
    assert "Somebody wrote on Mon 23 Nov 2026 13:55 UTC" in row
    assert lines.index(row) < lines.index("Promises")


def test_a_whole_year_is_reported_on_from_lists_alone() -> None:
    """3000 tickets of a year, a month of them reported on: a call for each hundred, none for a ticket by itself."""
    with server.start(ORGANIZATION, plan="addon-2000") as busy:
        generate.generate(busy.store, 3_000)
        desk = connect(Settings(sandbox_url=busy.url))
        before = get(busy.url, "/sandbox/state")["requests"]
        found = report.read(desk, "2025-12-01", "2026-11-23")
        reportpage.View(found)._repr_mimebundle_()
        after = get(busy.url, "/sandbox/state")["requests"]
    calls = {path: n - before.get(path, 0) for path, n in after.items() if n > before.get(path, 0)}
    assert not [path for path in calls if path.rpartition("/")[2].isdecimal()], calls
    assert len(found.tickets) > 2_500
    assert sum(calls.values()) < 90, calls


# Charts.


def test_a_chart_says_its_numbers_in_words_and_takes_the_pages_colour() -> None:
    rows = [plots.Bar("<Aurora>", ((3, "full"), (1, "striped")), "3 of 4"), plots.Bar("None", (), "0 of 0")]
    drawn = plots.bars("x", "Kept & missed", rows, {"full": "kept"})
    assert '<desc id="x-desc">&lt;Aurora&gt;: 3 of 4; None: 0 of 0</desc>' in drawn
    assert "Kept &amp; missed" in drawn
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b(?!-)", drawn.replace("url(#x-stripes)", ""))
    widths = [
        float(width) for width in re.findall(rf'width="([\d.]+)" height="{plots.BAR}"', drawn)
    ]  # after the legend
    assert widths[-2] == pytest.approx(3 * widths[-1], abs=0.3)
    assert plots.SIZE * 328 / plots.WIDTH > 9  # pixels, on a telephone 360 pixels wide


def test_no_word_of_a_chart_leaves_the_picture_or_meets_another() -> None:
    """Of a busy month: two-figure counts, a budget in hours and minutes, a community with a long name."""
    tickets = [
        listed(n, f"{n % 28 + 1:02d} 10:00", first_answer="28 11:00", resolved="30 10:00", status="Closed")
        for n in range(200)
    ]
    long = (Community(10, "The Aurora Climate Laboratory of the North", budget_hours=34.6),)
    found = facts(tickets, communities=long, spent=(spent(1, 9_999, ""),))
    drawn = reportpage.View(found)._repr_mimebundle_()["text/html"]
    rows: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for number, chart in enumerate(re.findall(r"<svg.*?</svg>", drawn)):
        for x, y, more, words in re.findall(r'<text x="(\d+)" y="(\d+)"([^>]*)>([^<]*)<', chart):
            wide = plots.LETTER * len(words)
            begin = float(x) - wide if 'text-anchor="end"' in more else float(x)
            rows.setdefault((number, y), []).append((begin, begin + wide))
    assert len(rows) > 15
    for places in rows.values():
        edges = [0.0, *(edge for place in sorted(places) for edge in place), float(plots.WIDTH)]
        assert edges == sorted(edges)


def test_the_text_of_a_report_has_every_number_of_its_charts() -> None:
    found = facts([listed(1, "05 10:00", first_answer="05 11:00")], spent=(spent(1, 300, ""),))
    bundle = reportpage.View(found)._repr_mimebundle_()
    assert bundle["text/html"].count("<svg") == 4
    assert "<svg" not in bundle["text/plain"]
    for words in ("5 h", "Aurora", "Week of", "up to 1 day"):
        assert words in bundle["text/plain"]

"""Prioritizing on the sandbox: time booked late, leads asked once a sprint, the form, the notebook, a busy year."""

from __future__ import annotations

from pathlib import Path

from backlogs import book, comments, helpdesk
from building import ORGANIZATION
from roads import advance, run, world
from talking import get, post
from test_runbooks import papermill, receipt

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize.decision import decide as decide_prioritize
from deskbook.runbooks.prioritize.form import form as prioritize_form
from deskbook.runbooks.report import plan as report
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.github.records import add_comment
from deskbook_sandbox.server import Running


def test_time_booked_late_on_an_incident_of_last_month_is_free(running: Running, desk: Desk) -> None:
    """The incident was closed in November, and its hours are booked in December: that does not touch the ticket."""
    desk.helpdesk.update(127, {"type": "Incident", "status": "Closed"})
    advance(running.url, days=14)
    book(running.url, 127, 240, "2026-12-02T09:00:00Z")
    whose = next(t["company_id"] for t in get(running.url, "/sandbox/state")["tickets"] if t["id"] == 127)
    for found in (prioritize.read(desk), report.read(desk, "2026-12-01")):
        budget = found.budgets.of(whose)
        assert budget is not None
        assert (budget.seconds, budget.free) == (0, 240 * 60)


def test_a_month_begins_in_the_reference_zone_and_time_on_closed_tickets_counts(running: Running, desk: Desk) -> None:
    book(running.url, 102, 200, "2026-10-31T23:59:59Z")  # Borealis in October: not this month
    book(running.url, 101, 30, "2026-11-01T00:00:00Z")
    book(running.url, 101, 31, "2026-11-23T17:00:00Z", billable=False)
    book(running.url, 131, 45, "2026-11-18T09:00:00Z")
    helpdesk(running.url, "/tickets/131", {"status": 5}, "PUT")
    rows = {row.community.name: row for row in prioritize.read(desk).budgets.rows}
    aurora, delta = rows["Aurora Climate Lab"], rows["Delta Hydrology Network"]
    assert (aurora.seconds, aurora.free, aurora.hours) == (30 * 60, 31 * 60, 4)
    assert (delta.seconds, delta.hours) == (45 * 60, 2)
    assert rows["Borealis University"].seconds == 0
    assert (rows["Ember Wildfire Group"].hours, rows["Ember Wildfire Group"].own) == (3, False)


def test_the_leads_are_asked_once_however_often_it_runs_and_in_every_later_sprint(running: Running, desk: Desk) -> None:
    run(desk, "triage", 102)
    run(
        desk,
        "timebox",
        102,
        minutes=25,
        outcome="unsolved",
        findings="Nothing larger there",
        request_type="Feature Request",
    )
    before = world(running.url)
    plan = prioritize.plan(prioritize.read(desk))
    assert len(plan.actions) == 2  # the one of the timebox, and one that was there
    plan.run(desk)
    assert world(running.url) == before
    first = plan.run(desk, approve=plan.digest)
    assert {line.state for line in first.actions} == {"done"}
    assert sum(f"Ref {prioritize.REFERENCE}" in body for body in comments(running.url)) == 2
    after = world(running.url)
    again = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert {line.state for line in again.actions} == {"already done"}
    assert plan.run(desk, approve=plan.digest).failure == ""
    assert world(running.url) == after
    advance(running.url, days=14)
    later = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert {line.state for line in later.actions} == {"already done"}


def test_a_lost_answer_leads_to_no_second_question(running: Running, desk: Desk) -> None:
    post(
        running.url, "/sandbox/faults", [{"method": "POST", "path": "/github/*/comments", "drop": "after", "times": 1}]
    )
    done = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert [line.state for line in done.actions] == ["done"]
    assert "found on looking again" in done.actions[0].reason
    assert sum(f"Ref {prioritize.REFERENCE}" in body for body in comments(running.url)) == 1


def test_somebody_elses_copy_of_our_reference_is_not_taken_for_a_question(running: Running, desk: Desk) -> None:
    add_comment(running.store, "passer-by", 1, f"<!-- Ref {prioritize.REFERENCE} -->")
    assert prioritize.read(desk).marks == {1: ()}
    add_comment(running.store, "priya-raman", 1, f"<!-- Ref {prioritize.REFERENCE} -->")
    assert prioritize.read(desk).marks == {1: (prioritize.REFERENCE,)}


def test_a_new_change_request_moves_a_plan_that_was_seen(running: Running, desk: Desk) -> None:
    plan = prioritize.plan(prioritize.read(desk))
    desk.tracker.open("[Support] More", "### Request type\n\nFeature Request", ["support"])
    refused = plan.run(desk, apply=True)
    assert refused.outcome == "refused"
    assert not [body for body in comments(running.url) if prioritize.REFERENCE in body]


def test_the_form_shows_the_plan_and_applies_it(running: Running, desk: Desk) -> None:
    form = prioritize_form(desk, found := prioritize.read(desk), decide_prioritize(found))
    form._bar.children[0].click()
    assert sum(prioritize.REFERENCE in body for body in comments(running.url)) == 1
    assert form.plan.actions[0].landed(form.case)


def test_the_notebook_runs_for_a_named_sprint_and_refuses_one_that_is_over(running: Running, tmp_path: Path) -> None:
    ran = papermill("prioritize.ipynb", tmp_path, running.url, "iteration=57", "apply=true")
    assert ran.returncode == 0, ran.stderr
    assert receipt(tmp_path)["subject"] == "iteration 57"
    assert [line["state"] for line in receipt(tmp_path)["actions"]] == ["done"]
    ran = papermill("prioritize.ipynb", tmp_path, running.url, "iteration=12")
    assert ran.returncode == 1
    assert "12 is over" in ran.stderr


def test_a_plan_without_time_entries_ranks_all_the_same() -> None:
    with server.start(ORGANIZATION, plan="growth") as poor:
        found = prioritize.read(connect(Settings(sandbox_url=poor.url)))
    assert found.spent is None
    assert [one.rule for one in prioritize.assess(found)] == [7]

"""The report on the sandbox, and what it makes of a busy year."""

from __future__ import annotations

from datetime import date
from typing import Any

import requests
from backlogs import book
from building import ORGANIZATION, PROCESS
from months import ACKNOWLEDGED, EVALUATED, NEXT, TIMEBOX, told
from roads import advance, run, writes_in
from talking import post
from test_runbooks import papermill, receipt, state

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.runbooks.report import metrics as figures
from deskbook.runbooks.report import plan as report
from deskbook.runbooks.report import view as reportpage
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.server import Running


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

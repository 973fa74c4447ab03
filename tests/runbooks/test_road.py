"""The road of a ticket on the sandbox, over HTTP, with the clock advanced as in life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from roads import advance, mails, planned, references, run, world, writes_in
from talking import get, post

from deskbook.language.text import lines
from deskbook.runbooks.escalate import plan as escalate
from deskbook.runbooks.escalate.decision import decide as decide_escalate
from deskbook.services.ports import Desk
from deskbook.ui import blocks as ui
from deskbook.ui import views
from deskbook_sandbox.server import Running


def test_one_ticket_goes_from_arrival_to_closed_with_a_reopening_between(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})  # a ticket's weeks pass in seconds here
    assert run(desk, "triage", 102).next == "timebox"
    assert run(desk, "timebox", 102).outcome == "working"
    advance(url, minutes=21)
    assert "21 of 30 minutes used" in run(desk, "timebox", 102).needs_human[0]
    advance(url, minutes=9)
    unsolved = run(desk, "timebox", 102, findings="The pool has no larger machines.", impact="Medium")
    assert (unsolved.outcome, unsolved.next) == ("told", "resolve")  # the thirty minutes are used
    case = desk.case(102)
    issue = case.issues[0]
    assert (case.ticket.status, issue.state) == ("Pending", "open")
    assert issue.board is not None
    assert (issue.board["Type"], issue.board["Impact"]) == ("support", "Medium")
    assert "The pool has no larger machines." in issue.body
    assert sum(entry.seconds for entry in case.time_entries or ()) == 30 * 60

    assert "Do not work on issue" in run(desk, "resolve", 102).needs_human[0]
    desk.tracker.assign(issue.number, "grace-holloway")
    desk.tracker.set_board(issue.number, {"Iteration": "Iteration 56"})
    assert run(desk, "resolve", 102).outcome == "running"
    advance(url, days=5)
    run(desk, "resolve", 102, outcome="fixed", message="There is a choice of 32 GB now.")
    assert desk.case(102).ticket.status == "Resolved"
    assert len(mails(url, "survey")) == 1

    advance(url, days=1)
    writes_in(url, desk, 102, "Sorry, it still fails with the same error.")
    assert desk.case(102).ticket.status == "Open"  # the helpdesk reopens it by itself
    reopened = run(desk, "resolve", 102)
    assert (reopened.outcome, reopened.next, desk.case(102).cycle) == ("reopened", "triage", 2)
    assert desk.case(102).ticket.agent == case.ticket.agent
    run(desk, "triage", 102)
    again = run(desk, "timebox", 102, minutes=10, outcome="unsolved", findings="A quota was missing.")
    assert "Comment on issue" in " ".join(line.sentence for line in again.actions)
    assert [found["number"] for found in get(url, "/sandbox/state")["issues"]] == [1, 2, 3, issue.number]
    run(desk, "resolve", 102, outcome="fixed", message="The quota is raised.")
    advance(url, hours=3)
    writes_in(url, desk, 102, "Thanks, works now!")
    assert run(desk, "resolve", 102).outcome == "closed"
    assert desk.case(102).ticket.status == "Closed"

    after = world(url)
    assert {line.state for line in run(desk, "resolve", 102).actions} == {"already done"}
    assert world(url) == after
    assert references(desk, 102) == [
        "1 triage.categorise#record",  # begun as the claim, so it stands before what it tells of
        "1 triage.acknowledge",
        "1 timebox.tell#record",
        "1 timebox.work#sheet",
        "1 timebox.link",
        "1 timebox.tell",
        "1 resolve.confirm#record",
        "1 resolve.confirm",
        "1 resolve.reopen",
        "2 triage.categorise#record",
        "2 triage.acknowledge",
        "2 timebox.tell#record",
        "2 timebox.work#sheet",
        "2 timebox.tell",
        "2 resolve.confirm#record",
        "2 resolve.confirm",
        "2 resolve.close#record",
    ]
    assert len(mails(url)) == 6
    reply = next(e for e in desk.case(102).entries if e.incoming)
    note = next(ref for ref in desk.case(102).references() if ref.key == "resolve.reopen")
    assert f"reply {reply.id}" in lines(note.entry.body)[0]


def test_a_ticket_shows_a_promise_that_was_kept_and_begins_a_new_one_with_the_reply_that_reopens_it(
    desk: Desk, running: Running
) -> None:
    def shown(name: str) -> str:
        return next((line for line in ui.text(views.case(desk.case(131))).splitlines() if line.startswith(name)), "")

    assert "First answer     Tue 17 Nov 2026 16:55 UTC, in time. Started Tue 17 Nov 2026 15:55" in shown("First answer")
    assert not shown("Due ")
    writes_in(running.url, desk, 131, "Sorry, the storage class is still the same, it does not work.")
    advance(running.url, hours=25)
    assert run(desk, "resolve", 131).outcome == "reopened"
    assert not shown("First answer")
    assert "Started Mon 23 Nov 2026 17:55 UTC" in shown("Due ")  # not when we read the reply
    assert shown("Due ").endswith("Late by 1 h.")
    run(desk, "triage", 131)
    assert "Tue 24 Nov 2026 18:55 UTC, late by 1 h. Started Mon 23 Nov 2026 17:55 UTC" in shown("First answer")


@pytest.mark.parametrize(("kind", "due"), [("Change Request", "Mon 4 Jan 2027"), ("Incident", "Fri 18 Dec 2026")])
def test_a_ticket_shows_that_a_change_waits_over_the_time_off(desk: Desk, kind: str, due: str) -> None:
    case = desk.case(102)
    came = replace(case.ticket, type=kind, created=datetime(2026, 12, 17, 12, tzinfo=UTC))
    shown = ui.text(views.case(replace(case, ticket=came)))
    assert f"Due {due} 12:00 UTC" in shown


def test_a_sprint_that_ends_too_soon_is_told_and_the_issue_stays_open(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    run(desk, "triage", 102)
    run(desk, "timebox", 102, minutes=30, outcome="unsolved")
    number = desk.case(102).issues[0].number
    desk.tracker.assign(number, "grace-holloway")
    desk.tracker.set_board(number, {"Iteration": "Iteration 56"})
    advance(url, days=16)  # iteration 57
    assert run(desk, "resolve", 102).outcome == "over"
    excepted = run(desk, "resolve", 102, exception_until=57)
    assert excepted.outcome == "excepted"
    assert run(desk, "resolve", 102).outcome == "running"
    advance(url, days=14)
    run(desk, "resolve", 102, outcome="not-fixed", message="Half of it works.")
    case = desk.case(102)
    assert (case.ticket.status, case.issues[0].state) == ("Resolved", "open")
    assert "Half of it works." in mails(url)[-1]


def test_a_critical_is_pinged_taken_and_linked_once(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    post(url, "/sandbox/clock", {"now": "2026-11-23T15:00:00Z"})
    run(desk, "triage", 103, agent="Tomás", impact="Critical")
    critical = run(desk, "timebox", 103, minutes=5, outcome="unsolved", findings="The disk is mounted read-only.")
    assert (critical.outcome, critical.next) == ("critical", "escalate")
    assert desk.case(103).ticket.status == "Pending"
    taken = run(desk, "escalate", 103)
    assert (taken.outcome, taken.next) == ("taken", "resolve")
    after = world(url)
    assert {line.state for line in run(desk, "escalate", 103).actions} == {"already done"}
    assert world(url) == after
    assert desk.case(103).issues[0].assignees == ("tomas-ferreira",)
    assert sum("Critical" in message["text"] for message in after["chat"]) == 1


def test_without_capacity_the_manager_is_pinged_once(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/switches", {"limits": False})
    run(desk, "triage", 103, impact="Critical")
    run(desk, "timebox", 103, minutes=5, outcome="unsolved")
    for _ in range(2):
        assert run(desk, "escalate", 103, capacity="I am on a train").outcome == "handed"
    texts = [message["text"] for message in get(running.url, "/sandbox/state")["chat"]]
    assert sum("Sam Whitaker" in text and "I am on a train" in text for text in texts) == 1
    assert sum(text.endswith(">") and "<@U" in text for text in texts) == 1  # who is asked is called


def test_the_criticals_of_the_agent_who_is_named_are_read(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/switches", {"limits": False})
    post(running.url, "/sandbox/clock", {"now": "2026-11-23T15:00:00Z"})
    for ticket in (102, 103):
        run(desk, "triage", ticket, impact="Critical")
        run(desk, "timebox", ticket, minutes=5, outcome="unsolved")
    run(desk, "escalate", 102, agent="Tomás", capacity="yes")
    case = desk.case(103, agent="Tomás")
    other = escalate.assess(case, decide_escalate(case, agent="Tomás")).capacity
    assert other == (False, f"Tomás Ferreira has another open critical, issue {desk.case(102).issues[0].number}")


@pytest.mark.parametrize(
    ("runbook", "ticket", "decision"),
    [
        ("timebox", 102, {"minutes": 25, "outcome": "unsolved", "findings": "No larger nodes."}),
        ("timebox", 102, {}),
        ("escalate", 103, {"capacity": "no"}),
        ("escalate", 103, {"agent": "Tomás", "capacity": "yes"}),
        ("resolve", 110, {"outcome": "fixed", "message": "The guide is linked."}),
        ("resolve", 110, {"outcome": "no-survey", "message": "A test of ours."}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_runbook_writes_once_and_nothing_without_apply(
    desk: Desk, running: Running, runbook: str, ticket: int, decision: dict[str, object]
) -> None:
    before = world(running.url)
    shown = planned(desk, runbook, ticket, **decision).run(desk)
    assert not shown.applied
    assert world(running.url) == before
    first = run(desk, runbook, ticket, **decision)
    assert "done" in {line.state for line in first.actions}
    after = world(running.url)
    assert after != before
    second = run(desk, runbook, ticket, **decision)
    assert {line.state for line in second.actions} == {"already done"}
    assert first.digest == second.digest
    assert world(running.url) == after

"""The road of a ticket on the sandbox, over HTTP, with the clock advanced as in life; and the same road interrupted."""

from __future__ import annotations

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from building import ORGANIZATION
from talking import get, post

from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED, load_organization
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.language.text import lines
from deskbook.runbooks.catalog import RUNBOOKS, runbook
from deskbook.runbooks.escalate import plan as escalate
from deskbook.runbooks.escalate.decision import decide as decide_escalate
from deskbook.runbooks.timebox import plan as timebox
from deskbook.runbooks.timebox.decision import LONGEST_SITTING
from deskbook.runbooks.timebox.decision import decide as decide_timebox
from deskbook.services.ports import Desk
from deskbook.tickets.sprint import impact_of
from deskbook.ui import blocks as ui
from deskbook.ui import views
from deskbook_sandbox import server
from deskbook_sandbox.server import Running


def planned(desk: Desk, name: str, ticket: int, **decision: object) -> Plan:
    case, planner = desk.case(ticket), RUNBOOKS[name]
    plan: Plan = planner.plan(case, planner.decide(case, **decision))
    return plan


def run(desk: Desk, runbook: str, ticket: int, **decision: object) -> Receipt:
    receipt = planned(desk, runbook, ticket, **decision).run(desk, apply=True)
    assert not receipt.failure
    return receipt


def advance(url: str, **amounts: int) -> None:
    seconds = {"days": 86_400, "hours": 3_600, "minutes": 60}
    post(url, "/sandbox/clock", {"advance": sum(seconds[name] * amount for name, amount in amounts.items())})


def writes_in(url: str, desk: Desk, ticket: int, body: str) -> None:
    post(
        url,
        "/sandbox/incoming",
        {"from": desk.case(ticket).requester.mail, "ticket_id": ticket, "subject": "", "body": body},
    )


def world(url: str) -> dict[str, Any]:
    """Everything the sandbox holds, without the count of what was asked of it."""
    state = get(url, "/sandbox/state")
    return {name: v for name, v in state.items() if name != "requests"} | {"outbox": get(url, "/sandbox/outbox")}


def mails(url: str, kind: str = "reply") -> list[str]:
    return [mail["body"] for mail in get(url, "/sandbox/outbox") if mail["kind"] == kind]


def references(desk: Desk, ticket: int) -> list[str]:
    return [f"{ref.cycle} {ref.key}" for ref in desk.case(ticket).references()]


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


# What a run writes, and where its connection is cut: runbook, ticket, decision, and each write.
LOSSES: list[tuple[str, int, dict[str, object], list[tuple[str, str]]]] = [
    (
        "timebox",
        102,
        {"minutes": 25, "outcome": "unsolved", "findings": "No larger nodes."},
        [
            ("POST", "/api/v2/tickets/102/time_entries"),
            ("POST", "/api/v2/tickets/102/notes"),
            ("POST", "/github/repos/*/issues"),
            ("PUT", "/api/v2/tickets/102"),
            ("POST", "/api/v2/tickets/102/reply"),
        ],
    ),
    (
        "resolve",
        110,
        {"outcome": "fixed", "message": "The guide is linked."},
        [
            ("POST", "/api/v2/tickets/110/reply"),
            ("PUT", "/api/v2/tickets/110"),
            ("POST", "/api/v2/tickets/110/notes"),
        ],
    ),
    (
        "escalate",
        103,
        {"agent": "Tomás", "capacity": "no"},
        [("POST", "/slack/api/chat.postMessage"), ("POST", "/api/v2/tickets/103/notes")],
    ),
]


def summary(url: str, desk: Desk, ticket: int) -> Any:
    """What people see of a ticket, its issue and the chat; of a record only that it is there, once."""
    case = desk.case(ticket)
    records = {ref.entry.id: ref.key for ref in case.references() if ref.key.endswith("#record")}
    said = sorted(records.get(entry.id, entry.body.replace(url, "")) for entry in case.entries)
    issues = [(i.title, i.body, i.state, i.board, i.refs) for i in case.issues]
    minutes = [(e.seconds, e.running, e.billable) for e in case.time_entries or ()]
    chat = [message["text"] for message in get(url, "/sandbox/state")["chat"]]
    sent = [mail["body"].replace(url, "") for mail in get(url, "/sandbox/outbox")]  # the survey's as well
    return case.ticket.status, case.ticket.agent, said, issues, minutes, chat, sent


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize(("runbook", "ticket", "decision", "losses"), LOSSES, ids=[each[0] for each in LOSSES])
def test_a_run_that_loses_its_connection_anywhere_is_resumed_without_doing_anything_twice(
    runbook: str, ticket: int, decision: dict[str, object], losses: list[tuple[str, str]], drop: str
) -> None:
    with server.start(ORGANIZATION) as untouched:
        desk = connect(Settings(sandbox_url=untouched.url))
        run(desk, runbook, ticket, **decision)
        whole = summary(untouched.url, desk, ticket)
    for method, path in losses:
        with server.start(ORGANIZATION) as running:
            desk = connect(Settings(sandbox_url=running.url))
            plan = planned(desk, runbook, ticket, **decision)
            post(running.url, "/sandbox/faults", [{"method": method, "path": path, "drop": drop, "times": 1}])
            first = plan.run(desk, apply=True)
            post(running.url, "/sandbox/faults", [])
            assert not (drop == "before" and not first.failure), "the loss was not noticed"
            second = run(desk, runbook, ticket, **decision)
            assert second.digest == plan.digest
            for mine, theirs in zip(summary(running.url, desk, ticket), whole, strict=True):
                assert mine == theirs, path


def test_two_agents_at_once_open_one_issue_and_send_one_mail(running: Running) -> None:
    desks = [connect(Settings(sandbox_url=running.url)) for _ in range(2)]
    plans = [planned(desk, "timebox", 102, minutes=25, outcome="unsolved") for desk in desks]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].run(pair[1], apply=True), zip(plans, desks, strict=True)))
    last = run(desks[0], "timebox", 102, minutes=25, outcome="unsolved")
    assert last.outcome == "told"
    issues = [i for i in get(running.url, "/sandbox/state")["issues"] if "More" in i["title"] or "memory" in i["title"]]
    assert [issue["state"] for issue in issues if "duplicate" not in str(issue.get("state_reason"))].count("open") == 1
    assert len(mails(running.url)) == 1
    assert sum(entry.seconds for entry in desks[0].helpdesk.time_entries(102) or ()) == 25 * 60


@pytest.mark.parametrize(("decision", "counted"), [({}, 30), ({"minutes": 45, "outcome": "solved"}, 45)])
def test_a_stopwatch_that_ran_all_night_counts_to_the_end_of_the_timebox_or_to_what_its_agent_says(
    desk: Desk, running: Running, decision: dict[str, object], counted: int
) -> None:
    run(desk, "timebox", 102)
    advance(running.url, hours=14)
    receipt = run(desk, "timebox", 102, **decision)
    assert receipt.outcome in ("told", "solved")
    (entry,) = desk.helpdesk.time_entries(102) or ()
    assert (entry.running, entry.seconds) == (False, counted * 60)
    assert f"cut to {counted} min" in " ".join(line.reason for line in receipt.actions)


def test_a_stopwatch_that_was_forgotten_on_another_ticket_is_cut_when_the_next_begins(
    desk: Desk, running: Running
) -> None:
    run(desk, "timebox", 102, agent="Grace")
    advance(running.url, hours=14)
    (line,) = [line for line in run(desk, "timebox", 110, agent="Grace").actions if line.key == "timebox.work#start"]
    assert "forgotten on ticket 102 is cut to 30 min" in line.reason
    (entry,) = desk.helpdesk.time_entries(102) or ()
    assert (entry.running, entry.seconds) == (False, 30 * 60)


def test_a_timer_that_an_agent_runs_by_hand_is_left_to_them(desk: Desk, running: Running) -> None:
    case = desk.case(102)
    grace = next(agent.id for agent in case.agents if agent.name.startswith("Grace"))
    desk.helpdesk.start_timer(102, grace, "Reading", billable=True)
    advance(running.url, hours=2)
    run(desk, "timebox", 110, agent="Grace")
    (entry,) = desk.helpdesk.time_entries(102) or ()
    assert (entry.running, entry.seconds) == (False, 2 * 3600)  # the helpdesk stops it, since an agent has one timer


@pytest.mark.parametrize(
    ("type_field", "impact_field", "shown"),
    [("Type", '""', {"Type": "support"}), ('""', "Gravity", {"Gravity": "High"}), ('""', '""', {})],
)
def test_a_board_with_other_fields_gets_what_it_has_room_for(
    tmp_path: Path, type_field: str, impact_field: str, shown: dict[str, str]
) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    for name, value in (("type_field: Type", type_field), ("impact_field: Impact", impact_field)):
        assert name in shipped
        shipped = shipped.replace(name, f"{name.partition(':')[0]}: {value}")
    (file := tmp_path / "organization.yaml").write_text(shipped, encoding="utf-8")
    with server.start(load_organization(file)) as running:
        desk = connect(Settings(sandbox_url=running.url, organization=file))
        decision = {"minutes": 25, "outcome": "unsolved", "impact": "High"}
        assert run(desk, "timebox", 102, **decision).outcome == "told"
        assert {line.state for line in run(desk, "timebox", 102, **decision).actions} == {"already done"}
        (issue,) = desk.case(102).issues
        assert issue.board is not None
        assert {name: issue.board[name] for name in ("Type", "Impact", "Gravity") if name in issue.board} == shown
        assert impact_of(desk.case(102), issue, alone=True) == "High"  # the form says so, too


def test_an_issue_that_is_not_there_is_put_before_a_person_and_no_second_one_is_opened(desk: Desk) -> None:
    run(desk, "triage", 102)
    desk.helpdesk.note(102, "<p>Tracked by https://github.com/2i2c-org/infrastructure/issues/999</p>")
    before = len(desk.tracker.tracked())
    receipt = run(desk, "timebox", 102, minutes=25, outcome="unsolved")
    assert (receipt.outcome, len(desk.tracker.tracked())) == ("unclear", before)
    assert "Issue #999 is linked on the ticket, and it is not there" in receipt.needs_human[0]


def test_a_board_that_cannot_be_seen_needs_a_person_and_holds_up_nothing(tmp_path: Path, running: Running) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8").replace("number: 57", "number: 99")
    assert "number: 99" in shipped
    (file := tmp_path / "organization.yaml").write_text(shipped, encoding="utf-8")
    desk = connect(Settings(sandbox_url=running.url, organization=file))
    receipt = run(desk, "timebox", 102, minutes=25, outcome="unsolved", impact="High")
    states = {line.key: line.state for line in receipt.actions}
    assert (receipt.outcome, receipt.failure, receipt.next) == ("told", "", "resolve")
    assert [key for key, state in states.items() if state not in ("done", "already done")] == ["timebox.track#board"]
    assert "has no project 99" in receipt.needs_human[-1]
    assert desk.case(102).ticket.status == "Pending"
    told = len(mails(running.url))
    again = run(desk, "timebox", 102, minutes=25, outcome="unsolved", impact="High")
    assert {line.key for line in again.actions if line.state != "already done"} == {"timebox.track#board"}
    assert len(mails(running.url)) == told


def test_a_key_without_the_right_to_boards_reads_and_writes_the_rest(desk: Desk, running: Running) -> None:
    fault = {"method": "POST", "path": "/github/graphql", "status": 404}
    post(running.url, "/sandbox/faults", [fault])
    receipt = run(desk, "timebox", 102, minutes=25, outcome="unsolved", impact="High")
    assert (receipt.outcome, receipt.failure) == ("told", "")
    assert "timebox.track#board" in receipt.needs_human[-1]
    assert desk.case(102).ticket.status == "Pending"


def test_of_two_stopwatches_that_ran_all_night_both_stop_and_the_ticket_counts_one_timebox(
    desk: Desk, running: Running
) -> None:
    for agent in ("Grace", "Tomás"):
        case = desk.case(102)
        timebox.start(case, decide_timebox(case, agent=agent)).run(desk, apply=True)
        advance(running.url, minutes=12)
    case = desk.case(102)
    timebox.pause(case, decide_timebox(case, agent="Tomás")).run(desk, apply=True)
    advance(running.url, hours=14)
    run(desk, "timebox", 102)
    found = desk.helpdesk.time_entries(102) or ()
    assert [(entry.running, entry.seconds // 60) for entry in found] == [(False, 24), (False, 6)]


def test_the_form_takes_no_more_minutes_than_may_be_booked_so_its_stopwatch_goes_on(desk: Desk) -> None:
    case = desk.case(102)
    form = runbook("timebox").form(desk, case, decide_timebox(case))
    minutes = form._inputs["minutes"]
    minutes.value = 9_999
    assert form.values["minutes"] == minutes.value == LONGEST_SITTING
    minutes.value = 0
    form._watch.click()
    assert [entry.running for entry in desk.helpdesk.time_entries(102) or ()] == [True]


def test_an_older_issue_whose_body_a_colleague_gave_a_later_tickets_link_is_adopted(
    desk: Desk, running: Running
) -> None:
    first = run(desk, "timebox", 102, minutes=25, outcome="unsolved")
    number = max(issue["number"] for issue in get(running.url, "/sandbox/state")["issues"])
    assert first.outcome == "told"
    advance(running.url, days=1)
    mail = {"from": "bea@borealis.example.org", "subject": "32 GB once more", "body": "For the second class as well."}
    later = post(running.url, "/sandbox/incoming", mail)["ticket_id"]
    body = f"{desk.tracker.issue(number).body}\n\nAlso {ORGANIZATION.support.helpdesk}/a/tickets/{later}"
    address = f"{running.url}/github/repos/{ORGANIZATION.tracker.repository}/issues/{number}"
    key = {"Authorization": "Bearer sandbox", "Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(address, json.dumps({"body": body}).encode(), key, method="PATCH"))
    receipt = run(desk, "timebox", later, minutes=25, outcome="unsolved")
    assert f"Comment on issue {number}" in " ".join(line.sentence for line in receipt.actions)
    assert max(issue["number"] for issue in get(running.url, "/sandbox/state")["issues"]) == number


def test_a_colleague_who_pings_in_the_middle_of_our_run_has_pinged(desk: Desk, running: Running) -> None:
    plan = planned(desk, "escalate", 103, capacity="no")
    channel = ORGANIZATION.chat.support
    for action in plan.actions[:2]:
        action.apply(desk, {})
        assert action.apply(desk, {}) == f"{channel}, Ref 103-1-{action.key}"
    assert len(get(running.url, "/sandbox/state")["chat"]) == 2


def test_a_reply_while_the_stopwatch_runs_stops_issue_and_mail_until_it_was_read(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    run(desk, "timebox", 102)
    advance(url, minutes=10)
    writes_in(url, desk, 102, "Wait, 16 GB are enough for now.")
    agreed_to = planned(desk, "timebox", 102, outcome="unsolved")
    before = world(url)["issues"], mails(url)
    for _ in range(2):
        stopped = run(desk, "timebox", 102, outcome="unsolved")
        assert (stopped.outcome, stopped.next, stopped.failure) == ("unread", None, "")
        assert "16 GB are enough for now" in stopped.needs_human[0]
        assert (world(url)["issues"], mails(url)) == before
    notes = [ref for ref in references(desk, 102) if ref.endswith("#record")]
    reply = next(entry for entry in desk.case(102).entries if entry.incoming)
    writes_in(url, desk, 102, "And by Friday.")
    assert agreed_to.run(desk, approve=agreed_to.digest).outcome == "refused"  # what was agreed to knew of one reply
    assert run(desk, "timebox", 102, outcome="unsolved", read_reply=reply.id).outcome == "unread"
    last = [entry for entry in desk.case(102).entries if entry.incoming][-1]
    told = run(desk, "timebox", 102, outcome="unsolved", read_reply=last.id, description="16 GB of memory")
    assert (told.outcome, told.needs_human) == ("told", ())
    assert len(mails(url)) == len(before[1]) + 1
    assert [ref for ref in references(desk, 102) if ref.endswith("#record")][: len(notes)] == notes
    assert {line.state for line in run(desk, "timebox", 102).actions} == {"already done"}


def test_the_form_shows_a_reply_that_came_and_a_button_says_that_it_was_read(desk: Desk, running: Running) -> None:
    run(desk, "timebox", 102)
    advance(running.url, minutes=5)
    writes_in(running.url, desk, 102, "Wait, 16 GB are enough for now.")
    case = desk.case(102)
    form = runbook("timebox").form(desk, case, decide_timebox(case, outcome="unsolved"))
    assert form.plan.outcome == "unread"
    said, button = form._new.children
    assert "16 GB are enough for now" in said.value
    button.click()
    assert (form.plan.outcome, form._new.children) == ("told", ())


def test_what_is_found_after_the_issue_was_opened_joins_it_once(desk: Desk, running: Running) -> None:
    run(desk, "timebox", 102, minutes=25, outcome="unsolved", findings="No larger nodes.")
    first = run(desk, "timebox", 102, outcome="unsolved", findings="No larger nodes.\nThe quota is 16 GB.")
    after = world(running.url)
    again = run(desk, "timebox", 102, outcome="unsolved", findings="No larger nodes.\nThe quota is 16 GB.")
    assert {line.key: line.state for line in first.actions}["timebox.track#more"] == "done"
    assert {line.state for line in again.actions} == {"already done"}
    assert world(running.url) == after
    (comment,) = (each for each in after["comments"] if "Ref 102-1-timebox.track#more" in each["body"])
    assert "The quota is 16 GB" in comment["body"]
    assert "No larger nodes" not in comment["body"]


def test_what_is_wanted_is_asked_for_until_somebody_says_it_and_joins_the_issue_once(
    desk: Desk, running: Running
) -> None:
    opened = run(desk, "timebox", 102, minutes=25, outcome="unsolved", findings="No larger nodes.")
    assert (opened.outcome, opened.failure) == ("told", "")
    assert "description=…" in opened.needs_human[0]
    assert run(desk, "timebox", 102).needs_human == opened.needs_human
    said = run(desk, "timebox", 102, description="Servers with 32 GB")
    assert {line.key for line in said.actions if line.state == "done"} == {
        "timebox.track#wanted",
        "timebox.tell#record",
    }
    assert said.needs_human == ()
    after = world(running.url)
    assert [each["body"] for each in after["comments"]][-1].startswith("What is wanted:\n\nServers with 32 GB")
    assert run(desk, "timebox", 102, description="Servers with 32 GB").needs_human == ()
    assert run(desk, "timebox", 102).needs_human == ()
    assert world(running.url) == after


def test_a_link_that_a_colleague_put_there_is_adopted(desk: Desk, running: Running) -> None:
    number = desk.tracker.open("[Support] Bigger servers", "Made by hand.", ["support"])
    desk.helpdesk.note(102, f"<p>See https://github.com/{ORGANIZATION.tracker.repository}/issues/{number}</p>")
    receipt = run(desk, "timebox", 102, minutes=25, outcome="unsolved")
    assert f"Comment on issue {number}" in " ".join(line.sentence for line in receipt.actions)
    assert len(get(running.url, "/sandbox/state")["issues"]) == 4

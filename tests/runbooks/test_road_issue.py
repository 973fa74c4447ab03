"""The issue of a ticket and its board: adopted where it is there, told where it cannot be seen or written."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from building import ORGANIZATION
from roads import advance, mails, planned, run
from talking import get, post

from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED, load_organization
from deskbook.config.settings import Settings
from deskbook.services.ports import Desk
from deskbook.tickets.sprint import impact_of
from deskbook_sandbox import server
from deskbook_sandbox.server import Running


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


def test_a_link_that_a_colleague_put_there_is_adopted(desk: Desk, running: Running) -> None:
    number = desk.tracker.open("[Support] Bigger servers", "Made by hand.", ["support"])
    desk.helpdesk.note(102, f"<p>See https://github.com/{ORGANIZATION.tracker.repository}/issues/{number}</p>")
    receipt = run(desk, "timebox", 102, minutes=25, outcome="unsolved")
    assert f"Comment on issue {number}" in " ".join(line.sentence for line in receipt.actions)
    assert len(get(running.url, "/sandbox/state")["issues"]) == 4

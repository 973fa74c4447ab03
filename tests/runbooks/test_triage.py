"""Triage on the sandbox, over HTTP: once, again, interrupted, and for every ticket of the default seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from roads import world
from talking import get, post

from deskbook.assembly import connect
from deskbook.config.settings import Settings, read_definitions
from deskbook.engine.actions import Change, Note, Post, Record, Reply
from deskbook.engine.plan import Plan, Receipt
from deskbook.engine.running import together
from deskbook.errors import NotFound, ParameterError, RunFailed
from deskbook.model.case import Case
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.triage.decision import decide as decide_triage
from deskbook.services.ports import Desk
from deskbook.tickets import desk as tickets_desk
from deskbook.ui import views
from deskbook_sandbox import server
from deskbook_sandbox.server import Running

COAST = Path(__file__).parents[1] / "organizations" / "coast.yaml"

# What becomes of each ticket of the default seed, unattended: outcome, next runbook, number of needs for a person.
SEED = {
    101: ("ordinary", "timebox", 0),
    102: ("ordinary", "timebox", 0),
    103: ("ordinary", "timebox", 0),
    104: ("unclear", None, 1),
    105: ("asked", None, 0),
    106: ("ordinary", "timebox", 0),
    107: ("refused", None, 0),
    108: ("unclear", None, 1),
    109: ("asked", None, 1),
    110: ("ordinary", "timebox", 0),
    111: ("incident", "incident", 0),
    112: ("noise", None, 0),
    113: ("budget-draft", None, 1),
    114: ("noise", None, 0),
    115: ("unclear", None, 1),
    116: ("announced", None, 0),
    117: ("noise", None, 1),
    118: ("unclear", None, 1),  # a forwarded alert of a full disk, which may be an outage or a question
    119: ("unclear", None, 1),
    120: ("unclear", None, 1),
    121: ("unclear", None, 1),
    122: ("workshop", "workshop", 0),
    123: ("unclear", None, 1),
    124: ("ordinary", "timebox", 0),
    125: ("ordinary", "timebox", 0),
    126: ("workshop", "workshop", 1),
    127: ("unclear", None, 1),
    128: ("not-ours", None, 0),
    129: ("not-ours", None, 0),
    130: ("not-ours", None, 0),
    131: ("ended", None, 0),
}


def planned(desk: Desk, ticket: int, **decision: str) -> Plan:
    case = desk.case(ticket)
    return triage.plan(case, decide_triage(case, **decision))


def states(receipt: Receipt) -> dict[str, str]:
    return {line.key: line.state for line in receipt.actions}


def test_acknowledging_twice_replies_once(desk: Desk, running: Running) -> None:
    first = planned(desk, 101).run(desk, apply=True)
    after = world(running.url)
    second = planned(desk, 101).run(desk, apply=True)
    assert not first.failure
    assert "done" in states(first).values()
    assert set(states(second).values()) == {"already done"}
    assert first.digest == second.digest
    assert world(running.url) == after
    assert [mail["kind"] for mail in after["outbox"]] == ["reply"]


def asked(url: str) -> Counter[str]:
    """The calls so far; those that ask hubs count apart."""
    found = get(url, "/sandbox/state")["requests"]
    return Counter({call: count for call, count in found.items() if "/sandbox" not in call and "/hubs/" not in call})


def test_a_triage_takes_nine_calls_to_show_and_sixteen_to_carry_out(running: Running, tmp_path: Path) -> None:
    """Also of 103, whose requester belongs to two communities, on a machine where a run was before; 101 is the first."""
    for number, apply, most in ((101, False, 9), (103, False, 9), (103, True, 16), (101, True, 16)):
        before = asked(running.url)
        desk = connect(Settings(sandbox_url=running.url, runs=tmp_path))
        case = triage.read(desk, number)
        assert len(case.communities) == 1 + (number == 103)
        assert not triage.plan(case, decide_triage(case)).run(desk, apply=apply).failure
        made = asked(running.url) - before
        assert sum(made.values()) <= most, made
        assert made[f"PUT /api/v2/tickets/{number}"] == int(apply)  # community, agent and type


@pytest.mark.parametrize("later", [False, True])
def test_people_and_communities_are_read_again_once_a_minute_is_over(
    desk: Desk, running: Running, later: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(desk, 101)
    if later:
        monkeypatch.setattr(tickets_desk, "ticks", lambda: plan.case.people_read + tickets_desk.MOMENT)
    before = asked(running.url)
    plan.run(desk, apply=True)
    made = asked(running.url) - before
    assert (made["GET /api/v2/companies"], made["GET /api/v2/contacts"]) == (int(later), int(later))
    assert made["GET /pagerduty/incidents"] == 1  # what moves from minute to minute


def test_somebody_who_writes_meanwhile_has_everything_read_again(desk: Desk, running: Running) -> None:
    case = desk.case(101)
    mail = {"from": case.requester.mail, "ticket_id": 101, "subject": "", "body": "It is urgent."}
    post(running.url, "/sandbox/incoming", mail)
    before = asked(running.url)
    desk.again(case)
    assert (asked(running.url) - before)["GET /api/v2/companies"] == 1


def test_without_apply_nothing_is_written(desk: Desk, running: Running) -> None:
    before = world(running.url)
    receipt = planned(desk, 101).run(desk)
    assert not receipt.applied
    assert set(states(receipt).values()) <= {"proposed", "already done"}
    assert world(running.url) == before


def test_every_ticket_of_the_seed_takes_its_road_and_a_second_run_changes_nothing(desk: Desk, running: Running) -> None:
    post(
        running.url, "/sandbox/switches", {"limits": False}
    )  # reading so many tickets takes more than a minute's calls

    def all_of_them() -> dict[int, tuple[str, str | None, int]]:
        receipts = {number: planned(desk, number).run(desk, apply=True) for number in SEED}
        assert [r.failure for r in receipts.values() if r.failure] == []
        return {number: (r.outcome, r.next, len(r.needs_human)) for number, r in receipts.items()}

    assert all_of_them() == SEED
    after = world(running.url)
    again = all_of_them()
    assert world(running.url) == after
    assert {n: o for n, (o, _, _) in again.items() if o != SEED[n][0]} == {105: "waiting", 109: "waiting"}


def test_who_is_in_copy_of_the_request_gets_the_answer(desk: Desk, running: Running) -> None:
    mail = {
        "from": "ada@aurora.example.org",
        "subject": "xarray is missing",
        "body": "Importing xarray on https://aurora.hubs.example.org fails with ModuleNotFoundError.",
        "cc": ["Dean <dean@aurora.example.org>", "grace.holloway@staff.example.org"],
    }
    number = post(running.url, "/sandbox/incoming", mail)["ticket_id"]
    assert not planned(desk, number).run(desk, apply=True).failure
    (sent,) = (each for each in get(running.url, "/sandbox/outbox") if each["ticket_id"] == number and each["cc"])
    assert sent["cc"] == ["dean@aurora.example.org"]
    assert set(states(planned(desk, number).run(desk, apply=True)).values()) == {"already done"}


def test_only_the_requester_or_the_representatives_are_mailed(desk: Desk, running: Running) -> None:
    planned(desk, 105).run(desk, apply=True)
    mail = get(running.url, "/sandbox/outbox")[0]
    assert mail["ticket_id"] == 105
    assert mail["cc"]
    ticket = desk.case(105).ticket
    assert (ticket.status, ticket.agent, ticket.type) == ("Open", None, None)
    assert "waiting-approval" in ticket.tags


def test_noise_is_closed_without_a_mail_or_a_survey(desk: Desk, running: Running) -> None:
    for number in (112, 114, 116, 117):
        planned(desk, number).run(desk, apply=True)
        assert desk.case(number).ticket.status == "Closed"
    assert get(running.url, "/sandbox/outbox") == []
    assert "spam" in desk.case(117).ticket.tags


def writes(plan: Plan) -> list[tuple[str, str]]:
    """The calls with which a plan writes, the claim first; changes that are one call once, and the last record ends the claim."""
    ticket = f"/api/v2/tickets/{plan.case.ticket.id}"
    todo = [action for action in plan.actions if not action.landed(plan.case)]
    found = [("POST", f"{ticket}/notes")]
    for action, *_ in together(todo):
        match action:
            case Reply():
                found.append(("POST", f"{ticket}/reply"))
            case Record() if action is plan.actions[-1]:
                found.append(("PUT", "/api/v2/conversations/*"))
            case Note() | Record():
                found.append(("POST", f"{ticket}/notes"))
            case Change():
                found.append(("PUT", ticket))
            case Post():
                found.append(("POST", "/slack/api/chat.postMessage"))
    return found


@pytest.mark.parametrize("number", [101, 105, 107, 112, 113, 116])
@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_run_that_loses_its_connection_anywhere_is_resumed_without_doing_anything_twice(
    number: int, drop: str
) -> None:
    organization = read_definitions({})[1]
    with server.start(organization) as untouched:
        desk = connect(Settings(sandbox_url=untouched.url))
        count = len(writes(planned(desk, number)))
        planned(desk, number).run(desk, apply=True)
        whole = summary(untouched.url, desk, number)
    for lost in range(count):
        with server.start(organization) as running:
            desk = connect(Settings(sandbox_url=running.url))
            plan = planned(desk, number)
            _lose(running.url, plan, lost, drop)
            first = plan.run(desk, apply=True)
            post(running.url, "/sandbox/faults", [])
            assert not (drop == "before" and not first.failure), "the loss was not noticed"
            second = planned(desk, number).run(desk, apply=True)
            assert not second.failure
            assert second.digest == plan.digest
            assert summary(running.url, desk, number) == whole


def _lose(url: str, plan: Plan, which: int, drop: str) -> None:
    """Cut the connection at the write number `which` of a plan, by counting writes per address."""
    paths = writes(plan)
    method, path = paths[which]
    earlier = paths[:which].count((method, path))
    harmless = {"method": method, "path": path, "delay": 0, "times": earlier}
    faults = [harmless] if earlier else []
    post(url, "/sandbox/faults", [*faults, {"method": method, "path": path, "drop": drop, "times": 1}])


def summary(url: str, desk: Desk, number: int) -> Any:
    """What people see of a run: fields, conversation, mails and chat; of the record only that it is there, once."""
    case = desk.case(number)
    ticket = case.ticket
    state = get(url, "/sandbox/state")
    records = {ref.entry.id: ref.key for ref in case.references() if ref.key.endswith("#record")}
    said = sorted(records.get(entry.id, entry.body) for entry in case.entries)
    mails = [(mail["to"], mail["cc"], mail["body"]) for mail in get(url, "/sandbox/outbox")]
    chat = [message["text"] for message in state["chat"]]
    return (ticket.status, ticket.agent, ticket.type, ticket.community, sorted(ticket.tags), said, mails, chat)


def test_a_refused_approval_names_what_moved_and_writes_nothing(desk: Desk, running: Running) -> None:
    plan = planned(desk, 101)
    post(
        running.url,
        "/sandbox/incoming",
        {
            "from": plan.case.requester.mail,
            "ticket_id": 101,
            "subject": "",
            "body": "One more thing: it also fails on staging.",
        },
    )
    before = world(running.url)
    receipt = plan.run(desk, approve=plan.digest)
    assert receipt.outcome == "refused"
    assert "the replies" in receipt.failure
    assert world(running.url) == before
    with pytest.raises(RunFailed):
        receipt.raise_for_failure()


def test_a_helpdesk_that_fails_before_the_first_write_leaves_a_receipt(desk: Desk, running: Running) -> None:
    plan = planned(desk, 101)
    before = world(running.url)
    post(running.url, "/sandbox/faults", [{"path": "/api/v2/tickets/101", "status": 500}])
    receipt = plan.run(desk, apply=True)
    post(running.url, "/sandbox/faults", [])
    assert (receipt.outcome, receipt.applied) == ("failed", False)
    assert {line.state for line in receipt.actions} == {"not reached"}
    assert "it answers 500" in receipt.failure
    after = world(running.url)
    for ticket in (*before["tickets"], *after["tickets"]):
        del ticket["updated_at"]  # the run claimed the ticket, and took that back
    assert after == before


def test_a_digest_from_another_kernel_names_what_moved_as_well(desk: Desk, running: Running) -> None:
    digest = planned(desk, 101).digest
    post(
        running.url,
        "/sandbox/incoming",
        {"from": desk.case(101).requester.mail, "ticket_id": 101, "subject": "", "body": "Any news?"},
    )
    receipt = planned(desk, 101).run(desk, approve=digest)
    assert receipt.outcome == "refused"
    assert "the replies" in receipt.failure


def test_a_colleagues_tag_survives(desk: Desk, running: Running) -> None:
    plan = planned(desk, 105)
    desk.helpdesk.update(105, {"tags": ("vip",)})
    receipt = plan.run(desk, apply=True)
    assert not receipt.failure
    assert set(desk.case(105).ticket.tags) == {"vip", "waiting-approval"}


def test_hostile_text_stays_text(desk: Desk, running: Running) -> None:
    planned(desk, 124).run(desk, apply=True)
    for mail in get(running.url, "/sandbox/outbox"):
        assert "<script" not in mail["body"]
        assert "49" not in mail["body"]
    shown = views.shown(planned(desk, 124))["text/html"]
    assert "<script" not in shown
    assert "onerror" not in shown or "&lt;" in shown


def test_a_megabyte_of_text_is_read_in_time(desk: Desk, running: Running) -> None:
    number = post(
        running.url,
        "/sandbox/incoming",
        {"from": desk.case(101).requester.mail, "subject": "Long", "body": "word " * 200_000},
    )["ticket_id"]
    receipt = planned(desk, number).run(desk, apply=True)
    assert not receipt.failure


def test_a_ticket_that_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound, match="99999"):
        desk.case(99999)


def test_a_community_named_by_a_number_is_looked_for_as_text(desk: Desk) -> None:
    with pytest.raises(ParameterError, match="no company called '7'"):
        desk.case(101, 7)
    assert desk.case(101, None).named == ""


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_service_that_fails_while_writing_leaves_a_receipt_that_says_so(
    desk: Desk, running: Running, status: int
) -> None:
    plan = planned(desk, 101)
    fault = {"method": "POST", "path": "/api/v2/tickets/101/reply", "status": status, "retry_after": 0, "times": 9}
    post(running.url, "/sandbox/faults", [fault])
    receipt = plan.run(desk, apply=True)
    found = states(receipt)
    assert found["triage.acknowledge"] == "failed"
    assert found["triage.categorise"] == "done"  # in one call with the agent, before the mail
    assert found["triage.categorise#record"] == "not reached"
    assert "proposed" not in found.values()
    assert receipt.failure
    assert receipt.next is None
    assert get(running.url, "/sandbox/outbox") == []


def test_another_organisation_changes_its_file_and_nothing_else(tmp_path: Path) -> None:
    organization = read_definitions({"DESKBOOK_ORGANIZATION": str(COAST)})[1]
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        """
now: 2026-11-23T01:00:00Z
companies: [{name: Tide Institute, representatives: [Hana Sol]}]
contacts: [{name: Hana Sol, email: hana@tide.example.net, companies: [Tide Institute]}]
tickets:
  - {from: hana@tide.example.net, subject: Login error, body: "Login on https://tide.coast.example.net fails with error 403 since today.", created: -1h, source: mail}
  - {from: "bot@opsgenie.example", subject: Alert, body: x, created: -1h, source: mail}
""",
        encoding="utf-8",
    )
    with server.start(organization, seed=seed) as running:
        desk = connect(Settings(sandbox_url=running.url, organization=COAST))
        receipts = [planned(desk, number).run(desk, apply=True) for number in (101, 102)]
        assert [receipt.failure for receipt in receipts] == ["", ""]
        case: Case = desk.case(101)
        assert case.ticket.type == "Fehler"
        assert case.ticket.group == "Hilfe"
        assert desk.case(102).ticket.status == "Closed"
        assert "Coast Compute Cooperative support" in get(running.url, "/sandbox/outbox")[0]["body"]


def test_a_plan_of_another_decision_is_another_plan(desk: Desk) -> None:
    plain, chosen = planned(desk, 101), planned(desk, 101, agent="Mei")
    assert plain.digest != chosen.digest
    assert "the decision" in plain.moved(chosen.digest)
    assert replace(plain, needs_human=("x",)).digest == plain.digest


def test_a_person_lets_a_ticket_go_on_that_waits_and_later_runs_find_it(desk: Desk) -> None:
    assert planned(desk, 105).run(desk, apply=True).outcome == "asked"
    said = "Grace.Holloway@staff.example.org: the director\n asked by phone, *today*"
    receipt = planned(desk, 105, approved=said).run(desk, apply=True)
    assert (receipt.outcome, receipt.next, receipt.failure) == ("ordinary", "timebox", "")
    case = desk.case(105)
    assert "waiting-approval" not in case.ticket.tags
    recorded = "grace.holloway@staff.example.org: the director asked by phone, *today*"
    assert case.statements()["Approved by hand"] == recorded
    for again in (planned(desk, 105), planned(desk, 105, approved=said)):
        assert again.outcome == "ordinary"
        assert set(states(again.run(desk, apply=True)).values()) == {"already done"}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("yes", "write mail: reason"),
        ("grace.holloway@staff.example.org", "write mail: reason"),
        ("Grace: she said so", "write mail: reason"),
        ("frida@fjord.example.org: I want it", "nobody approves their own request"),
    ],
)
def test_approved_says_who_decided_and_why(desk: Desk, said: str, why: str) -> None:
    with pytest.raises(ParameterError, match=why):
        decide_triage(desk.case(105), approved=said)

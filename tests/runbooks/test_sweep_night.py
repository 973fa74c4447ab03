"""Sweeps of the sandbox: what is done, what is left and found again, what fails, and what chat hears."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from test_road import advance, get, post, writes_in

from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED, load_organization
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.model.case import Case
from deskbook.runbooks.catalog import open_form, runbook
from deskbook.runbooks.sweep import work
from deskbook.runbooks.sweep.alert import alert
from deskbook.runbooks.sweep.lines import Line, lines
from deskbook.runbooks.sweep.plan import Night
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.ports import Desk
from deskbook.tickets.queue import read_queue
from deskbook_sandbox.server import Running


@pytest.fixture
def desk(running: Running, tmp_path: Path) -> Desk:
    post(running.url, "/sandbox/switches", {"limits": False})
    return connect(Settings(sandbox_url=running.url, runs=tmp_path / "runs"))


def sweep(desk: Desk, *, apply: bool = True, **given: object) -> Receipt:
    book = runbook("sweep")
    facts = book.read(desk)
    return book.plan(facts, book.decide(facts, **given)).run(desk, apply=apply)


def chat(url: str, word: str = "") -> list[str]:
    return [message["text"] for message in get(url, "/sandbox/state")["chat"] if word in message["text"]]


def digests(url: str) -> list[str]:
    return chat(url, "2i2c support")


def calls(url: str) -> Counter[str]:
    return Counter(get(url, "/sandbox/state")["requests"])


def tickets(url: str) -> dict[int, Any]:
    return {ticket["id"]: ticket for ticket in get(url, "/sandbox/state")["tickets"]}


def states(receipt: Receipt, ticket: int) -> dict[str, str]:
    return {line.key: line.state for line in receipt.actions if line.key.endswith(str(ticket))}


def test_what_only_plans_reads_the_list_of_tickets_as_the_queue_does_and_what_carries_out_looks_for_what_died(
    running: Running, desk: Desk, tmp_path: Path
) -> None:
    def pages(work: Any) -> int:
        before = calls(running.url)
        work()
        return (calls(running.url) - before)["GET /api/v2/tickets"]

    def fresh(name: str) -> Desk:
        return connect(Settings(sandbox_url=running.url, runs=tmp_path / name))

    queue = pages(lambda: read_queue(fresh("queue")))
    assert pages(lambda: sweep(fresh("planned"), apply=False)) == queue
    assert pages(lambda: sweep(fresh("done"))) > queue


def test_a_night_on_the_sandbox(running: Running, desk: Desk) -> None:
    url = running.url
    before = tickets(url)
    dry = sweep(desk, apply=False)
    assert isinstance(dry, Night)
    assert (dry.applied, dry.failure, tickets(url)) == (False, "", before)
    assert "10 proposed" in dry.said

    first = sweep(desk)
    assert (first.failure, first.outcome, first.applied) == ("", "told", True)
    after = tickets(url)
    # machines' mail is closed, the representatives of 105 are asked, nobody is assigned and nobody's answer closes a ticket
    assert [number for number in before if after[number]["status"] != before[number]["status"]] == [112, 114, 116, 117]
    assert "waiting-approval" in after[105]["tags"]
    assert all(after[number]["responder_id"] == before[number]["responder_id"] for number in before)
    assert states(first, 101) == {
        "triage.associate#101": "already done", "triage.assign#101": "not reached", "triage.acknowledge#101": "not reached",
        "triage.categorise#101": "not reached", "triage.categorise#record-101": "not reached",
    }  # fmt: skip
    assert len({line.key for line in first.actions}) == len(first.actions)
    assert any(need.startswith("Ticket 104: Which community") for need in first.needs_human)
    # what cannot wait is told: 109 and 127 in their own words, and Ember's hub once, though two tickets are about it
    assert [text.split(" cannot wait")[0] for text in chat(url, "cannot wait")] == [
        "Ticket 109 of Fjord Data School", "Ticket 111 of Ember Wildfire Group", "Ticket 127 of Aurora Climate Lab",
    ]  # fmt: skip
    (digest,) = digests(url)
    assert not any(ticket["subject"] in digest for ticket in after.values())
    assert digest.splitlines()[-1] == "Closed while nobody watched, or gone: 112, 114, 116, 117."

    # an hour later nothing has changed: no ticket is read, no digest is posted, and the proposals stand in the queue
    advance(url, hours=1)
    before_second = calls(url)
    second = sweep(desk)
    made = calls(url) - before_second
    assert [call for call in made if call.startswith("GET /api/v2/tickets/")] == []
    # what changed, what was deleted, and the communities
    assert sum(count for call, count in made.items() if "/api/v2/" in call) <= 3, made
    assert not [call for call in made if not call.startswith(("GET", "POST /sandbox", "POST /github/graphql"))]
    assert second.actions == ()
    assert set(second.needs_human) >= {need for need in first.needs_human if need.startswith("Ticket 101")}
    proposed = {item.ticket.id: item.proposed for item in read_queue(desk).items if item.proposed}
    assert len(proposed) == 10
    assert len(digests(url)) == 1

    # one of them is done with a click, and cannot be done a second time
    facts = read_queue(desk)
    form = runbook("queue").form(desk, facts)
    form.whose.value = ""
    stale = button_of(form, 101)
    button_of(form, 102).click()
    assert "Receipt" in form.below.children[0].value
    assert button_of(form, 102) is None
    assert desk.case(102).ticket.agent is not None
    assert read_queue_of(desk, 102).proposed == ""
    del proposed[102]

    # somebody writes on one: that one alone is worked on again, and its proposal is another one
    writes_in(url, desk, 101, "By the way, it is urgent for us.")
    assert read_queue_of(desk, 101).proposed == ""
    stale.click()  # what was proposed before they wrote is refused
    assert "Refused" in form.below.children[0].value
    assert desk.case(101).ticket.agent is None
    third = sweep(desk)
    assert {line.key.rpartition("#")[2].rpartition("-")[2] for line in third.actions} == {"101"}
    assert read_queue_of(desk, 101).proposed not in ("", proposed[101])

    # next morning's digest tells what changed, and what waits for a click
    advance(url, hours=15)
    sweep(desk)
    morning = digests(url)[1]
    numbers = [line.split()[1].rstrip(":") for line in morning.splitlines() if line.startswith("•")]
    assert set(proposed) <= {int(number) for number in numbers}
    assert "105" not in numbers  # its representatives are asked, and have not answered


def test_a_run_over_many_tickets_reads_once_what_surrounds_them(running: Running, desk: Desk) -> None:
    before, shared = calls(running.url), desk.sharing()
    cases = [shared.case(number) for number in (101, 102, 101)]
    made = calls(running.url) - before
    around = ("companies", "search/tickets", "agents")
    assert [made[f"GET /api/v2/{each}"] for each in around] == [1, 1, 1]
    assert made["GET /pagerduty/incidents"] == 1
    assert made["GET /api/v2/tickets/101"] == 2  # where our effects land is read each time
    assert cases[0] == cases[2]


def test_who_was_given_a_ticket_in_a_run_over_many_has_one_more(running: Running, desk: Desk) -> None:
    """Though the search that tells who has how much is read once."""
    shared = desk.sharing()
    case = shared.case(101)
    busy = case.agents[0]
    desk.helpdesk.update(101, {"agent": busy.id})
    shared.again(case)
    (again,) = (agent for agent in shared.case(102).agents if agent.id == busy.id)
    assert again.open_tickets == busy.open_tickets + 1


def test_whoever_was_deactivated_since_the_last_sweep_is_given_nothing(running: Running, tmp_path: Path) -> None:
    """Though lists of tickets show staff as they were when all was read."""

    def at_night() -> Desk:
        return connect(Settings(sandbox_url=running.url, runs=tmp_path / "runs"))

    post(running.url, "/sandbox/switches", {"limits": False})
    sweep(at_night(), apply=False)
    case = at_night().case(101)
    triage = runbook("triage")
    (agent,) = (each.agent for each in triage.plan(case, triage.decide(case)).actions if getattr(each, "agent", None))
    running.store.db.execute(
        "UPDATE fd_docs SET doc = json_set(doc, '$.deactivated', json('true')) WHERE id = ?", (agent,)
    )
    before = calls(running.url)
    assert sweep(at_night(), unattended="false").failure == ""
    assert (calls(running.url) - before)["GET /api/v2/agents"] == 1
    assert tickets(running.url)[101]["responder_id"] not in (None, agent)


def test_what_was_booked_is_read_again_after_some_hours(running: Running, desk: Desk) -> None:
    before = calls(running.url)
    for hours in (0, 5, 2):
        advance(running.url, hours=hours)
        sweep(desk, apply=False)
    assert (calls(running.url) - before)["GET /api/v2/time_entries"] == 2


def button_of(form: Any, ticket: int) -> Any:
    """The button that has done what is proposed for a ticket; None where nothing is."""
    buttons = [button for row in form.rows.children for button in getattr(row, "children", ())[2:]]
    return next((button for button in buttons if f"ticket {ticket} " in button.tooltip), None)


def read_queue_of(desk: Desk, ticket: int) -> Any:
    return next(item for item in read_queue(desk).items if item.ticket.id == ticket)


def test_one_broken_ticket_stops_no_other_and_the_failure_is_told_apart(running: Running, desk: Desk) -> None:
    url = running.url
    post(url, "/sandbox/faults", [{"method": "GET", "path": "/api/v2/tickets/112*", "status": 500, "times": 1000}])
    receipt = sweep(desk)
    assert receipt.outcome == "failed"
    assert receipt.failure.startswith("1 failure: ticket 112: ")
    assert not any("112" in need for need in receipt.needs_human)
    assert states(receipt, 112) == {"sweep.work#112": "failed"}
    assert tickets(url)[117]["status"] == 5
    assert "112 due" in digests(url)[0]
    assert "It could not be worked on; the record says why." in digests(url)[0]
    post(url, "/sandbox/faults", [])
    assert sweep(desk).failure == ""
    assert tickets(url)[112]["status"] == 5


def test_a_plan_that_raises_stops_no_other_and_is_named(running: Running, desk: Desk) -> None:
    """A mistake of ours in one planner."""
    url, right = running.url, work.plans

    def broken(case: Case, line: Line, name: str) -> tuple[Plan, ...]:
        if line.ticket == 112:
            raise KeyError("a mistake")
        return right(case, line, name)

    with patch.object(work, "plans", broken):
        receipt = sweep(desk)
    assert receipt.failure == "1 failure: ticket 112: KeyError: 'a mistake'"
    assert states(receipt, 112) == {"sweep.work#112": "failed"}
    assert "It could not be worked on" in next(row for row in digests(url)[0].splitlines() if row.startswith("• 112 "))
    assert tickets(url)[117]["status"] == 5
    assert sweep(desk).failure == ""
    assert tickets(url)[112]["status"] == 5


def test_a_ticket_that_is_gone_meanwhile_is_no_failure(running: Running, desk: Desk) -> None:
    book = runbook("sweep")
    facts = book.read(desk)
    plan = book.plan(facts, book.decide(facts))
    post(
        running.url,
        "/sandbox/faults",
        [{"method": "GET", "path": "/api/v2/tickets/101*", "status": 404, "times": 1000}],
    )
    receipt = plan.run(desk, apply=True)
    assert receipt.failure == ""
    assert "gone: 101, 112" in digests(running.url)[0]


def test_a_digest_that_cannot_be_posted_is_a_failure_and_the_next_sweep_posts_it(running: Running, desk: Desk) -> None:
    url = running.url
    post(url, "/sandbox/faults", [{"method": "POST", "path": "/slack/*chat.postMessage", "status": 500, "times": 1000}])
    receipt = sweep(desk)
    assert "sweep.tell: " in receipt.failure
    assert tickets(url)[117]["status"] == 5
    post(url, "/sandbox/faults", [])
    assert sweep(desk).failure == ""
    assert len(digests(url)) == 1


def test_where_chat_is_down_the_work_goes_on_and_the_next_sweep_tells_what_could_not_wait(
    running: Running, desk: Desk
) -> None:
    url = running.url
    post(url, "/sandbox/hubs/aurora", {"up": False})
    post(url, "/sandbox/faults", [{"method": "POST", "path": "/slack/*chat.postMessage", "status": 500, "times": 1000}])
    first = sweep(desk)
    assert first.outcome == "failed"
    assert "ticket 101: sweep.alert#down" in first.failure
    assert states(first, 119)["triage.associate#119"] in ("done", "already done")
    assert "chat was not told of it at once" in first.said
    assert not chat(url, "cannot wait")
    post(url, "/sandbox/faults", [])
    advance(url, hours=1)
    second = sweep(desk)
    assert second.failure == ""
    assert [text for text in chat(url, "cannot wait") if "Aurora Climate Lab is down" in text]
    before = len(chat(url))
    assert sweep(desk).actions == ()
    assert len(chat(url)) == before


def test_a_memory_that_is_deleted_costs_calls_and_nothing_is_done_twice(
    running: Running, desk: Desk, tmp_path: Path
) -> None:
    sweep(desk)
    before = get(running.url, "/sandbox/state"), get(running.url, "/sandbox/outbox")
    (kept,) = (tmp_path / "runs").rglob("sweep.json")
    kept.unlink()
    again = sweep(desk)
    assert {line.state for line in again.actions} <= {"already done", "not reached", "done"}
    after = get(running.url, "/sandbox/state"), get(running.url, "/sandbox/outbox")
    for shown in (before[0], after[0]):
        del shown["requests"]
    assert after == before


def test_the_organisation_may_have_agents_assigned_and_the_community_told(running: Running, tmp_path: Path) -> None:
    post(running.url, "/sandbox/switches", {"limits": False})
    file = tmp_path / "organization.yaml"
    file.write_text(
        SHIPPED.read_text(encoding="utf-8").replace("unattended: {} ", "unattended: {triage.assign: apply} ")
    )
    assert load_organization(file).unattended
    desk = connect(Settings(sandbox_url=running.url, organization=file, runs=tmp_path))
    receipt = sweep(desk)
    assert receipt.failure == ""
    case = desk.case(101)
    agent = case.agent(case.ticket.agent)
    assert agent
    assert any(agent.name in mail["body"] for mail in get(running.url, "/sandbox/outbox") if mail["ticket_id"] == 101)
    assert not any("Assign" in need and need.startswith("Ticket 101:") for need in receipt.needs_human)


def test_where_somebody_watches_the_proposals_are_carried_out(running: Running, desk: Desk) -> None:
    receipt = sweep(desk, unattended="false")
    assert receipt.failure == ""
    assert desk.case(101).ticket.agent is not None
    assert tickets(running.url)[107]["status"] == 5  # upon a representative's plain no


def test_a_sweep_whose_tickets_moved_is_refused(desk: Desk) -> None:
    book = runbook("sweep")
    facts = book.read(desk)
    plan = book.plan(facts, book.decide(facts))
    desk.helpdesk.update(101, {"status": "Closed"})
    newer = book.read(desk)
    receipt = book.plan(newer, book.decide(newer)).run(desk, approve=plan.digest)
    assert receipt.outcome == "refused"
    assert "the tickets" in receipt.failure


def test_a_hub_that_goes_down_at_night_makes_a_ticket_urgent_that_was_read_before(running: Running, desk: Desk) -> None:
    url = running.url
    sweep(desk)
    assert not chat(url, "Ticket 101 ")
    advance(url, hours=1)
    post(url, "/sandbox/hubs/aurora", {"up": False})
    assert {line.key.rpartition("-")[2].rpartition("#")[2] for line in sweep(desk).actions} >= {"101"}
    said = [text for text in chat(url, "cannot wait") if "Aurora Climate Lab is down" in text]
    assert len(said) == 1
    before = len(chat(url))
    assert sweep(desk).actions == ()
    assert len(chat(url)) == before


def test_mere_thanks_close_nothing_before_somebody_says_so(running: Running, desk: Desk) -> None:
    case = desk.case(131)
    sweep(desk)
    writes_in(running.url, desk, 131, "Thank you, that solved it!")
    assert sweep(desk).failure == ""
    assert desk.case(131).ticket.status == "Open"  # the helpdesk opens it at whatever reply
    command = read_queue_of(desk, 131).proposed
    assert command.startswith("deskbook run resolve ticket_id=131 cycle=1 --approve p-")
    receipt = open_form(desk, "resolve", 131, command)
    assert (receipt.outcome, desk.case(131).ticket.status) == ("closed", "Closed")
    assert case.ticket.status == "Resolved"


def test_where_a_service_answers_nobody_the_rest_is_left_to_the_next_sweep(running: Running, desk: Desk) -> None:
    post(running.url, "/sandbox/faults", [{"path": "/api/v2/tickets/*", "drop": "before", "times": 1000}])
    receipt = sweep(desk)
    failed = [line for line in receipt.actions if line.state == "failed" and line.key.startswith("sweep.work")]
    assert [line.reason.startswith("not reached") for line in failed] == [False] * 3 + [True] * (len(failed) - 3)
    assert len(failed) > 10
    assert "could not be worked on" in digests(running.url)[0]


def test_two_sweeps_that_found_the_same_tell_of_it_once_and_note_it_once(running: Running, desk: Desk) -> None:
    """The second had planned before the first told."""
    post(running.url, "/sandbox/hubs/ember", {"up": False})
    facts = runbook("sweep").read(desk)
    (line,) = (line for line in lines(facts) if line.ticket == 111)
    first, second = (alert(runbook("triage").read(desk, ticket_id=111), line.item.step) for _ in range(2))
    assert first
    assert second
    assert [effect.state for effect in first.run(desk, apply=True).actions] == ["done", "done"]
    assert [effect.state for effect in second.run(desk, apply=True).actions] == ["already done", "already done"]


@pytest.mark.parametrize("off", [-10, 10])
def test_a_machine_whose_clock_is_ten_minutes_off_does_nothing_twice(running: Running, desk: Desk, off: int) -> None:
    url, right = running.url, Freshdesk.now
    assert sweep(desk).failure == ""
    before = tickets(url), get(url, "/sandbox/outbox"), chat(url)
    with patch.object(Freshdesk, "now", lambda self: right(self) + timedelta(minutes=off)):
        again = sweep(desk)
    assert again.failure == ""
    assert not [line for line in again.actions if line.state == "done"]
    assert (tickets(url), get(url, "/sandbox/outbox"), chat(url)) == before

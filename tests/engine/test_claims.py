"""Claims: two runs at once, a run that died, and a person in the middle, over HTTP on the sandbox."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from talking import get, post

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.engine import claims
from deskbook.engine.plan import Plan
from deskbook.language.text import to_html
from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.sweep.work import Done, take_up
from deskbook.services.place import Place, here
from deskbook.services.ports import Desk
from deskbook.services.slack import SlackWebhook
from deskbook.tickets.left import recalled
from deskbook_sandbox.server import Running

MAIL, PUT, NOTE, EDIT = "reply", "update", "note", "edit_note"


class Died(BaseException):
    """What a kill looks like from inside: nothing behind it is carried out."""


class Between:
    """A service that lets something happen before its `nth` call of that name."""

    def __init__(self, service: Any, call: str, happens: Callable[[], None], nth: int) -> None:
        self._service, self._call, self._happens, self._left = service, call, happens, nth

    def __getattr__(self, name: str) -> Any:
        if name == self._call:
            self._left -= 1
            if self._left == 0:
                self._happens()
        return getattr(self._service, name)


def planned(desk: Desk, ticket: int = 101, name: str = "triage", **decision: object) -> Plan:
    book = runbook(name)
    case = book.read(desk, ticket_id=ticket)
    return book.plan(case, book.decide(case, **decision))


def before(desk: Desk, call: str, happens: Callable[[], None], nth: int = 1) -> Desk:
    return replace(desk, helpdesk=Between(desk.helpdesk, call, happens, nth))  # type: ignore[type-var]


def another(running: Running) -> Desk:
    return connect(Settings(sandbox_url=running.url))


def notes(desk: Desk, ticket: int = 101) -> list[str]:
    return [ref.key for ref in desk.case(ticket).references() if ref.entry.private]


def mails(running: Running) -> int:
    return len(get(running.url, "/sandbox/outbox"))


def claimed_elsewhere(desk: Desk, *, machine: str = "0badcafe", process: int = 7, began: str = "1") -> None:
    """A claim on ticket 101, as a run in another place leaves it."""
    said = (
        f"**Triage: in progress**\n\nRun {'ab' * 6} {machine} {process} {began}, on far-away\n\nRef 101-1-triage.claim"
    )
    desk.helpdesk.note(101, to_html(said))


@pytest.mark.parametrize("call", [NOTE, PUT, MAIL, EDIT])
def test_of_two_runs_at_once_one_does_it_and_the_other_is_told_who_does(
    call: str, desk: Desk, running: Running
) -> None:
    told = []

    def other() -> None:
        theirs = another(running)
        told.append(planned(theirs).run(theirs, apply=True))

    ours = planned(desk).run(before(desk, call, other), apply=True)
    assert mails(running) == 1
    assert [key for key in notes(desk) if key.endswith(".claim")] == []
    assert len(notes(desk)) == 1
    if call == NOTE:  # the other came first, and had ended
        assert (ours.failure, told[0].failure) == ("", "")
        assert {line.state for line in ours.actions} == {"already done"}
        return
    assert ours.failure == ""
    assert told[0].outcome == ("busy")
    assert f"Priya Raman's run of triage on {here().host}" in told[0].failure
    assert {line.state for line in told[0].actions} <= {"not reached", "already done"}


def test_another_runbook_gives_way_as_well(desk: Desk, running: Running) -> None:
    planned(desk, 102).run(desk, apply=True)
    told = []

    def other() -> None:
        theirs = another(running)
        told.append(planned(theirs, 102, "timebox").run(theirs, apply=True))

    planned(desk, 102, "resolve", outcome="no-survey", message="by phone").run(before(desk, PUT, other), apply=True)
    assert told[0].outcome == "busy"
    assert "run of resolve" in told[0].failure


@pytest.mark.parametrize("call", [PUT, MAIL, EDIT])
def test_a_run_that_died_here_is_taken_over_at_once(call: str, desk: Desk, running: Running) -> None:
    def die() -> None:
        raise Died

    with pytest.raises(Died):
        planned(desk).run(before(desk, call, die), apply=True)
    assert notes(desk) == ["triage.claim"]
    receipt = planned(desk).run(desk, apply=True)
    assert receipt.failure == ""
    assert mails(running) == 1
    assert notes(desk) == ["triage.categorise#record"]


def test_a_run_elsewhere_is_left_its_time_and_then_taken_over(desk: Desk, running: Running) -> None:
    claimed_elsewhere(desk)
    first = planned(desk).run(desk, apply=True)
    assert first.outcome == "busy"
    assert "on far-away, begun 17:55 UTC" in first.failure
    post(running.url, "/sandbox/clock", {"advance": claims.HOLDS.seconds})
    second = planned(desk).run(desk, apply=True)
    assert second.failure == ""
    assert notes(desk) == ["triage.categorise#record"]


def test_a_process_that_ended_on_this_machine_is_known_to_be_dead(desk: Desk) -> None:
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    claimed_elsewhere(desk, machine=here().machine, process=int(child.stdout), began=here().began)
    assert planned(desk).run(desk, apply=True).failure == ""


def test_a_process_that_has_the_number_of_a_dead_one_is_another(desk: Desk) -> None:
    claimed_elsewhere(desk, machine=here().machine, process=os.getppid(), began="12")
    assert planned(desk).run(desk, apply=True).failure == ""


def test_a_person_may_take_a_ticket_over_at_once(desk: Desk) -> None:
    claimed_elsewhere(desk)
    waited: list[float] = []
    (taken,) = claims.take_over(desk, 101, waited.append)
    assert waited == [claims.LOOKS.seconds]  # it may live after all
    assert taken.told() == "Priya Raman's run of triage on far-away, begun 17:55 UTC"
    assert planned(desk).run(desk, apply=True).failure == ""


def test_whoever_was_taken_over_and_still_lives_sends_no_mail(desk: Desk, running: Running) -> None:
    receipt = planned(desk).run(before(desk, PUT, lambda: taken_over(running)), apply=True)
    assert "took the ticket over" in receipt.failure
    assert mails(running) == 0


def test_whoever_was_taken_over_looks_before_any_effect(desk: Desk, running: Running) -> None:
    """Also before one that does not look at the ticket by itself, such as a new issue."""
    made = planned(desk, 102, "timebox", minutes=25, outcome="unsolved", findings="Nothing larger there")
    receipt = made.run(before(desk, "book", lambda: taken_over(running, 102)), apply=True)
    assert receipt.failure == f"timebox.track: {claims.TAKEN}"


def test_whoever_was_taken_over_before_the_record_is_told_so(desk: Desk, running: Running) -> None:
    receipt = planned(desk).run(before(desk, EDIT, lambda: taken_over(running)), apply=True)
    assert receipt.failure == f"triage.categorise#record: {claims.TAKEN}"


def taken_over(running: Running, ticket: int = 101) -> None:
    """By a person, who waits as long as they are told to."""

    def wait(seconds: float) -> None:
        post(running.url, "/sandbox/clock", {"advance": seconds + 1})

    claims.take_over(another(running), ticket, wait)


def test_a_stranger_who_writes_a_claim_holds_up_nobody(desk: Desk, running: Running) -> None:
    said = f"Run {'ab' * 6} 0badcafe 7 1, on far-away\n\nRef 101-1-triage.claim"
    sender = desk.case(101).requester.mail
    post(running.url, "/sandbox/incoming", {"from": sender, "ticket_id": 101, "subject": "", "body": said})
    assert planned(desk).run(desk, apply=True).failure == ""


def test_a_run_that_takes_too_long_stops_before_others_take_it_for_dead(desk: Desk, running: Running) -> None:
    def wait() -> None:
        post(running.url, "/sandbox/clock", {"advance": claims.WORKS.seconds + 1})

    receipt = planned(desk).run(before(desk, PUT, wait), apply=True)
    assert "has taken more than 5 minutes" in receipt.failure
    assert mails(running) == 0
    assert notes(desk) == ["triage.claim"]
    assert planned(desk).run(desk, apply=True).failure == ""
    assert notes(desk) == ["triage.categorise#record"]


def test_a_run_that_stops_says_on_the_ticket_how_far_it_came(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/faults", [{"method": "POST", "path": "/api/v2/tickets/101/reply", "status": 400}])
    receipt = planned(desk).run(desk, apply=True)
    assert receipt.outcome == "failed"
    (said,) = [ref.entry.body for ref in desk.case(101).references()]
    assert "Triage: not finished" in said
    assert "Assign" in said
    assert "Run it again" in said
    post(running.url, "/sandbox/faults", [])
    assert planned(desk).run(desk, apply=True).failure == ""
    assert notes(desk) == ["triage.categorise#record"]


def test_a_run_that_stops_before_it_did_anything_leaves_nothing(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/faults", [{"method": "PUT", "path": "/api/v2/tickets/101", "status": 400}])
    assert planned(desk).run(desk, apply=True).outcome == "failed"
    assert notes(desk) == []


def test_where_nothing_is_to_be_done_nothing_is_claimed(desk: Desk, running: Running) -> None:
    planned(desk).run(desk, apply=True)
    written = get(running.url, "/sandbox/state")["requests"].get("POST /api/v2/tickets/101/notes")
    assert planned(desk).run(desk, apply=True).failure == ""
    assert get(running.url, "/sandbox/state")["requests"].get("POST /api/v2/tickets/101/notes") == written


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_claim_whose_answer_is_lost_is_looked_for(when: str, desk: Desk, running: Running) -> None:
    fault = {"method": "POST", "path": "/api/v2/tickets/101/notes", "drop": when, "times": 1}
    post(running.url, "/sandbox/faults", [fault])
    receipt = planned(desk).run(desk, apply=True)
    assert (receipt.failure == "") == (when == "after")
    assert mails(running) == (1 if when == "after" else 0)
    assert planned(desk).run(desk, apply=True).failure == ""
    assert mails(running) == 1
    assert notes(desk) == ["triage.categorise#record"]


def test_what_a_run_did_just_before_it_ended_is_seen(
    desk: Desk, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends while another one, which has read the conversation, reads what stands around it."""
    theirs, plan = planned(another(running)), planned(desk)
    first = claims.take(another(running), desk.case(101), "triage", theirs.told)

    def ends() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(claims, "take", lambda *_: first)
            assert theirs.run(another(running), apply=True).failure == ""

    desk.helpdesk.note(101, "<p>So what stands around the ticket is read anew, after it.</p>")
    held = replace(desk, pager=Between(desk.pager, "open_pages", ends, 2))  # type: ignore[type-var]
    assert plan.run(held, apply=True).failure == ""
    assert mails(running) == 1
    assert notes(desk) == ["triage.categorise#record"]


def test_a_record_whose_answer_is_lost_stays(desk: Desk, running: Running) -> None:
    fault = {"method": "PUT", "path": "/api/v2/conversations/*", "drop": "after", "times": 1}
    post(running.url, "/sandbox/faults", [fault])
    assert planned(desk).run(desk, apply=True).failure == ""
    assert notes(desk) == ["triage.categorise#record"]


# What a run left when it died, where the ticket is nobody's work any more.


@pytest.mark.parametrize(
    ("ticket", "call", "left"),
    [
        (105, EDIT, ["triage.authorise#record"]),  # a stranger's: the representatives were asked, the record is missing
        (
            117,
            "delete_note",
            ["triage.screen#record"],
        ),  # spam, which was closed; that a run is at it still stands there
    ],
)
def test_a_sweep_that_remembers_nothing_ends_what_a_dead_one_began(
    ticket: int, call: str, left: list[str], desk: Desk, running: Running
) -> None:
    def killed() -> None:
        raise Died

    with pytest.raises(Died):
        planned(desk, ticket).run(before(desk, call, killed), apply=True)
    assert "triage.claim" in notes(desk, ticket)
    mailed = [mail["ticket_id"] for mail in get(running.url, "/sandbox/outbox")]
    sweep, again = runbook("sweep"), another(running)
    facts = sweep.read(again)
    sweep.plan(facts, sweep.decide(facts)).run(again, apply=True, unattended=True)
    assert notes(desk, ticket) == left
    after = [mail["ticket_id"] for mail in get(running.url, "/sandbox/outbox")]
    assert after.count(ticket) == mailed.count(ticket)


def taken_up(running: Running, ticket: int = 117) -> Done:
    return take_up(another(running), ticket, apply=True, unattended=True)


@pytest.mark.parametrize(
    ("ticket", "call", "left"),
    [(105, EDIT, ["triage.authorise#record"]), (117, "delete_note", ["triage.screen#record"])],
)
def test_a_run_that_died_elsewhere_is_looked_for_until_its_claim_lapses(
    ticket: int, call: str, left: list[str], desk: Desk, running: Running
) -> None:
    """It holds while the next sweeps look; none of them forgets the ticket, which no list shows any more."""

    def killed() -> None:
        raise Died

    far = replace(desk, place=Place("0badcafe", "far-away", 7, "1"))
    with pytest.raises(Died):
        planned(far, ticket).run(before(far, call, killed), apply=True)
    assert not taken_up(running, ticket).ended
    assert "triage.claim" in notes(desk, ticket)
    post(running.url, "/sandbox/clock", {"advance": claims.HOLDS.seconds + 60})
    assert not taken_up(running, ticket).ended
    assert notes(desk, ticket) == left
    assert taken_up(running, ticket).ended


def test_a_sweep_that_meets_a_claim_keeps_the_ticket_in_mind(desk: Desk, running: Running) -> None:
    far = replace(desk, place=Place("0badcafe", "far-away", 7, "1"))
    claims.take(far, far.case(117), "triage", "plan p-1")
    desk.helpdesk.update(117, {"status": "Closed"})
    sweep = runbook("sweep")
    facts = sweep.read(desk)
    nothing = replace(sweep.plan(facts, sweep.decide(facts)), lines=())
    nothing.run(desk, apply=True, unattended=True)
    assert 117 in recalled(desk.memory).begun


def test_a_note_that_could_not_be_taken_away_goes_with_the_next_sweep(desk: Desk, running: Running) -> None:
    fault = {"method": "DELETE", "path": "/api/v2/conversations/*", "status": 500, "times": 1}
    post(running.url, "/sandbox/faults", [fault])
    receipt = planned(desk, 117).run(desk, apply=True)
    assert "triage.claim" in notes(desk, 117)
    assert not Done(117, (receipt,)).ended
    taken_up(running)
    assert notes(desk, 117) == ["triage.screen#record"]


# A person in the middle. The ticket is read with the facts, right before the first change, and again before a mail.

FACTS, LOOK = 1, 2


def meanwhile(desk: Desk, running: Running, when: int, **values: object) -> Desk:
    """The desk, on which a person changes ticket 101 just before it is read for the `when`th time."""
    person = another(running)
    return before(desk, "whole", lambda: person.helpdesk.update(101, values) and None, when)


def other_agent(desk: Desk, plan: Plan) -> int:
    chosen = {getattr(action, "agent", None) for action in plan.actions}
    return next(agent.id for agent in desk.case(101).staff() if agent.id not in chosen)


@pytest.mark.parametrize(
    ("fault", "then"),
    [({"status": 404}, "announced"), ({"drop": "before"}, "unclear"), ({"drop": "after"}, "unclear")],
)
def test_what_a_webhook_certainly_did_not_post_the_next_run_posts(
    fault: dict[str, object], then: str, desk: Desk, running: Running
) -> None:
    """A webhook cannot be read back: what may have arrived is for a person; what was refused did not arrive."""
    hooked = replace(desk, chat=SlackWebhook(f"{running.url}/slack/services/T0/B0/sandbox"))
    post(running.url, "/sandbox/faults", [{"method": "POST", "path": "/slack/*", "times": 1, **fault}])
    first = planned(hooked, 116).run(hooked, apply=True)
    assert [line.state for line in first.actions][1:] == ["failed", "not reached", "not reached"]
    assert [key for key in notes(desk, 116) if key.endswith("#intent")] == ["triage.screen#intent"] * (
        then == "unclear"
    )
    second = planned(hooked, 116).run(hooked, apply=True)
    assert second.outcome == then
    assert (desk.case(116).ticket.status == "Closed") == (then == "announced")


@pytest.mark.parametrize("when", [FACTS, LOOK])
def test_an_agent_whom_a_person_assigned_meanwhile_is_left_and_no_mail_names_another(
    when: int, desk: Desk, running: Running
) -> None:
    plan = planned(desk)
    theirs = other_agent(desk, plan)
    receipt = plan.run(meanwhile(desk, running, when, agent=theirs), apply=True)
    assert re.search(r"ticket's agent (went )?from \w+", receipt.failure)
    assert desk.case(101).agent(theirs).name in receipt.failure  # type: ignore[union-attr]
    assert "on Mon 23 Nov 2026 17:55 UTC" in receipt.failure
    assert desk.case(101).ticket.agent == theirs
    assert mails(running) == 0


@pytest.mark.parametrize("when", [FACTS, LOOK])
def test_a_ticket_that_a_person_closed_meanwhile_is_left_closed_without_a_mail(
    when: int, desk: Desk, running: Running
) -> None:
    receipt = planned(desk).run(meanwhile(desk, running, when, status="Closed"), apply=True)
    assert re.search("ticket's status (went )?from Open to Closed", receipt.failure)
    assert desk.case(101).ticket.status == "Closed"
    assert mails(running) == 0


def test_a_type_that_a_person_chose_meanwhile_stands(desk: Desk, running: Running) -> None:
    chosen = desk.organization.ticket_types["guidance"]
    receipt = planned(desk).run(meanwhile(desk, running, FACTS, type=chosen), apply=True)
    assert "the ticket's type went from nothing to" in receipt.failure
    assert desk.case(101).ticket.type == chosen


def test_a_status_that_a_person_set_meanwhile_stands(desk: Desk, running: Running) -> None:
    """The ticket was looked at before the mail; it is once more before its status is set."""
    planned(desk).run(desk, apply=True)
    person, plan = another(running), planned(desk, 101, "resolve", outcome="fixed", message="It is there.")
    hand = before(desk, "whole", lambda: person.helpdesk.update(101, {"status": "Closed"}) and None, 2)
    receipt = plan.run(hand, apply=True)
    assert "changed the ticket's status from Open to Closed" in receipt.failure
    assert desk.case(101).ticket.status == "Closed"


def test_a_tag_that_a_person_added_meanwhile_stays(desk: Desk, running: Running) -> None:
    plan = planned(desk, 105)
    assert any(getattr(action, "add", ()) for action in plan.actions)
    person = another(running)
    tagged = lambda: person.helpdesk.update(105, {"tags": ("later",)}) and None  # noqa: E731
    assert plan.run(before(desk, "ticket", tagged), apply=True).failure == ""
    assert {"later", desk.organization.tags.waiting} <= set(desk.case(105).ticket.tags)


def test_a_mail_is_not_sent_over_an_answer_that_came_meanwhile(desk: Desk, running: Running) -> None:
    sender = desk.case(101).requester

    def writes() -> None:
        mail = {"from": sender.mail, "ticket_id": 101, "subject": "", "body": "It is solved, thank you."}
        post(running.url, "/sandbox/incoming", mail)

    receipt = planned(desk).run(before(desk, "whole", writes, LOOK), apply=True)
    assert f"{sender.name} wrote on Mon 23 Nov 2026 17:55 UTC, after this was planned" in receipt.failure
    assert mails(running) == 0

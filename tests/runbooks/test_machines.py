"""Machines that write to the helpdesk, over HTTP: what they send is not answered, and no loop goes on."""

from __future__ import annotations

from typing import Any

import pytest
from roads import planned, run, world
from talking import get, post

from deskbook.engine.plan import Receipt
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running

MACHINE = "ada@aurora.example.org"
LIMIT = 5
AWAY = {
    "from": MACHINE,
    "subject": "Automatic reply: Re: your request",
    "body": "I am out of the office until 7 December. For urgent matters contact Otto.",
    "headers": {"Auto-Submitted": "auto-replied"},
}
# A script that sends its request anew whenever a mail comes in: nothing about it shows a machine.
SCRIPT = {
    "from": MACHINE,
    "subject": "xarray is missing",
    "body": "Importing xarray on https://aurora.hubs.example.org fails with ModuleNotFoundError.",
}


@pytest.fixture(autouse=True)
def searches_see_everything(running: Running) -> None:
    post(running.url, "/sandbox/switches", {"index_lag": 0})


def triaged(desk: Desk, ticket: int) -> Receipt:
    return run(desk, "triage", ticket)


def mails(running: Running) -> list[dict[str, Any]]:
    """What we mailed to the machine so far."""
    return [mail for mail in get(running.url, "/sandbox/outbox") if MACHINE in (*mail["to"], *mail["cc"])]


def looped(desk: Desk, running: Running, answer: dict[str, Any], most: int = 20) -> list[Receipt]:
    """A machine sends a new mail for each mail of ours, and triage runs on each; the receipts, until it is quiet."""
    receipts: list[Receipt] = []
    number = post(running.url, "/sandbox/incoming", SCRIPT)["ticket_id"]
    while len(receipts) < most:
        before = len(mails(running))
        receipts.append(triaged(desk, number))
        if len(mails(running)) == before:
            break
        number = post(running.url, "/sandbox/incoming", answer)["ticket_id"]
    return receipts


def test_an_auto_responder_and_triage_exchange_one_mail(desk: Desk, running: Running) -> None:
    receipts = looped(desk, running, AWAY)
    assert [receipt.outcome for receipt in receipts] == ["ordinary", "noise"]
    assert len(mails(running)) == 1
    assert not [mail for mail in get(running.url, "/sandbox/outbox") if mail["kind"] == "survey"]


@pytest.mark.parametrize(
    "answer",
    [
        {**AWAY, "headers": {}},
        {**AWAY, "headers": {}, "subject": "Out of Office", "auto_response": True},
        {**AWAY, "from": "MAILER-DAEMON@aurora.example.org", "subject": "Undelivered Mail Returned to Sender", "headers": {}},
        {**AWAY, "from": "no-reply@aurora.example.org", "subject": "Ticket #88213 received", "headers": {}},
    ],
    ids=["without headers", "with the mark", "of the mail system", "of another helpdesk"],
)  # fmt: skip
def test_no_machine_is_answered(desk: Desk, running: Running, answer: dict[str, Any]) -> None:
    receipts = looped(desk, running, answer)
    assert receipts[-1].outcome in ("noise", "unclear")
    assert len(get(running.url, "/sandbox/outbox")) == 1


def test_a_loop_that_nobody_recognises_ends_at_the_limit_and_leaves_its_last_ticket_as_it_was(
    desk: Desk, running: Running
) -> None:
    receipts = looped(desk, running, SCRIPT)
    assert len(mails(running)) == LIMIT == desk.organization.mail.most_per_hour
    assert [receipt.outcome for receipt in receipts] == ["ordinary"] * LIMIT + ["held"]
    last = receipts[-1]
    assert (last.actions, last.next, last.failure) == ((), None, "")
    assert "two machines may be answering each other" in last.needs_human[0]
    number = int(last.subject.split()[-1])
    before = world(running.url)
    again = triaged(desk, number)
    assert again.outcome == "held"
    assert world(running.url) == before
    post(running.url, "/sandbox/clock", {"advance": 3600})
    assert triaged(desk, number).outcome == "ordinary"
    assert len(mails(running)) == LIMIT + 1


def test_an_automatic_reply_on_a_ticket_changes_nothing(desk: Desk, running: Running) -> None:
    number = post(running.url, "/sandbox/incoming", SCRIPT)["ticket_id"]
    first = triaged(desk, number)
    post(running.url, "/sandbox/incoming", {**AWAY, "ticket_id": number})
    before = world(running.url)
    second = triaged(desk, number)
    assert second.digest == first.digest
    assert {line.state for line in second.actions} == {"already done"}
    assert world(running.url) == before


def test_an_automatic_reply_after_our_word_that_it_is_done_begins_no_new_cycle(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/switches", {"reply_reopens": False})
    number = post(running.url, "/sandbox/incoming", SCRIPT)["ticket_id"]
    triaged(desk, number)
    assert run(desk, "resolve", number, outcome="fixed", message="It is there now.").outcome == "waiting"
    post(running.url, "/sandbox/incoming", {**AWAY, "ticket_id": number, "body": "It still fails: I am away."})
    assert planned(desk, "resolve", number).outcome == "waiting"
    assert desk.case(number).cycle == 1

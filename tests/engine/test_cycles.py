"""What was decided in one cycle does nothing by itself in the next; and texts that a person wrote anew."""

from __future__ import annotations

import json
from typing import Any

import pytest
from talking import get, post
from test_claims import planned

from deskbook.engine.plan import Plan, Receipt
from deskbook.errors import ParameterError
from deskbook.runbooks.catalog import runbook
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running

FIXED = {"outcome": "fixed", "message": "The image has it now."}


def run(desk: Desk, name: str, ticket: int = 101, **decision: object) -> Receipt:
    return planned(desk, ticket, name, **decision).run(desk, apply=True)


@pytest.fixture
def reopened(desk: Desk, running: Running) -> Desk:
    """Ticket 101 in its second cycle: fixed, refuted by its requester, reopened."""
    run(desk, "triage")
    assert run(desk, "resolve", **FIXED).outcome == "waiting"
    mail = {"from": desk.case(101).requester.mail, "ticket_id": 101, "subject": "", "body": "No, it does not work yet."}
    post(running.url, "/sandbox/incoming", mail)
    assert run(desk, "resolve", outcome="refuted").outcome == "reopened"
    assert desk.case(101).cycle == 2
    return desk


def mails(running: Running) -> int:
    return sum(mail["kind"] == "reply" for mail in get(running.url, "/sandbox/outbox"))


def test_the_same_decision_in_the_next_cycle_does_nothing_by_itself(reopened: Desk, running: Running) -> None:
    before = mails(running)
    receipt = run(reopened, "resolve", **FIXED)
    assert (receipt.outcome, receipt.actions, receipt.next) == ("another-cycle", (), None)
    assert "The very same was decided in cycle 1" in receipt.needs_human[0]
    assert "say cycle=2" in receipt.needs_human[0]
    assert mails(running) == before


def test_a_person_may_mean_it_for_this_cycle_as_well(reopened: Desk, running: Running) -> None:
    before = mails(running)
    assert run(reopened, "resolve", **FIXED, cycle=2).outcome == "waiting"
    assert mails(running) == before + 1


@pytest.mark.parametrize("cycle", [1, 3])
def test_a_decision_for_another_cycle_does_nothing(cycle: int, reopened: Desk) -> None:
    receipt = run(reopened, "resolve", outcome="fixed", message="Now it is really there.", cycle=cycle)
    assert receipt.outcome == "another-cycle"
    assert f"decided for cycle {cycle}, and the ticket is in cycle 2" in receipt.needs_human[0]


def test_a_new_decision_needs_not_say_its_cycle(reopened: Desk) -> None:
    assert run(reopened, "resolve", outcome="fixed", message="Now it is really there.").outcome == "waiting"


def test_what_leaves_all_to_the_advice_goes_on_in_every_cycle(reopened: Desk) -> None:
    assert run(reopened, "triage").outcome not in ("another-cycle", "failed")


def test_the_cycle_is_part_of_what_is_approved(desk: Desk) -> None:
    assert planned(desk, 101, "resolve", **FIXED).digest == planned(desk, 101, "resolve", **FIXED, cycle=1).digest
    assert planned(desk, 101, "resolve", **FIXED).decision.cycle == 1  # type: ignore[attr-defined]


# Texts.


def told(**texts: str) -> str:
    return json.dumps({key.replace("_", "."): text for key, text in texts.items()})


def test_a_mail_goes_out_as_a_person_wrote_it(desk: Desk, running: Running) -> None:
    ours = planned(desk)
    plan = planned(desk, texts=told(triage_acknowledge="Dear Ada,\n\nwe **have** it. 5 < 6, {x} and %s."))
    assert plan.digest != ours.digest
    assert plan.run(desk, apply=True).failure == ""
    (mail,) = get(running.url, "/sandbox/outbox")
    assert "we <strong>have</strong> it. 5 &lt; 6, {x} and %s." in mail["body"]
    assert "Hello" not in mail["body"]
    assert "Ref 101-1-triage.acknowledge" in mail["body"]
    assert planned(desk).run(desk, apply=True).failure == ""
    assert len(get(running.url, "/sandbox/outbox")) == 1


def test_the_words_of_a_mail_are_what_its_text_says_without_the_reference(desk: Desk) -> None:
    plan = planned(desk)
    (mail,) = [action for action in plan.actions if action.key == "triage.acknowledge"]
    again = planned(desk, texts=json.dumps({mail.key: mail.words}))  # type: ignore[attr-defined]
    assert [a.html for a in again.actions if a.key == mail.key] == [mail.html]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("hello", "is no JSON"),
        ('["a"]', "each step needs a text of its own"),
        ('{"triage.acknowledge": ""}', "each step needs a text of its own"),
        ('{"triage.acknowledge": 5}', "each step needs a text of its own"),
        ('{"triage.nothing": "x"}', "nothing called 'triage.nothing' is written here; these are: triage.acknowledge"),
        (json.dumps({"triage.acknowledge": "x" * 20_001}), "20,000 characters at most"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_texts_that_cannot_be_used_are_named(texts: str, said: str, desk: Desk) -> None:
    with pytest.raises(ParameterError, match=said):
        planned(desk, texts=texts)


def test_an_update_of_an_incident_is_written_in_its_message(desk: Desk) -> None:
    book = runbook("incident")
    opened: Any = book.read(desk, ticket_id=111)
    assert book.plan(opened, book.decide(opened, stage="open")).run(desk, apply=True).failure == ""
    case = book.read(desk, ticket_id=111)
    decision = book.decide(case, stage="update", message="We look.", texts='{"incident.update": "x"}')
    with pytest.raises(ParameterError, match="message=…"):
        book.plan(case, decision)


def test_a_digest_names_the_same_plan_whoever_spells_the_texts(desk: Desk) -> None:
    texts = '{ "triage.acknowledge" :\n "Hi." }'
    one: Plan = planned(desk, texts=texts)
    assert one.digest == planned(desk, texts=json.dumps(json.loads(texts))).digest

"""The helpdesk adapter writes once, refuses what cannot be, and says what became of a write whose answer is lost."""

from __future__ import annotations

from typing import Any

import pytest
from helpdesks import ORGANIZATION, asked, control, mails, staff, ticket, write

from deskbook.errors import AnswerLost, Refused, Unavailable
from deskbook.services.freshdesk.client import Freshdesk
from deskbook_sandbox.server import Running


def test_a_reply_mails_the_requester_and_the_copies_once(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    conversation = desk.reply(number, "<p>We look.</p>", ["otto@aurora.example.org"])
    (mail,) = mails(sandbox)
    assert (mail["to"], mail["cc"]) == (["ada@aurora.example.org"], ["otto@aurora.example.org"])
    assert conversation == str(desk.entries(number)[-1].id)


def test_who_is_in_copy_of_a_mail_is_known_by_bare_address(sandbox: Running, desk: Freshdesk) -> None:
    first = {"from": "ada@aurora.example.org", "body": "Help", "cc": ["Otto Berg <Otto@aurora.example.org>"]}
    number = control(sandbox, "incoming", first)["ticket_id"]
    assert desk.ticket(number).cc == ("otto@aurora.example.org",)
    more = {"from": "ada@aurora.example.org", "body": "More", "ticket_id": number, "cc": ["dean@aurora.example.org"]}
    control(sandbox, "incoming", more)
    assert desk.ticket(number).cc == ("otto@aurora.example.org", "dean@aurora.example.org")


def test_a_note_is_private_and_mails_nobody(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    conversation = desk.note(number, "<p>Ref 1-1-triage.acknowledge</p>")
    (entry,) = desk.entries(number)
    assert (str(entry.id), entry.private) == (conversation, True)
    assert mails(sandbox) == []


def test_a_change_is_written_in_the_helpdesks_own_terms(sandbox: Running, desk: Freshdesk) -> None:
    company = write(sandbox, "/companies", {"name": "Aurora"})["id"]
    number, grace = ticket(sandbox), staff(desk, "grace")
    desk.update(
        number, {"status": "Closed", "agent": grace, "community": company, "type": "Incident", "tags": ("a", "b")}
    )
    found = desk.ticket(number)
    assert (found.status, found.agent, found.community, found.type) == ("Closed", grace, company, "Incident")
    assert set(found.tags) == {"a", "b"}


def test_no_changes_are_no_call(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    desk.update(number, {})
    assert f"PUT /api/v2/tickets/{number}" not in asked(sandbox)


@pytest.mark.parametrize("changes", [{"status": "Snoozed"}, {"colour": "red"}, {"tags": "one"}])
def test_a_change_that_cannot_be_made_is_refused_before_any_is(
    sandbox: Running, desk: Freshdesk, changes: dict[str, object]
) -> None:
    number = ticket(sandbox)
    with pytest.raises(Refused):
        desk.update(number, {"type": "Incident", **changes})
    assert desk.ticket(number).type is None


def test_a_refused_value_is_named_with_its_field(sandbox: Running, desk: Freshdesk) -> None:
    with pytest.raises(Refused, match=r"type: .*Incident"):
        desk.update(ticket(sandbox), {"type": "No such type"})


def test_a_deleted_ticket_is_not_changed(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    note = int(desk.note(number, "Words"))
    write(sandbox, f"/tickets/{number}", {}, "DELETE")
    with pytest.raises(Refused, match="was deleted or marked as spam"):
        desk.update(number, {"status": "Closed"})
    with pytest.raises(Refused, match="was deleted or marked as spam"):
        desk.book(number, desk.me().id, 5, "worked", billable=True)
    with pytest.raises(Refused, match="was deleted or marked as spam"):
        desk.edit_note(note, "Other words")


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"truncate": True}])
def test_a_lost_answer_is_reported_not_repeated(sandbox: Running, desk: Freshdesk, fault: dict[str, Any]) -> None:
    number = ticket(sandbox)
    control(sandbox, "faults", [{"method": "POST", "path": "/api/v2/tickets/*/reply", **fault}])
    with pytest.raises(AnswerLost, match="look before repeating"):
        desk.reply(number, "<p>We look.</p>")
    assert len(mails(sandbox)) == 1


def test_a_request_lost_on_its_way_counts_as_uncertain(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    control(sandbox, "faults", [{"method": "POST", "path": "/api/v2/tickets/*/notes", "drop": "before"}])
    with pytest.raises(AnswerLost):
        desk.note(number, "<p>Done.</p>")
    assert desk.entries(number) == ()
    assert asked(sandbox)[f"POST /api/v2/tickets/{number}/notes"] == 1


def test_a_reading_call_survives_two_stumbles(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    orders = [
        {"method": "GET", "path": f"/api/v2/tickets/{number}", "status": 500, "times": 1},
        {"method": "GET", "path": f"/api/v2/tickets/{number}", "truncate": True, "times": 1},
    ]
    control(sandbox, "faults", orders)
    assert desk.ticket(number).id == number


def test_a_helpdesk_that_is_out_of_order_is_unavailable(sandbox: Running, desk: Freshdesk) -> None:
    control(sandbox, "faults", [{"path": "/api/v2/*", "status": 503}])
    with pytest.raises(Unavailable, match="503"):
        desk.agents()


def test_a_write_turned_away_for_its_number_lands_once(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    order = {"method": "POST", "path": "/api/v2/*", "status": 429, "retry_after": 1, "times": 1}
    control(sandbox, "faults", [order])
    desk.reply(number, "<p>We look.</p>")
    assert len(mails(sandbox)) == 1


def test_a_wrong_key_names_the_setting_and_not_the_key(sandbox: Running) -> None:
    with pytest.raises(Refused, match="FRESHDESK_API_KEY") as caught:
        Freshdesk(sandbox.url, "a-wrong-key", ORGANIZATION).me()
    assert "a-wrong-key" not in str(caught.value)

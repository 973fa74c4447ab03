"""What is said on a ticket, and the mail it causes."""

from __future__ import annotations

import pytest

ITEM = {
    "body", "body_text", "id", "incoming", "private", "user_id", "support_email", "source", "category", "ticket_id",
    "to_emails", "from_email", "cc_emails", "bcc_emails", "email_failure_count", "outgoing_failures", "thread_id",
    "thread_message_id", "created_at", "updated_at", "last_edited_at", "last_edited_user_id", "attachments",
    "automation_id", "automation_type_id", "auto_response", "source_additional_info",
}  # fmt: skip


def test_a_reply_mails_the_requester_and_the_copies(quick):
    reply = quick.make("/tickets/101/reply", {"body": "<p>Hi</p>", "cc_emails": ["Oskar <oskar@aurora.example.org>"]})
    assert set(reply) == {
        "body", "body_text", "id", "user_id", "from_email", "cc_emails", "bcc_emails", "ticket_id", "replied_to",
        "attachments", "created_at", "updated_at",
    }  # fmt: skip
    assert (reply["replied_to"], reply["from_email"]) == (["ada@aurora.example.org"], "2i2c <support@2i2c.org>")
    assert quick.outbox() == [
        {
            "to": ["ada@aurora.example.org"],
            "cc": ["oskar@aurora.example.org"],
            "bcc": [],
            "subject": "Re: xarray no longer imports on our hub",
            "body": "<p>Hi</p>",
            "ticket_id": 101,
            "at": "2026-11-23T17:55:00Z",
            "kind": "reply",
        }
    ]
    (item,) = quick.get("/tickets/101/conversations")
    assert set(item) == ITEM
    assert (item["source"], item["category"], item["incoming"], item["private"]) == (0, 3, False, False)
    assert quick.get("/tickets/101")["cc_emails"] == ["oskar@aurora.example.org"]
    assert quick.get("/tickets/101")["status"] == 2


def test_a_note_is_private_and_mails_only_whom_it_names(quick):
    note = quick.make("/tickets/101/notes", {"body": "x"})
    assert set(note) == {
        "body", "body_text", "id", "incoming", "private", "user_id", "support_email", "ticket_id", "notified_to",
        "attachments", "created_at", "updated_at",
    }  # fmt: skip
    assert (note["private"], note["incoming"], note["notified_to"]) == (True, False, [])
    assert quick.outbox() == []
    quick.make("/tickets/101/notes", {"body": "x", "notify_emails": ["mei.tanaka@staff.example.org"]})
    assert [(mail["kind"], mail["to"]) for mail in quick.outbox()] == [("note", ["mei.tanaka@staff.example.org"])]
    first = quick.get("/tickets/101/conversations")[0]
    assert (first["source"], first["category"], first["to_emails"]) == (2, 2, [])
    assert (first["support_email"], first["from_email"], first["bcc_emails"]) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_field"),
        ({"body": " "}, "invalid_value"),
        ({"body": 3}, "datatype_mismatch"),
        ({"body": None}, "datatype_mismatch"),
    ],
)
def test_nothing_said_is_refused(quick, body, code):
    for path in ("/tickets/101/reply", "/tickets/101/notes"):
        assert quick.problems("POST", path, body)["body"][0] == code
    assert quick.outbox() == []


def test_mail_only_leaves_from_our_own_addresses(quick):
    assert quick.problems("POST", "/tickets/101/reply", {"body": "x", "from_email": "boss@example.com"})["from_email"]


def test_conversations_come_oldest_first_and_in_pages(quick):
    for number in range(5):
        quick.make("/tickets/101/notes", {"body": str(number)})
    answer = quick.api("GET", "/tickets/101/conversations", params={"per_page": 2, "page": 2})
    assert [each["body_text"] for each in answer.json()] == ["2", "3"]
    assert "page=3" in answer.links["next"]["url"]


def test_notes_are_edited_and_replies_are_not(quick):
    note = quick.make("/tickets/101/notes", {"body": "x"})["id"]
    reply = quick.make("/tickets/101/reply", {"body": "x"})["id"]
    quick.advance(minutes=1)
    assert quick.change(f"/conversations/{note}", {"body": "y"})["body_text"] == "y"
    assert quick.get("/tickets/101/conversations")[0]["last_edited_at"] == "2026-11-23T17:56:00Z"
    assert quick.api("PUT", f"/conversations/{reply}", {"body": "y"}).status_code == 405
    assert quick.api("GET", f"/conversations/{note}").status_code == 405
    assert quick.api("DELETE", f"/conversations/{note}").status_code == 204
    assert quick.api("DELETE", f"/conversations/{note}").status_code == 404


def test_a_forward_is_private_and_mailed(quick):
    made = quick.make(
        "/tickets/101/forward", {"body": "see", "to_emails": ["v@vendor.org"], "include_quoted_text": True}
    )
    assert (made["source"], made["category"], made["private"]) == (8, 2, True)
    assert "xarray" in quick.outbox()[0]["body"]
    assert quick.get("/tickets/101")["fwd_emails"] == ["v@vendor.org"]
    assert quick.make("/tickets/101/reply_to_forward", {"body": "x", "to_emails": ["v@vendor.org"]})["category"] == 6
    assert [mail["kind"] for mail in quick.outbox()] == ["forward", "forward"]
    assert quick.problems("POST", "/tickets/101/forward", {"body": "x"})["to_emails"][0] == "missing_field"


@pytest.mark.parametrize("status", [3, 4, 5])
def test_a_customers_reply_reopens(quick, status):
    quick.change("/tickets/101", {"status": status})
    quick.advance(minutes=1)
    quick.control("/incoming", {"from": "ada@aurora.example.org", "body": "still broken", "ticket_id": 101})
    found = quick.get("/tickets/101", include="stats")
    assert found["status"] == 2
    assert found["stats"]["requester_responded_at"] == "2026-11-23T17:56:00Z"
    assert found["stats"]["reopened_at"] == (None if status == 3 else "2026-11-23T17:56:00Z")


def test_reopening_can_be_switched_off(quick):
    quick.control("/switches", {"reply_reopens": False})
    quick.change("/tickets/101", {"status": 4})
    quick.control("/incoming", {"from": "ada@aurora.example.org", "body": "thanks", "ticket_id": 101})
    assert quick.get("/tickets/101")["status"] == 4


def test_a_contacts_public_note_reopens_and_an_agents_does_not(quick):
    ada = quick.get("/tickets/101")["requester_id"]
    quick.change("/tickets/101", {"status": 3})
    quick.make("/tickets/101/notes", {"body": "x", "private": False})
    assert quick.get("/tickets/101")["status"] == 3
    quick.make("/tickets/101/notes", {"body": "x", "private": False, "incoming": True, "user_id": ada})
    assert quick.get("/tickets/101")["status"] == 2


def test_automatic_notices_are_off_until_switched_on(quick):
    quick.ticket()
    assert quick.outbox() == []
    quick.control("/switches", {"automatic_notices": True})
    quick.ticket()
    assert [mail["kind"] for mail in quick.outbox()] == ["notice"]


def test_a_reply_to_somebody_without_mail_reaches_only_the_copies(quick):
    assert quick.make("/tickets/126/reply", {"body": "x"})["replied_to"] == []
    assert quick.outbox() == []
    quick.make("/tickets/126/reply", {"body": "x", "cc_emails": ["dev@delta.example.org"]})
    assert [(mail["to"], mail["cc"]) for mail in quick.outbox()] == [([], ["dev@delta.example.org"])]

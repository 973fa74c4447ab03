"""Tickets of the helpdesk."""

from __future__ import annotations

import time

import pytest

CREATED = {
    "cc_emails", "fwd_emails", "reply_cc_emails", "ticket_cc_emails", "ticket_bcc_emails", "email_config_id",
    "fr_escalated", "group_id", "priority", "requester_id", "responder_id", "source", "spam", "company_id", "status",
    "subject", "support_email", "to_emails", "product_id", "id", "type", "due_by", "fr_due_by", "is_escalated",
    "nr_due_by", "nr_escalated", "form_id", "description", "description_text", "custom_fields", "created_at",
    "updated_at", "tags", "attachments",
}  # fmt: skip
STATS = {
    "agent_responded_at", "requester_responded_at", "first_responded_at", "status_updated_at", "reopened_at",
    "resolved_at", "closed_at", "pending_since",
}  # fmt: skip
ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def test_a_new_ticket_shows_exactly_these_keys(sandbox):
    answer = sandbox.api(
        "POST",
        "/tickets",
        {"email": "New@Example.org", "subject": "s", "description": "a < b", "status": 2, "priority": 1},
    )
    made = answer.json()
    assert set(made) == CREATED
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{sandbox.url}/api/v2/tickets/132")
    assert (made["id"], made["source"], made["description"], made["description_text"]) == (
        132,
        2,
        "<div>a &lt; b</div>",
        "a < b",
    )
    contact = sandbox.get(f"/contacts/{made['requester_id']}")
    assert (contact["email"], contact["name"]) == ("new@example.org", "new")


def test_the_view_and_the_list_show_exactly_these_keys(sandbox):
    more = {"association_type", "source_additional_info", "source_info", "sentiment_score", "initial_sentiment_score"}
    assert set(sandbox.get("/tickets/101")) == CREATED | more
    item = sandbox.get("/tickets")[0]
    texts = {"description", "description_text", "attachments"}
    assert set(item) == CREATED - texts | {"association_type", "associated_tickets_count", "structured_description"}
    full = sandbox.get("/tickets", include="stats,requester,description,company")[0]
    assert set(full) == set(item) | texts | {"stats", "requester", "company"}
    assert set(full["stats"]) == STATS


def test_a_view_includes_what_is_asked_for(sandbox):
    found = sandbox.get("/tickets/106", include="conversations,requester,company,stats")
    assert found["requester"] == {
        "id": found["requester_id"],
        "name": "Alva Strand",
        "email": "alva@aurora.example.org",
        "mobile": None,
        "phone": None,
    }
    assert found["company"] == {"id": found["company_id"], "name": "Aurora Climate Lab"}
    assert len(found["conversations"]) == 2
    assert sandbox.get("/tickets/121", include="company")["company"] == {}
    assert sandbox.problems("GET", "/tickets/101", include="everything")["include"][1].startswith("Should be a value")


def test_a_view_includes_at_most_ten_conversations(quick):
    for number in range(12):
        quick.make("/tickets/101/notes", {"body": str(number)})
    found = quick.get("/tickets/101", include="conversations")["conversations"]
    assert [each["body_text"] for each in found] == [str(number) for number in range(10)]


def test_what_is_missing_is_named_all_at_once(sandbox):
    text, value = "It should be a/an String", "It should be one of these values: "
    assert sandbox.problems("POST", "/tickets", {"email": "a@b.org"}) == {
        "subject": ("missing_field", text),
        "description": ("missing_field", text),
        "status": ("missing_field", f"{value}'2,3,4,5,6,7'"),
        "priority": ("missing_field", f"{value}'1,2,3,4'"),
    }


def test_what_is_mandatory_can_be_switched(quick):
    quick.control("/switches", {"required": []})
    made = quick.make("/tickets", {"email": "a@b.org"})
    assert (made["status"], made["priority"], made["subject"]) == (2, 1, None)


@pytest.mark.parametrize(
    ("field", "value", "code", "message"),
    [
        ("status", "2", "datatype_mismatch", "Value set is of type String.It should be one of these values: '2,3,4,5,6,7'"),
        ("status", 9, "invalid_value", "It should be one of these values: '2,3,4,5,6,7'"),
        ("status", True, "datatype_mismatch", "Value set is of type Boolean.It should be one of these values: '2,3,4,5,6,7'"),
        ("tags", "a", "datatype_mismatch", "Value set is of type String.It should be a/an Array"),
        ("attachments", ["a.txt"], "datatype_mismatch", "It should contain elements of type valid file format only"),
        ("subject", " ", "invalid_value", "It should not be blank as this is a mandatory field"),
        ("company_id", 4711, "invalid_value", "There is no company matching the given company_id"),
        ("responder_id", 10**30, "invalid_value", "It should be a/an Positive Integer"),
        ("type", "Lead", "invalid_value", "It should be one of these values: 'Incident,Something is not working,"
         "Change Request,Guidance Request,Workshop Request'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_these_words(sandbox, field, value, code, message):
    body = {"email": "a@b.org", "subject": "s", "description": "d", "status": 2, "priority": 1, field: value}
    assert sandbox.problems("POST", "/tickets", body) == {field: (code, message)}


def test_a_ticket_needs_somebody_who_asks(quick):
    least = {"subject": "s", "description": "d", "status": 2, "priority": 1}
    assert quick.problems("POST", "/tickets", least)["email"][0] == "missing_field"
    assert quick.problems("POST", "/tickets", {**least, "phone": "1"}) == {
        "name": ("missing_field", "It should be a/an String")
    }
    called = quick.make("/tickets", {**least, "phone": "1", "name": "Pat"})
    assert quick.make("/tickets", {**least, "phone": "1"})["requester_id"] == called["requester_id"]
    assert quick.problems("POST", "/tickets", {**least, "facebook_id": "x"})["facebook_id"][0] == "invalid_value"


def test_due_dates_come_a_little_later(sandbox):
    sandbox.control("/switches", {"sla_delay": 600})
    slow = sandbox.ticket(priority=4)
    assert (slow["due_by"], slow["fr_due_by"]) == (None, None)
    sandbox.control("/switches", {"sla_delay": 0.05})
    made = sandbox.ticket(priority=4)
    time.sleep(0.1)
    later = sandbox.get(f"/tickets/{made['id']}")
    assert (later["fr_due_by"], later["due_by"]) == ("2026-11-23T18:55:00Z", "2026-11-23T21:55:00Z")
    given = sandbox.ticket(due_by="2026-12-01T10:00:00+02:00", fr_due_by="2026-11-30")
    assert (given["due_by"], given["fr_due_by"]) == ("2026-12-01T08:00:00Z", "2026-11-30T00:00:00Z")


def test_a_missed_due_date_flags_and_touches_the_ticket(quick):
    number = quick.ticket(priority=4)["id"]
    quick.advance(hours=2)
    late = quick.get(f"/tickets/{number}")
    assert (late["fr_escalated"], late["is_escalated"], late["updated_at"]) == (True, False, "2026-11-23T18:55:00Z")
    quick.advance(hours=3)
    assert quick.get(f"/tickets/{number}")["is_escalated"]


def test_html_is_cleaned(quick):
    made = quick.ticket(description='<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:x">you</a></p>')
    assert made["description"] == '<p>Hi <a rel="noreferrer">you</a></p>'
    assert made["description_text"] == "Hi you"


def test_the_list_is_of_the_last_thirty_days_newest_first(quick):
    quick.advance(days=25)
    number = quick.ticket()["id"]
    quick.advance(days=4, hours=23)
    assert quick.get("/tickets")[0]["id"] == number
    quick.advance(hours=2)
    assert 101 not in [ticket["id"] for ticket in quick.get("/tickets", per_page=100)]
    quick.advance(days=25)
    assert quick.get("/tickets") == []
    assert len(quick.get("/tickets", updated_since="2026-01-01", per_page=100)) == 30


def test_updated_since_is_inclusive_and_takes_many_forms(quick):
    quick.advance(hours=1)
    quick.change("/tickets/105", {"priority": 2})
    for text in ("2026-11-23T18:55:00Z", "2026-11-23T18:55", "2026-11-23T19:55:00+01:00", "2026-11-23T19:55:00+0100"):
        assert [ticket["id"] for ticket in quick.get("/tickets", updated_since=text)] == [105]
    assert quick.problems("GET", "/tickets", updated_since="yesterday")["updated_since"][0] == "invalid_value"


def test_the_list_is_ordered_as_asked(quick):
    quick.advance(minutes=1)
    quick.change("/tickets/120", {"priority": 4})
    found = quick.get("/tickets", order_by="updated_at", order_type="desc", per_page=100)
    assert found[0]["id"] == 120
    assert [each["updated_at"] for each in found] == sorted((each["updated_at"] for each in found), reverse=True)
    ascending = quick.get("/tickets", order_by="status", order_type="asc", per_page=100)
    assert ascending[-1]["status"] == 4
    assert quick.problems("GET", "/tickets", order_by="subject")


def test_the_list_is_filtered(quick):
    ada = quick.get("/tickets/101")
    mine = quick.get("/agents/me")["id"]
    for query in ({"requester_id": ada["requester_id"]}, {"email": "ada@aurora.example.org"}):
        assert {ticket["id"] for ticket in quick.get("/tickets", **query)} == {101, 127}
    assert {ticket["id"] for ticket in quick.get("/tickets", company_id=ada["company_id"])} == {101, 106, 127, 128}
    assert [ticket["id"] for ticket in quick.get("/tickets", filter="deleted")] == [129]
    assert quick.get("/tickets", filter="deleted")[0]["deleted"] is True
    assert [ticket["id"] for ticket in quick.get("/tickets", filter="spam")] == [130]
    assert 125 not in {ticket["id"] for ticket in quick.get("/tickets", filter="new_and_my_open", per_page=100)}
    assert quick.api("POST", "/tickets/101/watch", {"user_id": mine}).status_code == 204
    assert quick.get("/tickets/101/watchers") == {"watcher_ids": [mine]}
    assert [ticket["id"] for ticket in quick.get("/tickets", filter="watching")] == [101]
    assert quick.api("PUT", "/tickets/101/unwatch").status_code == 204
    assert quick.problems("GET", "/tickets", filter="all_tickets") == {
        "filter": ("invalid_value", "It should be one of these values: 'new_and_my_open,watching,spam,deleted'")
    }
    assert quick.problems("GET", "/tickets", email="nobody@example.org") == {
        "email": ("invalid_value", "There is no contact matching the given email")
    }
    assert quick.problems("GET", "/tickets", company_id=1) == {
        "company_id": ("invalid_value", "There is no company matching the given company_id")
    }


def test_an_update_changes_what_it_says_and_replaces_tags(quick):
    quick.advance(minutes=5)
    agent = quick.get("/agents", email="grace.holloway@staff.example.org")[0]["id"]
    after = quick.change("/tickets/106", {"responder_id": agent, "type": "Change Request", "tags": ["a", "b", "a"]})
    assert (after["responder_id"], after["type"], after["tags"]) == (agent, "Change Request", ["a", "b"])
    assert (after["updated_at"], after["status"]) == ("2026-11-23T18:00:00Z", 2)
    assert quick.change("/tickets/106", {"responder_id": None})["responder_id"] is None
    kept = quick.change("/tickets/106", {"custom_fields": {"cf_hub_url": "https://x.example.org"}})
    assert kept["custom_fields"] == {"cf_hub_url": "https://x.example.org"}


def test_another_requester_brings_another_company(quick):
    after = quick.change("/tickets/101", {"email": "bea@borealis.example.org"})
    assert after["company_id"] == quick.get("/tickets/102")["company_id"]


def _stats(client, number):
    return {key: value for key, value in client.get(f"/tickets/{number}", include="stats")["stats"].items() if value}


def test_what_moves_the_statistics(quick):
    number = quick.ticket()["id"]
    path = f"/tickets/{number}"
    quick.advance(minutes=1)
    quick.make(f"{path}/notes", {"body": "private"})
    assert set(_stats(quick, number)) == {"status_updated_at"}
    quick.make(f"{path}/reply", {"body": "public"})
    first = _stats(quick, number)
    assert first["first_responded_at"] == first["agent_responded_at"] == "2026-11-23T17:56:00Z"
    quick.advance(minutes=1)
    quick.make(f"{path}/reply", {"body": "again"})
    assert _stats(quick, number)["first_responded_at"] == "2026-11-23T17:56:00Z"
    assert _stats(quick, number)["agent_responded_at"] == "2026-11-23T17:57:00Z"
    quick.change(path, {"status": 3})
    assert (
        _stats(quick, number)["pending_since"] == _stats(quick, number)["status_updated_at"] == "2026-11-23T17:57:00Z"
    )
    quick.advance(minutes=1)
    quick.change(path, {"status": 4})
    assert _stats(quick, number)["resolved_at"] == "2026-11-23T17:58:00Z"
    assert "closed_at" not in _stats(quick, number)
    quick.advance(minutes=1)
    quick.change(path, {"status": 2})
    assert _stats(quick, number)["reopened_at"] == "2026-11-23T17:59:00Z"
    assert "resolved_at" not in _stats(quick, number)
    quick.change(path, {"status": 5})
    assert _stats(quick, number)["resolved_at"] == _stats(quick, number)["closed_at"] == "2026-11-23T17:59:00Z"


def test_a_time_entry_does_not_touch_the_ticket(quick):
    before = quick.get("/tickets/101")["updated_at"]
    quick.advance(minutes=1)
    quick.make("/tickets/101/time_entries", {"time_spent": "00:30"})
    assert quick.get("/tickets/101")["updated_at"] == before
    quick.make("/tickets/101/notes", {"body": "x"})
    assert quick.get("/tickets/101")["updated_at"] != before


def test_the_survey_goes_out_on_resolved_and_not_on_closed(quick):
    quick.change("/tickets/102", {"status": 5})
    assert quick.outbox() == []
    quick.change("/tickets/101", {"status": 4})
    quick.change("/tickets/101", {"status": 4, "priority": 2})
    quick.change("/tickets/101", {"status": 5})
    (mail,) = quick.outbox()
    assert (mail["kind"], mail["to"], mail["ticket_id"]) == ("survey", ["ada@aurora.example.org"], 101)


def test_somebody_without_mail_gets_no_survey(quick):
    quick.change("/tickets/126", {"status": 4})
    assert quick.outbox() == []


def test_deleting_is_soft_and_can_be_taken_back(quick):
    assert quick.api("DELETE", "/tickets/101").status_code == 204
    assert quick.get("/tickets/101")["deleted"] is True
    for method, path, body in (
        ("PUT", "/tickets/101", {"status": 3}),
        ("DELETE", "/tickets/101", None),
        ("POST", "/tickets/101/reply", {"body": "x"}),
    ):
        assert quick.api(method, path, body).status_code == 405
    assert quick.api("PUT", "/tickets/101/restore", {"status": 2}).json()["code"] == "no_content_required"
    assert quick.api("PUT", "/tickets/101/restore").status_code == 204
    assert "deleted" not in quick.get("/tickets/101")
    assert quick.api("PUT", "/tickets/101/restore").status_code == 404


def test_spam_can_be_read_and_not_written(quick):
    assert quick.get("/tickets/130")["spam"] is True
    assert quick.api("PUT", "/tickets/130", {"status": 5}).status_code == 405
    assert quick.problems("PUT", "/tickets/101", {"spam": True})["spam"][0] == "invalid_field"


def test_in_a_form_everything_is_text(quick):
    fields = {
        "email": "ada@aurora.example.org", "subject": "s", "description": "d", "status": "2", "priority": "3",
        "tags[]": ["one", "two"], "custom_fields[cf_hub_url]": "https://x.example.org", "cc_emails[]": "c@d.org",
    }  # fmt: skip
    files = [("attachments[]", ("log.txt", b"twelve bytes", "text/plain"))]
    made = quick.api("POST", "/tickets", data=fields, files=files).json()
    assert (made["priority"], made["tags"], made["cc_emails"]) == (3, ["one", "two"], ["c@d.org"])
    assert made["custom_fields"] == {"cf_hub_url": "https://x.example.org"}
    (file,) = made["attachments"]
    assert set(file) == {"id", "name", "content_type", "size", "attachment_url", "created_at", "updated_at"}
    assert (file["name"], file["content_type"], file["size"]) == ("log.txt", "text/plain", 12)
    assert quick.session.get(file["attachment_url"], auth=("sandbox", "X")).content == b"twelve bytes"


def test_a_file_without_a_name_breaks_the_form(quick):
    fields = {"email": "a@b.org", "subject": "s", "description": "d", "status": "2", "priority": "1"}
    answer = quick.api("POST", "/tickets", data=fields, files=[("attachments[]", ("", b"x"))])
    # requests leaves the part's name out; the helpdesk then sees text where a file should be.
    assert answer.status_code == 400
    raw = b'--b\r\nContent-Disposition: form-data; name="attachments[]"; filename=""\r\n\r\nx\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    errors = quick.api("POST", "/tickets", data=raw, headers=headers).json()["errors"]
    assert {"field": "attachments", "message": "It should contain elements of type valid file format only",
            "code": "datatype_mismatch"} in errors  # fmt: skip


def test_mail_that_we_begin(quick):
    box = quick.get("/email_configs")[0]["id"]
    made = quick.make(
        "/tickets/outbound_email",
        {"email": "ada@aurora.example.org", "subject": "Planned work", "description": "Hi", "email_config_id": box},
    )
    assert (made["source"], made["status"], made["responder_id"]) == (10, 5, quick.get("/agents/me")["id"])
    (mail,) = quick.outbox()
    assert (mail["kind"], mail["to"], mail["subject"]) == ("outbound_email", ["ada@aurora.example.org"], "Planned work")
    assert quick.problems("PUT", f"/tickets/{made['id']}", {"subject": "x"})["subject"][0] == "readonly_field"
    quick.make(f"/tickets/{made['id']}/reply", {"body": "x"})
    assert "agent_responded_at" not in _stats(quick, made["id"])
    assert set(quick.problems("POST", "/tickets/outbound_email", {})) == {"subject", "email", "email_config_id"}


def test_children_and_trackers(quick):
    child = quick.ticket(parent_id=101)["id"]
    assert (quick.get("/tickets/101")["association_type"], quick.get("/tickets/101")["associated_tickets_list"]) == (
        1,
        [child],
    )
    assert quick.get(f"/tickets/{child}")["association_type"] == 2
    tracker = quick.ticket(related_ticket_ids=[102, 103])["id"]
    assert (quick.get(f"/tickets/{tracker}")["association_type"], quick.get("/tickets/102")["association_type"]) == (
        3,
        4,
    )
    body = {
        "email": "a@b.org",
        "subject": "s",
        "description": "d",
        "status": 2,
        "priority": 1,
        "related_ticket_ids": [1],
    }
    answer = quick.api("POST", "/tickets", body)
    assert answer.json() == {
        "code": "cannot_create_tracker",
        "message": "Tracker ticket can't be created as related_ticket_ids are invalid",
    }

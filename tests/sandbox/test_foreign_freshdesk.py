"""python-freshdesk, written by others for the real helpdesk, unchanged: only its address is another one."""

from __future__ import annotations

import pytest
from freshdesk.v2.api import API
from freshdesk.v2.errors import (
    FreshdeskBadRequest,
    FreshdeskError,
    FreshdeskNotFound,
    FreshdeskRateLimited,
    FreshdeskUnauthorized,
)


def _api(client, key="sandbox"):
    api = API("sandbox.freshdesk.com", key)
    api._api_prefix = f"{client.url}/api/v2/"  # it insists on https and freshdesk.com otherwise
    return api


@pytest.fixture
def api(quick):
    return _api(quick)


def test_tickets(api):
    made = api.tickets.create_ticket("Subject", email="ada@aurora.example.org", description="Text", tags=["one"])
    assert (made.status, made.priority, made.source, made.tags) == ("open", "low", "portal", ["one"])
    assert (
        api.tickets.get_ticket(made.id, "conversations", "requester", "company", "stats").requester["name"]
        == "Ada Lindgren"
    )
    assert api.tickets.update_ticket(made.id, status=3, priority=4).status == "pending"
    assert made.id in {ticket.id for ticket in api.tickets.list_tickets(filter_name=None)}
    assert len(api.tickets.list_tickets(filter_name=None, updated_since="2026-01-01T00:00:00Z", per_page=7)) == 30
    assert 101 in {ticket.id for ticket in api.tickets.list_new_and_my_open_tickets()}
    assert api.tickets.list_watched_tickets() == []
    assert {ticket.id for ticket in api.tickets.filter_tickets("tag:'waiting-approval'")} == {106, 107, 108}
    api.tickets.delete_ticket(made.id)
    assert made.id in {ticket.id for ticket in api.tickets.list_deleted_tickets()}


def test_a_ticket_with_a_file(api, tmp_path):
    path = tmp_path / "log.txt"
    path.write_text("text", encoding="utf-8")
    made = api.tickets.create_ticket(
        "Subject",
        email="a@b.org",
        description="d",
        tags=["x", "y"],
        custom_fields={"cf_hub_url": "u"},
        attachments=(str(path),),
    )
    assert (made.attachments[0]["name"], made.tags, made.custom_fields) == ("log.txt", ["x", "y"], {"cf_hub_url": "u"})


def test_mail_of_our_own(api, quick):
    box = quick.get("/email_configs")[0]["id"]
    made = api.tickets.create_outbound_email("Subject", "Text", "ada@aurora.example.org", box)
    assert made.status == "closed"
    assert quick.outbox()[0]["kind"] == "outbound_email"


def test_comments(api):
    api.comments.create_note(101, "a note")
    reply = api.comments.create_reply(101, "a reply", cc_emails=["x@y.org"])
    assert reply.ticket_id == 101
    assert [(each.body_text, each.source) for each in api.comments.list_comments(101)] == [
        ("a note", "note"),
        ("a reply", "reply"),
    ]


def test_contacts(api):
    made = api.contacts.create_contact(name="Ines", email="ines@delta.example.org")
    assert api.contacts.get_contact(made.id).name == "Ines"
    assert api.contacts.update_contact(made.id, name="Ines M").name == "Ines M"
    assert [each.id for each in api.contacts.list_contacts(email="ines@delta.example.org")] == [made.id]
    assert [each.id for each in api.contacts.filter_contacts("email:'ines@delta.example.org'")] == [made.id]
    api.contacts.soft_delete_contact(made.id)
    api.contacts.restore_contact(made.id)
    agent = api.contacts.make_agent(made.id)
    assert str(agent) == "Ines M"
    other = api.contacts.create_contact(name="Other", email="other@delta.example.org")
    api.contacts.permanently_delete_contact(other.id)
    with pytest.raises(FreshdeskNotFound):
        api.contacts.get_contact(other.id)


def test_companies(api):
    made = api.companies.create_company(name="Iris", domains=["iris.example.org"])
    assert str(api.companies.get_company(made.id)) == "Iris"
    assert api.companies.update_company(made.id, note="x").note == "x"
    assert [each.id for each in api.companies.filter_companies("domain:'iris.example.org'")] == [made.id]
    api.companies.delete_company(made.id)
    assert len(api.companies.list_companies()) == 8


def test_staff_and_settings(api):
    me = api.agents.currently_authenticated_agent()
    assert str(api.agents.get_agent(me.id)) == "Priya Raman"
    assert len(api.agents.list_agents()) == 9
    assert api.agents.update_agent(me.id, signature="P").signature == "P"
    group = api.groups.list_groups()[0]
    assert str(api.groups.get_group(group.id)) == "support"
    assert str(api.roles.get_role(api.roles.list_roles()[0].id)) == "Agent"
    assert "status" in {str(field) for field in api.ticket_fields.list_ticket_fields()}
    assert api.time_entries.list_time_entries() == api.time_entries.list_time_entries(ticket_id=101) == []


def test_errors_are_the_ones_it_knows(api, quick):
    with pytest.raises(FreshdeskNotFound):
        api.tickets.get_ticket(4711)
    with pytest.raises(FreshdeskBadRequest, match="Validation failed"):
        api.tickets.create_ticket("Subject")
    with pytest.raises(FreshdeskUnauthorized, match="You have to be logged in"):
        _api(quick, "wrong").tickets.get_ticket(101)
    with pytest.raises(FreshdeskError):
        api.customers.get_customer(1)
    quick.control("/faults", [{"path": "/api/*", "status": 429, "retry_after": 9, "times": 1}])
    with pytest.raises(FreshdeskRateLimited, match="9 seconds"):
        api.tickets.get_ticket(101)

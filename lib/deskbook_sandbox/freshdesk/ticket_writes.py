"""Endpoints that create and update tickets, and send outbound mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deskbook_sandbox.freshdesk import attachments
from deskbook_sandbox.freshdesk.account import current_agent, is_agent, lacks
from deskbook_sandbox.freshdesk.contact_domains import company_of_mail
from deskbook_sandbox.freshdesk.forms import FORMS, NAME, TEXT, Fields, Form, address, choice, moment, read_form
from deskbook_sandbox.freshdesk.lists import writable
from deskbook_sandbox.freshdesk.markup import plain, sanitize
from deskbook_sandbox.freshdesk.outgoing import notify_requester, send
from deskbook_sandbox.freshdesk.problems import Problems, refused
from deskbook_sandbox.freshdesk.records import (
    Record,
    add,
    agent_as_contact,
    agent_by_mail,
    change,
    contact_by_mail,
    docs,
    get,
    person,
    select,
)
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.freshdesk.shapes import ticket_created, ticket_view
from deskbook_sandbox.freshdesk.ticket_life import CLOSED, OPEN, OUTBOUND, create_ticket, update_ticket
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store, stamp

UPDATE, OUTBOUND_MAIL = FORMS["ticket"], FORMS["outbound mail"]
CREATE = Form({**UPDATE.fields, **FORMS["new ticket"].fields})


def _read(request: Request, form: Form) -> Record:
    """What the request says, with the organisation's ticket types and its own fields."""
    types = choice(request.store.organization.ticket_types.values())
    return read_form(request, replace(form, fields={**form.fields, "type": types}), custom_fields(request.store))


def custom_fields(store: Store) -> Fields:
    return {store.organization.fields.hub_url: TEXT}


def _create(request: Request) -> Response:
    store = request.store
    sent = _read(request, replace(CREATE, required=store.switches.required))
    values = _values(request, sent, {})
    ticket = create_ticket(
        store, {**values, "cc_emails": sent.get("cc_emails") or [], "source": sent.get("source") or 2}
    )
    ticket = _associate(store, ticket, sent)
    notify_requester(store, ticket)
    return created(request, ticket_created(ticket), f"/tickets/{ticket['id']}")


def _outbound(request: Request) -> Response:
    store = request.store
    sent = _read(request, OUTBOUND_MAIL)
    values = _values(request, {"status": CLOSED, **sent}, {})
    cc = sent.get("cc_emails") or []
    mine = {"source": OUTBOUND, "responder_id": current_agent(store)["id"], "cc_emails": cc}
    ticket = create_ticket(store, {**values, **mine})
    people = {"to": [sent["email"]], "cc": cc, "bcc": sent.get("bcc_emails") or []}
    send(store, "outbound_email", ticket, ticket["description"], people, ticket["subject"])
    return created(request, ticket_created(ticket), f"/tickets/{ticket['id']}")


def _update(request: Request, ticket_id: int) -> Response:
    store = request.store
    ticket = writable(request, "ticket", ticket_id)
    sent = _read(request, UPDATE)
    problems = Problems()
    if ticket["source"] == OUTBOUND:
        for name in ("subject", "description"):
            if name in sent:
                problems.add(name, "It is a readonly field on an outbound ticket", "readonly_field")
    problems.stop()
    return Response(body=ticket_view(store, update_ticket(store, ticket, _values(request, sent, ticket))))


def _values(request: Request, sent: Mapping[str, Any], former: Mapping[str, Any]) -> Record:
    """What the form says in the columns of the table; `former` is the ticket that is updated, empty for a new one."""
    store = request.store
    problems = Problems()
    _references(store, sent, problems)
    values: Record = {
        name: sent[name]
        for name in ("subject", "status", "priority", "source", "type", "responder_id", "group_id", "product_id")
        if name in sent
    }
    for name, least in (("status", OPEN), ("priority", 1), ("source", 2)):
        if name in values and values[name] is None:
            values[name] = least
    asker = _requester(store, sent, problems, needed=not former)
    problems.stop()
    if asker is not None and asker["id"] != former.get("requester_id"):
        values |= {"requester_id": asker["id"], "company_id": asker["company_id"]}
    if "company_id" in sent:
        values["company_id"] = sent["company_id"]
    if "email_config_id" in sent:
        values |= _mailbox(store, sent)
    for name in ("due_by", "fr_due_by"):
        if sent.get(name) and (at := moment(sent[name])):
            values[name] = stamp(at)
    if "description" in sent:
        markup = sanitize(sent["description"] or "")
        values |= {"description": markup, "description_text": plain(markup)}
    if "tags" in sent:
        values["tags"] = list(dict.fromkeys(sent["tags"] or []))
    if sent.get("custom_fields"):
        blank = dict.fromkeys(custom_fields(store))
        values["custom_fields"] = {**blank, **former.get("custom_fields", {}), **sent["custom_fields"]}
    if sent.get("attachments"):
        values["attachments"] = [*former.get("attachments", []), *attachments.keep(request, sent["attachments"])]
    return values


def _references(store: Store, sent: Mapping[str, Any], problems: Problems) -> None:
    """Every id must be of something that is there."""
    for name, kind in (("group_id", "group"), ("product_id", "product"), ("email_config_id", "mailbox")):
        if sent.get(name) and get(store, kind, sent[name]) is None:
            problems.no_such(name, "email_config" if kind == "mailbox" else kind)
    if sent.get("responder_id") and not is_agent(store, sent["responder_id"]):
        problems.no_such("responder_id", "agent")
    company = sent.get("company_id")
    if (
        company
        and not lacks(store, "Multiple Companies", "company_id", problems)
        and not get(store, "company", company)
    ):
        problems.no_such("company_id", "company")
    if sent.get("parent_id") and get(store, "ticket", sent["parent_id"]) is None:
        problems.no_such("parent_id", "ticket")


def _mailbox(store: Store, sent: Mapping[str, Any]) -> Record:
    config = get(store, "mailbox", sent["email_config_id"]) if sent["email_config_id"] else None
    values: Record = {"email_config_id": sent["email_config_id"], "support_email": config and config["reply_email"]}
    return values if "group_id" in sent else {**values, "group_id": config and config["group_id"]}


def _requester(store: Store, sent: Mapping[str, Any], problems: Problems, *, needed: bool) -> Record | None:
    """Who asks, found by the first of the ways in which the form names them; an unknown one becomes a contact."""
    if sent.get("requester_id"):
        asker = person(store, sent["requester_id"])
        if asker is None or asker["deleted"]:
            problems.no_such("requester_id", "contact")
        return asker
    if sent.get("email"):
        return requester_by_mail(store, sent["email"], sent.get("name"))
    for column in ("phone", "twitter_id", "unique_external_id", "facebook_id"):
        if not sent.get(column):
            continue
        match = "phone = ? OR mobile = ?" if column == "phone" else f"{column} = ?"
        values = [sent[column]] * match.count("?")
        fitting = select(store, "contact", f"WHERE deleted = 0 AND ({match}) ORDER BY id LIMIT 1", values)
        if fitting:
            return fitting[0]
        if column == "facebook_id":
            problems.no_such("facebook_id", "contact")
            return None
        if column == "phone" and not sent.get("name"):
            problems.add("name", NAME.expected, "missing_field")
            return None
        return add(store, "contact", {"name": sent.get("name") or sent[column], column: sent[column]})
    if needed:
        names = "requester_id, phone, email, twitter_id, facebook_id, unique_external_id"
        problems.add("email", f"Please fill at least 1 of {names} fields", "missing_field")
    return None


def requester_by_mail(store: Store, text: str, name: str | None) -> Record:
    """The agent or contact with this address, or a new contact of the company whose domain it is."""
    mail = address(text)
    assert mail is not None
    ours = agent_by_mail(store, mail)
    if ours is not None:
        return agent_as_contact(ours)
    known = contact_by_mail(store, mail)
    company = company_of_mail(store, mail)
    return known or add(store, "contact", {"name": name or mail.split("@")[0], "email": mail, "company_id": company})


def _associate(store: Store, ticket: Record, sent: Mapping[str, Any]) -> Record:
    """Make a child of its parent, or a tracker of what it tracks."""
    number = ticket["id"]
    if sent.get("parent_id"):
        parent = get(store, "ticket", sent["parent_id"])
        assert parent is not None
        change(store, "ticket", parent["id"], {"association_type": 1, "associated": [*parent["associated"], number]})
        return change(store, "ticket", number, {"association_type": 2, "associated": [parent["id"]]})
    related = sent.get("related_ticket_ids") or []
    if not related:
        return ticket
    for other in related:
        if get(store, "ticket", other) is None:
            message = "Tracker ticket can't be created as related_ticket_ids are invalid"
            raise refused(400, "cannot_create_tracker", message)
        change(store, "ticket", other, {"association_type": 4, "associated": [number]})
    return change(store, "ticket", number, {"association_type": 3, "associated": related})


def default_mailbox(store: Store) -> Record:
    return next(box for box in docs(store, "mailbox") if box["primary_role"])


ROUTES = (
    route("POST", "/tickets", _create, "A new ticket; an unknown requester becomes a contact.", form=CREATE),
    route("PUT", "/tickets/<int:ticket_id>", _update, "Change some attributes.", form=UPDATE),
    route("POST", "/tickets/outbound_email", _outbound, "Write to somebody first.", form=OUTBOUND_MAIL),
)

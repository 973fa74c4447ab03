"""Load the helpdesk's part of a seed: the account as the organisation has it, then companies, contacts and tickets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskbook.config.loader import complain, unknown
from deskbook_sandbox.freshdesk.account import sender
from deskbook_sandbox.freshdesk.agents import agent_doc
from deskbook_sandbox.freshdesk.companies import new_company
from deskbook_sandbox.freshdesk.conversations import CUSTOMER, PRIVATE, PUBLIC, add_conversation
from deskbook_sandbox.freshdesk.forms import address
from deskbook_sandbox.freshdesk.incoming import BY_MAIL, name_in
from deskbook_sandbox.freshdesk.markup import from_mail, plain
from deskbook_sandbox.freshdesk.outgoing import plain as addresses
from deskbook_sandbox.freshdesk.outgoing import requester_mail
from deskbook_sandbox.freshdesk.records import (
    ACCOUNT,
    Record,
    add,
    add_doc,
    agent_by_mail,
    change,
    docs,
    index_now,
    new_id,
    person,
    select,
)
from deskbook_sandbox.freshdesk.shapes import NOTE, REPLY
from deskbook_sandbox.freshdesk.ticket_life import (
    OPEN,
    TARGETS,
    agent_reply_changes,
    copy_changes,
    create_ticket,
    flag_overdue,
    requester_message_changes,
    status_changes,
)
from deskbook_sandbox.freshdesk.ticket_writes import default_mailbox, requester_by_mail
from deskbook_sandbox.seeding import seed
from deskbook_sandbox.store.database import Store, stamp

OPENED = "2024-01-08T09:00:00Z"  # when the account began; a fixed day, so that the same seed gives the same records


def load_seed(store: Store, parts: Mapping[str, Any]) -> None:
    _account(store, parts.get("groups", ()))
    for company in parts["companies"]:
        _company(store, company)
    companies = {row["name"]: row["id"] for row in select(store, "company", "")}
    for contact in parts["contacts"]:
        _contact(store, contact, companies)
    given = {ticket.id for ticket in parts["tickets"] if ticket.id}
    for index, ticket in enumerate(parts["tickets"]):
        number = ticket.id or _free(store, given)
        _ticket(store, number, ticket, companies, parts["now"], f"/tickets/{index}")
    store.reserve_id("freshdesk ticket", max([ACCOUNT["first_ids"]["ticket"] - 1, *given]))
    flag_overdue(store)
    index_now(store)


def _free(store: Store, given: set[int]) -> int:
    number = new_id(store, "ticket")
    while number in given:
        number = new_id(store, "ticket")
    return number


def _company(store: Store, company: seed.Company) -> None:
    names = store.organization.fields
    fields = {
        names.representatives: "\n".join(company.representatives) or None,
        names.budget_hours: company.budget_hours,
        names.own_funding: company.own_funding,
    }
    values = {"name": company.name, "description": company.description, "note": company.note, "custom_fields": fields}
    new_company(store, {**values, "domains": [domain.lower() for domain in company.domains]}, OPENED)


def _contact(store: Store, contact: seed.Contact, companies: Mapping[str, int]) -> None:
    mine = [companies[name] for name in contact.companies]
    values = {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "company_id": mine[0] if mine else None,
        "other_companies": [{"company_id": number, "view_all_tickets": False} for number in mine[1:]],
        "active": contact.email is not None,
    }
    add(store, "contact", values, OPENED)


def _ticket(
    store: Store, number: int, ticket: seed.Ticket, companies: Mapping[str, int], now: datetime, place: str
) -> None:
    asker = _requester(store, ticket.sender)
    markup = from_mail(ticket.body)
    values: Record = {
        "id": number,
        "subject": ticket.subject,
        "description": markup,
        "description_text": plain(markup),
        "source": ticket.source,
        "priority": ticket.priority,
        "type": ticket.type,
        "requester_id": asker["id"],
        "company_id": companies[ticket.company] if ticket.company else asker["company_id"],
        "responder_id": _agent_id(store, ticket.agent),
        "group_id": _group_id(store, ticket.group),
        "tags": list(ticket.tags),
        "cc_emails": addresses(ticket.cc),
        "custom_fields": _custom_fields(store, ticket, place),
    }
    if ticket.source == BY_MAIL:
        box = default_mailbox(store)
        values |= {"email_config_id": box["id"], "support_email": box["reply_email"], "to_emails": [box["reply_email"]]}
        values["group_id"] = values["group_id"] or box["group_id"]
    stored = create_ticket(store, values, seed.moment(ticket.created, now))
    at = stored["created_at"]
    for conversation in ticket.conversations:
        at = stamp(seed.moment(conversation.at, now))
        stored = _add_message(store, stored, conversation, at)
    moved = status_changes(ticket.status, OPEN, at)
    change(store, "ticket", number, {**moved, "status": ticket.status, "deleted": ticket.deleted, "spam": ticket.spam})


def _add_message(store: Store, ticket: Record, conversation: seed.Conversation, at: str) -> Record:
    markup = from_mail(conversation.body)
    agent = agent_by_mail(store, conversation.sender)
    cc = addresses(conversation.cc)
    spoken: Record = {"created_at": at, "updated_at": at, "cc_emails": cc, "private": conversation.private}
    if agent and conversation.private:
        spoken |= {"source": NOTE, "category": PRIVATE, "user_id": agent["id"]}
        moved: Record = {"updated_at": at}
    elif agent:
        to = addresses(conversation.to or [requester_mail(store, ticket)])
        spoken |= {"source": REPLY, "category": PUBLIC, "user_id": agent["id"], "to_emails": to, "bcc_emails": []}
        spoken |= {"from_email": sender(store.organization), "support_email": store.organization.support.mail}
        moved = agent_reply_changes(store, ticket, at) | copy_changes(ticket, cc)
    else:
        who = _requester(store, conversation.sender)
        mailbox = store.organization.support.mail
        spoken |= {"source": REPLY, "category": CUSTOMER, "incoming": True, "user_id": who["id"]}
        spoken |= {"from_email": f"{who['name']} <{who['email']}>", "support_email": mailbox}
        spoken["to_emails"] = addresses(conversation.to or [mailbox])
        moved = requester_message_changes(store, ticket, at) | copy_changes(ticket, cc)
    add_conversation(store, ticket, markup, spoken)
    return change(store, "ticket", ticket["id"], moved)


def _requester(store: Store, text: str) -> Record:
    """Whoever a seed means by a mail address or by the name of a contact."""
    if address(text):
        return requester_by_mail(store, text, name_in(text))
    found = person(store, select(store, "contact", "WHERE name = ? LIMIT 1", [text])[0]["id"])
    assert found is not None
    return found


def _agent_id(store: Store, mail: str | None) -> int | None:
    agent = agent_by_mail(store, mail) if mail else None
    return agent["id"] if agent else None


def _group_id(store: Store, name: str | None) -> int | None:
    return next((group["id"] for group in docs(store, "group") if group["name"] == name), None)


def _custom_fields(store: Store, ticket: seed.Ticket, place: str) -> Record:
    name = store.organization.fields.hub_url
    for key in ticket.custom_fields:
        if key != name:
            raise complain("seed", f"{place}/custom_fields", unknown(key, "ticket field", [name]))
    return {name: ticket.hub_url, **ticket.custom_fields}


# The account itself.


def _account(store: Store, groups: tuple[str, ...]) -> None:
    organization = store.organization
    hours = _doc(store, "hours", ACCOUNT["hours"])
    agent_role, admin_role = (_doc(store, "role", ACCOUNT[name]) for name in ("agent_role", "admin_role"))
    working = [new_id(store, "agent") for _ in organization.people]
    members = [
        number
        for number, each in zip(working, organization.people, strict=True)
        if {"agent", "triager"} & set(each.roles)
    ]
    names = [organization.support.group, *groups]
    group_ids = [
        _doc(store, "group", {"name": name, "business_hour_id": hours, "agent_ids": [] if index else members})
        for index, name in enumerate(names)
    ]
    for number, each in zip(working, organization.people, strict=True):
        roles = [admin_role if {"triager", "manager"} & set(each.roles) else agent_role]
        mine = group_ids[:1] if number in members else []
        looks = {"name": each.name, "email": each.mail.lower(), "time_zone": each.zone}
        agent = agent_doc(number, looks, OPENED, {"role_ids": roles, "group_ids": mine})
        add_doc(store, "agent", agent, OPENED)
    mail = organization.support.mail.lower()
    box = {"name": organization.name, "product_id": None, "to_email": mail, "reply_email": mail}
    _doc(store, "mailbox", {**box, "group_id": group_ids[0], "primary_role": True, "active": True})
    for position, spec in enumerate(ACCOUNT["fields"], 1):
        _doc(store, "field", {**_field(store, spec), "position": position})
    targets = {f"priority_{priority}": _target(*hours) for priority, hours in TARGETS.items()}
    _doc(store, "policy", {**ACCOUNT["policy"], "sla_target": targets})
    _doc(store, "form", ACCOUNT["form"])
    _doc(store, "survey", ACCOUNT["survey"])
    folder = _doc(store, "folder", {"name": "General"})
    text = "Thanks for writing."
    greeting = {"title": "Greeting", "content": text, "content_html": f"<div>{text}</div>"}
    _doc(store, "canned", {**greeting, "folder_id": folder, "visibility": 0})


def _doc(store: Store, kind: str, values: Mapping[str, Any]) -> int:
    return int(add_doc(store, kind, values, OPENED)["id"])


def _field(store: Store, spec: Mapping[str, Any]) -> Record:
    """A ticket's field from its line in `account.yaml`; one without a name is the organisation's own."""
    by, own = spec.get("for", ()), "name" not in spec
    shown = own or "customers" in by
    return {
        "name": store.organization.fields.hub_url if own else spec["name"],
        "label": spec["label"],
        "required_for_agents": "agents" in by,
        "required_for_customers": "customers" in by,
        "customers_can_edit": shown,
        "label_for_customers": spec["label"],
        "displayed_to_customers": shown,
        "type": spec["type"],
        "default": not own,
    }


def _target(respond: int, resolve: int) -> Record:
    spans = {"respond_within": respond * 3600, "resolve_within": resolve * 3600}
    return {**spans, "business_hours": False, "escalation_enabled": True}

"""Laying the helpdesk's part of a seed: the account as the organisation has it, then companies, contacts and tickets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskbook.config.loader import complain, unknown
from deskbook_sandbox.freshdesk.account import sender
from deskbook_sandbox.freshdesk.agents import agent_doc
from deskbook_sandbox.freshdesk.companies import new_company
from deskbook_sandbox.freshdesk.conversations import CUSTOMER, PRIVATE, PUBLIC, said
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
from deskbook_sandbox.freshdesk.ticket_life import OPEN, TARGETS, answered, born, breach, copied, entered, heard
from deskbook_sandbox.freshdesk.ticket_writes import default_mailbox, requester_by_mail
from deskbook_sandbox.seeding import seed
from deskbook_sandbox.store.world import World, stamp

OPENED = "2024-01-08T09:00:00Z"  # when the account began; a fixed day, so that the same seed gives the same records


def lay(world: World, parts: Mapping[str, Any]) -> None:
    _account(world, parts.get("groups", ()))
    for company in parts["companies"]:
        _company(world, company)
    companies = {row["name"]: row["id"] for row in select(world, "company", "")}
    for contact in parts["contacts"]:
        _contact(world, contact, companies)
    given = {ticket.id for ticket in parts["tickets"] if ticket.id}
    for index, ticket in enumerate(parts["tickets"]):
        number = ticket.id or _free(world, given)
        _ticket(world, number, ticket, companies, parts["now"], f"/tickets/{index}")
    world.reserve_id("freshdesk ticket", max([ACCOUNT["first_ids"]["ticket"] - 1, *given]))
    breach(world)
    index_now(world)


def _free(world: World, given: set[int]) -> int:
    number = new_id(world, "ticket")
    while number in given:
        number = new_id(world, "ticket")
    return number


def _company(world: World, company: seed.Company) -> None:
    names = world.organization.fields
    fields = {
        names.representatives: "\n".join(company.representatives) or None,
        names.budget_hours: company.budget_hours,
        names.own_funding: company.own_funding,
    }
    values = {"name": company.name, "description": company.description, "note": company.note, "custom_fields": fields}
    new_company(world, {**values, "domains": [domain.lower() for domain in company.domains]}, OPENED)


def _contact(world: World, contact: seed.Contact, companies: Mapping[str, int]) -> None:
    mine = [companies[name] for name in contact.companies]
    values = {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "company_id": mine[0] if mine else None,
        "other_companies": [{"company_id": number, "view_all_tickets": False} for number in mine[1:]],
        "active": contact.email is not None,
    }
    add(world, "contact", values, OPENED)


def _ticket(
    world: World, number: int, ticket: seed.Ticket, companies: Mapping[str, int], now: datetime, place: str
) -> None:
    asker = _somebody(world, ticket.sender)
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
        "responder_id": _agent_id(world, ticket.agent),
        "group_id": _group_id(world, ticket.group),
        "tags": list(ticket.tags),
        "cc_emails": addresses(ticket.cc),
        "custom_fields": _custom_fields(world, ticket, place),
    }
    if ticket.source == BY_MAIL:
        box = default_mailbox(world)
        values |= {"email_config_id": box["id"], "support_email": box["reply_email"], "to_emails": [box["reply_email"]]}
        values["group_id"] = values["group_id"] or box["group_id"]
    stored = born(world, values, seed.moment(ticket.created, now))
    at = stored["created_at"]
    for conversation in ticket.conversations:
        at = stamp(seed.moment(conversation.at, now))
        stored = _say(world, stored, conversation, at)
    moved = entered(ticket.status, OPEN, at)
    change(world, "ticket", number, {**moved, "status": ticket.status, "deleted": ticket.deleted, "spam": ticket.spam})


def _say(world: World, ticket: Record, conversation: seed.Conversation, at: str) -> Record:
    markup = from_mail(conversation.body)
    agent = agent_by_mail(world, conversation.sender)
    cc = addresses(conversation.cc)
    spoken: Record = {"created_at": at, "updated_at": at, "cc_emails": cc, "private": conversation.private}
    if agent and conversation.private:
        spoken |= {"source": NOTE, "category": PRIVATE, "user_id": agent["id"]}
        moved: Record = {"updated_at": at}
    elif agent:
        to = addresses(conversation.to or [requester_mail(world, ticket)])
        spoken |= {"source": REPLY, "category": PUBLIC, "user_id": agent["id"], "to_emails": to, "bcc_emails": []}
        spoken |= {"from_email": sender(world.organization), "support_email": world.organization.support.mail}
        moved = answered(world, ticket, at) | copied(ticket, cc)
    else:
        who = _somebody(world, conversation.sender)
        mailbox = world.organization.support.mail
        spoken |= {"source": REPLY, "category": CUSTOMER, "incoming": True, "user_id": who["id"]}
        spoken |= {"from_email": f"{who['name']} <{who['email']}>", "support_email": mailbox}
        spoken["to_emails"] = addresses(conversation.to or [mailbox])
        moved = heard(world, ticket, at) | copied(ticket, cc)
    said(world, ticket, markup, spoken)
    return change(world, "ticket", ticket["id"], moved)


def _somebody(world: World, text: str) -> Record:
    """Whoever a seed means by a mail address or by the name of a contact."""
    if address(text):
        return requester_by_mail(world, text, name_in(text))
    found = person(world, select(world, "contact", "WHERE name = ? LIMIT 1", [text])[0]["id"])
    assert found is not None
    return found


def _agent_id(world: World, mail: str | None) -> int | None:
    agent = agent_by_mail(world, mail) if mail else None
    return agent["id"] if agent else None


def _group_id(world: World, name: str | None) -> int | None:
    return next((group["id"] for group in docs(world, "group") if group["name"] == name), None)


def _custom_fields(world: World, ticket: seed.Ticket, place: str) -> Record:
    name = world.organization.fields.hub_url
    for key in ticket.custom_fields:
        if key != name:
            raise complain("seed", f"{place}/custom_fields", unknown(key, "ticket field", [name]))
    return {name: ticket.hub_url, **ticket.custom_fields}


# The account itself.


def _account(world: World, groups: tuple[str, ...]) -> None:
    organization = world.organization
    hours = _doc(world, "hours", ACCOUNT["hours"])
    agent_role, admin_role = (_doc(world, "role", ACCOUNT[name]) for name in ("agent_role", "admin_role"))
    working = [new_id(world, "agent") for _ in organization.people]
    members = [
        number
        for number, each in zip(working, organization.people, strict=True)
        if {"agent", "triager"} & set(each.roles)
    ]
    names = [organization.support.group, *groups]
    group_ids = [
        _doc(world, "group", {"name": name, "business_hour_id": hours, "agent_ids": [] if index else members})
        for index, name in enumerate(names)
    ]
    for number, each in zip(working, organization.people, strict=True):
        roles = [admin_role if {"triager", "manager"} & set(each.roles) else agent_role]
        mine = group_ids[:1] if number in members else []
        looks = {"name": each.name, "email": each.mail.lower(), "time_zone": each.zone}
        agent = agent_doc(number, looks, OPENED, {"role_ids": roles, "group_ids": mine})
        add_doc(world, "agent", agent, OPENED)
    mail = organization.support.mail.lower()
    box = {"name": organization.name, "product_id": None, "to_email": mail, "reply_email": mail}
    _doc(world, "mailbox", {**box, "group_id": group_ids[0], "primary_role": True, "active": True})
    for position, spec in enumerate(ACCOUNT["fields"], 1):
        _doc(world, "field", {**_field(world, spec), "position": position})
    targets = {f"priority_{priority}": _target(*hours) for priority, hours in TARGETS.items()}
    _doc(world, "policy", {**ACCOUNT["policy"], "sla_target": targets})
    _doc(world, "form", ACCOUNT["form"])
    _doc(world, "survey", ACCOUNT["survey"])
    folder = _doc(world, "folder", {"name": "General"})
    text = "Thanks for writing."
    greeting = {"title": "Greeting", "content": text, "content_html": f"<div>{text}</div>"}
    _doc(world, "canned", {**greeting, "folder_id": folder, "visibility": 0})


def _doc(world: World, kind: str, values: Mapping[str, Any]) -> int:
    return int(add_doc(world, kind, values, OPENED)["id"])


def _field(world: World, spec: Mapping[str, Any]) -> Record:
    """A ticket's field from its line in `account.yaml`; one without a name is the organisation's own."""
    by, own = spec.get("for", ()), "name" not in spec
    shown = own or "customers" in by
    return {
        "name": world.organization.fields.hub_url if own else spec["name"],
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

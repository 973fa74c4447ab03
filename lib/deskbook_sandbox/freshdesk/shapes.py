"""Serialize records for the helpdesk's responses, by the field lists in `shapes.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from deskbook.config.loader import read_yaml
from deskbook_sandbox.freshdesk.records import Record, get, mail_told, person, select
from deskbook_sandbox.store.database import Store, wall

SHAPES: Mapping[str, Record] = read_yaml(Path(__file__).with_name("shapes.yaml"))


def shape(name: str, record: Mapping[str, Any], **special: Any) -> Record:
    """The record in the shape of this name; `special` are fields that it does not hold as they are shown."""
    return {field: record.get(field, default) for field, default in SHAPES[name].items()} | special


def deleted(record: Record) -> Record:
    """The mark that only a deleted record shows."""
    return {"deleted": True} if record["deleted"] else {}


# Tickets


def ticket_created(ticket: Record) -> Record:
    """What the response to a create shows."""
    return _ticket(ticket) | shape("ticket text", ticket)


def ticket_item(store: Store, ticket: Record, include: Collection[str] = ()) -> Record:
    """One item of a list or of a search."""
    count = len(ticket["associated"]) or None
    item = _ticket(ticket) | shape("ticket in a list", ticket, associated_tickets_count=count) | deleted(ticket)
    text = shape("ticket text", ticket) if "description" in include else {}
    return item | text | _included(store, ticket, include)


def ticket_view(store: Store, ticket: Record, include: Collection[str] = (), conversations: int = 10) -> Record:
    """The whole ticket; `conversations` is how many of them an include shows."""
    told = mail_told(store, "ticket", ticket["id"])
    info = {"email": told} if told else None
    view = _ticket(ticket) | shape("ticket text", ticket) | shape("ticket alone", ticket, source_additional_info=info)
    if ticket["associated"]:
        view["associated_tickets_list"] = ticket["associated"]
    view |= deleted(ticket)
    if "conversations" in include:
        found = conversations_of(store, ticket["id"], conversations, 0)
        view["conversations"] = [conversation_item(each) for each in found]
    return view | _included(store, ticket, include)


def _ticket(ticket: Record) -> Record:
    """What every response shows of a ticket; its due dates are computed a little later than the rest."""
    known = ticket["sla_from"] <= wall()
    return shape("ticket", ticket, **({} if known else {"due_by": None, "fr_due_by": None}))


def _included(store: Store, ticket: Record, include: Collection[str]) -> Record:
    more: Record = {}
    if "requester" in include:
        more["requester"] = shape("requester", person(store, ticket["requester_id"]) or {})
    if "company" in include:
        company = get(store, "company", ticket["company_id"])
        more["company"] = shape("name", company) if company else {}
    if "stats" in include:
        more["stats"] = shape("ticket statistics", ticket)
    return more


# Conversations

REPLY, NOTE, SURVEY, FORWARD = 0, 2, 6, 8


def conversations_of(store: Store, ticket: int, limit: int, offset: int) -> list[Record]:
    """The conversations of a ticket, oldest first, with what is told of their mails; a negative limit is none."""
    where = "WHERE ticket_id = ? ORDER BY id LIMIT ? OFFSET ?"
    found = select(store, "conversation", where, (ticket, limit, offset))
    return [{**each, "told": mail_told(store, "conversation", each["id"])} for each in found]


def conversation_item(conversation: Record) -> Record:
    told = conversation.get("told")
    special = {"auto_response": told["auto_response"], "source_additional_info": {"email": told}} if told else {}
    return shape("conversation", conversation, **special)


def reply_made(reply: Record) -> Record:
    return shape("reply", reply, bcc_emails=reply["bcc_emails"] or [], replied_to=reply["to_emails"])


# People outside


def contact_view(contact: Record) -> Record:
    return shape("contact", contact) | shape("contact alone", contact) | deleted(contact)


def contact_item(contact: Record) -> Record:
    """An item of a list: the other companies are bare ids here."""
    others = [other["company_id"] for other in contact["other_companies"]]
    return shape("contact", contact) | {"other_companies": others} | deleted(contact)


def company_view(company: Record) -> Record:
    return shape("company", company, org_company_id=str(company["org_company_id"]))

"""How tickets look from outside: the item of a list, the view, and what `include` adds."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from deskbook_sandbox.freshdesk.conversation_shapes import conversation_item, conversations_of
from deskbook_sandbox.freshdesk.records import Record, get, mail_told, person
from deskbook_sandbox.store.world import World, wall

STATISTICS = (
    "agent_responded_at",
    "requester_responded_at",
    "first_responded_at",
    "status_updated_at",
    "reopened_at",
    "resolved_at",
    "closed_at",
    "pending_since",
)


def created(ticket: Record) -> dict[str, Any]:
    """What the answer to a create shows."""
    return {**_core(ticket), **_text(ticket)}


def listed(world: World, ticket: Record, include: Collection[str] = ()) -> dict[str, Any]:
    """One item of a list or of a search."""
    item = {
        **_core(ticket),
        "association_type": ticket["association_type"],
        "associated_tickets_count": len(ticket["associated"]) or None,
        "structured_description": None,
    }
    if ticket["deleted"]:
        item["deleted"] = True
    if "description" in include:
        item |= _text(ticket)
    return item | _included(world, ticket, include)


def viewed(world: World, ticket: Record, include: Collection[str] = (), conversations: int = 10) -> dict[str, Any]:
    """The whole ticket; `conversations` is how many of them an include shows."""
    told = mail_told(world, "ticket", ticket["id"])
    view = {
        **_core(ticket),
        **_text(ticket),
        "association_type": ticket["association_type"],
        "source_additional_info": {"email": told} if told else None,
        "source_info": None,
        "sentiment_score": None,
        "initial_sentiment_score": None,
    }
    if ticket["associated"]:
        view["associated_tickets_list"] = ticket["associated"]
    if ticket["deleted"]:
        view["deleted"] = True
    if "conversations" in include:
        found = conversations_of(world, ticket["id"], conversations, 0)
        view["conversations"] = [conversation_item(each) for each in found]
    return view | _included(world, ticket, include)


def _core(ticket: Record) -> dict[str, Any]:
    known = ticket["sla_from"] <= wall()
    return {
        "cc_emails": ticket["cc_emails"],
        "fwd_emails": ticket["fwd_emails"],
        "reply_cc_emails": ticket["reply_cc_emails"],
        "ticket_cc_emails": ticket["ticket_cc_emails"],
        "ticket_bcc_emails": ticket["ticket_bcc_emails"],
        "fr_escalated": ticket["fr_escalated"],
        "spam": ticket["spam"],
        "email_config_id": ticket["email_config_id"],
        "group_id": ticket["group_id"],
        "priority": ticket["priority"],
        "requester_id": ticket["requester_id"],
        "responder_id": ticket["responder_id"],
        "source": ticket["source"],
        "company_id": ticket["company_id"],
        "status": ticket["status"],
        "subject": ticket["subject"],
        "support_email": ticket["support_email"],
        "to_emails": ticket["to_emails"],
        "product_id": ticket["product_id"],
        "id": ticket["id"],
        "type": ticket["type"],
        "due_by": ticket["due_by"] if known else None,
        "fr_due_by": ticket["fr_due_by"] if known else None,
        "is_escalated": ticket["is_escalated"],
        "nr_due_by": None,
        "nr_escalated": False,
        "form_id": ticket["form_id"],
        "custom_fields": ticket["custom_fields"],
        "created_at": ticket["created_at"],
        "updated_at": ticket["updated_at"],
        "tags": ticket["tags"],
    }


def _text(ticket: Record) -> dict[str, Any]:
    return {
        "description": ticket["description"],
        "description_text": ticket["description_text"],
        "attachments": ticket["attachments"],
    }


def _included(world: World, ticket: Record, include: Collection[str]) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if "requester" in include:
        asker = person(world, ticket["requester_id"]) or {}
        more["requester"] = {key: asker.get(key) for key in ("id", "name", "email", "mobile", "phone")}
    if "company" in include:
        company = get(world, "company", ticket["company_id"]) if ticket["company_id"] else None
        more["company"] = {"id": company["id"], "name": company["name"]} if company else {}
    if "stats" in include:
        more["stats"] = {key: ticket[key] for key in STATISTICS}
    return more

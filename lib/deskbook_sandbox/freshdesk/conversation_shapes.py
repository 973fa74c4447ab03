"""How conversations look from outside: the item of a list, and the answers to a reply and to a note."""

from __future__ import annotations

from typing import Any

from deskbook_sandbox.freshdesk.records import Record, mail_told, select
from deskbook_sandbox.store.world import World

REPLY, NOTE, SURVEY, FORWARD = 0, 2, 6, 8


def conversations_of(world: World, ticket: int, limit: int, offset: int) -> list[Record]:
    """The conversations of a ticket, oldest first, with what is told of their mails; a negative limit is none."""
    where = "WHERE ticket_id = ? ORDER BY id LIMIT ? OFFSET ?"
    found = select(world, "conversation", where, (ticket, limit, offset))
    return [{**each, "told": mail_told(world, "conversation", each["id"])} for each in found]


def conversation_item(found: Record) -> dict[str, Any]:
    told = found.get("told")
    return {
        "body": found["body"],
        "body_text": found["body_text"],
        "id": found["id"],
        "incoming": found["incoming"],
        "private": found["private"],
        "user_id": found["user_id"],
        "support_email": found["support_email"],
        "source": found["source"],
        "category": found["category"],
        "ticket_id": found["ticket_id"],
        "to_emails": found["to_emails"],
        "from_email": found["from_email"],
        "cc_emails": found["cc_emails"],
        "bcc_emails": found["bcc_emails"],
        "email_failure_count": None,
        "outgoing_failures": None,
        "thread_id": None,
        "thread_message_id": None,
        "created_at": found["created_at"],
        "updated_at": found["updated_at"],
        "last_edited_at": found["last_edited_at"],
        "last_edited_user_id": found["last_edited_user_id"],
        "attachments": found["attachments"],
        "automation_id": None,
        "automation_type_id": None,
        "auto_response": bool(told and told["auto_response"]),
        "source_additional_info": {"email": told} if told else None,
    }


def reply_answer(found: Record) -> dict[str, Any]:
    return {
        "body": found["body"],
        "body_text": found["body_text"],
        "id": found["id"],
        "user_id": found["user_id"],
        "from_email": found["from_email"],
        "cc_emails": found["cc_emails"],
        "bcc_emails": found["bcc_emails"] or [],
        "ticket_id": found["ticket_id"],
        "replied_to": found["to_emails"],
        "attachments": found["attachments"],
        "created_at": found["created_at"],
        "updated_at": found["updated_at"],
    }


def note_answer(found: Record, notified: list[str]) -> dict[str, Any]:
    return {
        "body": found["body"],
        "body_text": found["body_text"],
        "id": found["id"],
        "incoming": found["incoming"],
        "private": found["private"],
        "user_id": found["user_id"],
        "support_email": found["support_email"],
        "ticket_id": found["ticket_id"],
        "notified_to": notified,
        "attachments": found["attachments"],
        "created_at": found["created_at"],
        "updated_at": found["updated_at"],
    }

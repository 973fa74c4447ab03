"""Endpoints for conversations: reply, note, forward, edit, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk import attachments
from deskbook_sandbox.freshdesk.account import current_agent, is_agent, sender
from deskbook_sandbox.freshdesk.forms import FORMS, address, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, paged, writable
from deskbook_sandbox.freshdesk.markup import plain, sanitize
from deskbook_sandbox.freshdesk.outgoing import plain as addresses
from deskbook_sandbox.freshdesk.outgoing import requester_mail, send
from deskbook_sandbox.freshdesk.problems import no_such, not_allowed
from deskbook_sandbox.freshdesk.records import Record, add, change, docs, person, remove
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.freshdesk.shapes import (
    FORWARD,
    NOTE,
    REPLY,
    conversation_item,
    conversations_of,
    reply_made,
    shape,
)
from deskbook_sandbox.freshdesk.ticket_life import agent_reply_changes, copy_changes, requester_message_changes
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store

CUSTOMER, PRIVATE, PUBLIC, FORWARDED = 1, 2, 3, 6


def add_conversation(store: Store, ticket: Record, markup: str, values: Mapping[str, Any]) -> Record:
    """A new conversation with this cleaned HTML, stored; `values` say who said it and how."""
    text = {"ticket_id": ticket["id"], "body": markup, "body_text": plain(markup)}
    return add(store, "conversation", {**text, **values})


def _list(request: Request, ticket_id: int) -> Response:
    number = found(request, "ticket", ticket_id)["id"]
    return paged(
        request,
        lambda limit, offset: conversations_of(request.store, number, limit, offset),
        conversation_item,
    )


def _reply(request: Request, ticket_id: int) -> Response:
    store = request.store
    ticket = writable(request, "ticket", ticket_id)
    sent = read_form(request, FORMS["reply"])
    values = _from_us(request, sent)
    values |= {"source": REPLY, "category": PUBLIC, "to_emails": addresses([requester_mail(store, ticket)])}
    reply = add_conversation(store, ticket, sanitize(sent["body"]), values)
    change(store, "ticket", ticket_id, agent_reply_changes(store, ticket) | copy_changes(ticket, reply["cc_emails"]))
    _mail(store, "reply", ticket, reply)
    return created(request, reply_made(reply), f"/tickets/{ticket_id}/conversations")


def _forward(request: Request, ticket_id: int) -> Response:
    return _pass_on(request, ticket_id, PRIVATE)


def _reply_to_forward(request: Request, ticket_id: int) -> Response:
    return _pass_on(request, ticket_id, FORWARDED)


def _pass_on(request: Request, ticket_id: int, category: int) -> Response:
    store = request.store
    ticket = writable(request, "ticket", ticket_id)
    sent = read_form(request, FORMS["forward"])
    values = _from_us(request, sent)
    values |= {"source": FORWARD, "category": category, "private": True, "to_emails": addresses(sent["to_emails"])}
    quoted = ticket["description"] if sent.get("include_quoted_text") else ""
    forward = add_conversation(store, ticket, sanitize(sent["body"]) + quoted, values)
    if sent.get("include_original_attachments"):
        files = [*forward["attachments"], *ticket["attachments"]]
        forward = change(store, "conversation", forward["id"], {"attachments": files})
    reached = addresses([*ticket["fwd_emails"], *forward["to_emails"], *forward["cc_emails"]])
    change(store, "ticket", ticket_id, {"fwd_emails": reached, "updated_at": store.stamp()})
    _mail(store, "forward", ticket, forward, subject=f"Fwd: {ticket['subject']}")
    return created(request, conversation_item(forward), f"/tickets/{ticket_id}/conversations")


def _from_us(request: Request, sent: Mapping[str, Any]) -> Record:
    """What every outgoing mail says of itself."""
    store = request.store
    mailboxes = [box["reply_email"] for box in docs(store, "mailbox")]
    origin = address(sent["from_email"]) if sent.get("from_email") else None
    if origin and origin not in mailboxes:
        raise no_such("from_email", "email_config")
    return {
        "user_id": _speaker(store, sent, agents_only=True),
        "support_email": origin or store.organization.support.mail,
        "from_email": f"{store.organization.name} <{origin}>" if origin else sender(store.organization),
        "cc_emails": addresses(sent.get("cc_emails") or []),
        "bcc_emails": addresses(sent.get("bcc_emails") or []),
        "attachments": attachments.keep(request, sent.get("attachments") or []),
    }


def _speaker(store: Store, sent: Mapping[str, Any], *, agents_only: bool) -> int:
    user = sent.get("user_id")
    if user is None:
        return int(current_agent(store)["id"])
    if not is_agent(store, user) and (agents_only or person(store, user) is None):
        raise no_such("user_id", "agent" if agents_only else "contact")
    return int(user)


def _mail(store: Store, kind: str, ticket: Record, message: Record, subject: str = "") -> None:
    people = {"to": message["to_emails"], "cc": message["cc_emails"], "bcc": message["bcc_emails"] or []}
    send(store, kind, ticket, message["body"], people, subject)


def _note(request: Request, ticket_id: int) -> Response:
    store = request.store
    ticket = writable(request, "ticket", ticket_id)
    sent = read_form(request, FORMS["note"])
    user = _speaker(store, sent, agents_only=False)
    incoming, private = bool(sent.get("incoming")), sent.get("private") is not False
    category = PRIVATE if private else CUSTOMER if incoming else PUBLIC
    values = {
        "source": NOTE,
        "category": category,
        "user_id": user,
        "incoming": incoming,
        "private": private,
        "attachments": attachments.keep(request, sent.get("attachments") or []),
    }
    note = add_conversation(store, ticket, sanitize(sent["body"]), values)
    change(store, "ticket", ticket_id, _note_changes(store, ticket, note))
    notified = addresses(sent.get("notify_emails") or [])
    send(store, "note", ticket, note["body"], {"to": notified})
    return created(request, shape("note", note, notified_to=notified), f"/tickets/{ticket_id}/conversations")


def _note_changes(store: Store, ticket: Record, note: Record) -> Record:
    """What a note does to its ticket: a private one only touches it, a public one counts as a message."""
    if note["private"]:
        return {"updated_at": store.stamp()}
    ours = is_agent(store, note["user_id"])
    if note["incoming"]:
        return {"updated_at": store.stamp()} if ours else requester_message_changes(store, ticket)
    return agent_reply_changes(store, ticket) if ours else {"updated_at": store.stamp()}


def _conversation(request: Request, number: int) -> Record:
    conversation = found(request, "conversation", number)
    writable(request, "ticket", conversation["ticket_id"])
    return conversation


def _edit(request: Request, number: int) -> Response:
    store = request.store
    note = _conversation(request, number)
    if note["source"] != NOTE:
        raise not_allowed("PUT", ["DELETE"])
    sent = read_form(request, FORMS["edited conversation"])
    values: Record = {"updated_at": store.stamp()}
    if sent.get("body") is not None:
        markup = sanitize(sent["body"])
        values |= {"body": markup, "body_text": plain(markup)}
        values |= {"last_edited_at": store.stamp(), "last_edited_user_id": current_agent(store)["id"]}
    if sent.get("attachments"):
        values["attachments"] = [*note["attachments"], *attachments.keep(request, sent["attachments"])]
    return Response(body=shape("note", change(store, "conversation", number, values), notified_to=[]))


def _delete(request: Request, number: int) -> Response:
    _conversation(request, number)
    remove(request.store, "conversation", number)
    return Response(204)


_TICKET = "/tickets/<int:ticket_id>"

ROUTES = (
    route("GET", f"{_TICKET}/conversations", _list, "What was said, oldest first.", query=PAGED),
    route("POST", f"{_TICKET}/reply", _reply, "Mail the requester.", form=FORMS["reply"]),
    route("POST", f"{_TICKET}/notes", _note, "A note, private if not said.", form=FORMS["note"]),
    route("POST", f"{_TICKET}/forward", _forward, "Mail it to others.", form=FORMS["forward"]),
    route("POST", f"{_TICKET}/reply_to_forward", _reply_to_forward, "Answer them.", form=FORMS["forward"]),
    route("PUT", "/conversations/<int:number>", _edit, "Edit a note.", form=FORMS["edited conversation"]),
    route("DELETE", "/conversations/<int:number>", _delete, "Delete a note or a reply."),
)

"""Ticket lifecycle: creation, due dates, status changes, and the statistics that follow from messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from deskbook_sandbox.freshdesk.forms import moment
from deskbook_sandbox.freshdesk.outgoing import plain, send_survey
from deskbook_sandbox.freshdesk.records import DEFAULTS, Record, add, change, docs
from deskbook_sandbox.store.database import Store, stamp, wall

OPEN, PENDING, RESOLVED, CLOSED = 2, 3, 4, 5
OUTBOUND = 10

# Hours to respond and to resolve, by priority; they run day and night.
TARGETS = {4: (1, 4), 3: (4, 12), 2: (8, 24), 1: (24, 72)}


def create_ticket(store: Store, values: Mapping[str, Any], created: datetime | None = None) -> Record:
    """A new ticket, stored. Its due dates are known now and shown a little later, unless they were given."""
    at = created or store.now()
    now = stamp(at)
    ticket = {
        **DEFAULTS["ticket"],
        "custom_fields": {store.organization.fields.hub_url: None},
        "form_id": next((form["id"] for form in docs(store, "form")), None),
        **values,
        "status_updated_at": now,
    }
    ticket["reply_cc_emails"] = ticket["ticket_cc_emails"] = ticket["cc_emails"]
    ticket |= status_changes(ticket["status"], None, now)
    sent = bool(ticket.get("due_by") or ticket.get("fr_due_by"))
    ticket = {**due(ticket["priority"], at), **{key: value for key, value in ticket.items() if value is not None}}
    ticket["sla_from"] = wall() if sent or created else wall() + store.switches.sla_delay
    return add(store, "ticket", ticket, now)


def due(priority: int, created: datetime) -> dict[str, str]:
    respond, resolve = TARGETS[priority]
    return {
        "fr_due_by": stamp(created + timedelta(hours=respond)),
        "due_by": stamp(created + timedelta(hours=resolve)),
    }


def status_changes(status: Any, former: int | None, now: str) -> dict[str, Any]:
    """The statistics that change when a ticket comes from `former` (None: it is new) into a status."""
    if status == former:
        return {}
    moved: dict[str, Any] = {"status_updated_at": now}
    if status == PENDING:
        moved["pending_since"] = now
    elif former == PENDING:
        moved["pending_since"] = None
    if status == RESOLVED:
        moved |= {"resolved_at": now, "closed_at": None}
    elif status == CLOSED:
        moved["closed_at"] = now
        if former != RESOLVED:
            moved["resolved_at"] = now
    elif former in (RESOLVED, CLOSED):
        moved |= {"reopened_at": now, "resolved_at": None, "closed_at": None}
    return moved


def update_ticket(store: Store, ticket: Record, values: Mapping[str, Any]) -> Record:
    """The ticket after an update, stored; entering Resolved sends the survey."""
    now = store.stamp()
    changes = {**values, "updated_at": now}
    status = changes.get("status", ticket["status"])
    changes |= status_changes(status, ticket["status"], now)
    if changes.get("priority", ticket["priority"]) != ticket["priority"]:
        created = moment(ticket["created_at"])
        assert created is not None
        changes = {**due(changes["priority"], created), **changes}
    after = change(store, "ticket", ticket["id"], changes)
    if status != ticket["status"] and status in store.switches.survey_on:
        send_survey(store, after)
    return after


def agent_reply_changes(store: Store, ticket: Record, at: str | None = None) -> dict[str, Any]:
    """What an agent's public answer changes. On a ticket that we began ourselves it is no answer."""
    now = at or store.stamp()
    if ticket["source"] == OUTBOUND:
        return {"updated_at": now}
    first = ticket["first_responded_at"] or now
    return {"updated_at": now, "agent_responded_at": now, "first_responded_at": first}


def requester_message_changes(store: Store, ticket: Record, at: str | None = None) -> dict[str, Any]:
    """What a public message of somebody outside changes; with the switch on, it reopens."""
    now = at or store.stamp()
    changes: dict[str, Any] = {"updated_at": now, "requester_responded_at": now}
    if store.switches.reply_reopens and ticket["status"] != OPEN:
        changes |= {"status": OPEN, **status_changes(OPEN, ticket["status"], now)}
    return changes


def copy_changes(ticket: Record, cc: list[str]) -> dict[str, Any]:
    """What the copies of a public message leave on the ticket."""
    return {"cc_emails": plain([*ticket["cc_emails"], *cc]), "reply_cc_emails": plain(cc)}


def flag_overdue(store: Store) -> None:
    """Flag the open tickets whose due dates have passed; each flag is an update of its ticket at that moment."""
    now = store.stamp()
    for flag, date, more in (
        ("fr_escalated", "fr_due_by", "AND first_responded_at IS NULL"),
        ("is_escalated", "due_by", ""),
    ):
        store.db.execute(
            f"UPDATE fd_tickets SET {flag} = 1, updated_at = max(updated_at, {date}) "
            f"WHERE {flag} = 0 AND status = {OPEN} AND {date} < ? AND deleted = 0 AND spam = 0 {more}",
            (now,),
        )

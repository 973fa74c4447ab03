"""Mail that would have gone out: the outbox, the survey, and the automatic notices that are off as shipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import has
from deskbook_sandbox.freshdesk.forms import address
from deskbook_sandbox.freshdesk.records import Record, add, get, person, select
from deskbook_sandbox.store.database import Store


def outbox(store: Store) -> list[dict[str, Any]]:
    """Every mail so far, oldest first, with plain addresses."""
    keys = ("to", "cc", "bcc", "subject", "body", "ticket_id", "at", "kind")
    return [{key: mail[key] for key in keys} for mail in select(store, "mail", "ORDER BY id")]


def send(
    store: Store, kind: str, ticket: Record, body: str, people: Mapping[str, Iterable[str | None]], subject: str = ""
) -> None:
    """Put a mail into the outbox; one that nobody would get is not sent. `people` are lists of to, cc and bcc."""
    reached = {way: plain(people.get(way, ())) for way in ("to", "cc", "bcc")}
    if any(reached.values()):
        about = {"kind": kind, "ticket_id": ticket["id"], "at": store.stamp()}
        add(store, "mail", {**about, **reached, "subject": subject or f"Re: {ticket['subject']}", "body": body})


def plain(mails: Iterable[str | None]) -> list[str]:
    """The bare addresses, each once."""
    return list(dict.fromkeys(found for mail in mails if mail and (found := address(mail))))


def requester_mail(store: Store, ticket: Record) -> str | None:
    asker = person(store, ticket["requester_id"])
    return asker["email"] if asker else None


def send_survey(store: Store, ticket: Record) -> None:
    """The mail that asks how it went, where the plan has surveys and the requester an address."""
    if has(store, "Surveys"):
        body = f"<div>How would you rate our help with your ticket #{ticket['id']}?</div>"
        send(store, "survey", ticket, body, {"to": [requester_mail(store, ticket)]})


def notify_requester(store: Store, ticket: Record) -> None:
    if store.switches.automatic_notices:
        body = f"<div>We received your request; its number is #{ticket['id']}.</div>"
        send(store, "notice", ticket, body, {"to": [requester_mail(store, ticket)]})


def notify_agent(store: Store, ticket: Record, body: str) -> None:
    agent = get(store, "agent", ticket["responder_id"])
    if store.switches.automatic_notices and agent:
        send(store, "notice", ticket, body, {"to": [agent["contact"]["email"]]})

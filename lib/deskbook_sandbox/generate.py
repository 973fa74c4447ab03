"""Generate a large data set: a believable year of a busy desk, for performance tests."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

from deskbook.config.loader import read_yaml
from deskbook.config.organization import Organization
from deskbook_sandbox.freshdesk.conversations import CUSTOMER, PRIVATE, PUBLIC
from deskbook_sandbox.freshdesk.records import DEFAULTS, Record, docs, index_now, insert, new_id
from deskbook_sandbox.freshdesk.shapes import NOTE, REPLY
from deskbook_sandbox.freshdesk.ticket_life import CLOSED, OPEN, PENDING, RESOLVED, TARGETS
from deskbook_sandbox.freshdesk.ticket_writes import default_mailbox
from deskbook_sandbox.github import records
from deskbook_sandbox.store.database import Store, stamp, wall

_WORDS = read_yaml(Path(__file__).with_name("generate.yaml"))
_REQUESTS = ("Feature Request", "Something is not working", "Technical questions")
_IMPACTS = ("Low", "Medium", "High")

BATCH = 2_000


def generate(store: Store, tickets: int = 30_000, companies: int = 0) -> None:
    """Add so many tickets of the past year, a tenth as many contacts, about as many issues, and so many companies; 0: a
    thirtieth as many.

    The store keeps what it had. The same store and numbers give the same records.
    """
    dice = random.Random(tickets)
    with store.transaction():
        made = [_company(store, name) for name in _names(companies or max(1, tickets // 30))]
        insert(store, "company", made)
        contacts = [_contact(store, dice, made, number) for number in range(max(1, tickets // 10))]
        insert(store, "contact", contacts)
        numbers = [new_id(store, "ticket") for _ in range(tickets)]
        waiting: list[Record] = []
        rest: list[Record] = []
        for start in range(0, tickets, BATCH):
            for ticket in _batch(store, dice, numbers[start : start + BATCH], contacts, tickets, start):
                (waiting if ticket["status"] == PENDING else rest).append(ticket)
        room = max(0, tickets // 10 - len(waiting))
        earlier = rest[:: len(rest) // room + 1] if room else []
        for ticket in sorted([*waiting, *earlier], key=lambda ticket: int(ticket["id"])):
            _issue(store, dice, ticket)
        index_now(store)


def _names(count: int) -> Iterator[str]:
    for index, words in zip(range(count), _endless(), strict=False):
        yield " ".join(words) + (f" {index}" if index >= 1_400 else "")


def _endless() -> Iterator[tuple[str, ...]]:
    while True:
        for kind, colour, thing in product(_WORDS["kinds"], _WORDS["colours"], _WORDS["things"]):
            yield colour, thing, kind


def _company(store: Store, name: str) -> Record:
    names = store.organization.fields
    number, now = new_id(store, "company"), store.stamp(store.now() - timedelta(days=365))
    domain = name.lower().replace(" ", "-") + ".example.net"
    fields = {names.representatives: None, names.budget_hours: 3.0, names.own_funding: number % 5 == 0}
    more = {"domains": [domain], "custom_fields": fields, "org_company_id": new_id(store, "organization")}
    return {"id": number, "name": name, **more, "created_at": now, "updated_at": now}


def _contact(store: Store, dice: random.Random, companies: list[Record], number: int) -> Record:
    first, last = dice.choice(_WORDS["first"]), dice.choice(_WORDS["last"])
    company = companies[number % len(companies)]
    now = company["created_at"]
    known = {
        "id": new_id(store, "contact"),
        "name": f"{first} {last}",
        "email": f"{first}.{last}.{number}@{company['domains'][0]}".lower(),
        "company_id": company["id"],
        "active": True,
    }
    return {**DEFAULTS["contact"], **known, "created_at": now, "updated_at": now}


def _batch(
    store: Store, dice: random.Random, numbers: list[int], contacts: list[Record], total: int, start: int
) -> list[Record]:
    """Tickets evenly over the year, the newest last, and what was said on them."""
    agents = docs(store, "agent")
    box = default_mailbox(store)
    end = store.now()
    found: list[Record] = []
    said: list[Record] = []
    for index, number in enumerate(numbers):
        at = end - timedelta(days=365) * (1 - (start + index + dice.random()) / total)
        origin = _Origin(dice.choice(contacts), dice.choice(agents), box)
        ticket = _ticket(store.organization, dice, number, origin, at, end)
        found.append(ticket)
        said.extend(_talk(store, dice, ticket, at, end))
    insert(store, "ticket", found)
    insert(store, "conversation", said)
    return found


@dataclass(frozen=True)
class _Origin:
    """Who asks, which agent takes it, and the mailbox it comes in by."""

    asker: Record
    agent: Record
    box: Record


def _ticket(
    organization: Organization, dice: random.Random, number: int, origin: _Origin, at: datetime, end: datetime
) -> Record:
    asker, agent, box = origin.asker, origin.agent, origin.box
    story = dice.choices(_WORDS["stories"], [each["weight"] for each in _WORDS["stories"]])[0]
    thing = dice.choice(_WORDS["things"]).lower()
    words = f"Hello,\n\n{story['text'].format(thing=thing)}\n\nBest wishes, {asker['name'].split()[0]}"
    taken = end - at > timedelta(hours=dice.randrange(1, 48))
    done = taken and end - at > timedelta(days=dice.randrange(2, 40))
    status = dice.choices((CLOSED, RESOLVED), (9, 1))[0] if done else dice.choice((OPEN, PENDING)) if taken else OPEN
    moved = min(end, at + timedelta(hours=dice.randrange(1, 90))) if taken else at
    priority = dice.choices((1, 2, 3, 4), (70, 20, 8, 2))[0]
    respond, resolve = TARGETS[priority]
    created, changed = stamp(at), stamp(moved)
    late = status == OPEN and end - at > timedelta(hours=resolve)
    return {
        **DEFAULTS["ticket"],
        "id": number,
        "subject": story["subject"].format(thing=thing),
        "description": "<div>" + words.replace("\n", "<br>") + "</div>",
        "description_text": words,
        "status": status,
        "priority": priority,
        "source": dice.choices((1, 9, 3), (80, 18, 2))[0],
        "type": organization.ticket_types[story["kind"]] if taken else None,
        "requester_id": asker["id"],
        "company_id": asker["company_id"],
        "responder_id": agent["id"] if taken else None,
        "group_id": box["group_id"],
        "email_config_id": box["id"],
        "support_email": box["reply_email"],
        "to_emails": [box["reply_email"]],
        "custom_fields": {organization.fields.hub_url: None},
        "fr_due_by": stamp(at + timedelta(hours=respond)),
        "due_by": stamp(at + timedelta(hours=resolve)),
        "sla_from": wall(),
        "fr_escalated": late,
        "is_escalated": late,
        "created_at": created,
        "updated_at": changed,
        "status_updated_at": changed,
        "first_responded_at": changed if taken else None,
        "agent_responded_at": changed if taken else None,
        "pending_since": changed if status == PENDING else None,
        "resolved_at": changed if done else None,
        "closed_at": changed if status == CLOSED else None,
    }


def _talk(store: Store, dice: random.Random, ticket: Record, at: datetime, end: datetime) -> Iterator[Record]:
    """An answer, sometimes a note and a thank-you."""
    if ticket["responder_id"] is None:
        return
    reference = f"Ref {ticket['id']}-1-triage.acknowledge"
    yield _said(store, ticket, "Hello, we received this and are looking into it.", reference, REPLY, PUBLIC)
    if dice.random() < 0.4:
        yield _said(store, ticket, "Looked at the logs, nothing unusual.", "", NOTE, PRIVATE)
    if dice.random() < 0.6:
        yield _said(store, ticket, "Thank you, this helps.", "", REPLY, CUSTOMER)


def _said(store: Store, ticket: Record, text: str, reference: str, source: int, category: int) -> Record:
    words = [text, reference] if reference else [text]
    ours, mail = category != CUSTOMER, source == REPLY
    return {
        "id": new_id(store, "conversation"),
        "ticket_id": ticket["id"],
        "body": "<div>" + "<br><br>".join(words) + "</div>",
        "body_text": "\n\n".join(words),
        "incoming": not ours,
        "private": category == PRIVATE,
        "user_id": ticket["responder_id"] if ours else ticket["requester_id"],
        "support_email": ticket["support_email"] if mail else None,
        "source": source,
        "category": category,
        "from_email": ticket["support_email"] if mail and ours else None,
        "to_emails": [] if ours else ticket["to_emails"],
        "cc_emails": [],
        "bcc_emails": [] if mail and ours else None,
        "attachments": [],
        "created_at": ticket["updated_at"],
        "updated_at": ticket["updated_at"],
    }


def _issue(store: Store, dice: random.Random, ticket: Record) -> None:
    """What tracks a ticket: open as long as the ticket is Pending, and planned or not."""
    organization, at = store.organization, str(ticket["created_at"])
    people = [person.login for person in organization.people if person.login]
    link = f"{organization.support.helpdesk.rstrip('/')}/a/tickets/{ticket['id']}"
    kind, impact = dice.choice(_REQUESTS), dice.choices(_IMPACTS, (5, 6, 3))[0]
    answers = {"Ticket link": link, "Request type": kind, "Impact": impact, "Short description": "See the ticket."}
    body = "\n\n".join(f"### {asked}\n\n{response}" for asked, response in answers.items())
    label, title = organization.tracker.support_label, f"[Support] {ticket['subject']}"
    given = [dice.choice(people)] if ticket["status"] != PENDING or dice.random() < 0.5 else []
    opened = records.add_issue(store, dice.choice(people), title, body, labels=[label], assignees=given, at=at)
    if ticket["status"] != PENDING:
        records.set_state(store, dice.choice(people), opened, "closed", "completed", at=at)

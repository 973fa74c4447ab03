"""Mail that comes in from outside: it opens a ticket, or continues one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from deskbook.config.loader import Frozen
from deskbook_sandbox.freshdesk.conversations import CUSTOMER, add_conversation
from deskbook_sandbox.freshdesk.forms import address
from deskbook_sandbox.freshdesk.markup import from_mail, plain
from deskbook_sandbox.freshdesk.outgoing import notify_agent, notify_requester
from deskbook_sandbox.freshdesk.outgoing import plain as addresses
from deskbook_sandbox.freshdesk.records import Record, change, docs, get, keep_told
from deskbook_sandbox.freshdesk.shapes import REPLY
from deskbook_sandbox.freshdesk.ticket_life import copy_changes, create_ticket, requester_message_changes
from deskbook_sandbox.freshdesk.ticket_writes import default_mailbox, requester_by_mail
from deskbook_sandbox.store.database import Store

BY_MAIL = 1
AUTOMATIC = ("x-autoreply", "x-autorespond", "x-auto-response")  # headers by which a mail says that it is automatic


def _addressed(text: str) -> str:
    if address(text) is None:
        raise ValueError(f"'{text}' is no mail address; write name@host or Name <name@host>")
    return text


Sender = Annotated[str, AfterValidator(_addressed)]


class Incoming(Frozen):
    """A mail as POST /sandbox/incoming takes it; without a ticket_id it opens a ticket.

    `auto_response` is the helpdesk's own mark of an automatic reply; where it is not given, the headers decide.
    """

    sender: Sender = Field(alias="from")
    subject: str = "(no subject)"
    body: str
    ticket_id: int | None = Field(default=None, ge=1, lt=2**63)
    cc: tuple[Sender, ...] = ()
    headers: Mapping[str, str] = {}
    auto_response: bool | None = None

    def told(self) -> Record | None:
        """What the helpdesk tells of this mail beside its text; None of an ordinary one."""
        said = {name.lower(): value.lower() for name, value in self.headers.items()}
        marked = said.get("auto-submitted", "no") != "no" or any(name in said for name in AUTOMATIC)
        automatic = marked if self.auto_response is None else self.auto_response
        return {"auto_response": automatic, "headers": dict(self.headers)} if automatic or self.headers else None


def receive(store: Store, mail: Incoming) -> dict[str, int | None] | None:
    """Deliver a mail: the ids of its ticket and conversation, or None where the ticket is not there."""
    if mail.ticket_id is None:
        ticket = open_by_mail(store, mail)
        notify_requester(store, ticket)
        return {"ticket_id": ticket["id"], "conversation_id": None}
    found = get(store, "ticket", mail.ticket_id)
    if found is None:
        return None
    conversation = continue_by_mail(store, found, mail)
    notify_agent(store, found, conversation["body"])
    return {"ticket_id": found["id"], "conversation_id": conversation["id"]}


def open_by_mail(
    store: Store, mail: Incoming, values: Mapping[str, Any] | None = None, at: datetime | None = None
) -> Record:
    """A ticket that came by mail; `values` and `at` are for seeds."""
    box = default_mailbox(store)
    asker = requester_by_mail(store, mail.sender, name_in(mail.sender))
    markup = from_mail(mail.body)
    arrived: Record = {
        "subject": mail.subject,
        "description": markup,
        "description_text": plain(markup),
        "source": BY_MAIL,
        "requester_id": asker["id"],
        "company_id": asker["company_id"],
        "group_id": box["group_id"],
        "email_config_id": box["id"],
        "support_email": box["reply_email"],
        "to_emails": [box["reply_email"]],
        "cc_emails": _others(store, mail.cc),
    }
    ticket = create_ticket(store, {**arrived, **(values or {})}, at)
    keep_told(store, "ticket", ticket["id"], mail.told())
    return ticket


def continue_by_mail(store: Store, ticket: Record, mail: Incoming, at: str | None = None) -> Record:
    """A public message on a ticket. A deleted ticket keeps it too, as the mailbox does not know better."""
    box = default_mailbox(store)
    asker = requester_by_mail(store, mail.sender, name_in(mail.sender))
    cc = _others(store, mail.cc)
    moved = requester_message_changes(store, ticket, at)
    conversation = add_conversation(
        store,
        ticket,
        from_mail(mail.body),
        {
            "source": REPLY,
            "category": CUSTOMER,
            "incoming": True,
            "user_id": asker["id"],
            "support_email": box["reply_email"],
            "from_email": f"{asker['name']} <{asker['email']}>",
            "to_emails": [box["reply_email"]],
            "cc_emails": cc,
            **({"created_at": at, "updated_at": at} if at else {}),
        },
    )
    keep_told(store, "conversation", conversation["id"], mail.told())
    change(store, "ticket", ticket["id"], moved | copy_changes(ticket, cc))
    return conversation


def name_in(text: str) -> str | None:
    """The name in 'Name <name@host>'."""
    match = re.match(r"\s*\"?([^<\"]*?)\"?\s*<", text)
    return match[1] or None if match else None


def _others(store: Store, cc: tuple[str, ...]) -> list[str]:
    """The copies, without our own mailboxes."""
    own = {box["reply_email"] for box in docs(store, "mailbox")}
    return [mail for mail in addresses(cc) if mail not in own]

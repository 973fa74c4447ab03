"""Parse tickets as Freshdesk's views and lists tell them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from operator import itemgetter
from types import NoneType
from typing import Any

from deskbook.config.organization import Organization
from deskbook.language.redaction import redact
from deskbook.model.records import Ticket, TicketSummary
from deskbook.services import reply
from deskbook.services.freshdesk import links
from deskbook.services.freshdesk.fields import (
    SOURCES,
    Record,
    copies_in,
    flag_in,
    id_in,
    mail_told,
    maybe_flag,
    maybe_text,
    moment_in,
    number_in,
    part_in,
    text_in,
    texts_in,
)
from deskbook.services.freshdesk.names import Names
from deskbook.services.http import Service

Read = Callable[[Service, Record, str, str], Any]
Kinds = tuple[type, ...]


def maybe_moment(http: Service, record: Record, key: str, where: str) -> datetime | None:
    """A time that is not everywhere; None where it is missing or null."""
    return None if record.get(key) is None else moment_in(http, record, key, where)


# What a ticket always has, and what its statistics may have: how each is read, and the types that stand there nearly always.
# A list has thousands of them: one whose types are all among these is taken as it is, any other is read field by field.
NUMBER: tuple[Read, Kinds] = (number_in, (int,))
ID: tuple[Read, Kinds] = (id_in, (int, NoneType))
TEXT: tuple[Read, Kinds] = (text_in, (str, NoneType))
MOMENT: tuple[Read, Kinds] = (moment_in, (str,))
TICKET: dict[str, tuple[Read, Kinds]] = {
    "id": NUMBER, "subject": TEXT, "status": NUMBER, "source": NUMBER, "type": TEXT, "requester_id": NUMBER,
    "responder_id": ID, "company_id": ID, "group_id": ID, "tags": (partial(texts_in, must=True), (list,)),
    "custom_fields": (part_in, (dict,)), "spam": (flag_in, (bool,)), "created_at": MOMENT,
}  # fmt: skip
STATISTICS = (
    "first_responded_at", "agent_responded_at", "requester_responded_at", "reopened_at", "resolved_at", "pending_since",
    "status_updated_at",
)  # fmt: skip
_of_ticket = itemgetter(*TICKET)
_of_statistics = itemgetter(*STATISTICS)
LIST = "/tickets"


@cache
def _usual(kinds: Kinds) -> bool:
    return all(kind in usual for kind, (_, usual) in zip(kinds, TICKET.values(), strict=True))


class Tickets:
    """Reads tickets of one helpdesk."""

    def __init__(self, http: Service, organization: Organization, names: Names) -> None:
        self._http = http
        self._hub_url = organization.fields.hub_url
        self._addresses = links.tickets_at(organization.support.helpdesk)  # those that people know
        self._names = names

    def ticket(self, record: Record, where: str) -> Ticket:
        """A ticket from a view or a list; ServiceError where it is not as Freshdesk promises."""
        http = self._http
        number, subject, status, source, kind, requester, agent, community, group, tags, custom, spam, _ = self._fields(
            record, where
        )
        automatic, headers = mail_told(record)
        return Ticket(
            id=number,
            subject=redact(subject or ""),  # it goes to lists, titles and chat
            body=maybe_text(http, record, "description", where),
            status=self._names.status(status),
            source=SOURCES.get(source) or f"source {source}",
            type=kind or None,
            requester=requester,
            agent=agent,
            community=community,
            group=self._names.group(group),
            tags=texts_in(http, record, "tags", where) if tags else (),
            hub_url=maybe_text(http, custom, self._hub_url, where).strip() or None,
            created=moment_in(http, record, "created_at", where),
            updated=maybe_moment(http, record, "updated_at", where),
            url=f"{self._addresses}{number}",
            deleted=maybe_flag(http, record, "deleted", where),
            spam=spam,
            automatic=automatic,
            headers=headers,
            cc=copies_in(http, record, where),
        )

    def _fields(self, record: Record, where: str) -> tuple[Any, ...]:
        try:
            found: tuple[Any, ...] = _of_ticket(record)
            if _usual(tuple(map(type, found))):
                return found
        except (KeyError, TypeError):
            pass
        return tuple(read(self._http, record, name, where) for name, (read, _) in TICKET.items())

    def listed(self, record: Record) -> TicketSummary:
        """A ticket of a list with its statistics, of which those that are missing or blank are None."""
        return TicketSummary(self.ticket(record, LIST), *self._statistics(record))

    def _statistics(self, record: Record) -> Sequence[datetime | None]:
        stats = record.get("stats")
        if type(stats) is not dict:
            stats = reply.maybe(self._http.bent(LIST), record, "stats", dict) or {}
        try:
            told = _of_statistics(stats)
            found = [None if at is None else reply.utc(at) for at in told]
            if found.count(None) == told.count(None):
                return found
        except (KeyError, TypeError):
            pass
        return [maybe_moment(self._http, stats, name, LIST) for name in STATISTICS]


def oldest_first(found: Iterable[TicketSummary]) -> tuple[TicketSummary, ...]:
    return tuple(sorted(found, key=lambda each: (each.ticket.created, each.ticket.id)))

"""List and search tickets in Freshdesk: every unfinished one, and the latest of a community, without a call for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from deskbook.errors import ServiceError
from deskbook.model.records import OpenTicket, Ticket, TicketSummary
from deskbook.services import reply
from deskbook.services.freshdesk.fields import CLOSED, OPEN, Record, id_in, maybe_flag, moment_in, number_in, stamp
from deskbook.services.http import MOST_PAGES, Service

SEARCH_PAGES = 10  # Freshdesk's search shows no more
SEARCH_PAGE = 30
PAGE = 100
RECENT = timedelta(days=60)  # what changed since then comes from the list, what did not from the search
YEAR = timedelta(days=365)
LATEST = 50

Found = dict[int, Record]


def unfinished(http: Service, now: datetime, waiting: Iterable[int]) -> tuple[list[Record], int]:
    """Every ticket that is not closed, deleted or spam, and how many more there are.

    The list tells truly what changed in the last 60 days. Of those untouched for longer, the search shows 300; what was
    closed meanwhile may still be among them for a few minutes. `waiting` are the account's own statuses besides 2 to 5.
    """
    found = changed_since(http, now - RECENT)
    before = (now - RECENT).date()
    live = " OR ".join(f"status:{code}" for code in (2, 3, 4, *sorted(waiting)))
    old, total = searched(http, f"({live}) AND updated_at:<'{before}'")
    for record in old:
        found.setdefault(number_in(http, record, "id", "/search/tickets"), record)
    kept = [
        record
        for record in found.values()
        if number_in(http, record, "status", "/tickets") != CLOSED
        and not maybe_flag(http, record, "deleted", "/tickets")
        and not maybe_flag(http, record, "spam", "/tickets")
    ]
    return kept, max(0, total - SEARCH_PAGES * SEARCH_PAGE)


def latest_of(http: Service, community_id: int, now: datetime) -> list[Record]:
    """The newest tickets of a company that changed within a year, with what they say."""
    params = {"company_id": community_id, "updated_since": stamp(now - YEAR), "include": "description"}
    records = http.get("/tickets", {**params, "per_page": LATEST})
    if not isinstance(records, list):
        raise http.error(ServiceError, f"GET /tickets came back as no list; check {http.address}")
    return records


def open_tickets(http: Service) -> tuple[OpenTicket, ...]:
    """The open tickets, as far as the search shows them (300, a few minutes old)."""
    where = "/search/tickets"
    return tuple(
        OpenTicket(
            id=number_in(http, record, "id", where),
            requester=number_in(http, record, "requester_id", where),
            agent=id_in(http, record, "responder_id", where),
            created=moment_in(http, record, "created_at", where),
        )
        for record in searched(http, f"status:{OPEN}")[0]
    )


def searched(http: Service, query: str) -> tuple[list[Record], int]:
    """What the search finds, 300 at most, and how many it says there are."""
    where = "/search/tickets"
    found: list[Record] = []
    total = 0
    for page in range(1, SEARCH_PAGES + 1):
        answer = http.get(where, {"query": f'"{query}"', "page": page})
        results = reply.listed(http.bent(where), answer, "results")
        found += results
        total = number_in(http, answer, "total", where)
        if len(results) < SEARCH_PAGE:
            break
    return found, total


def listed(http: Service, ticket: Ticket, record: Record) -> TicketSummary:
    """The ticket with its statistics; those that are missing or blank are None."""
    told = reply.maybe(http.bent("/tickets"), record, "stats", dict) or {}
    stats = {key: at for key, at in told.items() if at is not None}

    def at(key: str) -> datetime | None:
        return moment_in(http, stats, key, "/tickets") if key in stats else None

    return TicketSummary(
        ticket=ticket,
        first_answer=at("first_responded_at"),
        answered=at("agent_responded_at"),
        replied=at("requester_responded_at"),
        reopened=at("reopened_at"),
        resolved=at("resolved_at"),
        pending=at("pending_since"),
        changed=at("status_updated_at"),
    )


def changed_since(http: Service, since: datetime) -> Found:
    """By number, as they were last seen: a ticket that changes while we read moves to the end and shows twice."""
    found: Found = {}
    params = {"include": "stats", "order_by": "updated_at", "order_type": "asc", "per_page": PAGE}
    while True:
        count, last = 0, since
        for page in http.pages("/tickets", {**params, "updated_since": stamp(since)}):
            if not isinstance(page, list):
                raise http.error(ServiceError, f"GET /tickets came back as no list; check {http.address}")
            for record in page:
                found[number_in(http, record, "id", "/tickets")] = record
                last = moment_in(http, record, "updated_at", "/tickets")
            count += 1
            if count == MOST_PAGES:
                break
        if count < MOST_PAGES or last <= since:
            return found
        since = last  # Freshdesk ends a list after so many pages, so the next one begins where this one ended

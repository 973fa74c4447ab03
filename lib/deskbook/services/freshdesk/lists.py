"""List and search tickets in Freshdesk: every unfinished one, and the latest of a community, without a call for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import compress
from typing import TypeVar

from deskbook.errors import ServiceError
from deskbook.model.records import OpenTicket, TicketSummary
from deskbook.services import reply
from deskbook.services.freshdesk.fields import (
    CLOSED,
    OPEN,
    STATUSES,
    Record,
    id_in,
    maybe_flag,
    moment_in,
    number_in,
    stamp,
)
from deskbook.services.freshdesk.kept import WHOLE, Kept, changed
from deskbook.services.freshdesk.names import Used
from deskbook.services.http import MOST_PAGES, Service

SEARCH_PAGES = 10  # Freshdesk's search shows no more
SEARCH_PAGE = 30
PAGE = 100
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # before there was a helpdesk; without a date the list shows 30 days
RECENT = timedelta(days=60)  # what changed since then is read in the order of its changes, where pages may slip
YEAR = timedelta(days=365)
LATEST = 50

T = TypeVar("T")
Found = dict[int, TicketSummary]
Make = Callable[
    [Sequence[Record]], Sequence[TicketSummary]
]  # tickets of a page, as soon as it is there: a page is large


@dataclass(frozen=True)
class Read:
    """What lists tell: each unfinished ticket; each that changed since the moment that was asked about, if one was; and
    how many unfinished ones no list shows. `kept` is what is left for the next reading."""

    unfinished: Found
    touched: Found
    unseen: int
    kept: Kept | None


def read(
    http: Service,
    make: Make,
    own_codes: Callable[[], Collection[int]],
    kept: Kept | None,
    clock: Callable[[], datetime],
    still: Callable[[Used], bool],
    since: datetime | None = None,
) -> Read:
    """Every ticket that is neither closed nor deleted nor spam, as of the helpdesk's own time.

    Where it is known how they were, what changed since then is read. Without that, and once a day, they are read whole:
    by their status; or where what changed since a moment is wanted anyway, from there, and what is older from the search,
    which shows 300. `own_codes` asks for the account's own statuses besides 2 to 5, `clock` for the helpdesk's time, from
    which on what is read whole counts as read, `still` whether names hold by which tickets were left.
    """
    each = partial(_wanted, http, make, since is not None)
    if kept:
        gone = changed_since(http, kept.since, tuple, only="deleted")
        seen = http.date
        if not seen or seen - kept.whole < WHOLE:
            touched = changed_since(http, min(kept.since, since or kept.since), each)
            if kept.last[0] in touched and not _slipped(http, kept, gone.values()) and still(kept.used):
                left = {number: one for number, one in kept.tickets.items() if number not in gone}
                return _read(kept.whole, _over(left, touched), touched, kept.unseen, kept.until, seen)
    own, now = own_codes(), clock()
    if since:
        touched = changed_since(http, since, each)
        old, unseen = _older(http, make, since, own)
        return _read(None if unseen else now, _over(old, touched), touched, unseen)
    found, ordered = by_status(http, make, own)
    touched = changed_since(http, now, each)
    unseen, until = 0, http.date
    if not ordered or _moved(found, touched):  # then tickets that nobody touched may have slipped from page to page
        truly = changed_since(http, now - RECENT, each)
        old, unseen = _older(http, make, now - RECENT, own)
        unseen = max(0, unseen - sum(number not in old for number in found if number not in truly))
        found, until = _over({**old, **found}, truly), now  # in the order of changes nothing slips
    return _read(now, _over(found, touched), touched, unseen, until)


def _read(
    whole: datetime | None,
    found: Found,
    touched: dict[int, TicketSummary | None],
    unseen: int,
    until: datetime | None = None,
    seen: datetime | None = None,
) -> Read:
    """`whole` and `until`: when the pages were read in which tickets may slip. `seen`: until when what was deleted is known
    as well; from the beginning of a whole reading it is not."""
    told = {number: each for number, each in touched.items() if each}
    last = max(found.values(), key=changed, default=None)
    if whole is None or last is None:
        return Read(found, told, unseen, None)
    at = last.ticket.id, changed(last)
    return Read(found, told, unseen, Kept(whole, seen or whole, at, found, until or whole, unseen))


def _slipped(http: Service, kept: Kept, gone: Iterable[Record]) -> bool:
    """Whether a ticket was deleted while all were read: then another may have slipped to a page that was read already. In
    the second in which that began, a ticket was rather deleted before."""
    return any(kept.whole < moment_in(http, record, "updated_at", "/tickets") <= kept.until for record in gone)


def _over(found: Mapping[int, TicketSummary], newer: Mapping[int, TicketSummary | None]) -> Found:
    """Those that are unfinished, as they were told last."""
    told = {**found, **newer}
    return {number: each for number, each in told.items() if each and _is_live(each)}


def _is_live(each: TicketSummary) -> bool:
    ticket = each.ticket
    return ticket.status != STATUSES[CLOSED] and not ticket.deleted and not ticket.spam


def _wanted(http: Service, make: Make, every: bool, records: Sequence[Record]) -> Sequence[TicketSummary | None]:
    """Tickets of a page; None for those that are nobody's work, unless `every` one is wanted."""
    if every:
        return make(records)
    over = [
        number_in(http, record, "status", "/tickets") == CLOSED
        or maybe_flag(http, record, "deleted", "/tickets")
        or maybe_flag(http, record, "spam", "/tickets")
        for record in records
    ]
    live = [not each for each in over]
    made = iter(make(list(compress(records, live))))
    return [next(made) if one else None for one in live]


def _moved(found: Found, touched: Mapping[int, TicketSummary | None]) -> bool:
    """Whether a ticket changed while they were read."""
    return any(
        each is None or number not in found or changed(found[number]) != changed(each)
        for number, each in touched.items()
    )


def by_status(http: Service, make: Make, own: Collection[int]) -> tuple[Found, bool]:
    """The unfinished tickets from a list in the order of the statuses, which is left where the closed ones begin; and
    whether it came in that order, and to its end."""
    found: Found = {}
    for order in ("asc", "desc") if own else ("asc",):
        asked = {"order_by": "status", "order_type": order, "updated_since": stamp(EVER)}
        for page in range(1, MOST_PAGES + 1):
            records = _page(http, asked, page)
            codes = [number_in(http, record, "status", "/tickets") for record in records]
            if codes != sorted(codes, reverse=order == "desc"):
                return found, False
            ahead = sum(code < CLOSED if order == "asc" else code > CLOSED for code in codes)
            found |= {each.ticket.id: each for each in make(records[:ahead])}
            if ahead < PAGE:
                break
        else:
            return found, False
    return found, True


def _older(http: Service, make: Make, since: datetime, own: Collection[int]) -> tuple[Found, int]:
    """The unfinished tickets that nobody has touched since that day, from the search, and how many it does not show.

    What was closed meanwhile may still be among them for a few minutes.
    """
    live = " OR ".join(f"status:{code}" for code in (2, 3, 4, *sorted(own)))
    records, total = searched(http, f"({live}) AND updated_at:<'{since.date()}'")
    return {each.ticket.id: each for each in make(records)}, max(0, total - SEARCH_PAGES * SEARCH_PAGE)


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


def searched(
    http: Service, query: str, where: str = "/search/tickets", pages: int | None = None
) -> tuple[list[Record], int]:
    """What the search finds, 300 at most, and how many it says there are."""
    found: list[Record] = []
    total = 0
    for page in range(1, (pages or SEARCH_PAGES) + 1):
        answer = http.get(where, {"query": f'"{query}"', "page": page})
        results = reply.listed(http.bent(where), answer, "results")
        found += results
        total = number_in(http, answer, "total", where)
        if len(results) < SEARCH_PAGE:
            break
    return found, total


def changed_since(
    http: Service, since: datetime, make: Callable[[Sequence[Record]], Sequence[T]], *, only: str = ""
) -> dict[int, T]:
    """Every ticket that changed since then, by number, as it was seen last; `only` those that are `deleted` or `spam`.

    Each page begins at the time of the last ticket of the one before: under page numbers, whatever changes while we read
    moves to the end, and others slip to pages that were read already.
    """
    found: dict[int, T] = {}
    page, at = 1, since
    for _ in range(MOST_PAGES * 10):
        asked = {"order_by": "updated_at", "order_type": "asc", "updated_since": stamp(at)}
        records = _page(http, asked | ({"filter": only} if only else {}), page)
        numbers = [number_in(http, record, "id", "/tickets") for record in records]
        found |= zip(numbers, make(records), strict=True)
        if len(records) < PAGE:
            return found
        last = moment_in(http, records[-1], "updated_at", "/tickets")
        page, at = (1, last) if last > at else (page + 1, at)  # more than a page may have changed in one second
    raise http.error(ServiceError, "the pages of /tickets have no end; ask for less, or report it to them")


def _page(http: Service, asked: Record, page: int) -> list[Record]:
    """One page of tickets, with their statistics."""
    records = http.get("/tickets", {"include": "stats", "per_page": PAGE, **asked, "page": page})
    if not isinstance(records, list):
        raise http.error(ServiceError, f"GET /tickets came back as no list; check {http.address}")
    return records

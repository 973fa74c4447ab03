"""What was read of Freshdesk's lists, left for the next run, so that it asks for what changed since. A cache."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from deskbook.errors import ServiceError
from deskbook.model.records import Ticket, TicketSummary
from deskbook.services.freshdesk.names import NAMED, Used
from deskbook.services.ports import Memory

NAME = "tickets"  # under which the memory has it
OVERLAP = timedelta(minutes=2)  # a change may show in lists a little after its own time
WHOLE = timedelta(days=1)  # after so long all is read anew

# A ticket is left as a row: what a ticket has, and then what lists tell of it beside that.
TICKET = tuple(each.name for each in fields(Ticket))
TIMES = tuple(each.name for each in fields(TicketSummary))[1:]
_row_of = attrgetter(*(f"ticket.{name}" for name in TICKET), *TIMES)


@dataclass(frozen=True)
class Kept:
    """Every unfinished ticket as lists last showed it, by number; `unseen` more are in none. `whole` is when all were
    read, until `until`, and `seen` when what had changed since, all by the helpdesk's clock; `last` is what changed last,
    and when; `used` are the names of groups and statuses in them."""

    whole: datetime
    seen: datetime
    last: tuple[int, datetime]
    tickets: Mapping[int, TicketSummary]
    until: datetime
    unseen: int = 0
    used: Used = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """From when changes are asked for. The ticket that changed last has to be among them, or this is another desk."""
        return min(self.seen - OVERLAP, self.last[1])


def changed(each: TicketSummary) -> datetime:
    """When a ticket of a list changed last, which lists always tell."""
    at = each.ticket.updated
    if at is None:
        raise ValueError(f"ticket {each.ticket.id} does not tell when it changed")
    return at


def recalled(memory: Memory, by: str) -> Kept | None:
    """What the last run left; None where it left nothing, or nothing as we write it, or went `by` other rules."""
    found = memory.recall(NAME)
    with suppress(LookupError, TypeError, ValueError, AttributeError):
        whole, seen, until, at = (_moment(found[name]) for name in ("whole", "seen", "until", "last_at"))
        if found["by"] != by or found["fields"] != [*TICKET, *TIMES]:
            return None
        tickets = {each.ticket.id: each for each in map(_recalled, found["tickets"])}
        if found["last"] in tickets:
            used = {name: [(int(number), str(told)) for number, told in found["used"][name]] for name in NAMED}
            return Kept(whole, seen, (int(found["last"]), at), tickets, until, int(found["unseen"]), used)
    return None


def keep(memory: Memory, kept: Kept, by: str) -> None:
    """Leave it for the next run, and what it was read `by`. Where that cannot be, the next one reads more."""
    with suppress(ServiceError, TypeError):  # TypeError: of a number with more than twenty digits
        memory.keep(
            NAME,
            {
                "by": by,
                "whole": kept.whole.isoformat(),
                "seen": kept.seen.isoformat(),
                "until": kept.until.isoformat(),
                "last": kept.last[0],
                "last_at": kept.last[1].isoformat(),
                "unseen": kept.unseen,
                "used": kept.used,
                "fields": [*TICKET, *TIMES],
                "tickets": [_row_of(each) for each in kept.tickets.values()],
            },
        )


def _recalled(row: list[Any]) -> TicketSummary:
    told = dict(zip(TICKET, row, strict=False))
    times = row[len(TICKET) :]
    if len(times) != len(TIMES):
        raise ValueError(f"a row of {len(row)} is no ticket")
    told |= {name: _moment(told[name]) for name in ("created", "updated")}
    told |= {"tags": tuple(told["tags"]), "cc": tuple(told["cc"]), "headers": tuple(map(tuple, told["headers"]))}
    return TicketSummary(Ticket(**told), *(at and _moment(at) for at in times))


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} does not say its zone")
    return at

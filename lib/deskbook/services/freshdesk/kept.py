"""What was read of Freshdesk's lists, left for the next run, so that it asks for what changed since. A cache."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbook.errors import ServiceError
from deskbook.services.freshdesk.fields import Record
from deskbook.services.ports import Memory

NAME = "tickets"  # under which the memory has it
OVERLAP = timedelta(minutes=2)  # a change may show in lists a little after its own time
WHOLE = timedelta(days=1)  # after so long all is read anew


@dataclass(frozen=True)
class Kept:
    """Every unfinished ticket as lists last showed it, by number; `unseen` more are in none. `whole` is when all were
    read, `seen` when what had changed since, both by the helpdesk's clock; `last` is what changed last, and when."""

    whole: datetime
    seen: datetime
    last: tuple[int, datetime]
    tickets: Mapping[int, Record]
    unseen: int = 0

    @property
    def since(self) -> datetime:
        """From when changes are asked for. The ticket that changed last has to be among them, or this is another desk."""
        return min(self.seen - OVERLAP, self.last[1])


def recalled(memory: Memory) -> Kept | None:
    """What the last run left; None where it left nothing, or nothing as we write it."""
    found = memory.recall(NAME)
    with suppress(LookupError, TypeError, ValueError, AttributeError):
        whole, seen, at = (datetime.fromisoformat(found[name]) for name in ("whole", "seen", "last_at"))
        tickets = {int(record["id"]): record for record in found["tickets"]}
        if found["last"] in tickets:
            return Kept(whole, seen, (int(found["last"]), at), tickets, int(found["unseen"]))
    return None


def keep(memory: Memory, kept: Kept) -> None:
    """Leave it for the next run. Where that cannot be, the next one reads more."""
    with suppress(ServiceError):
        memory.keep(
            NAME,
            {
                "whole": kept.whole.isoformat(),
                "seen": kept.seen.isoformat(),
                "last": kept.last[0],
                "last_at": kept.last[1].isoformat(),
                "unseen": kept.unseen,
                "tickets": list(kept.tickets.values()),
            },
        )

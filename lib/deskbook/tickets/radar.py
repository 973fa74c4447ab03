"""Coverage radar: for every deadline of the next days, who of the staff is at work before it is due, and where nobody is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from deskbook.config.organization import Organization, Person
from deskbook.config.process import Process
from deskbook.model import light
from deskbook.schedule.working_time import span
from deskbook.tickets.coverage import awake
from deskbook.tickets.next_step import OURS, Item

HORIZON = timedelta(days=3)
SHOWN = 3  # people named of those who are at work; the rest are counted


@light.dataclass(frozen=True, slots=True)
class Watch:
    """One deadline, and who is at work before it for how long, the longest first."""

    item: Item
    due: datetime
    people: tuple[tuple[Person, timedelta], ...]

    @property
    def holder_awake(self) -> bool:
        """Whether one of those who look after the step is among them."""
        return bool({person.mail for person, _ in self.people} & set(self.item.mails))

    def sentence(self) -> str:
        if not self.people:
            return "nobody is at work before it is due"
        said = ", ".join(f"{person.name} {span(there)}" for person, there in self.people[:SHOWN])
        more = f" and {len(self.people) - SHOWN} more" if len(self.people) > SHOWN else ""
        return said + more + ("" if self.holder_awake else f"; {self.item.who} is not")


def radar(items: Iterable[Item], process: Process, organization: Organization, now: datetime) -> tuple[Watch, ...]:
    """The deadlines of the next three days that are ours to keep, the nearest first."""
    near = [(item.due_at, item) for item in items if item.turn == OURS and item.due_at]
    near = [(due, item) for due, item in near if now < due <= now + HORIZON]

    @cache  # many are due at the same moment, such as the end of a sprint
    def there(step: str, mails: tuple[str, ...], due: datetime) -> tuple[tuple[Person, timedelta], ...]:
        return awake(_staff(step, mails, process, organization), organization.clock, now, due)

    return tuple(
        Watch(item, due, there(item.step, item.mails, due))
        for due, item in sorted(near, key=lambda pair: (pair[0], pair[1].ticket.id))
    )


def unwatched(watched: Iterable[Watch]) -> tuple[Watch, ...]:
    """Those that nobody can keep."""
    return tuple(watch for watch in watched if not watch.people)


def _staff(step: str, mails: Iterable[str], process: Process, organization: Organization) -> tuple[Person, ...]:
    """Who may do a step: whoever looks after it, its role, and any engineer."""
    role = {person.mail for person in process.holders(process.step(step).role, organization)}
    mine = {*mails, *role}
    return tuple(person for person in organization.people if person.mail in mine or "agent" in person.roles)

"""One line for each unfinished ticket: what comes next, what does not fit together, and whether the sweep works on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from deskbook.runbooks.sweep.facts import Facts, hubs_of
from deskbook.runbooks.sweep.faults import Fault, faults
from deskbook.services.place import uncollected
from deskbook.tickets.left import AGAIN, Left
from deskbook.tickets.next_step import OURS, Item, View
from deskbook.tickets.radar import Watch, radar

State = Literal["late", "due", "waits"]

# Where a run without a person may get somewhere: a new ticket, an answer that somebody must read, a silence.
WORKED = ("triage.watch", "triage.authorise", "triage.categorise", "resolve.confirm", "resolve.close", "resolve.reopen")
TOLD_AT_ONCE = "escalate.ping"  # something critical has nobody: no plan, but it cannot wait


NEW = "triage.watch"  # the step that every new ticket is at


@dataclass(frozen=True)
class Line:
    """One ticket. `left` is what the last sweep left on it, while that stands; `watch` is its deadline, if it is near.
    `untold` is the step at which it could not wait, where chat did not take that from the last sweep."""

    view: View
    item: Item
    faults: tuple[Fault, ...] = ()
    watch: Watch | None = None
    left: Left | None = None
    down: bool = False  # a hub of this new ticket does not answer
    untold: str = ""

    @property
    def ticket(self) -> int:
        return self.item.ticket.id

    @property
    def state(self) -> State:
        return "late" if self.item.late else "waits" if self.item.waits else "due"

    @property
    def worked(self) -> bool:
        """Whether it is read: for a plan, or because chat is still to be told of it."""
        return self.planned or bool(self.untold)

    @property
    def planned(self) -> bool:
        """Whether its own plan is made: something is to be done, and it is not as the last sweep left it."""
        asks_nobody = any(fault.name == "nobody-asked" for fault in self.faults)
        ours = (self.item.turn == OURS or asks_nobody) and self.item.step in (*WORKED, TOLD_AT_ONCE)
        closes = self.item.step == "resolve.close" and self.item.late
        return (ours or closes) and self.left is None

    @property
    def runbook(self) -> str:
        """Whose plan is made for it; empty where it is only told of."""
        return "" if self.item.step == TOLD_AT_ONCE or not self.planned else self.item.runbook

    @property
    def signature(self) -> str:
        """What a digest tells of it; another one is news."""
        found = " ".join(fault.name for fault in self.faults)
        alone = "alone" if self.watch and not self.watch.people else ""
        return " ".join(filter(None, [self.item.step, self.state, found, alone, str(self.view.listed.replied or "")]))


@uncollected()
def lines(facts: Facts) -> tuple[Line, ...]:
    """In the order of the queue. Pure."""
    queue = facts.queue
    views: Mapping[int, View] = {view.ticket.id: view for view in queue.views}
    watched = {
        watch.item.ticket.id: watch for watch in radar(queue.items, queue.process, queue.organization, queue.now)
    }
    known = facts.kept.left if facts.kept.rules == facts.rules else {}
    nothing_kept = facts.kept.now is None  # so it may be that chat did not take what could not wait

    def line(item: Item) -> Line:
        view, left = views[item.ticket.id], known.get(item.ticket.id)
        down = item.runbook == "triage" and any(hub.name in facts.down for hub in hubs_of(view))
        stands = left if left and left.stands(view) and (left.down or not down) else None
        untold = facts.kept.untold.get(item.ticket.id, "")
        found = Line(view, item, faults(view, item, facts), watched.get(item.ticket.id), stands, down, untold)
        return replace(found, untold=NEW) if nothing_kept and not found.planned and _is_new(view) else found

    return tuple(line(item) for item in queue.items)


def _is_new(view: View) -> bool:
    """Whether it came, or came back, within a day, and is open."""
    return view.ticket.status == "Open" and view.now - view.began < AGAIN

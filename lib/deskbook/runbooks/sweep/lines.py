"""One line for each unfinished ticket: what comes next, what does not fit together, and whether the sweep works on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from deskbook.model import light
from deskbook.model.records import OVER
from deskbook.runbooks.sweep.facts import Facts, hubs_of
from deskbook.runbooks.sweep.faults import Fault, faults
from deskbook.tickets.left import Left
from deskbook.tickets.next_step import OURS, Item, View
from deskbook.tickets.radar import Watch, radar

State = Literal["late", "due", "waits"]

TOLD_AT_ONCE = "escalate.ping"  # something critical has nobody: no plan, but it cannot wait
NEW = "triage.watch"  # the step that every new ticket is at
# Where a run without a person may get somewhere: a new ticket, an answer that somebody must read, a silence.
WORKED = {NEW, "triage.authorise", "triage.categorise", "resolve.confirm", "resolve.close", "resolve.reopen"}


@light.dataclass(frozen=True, slots=True)
class Line:
    """One ticket. `left` is what the last sweep left on it, while that stands; `watch` is its deadline, if it is near.
    `untold` is the step at which it could not wait, where chat did not take that from the last sweep; `begun` says that a
    run may have died at it."""

    view: View
    item: Item
    faults: tuple[Fault, ...] = ()
    watch: Watch | None = None
    left: Left | None = None
    down: bool = False  # a hub of this new ticket does not answer
    untold: str = ""
    begun: bool = False

    @property
    def ticket(self) -> int:
        return self.item.ticket.id

    @property
    def state(self) -> State:
        return "late" if self.item.late else "waits" if self.item.waits else "due"

    @property
    def worked(self) -> bool:
        """Whether something is to be done: a plan is made, or chat is still to be told of it."""
        return self.planned or bool(self.untold)

    @property
    def read(self) -> bool:
        """Whether it is read: to be worked on, or for what a run may have left there that died."""
        return self.worked or self.begun

    @property
    def planned(self) -> bool:
        """Whether its own plan is made: something is to be done, and it is not as the last sweep left it."""
        if self.left is not None or not (self.item.step in WORKED or self.item.step == TOLD_AT_ONCE):
            return False
        closes = self.item.step == "resolve.close" and self.item.late
        return self.item.turn == OURS or closes or any(fault.name == "nobody-asked" for fault in self.faults)

    @property
    def step(self) -> str:
        """Where it stands for chat, which is told of what cannot wait: if a run died before it told, where it was then."""
        lost = self.begun and not self.view.issues and self.view.ticket.status not in OVER
        return self.untold or (NEW if lost else self.item.step)

    @property
    def waits_for_chat(self) -> bool:
        """Whether chat may have to be told of it, though no plan of its own is made."""
        return bool(self.untold) or self.step in (NEW, TOLD_AT_ONCE)

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


def lines(facts: Facts) -> tuple[Line, ...]:
    """In the order of the queue. Pure."""
    queue = facts.queue
    views: Mapping[int, View] = {view.ticket.id: view for view in queue.views}
    watched = {
        watch.item.ticket.id: watch for watch in radar(queue.items, queue.process, queue.organization, queue.now)
    }
    known = facts.kept.left if facts.kept.rules == facts.rules else {}

    def line(item: Item) -> Line:
        view, left = views[item.ticket.id], known.get(item.ticket.id)
        down = item.runbook == "triage" and any(hub.name in facts.down for hub in hubs_of(view))
        stands = left if left and left.stands(view) and (left.down or not down) else None
        begun = item.ticket.id in facts.begun
        untold = facts.kept.untold.get(item.ticket.id, "")
        return Line(view, item, faults(view, item, facts), watched.get(item.ticket.id), stands, down, untold, begun)

    return tuple(line(item) for item in queue.items)

"""How the queue looks: what is late, what is due, what waits for others; and the same as plain objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from deskbook.language.text import shorten
from deskbook.runbooks.queue.decision import Decision
from deskbook.schedule.working_time import span, spell
from deskbook.tickets.next_step import SILENT, Item
from deskbook.tickets.queue import Queue, of_person
from deskbook.tickets.radar import radar
from deskbook.ui import blocks as ui
from deskbook.ui.watches import watch_blocks

ANSWERED = "when they answer"
MOST = 200  # rows of one group on a page; nobody reads on


@dataclass(frozen=True)
class View:
    """The queue as one person asked for it, in the zone of whoever reads and in the clock's."""

    queue: Queue
    decision: Decision

    @property
    def items(self) -> tuple[Item, ...]:
        return of_person(self.queue.items, self.decision.person)

    @property
    def reference(self) -> str:
        return self.queue.organization.clock.zone

    @property
    def zone(self) -> str:
        person = self.queue.me.person
        return person.zone if person else self.reference

    def blocks(self) -> list[ui.Block]:
        title, *rest = blocks(self.items, self.zone, self.reference, self.queue.now)
        queue = self.queue
        rest += watch_blocks(radar(self.items, queue.process, queue.organization, queue.now), self.reference)
        if not self.queue.unseen:
            return [title, *rest]
        unseen = self.queue.unseen
        more = f"{unseen} older tickets are not shown" if unseen > 1 else "1 older ticket is not shown"
        return [title, ui.Alert(f"{more}: the helpdesk's search ends at 300."), *rest]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return ui.bundle(self.blocks())


def blocks(items: Sequence[Item], zone: str, reference: str, now: datetime) -> list[ui.Block]:
    """What comes first in three lines; then the groups, each with its clocks folded below."""
    late = [item for item in items if item.late]
    due = [item for item in items if not (item.late or item.waits)]
    waiting = [item for item in items if item.waits]
    counts = f"{len(late)} late, {len(due)} due, {len(waiting)} waiting for others"
    blocks: list[ui.Block] = [ui.Title("The queue", f"{counts}; {spell(now, reference)}")]
    first = next(iter([*late, *due]), None)
    if first is None:
        return [
            *blocks,
            ui.Says("Nothing is to be done now."),
            *_group("Waiting for others", waiting, zone, reference, now),
        ]
    blocks += [
        ui.Says(f"Next: {first.who}, ticket {first.ticket.id} ({shorten(first.ticket.subject, 60)}). {first.what}."),
        ui.Says(f"{_when(first, reference, now)}{first.because}"),
        ui.Says(_how(first)),
    ]
    for name, group in (("Late", late), ("Due", due), ("Waiting for others", waiting)):
        blocks += _group(name, group, zone, reference, now)
    return blocks


def plain(item: Item, zone: str) -> dict[str, Any]:
    """An item as plain values, for --json."""
    return {
        "ticket": item.ticket.id,
        "subject": item.ticket.subject,
        "status": item.ticket.status,
        "type": item.ticket.type,
        "url": item.ticket.url,
        "step": item.step,
        "runbook": item.runbook,
        "title": item.title,
        "role": item.role,
        "who": item.who,
        "what": item.what,
        "because": item.because,
        "due_at": item.due_at.isoformat() if item.due_at else None,
        "due": item.due.explain(zone) if item.due else None,
        "late": item.late,
        "critical": item.critical,
        "waits": item.waits,
        "command": item.command,
        "proposed": item.proposed or None,
    }


def _group(name: str, items: Sequence[Item], zone: str, reference: str, now: datetime) -> list[ui.Block]:
    if not items:
        return []
    shown = items[:MOST]
    head = (
        "Ticket",
        "Next",
        "Who",
        f"Due ({reference})",
        *([f"In {zone}"] if zone != reference else []),
        "Why, and how",
    )
    table = ui.Rows([_row(item, zone, reference, now) for item in shown], head)
    found: list[ui.Block] = [ui.Title(name, str(len(items))), table]
    if len(items) > MOST:
        found.append(ui.Says(f"And {len(items) - MOST} more: deskbook due --json lists all."))
    told = [f"<p>{item.ticket.id}: {escape(item.due.explain(zone, now))}</p>" for item in shown if item.due]
    return [*found, ui.Folded(f"The clocks of what is {name.lower()}", "".join(told))] if told else found


def _row(item: Item, zone: str, reference: str, now: datetime) -> tuple[str, ...]:
    subject = shorten(f"{item.ticket.id} {item.ticket.subject}", 34)
    owner = item.who if item.who == item.role else f"{item.who} ({item.role})"
    dues = [moment_of(item, each, now) for each in dict.fromkeys((reference, zone))]
    mark = "Critical. " if item.critical else ""
    soon = how_soon(item, now)
    todo = item.what if soon == ANSWERED else f"{item.what}, {soon}"
    return (subject, f"{mark}{todo}", owner, *dues, f"{item.because} {_how(item)}")


def _how(item: Item) -> str:
    return f"Proposed: {item.proposed}" if item.proposed else item.command


def how_soon(item: Item, now: datetime) -> str:
    """`due in 22 h`, `late by 40 min`, `now`: whole hours from two on, whole days from three on, never more than there is."""
    if item.due_at is None:
        return ANSWERED if item.turn == SILENT or item.waits else "now"
    left = abs(item.due_at - now)
    unit = (
        timedelta(days=1) if left >= timedelta(days=3) else timedelta(hours=1) if left >= timedelta(hours=2) else None
    )
    far = f"{left // unit} days" if unit == timedelta(days=1) else span(left // unit * unit if unit else left)
    return f"{'late by' if item.late else 'due in'} {far}"


def moment_of(item: Item, zone: str, now: datetime) -> str:
    """When it is due; the year only where it is another one, since the table is wide already."""
    if item.due_at is None:
        return "–" if item.turn == SILENT or item.waits else "now"
    return spell(item.due_at, zone).removesuffix(f" {zone}").replace(f" {now.year} ", " ")


def _when(item: Item, zone: str, now: datetime) -> str:
    if item.due_at is None:
        return ""
    far = span(item.due_at - now)
    return f"{f'It was due {far} ago' if item.late else f'Due in {far}'}, {spell(item.due_at, zone)}. "

"""How a sweep looks: before it runs every ticket that it read; afterwards its digest as a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deskbook.engine.plan import Receipt
from deskbook.language.text import shorten
from deskbook.runbooks.sweep.decision import Decision
from deskbook.runbooks.sweep.facts import Facts
from deskbook.runbooks.sweep.lines import Line, lines
from deskbook.runbooks.sweep.plan import Night
from deskbook.schedule.working_time import spell
from deskbook.ui import blocks as ui
from deskbook.ui.watches import watch_blocks

MOST = 200  # rows of one table; nobody reads on


@dataclass(frozen=True)
class View:
    """A sweep before it runs, by its facts; or what it came to, by its receipt."""

    shown: Facts | Receipt
    decision: Decision

    def blocks(self) -> list[ui.Block]:
        if isinstance(self.shown, Facts):
            return _read(self.shown)
        return _digest(self.shown) if isinstance(self.shown, Night) else []

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return ui.bundle(self.blocks())


def _read(facts: Facts) -> list[ui.Block]:
    zone, found = facts.organization.clock.zone, lines(facts)
    odd, todo = [line for line in found if line.faults], [line for line in found if line.worked]
    late = sum(line.item.late for line in found)
    counts = f"{len(found)} unfinished, {late} late, {len(odd)} that do not fit together, {len(todo)} to be worked on"
    blocks: list[ui.Block] = [ui.Title("The sweep", f"{counts}; {spell(facts.now, zone)}")]
    if facts.spent is None:
        blocks.append(ui.Says("Stopwatches and budgets: the helpdesk's plan keeps no time entries."))
    if todo:
        rows = [(_name(line), line.item.what, line.item.because) for line in todo[:MOST]]
        blocks += [ui.Title("To be worked on", str(len(todo))), ui.Rows(rows, ("Ticket", "Next", "Why"))]
    if odd:
        rows = [(_name(line), " ".join(fault.says for fault in line.faults), line.item.command) for line in odd[:MOST]]
        blocks += [ui.Title("Does not fit together", str(len(odd))), ui.Rows(rows, ("Ticket", "What", "How"))]
    return [*blocks, *watch_blocks([line.watch for line in found if line.watch], zone)]


def _digest(night: Night) -> list[ui.Block]:
    """What chat is told, and below it every ticket with what was found; people's words stand here alone."""
    first, *rest = night.said.split("\n")
    blocks: list[ui.Block] = [ui.Title("The digest", first)]
    if rest:
        blocks.append(ui.Items([line.removeprefix("• ") for line in rest]))
    proposed = [entry for entry in night.entries if entry.command]
    if proposed:
        rows = [(_name(entry.line), entry.line.item.what, entry.command) for entry in proposed[:MOST]]
        blocks += [ui.Title("Proposed", str(len(proposed))), ui.Rows(rows, ("Ticket", "Next", "To have it done"))]
    watched = [entry.line.watch for entry in night.entries if entry.line.watch and not entry.gone]
    return [*blocks, *watch_blocks(watched, night.entries[0].line.view.organization.clock.zone)] if watched else blocks


def _name(line: Line) -> str:
    return shorten(f"{line.ticket} {line.item.ticket.subject}", 34)

"""How the coverage radar looks: who is at work before each deadline of the next days."""

from __future__ import annotations

from collections.abc import Sequence

from deskbook.schedule.working_time import spell
from deskbook.tickets.radar import HORIZON, Watch, unwatched
from deskbook.ui import blocks as ui

MOST = 200  # rows; nobody reads on


def watch_blocks(watched: Sequence[Watch], zone: str) -> list[ui.Block]:
    """What nobody can keep comes first; nothing where no deadline is near."""
    if not watched:
        return []
    alone = ", ".join(str(watch.item.ticket.id) for watch in unwatched(watched))
    rows = [(f"{each.item.ticket.id} {each.item.what}", spell(each.due, zone), each.sentence()) for each in watched]
    return [
        ui.Title(f"Due in the next {HORIZON.days} days", str(len(watched))),
        *([ui.Alert(f"Nobody is at work before these are due: {alone}.")] if alone else []),
        ui.Rows(rows[:MOST], ("Ticket", f"Due ({zone})", "At work before")),
    ]

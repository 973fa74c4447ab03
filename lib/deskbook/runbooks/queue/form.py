"""The desk that one begins at: every unfinished ticket, what is late and what is to be done now first, each with its way in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import ipywidgets

from deskbook.errors import DeskbookError
from deskbook.language.text import sentence, shorten
from deskbook.runbooks.queue.decision import Decision
from deskbook.runbooks.queue.view import View, how_soon, moment_of
from deskbook.schedule.working_time import spell
from deskbook.services.ports import Desk
from deskbook.tickets.next_step import Item
from deskbook.tickets.queue import Queue, of_person, read_queue
from deskbook.ui import blocks as ui
from deskbook.ui import views
from deskbook.ui.forms import Onward, alert, way_to
from deskbook.ui.slots import styled

SOME = 20  # rows that are shown at once
EVERYBODY = ""
GROUPS = (
    ("Late", lambda item: item.late),
    ("Now", lambda item: not item.late and not item.waits and item.due_at is None),
    ("Due", lambda item: not item.late and not item.waits and item.due_at is not None),
    ("Waiting for others", lambda item: item.waits),
)


class DeskForm:
    """The tickets of one person, or of everybody, read again when somebody comes back to this page."""

    def __init__(self, desk: Desk, queue: Queue, decision: Decision, onward: Onward) -> None:
        self.desk, self.queue, self._onward = desk, queue, onward
        self._person = decision.person
        mine = queue.me.mail.lower()
        others = [(p.name, p.mail.lower()) for p in queue.organization.people if p.mail.lower() != mine]
        self.whose = self._filter("Whose", [("everybody's", EVERYBODY), ("mine", mine), *others])
        self.whose.value = decision.person or (mine if of_person(queue.items, mine) else EVERYBODY)
        self.community, self.clock = self._filter("Community", [("all", "")]), self._filter("Clock", [("all", "")])
        self.again = ipywidgets.Button(description="Read again", icon="refresh")
        self.again.add_class("deskbook-again")
        self.again.on_click(lambda _: self.read())
        self.said, self.rows, self.below = ipywidgets.HTML(), ipywidgets.VBox(), ipywidgets.VBox()
        self.said.add_class("deskbook-live")
        self._most = SOME
        self._draw()
        for box in (self.whose, self.community, self.clock):
            box.observe(lambda _: self._first_rows(), names="value")

    def _filter(self, says: str, options: Sequence[tuple[str, str]]) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(options=options, value=options[0][1], description=says, layout={"width": "auto"})

    def read(self) -> None:
        """Read the lists again, and draw what they say now."""
        self.again.disabled = True
        try:
            self.queue = read_queue(self.desk)
        except DeskbookError as error:
            self.said.value = alert(str(error), bad=True)
        else:
            self._draw()
        self.again.disabled = False

    def _first_rows(self) -> None:
        self._most = SOME
        self._draw()

    def shown(self) -> list[Item]:
        """What the filters leave, in the queue's own order."""
        return [
            item
            for item in of_person(self.queue.items, self.whose.value)
            if self.community.value in ("", self._community(item)) and self.clock.value in ("", _clock(item))
        ]

    def _community(self, item: Item) -> str:
        return self.queue.communities.get(item.ticket.community or 0, "")

    def _draw(self) -> None:
        _offer(self.community, map(self._community, self.queue.items))
        _offer(self.clock, map(_clock, self.queue.items))
        items = self.shown()
        counts = {name: sum(1 for item in items if belongs(item)) for name, belongs in GROUPS}
        told = ", ".join(f"{number} {name.lower()}" for name, number in counts.items() if number) or "nothing to do"
        self.said.value = f"{told}. Read {spell(self.queue.now, self._zone)}."
        rows: list[ipywidgets.Widget] = []
        for name, belongs in GROUPS:
            group = [item for item in items if belongs(item)][: max(0, self._most - len(rows))]
            if group:
                rows.append(ipywidgets.HTML(f"<h2>{name} <small>{counts[name]}</small></h2>"))
            rows += [self._row(item) for item in group]
        if len(items) > self._most:
            more = ipywidgets.Button(description=f"Show more of {len(items)}", layout={"width": "auto"})
            more.on_click(lambda _: self._more())
            rows.append(more)
        self.rows.children = rows

    def _more(self) -> None:
        self._most += SOME
        self._draw()

    @property
    def _zone(self) -> str:
        return View(self.queue, Decision()).zone

    def _row(self, item: Item) -> ipywidgets.Widget:
        button = ipywidgets.Button(
            description=f"Open {item.ticket.id}",
            tooltip=f"{item.what}: {item.ticket.subject}",
            button_style="primary" if not item.waits else "",
            layout={"width": "7em"},
        )
        button.on_click(lambda _: self.open(item))
        agree = ipywidgets.Button(
            description="Do it", icon="check", tooltip=f"Do for ticket {item.ticket.id} what is proposed"
        )
        agree.on_click(lambda _: self.agree(item, agree))
        said = ipywidgets.HTML(self._words(item))
        row = ipywidgets.HBox([button, said, *([agree] if item.proposed else [])])
        row.add_class("deskbook-row")
        return row

    def _words(self, item: Item) -> str:
        moment, community = moment_of(item, self._zone, self.queue.now), self._community(item)
        soon = how_soon(item, self.queue.now) + (f" ({moment})" if item.due_at else "")
        who = "" if item.who == item.role else f"{item.who}, "
        mark = "<strong>Critical.</strong> " if item.critical else ""
        clock = item.due.explain(self._zone, self.queue.now) if item.due else ""
        why = f"<details><summary>Why then</summary>{escape(clock)}</details>" if clock else ""
        command = f"<details><summary>As a command</summary><code>{escape(item.proposed)}</code></details>"
        night = f"<p><strong>Proposed</strong>: {escape(item.does)}.</p>{command}" if item.proposed else ""
        return (
            f"<p><strong>{escape(shorten(item.ticket.subject, 70))}</strong> {escape(community)}</p>"
            f"<p>{mark}<strong>{escape(item.what)}</strong>, {escape(soon)}. {escape(who + item.role)}. "
            f"{escape(sentence(item.because.rstrip('.')))}.</p>{why}{night}"
        )

    def open(self, item: Item) -> None:
        """The ticket's own notebook of the runbook that comes next; where there is no JupyterLab, its form below."""
        try:
            if self.desk.notebook:
                path = self.desk.notebook(item.runbook, item.ticket.id)
                opened = ipywidgets.HTML(f"Opened: {way_to(path, f'{item.title}, ticket {item.ticket.id}')}")
            else:
                opened = self._onward(self.desk, item.runbook, item.ticket.id)
        except DeskbookError as error:
            opened = ipywidgets.HTML(alert(str(error), bad=True))
        self.below.children = (opened,)

    def agree(self, item: Item, button: ipywidgets.Button) -> None:
        """Carry out what was proposed for a ticket, once, and show its receipt; then read the lists again."""
        button.disabled = True
        try:
            receipt = self._onward(self.desk, item.runbook, item.ticket.id, item.proposed)
            told = views.shown(receipt)["text/html"]
        except DeskbookError as error:
            told = alert(str(error), bad=True)
        self.read()
        self.below.children = (ipywidgets.HTML(told),)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bar = ipywidgets.HBox([self.whose, self.community, self.clock, self.again])
        bar.add_class("deskbook-bar")
        box = styled([bar, self.said, self.below, self.rows], "deskbook-desk")
        return {**box._repr_mimebundle_(), **ui.bundle(self.as_blocks())}

    def as_blocks(self) -> list[ui.Block]:
        """The twin for a page: of whoever was asked for, else everybody's, since a page has no reader of its own."""
        items = of_person(self.queue.items, self._person)
        rows = [(str(i.ticket.id), i.what, how_soon(i, self.queue.now), i.command) for i in items]
        return [ui.Rows(rows, ("Ticket", "Next", "Due", "Run"))] if rows else [ui.Says("The queue is empty.")]


def form(desk: Desk, queue: Queue, decision: Decision, onward: Onward) -> DeskForm:
    """My tickets and everybody's, with what a run of the night left for people to agree to."""
    return DeskForm(desk, queue, decision, onward)


def _clock(item: Item) -> str:
    return item.due.what if item.due else ""


def _offer(box: ipywidgets.Dropdown, found: Iterable[str]) -> None:
    """Choices of a filter are what the queue holds; what was chosen stays, while it is there."""
    names = sorted({name for name in found if name})
    if [value for _, value in box.options[1:]] != names:
        kept = box.value if box.value in names else ""
        box.options = [("all", ""), *((name, name) for name in names)]
        box.value = kept

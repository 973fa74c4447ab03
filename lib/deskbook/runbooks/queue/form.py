"""The chooser of the queue: a ticket, a button that puts its runbook's form below, and one that approves what is proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
from IPython.display import display

from deskbook.errors import DeskbookError
from deskbook.language.text import shorten
from deskbook.runbooks.queue.decision import Decision
from deskbook.runbooks.queue.view import View
from deskbook.services.ports import Desk
from deskbook.tickets.next_step import Item
from deskbook.tickets.queue import Queue
from deskbook.ui import blocks as ui
from deskbook.ui.forms import Onward

Opener = Callable[[str, int], object]  # runbook and ticket: what to show, or several things
Approver = Callable[[Item], object]  # has done what was proposed for it: what to show then


class QueueForm:
    """Open one ticket of the queue with `opener`, or have done what is proposed for it. What that shows stands below the
    buttons until the next one."""

    def __init__(self, page: View, opener: Opener, approver: Approver | None = None) -> None:
        self.page, self._opener, self._approver = page, opener, approver
        options = [
            (f"{item.ticket.id} {shorten(item.ticket.subject, 50)}: {item.title}", number)
            for number, item in enumerate(page.items)
        ]
        self.choice = ipywidgets.Dropdown(
            options=options,
            value=0 if options else None,
            description="Ticket",
            layout={"width": "auto", "max_width": "50em"},
        )
        self.button = ipywidgets.Button(
            description="Open", button_style="primary", icon="arrow-right", disabled=not options
        )
        self.approval = ipywidgets.Button(
            description="Do what is proposed", icon="check", layout={"width": "auto"}, disabled=True
        )
        self.below = ipywidgets.Output()
        self.button.on_click(lambda _: self.open())
        self.approval.on_click(lambda _: self.approve())
        self.choice.observe(lambda _: self._offer(), "value")
        self._offer()

    @property
    def item(self) -> Item:
        index: int = self.choice.value
        return self.page.items[index]

    def open(self) -> None:
        """Show the chosen ticket's runbook in place of the last one's."""
        self._show(self.button, lambda: self._opener(self.item.runbook, self.item.ticket.id))

    def approve(self) -> None:
        """Carry out what was proposed for the chosen ticket, once, and show its receipt."""
        if self._approver:
            approver = self._approver
            self._show(self.approval, lambda: approver(self.item))
            self.approval.disabled = True

    def _offer(self) -> None:
        chosen = self.choice.value is not None
        self.approval.disabled = not (chosen and self._approver and self.item.proposed)

    def _show(self, button: ipywidgets.Button, act: Callable[[], object]) -> None:
        button.disabled = True
        try:
            with self.below:
                self.below.clear_output()
                try:
                    shown = act()
                except DeskbookError as error:
                    shown = ipywidgets.HTML(ui.html([ui.Alert(str(error))]))
                for each in shown if isinstance(shown, tuple | list) else (shown,):
                    display(each)  # type: ignore[no-untyped-call]
        finally:
            button.disabled = False

    def as_blocks(self) -> list[ui.Block]:
        if not self.page.items:
            return [ui.Says("The queue is empty.")]
        return [
            ui.Rows(
                [(str(item.ticket.id), item.title, item.proposed or item.command) for item in self.page.items],
                ("Ticket", "Next", "Run"),
            )
        ]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        box = ipywidgets.VBox([ipywidgets.HBox([self.choice, self.button, self.approval]), self.below])
        return {**box._repr_mimebundle_(), **ui.bundle(self.as_blocks())}


def form(desk: Desk, queue: Queue, decision: Decision, onward: Onward) -> QueueForm:
    """A ticket of the queue, a button that puts its runbook's form below, and one that has done what is proposed."""
    return QueueForm(
        View(queue, decision),
        lambda runbook, ticket_id: onward(desk, runbook, ticket_id),
        lambda item: onward(desk, item.runbook, item.ticket.id, item.proposed),
    )

"""The chooser of the queue: a ticket, and a button that puts its runbook's form below."""

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
from deskbook.tickets.queue import Queue
from deskbook.ui import blocks as ui
from deskbook.ui.forms import Onward

Opener = Callable[[str, int], object]  # runbook and ticket: what to show, or several things


class QueueForm:
    """Open one ticket of the queue with `opener`. What it shows stands below the button until the next one."""

    def __init__(self, page: View, opener: Opener) -> None:
        self.page, self._opener = page, opener
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
        self.below = ipywidgets.Output()
        self.button.on_click(lambda _: self.open())

    def open(self) -> None:
        """Show the chosen ticket's runbook in place of the last one's."""
        item = self.page.items[self.choice.value]
        self.button.disabled = True
        try:
            with self.below:
                self.below.clear_output()
                try:
                    shown = self._opener(item.runbook, item.ticket.id)
                except DeskbookError as error:
                    shown = ipywidgets.HTML(ui.html([ui.Alert(str(error))]))
                for each in shown if isinstance(shown, tuple | list) else (shown,):
                    display(each)  # type: ignore[no-untyped-call]
        finally:
            self.button.disabled = False

    def as_blocks(self) -> list[ui.Block]:
        if not self.page.items:
            return [ui.Says("The queue is empty.")]
        return [
            ui.Rows(
                [(str(item.ticket.id), item.title, item.command) for item in self.page.items], ("Ticket", "Next", "Run")
            )
        ]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        box = ipywidgets.VBox([ipywidgets.HBox([self.choice, self.button]), self.below])
        return {**box._repr_mimebundle_(), **ui.bundle(self.as_blocks())}


def form(desk: Desk, queue: Queue, decision: Decision, onward: Onward) -> QueueForm:
    """A ticket of the queue, and a button that puts its runbook's form below."""
    return QueueForm(View(queue, decision), lambda runbook, ticket_id: onward(desk, runbook, ticket_id))

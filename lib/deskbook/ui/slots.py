"""Where a form stands: the frame of what a cell shows, with its looks, and the places of its plan and its receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any
from uuid import uuid4

import ipywidgets
from IPython.display import display, update_display

from deskbook.engine.plan import Plan, Receipt
from deskbook.ui import blocks as ui
from deskbook.ui import views

STYLE = files(__package__).joinpath("form.css").read_text(encoding="utf-8")
SOON = 0.4  # seconds
EARLIER = "Receipt of the earlier plan"


class Slot:
    """Where a plan or a receipt stands.

    The widget is redrawn even in a page that was loaded anew, which the kernel's display no longer reaches; what it
    shows is also in the cell's output, so that the saved notebook holds it.
    """

    def __init__(self, worded: Callable[[Any], Any]) -> None:
        """`worded` says a plan or a receipt in the words of the form; the saved notebook keeps those of the parameters,
        for programs and for pages without a form."""
        self.view, self._worded = ipywidgets.HTML(), worded
        self.shown = False  # in a cell of its own, not inside another form
        self._told = False  # whether it says what became of a plan
        self._soon: asyncio.TimerHandle | None = None
        self._id = uuid4().hex

    def put(self, thing: Plan | Receipt, *, attend: bool = False) -> None:
        """Draw it in the place of what stands there; with `attend` it is brought before whoever reads."""
        mark = f' data-deskbook-focus="{uuid4().hex}"' if attend else ""
        said = self._worded(thing)
        self._told = isinstance(thing, Receipt) and bool(thing.applied or thing.failure)
        blocks = views.plan(said, brief=True) if isinstance(said, Plan) else views.receipt(said, brief=True)
        self.view.value = f'<div class="deskbook-drawn"{mark}>{ui.html(blocks)}</div>'
        if self.shown and attend:
            self._keep(thing)
        elif self.shown:
            self._keep_soon(thing)

    def earlier(self) -> None:
        """The receipt that stands there is of an earlier plan: it goes behind a heading that says so."""
        if self._told and EARLIER not in self.view.value:
            self.view.value = f"<details><summary>{EARLIER}</summary>{self.view.value}</details>"

    def show(self, thing: Plan | Receipt) -> None:
        self.put(thing)
        self.shown = True
        display(self._bundle(thing), display_id=self._id, raw=True)

    def _keep_soon(self, thing: Plan | Receipt) -> None:
        """The cell's output is drawn a moment later than the widget: it is for the saved notebook, and takes the page long."""
        if self._soon:
            self._soon.cancel()
        try:
            self._soon = asyncio.get_running_loop().call_later(SOON, self._keep, thing)
        except RuntimeError:  # no loop, so no page either
            self._keep(thing)

    def _keep(self, thing: Plan | Receipt) -> None:
        update_display(self._bundle(thing), display_id=self._id, raw=True)

    def _bundle(self, thing: Plan | Receipt) -> dict[str, Any]:
        return {**framed([self.view])._repr_mimebundle_(), **views.shown(thing)}


def framed(children: Sequence[ipywidgets.Widget], *classes: str) -> ipywidgets.VBox:
    """The root of what a cell shows: keys that are pressed in it are its own."""
    box = ipywidgets.VBox(list(children))
    for name in ("deskbook-form", *classes):
        box.add_class(name)
    return box


def styled(children: Sequence[ipywidgets.Widget], *classes: str) -> ipywidgets.VBox:
    """The same, with the looks of all forms of this page."""
    return framed(
        [ipywidgets.HTML(f"<style>{STYLE}</style>", layout={"margin": "0", "height": "0"}), *children], *classes
    )

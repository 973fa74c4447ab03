"""Forms: fields that edit a decision, the plan redrawn at each change, and Apply for the very plan drawn.

Every form has a readable twin (its fields and values as a table), for pages, papermill and screen readers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any
from uuid import uuid4

import ipywidgets
from IPython.display import display

from deskbook.engine.cycles import OWN
from deskbook.engine.parameters import named_in
from deskbook.engine.plan import Plan, Receipt
from deskbook.engine.since import since_then
from deskbook.errors import DeskbookError
from deskbook.model.case import Case
from deskbook.services.ports import Desk
from deskbook.ui import blocks as ui
from deskbook.ui import views
from deskbook.ui.effects import effects
from deskbook.ui.fields import Field, Sheet, advised_label, box_of, in_words, row_of
from deskbook.ui.letters import Letters, without
from deskbook.ui.slots import Slot, framed, styled

Onward = Callable[..., Any]  # opens another runbook's form: `open_form` of the catalogue

HIGHEST = 10**12  # a ticket's number


def alert(words: str, *, bad: bool = False) -> str:
    return ui.html([ui.Alert(words, bad=bad)])


def way_to(path: str, says: str, *, now: bool = True) -> str:
    """A link that opens a notebook in JupyterLab and runs it; `now`: without being pressed."""
    at_once = f' data-deskbook-now="{uuid4().hex}"' if now else ""
    return f'<a href="{escape(path)}" data-deskbook-open="{escape(path)}"{at_once}>{escape(says)}</a>'


def where(desk: Desk) -> ipywidgets.HTML:
    """Whether people get what is applied: in sight wherever something is decided."""
    word, says = ("SANDBOX", "nothing leaves this machine") if desk.sandbox else ("LIVE", "people get what you apply")
    kind = f"deskbook-where deskbook-at-{word.lower()}"
    return ipywidgets.HTML(f'<span class="{kind}"><strong>{word}:</strong> {says}</span>')


class Form:
    """Fields over one case. `plan` is always the one that is drawn."""

    def __init__(
        self,
        desk: Desk,
        case: Any,
        decision: Any,
        *,
        decide: Callable[..., Any],
        sheet: Callable[[Any, Any], Sheet],
        plan: Callable[[Any, Any], Plan],
        onward: Onward | None = None,
    ) -> None:
        """`sheet` makes the fields of a case and a decision; `onward` opens another runbook's form for a ticket."""
        self.desk, self._decide, self._sheet, self._make, self._onward = desk, decide, sheet, plan, onward
        self._facts, self._why, self._said = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self._said.add_class("deskbook-live")
        self._fields = ipywidgets.VBox()
        self._bar = ipywidgets.HBox()
        self._bar.add_class("deskbook-bar")
        self._after = ipywidgets.VBox()  # the receipt, where it has no cell of its own, and the way on
        self._letters = Letters(self._decided)
        self._below = ipywidgets.VBox([self._letters.view, self._bar, self._said, self._after])
        self._plan_slot, self._receipt_slot = Slot(self._worded), Slot(self._worded)
        self._button_layout, self._button_style = ipywidgets.Layout(width="auto"), ipywidgets.ButtonStyle()
        self._number = self._ticket_field(case)
        self._take(case, decision)

    def _ticket_field(self, case: Any) -> ipywidgets.BoundedIntText | None:
        if not isinstance(case, Case):
            return None
        number = ipywidgets.BoundedIntText(
            value=case.ticket.id,
            min=1,
            max=HIGHEST,
            description="Ticket",
            continuous_update=False,
            layout={"width": "18em"},
        )
        number.observe(lambda change: self._another(change["new"]), names="value")
        return number

    def _another(self, number: int) -> None:
        """The same form for another ticket, beginning with what is advised there."""
        if number == self.case.ticket.id:
            return
        self._said.value = "Reading the ticket…"
        try:
            case = self.desk.case(number)
            self._take(case, self._decide(case))
        except DeskbookError as error:
            self._stop(str(error))
            return
        self._after.children = ()
        self._said.value = ""

    def _take(self, case: Any, decision: Any) -> None:
        """Begin with these facts and this decision."""
        sheet = self._sheet(case, decision)
        self.case, self.fields, self.values = case, sheet.fields, dict(sheet.values)
        self.values |= {name: getattr(decision, name) for name in OWN if hasattr(decision, name)}
        self._letters.begin(self.values.get("texts", ""))
        self._inputs = {field.name: self._input(field) for field in self.fields}
        self._fields.children = [row_of(field, self._inputs[field.name]) for field in self.fields]
        self.plan = self._draw(case)
        self._advise(sheet)
        self._show_plan()

    def _draw(self, case: Any) -> Plan:
        """The plan of these values, with the mails in the words of whoever wrote them anew."""
        ours = self._make(case, self._decide(case, **without(self.values)))
        if self._letters.written:
            self.values["texts"] = self._letters.texts(ours)
        elif "texts" in self.values:
            self.values["texts"] = ""
        plan = self._make(case, self._decide(case, **self.values)) if self.values.get("texts") else ours
        self._ours = ours
        return plan

    def _input(self, field: Field) -> ipywidgets.ValueWidget:
        box = box_of(field, self.values[field.name])
        box.observe(lambda change: self._changed(field.name, change["new"]), names="value")
        return box

    def _advise(self, sheet: Sheet) -> None:
        """Say what these facts advise: beside them, with the reasons, and in each choice that still takes the advice."""
        self.reasons = tuple(map(self._said_here, sheet.reasons))
        self._why.value = ui.html([ui.Title("Why"), ui.Items(self.reasons)]) if self.reasons else ""
        about = [*views.links(self.case, self.desk.page), *views.case(self.case)] if isinstance(self.case, Case) else []
        self._facts.value = ui.html(about) if about else ""
        for field in sheet.fields:
            if field.options and field.advised:
                self._offer_advice(field.name, field.advised)

    def _offer_advice(self, name: str, advised: str) -> None:
        """Say the newer advice in a choice that still takes it."""
        box, label = self._inputs[name], advised_label(advised)
        if not box.value and box.options[0][0] != label:
            box.options = [(label, ""), *box.options[1:]]

    def _changed(self, name: str, value: Any) -> None:
        self.values[name] = value
        self._decided()

    def _decided(self) -> None:
        if isinstance(self.case, Case):  # whoever decides has this cycle before them
            self.values["cycle"] = self.case.cycle
        self._redraw()

    def _redraw(self) -> None:
        try:
            self.plan = self._draw(self.case)
        except DeskbookError as error:
            self._stop(str(error))
            return
        self._said.value = ""
        self._receipt_slot.earlier()
        self._show_plan()

    def _stop(self, words: str) -> None:
        """Nothing can be applied until this is mended."""
        self._said.value = alert(self._said_here(words), bad=True)
        if self._bar.children:
            self._bar.children[0].disabled = True

    def _show_plan(self) -> None:
        self._letters.show(self.plan, self._ours)
        self._plan_slot.put(self.plan)
        self._offer()

    def _worded(self, thing: Plan | Receipt) -> Plan | Receipt:
        """The same, asking in the words of the fields, which are in sight here, rather than of parameters."""
        needs = tuple(self._said_here(need) for need in thing.needs_human)
        if isinstance(thing, Receipt):
            return replace(thing, needs_human=needs, failure=self._said_here(thing.failure))
        steps = tuple(replace(step, because=self._said_here(step.because)) for step in thing.steps_taken)
        return replace(thing, needs_human=needs, steps_taken=steps)

    def _said_here(self, words: str) -> str:
        return in_words(self.fields, words)

    def missing(self) -> list[str]:
        """Labels of the fields that are empty and that somebody is asked to fill in before this plan is applied."""
        asked = {name for need in self.plan.needs_human for name in named_in(need)}
        return [field.label.rstrip("?") for field in self.fields if field.name in asked and not self.values[field.name]]

    def _offer(self) -> None:
        """A new button for each plan: a click on an older one, already on its way, finds its plan outdated."""
        plan, told = self.plan, effects(self.plan)
        button = ipywidgets.Button(
            description=f"Apply this plan: {told}" if told else "Nothing to apply",
            tooltip=plan.digest,
            button_style="primary" if told else "",
            icon="check",
            disabled=not told,
            layout=self._button_layout,
            style=self._button_style,
        )
        button.add_class("deskbook-apply")
        button.on_click(lambda _: self._apply(plan))
        lacks = ", ".join(self.missing())
        self._bar.children = (button, *([ipywidgets.HTML(alert(f"Missing: {lacks}."))] if lacks else []))

    def _go_on(self, following: str) -> ipywidgets.Button:
        """Carry the ticket into the runbook that comes next."""
        title = self.case.process.runbooks[following].title
        button = ipywidgets.Button(
            description=f"Go on: {title}", button_style="primary", icon="arrow-right", layout={"width": "auto"}
        )
        button.add_class("deskbook-onward")

        def go(_: object) -> None:
            button.disabled = True
            try:
                opened = self._open(following, title)
            except DeskbookError as error:
                opened = ipywidgets.HTML(alert(str(error), bad=True))
            button.disabled = False
            at = self._after.children.index(button)
            self._after.children = (*self._after.children[: at + 1], opened)

        button.on_click(go)
        return button

    def _open(self, following: str, title: str) -> ipywidgets.Widget:
        """The ticket's own notebook of that runbook, which stays as its record; where there is no JupyterLab, its form."""
        ticket = self.case.ticket.id
        if self.desk.notebook:
            path = self.desk.notebook(following, ticket)
            return ipywidgets.HTML(f"Opened: {way_to(path, f'{title}, ticket {ticket}')}")
        return self._onward(self.desk, following, ticket) if self._onward else ipywidgets.HTML()

    def _apply(self, plan: Plan) -> None:
        if plan is not self.plan:
            self._said.value = alert("The plan had just changed. Read it and press again.")
            return
        button = self._bar.children[0]
        button.disabled, self._said.value = True, "Applying…"
        before = self.case
        try:
            receipt = plan.run(self.desk, approve=plan.digest)
            self.case = self.desk.again(self.case)
            self.plan = self._draw(self.case)
        except DeskbookError as error:
            self._said.value = alert(str(error), bad=True)
            button.disabled = False
            return
        self._advise(self._sheet(self.case, self._decide(self.case, **self.values)))
        self._show_plan()
        if receipt.applied and not effects(self.plan):
            self._bar.children[0].description = "Applied"
        self._applied(self._explained(receipt, before))

    def _explained(self, receipt: Receipt, before: Any) -> Receipt:
        """A refusal says what happened since the plan was drawn; the plan above is the newer."""
        told = since_then(before, self.case) if receipt.outcome == "refused" and isinstance(before, Case) else []
        if not told:
            return receipt
        said = f"Not done: {'; '.join(told)}. The plan above is the new one: read it, and apply it if it still holds."
        needs = tuple(need for need in receipt.needs_human if need != receipt.failure)
        return replace(receipt, failure=said, needs_human=(*needs, said))

    def _applied(self, receipt: Receipt) -> None:
        self._after.children = (*([] if self._receipt_slot.shown else [self._receipt_slot.view]), *self._ways(receipt))
        self._receipt_slot.put(receipt, attend=True)
        self._said.value = "Stopped: see the receipt." if receipt.failure else "Applied: see the receipt."

    def _ways(self, receipt: Receipt) -> list[ipywidgets.Widget]:
        """The button into the runbook that comes next; where none does, the way back to the desk."""
        if receipt.next and (self._onward or self.desk.notebook):
            return [self._go_on(receipt.next)]
        if receipt.failure or not self.desk.notebook:
            return []
        way = way_to(self.desk.notebook("", 0), "Back to the desk", now=False)
        return [ipywidgets.HTML(f'<p class="deskbook-onward">Nothing comes next here. {way}</p>')]

    @property
    def preview(self) -> Preview:
        """The plan, redrawn in place as fields change, with Apply below it."""
        return Preview(self)

    def show(self, receipt: Receipt) -> None:
        """Show a receipt; a later Apply puts its own in this place, and the way on below it."""
        self._receipt_slot.show(receipt)
        self._after.children = tuple(self._ways(receipt)) if receipt.landed else ()
        self._below.children = (self._letters.view, self._bar, self._said)
        _quietly(framed([self._after]))

    def as_blocks(self) -> list[ui.Block]:
        rows = []
        for field in self.fields:
            value = self.values[field.name]
            shown = {value: text for text, value in field.options}.get(value, str(value or ""))
            if value:
                rows.append((field.label, shown, "chosen"))
            elif field.advised:
                rows.append((field.label, shown or field.advised, "advised"))
            else:  # a hint for whoever writes is no advice
                rows.append((field.label, shown or "–", f"left empty ({field.hint})" if field.hint else "left empty"))
        blocks: list[ui.Block] = [ui.Rows(rows, ("To decide", "Value", "From"))]
        return [*blocks, ui.Title("Why"), ui.Items(self.reasons)] if self.reasons else blocks

    def controls(self) -> list[ipywidgets.Widget]:
        """What a person changes, with the reasons below."""
        keys = ipywidgets.HTML("<small>Ctrl-Enter goes to Apply</small>")
        top = ipywidgets.HBox(
            [*([self._number] if self._number else []), where(self.desk), keys],
            layout={"flex_flow": "row wrap", "align_items": "center"},
        )
        return [top, self._fields, self._why]

    def columns(self) -> list[ipywidgets.Widget]:
        """The facts on the left, what is decided on the right; below one another where the page is narrow."""
        facts, decide = ipywidgets.VBox([self._facts]), ipywidgets.VBox(self.controls())
        facts.add_class("deskbook-facts")
        decide.add_class("deskbook-decide")
        both = ipywidgets.Box([facts, decide] if isinstance(self.case, Case) else [decide])
        both.add_class("deskbook-columns")
        return [both]

    def boxed(self) -> ipywidgets.VBox:
        """The form with its plan and Apply in one widget, to stand inside another form."""
        return styled([*self.columns(), self._plan_slot.view, self._below])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {**styled(self.columns())._repr_mimebundle_(), **ui.bundle(self._twin())}

    def _twin(self) -> list[ui.Block]:
        about = views.case(self.case) if isinstance(self.case, Case) else []
        return [*about, *self.as_blocks()]


@dataclass(frozen=True)
class Preview:
    form: Form

    def _ipython_display_(self) -> None:
        self.form._plan_slot.show(self.form.plan)
        _quietly(framed([self.form._below]))


def _quietly(widget: ipywidgets.Widget) -> None:
    """Show a widget that says nothing in a page without one."""
    display({**widget._repr_mimebundle_(), "text/plain": "", "text/html": ""}, raw=True)

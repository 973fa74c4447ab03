"""Forms: fields that edit a decision, the plan redrawn at each change, and Apply for the very plan drawn.

Every form has a readable twin (its fields and values as a table), for pages, papermill and screen readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import ipywidgets
from IPython.display import display, update_display

from deskbook.engine.cycles import OWN
from deskbook.engine.parameters import Options, declared
from deskbook.engine.plan import Plan, Receipt
from deskbook.errors import DeskbookError
from deskbook.language.text import shorten
from deskbook.model.case import Case
from deskbook.services.ports import Desk
from deskbook.ui import blocks as ui
from deskbook.ui import views

Onward = Callable[..., Any]  # opens another runbook's form: `open_form` of the catalogue

WIDE = {"description_width": "8em"}
LONGEST_OPTION = 70  # characters; a longer one widens the opened list beyond the page


@dataclass(frozen=True)
class Field:
    """One thing to decide. `options` are (what is shown, value); the empty value takes the advice.

    Without options it is a text, or with `whole` a whole number from 0 to that; `long` gives a text several lines. Where
    there is nothing to advise, `hint` says what a person may write.
    """

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()
    advised: str = ""
    hint: str = ""
    long: bool = False
    whole: int = 0


@dataclass(frozen=True)
class Sheet:
    """What a form shows: its fields, the values it begins with, and the reasons for what is advised."""

    fields: tuple[Field, ...]
    values: Mapping[str, Any]
    reasons: tuple[str, ...] = ()


def sheet_of(
    facts: Any,
    decision: Any,
    advised: Mapping[str, str],
    reasons: Sequence[str] = (),
    *,
    options: Mapping[str, Options] | None = None,
    values: Mapping[str, Any] | None = None,
    first: Sequence[str] = (),
) -> Sheet:
    """A field for each declared parameter of a decision.

    `options` and `values` stand in the place of what the declaration offers and the decision holds; empty reasons are
    left out. The fields named in `first` stand on top, the others in their declared order.
    """
    told = options or {}
    fields = tuple(
        Field(
            name=each.name,
            label=each.parameter.label,
            options=told.get(each.name) or (each.parameter.options(facts) if each.parameter.options else ()),
            advised=advised.get(each.name, ""),
            hint=each.parameter.hint,
            long=each.parameter.long,
            whole=each.parameter.most,
        )
        for each in sorted(declared(decision.__class__), key=lambda each: each.name not in first)
        if each.name not in OWN
    )
    begin = {each.name: getattr(decision, each.name) for each in fields}
    return Sheet(fields, {**begin, **(values or {})}, tuple(reason for reason in reasons if reason))


class Slot:
    """Where a plan or a receipt stands.

    The widget is redrawn even in a page that was loaded anew, which the kernel's display no longer reaches; what it
    shows is also in the cell's output, so that the saved notebook holds it.
    """

    def __init__(self) -> None:
        self.view = ipywidgets.HTML()
        self.shown = False  # in a cell of its own, not inside another form
        self._id = uuid4().hex

    def put(self, thing: Plan | Receipt) -> None:
        """Draw it in the place of what stands there."""
        self.view.value = views.shown(thing)["text/html"]
        if self.shown:
            update_display(self._bundle(thing), display_id=self._id, raw=True)

    def show(self, thing: Plan | Receipt) -> None:
        self.put(thing)
        self.shown = True
        display(self._bundle(thing), display_id=self._id, raw=True)

    def _bundle(self, thing: Plan | Receipt) -> dict[str, Any]:
        return {**self.view._repr_mimebundle_(), **views.shown(thing)}


class Form:
    """Fields over one case. `plan` is always the one that is drawn."""

    def __init__(
        self,
        desk: Desk,
        case: Any,
        sheet: Sheet,
        draw: Callable[[Any, Mapping[str, Any]], Plan],
        onward: Onward | None = None,
    ) -> None:
        """`draw` makes the plan of these values; `onward` opens another runbook's form for a ticket."""
        self._onward = onward
        self.desk, self.case, self.fields, self.reasons, self._draw = desk, case, sheet.fields, sheet.reasons, draw
        self.values = dict(sheet.values)
        self.plan = draw(case, self.values)
        self._plan_slot, self._receipt_slot = Slot(), Slot()
        self._inputs = {field.name: self._input(field) for field in self.fields}
        self._below = ipywidgets.VBox()
        self._offer()

    def _input(self, field: Field) -> ipywidgets.ValueWidget:
        box = self._choice(field) if field.options else self._text(field)
        box.observe(lambda change: self._changed(field.name, change["new"]), names="value")
        return box

    def _text(self, field: Field) -> ipywidgets.ValueWidget:
        kind = ipywidgets.Textarea if field.long else ipywidgets.BoundedIntText if field.whole else ipywidgets.Text
        hint = field.advised or field.hint
        options: dict[str, Any] = {"max": field.whole} if field.whole else {"placeholder": hint}
        if field.long:
            options["rows"] = 5
        width = {"width": "14em"} if field.whole else {"width": "auto", "max_width": "40em"}
        return kind(
            value=self.values[field.name],
            description=field.label,
            continuous_update=False,  # a plan for each finished sentence, not for each letter
            style=WIDE,
            layout=width,
            **options,
        )

    def _choice(self, field: Field) -> ipywidgets.Dropdown:
        known = [value for _, value in field.options]
        chosen = self.values[field.name]
        options = [
            (f"{field.advised} (advised)", ""),
            *((shorten(shown, LONGEST_OPTION), value) for shown, value in field.options),
            *([(chosen, chosen)] if chosen and chosen not in known else []),
        ]
        return ipywidgets.Dropdown(
            options=options,
            value=chosen,
            description=field.label,
            style=WIDE,
            layout={"width": "auto", "max_width": "40em"},
        )

    def _advise(self, name: str, advised: str) -> None:
        """Say the newer advice in a choice that still takes it."""
        box = self._inputs[name]
        label = f"{advised} (advised)"
        if not box.value and box.options[0][0] != label:
            box.options = [(label, ""), *box.options[1:]]

    def _changed(self, name: str, value: Any) -> None:
        self._below.children = (ipywidgets.HTML("The plan is being redrawn…"),)
        self.values[name] = value
        if isinstance(self.case, Case):  # whoever changes a field has this cycle before them
            self.values["cycle"] = self.case.cycle
        self._redraw()

    def _redraw(self) -> None:
        try:
            self.plan = self._draw(self.case, self.values)
        except DeskbookError as error:
            self._below.children = (ipywidgets.HTML(ui.html([ui.Alert(str(error))])),)
            return
        self._plan_slot.put(self.plan)
        self._offer()

    def _offer(self, said: str = "", following: str = "") -> None:
        """A new button for each plan: a click on an older one, already on its way, finds its plan outdated."""
        button = ipywidgets.Button(
            description="Apply this plan",
            button_style="primary",
            icon="check",
            layout={"width": "14em"},
            disabled=not self.plan.actions,
        )
        plan = self.plan
        button.on_click(lambda _: self._apply(plan))
        onward = [self._go_on(following)] if following and self._onward else []
        self._below.children = (button, *([ipywidgets.HTML(said)] if said else []), *onward)

    def _go_on(self, following: str) -> ipywidgets.Button:
        """Carry the ticket into the runbook that comes next."""
        title = self.case.process.runbooks[following].title
        button = ipywidgets.Button(description=f"Go on: {title}", icon="arrow-right", layout={"width": "auto"})

        def go(_: object) -> None:
            button.disabled = True
            try:
                opened = self._onward(self.desk, following, self.case.ticket.id) if self._onward else button
            except DeskbookError as error:
                opened = ipywidgets.HTML(ui.html([ui.Alert(str(error))]))
            self._below.children = (*self._below.children[:-1], opened)

        button.on_click(go)
        return button

    def _apply(self, plan: Plan) -> None:
        if plan is not self.plan:
            self._offer("The plan had just changed. Read it and press again.")
            return
        self._below.children = (ipywidgets.HTML("Applying…"),)
        try:
            receipt = plan.run(self.desk, approve=plan.digest)
            self.case = self.desk.again(self.case)
            self.plan = self._draw(self.case, self.values)
        except DeskbookError as error:
            self._offer(ui.html([ui.Alert(str(error))]))
            return
        if self._receipt_slot.shown:
            self._receipt_slot.put(receipt)
            self._plan_slot.put(self.plan)
        else:
            self._plan_slot.put(receipt)
        said = "Applied: see the receipt." if not receipt.failure else "Stopped: see the receipt."
        self._offer(said, receipt.next or "")

    @property
    def preview(self) -> Preview:
        """The plan, redrawn in place as fields change, with Apply below it."""
        return Preview(self)

    def show(self, receipt: Receipt) -> None:
        """Show a receipt; a later Apply puts its own in this place."""
        self._receipt_slot.show(receipt)

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
        why = [ipywidgets.HTML(ui.html([ui.Items(self.reasons)]))] if self.reasons else []
        rows = [self._row(field) for field in self.fields]
        return [*rows, *why]

    def _row(self, field: Field) -> ipywidgets.Widget:
        """A number has no room for a hint inside, so it stands beside it."""
        box = self._inputs[field.name]
        if not field.whole or not field.advised:
            return box
        hint = field.advised if field.advised.startswith("0") else f"0: {field.advised}"
        return ipywidgets.HBox([box, ipywidgets.Label(hint)], layout={"flex_flow": "row wrap"})

    def boxed(self) -> ipywidgets.VBox:
        """The form with its plan and Apply in one widget, to stand inside another form."""
        self._plan_slot.put(self.plan)
        about = ipywidgets.HTML(ui.html(views.case(self.case)))
        return ipywidgets.VBox([about, *self.controls(), self._plan_slot.view, self._below])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {**ipywidgets.VBox(self.controls())._repr_mimebundle_(), **ui.bundle(self.as_blocks())}


@dataclass(frozen=True)
class Preview:
    form: Form

    def _ipython_display_(self) -> None:
        self.form._plan_slot.show(self.form.plan)
        bundle = self.form._below._repr_mimebundle_()
        display({**bundle, "text/plain": "", "text/html": ""}, raw=True)

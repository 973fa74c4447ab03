"""Forms for people: fields that edit a decision, the plan redrawn at each change, and Apply for the very plan drawn.

Every form has a readable twin (its fields and values as a table), for pages, papermill and screen readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

import ipywidgets
from IPython.display import display, update_display

from deskbook import render, triage
from deskbook.cases import Case
from deskbook.desk import Desk
from deskbook.errors import DeskbookError
from deskbook.kinds import IMPACTS
from deskbook.plans import Plan, Receipt

WIDE = {"description_width": "8em"}


@dataclass(frozen=True)
class Field:
    """One thing to decide. `options` are (what is shown, value); the empty value takes the advice."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    advised: str


class Form:
    """Fields over one case. `plan` is always the one that is drawn."""

    def __init__(
        self,
        desk: Desk,
        case: Case,
        fields: Sequence[Field],
        values: Mapping[str, str],
        draw: Callable[[Case, Mapping[str, str]], Plan],
        reasons: Sequence[str] = (),
    ) -> None:
        self.desk, self.case, self.fields, self.reasons, self._draw = desk, case, tuple(fields), tuple(reasons), draw
        self.values = dict(values)
        self.plan = draw(case, self.values)
        self._plan_id, self._receipt_id = f"plan-{uuid4().hex}", f"receipt-{uuid4().hex}"
        self._receipt_shown = False
        self._inputs = [self._input(field) for field in self.fields]
        self._below = ipywidgets.VBox()
        self._offer()

    def _input(self, field: Field) -> ipywidgets.Dropdown:
        known = [value for _, value in field.options]
        chosen = self.values[field.name]
        options = [
            (f"{field.advised} (advised)", ""),
            *field.options,
            *([(chosen, chosen)] if chosen and chosen not in known else []),
        ]
        dropdown = ipywidgets.Dropdown(
            options=options,
            value=chosen,
            description=field.label,
            style=WIDE,
            layout={"width": "auto", "max_width": "40em"},
        )
        dropdown.observe(lambda change: self._changed(field.name, change["new"]), names="value")
        return dropdown

    def _changed(self, name: str, value: str) -> None:
        self._below.children = (ipywidgets.HTML("The plan is being redrawn…"),)
        self.values[name] = value
        self._redraw()

    def _redraw(self) -> None:
        try:
            self.plan = self._draw(self.case, self.values)
        except DeskbookError as error:
            self._below.children = (ipywidgets.HTML(render.html([render.Alert(str(error))])),)
            return
        update_display(self.plan, display_id=self._plan_id)
        self._offer()

    def _offer(self, said: str = "") -> None:
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
        self._below.children = (button, *([ipywidgets.HTML(said)] if said else []))

    def _apply(self, plan: Plan) -> None:
        if plan is not self.plan:
            self._offer("The plan had just changed. Read it and press again.")
            return
        self._below.children = (ipywidgets.HTML("Applying…"),)
        try:
            receipt = plan.run(self.desk, approve=plan.digest)
            self.case = self.desk.case(self.case.ticket.id, self.case.named)
            self.plan = self._draw(self.case, self.values)
        except DeskbookError as error:
            self._offer(render.html([render.Alert(str(error))]))
            return
        if self._receipt_shown:
            update_display(receipt, display_id=self._receipt_id)
            update_display(self.plan, display_id=self._plan_id)
        else:
            update_display(receipt, display_id=self._plan_id)
        self._offer("Applied: see the receipt." if not receipt.failure else "Stopped: see the receipt.")

    @property
    def preview(self) -> Preview:
        """The plan, redrawn in place as fields change, with Apply below it."""
        return Preview(self)

    def show(self, receipt: Receipt) -> None:
        """Show a receipt; a later Apply puts its own in this place."""
        self._receipt_shown = True
        display(receipt, display_id=self._receipt_id)

    def twin(self) -> list[render.Block]:
        rows = []
        for field in self.fields:
            shown = {value: text for text, value in field.options}.get(self.values[field.name], self.values[field.name])
            rows.append((field.label, shown or field.advised, "chosen" if self.values[field.name] else "advised"))
        blocks: list[render.Block] = [render.Rows(rows, ("To decide", "Value", "From"))]
        return [*blocks, render.Title("Why"), render.Items(self.reasons)] if self.reasons else blocks

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        why = ipywidgets.HTML(render.html([render.Items(self.reasons)])) if self.reasons else ipywidgets.HTML()
        box = ipywidgets.VBox([*self._inputs, why])
        return {**box._repr_mimebundle_(), **render.bundle(self.twin())}


@dataclass(frozen=True)
class Preview:
    form: Form

    def _ipython_display_(self) -> None:
        display(self.form.plan, display_id=self.form._plan_id)
        bundle = self.form._below._repr_mimebundle_()
        display({**bundle, "text/plain": "", "text/html": ""}, raw=True)


def triage_form(desk: Desk, case: Case, decision: triage.Decision) -> Form:
    """The form of the triage runbook: whose ticket it is, who takes it, what kind it is, how grave, incident or not."""
    advice = triage.assess(case)
    community = advice.community[0]
    category = advice.kind.category
    best = advice.candidates[0] if advice.candidates else None
    has = next((agent for agent in case.staff() if agent.id == case.ticket.agent), None)
    types = case.organization.ticket_types
    pages = [(f"joins {page.title}", page.id) for page in case.pages]
    fields = (
        Field(
            "community",
            "Community",
            [(c.name, c.name) for c in case.communities],
            community.name if community else "a person decides",
        ),
        Field(
            "agent",
            "Agent",
            [(f"{c.agent.name}: {', '.join(c.reasons[:2])}", c.agent.mail) for c in advice.candidates],
            has.name if has else best.agent.name if best else "nobody",
        ),
        Field(
            "category",
            "Type",
            [(name, word) for word, name in types.items()],
            case.ticket.type or (types[category] if category else "a person decides"),
        ),
        Field("impact", "Impact", [(impact, impact) for impact in IMPACTS], advice.impact[0]),
        Field(
            "incident",
            "Incident?",
            [("yes", "yes"), ("no", "no"), *pages],
            {"unclear": "a person decides"}.get(*[advice.incident[0]] * 2),
        ),
    )
    reasons = [
        f"Community: {advice.community[1]}.",
        *(f"Agent {candidate.sentence()}." for candidate in advice.candidates[:4]),
        f"Type: {advice.kind.because}.",
        f"Impact: {advice.impact[1]}." if advice.impact[1] else "",
        f"Incident: {advice.incident[1]}.",
        *(f"To ask: {question}" for question in advice.questions),
    ]

    def draw(newer: Case, values: Mapping[str, str]) -> Plan:
        return triage.plan(newer, triage.decide(newer, **values))

    return Form(desk, case, fields, asdict(decision), draw, [reason for reason in reasons if reason])

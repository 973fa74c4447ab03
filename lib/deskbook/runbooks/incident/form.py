"""The form of an incident: the four conditions, looked at again with a button, who leads, and when an update is due."""

from __future__ import annotations

import ipywidgets

from deskbook.errors import DeskbookError
from deskbook.model.case import Case
from deskbook.runbooks.incident import plan as incident
from deskbook.runbooks.incident.decision import Decision, decide
from deskbook.services.ports import Desk
from deskbook.tickets.incident import channel_of, spelled
from deskbook.ui import blocks as ui
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward, alert


class IncidentForm(Form):
    """How far the incident is stands above what there is to decide."""

    def __init__(self, desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> None:
        self._state = ipywidgets.HTML()
        self._look = ipywidgets.Button(description="Look again", icon="refresh", layout={"width": "10em"})
        self._look.on_click(lambda _: self.look_again())
        super().__init__(desk, case, decision, decide=decide, sheet=_sheet, plan=incident.plan, onward=onward)

    def look_again(self) -> None:
        """Read everything anew: somebody may have acknowledged the page, or the hub may answer again."""
        self._look.disabled = True
        try:
            self.case = self.desk.again(self.case)
        except DeskbookError as error:
            self._state.value = alert(str(error), bad=True)
        else:
            self._redraw()
        self._look.disabled = False

    def _show_plan(self) -> None:
        """Whenever the plan is drawn anew, so is the state that it comes from."""
        self._state.value = ui.html(state(self.case))
        super()._show_plan()

    def as_blocks(self) -> list[ui.Block]:
        return [*state(self.case), *super().as_blocks()]

    def controls(self) -> list[ipywidgets.Widget]:
        number, *others = super().controls()
        return [number, self._state, self._look, *others]


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> IncidentForm:
    """How far the incident is, and its next stage."""
    return IncidentForm(desk, case, decision, onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
    advice = incident.assess(case)
    lead = advice.responder.name if advice.responder else case.me.name
    advised = {"stage": advice.stage[0] or "it runs", "responder": lead}
    return sheet_of(case, decision, advised)


def state(case: Case) -> list[ui.Block]:
    """The four conditions, who leads, who validated, when the community hears from us again."""
    advice = incident.assess(case)
    holding = sum(holds for _, holds, _ in advice.conditions)
    note = "started" if holding == len(advice.conditions) else "not started"
    rows = [("✔" if holds else "○", name, because) for name, holds, because in advice.conditions]
    facts = [
        f"Responder: {advice.responder.name}." if advice.responder else "Nobody leads it yet.",
        f"Channel: {channel_of(case)}." if channel_of(case) else "",
        f"Fix: validated by {advice.validated}." if advice.validated else "Fix: not validated.",
        "Minutes on an incident are never charged.",
    ]
    blocks: list[ui.Block] = [
        ui.Title(f"{holding} of {len(advice.conditions)} conditions hold", note),
        ui.Rows(rows),
        ui.Items([fact for fact in facts if fact]),
    ]
    if advice.due and not (case.incident and not case.incident.open):
        late = advice.due <= case.now
        words = f"The next update {'was' if late else 'is'} due on {spelled(case, advice.due)}."
        blocks.append(ui.Alert(words) if late else ui.Says(words))
    return blocks

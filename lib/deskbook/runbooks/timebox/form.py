"""The form of the timebox: a stopwatch, a checklist and findings that stand on the ticket at once, and the plan below.

Beside it, what helps: known errors and problems, also in a log that is pasted, and what resembles the ticket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from deskbook.engine.plan import Plan
from deskbook.errors import DeskbookError
from deskbook.model.case import Case
from deskbook.model.records import Entry, Issue, TicketSummary
from deskbook.runbooks.timebox import plan as timebox
from deskbook.runbooks.timebox.decision import Decision, decide
from deskbook.runbooks.timebox.similar import similar
from deskbook.runbooks.timebox.unread import asks, unread
from deskbook.services.ports import Desk
from deskbook.tickets import stopwatch, worksheet
from deskbook.tickets.eligibility import category_of
from deskbook.tickets.known import logs_are_gone, recognised_in
from deskbook.ui import blocks as ui
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward, alert

EVERY = 60  # seconds between two looks at the ticket while the stopwatch runs; the page counts on by itself
WORKING = "still working"  # no outcome yet


class TimeboxForm(Form):
    """Start, Pause, ticks and findings are written onto the ticket when they are made; Apply does the rest."""

    def __init__(self, desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> None:
        self._clock, self._wrong = ipywidgets.HTML(), ipywidgets.HTML()
        self._watch = ipywidgets.Button(layout={"width": "10em"})
        self._watch.on_click(lambda _: self._toggle())
        self._new = ipywidgets.VBox()  # replies that nobody has read
        self._ticks, self._help = ipywidgets.VBox(), ipywidgets.VBox()
        self._boxes: list[ipywidgets.Checkbox] = []
        self._looking: asyncio.Task[None] | None = None
        super().__init__(desk, case, decision, decide=decide, sheet=_sheet, plan=timebox.plan, onward=onward)

    def _take(self, case: Case, decision: Decision) -> None:
        super()._take(case, decision)
        self._draw_boxes()
        self.help = help_for(self.desk, case)
        self._help.children = self.help.widgets()
        self._show()

    def _draw_boxes(self) -> None:
        own, ticked, items = (
            worksheet.sheet_of(self.case, self.case.me.id),
            worksheet.ticks(self.case),
            _items(self.case),
        )
        self._boxes = [self._box(item.id, item.does, item.id in ticked, item.id in own.ticks) for item in items]
        self._ticks.children = self._boxes

    def _box(self, tick: str, says: str, ticked: bool, mine: bool) -> ipywidgets.Checkbox:
        box = ipywidgets.Checkbox(
            value=ticked,
            description=says if mine or not ticked else f"{says} (ticked by a colleague)",
            disabled=ticked and not mine,
            indent=False,
            layout={"width": "auto"},
        )
        box.tick = tick
        box.observe(lambda _: self._keep(), names="value")
        return box

    def _toggle(self) -> None:
        decision = _decision(self.case, self.values)
        going = stopwatch.running(self.case, self._advice.agent.id)
        self._write(timebox.pause(self.case, decision) if going else timebox.start(self.case, decision))

    def _keep(self) -> None:
        ticks = tuple(box.tick for box in self._boxes if box.value and not box.disabled)
        self._write(timebox.keep(self.case, decide(self.case, **self.values, ticks=ticks)))

    def _write(self, plan: Plan) -> None:
        """Carry out one small step, and draw the plan again from what the ticket then says."""
        self._watch.disabled, self._watch.description = True, "Writing…"
        try:
            receipt = plan.run(self.desk, apply=True)
            self.case = self.desk.again(self.case, light=True)
            needs = receipt.needs_human  # a failure is among them
            self._wrong.value = ui.html([ui.Alert(need) for need in needs]) if needs else ""
            if receipt.failure:
                self._draw_boxes()  # as the ticket has them
        except DeskbookError as error:
            self._wrong.value = alert(str(error), bad=True)
        self._redraw()
        self._show()

    def _changed(self, name: str, value: Any) -> None:
        super()._changed(name, value)
        if name == "findings":
            self._keep()

    def _show(self) -> None:
        self._advice = timebox.assess(self.case, _decision(self.case, self.values))
        going = stopwatch.running(self.case, self._advice.agent.id)
        self._watch.description, self._watch.icon = ("Pause", "pause") if going else ("Start", "play")
        self._watch.disabled = not going and self._over()
        self._offer_advice("outcome", self._advice.outcome[0] or WORKING)
        self._show_replies()
        self._clock.value = _ticking(ui.html(_clock_blocks(self.case, self._advice)), self._advice.seconds, bool(going))
        if going and self._looking is None:
            self._look()

    def _show_replies(self) -> None:
        """What nobody has read, and a button to say that one has; it says so of what is shown, and of nothing later."""
        new = self._unread()
        if not new:
            self._new.children = ()
            return
        read = ipywidgets.Button(description="I have read it", icon="envelope-open", layout={"width": "14em"})
        read.on_click(lambda _: self._read(str(new[-1].id)))
        self._new.children = (ipywidgets.HTML(ui.html([ui.Alert(asks(self.case, new))])), read)

    def _read(self, number: str) -> None:
        self._inputs["read_reply"].value = number
        self._show_replies()

    def _unread(self) -> tuple[Entry, ...]:
        return unread(self.case, str(self.values["read_reply"]))

    def _look(self) -> None:
        """Look at the ticket from time to time while the stopwatch runs, where this kernel can."""
        try:
            self._looking = asyncio.get_running_loop().create_task(self._looks())
        except RuntimeError:  # no loop: the stopwatch itself runs on the ticket all the same
            self._looking = None

    def _over(self) -> bool:
        return self._advice.seconds >= self._advice.limit * 60

    def _wait(self) -> int:
        """Seconds until the next look: the nudge and the end are not missed by a minute."""
        marks = (int(self.case.process.clocks["nudge"].amount) * 60, self._advice.limit * 60)
        return min([EVERY, *(mark - self._advice.seconds for mark in marks if mark > self._advice.seconds)])

    async def _looks(self) -> None:
        while stopwatch.running(self.case, self._advice.agent.id):
            await asyncio.sleep(self._wait())
            before, number = self._unread(), self.case.ticket.id
            try:
                newer = await asyncio.to_thread(self.desk.again, self.case, light=True)
            except DeskbookError as error:
                self._wrong.value = alert(str(error), bad=True)
                continue
            if self.case.ticket.id != number:  # somebody turned to another ticket meanwhile
                continue
            self.case = newer
            if self._unread() != before:
                self._redraw()
            self._show()
            if self._over() and stopwatch.running(self.case, self._advice.agent.id):
                self._toggle()
        self._looking = None

    def as_blocks(self) -> list[ui.Block]:
        new = self._unread()
        alerts: list[ui.Block] = [ui.Alert(asks(self.case, new))] if new else []
        sheet = _sheet_blocks(self.case)
        return [*self.help.blocks(), *_clock_blocks(self.case, self._advice), *alerts, *sheet, *super().as_blocks()]

    def columns(self) -> list[ipywidgets.Widget]:
        return [*super().columns(), self._help]

    def controls(self) -> list[ipywidgets.Widget]:
        bar = ipywidgets.HBox([self._watch, self._clock], layout={"flex_flow": "row wrap", "align_items": "center"})
        number, *others = super().controls()
        return [number, bar, self._wrong, self._new, self._ticks, *others]


class Help:
    """Known errors and problems that fit, and what resembles the ticket. A pasted log is matched and kept nowhere."""

    def __init__(self, case: Case, earlier: Sequence[TicketSummary], issues: Sequence[Issue]) -> None:
        self._case, self._like = case, similar(case, earlier, issues)
        self._log = ipywidgets.Textarea(
            description="A log",
            placeholder="Paste it here: it is compared with what we have seen before, and kept nowhere.",
            rows=4,
            continuous_update=False,
            layout={"width": "auto", "max_width": "60em"},
        )
        self._found = ipywidgets.HTML(ui.html(self.blocks()))
        self._log.observe(lambda change: self._match(change["new"]), names="value")

    def _match(self, log: str) -> None:
        self._found.value = ui.html(self.blocks(log))

    def blocks(self, log: str = "") -> list[ui.Block]:
        gone = logs_are_gone(self._case)
        found: list[ui.Block] = [ui.Alert(gone)] if gone else []
        matches = recognised_in(self._case, log)
        for match in matches:
            known = match.known
            found.append(ui.Title(known.title, f"“{match.words}” in {match.where}"))
            found.append(ui.Items([*(f"Look at: {look}" for look in known.look), *known.fix]))
            if known.caution:
                found.append(ui.Alert(known.caution))
        if not matches:
            found.append(ui.Says("Nothing here that we have seen before."))
        if self._like:
            found.append(ui.Title("What resembles it"))
            found.append(ui.Rows([(e.what, e.title, e.state, e.because, e.url) for e in self._like]))
        return found

    def widgets(self) -> list[ipywidgets.Widget]:
        return [self._log, self._found]


def help_for(desk: Desk, case: Case) -> Help:
    """What helps with this ticket: read from lists, in a few calls."""
    community = case.ticket.community
    earlier = desk.helpdesk.tickets_of(community) if community else ()
    return Help(case, earlier, desk.tracker.tracked())


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> TimeboxForm:
    """The stopwatch and the worksheet, what helps, and how the timebox ends."""
    return TimeboxForm(desk, case, decision, onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
    advice = timebox.assess(case, decision)
    findings = decision.findings or worksheet.sheet_of(case, case.me.id).findings
    advised = {
        "agent": advice.agent.name,
        "minutes": "what the stopwatch says",
        "outcome": advice.outcome[0] or WORKING,
        "request_type": advice.request_type,
        "impact": advice.impact[0],
    }
    return sheet_of(case, decision, advised, values={"findings": findings}, first=("findings",))


def _decision(case: Case, values: Mapping[str, Any]) -> Decision:
    return decide(case, **values)


def _items(case: Case) -> Sequence[Any]:
    category = category_of(case)
    return case.process.checklists.get(category or "", ())


def _clock_blocks(case: Case, advice: timebox.Advice) -> list[ui.Block]:
    used = f"{advice.seconds // 60}:{advice.seconds % 60:02d} of {advice.limit}:00 used"
    state = "the stopwatch runs" if stopwatch.running(case) else "the stopwatch stands still"
    blocks: list[ui.Block] = [ui.Says(f"{used}; {state}.")]
    nudge = int(case.process.clocks["nudge"].amount)
    if advice.seconds >= advice.limit * 60:
        blocks.append(ui.Alert("The timebox is over. The plan below opens the issue and tells the community."))
    elif advice.seconds >= nudge * 60:
        blocks.append(ui.Alert(f"{nudge} minutes are used: solve it soon, or let an issue track it."))
    return blocks


def _ticking(html: str, seconds: int, going: bool) -> str:
    """The page counts the seconds on while the stopwatch runs."""
    if not going:
        return html
    shown = f"{seconds // 60}:{seconds % 60:02d}"
    return html.replace(shown, f'<span data-deskbook-seconds="{seconds}">{shown}</span>', 1)


def _sheet_blocks(case: Case) -> list[ui.Block]:
    ticked = worksheet.ticks(case)
    blocks: list[ui.Block] = (
        [ui.Rows([("✔" if item.id in ticked else "○", item.does, item.why) for item in _items(case)])]
        if _items(case)
        else []
    )
    found = worksheet.findings(case)
    return [*blocks, ui.Title("Found so far"), ui.Items(found.splitlines())] if found else blocks

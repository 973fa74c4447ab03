"""How a report looks: what was forgotten first, then each figure with its definition and its count, and four charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deskbook.language.text import shorten
from deskbook.model.records import OVER
from deskbook.runbooks.report import metrics as figures
from deskbook.runbooks.report.decision import Decision
from deskbook.runbooks.report.metrics import Kept
from deskbook.runbooks.report.plan import Facts
from deskbook.schedule.working_time import span, spell
from deskbook.tickets.budgets import hours
from deskbook.tickets.next_step import Item
from deskbook.ui import blocks as ui
from deskbook.ui import charts as plots
from deskbook.ui.budgets import budget_table
from deskbook.ui.charts import Bar

MOST = 20  # late and unread tickets on the page, each; the queue has all
Part = Sequence[ui.Block] | str  # a chart stands between tables

KEY = {"full": "kept", "striped": "missed", "faint": "not told by lists, or not due yet"}


@dataclass(frozen=True)
class View:
    """The report on a period."""

    facts: Facts
    decision: Decision | None = None  # the facts are read for it

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        found = parts(self.facts)
        whole = "".join(part if isinstance(part, str) else ui.html(part) for part in found)
        plain = "\n".join(ui.text(part) for part in found if not isinstance(part, str))
        return {"text/html": whole, "text/plain": plain}


def parts(facts: Facts) -> list[Part]:
    zone = facts.organization.clock.zone
    return [
        [
            ui.Title(f"Report: {facts.start:%d %B %Y} to {facts.end:%d %B %Y}", f"read {spell(facts.now, zone)}"),
            *([ui.Alert("The period is not over: its last days are still to come.")] if _running(facts) else []),
        ],
        _forgotten(facts),
        *_promises(facts),
        *_resolving(facts),
        *_weeks(facts),
        _satisfaction(facts),
        _incidents(facts),
        *_budgets(facts),
    ]


def _running(facts: Facts) -> bool:
    return facts.now < facts.until


def _forgotten(facts: Facts) -> list[ui.Block]:
    """What is late, and what only waits for somebody to look: no clock would ever make that late."""
    zone = facts.organization.clock.zone
    late = [(item.title, item.who, spell(item.due_at, zone) if item.due_at else "–") for item in facts.late]
    unread = [(item.title, item.who, item.because) for item in facts.unread]
    said = _listed("Late now", ("Ticket", "Next", "Who", "Was due"), facts.late, late)
    return [
        *(said or [ui.Says("Nothing is late now.")]),
        *_listed("To be looked at now, though never late", ("Ticket", "Next", "Who", "Why"), facts.unread, unread),
    ]


def _listed(title: str, head: Sequence[str], items: Sequence[Item], cells: Sequence[tuple[str, ...]]) -> list[ui.Block]:
    if not items:
        return []
    names = (f"{item.ticket.id} {shorten(item.ticket.subject, 40)}" for item in items[:MOST])
    rows = [(name, *row) for name, row in zip(names, cells, strict=False)]
    more = [ui.Says(f"And {len(items) - MOST} more: deskbook due.")] if len(items) > MOST else []
    return [ui.Title(title, str(len(items))), ui.Rows(rows, head), *more]


def _promises(facts: Facts) -> list[Part]:
    rows = [
        (
            promise.name,
            "–" if promise.share is None else f"{promise.share:.0%}",
            str(promise.kept),
            str(promise.count),
            str(promise.running),
            str(promise.untold),
            promise.definition,
        )
        for promise in facts.promises
    ]
    head = ("Promise", "Kept", "In time", "Of", "Not due yet", "Not told", "What it means")
    said: list[ui.Block] = [ui.Title("Promises"), ui.Rows(rows, head)]
    if facts.spent is None:
        said.append(ui.Says("Timeboxes and budgets: the helpdesk's plan keeps no time entries."))
    chart = plots.bars("promises", "Promises kept", [_bar(promise) for promise in facts.promises], KEY)
    return [said, chart]


def _bar(promise: Kept) -> Bar:
    pieces = ((promise.kept, "full"), (promise.missed, "striped"), (promise.running + promise.untold, "faint"))
    return Bar(promise.name, pieces, f"{promise.kept} of {promise.count}")


def _resolving(facts: Facts) -> list[Part]:
    amounts = facts.resolving
    half = figures.middle(amounts)
    rows = [
        (
            "Time to resolve",
            span(half) if half is not None else "–",
            str(len(amounts)),
            "median of the hours that ticked from the creation or the reopening until Resolved or Closed, "
            "of what was resolved in the period and stands so",
        ),
        (
            "Reopened",
            str(facts.reopened),
            "–",
            "a count: tickets whose latest cycle after the first began in the period; not those closed again without an answer",
        ),
    ]
    counted = figures.lengths(amounts)
    said: list[ui.Block] = [
        ui.Title("Resolving"),
        ui.Rows(rows, ("Figure", "Value", "Of", "What it means")),
        ui.Rows([(name, str(number)) for name, number in counted.items()], ("Working days", "Cycles")),
    ]
    chart = [Bar(name, ((number, "full"),), str(number)) for name, number in counted.items()]
    return [said, plots.bars("resolving", "Time to resolve, in working days", chart)]


def _weeks(facts: Facts) -> list[Part]:
    rows = [(f"{day:%d %B %Y}", str(came), str(went)) for day, (came, went) in facts.weeks.items()]
    chart = [
        Bar(f"week of {day:%d %b}", ((came, "full"), (went, "striped")), f"{came} began, {went} resolved")
        for day, (came, went) in facts.weeks.items()
    ]
    key = {"full": "cycles that began", "striped": "cycles resolved"}
    table = ui.Rows(rows, ("Week of", "Began", "Resolved"))
    return [[ui.Title("Week by week"), table], plots.bars("weeks", "Week by week", chart, key)]


def _satisfaction(facts: Facts) -> list[ui.Block]:
    title = ui.Title("Satisfaction")
    if facts.ratings is None:
        return [title, ui.Says("The helpdesk's plan has no surveys.")]
    content, neither, unhappy = figures.opinions(facts.ratings)
    count = content + neither + unhappy
    share = f"{content / count:.0%}" if count else "–"
    row = (share, str(content), str(neither), str(unhappy), str(count), "answers to the survey given in the period")
    return [title, ui.Rows([row], ("Share content", "Content", "Neither", "Not content", "Of", "What it means"))]


def _incidents(facts: Facts) -> list[ui.Block]:
    found = facts.incidents
    over = sum(each.ticket.status in OVER for each in found)
    kind = facts.organization.ticket_types["incident"]
    row = (str(len(found)), str(over), str(len(facts.pages)), f"tickets of the type {kind} that came in the period")
    return [
        ui.Title("Incidents"),
        ui.Rows([row], ("Tickets", "Of them over", "Open in the pager now", "What it means")),
    ]


def _budgets(facts: Facts) -> list[Part]:
    if facts.spent is None:
        return []
    used = [row for row in facts.budgets.rows if row.seconds or row.free]
    months = "1 calendar month" if facts.months == 1 else f"{facts.months} calendar months"
    said: list[ui.Block] = [ui.Title("Budgets", f"of {months}, by community"), *budget_table(used)]
    if not used:
        said.append(ui.Says("No time was booked."))
    if facts.budgets.unplaced:
        lost = hours(facts.budgets.unplaced / 3600)
        said.append(ui.Says(f"{lost} more were spent on tickets of no community that is known here."))
    top = sorted(used, key=lambda row: -row.seconds)[:MOST]
    chart = [
        Bar(
            shorten(row.community.name, 26),
            ((min(row.used, row.hours), "full"), (max(0.0, row.used - row.hours), "striped"), (row.left, "faint")),
            f"{hours(row.used)} of {hours(row.hours)}",
        )
        for row in top
    ]
    key = {"full": "used", "striped": "above the budget", "faint": "left"}
    return [said, plots.bars("budgets", "Budgets", chart, key)] if chart else [said]

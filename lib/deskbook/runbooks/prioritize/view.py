"""How the order of work looks: the requests in their places, and what is left of each community's budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deskbook.language.text import shorten
from deskbook.runbooks.prioritize.decision import Decision
from deskbook.runbooks.prioritize.plan import Backlog, assess
from deskbook.runbooks.prioritize.ranking import RULES, Ranked, Request
from deskbook.schedule.working_time import iteration_dates
from deskbook.tickets.budgets import hours
from deskbook.ui import blocks as ui
from deskbook.ui.budgets import budget_table

MOST = 200  # rows of one table; nobody reads on
KINDS = {"unknown": "not known", "workshop": "event"}


@dataclass(frozen=True)
class View:
    """The order of work for a planning."""

    found: Backlog
    decision: Decision | None = None  # the facts are read for it

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return ui.bundle(blocks(self.found))


def blocks(found: Backlog) -> list[ui.Block]:
    organization, places = found.organization, assess(found)
    first, last = iteration_dates(organization.sprint, found.iteration)
    said: list[ui.Block] = [
        ui.Title(f"Order of work for iteration {found.iteration}", f"{first:%d %B %Y} to {last:%d %B %Y}"),
        ui.Says("The first rule that holds gives the place. It is guidance: the meeting decides."),
    ]
    if found.spent is None:
        said.append(ui.Alert("The helpdesk's plan keeps no time, so no rule about budgets could be looked at."))
    ahead = [request for request in found.requests if request.ahead]
    if ahead:
        said += [ui.Title("Not in this order", str(len(ahead))), ui.Rows([_apart(one) for one in ahead], APART)]
    if places:
        rows = [_row(number, one, found.running) for number, one in enumerate(places[:MOST], start=1)]
        said += [ui.Title("In order", str(len(places))), ui.Rows(rows, HEAD)]
    else:
        said.append(ui.Says("No open issue waits for its turn."))
    if len(places) > MOST:
        said.append(ui.Says(f"And {len(places) - MOST} more."))
    return [*said, *_budgets(found)]


HEAD = ("Place", "Issue", "Rule", "Why", "Kind", "Impact", "Complexity", "Community", "Funding", "Sprint")
APART = ("Issue", "Why", "Community")


def _row(number: int, one: Ranked, running: int) -> tuple[str, ...]:
    request = one.request
    sprint = f"iteration {request.given}" if request.given else "none yet"
    return (
        str(number),
        _title(request),
        f"{one.rule}: {RULES[one.rule - 1]}",
        one.because,
        KINDS.get(request.category, request.category),
        request.impact or "not known",
        request.estimate or "not known",
        request.named,
        request.funding,
        f"{sprint}, over" if request.last and request.last < running else sprint,
    )


def _apart(request: Request) -> tuple[str, ...]:
    return (_title(request), request.ahead, request.named)


def _title(request: Request) -> str:
    return f"#{request.issue.number} {shorten(request.issue.title, 60)}"


def _budgets(found: Backlog) -> list[ui.Block]:
    rules, all_of_them = found.organization.budget, found.budgets
    if found.spent is None or not all_of_them.rows:
        return []
    touched = [row for row in all_of_them.rows if row.seconds or row.free]
    others = len(all_of_them.rows) - len(touched)
    most = hours(rules.own_hours_per_month * rules.support_share)
    said: list[ui.Block] = [
        ui.Title("Budgets of this month", f"an engineer gives support up to {most} of it"),
        *budget_table(touched),
    ]
    if others:
        said.append(ui.Says(f"{others} communities have used nothing this month."))
    if all_of_them.unplaced:
        lost = hours(all_of_them.unplaced / 3600)
        said.append(ui.Says(f"{lost} more were spent on tickets of no community that is known here."))
    return said

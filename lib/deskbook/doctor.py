"""The doctor: looks, without writing anything, at what keys may do, whether clocks agree, and whether the process fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from deskbook.errors import DeskbookError, Unavailable
from deskbook.runbooks.prioritize.assignments import ITERATION
from deskbook.schedule.working_time import iteration
from deskbook.services.checks import Check, Lacking, Untold, among
from deskbook.services.place import KEEPS_TIME, MOST_OFF
from deskbook.services.ports import Desk
from deskbook.tickets.classification import IMPACTS
from deskbook.ui import blocks as ui

State = Literal["fine", "lacking", "not told"]
STATES: tuple[State, ...] = get_args(State)
LEADS = ("triager", "agent", "technology-lead")  # roles that work on the pager


@dataclass(frozen=True)
class Row:
    """What came of one check. `remedy` is empty where it is fine."""

    service: str
    name: str
    state: State
    found: str
    remedy: str = ""


def examine(desk: Desk) -> tuple[Row, ...]:
    """All that can be looked at. A service that cannot be reached is asked no further."""
    return tuple(row for service, checks in _services(desk) for row in _rows(service, checks))


def as_object(desk: Desk, rows: Sequence[Row]) -> dict[str, Any]:
    """For machines: `where` it was looked, whether all is `fine`, and the `checks`."""
    fine = all(row.state != "lacking" for row in rows)
    return {"where": desk.where, "fine": fine, "checks": [asdict(row) for row in rows]}


def as_text(desk: Desk, rows: Sequence[Row]) -> str:
    """A table, and how many are in each state."""
    shown = [(row.service, row.name, row.state, row.found, row.remedy) for row in rows]
    table = ui.Rows(shown, head=("Service", "What", "State", "Found", "What to do"))
    counts = Counter(row.state for row in rows)
    words = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
    return f"{desk.organization.name}, {desk.where}.\n\n{ui.text([table]).strip()}\n\n{words}."


def _services(desk: Desk) -> tuple[tuple[str, Sequence[Check]], ...]:
    organization = desk.organization
    chat, people = organization.chat, [p.mail for p in organization.people if set(LEADS) & set(p.roles)]
    pager = desk.pager.checks(people, organization.hubs)
    return (
        ("Helpdesk", (*desk.helpdesk.checks(), _clock(desk, desk.helpdesk.clock))),
        ("Tracker", (*desk.tracker.checks(), *_board(desk), _clock(desk, desk.tracker.clock))),
        ("Chat", (*desk.chat.checks((chat.support, chat.pager, chat.team)), _clock(desk, desk.chat.clock))),
        ("Pager", (*pager, _clock(desk, desk.pager.clock))),
    )


def _rows(service: str, checks: Sequence[Check]) -> Iterator[Row]:
    for check in checks:
        try:
            yield Row(service, check.name, "fine", check.look())
        except Untold as told:
            yield Row(service, check.name, "not told", str(told), check.remedy)
        except Unavailable as error:
            yield Row(service, check.name, "lacking", str(error), check.remedy)
            return
        except DeskbookError as error:
            yield Row(service, check.name, "lacking", str(error), check.remedy)


def _clock(desk: Desk, clock: Callable[[], datetime]) -> Check:
    def look() -> str:
        theirs = clock()
        # The sandbox's clock may stand still: there, the helpdesk's time is ours.
        ours = desk.helpdesk.clock() if desk.sandbox else desk.helpdesk.now()
        off = theirs - ours
        seconds = abs(round(off.total_seconds()))
        words = (
            f"{seconds} s {'ahead of' if off > timedelta(0) else 'behind'} ours" if seconds > 1 else "agrees with ours"
        )
        if abs(off) > MOST_OFF:
            raise Lacking(words)
        return words

    return Check("clock", look, KEEPS_TIME)


def _board(desk: Desk) -> tuple[Check, ...]:
    tracker, priorities = desk.organization.tracker, desk.organization.priorities
    board = tracker.board
    if board is None:
        return ()

    def options(field: str) -> tuple[str, ...]:
        there = desk.tracker.board_options()
        among("field", [field], there)
        return next(options for name, options in there.items() if name.lower() == field.lower())

    def values(field: str, wanted: Sequence[str]) -> Callable[[], str]:
        return lambda: among(f"option of {field}", wanted, options(field))

    def iterations() -> str:
        today = desk.helpdesk.now().astimezone(ZoneInfo(desk.organization.clock.zone)).date()
        running = iteration(desk.organization.sprint, today)
        return among("iteration", [f"{ITERATION} {number}" for number in (running, running + 1)], options(ITERATION))

    def estimate() -> str:
        options(priorities.estimate)
        return priorities.estimate

    mend = "Correct tracker/board in organization.yaml, or add it on the board"
    fields = (
        (board.type_field, (tracker.support_label, tracker.event_label)),
        (board.impact_field, IMPACTS),
        ("Status", board.statuses),
    )
    return (
        *(Check(f"board: {field}", values(field, wanted), mend) for field, wanted in fields if field and wanted),
        Check(f"board: {priorities.estimate}", estimate, "Correct priorities/estimate in organization.yaml, or add it"),
        Check(f"board: {ITERATION}", iterations, f"Add them on the board, called {ITERATION} and their number"),
    )

"""The sprint of an issue: from the iteration in which an engineer was given it, as long as its clock or an exception says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.model.case import Case
from deskbook.model.records import Issue
from deskbook.schedule.working_time import iteration, iteration_dates, next_planning
from deskbook.tickets.classification import IMPACTS
from deskbook.tickets.issue_form import SUPPORT, read

LAST_ITERATION = 9_999  # a number beyond it is a slip of the pen


@dataclass(frozen=True)
class Sprint:
    """Iterations from `first` to `last`, both included; `now` is the one that runs. `ends` is the last day.

    Without an exception it would end with the iteration `usual`.
    """

    first: int
    usual: int
    last: int
    now: int
    ends: date
    because: str

    @property
    def over(self) -> bool:
        return self.now > self.last

    @property
    def ahead(self) -> bool:
        return self.now < self.first

    @property
    def words(self) -> str:
        return spelled(self.first, self.last)


def of(case: Case, issue: Issue) -> Sprint | None:
    """None where the issue has no engineer, or nobody can say since when: then no sprint of it can be over.

    A reopened ticket starts with new clocks: an iteration before it was reopened is no sprint of this cycle.
    """
    given = given_in(issue, case.organization)
    if not issue.assignees or given is None or given < _reopened_in(case):
        return None
    excepted = re.match(r"until iteration (\d{1,4})\b", case.statements().get("Sprint exception", ""))
    usual = last_of(given, case.process)
    last = max(usual, int(excepted[1]) if excepted else usual)
    now = iteration(case.organization.sprint, today(case))
    because = f"{', '.join(issue.assignees)} in {spelled(given, usual)}"
    return Sprint(given, usual, last, now, iteration_dates(case.organization.sprint, last)[1], because)


def given_in(issue: Issue, organization: Organization) -> int | None:
    """The iteration that counts: the board's, or the one in which somebody was assigned if that came later."""
    planned = re.search(r"(?<!\d)(\d{1,3})\s*$", (issue.board or {}).get("Iteration", ""))
    day = _day(issue.assigned, organization) if issue.assigned else None
    # Before the first iteration there were no sprints.
    assigned = iteration(organization.sprint, day) if day and day >= organization.sprint.first else None
    known = [number for number in (int(planned[1]) if planned else None, assigned) if number]
    return max(known, default=None)


def last_of(given: int, process: Process) -> int:
    """The last iteration of work that was given in that one."""
    return given + process.clocks["sprint"].number - 1


def spelled(first: int, last: int) -> str:
    """`iteration 55`, `iteration 55 to 56`."""
    return f"iteration {first}" + (f" to {last}" if last > first else "")


def today(case: Case) -> date:
    return _day(case.now, case.organization)


def planning(case: Case) -> date:
    """The day of the next planning."""
    return next_planning(case.organization.sprint, today(case))


def impact_of(case: Case, issue: Issue | None, *, alone: bool = False) -> str:
    """The impact on record: the highest of board, form and our own statements; empty where there is none.

    `alone`: of an issue that is not this ticket's, so what the ticket says is left out.
    """
    stated = {} if alone else case.statements()
    said = [stated.get("Impact confirmed", ""), stated.get("Impact proposed", "")]
    if issue:
        said.append(impact_on(issue, case.organization))
    return max((view for view in said if view in IMPACTS), key=IMPACTS.index, default="")


def impact_on(issue: Issue, organization: Organization) -> str:
    """What an issue itself says: the higher of board and form; empty where neither does."""
    board = organization.tracker.board
    shown = {name.lower(): value for name, value in (issue.board or {}).items()}
    said = (shown.get(board.impact_field.lower(), "") if board else "", read(SUPPORT, issue.body).get("impact", ""))
    return max((view for view in said if view in IMPACTS), key=IMPACTS.index, default="")


def _reopened_in(case: Case) -> int:
    """The iteration in which this cycle began; 0 for the first, which nothing precedes."""
    notes = [ref.entry for ref in case.references() if ref.key == "resolve.reopen"]
    return iteration(case.organization.sprint, _day(notes[-1].at, case.organization)) if notes else 0


def _day(moment: datetime, organization: Organization) -> date:
    """The day in the zone of the reference clock."""
    return moment.astimezone(ZoneInfo(organization.clock.zone)).date()

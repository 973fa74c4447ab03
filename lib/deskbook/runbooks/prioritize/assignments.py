"""What a planning meeting decides: which engineer takes which request, in the sprint that is planned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deskbook.config.organization import Person
from deskbook.engine.parameters import person_named
from deskbook.errors import ParameterError
from deskbook.language.text import shorten
from deskbook.runbooks.prioritize.ranking import Request
from deskbook.services.ports import Desk
from deskbook.tickets.sprint import spelled

HOW = "write a number and an engineer, with semicolons between several, as in '12 Ada; 15 Ben'"
ITERATION = "Iteration"  # the board's field, whose options the tracker calls so too
MOST = 50


@dataclass(frozen=True)
class Assignment:
    """An issue and who takes it. `engineer` is a login."""

    issue: int
    engineer: str
    name: str = field(compare=False)


def read(said: str, people: Sequence[Person]) -> tuple[Assignment, ...]:
    """Who takes what, as somebody wrote it. ParameterError for what is no such list, or names nobody of the staff."""
    found: dict[Assignment, None] = {}
    for part in re.split(r"[;\n]", said):
        if part := part.strip():
            pair = re.fullmatch(r"#?(\d{1,9})\s*[=:\s]\s*(\S.*)", part)
            if pair is None:
                raise ParameterError(f"give: '{shorten(part, 60)}' is not understood; {HOW}")
            person = person_named(people, pair[2], "give")
            if not person.login:
                raise ParameterError(f"give: {person.name} has no tracker login in organization.yaml; add it there")
            found[Assignment(int(pair[1]), person.login, person.name)] = None
    if len(found) > MOST:
        raise ParameterError(f"give: these are {len(found)}; {MOST} at most")
    return tuple(found)


def check(given: Sequence[Assignment], requests: Sequence[Request], iteration: int, running: int, board: bool) -> None:
    """ParameterError for an issue that cannot be given in this iteration. Nothing is given then."""
    known = {request.issue.number: request for request in requests}
    for one in given:
        others = [other.name for other in given if other.issue == one.issue and other.engineer != one.engineer]
        if others:
            raise ParameterError(
                f"give: issue {one.issue} is given to {one.name} and to {others[0]}; one engineer takes it"
            )
        request = known.get(one.issue)
        if request is None:
            numbers = ", ".join(str(number) for number in sorted(known)) or "none is open"
            raise ParameterError(f"give: {one.issue} is no open support issue; use one of these: {numbers}")
        first, last = request.given or 0, request.last or 0
        if request.issue.assignees and first <= running <= last and first < iteration:
            raise ParameterError(
                f"give: issue {one.issue} is in {spelled(first, last)}, which runs. More time needs an "
                "exception on its ticket: see resolve, exception"
            )
    if given and not board and iteration != running:
        raise ParameterError(
            f"give: without a board, an issue belongs to the sprint that runs when somebody is assigned; give it in "
            f"iteration {iteration} once that has begun, with iteration={iteration}"
        )


def doubts(given: Sequence[Assignment], requests: Sequence[Request], iteration: int, running: int) -> tuple[str, ...]:
    """What somebody should know of each issue that had a sprint before, or has an engineer already."""
    wanted = {(one.issue, one.engineer.lower()) for one in given}
    told = []
    for request in (request for request in requests if request.issue.number in {one.issue for one in given}):
        issue = request.issue
        others = [login for login in issue.assignees if (issue.number, login.lower()) not in wanted]
        if others:
            told.append(
                f"Issue {issue.number} is also {' and '.join(others)}'s: take them off it there, if it changed hands."
            )
        if issue.assignees and request.given and request.last and request.last < min(running, iteration):
            told.append(
                f"Issue {issue.number} had its sprint in {spelled(request.given, request.last)}: more time needs an exception on "
                "its ticket, or a ticket that was reopened."
            )
    return tuple(told)


def actions(
    given: Sequence[Assignment], requests: Sequence[Request], iteration: int, board: bool
) -> list[Sprinted | Taken]:
    """The sprint first: somebody who is assigned without one would have begun in the sprint that runs."""
    known = {request.issue.number: request.issue for request in requests}
    places = [
        Sprinted(f"prioritize.give#{n}-sprint", n, iteration, known[n].board)
        for n in dict.fromkeys(g.issue for g in given)
    ]
    taken = [
        Taken(f"prioritize.give#{g.issue}-{g.engineer}", g.issue, g.engineer, g.name, known[g.issue].assignees)
        for g in given
    ]
    return [*(places if board else ()), *taken]


@dataclass(frozen=True)
class Sprinted:
    """Put an issue into an iteration on the board."""

    key: str
    issue: int
    iteration: int
    was: Mapping[str, str] | None = field(compare=False)

    def sentence(self) -> str:
        return f"Put issue {self.issue} into iteration {self.iteration} on the board"

    def landed(self, found: Any) -> str | None:
        board = next((issue.board for issue in found.issues if issue.number == self.issue), None) or {}
        return "the board says so" if board.get(ITERATION) == self._value else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        desk.tracker.set_board(self.issue, {ITERATION: self._value}, self.was)
        return f"issue {self.issue} on the board"

    @property
    def _value(self) -> str:
        return f"{ITERATION} {self.iteration}"


@dataclass(frozen=True)
class Taken:
    """Assign an issue to an engineer."""

    key: str
    issue: int
    login: str
    name: str = field(compare=False)
    was: tuple[str, ...] = field(compare=False)  # who had it

    def sentence(self) -> str:
        return f"Assign issue {self.issue} to {self.name} ({self.login})"

    def landed(self, found: Any) -> str | None:
        have = next((issue.assignees for issue in found.issues if issue.number == self.issue), ())
        return f"issue {self.issue}" if self.login.lower() in {login.lower() for login in have} else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        desk.tracker.assign(self.issue, self.login, (*self.was, *_given(results, self.issue)))
        return f"issue {self.issue}"


def _given(results: Mapping[str, str], issue: int) -> list[str]:
    """The logins to whom this very run has given the issue."""
    keys = (re.fullmatch(rf"prioritize\.give#{issue}-(.+)", key) for key in results)
    return [key[1] for key in keys if key]

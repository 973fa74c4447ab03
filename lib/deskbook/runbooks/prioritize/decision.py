"""What a planning meeting may decide: which iteration is planned, and who takes what in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from deskbook.engine.parameters import Parameter, decided, words
from deskbook.runbooks.prioritize.assignments import Assignment
from deskbook.runbooks.prioritize.assignments import read as given_in
from deskbook.tickets.sprint import LAST_ITERATION


def _iteration(name: str, found: Any, value: object) -> int:
    """That of the facts: they are read for one."""
    return int(found.iteration)


def _give(name: str, found: Any, value: object) -> tuple[Assignment, ...]:
    return given_in(words(name, value), found.organization.people)


@dataclass(frozen=True)
class Decision:
    """The iteration whose planning this is for, and what the meeting gave in it."""

    iteration: Annotated[
        int,
        Parameter("Iteration", "the number of the sprint to plan; 0: the next one", _iteration, most=LAST_ITERATION),
    ]
    give: Annotated[
        tuple[Assignment, ...],
        Parameter(
            "Give",
            "what the meeting gave: an issue and an engineer, as in 12 Ada; 15 Ben",
            _give,
            hint="an issue and an engineer on each line, as in 12 Ada",
            long=True,
        ),
    ] = ()


def decide(found: Any, **given: object) -> Decision:
    """The parameters as a decision; ParameterError for a `give` that names nobody who could take it."""
    return decided(Decision, found, {"iteration": found.iteration, **given})

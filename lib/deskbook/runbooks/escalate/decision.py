"""What a person may decide in a critical escalation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import Parameter, decided, read_agent, same, staff, words
from deskbook.model.case import Case

PRACTICE = 102
YES, NO = ("yes", "true"), ("no", "false")


def _capacity(name: str, case: Case, value: object) -> str:
    said = str(value).lower() if isinstance(value, bool) else words(name, value)
    return "yes" if said.lower() in YES else "no" if said.lower() in NO else said


@dataclass(frozen=True)
class Decision(OfTicket):
    """What the agent says. `capacity`: yes, no, or the reason why not; empty takes the advice."""

    agent: Annotated[str, Parameter("Agent", "mail or name of who has it", read_agent, staff)] = ""
    capacity: Annotated[
        str,
        Parameter(
            "Capacity?",
            "yes, no, or the reason why not; empty asks the calendar and the tracker",
            _capacity,
            same(("yes", "no")),
        ),
    ] = ""


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    return decided(Decision, case, given)

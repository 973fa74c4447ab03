"""What a person may decide in the template runbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import Parameter, decided
from deskbook.model.case import Case

PRACTICE = 101


@dataclass(frozen=True)
class Decision(OfTicket):
    """What was found; where nothing was, nothing is written."""

    found: Annotated[
        str,
        Parameter(
            "Found",
            "what was found; it goes on the ticket as a private note",
            hint="What you found",
            long=True,
        ),
    ] = ""


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    return decided(Decision, case, given)

"""What a person may decide in an incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import Parameter, among, decided, read_agent, same, staff
from deskbook.model.case import Case

PRACTICE = 111
STAGES = ("open", "update", "hand-over", "resolve", "follow-up")


@dataclass(frozen=True)
class Decision(OfTicket):
    """What a person chose. `message` is what was seen (open), how it stands (update) or what was done (resolve)."""

    stage: Annotated[
        str, Parameter("Stage", "open, update, hand-over, resolve or follow-up", among(STAGES), same(STAGES))
    ] = ""
    responder: Annotated[
        str,
        Parameter(
            "Responder",
            "who leads: name or mail; empty: whoever runs this, or has the page already",
            read_agent,
            staff,
        ),
    ] = ""
    message: Annotated[
        str,
        Parameter(
            "Message",
            "open: what you saw; update: state, tried, next; resolve: what was done",
            hint="open: what you saw; update: state, tried, next; resolve: what was done",
            long=True,
        ),
    ] = ""


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    return decided(Decision, case, given)

"""What a person may decide in resolving a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import Options, Parameter, among, decided, same
from deskbook.errors import ParameterError
from deskbook.model.case import Case
from deskbook.tickets.sprint import LAST_ITERATION

PRACTICE = 102
OUTCOMES = ("fixed", "not-fixed", "no-survey", "confirmed", "refuted")


def _people(case: Case) -> Options:
    return [(person.name, person.mail) for person in case.organization.people]


@dataclass(frozen=True)
class Decision(OfTicket):
    """What a person chose. With no-survey the message is the reason on record, and is not mailed."""

    outcome: Annotated[
        str,
        Parameter("Outcome", "fixed, not-fixed, no-survey, confirmed or refuted", among(OUTCOMES), same(OUTCOMES)),
    ] = ""
    message: Annotated[
        str,
        Parameter(
            "Message",
            "what the community reads; with no-survey the reason on record, which is not mailed",
            hint="What was done, or how it stands; for no-survey, why",
            long=True,
            mailed=True,
        ),
    ] = ""
    exception_by: Annotated[
        str,
        Parameter(
            "Approved by",
            "mail of who approved more time than its sprint; empty: the Engineering Manager",
            options=_people,
        ),
    ] = ""
    exception_until: Annotated[
        int,
        Parameter(
            "Until iteration",
            "the last iteration of that exception; 0: there is none",
            most=LAST_ITERATION,
        ),
    ] = 0


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    decision = decided(Decision, case, given)
    by, until = decision.exception_by, decision.exception_until
    if until and decision.outcome:
        raise ParameterError(
            f"exception_until: an exception goes on with the work; leave outcome={decision.outcome} away"
        )
    if by and not until:
        raise ParameterError("exception_until: say until which iteration the exception holds")
    if by and case.organization.person(by) is None:
        raise ParameterError(f"exception_by: '{by}' is nobody's mail in organization.yaml; use the approver's")
    return decision

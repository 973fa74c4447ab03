"""What a person may decide in a timebox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import Options, Parameter, among, decided, one_of, read_agent, same, staff, words
from deskbook.errors import ParameterError
from deskbook.model.case import Case
from deskbook.runbooks.timebox.unread import reply_number
from deskbook.tickets.classification import IMPACTS
from deskbook.tickets.issue_form import LONGEST_TEXT

PRACTICE = 102
OUTCOMES = ("solved", "unsolved")
LONGEST_SITTING = 600  # minutes that one person may book on one ticket; more is a typing mistake


def _request_types(case: Case) -> Options:
    return [(shown, shown) for shown in case.organization.request_types.model_dump().values()]


def _request_type(name: str, case: Case, value: object) -> str:
    said, types = words(name, value), case.organization.request_types.model_dump()
    meant = next((str(shown) for word, shown in types.items() if said.lower() in (word, shown.lower())), "")
    return meant or one_of(name, said, tuple(types.values()))


def _wanted(name: str, case: Case, value: object) -> str:
    said = words(name, value)
    if len(said) > LONGEST_TEXT:
        raise ParameterError(
            f"{name}: {len(said)} characters are more than the issue's field holds ({LONGEST_TEXT}); say what is wanted in "
            "fewer, and put the rest into findings"
        )
    return said


@dataclass(frozen=True)
class Decision(OfTicket):
    """What a person chose. `minutes` are those of the agent in this cycle, in all; 0 leaves them to the stopwatch.

    `ticks` are the agent's on the worksheet; None leaves them, as an empty text leaves the findings.
    """

    agent: Annotated[str, Parameter("Agent", "mail or name of who works on it", read_agent, staff)] = ""
    minutes: Annotated[
        int,
        Parameter(
            "Minutes",
            "all of that agent's minutes on it in this cycle; 0 leaves them to the stopwatch",
            most=LONGEST_SITTING,
        ),
    ] = 0
    outcome: Annotated[
        str,
        Parameter("Outcome", "solved or unsolved; empty while the timebox runs", among(OUTCOMES), same(OUTCOMES)),
    ] = ""
    findings: Annotated[
        str,
        Parameter(
            "Findings",
            "what the timebox found; it goes into the issue",
            hint="What you see and try; it goes into the issue",
            long=True,
        ),
    ] = ""
    request_type: Annotated[
        str,
        Parameter(
            "Request type",
            "Feature Request, Something is not working, Technical questions or Other",
            _request_type,
            _request_types,
        ),
    ] = ""
    impact: Annotated[str, Parameter("Impact", "Low, Medium, High or Critical", among(IMPACTS), same(IMPACTS))] = ""
    description: Annotated[
        str,
        Parameter(
            "Wanted",
            "what is wanted, for the issue, which others can read",
            _wanted,
            hint="In your words; others can read the issue",
            long=True,
        ),
    ] = ""
    read_reply: Annotated[
        str,
        Parameter(
            "Read",
            "the number of the latest reply that you have read, where one came meanwhile",
            reply_number,
            hint="Number of the last reply you read",
        ),
    ] = ""
    ticks: tuple[str, ...] | None = None


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    return decided(Decision, case, given)

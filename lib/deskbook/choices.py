"""Parameters that choose among what there is: people, words of a list. Each error names what is accepted."""

from __future__ import annotations

from collections.abc import Sequence

from deskbook.cases import Agent, Case
from deskbook.errors import ParameterError
from deskbook.text import same_name


def agent_named(case: Case, name: str, parameter: str = "agent") -> Agent:
    """The agent of that name, first name, mail or id who can take a ticket today."""
    for agent in case.staff():
        if name.lower() in (agent.mail.lower(), str(agent.id)) or same_name(agent.name, name):
            return agent
    first = [agent for agent in case.staff() if same_name(agent.name.split()[0], name)]
    if len(first) == 1:
        return first[0]
    known = ", ".join(agent.mail for agent in case.staff())
    raise ParameterError(
        f"{parameter}: '{name}' is {'several agents' if first else 'no agent'} of the helpdesk; use one of {known}"
    )


def one_of(parameter: str, value: str, accepted: Sequence[str]) -> str:
    """The accepted word that was meant, whatever its case; empty stays empty."""
    found = next((word for word in accepted if word.lower() == value.lower()), "")
    if value and not found:
        raise ParameterError(
            f"{parameter}: '{value}' is not accepted; use one of {', '.join(accepted)}, or leave it empty"
        )
    return found


def whole(parameter: str, value: object, most: int) -> int:
    """A whole number from 0 to `most`, also given as text; empty is 0."""
    if value is None or value == "":
        return 0
    text = str(value).strip().removesuffix(".0")
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ParameterError(f"{parameter}: {value!r} is not a whole number from 0 to {most}")
    return int(text)

"""Parameters that choose among what there is: people, words of a list. Each error names what is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from deskbook.config.organization import Person
from deskbook.errors import ParameterError
from deskbook.language.text import same_name, shorten
from deskbook.model.case import Agent, Case, Community, mentions

P = TypeVar("P", Agent, Person)


def agent_named(case: Case, name: str, parameter: str = "agent") -> Agent:
    """The agent of that name, first name, mail or id who can take a ticket today."""
    handles = {str(agent.id): agent for agent in case.staff()}
    return _named(handles, case.staff(), name, f"{parameter}: '{name}' is {{}} agent{{}} of the helpdesk")


def person_named(people: Sequence[Person], name: str, parameter: str) -> Person:
    """One of the staff in organization.yaml, by name, first name, mail or login in the tracker."""
    handles = {person.login.lower(): person for person in people if person.login}
    return _named(handles, people, name, f"{parameter}: '{shorten(name, 60)}' is {{}} person{{}} of organization.yaml")


def _named(handles: Mapping[str, P], people: Sequence[P], name: str, wrong: str) -> P:
    if name.lower() in handles:
        return handles[name.lower()]
    for person in people:
        if name.lower() == person.mail.lower() or same_name(person.name, name):
            return person
    first = [person for person in people if same_name(person.name.split()[0], name)]
    if len(first) == 1:
        return first[0]
    known = ", ".join(person.mail for person in people)
    raise ParameterError(f"{wrong.format(*('several', 's') if first else ('no', ''))}; use one of {known}")


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


def find_community(known: Sequence[Community], name: str) -> Community:
    """The community of that name; ParameterError where there is none."""
    for community in known:
        if same_name(community.name, name):
            return community
    close = [community.name for community in known if mentions(community.name, name)][:5]
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ParameterError(
        f"community: the helpdesk has no company called '{name}'{hint} Give its name as written there."
    )


def ticket_number(value: int | str) -> int:
    """A ticket's number from a parameter; ParameterError for anything that is none."""
    if (
        isinstance(value, bool)
        or not str(value).strip().isascii()
        or not str(value).strip().isdigit()
        or int(value) < 1
    ):
        raise ParameterError(f"ticket_id: {value!r} is not a ticket number; give the number in the ticket's address")
    return int(value)

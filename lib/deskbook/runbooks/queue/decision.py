"""What a person may ask of the queue: whose part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.parameters import Options, Parameter, decided, words
from deskbook.tickets.queue import Queue, person_of


def _staff(queue: Queue) -> Options:
    return [(person.name, person.mail) for person in queue.organization.people]


def _person(name: str, queue: Queue, value: object) -> str:
    return person_of(queue, words(name, value), name)


@dataclass(frozen=True)
class Decision:
    """Whose tickets are shown, by mail; empty shows all."""

    person: Annotated[str, Parameter("Person", "mail or name of one of the staff", _person, _staff)] = ""


def decide(queue: Queue, **given: object) -> Decision:
    """The parameters as a decision; ParameterError for somebody who is not of the staff."""
    return decided(Decision, queue, given)

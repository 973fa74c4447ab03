"""What the readers of an event write down: values with the place they were read, and what is open about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

YES, NO = "yes", "no"


class Fact(NamedTuple):
    """A value and where it was read; both are ours to show, since neither holds more of a ticket than the value."""

    value: str
    where: str


class Doubt(NamedTuple):
    """A question about a field: to the community, or something a person must look at."""

    about: str
    text: str
    ours: bool = False


@dataclass
class Notes:
    """What the readers of the fields write down."""

    facts: dict[str, Fact] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def ask(self, about: str, *questions: str) -> None:
        """Questions to the community."""
        self.doubts += [Doubt(about, question) for question in questions]

    def look(self, about: str, text: str) -> None:
        """Something for a person."""
        self.doubts.append(Doubt(about, text, ours=True))

    def value(self, name: str) -> str:
        return self.facts[name].value if name in self.facts else ""

"""Scenarios of a rehearsal: what happens when, and what a person would decide; data to read and to extend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from deskbook.config.loader import Frozen, complain, load, unknown
from deskbook.config.organization import Mail, Organization

SHIPPED = Path(__file__).parent / "scenarios"


def _span(value: Any) -> Any:
    """`2:30` is two and a half hours; YAML may have read it as a number of minutes."""
    if isinstance(value, int):
        return timedelta(minutes=value)
    hours, colon, minutes = str(value).partition(":")
    if colon and hours.isdigit() and minutes.isdigit():
        return timedelta(hours=int(hours), minutes=int(minutes))
    raise ValueError(f"{value!r} is no time; write hours and minutes, such as 2:30")


Span = Annotated[timedelta, BeforeValidator(_span)]
Called = Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]


class Arrival(Frozen):
    """A mail that opens a ticket; the scenario calls the ticket by this name."""

    name: Called
    sender: Mail = Field(alias="from")
    subject: str
    body: str


class Event(Frozen):
    """One thing that happens: `at` so long after the beginning, or so long `after` we have written on that ticket."""

    at: Span | None = None
    arrives: Arrival | None = None
    answers: Called | None = None  # a ticket: somebody writes on it
    sender: Mail | None = Field(default=None, alias="from")  # who; empty: its requester
    after: Span | None = None  # our first public answer since the event before, to whomever
    says: str = ""
    hub: str = ""
    up: bool | None = None
    takes: Called | None = None  # a ticket: a colleague assigns it to themself
    notes: Called | None = None  # a ticket: a colleague leaves a private note on it
    colleague: Mail | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Event:
        what = [name for name in ("arrives", "answers", "hub", "takes", "notes") if getattr(self, name)]
        if len(what) != 1:
            raise ValueError("say one thing that happens: arrives, answers, hub, takes or notes")
        if (self.at is None) == (self.after is None) or (self.after is not None and not self.answers):
            raise ValueError("say when: at, or for an answer after (our mail)")
        if (self.takes or self.notes) and not self.colleague:
            raise ValueError("say who: colleague, a mail of organization.yaml")
        if (self.answers or self.notes) and not self.says:
            raise ValueError("say what is written: says")
        if self.hub and self.up is None:
            raise ValueError("say whether the hub is up: true or false")
        return self


class Decided(Frozen):
    """What a person would say in a runbook of a ticket, when it is next and so much time has passed."""

    at: Span = timedelta()
    runbook: str
    ticket: Called
    says: Mapping[str, Any] = {}


class Scenario(Frozen):
    title: str
    level: int = Field(ge=1, le=5)
    about: str  # what one practises
    begins: AwareDatetime
    lasts: Span
    events: tuple[Event, ...] = Field(min_length=1)
    decides: tuple[Decided, ...] = ()

    @property
    def ends(self) -> datetime:
        return self.begins + self.lasts


def names() -> tuple[str, ...]:
    """The shipped ones, the easiest first."""
    found = sorted(SHIPPED.glob("*.yaml"), key=lambda path: (load(path, Scenario).level, path.stem))
    return tuple(path.stem for path in found)


def read(name: str | Path, organization: Organization) -> Scenario:
    """A shipped scenario by its name, or one from a file; DefinitionError names every mistake with its place."""
    known = names()
    path = SHIPPED / f"{name}.yaml" if name in known else Path(name)
    if not path.is_file():
        raise complain(str(name), "/", unknown(str(name), "scenario", known))
    scenario = load(path, Scenario)
    tickets = [event.arrives.name for event in scenario.events if event.arrives]
    people = [person.mail for person in organization.people]
    for index, event in enumerate(scenario.events):
        place = f"/events/{index}"
        for what in (event.answers, event.takes, event.notes):
            if what and what not in tickets:
                raise complain(path.name, place, unknown(what, "ticket", tickets))
        if event.hub and event.hub not in [hub.name for hub in organization.hubs]:
            raise complain(
                path.name, f"{place}/hub", unknown(event.hub, "hub", [hub.name for hub in organization.hubs])
            )
        if event.colleague and event.colleague not in people:
            raise complain(path.name, f"{place}/colleague", unknown(event.colleague, "person", people))
    for index, decided in enumerate(scenario.decides):
        if decided.ticket not in tickets:
            raise complain(path.name, f"/decides/{index}/ticket", unknown(decided.ticket, "ticket", tickets))
    return scenario

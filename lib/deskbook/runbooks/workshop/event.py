"""What a community says about its event, read from the ticket, their replies and the issue; and what it leaves open.

A person's parameters win, then the newest reply, then the ticket, then what stands in the issue already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from deskbook.config.organization import Hub
from deskbook.language.dates import Span
from deskbook.language.hours import Window
from deskbook.model.case import Case
from deskbook.runbooks.workshop import fields, password
from deskbook.runbooks.workshop.facts import Doubt, Fact, Notes
from deskbook.runbooks.workshop.hub import decommission, hub_of
from deskbook.runbooks.workshop.sources import Said, sources

_EXAM = re.compile(r"\b(?:exams?|examinations?|midterms?|mid-term|finals)\b", re.IGNORECASE)
_NO_EXAM = re.compile(r"\bfor exam(?:ple)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Event:
    """What is known of an event, what is open, and what was concluded (`told`)."""

    facts: Mapping[str, Fact]
    spans: tuple[Span, ...] = ()
    windows: tuple[Window, ...] = ()
    hub: Hub | None = None
    ready: date | None = None  # the day on which they want it to be ready
    due: date | None = None  # of the shared password
    exam: bool = False
    password: bool = False
    password_only: bool = False
    doubts: tuple[Doubt, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions to the community."""
        return tuple(dict.fromkeys(doubt.text for doubt in self.doubts if not doubt.ours))

    @property
    def look(self) -> tuple[str, ...]:
        """What a person must look at."""
        return tuple(dict.fromkeys(doubt.text for doubt in self.doubts if doubt.ours))

    def value(self, name: str) -> str:
        return self.facts[name].value if name in self.facts else ""

    @property
    def begin(self) -> date | None:
        return self.spans[0].begin if self.spans else None

    @property
    def end(self) -> date | None:
        return self.spans[-1].end if self.spans else None

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(day for span in self.spans for day in span.days())


def read(case: Case, given: Mapping[str, str], issue: Mapping[str, str] | None = None) -> Event:
    """The event of a ticket. `given` are parameters that a person set, `issue` the answers in its issue."""
    asked = case.ticket.created.astimezone(ZoneInfo(case.organization.clock.zone)).date()
    said, notes = Said(case, sources(case), given, issue or {}, asked), Notes()
    days = fields.days(said, notes)
    windows = fields.hours(said, notes)
    fields.attendees(said, notes)
    hub = hub_of(said, notes)
    wanted = password.wanted(said, notes)
    only = wanted and password.alone(said, notes)
    due = password.due(said, notes, days, only) if wanted else None
    if only:
        kept = {n: f for n, f in notes.facts.items() if n in ("hub_url", "hub_exists", "due", "shared_password_change")}
        doubts = [doubt for doubt in notes.doubts if doubt.ours or doubt.about in ("hub_url", "hub_exists", "due")]
        return Event(kept, hub=hub, due=due, password=True, password_only=True, doubts=tuple(doubts), told=days.told)
    decommission(said, notes)
    fields.apart(days, notes)
    ready = days.due.begin if days.due and days.spans and days.due.begin <= days.spans[0].begin else None
    exam = _EXAM.search(_NO_EXAM.sub(" ", said.text)) is not None
    return Event(
        facts=notes.facts, spans=days.spans, windows=windows, hub=hub, ready=ready, due=due, exam=exam, password=wanted,
        doubts=tuple(notes.doubts), told=tuple(dict.fromkeys([*days.told, *notes.told])),
    )  # fmt: skip

"""Data model of one ticket: immutable records in our own words, which every planner reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from deskbook.config.organization import Category, Hub, Organization
from deskbook.config.process import Process
from deskbook.language.forms import filled
from deskbook.language.text import LONGEST, lines, words_of
from deskbook.model.records import (
    Agent,
    Community,
    Contact,
    Entry,
    HubChange,
    Issue,
    OpenTicket,
    Page,
    Probe,
    Ticket,
    TimeEntry,
)

# Ref <ticket>-<cycle>-<step>, with #what where a step does several things and .n where it repeats.
REFERENCE = re.compile(r"^Ref (\d+)-(\d+)-([a-z]+\.[a-z-]+(?:#[a-z-]+)?(?:\.\d+)?)$")
Unread = Literal["time", "issues", "chat", "load"]  # time entries, issues, posts of ours, the holder's open issues
RECORD = "#record"  # ends the key of the note that says what one applied plan did
CLAIM = ".claim"  # ends the key of the note of a run that is at the ticket, or did not finish


@dataclass(frozen=True)
class Reference:
    """Something of ours that landed on the ticket, and where."""

    ticket: int
    cycle: int
    key: str
    entry: Entry


@dataclass(frozen=True)
class Alike:
    """Of `of` closed tickets most like this one, those with these numbers, the likest first, were of this kind."""

    kind: Category
    tickets: tuple[int, ...]
    of: int


@dataclass(frozen=True)
class Case:
    """Everything one run knows. `named` is the community the person asked for, if any."""

    now: datetime
    me: Agent
    process: Process
    organization: Organization
    ticket: Ticket
    requester: Contact
    communities: tuple[Community, ...]  # those the ticket may belong to, with their contacts
    entries: tuple[Entry, ...]
    agents: tuple[Agent, ...]
    hub_changes: Mapping[str, tuple[HubChange, ...]] = field(default_factory=dict)  # by cluster, newest first
    probes: tuple[Probe, ...] = ()
    pages: tuple[Page, ...] = ()
    announced: frozenset[str] = frozenset()  # references found in the chat
    chat_reads: bool = True  # whether the chat can be read back at all
    named: str = ""
    time_entries: tuple[TimeEntry, ...] | None = ()  # oldest first; None where the helpdesk keeps none
    issues: tuple[Issue, ...] = ()  # that speak of this ticket, or that it links to; oldest first
    lost: tuple[int, ...] = ()  # issues that our agents link to on the ticket, and that were deleted or moved
    whose: str = ""  # the mail of the agent whose open issues the person asked for, if any
    assigned: tuple[Issue, ...] = ()  # open ones of the holder
    incident: Page | None = None  # the page of this ticket, with its notes; also where it is resolved by now
    channel: str = ""  # the incident's own channel, where it is there
    others: tuple[OpenTicket, ...] = ()  # of the same requester, open too
    without: frozenset[Unread] = frozenset()  # what was not read, since the runbook leans on it in no case
    alike: Alike | None = None  # what was learned from closed tickets says of this one, if anything
    people_read: float = field(default=0.0, compare=False)  # when requester and communities were, as this machine ticks

    @property
    def subject(self) -> str:
        """What a run is about, as its receipt says."""
        return f"ticket {self.ticket.id}"

    @property
    def holder(self) -> Agent:
        """Whose open issues were read: the one who was asked for, else the ticket's agent, else whoever runs it."""
        asked = next((agent for agent in self.agents if agent.mail == self.whose), None)
        return asked or self.agent(self.ticket.agent) or self.me

    @property
    def text(self) -> str:
        """Subject and body, quotations included."""
        return f"{self.ticket.subject}\n{words_of(self.ticket.body)}"

    @property
    def own_words(self) -> str:
        """Subject and body as the requester's words: without what they quote, and of a form the answers, not its labels."""
        form = filled(self.ticket.body)
        asked = form.answers or form.ticked
        return f"{self.ticket.subject}\n{form.words if asked else words_of(self.ticket.body, quotes=False)}"

    @property
    def cycle(self) -> int:
        """1 at first, and one more for each reopening on record."""
        return 1 + len({ref.entry.position for ref in self.references() if ref.key.startswith("resolve.reopen")})

    @property
    def began(self) -> datetime:
        """When this cycle's clocks began: with the ticket, or with the reply that our note of the reopening names."""
        notes = [ref.entry for ref in self.references() if ref.key == "resolve.reopen"]
        if not notes:
            return self.ticket.created
        named = re.search(r"\breply (\d{1,18})", notes[-1].body[:LONGEST])
        return next((e.at for e in self.entries if named and e.id == int(named[1])), notes[-1].at)

    def references(self) -> Iterator[Reference]:
        """What we left on this ticket."""
        return references(self.ticket.id, self.entries, {agent.id for agent in self.agents})

    def landed(self, key: str) -> Reference | None:
        """The latest reference of that key in this cycle."""
        found = [ref for ref in self.references() if ref.cycle == self.cycle and ref.key == key]
        return found[-1] if found else None

    def statements(self) -> dict[str, str]:
        """What earlier plans of this cycle put on record as `Name: value`; the latest counts."""
        return {name: value for _, name, value in self._stated()}

    def stating(self, name: str) -> Entry | None:
        """The first record of this cycle that states it."""
        return next((entry for entry, said, _ in self._stated() if said == name), None)

    def _stated(self) -> Iterator[tuple[Entry, str, str]]:
        for ref in self.references():
            if ref.key.endswith(RECORD) and ref.cycle == self.cycle:
                for line in lines(ref.entry.body, quotes=False):
                    name, colon, value = line.partition(": ")
                    if colon and name in STATEMENTS:
                        yield ref.entry, name, value

    def replies(self, after: int = -1) -> tuple[Entry, ...]:
        """Public messages of contacts after a position; survey answers are none, nor is what a machine sent."""
        said = (e for e in self.entries if e.incoming and not (e.private or e.survey or e.automatic))
        return tuple(entry for entry in said if entry.position > after)

    def first_answer(self, besides: str = "") -> Entry | None:
        """The first public answer of an agent in this cycle, apart from ours with the key `besides`."""
        return next(iter(self.answers(besides)), None)

    def answers(self, besides: str = "") -> tuple[Entry, ...]:
        """The public answers of agents in this cycle, apart from ours with the key `besides`."""
        reopened = [r.entry.position for r in self.references() if r.key.startswith("resolve.reopen")]
        agents = {agent.id for agent in self.agents}
        ours = {ref.entry.id for ref in self.references() if ref.key == besides}
        answers = (e for e in self.entries if not e.incoming and not e.private and e.author in agents)
        return tuple(e for e in answers if e.id not in ours and e.position > max(reopened, default=-1))

    def community(self, community_id: int | None) -> Community | None:
        return next((c for c in self.communities if c.id == community_id), None)

    def agent(self, agent_id: int | None) -> Agent | None:
        return next((agent for agent in self.agents if agent.id == agent_id), None)

    def staff(self) -> tuple[Agent, ...]:
        """The agents who can take a ticket today."""
        return tuple(agent for agent in self.agents if agent.active)

    def hubs_named(self) -> tuple[Hub, ...]:
        """The hubs whose address stands in the ticket's own field, else in its text or behind a link."""
        return self._hubs_in(self.ticket.hub_url or "") or self._hubs_in(self._written)

    def hubs_spoken_of(self) -> tuple[Hub, ...]:
        """The hubs named anywhere, field or text: evidence that may conflict."""
        return self._hubs_in(f"{self.ticket.hub_url or ''} {self._written}")

    @property
    def _written(self) -> str:
        """What a person reads, and the addresses behind its links."""
        return f"{self.text} {self.ticket.body[:LONGEST]}"

    def _hubs_in(self, text: str) -> tuple[Hub, ...]:
        return tuple(hub for hub in self.organization.hubs if mentions(text, hub.host))


# What records keep, since the ticket has no field for it.
STATEMENTS = (
    "Approved by hand",
    "Community confirmed",
    "Impact proposed",
    "Impact confirmed",
    "Incident decided",
    "Timebox ended",
    "Reply read",
    "Sprint exception",
    "Ended",
    "Reason",
    "Incident page",
    "Incident Responder",
    "Hand-over accepted",
    "Fix validated",
    "Told at once",
)


def mentions(text: str, host: str) -> bool:
    """Whether a host stands in a text as itself, not as the end of a longer name or the start of one."""
    return re.search(rf"(?<![\w.-]){re.escape(host)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None


def references(ticket: int, entries: Iterable[Entry], agents: Collection[int]) -> Iterator[Reference]:
    """What these agents of ours left on a ticket: in outgoing entries, as their own last line."""
    for entry in entries:
        if entry.incoming or entry.survey or entry.author not in agents:
            continue
        said = lines(entry.body, quotes=False)
        match = REFERENCE.match(said[-1]) if said else None
        if match and int(match[1]) == ticket:
            yield Reference(int(match[1]), int(match[2]), match[3], entry)


def reference(case: Case, key: str) -> str:
    """The line that an action leaves where it lands."""
    return f"Ref {case.ticket.id}-{case.cycle}-{key}"

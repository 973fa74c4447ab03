"""Data model of one ticket: immutable records in our own words, which every planner reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.config.organization import Category, Hub, Organization, Person
from deskbook.config.process import Process
from deskbook.language.forms import filled
from deskbook.language.text import LONGEST, lines, same_name, words_of

# Ref <ticket>-<cycle>-<step>, with #what where a step does several things and .n where it repeats.
REFERENCE = re.compile(r"^Ref (\d+)-(\d+)-([a-z]+\.[a-z-]+(?:#[a-z-]+)?(?:\.\d+)?)$")
OVER = ("Resolved", "Closed")  # a ticket that is one of these is nobody's work, until it is reopened
RECORD = "#record"  # ends the key of the note that says what one applied plan did


@dataclass(frozen=True)
class Ticket:
    """One ticket. `status`, `source` and `type` are the helpdesk's words; people and community are ids."""

    id: int
    subject: str
    body: str  # HTML, as the helpdesk keeps it
    status: str
    source: str
    type: str | None
    requester: int
    agent: int | None
    community: int | None
    group: str | None
    tags: tuple[str, ...]
    hub_url: str | None
    created: datetime
    url: str
    deleted: bool = False
    spam: bool = False
    automatic: bool = False  # the helpdesk took the mail that opened it for an automatic one
    headers: tuple[tuple[str, str], ...] = ()  # of that mail, as far as the helpdesk tells them
    cc: tuple[str, ...] = ()  # bare addresses in copy of that mail, and of the mails since

    @property
    def waits(self) -> bool:
        """Whether it is Pending, or has another status of waiting: every one that is neither Open nor over."""
        return self.status not in ("Open", *OVER)


@dataclass(frozen=True)
class TicketSummary:
    """A ticket as lists show it: when each side last wrote takes the conversation's place.

    Its `body` is empty in the queue, and filled in a community's latest tickets, which tell no such times.
    """

    ticket: Ticket
    first_answer: datetime | None = None  # an agent's first public answer
    answered: datetime | None = None  # an agent's latest public answer
    replied: datetime | None = None  # the requester's latest reply (a survey's answer counts, too)
    reopened: datetime | None = None
    resolved: datetime | None = None
    pending: datetime | None = None  # since when
    changed: datetime | None = None  # when its status changed last


@dataclass(frozen=True)
class Unfinished:
    """The tickets that are not closed, oldest first. `unseen` more are there, untouched for long, that no list shows."""

    tickets: tuple[TicketSummary, ...]
    unseen: int = 0


@dataclass(frozen=True)
class Contact:
    """Somebody who writes to us. `communities` are ids, the helpdesk's default first."""

    id: int
    name: str
    mail: str | None
    communities: tuple[int, ...] = ()
    hidden: str = ""  # deleted or blocked, where it was looked for by its mail


@dataclass(frozen=True)
class Community:
    """A customer group. `listed` are the names of its representatives, as written down."""

    id: int
    name: str
    domains: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    budget_hours: float | None = None
    own_funding: bool = False
    contacts: tuple[Contact, ...] = ()  # read for the communities a ticket may belong to
    description: str = ""
    written: str = ""  # the field with the names, as it stands


@dataclass(frozen=True)
class Representative:
    """A listed name and the contacts of the community who carry it; exactly one makes a representative."""

    listed: str
    matches: tuple[Contact, ...]

    @property
    def contact(self) -> Contact | None:
        return self.matches[0] if len(self.matches) == 1 else None


@dataclass(frozen=True)
class Agent:
    """Somebody who answers tickets. `person` is their entry in `organization.yaml`, where there is one."""

    id: int
    name: str
    mail: str
    person: Person | None = None
    open_tickets: int = 0
    active: bool = True  # somebody who has left still counts as the author of what they wrote


@dataclass(frozen=True)
class Entry:
    """One conversation of a ticket. `position` counts from 0 in the order in which the helpdesk shows them.

    `to` are the addresses that it was mailed to. `automatic` tells that a machine wrote it: it answers for nobody.
    """

    id: int
    position: int
    author: int
    incoming: bool
    private: bool
    body: str
    at: datetime
    survey: bool = False
    files: int = 0  # attached to it; nobody here looks into them
    issues: tuple[int, ...] = ()  # of the tracker, that it links to in its own words
    to: tuple[str, ...] = ()
    automatic: bool = False


@dataclass(frozen=True)
class HubChange:
    """Somebody changed a hub's configuration. `author` is a login or a mail address."""

    author: str
    at: datetime
    message: str


@dataclass(frozen=True)
class Probe:
    """What a hub answered: up, down, or unknown (None) where it could not be asked."""

    hub: Hub
    up: bool | None
    seen: str


@dataclass(frozen=True)
class Page:
    """An incident in the pager. `about` is the text in which a hub is named; people are mails, or names without one.

    `p1` tells that it is an incident officially; `notes` are read for the page of a ticket alone.
    """

    id: str
    title: str
    status: str
    about: str
    url: str
    key: str = ""  # of two open pages, no two have the same
    p1: bool = False
    priority: str = ""
    urgency: str = ""
    acknowledged: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    created: datetime | None = None
    resolved: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.status != "resolved"


@dataclass(frozen=True)
class OpenTicket:
    """An open ticket as a search shows it, which may be a few minutes old."""

    id: int
    requester: int
    agent: int | None
    created: datetime


@dataclass(frozen=True)
class TimeEntry:
    """Time that an agent spent on a ticket. While `running`, `seconds` is what was counted before `started`."""

    id: int
    ticket: int
    agent: int
    seconds: int
    running: bool
    started: datetime
    note: str
    billable: bool = True

    def lasted(self, now: datetime) -> int:
        """Seconds until now."""
        return self.seconds + (max(0, int((now - self.started).total_seconds())) if self.running else 0)


@dataclass(frozen=True)
class LoggedTime:
    """A time entry as the list of all tickets shows it: when the work was done, and for which community, if it tells."""

    entry: TimeEntry
    at: datetime
    community: int | None = None


@dataclass(frozen=True)
class Rating:
    """An answer to the satisfaction survey: above 100 content, 100 neither, below 0 not content."""

    ticket: int
    value: int
    at: datetime


@dataclass(frozen=True)
class Issue:
    """An issue of the tracker. People are logins. `refs` are the references of ours in its body and comments."""

    number: int
    title: str
    url: str
    state: str  # open or closed
    body: str
    author: str
    created: datetime
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    assigned: datetime | None = None  # when somebody was assigned first since nobody was
    refs: tuple[str, ...] = ()
    tickets: tuple[int, ...] = ()  # that its body links to
    contacts: tuple[int, ...] = ()  # of the helpdesk, that its body links to
    board: Mapping[str, str] | None = None  # what the board says, by field; None: it is not on the board

    @property
    def about(self) -> tuple[int, ...]:
        """The tickets that it links to, or carries a reference of ours to."""
        ours = (int(number) for ref in self.refs if (number := ref.partition("-")[0]).isdecimal())
        return tuple(dict.fromkeys((*self.tickets, *ours)))


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
    alike: Alike | None = None  # what was learned from closed tickets says of this one, if anything

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
        """What we left on this ticket: in outgoing entries by an agent of ours, as their own last line."""
        agents = {agent.id for agent in self.agents}
        for entry in self.entries:
            if entry.incoming or entry.survey or entry.author not in agents:
                continue
            said = lines(entry.body, quotes=False)
            match = REFERENCE.match(said[-1]) if said else None
            if match and int(match[1]) == self.ticket.id:
                yield Reference(int(match[1]), int(match[2]), match[3], entry)

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
)


def mentions(text: str, host: str) -> bool:
    """Whether a host stands in a text as itself, not as the end of a longer name or the start of one."""
    return re.search(rf"(?<![\w.-]){re.escape(host)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None


def representatives(community: Community) -> tuple[Representative, ...]:
    """Each listed name with the contacts of that community who carry it."""
    return tuple(
        Representative(name, tuple(c for c in community.contacts if same_name(c.name, name)))
        for name in community.listed
    )


def reference(case: Case, key: str) -> str:
    """The line that an action leaves where it lands."""
    return f"Ref {case.ticket.id}-{case.cycle}-{key}"

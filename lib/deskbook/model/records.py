"""Records: what the services tell of tickets, people, time, pages and issues, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.config.organization import Hub, Person
from deskbook.language.text import same_name
from deskbook.model import light

OVER = ("Resolved", "Closed")  # a ticket that is one of these is nobody's work, until it is reopened
NOT_WAITING = ("Open", *OVER)  # every other status of a helpdesk is one of waiting


@light.dataclass(frozen=True, slots=True)
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
    updated: datetime | None = None  # when anything about it changed last

    @property
    def waits(self) -> bool:
        """Whether it is Pending, or has another status of waiting: every one that is neither Open nor over."""
        return self.status not in NOT_WAITING


@light.dataclass(frozen=True, slots=True)
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

    def touched(self, since: datetime) -> bool:
        """Whether anything about it changed after that."""
        return self.ticket.updated is not None and self.ticket.updated >= since


@dataclass(frozen=True)
class Unfinished:
    """The tickets that are not closed, oldest first. `unseen` more are there, untouched for long, that no list shows.

    `touched` are those in any status that changed since a moment, where that was asked.
    """

    tickets: tuple[TicketSummary, ...]
    unseen: int = 0
    touched: tuple[TicketSummary, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Somebody who writes to us. `communities` are ids, the helpdesk's default first."""

    id: int
    name: str
    mail: str | None
    communities: tuple[int, ...] = ()
    hidden: str = ""  # deleted or blocked, where it was looked for by its mail
    whole: bool = field(default=True, compare=False)  # whether all communities are told; a list may leave some out


@light.dataclass(frozen=True, slots=True)
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
class PageNote:
    """What somebody wrote on a page. `by` is their mail, empty where no person of the pager wrote it."""

    by: str
    text: str


@dataclass(frozen=True)
class Page:
    """An incident in the pager. `about` is the text in which a hub is named; people are mails, or names without one.

    `p1` tells that it is an incident officially. `by` is the mail of the person who made it, empty for a monitor; it and
    `notes` are read for the page of a ticket alone.
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
    by: str = ""
    notes: tuple[PageNote, ...] = ()

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


@light.dataclass(frozen=True, slots=True)
class Issue:
    """An issue of the tracker. People are logins. `refs` are the references of ours in its body and comments.

    `ours` tells that one of us opened it: anybody can write a line that looks like a mark.
    """

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
    ours: bool = False
    refs: tuple[str, ...] = ()
    tickets: tuple[int, ...] = ()  # that its body links to
    contacts: tuple[int, ...] = ()  # of the helpdesk, that its body links to
    board: Mapping[str, str] | None = None  # what the board says, by field; None: it is not on the board
    closed: datetime | None = None
    closed_by: str = ""  # as far as the tracker tells

    @property
    def hidden(self) -> tuple[str, ...]:
        """The lines of its body that readers do not see, where one of us opened it: our marks are among them."""
        lines = self.body.splitlines() if self.ours else ()
        return tuple(line for line in lines if line.startswith("<!-- ") and line.endswith(" -->"))

    @property
    def about(self) -> tuple[int, ...]:
        """The tickets that it links to, or carries a reference of ours to."""
        ours = (int(number) for ref in self.refs if (number := ref.partition("-")[0]).isdecimal())
        return tuple(dict.fromkeys((*self.tickets, *ours)))


def representatives(community: Community) -> tuple[Representative, ...]:
    """Each listed name with the contacts of that community who carry it."""
    return tuple(
        Representative(name, tuple(c for c in community.contacts if same_name(c.name, name)))
        for name in community.listed
    )

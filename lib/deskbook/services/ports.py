"""Ports: one protocol for each outside service, and one for the desk that joins them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from deskbook.config.organization import Hub, Organization
from deskbook.config.process import Process
from deskbook.model.case import Case, Unread
from deskbook.model.records import (
    Agent,
    Community,
    Contact,
    Entry,
    HubChange,
    Issue,
    LoggedTime,
    OpenTicket,
    Page,
    Probe,
    Rating,
    Ticket,
    TicketSummary,
    TimeEntry,
    Unfinished,
)
from deskbook.services.checks import Check
from deskbook.services.place import Place

READ_BACK = timedelta(days=30)  # how far a chat is read back for what we posted; before that, the ticket's notes tell


class Helpdesk(Protocol):
    """Tickets, people and communities. Every method may raise a ServiceError."""

    def now(self) -> datetime: ...
    def clock(self) -> datetime:
        """The service's own time, asked now."""

    def ahead(self) -> timedelta:
        """How far `now` was ahead of the service's own time at its latest answer, negative where it was behind. No call."""

    def checks(self) -> tuple[Check, ...]:
        """What can be looked at, without writing, to know whether runs will be able to work there."""

    def me(self) -> Agent: ...
    def agents(self, *, listed: Collection[int] | None = None) -> tuple[Agent, ...]:
        """Everybody who answers or once answered. Where they are only shown with a list of tickets, of which `listed` are
        the agents, they may be as of a day ago."""

    def ticket(self, ticket_id: int) -> Ticket: ...
    def entries(self, ticket_id: int) -> tuple[Entry, ...]: ...
    def whole(self, ticket_id: int) -> tuple[Ticket, tuple[Entry, ...]]:
        """The ticket with its conversation, read in one call where the helpdesk can."""

    def contact(self, contact_id: int) -> Contact: ...
    def contacts_of(self, community_id: int) -> tuple[Contact, ...]: ...
    def communities(self, *, listed: Collection[int] | None = None) -> tuple[Community, ...]:
        """All of them. For a run over a list of tickets, of which `listed` are the communities, some minutes old."""

    def open_tickets(self) -> tuple[OpenTicket, ...]: ...
    def linked(self, text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The tickets and the contacts whose address stands in a text, each once, in its order. No call."""

    def reply(self, ticket_id: int, html: str, cc: Sequence[str] = ()) -> str: ...
    def note(self, ticket_id: int, html: str) -> str: ...
    def update(self, ticket_id: int, changes: Mapping[str, object]) -> str:
        """`changes` by our names: status, type, agent (id), community (id), tags."""

    def edit_note(self, entry_id: int, html: str) -> str:
        """New words for a private note; its id."""

    def delete_note(self, entry_id: int) -> None: ...

    def time_entries(self, ticket_id: int) -> tuple[TimeEntry, ...] | None:
        """Oldest first; None where the helpdesk's plan has none."""

    def start_timer(self, ticket_id: int, agent_id: int, note: str, *, billable: bool) -> str:
        """A new time entry with a running timer; its id. The helpdesk stops that agent's other timer."""

    def timers_of(self, agent_id: int) -> tuple[TimeEntry, ...]:
        """The agent's timers that run, on whatever ticket; none where the helpdesk keeps no time."""

    def stop_timer(self, time_entry_id: int, minutes: int | None = None) -> str:
        """Stop it, at so many minutes where they are given; stopping one that stands still already is no error."""

    def book(self, ticket_id: int, agent_id: int, minutes: int, note: str, *, billable: bool) -> str:
        """A time entry of so many minutes; its id."""

    def unbook(self, time_entry_id: int) -> None:
        """Take back a time entry that was booked."""

    def queue(self, memory: Memory | None = None, since: datetime | None = None) -> Unfinished:
        """Every ticket that is Open, Pending or Resolved, from lists alone, and how many of them these do not show.

        `memory` keeps for the next time what was read, so that less is; `since` has all told that changed after it.
        """

    def tickets_of(self, community_id: int) -> tuple[TicketSummary, ...]:
        """The latest tickets of a community, one call."""

    def tickets_since(self, since: datetime) -> tuple[TicketSummary, ...]:
        """Every ticket that changed since then, in any status, from lists alone."""

    def time_entries_since(self, start: datetime, end: datetime) -> tuple[LoggedTime, ...] | None:
        """Time spent on all tickets from `start` to before `end`; None where the helpdesk's plan has none."""

    def ratings_since(self, start: datetime, end: datetime) -> tuple[Rating, ...] | None:
        """Answers to the survey from `start` to before `end`; None where the helpdesk's plan has no surveys."""

    def contacts(self) -> tuple[Contact, ...]:
        """Everybody, from lists alone."""

    def contact_by_mail(self, mail: str) -> Contact | None:
        """Who has this address; `hidden` tells of a deleted or blocked one."""

    def create_community(self, name: str, domains: Sequence[str], description: str) -> int:
        """A new community; its id. One of that name that somebody has just made is taken."""

    def change_community(self, community_id: int, values: Mapping[str, object], was: Community | None = None) -> None:
        """`values` by our names: domains, description, representatives. What is empty stays as it is.

        Refused where one of them is not as in `was` any more, if that is given.
        """

    def create_contact(self, name: str, mail: str, community_id: int) -> int:
        """A contact of that community; its id. One of that mail and name that somebody has just made joins it."""

    def add_to_community(self, contact_id: int, community_id: int) -> None:
        """One community more for a contact, who keeps the others."""


class Tracker(Protocol):
    def account(self) -> str:
        """As whom we write, as the service calls them."""

    def clock(self) -> datetime: ...
    def checks(self) -> tuple[Check, ...]: ...
    def board_options(self) -> Mapping[str, tuple[str, ...]]:
        """What each field of the board may be set to, by its name; nothing where there is no board."""

    def hub_changes(self, cluster: str) -> tuple[HubChange, ...]: ...

    def issues(self, since: datetime) -> tuple[Issue, ...]:
        """Issues opened or changed since then, oldest first, as lists show them: without comments, history and board."""

    def issue(self, number: int) -> Issue:
        """One issue with everything; NotFound where there is none."""

    def assigned(self, login: str) -> tuple[Issue, ...]:
        """Open issues of that person, with what the board says and since when they are assigned (None without a board)."""

    def tracked(self) -> tuple[Issue, ...]:
        """Open issues with the support or the event label, told in the same way."""

    def marked(self, numbers: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """The references of ours in the comments of many issues, by number; about one call for fifty issues."""

    def linked(self, text: str) -> tuple[int, ...]:
        """The issues whose address stands in a text, each once, in its order. No call."""

    def open(self, title: str, body: str, labels: Sequence[str]) -> int: ...
    def comment(self, number: int, body: str) -> str: ...
    def comment_once(self, number: int, body: str, ref: str) -> None:
        """Say something that carries this reference; of two runs at once, the second takes its words back."""

    def reopen(self, number: int) -> None: ...
    def retitle(self, number: int, title: str, was: str = "") -> None:
        """Refused where its title is not `was` any more, if that is given."""

    def close_as_duplicate(self, number: int, of: int) -> None: ...
    def assign(self, number: int, login: str, was: Sequence[str] | None = None) -> None:
        """Refused where somebody has it now who is not among `was`, if that is given."""

    def set_board(self, number: int, values: Mapping[str, str], was: Mapping[str, str] | None = None) -> None:
        """Put it on the board and set these fields; Refused, naming field and options, unless they then read so.

        Refused, too, where one of them does not read as in `was` any more, if that is given.
        """


class Chat(Protocol):
    def account(self) -> str: ...
    def clock(self) -> datetime: ...
    def checks(self, channels: Sequence[str]) -> tuple[Check, ...]: ...
    @property
    def reads(self) -> bool: ...
    def posted(self, channel: str, *, ever: bool = False) -> frozenset[str]:
        """The references that our own messages of the last `READ_BACK` carry there; with `ever`, all since its first day."""

    def post(self, channel: str, text: str, ref: str, people: Sequence[str] = ()) -> str:
        """Write in the channel, calling these people, who are mails, where the chat knows them."""

    def has(self, channel: str) -> bool: ...
    def open(self, channel: str, purpose: str) -> str:
        """Make a channel; one that is there already is taken."""

    def invite(self, channel: str, mails: Sequence[str], purpose: str = "") -> tuple[str, ...]:
        """Bring people in, where the channel's purpose is to be told; the mails of those whom the chat does not know."""


class Pager(Protocol):
    """`by` is the mail of who acts, `key` the incident's key: two open ones never share it."""

    def account(self) -> str: ...
    def clock(self) -> datetime: ...
    def checks(self, mails: Sequence[str], hubs: Sequence[Hub]) -> tuple[Check, ...]:
        """As the others; `mails` are of people who may lead an incident, `hubs` those that pages are made for."""

    def open_pages(self) -> tuple[Page, ...]: ...
    def latest(self, key: str) -> Page | None:
        """The newest page with that key, open or resolved; or the one of that id, written `id Q123`."""

    def detailed(self, page: Page) -> Page:
        """The same page with its notes, and whether it counts as a P1."""

    def declare(self, key: str, title: str, details: str, *, hubs: Sequence[str], to: str, by: str) -> Page:
        """Create a P1 assigned to the person with the mail `to`; the open page of that key, where there is one."""

    def raise_to_p1(self, page_id: str, *, by: str) -> None: ...
    def acknowledge(self, page_id: str, *, by: str) -> None: ...
    def reassign(self, page_id: str, *, to: str, by: str) -> None: ...
    def resolve(self, page_id: str, *, said: str, by: str) -> None: ...
    def note(self, page_id: str, said: str, *, by: str) -> None: ...


class HubProbe(Protocol):
    def probe(self, hub: Hub) -> Probe: ...


class Memory(Protocol):
    """Caches of ours: what one run leaves for the next. Deleting one costs calls, never correctness."""

    def recall(self, name: str) -> dict[str, Any]:
        """What was kept under that name; empty where nothing was."""

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        """Plain data, in place of what was there; ServiceError where it cannot be kept."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Nobody else who keeps things here is at that name meanwhile: what is read can be kept anew."""


class Desk(Protocol):
    """The services of one organisation, joined, with the process that is followed there."""

    @property
    def where(self) -> str:
        """In words, which services these are."""

    @property
    def sandbox(self) -> bool:
        """Whether this is practice: nothing leaves the machine."""

    @property
    def unattended(self) -> bool:
        """Whether nobody watches: then a plan does only what the process lets a run do alone."""

    @property
    def process(self) -> Process: ...
    @property
    def organization(self) -> Organization: ...
    @property
    def helpdesk(self) -> Helpdesk: ...
    @property
    def tracker(self) -> Tracker: ...
    @property
    def chat(self) -> Chat: ...
    @property
    def pager(self) -> Pager: ...
    @property
    def hubs(self) -> HubProbe: ...
    @property
    def place(self) -> Place:
        """The process that this is, by which others tell whether a run of ours lives."""

    @property
    def memory(self) -> Memory: ...

    def elsewhere(
        self, executor: str, task: Callable[[Desk, Any], Any], shares: Sequence[Any], enough: Callable[[], bool]
    ) -> Iterator[tuple[int, Any]]:
        """What `task(desk, share)` says of each share in other processes, each with such a desk of its own, as they end.

        By the share's place; a DeskbookError in words where it came to nothing. Once it is `enough`, no other is begun.
        """

    def accounts(self) -> tuple[tuple[str, str], ...]:
        """As whom we act at each service, as it tells; why not, where it does not. About one call for each."""

    @property
    def page(self) -> str:
        """The address of the sandbox's page for people; empty on a live desk."""

    @property
    def notebook(self) -> Callable[[str, int], str] | None:
        """Makes the ticket's own copy of a runbook's notebook, and says where it is; None where nobody could open it."""

    def sharing(self) -> Desk:
        """The same desk for a run over many tickets, which reads once what surrounds them, and again after some minutes."""

    def nights(self) -> tuple[str, ...]:
        """What is to be known of runs that nobody watches, such as one that did not come; without anybody's words."""

    def case(
        self, ticket_id: int | str, community: object = "", agent: object = "", *, without: Collection[Unread] = ()
    ) -> Case:
        """The facts of a ticket, read now. ParameterError for a number that is none, NotFound for no such ticket."""

    def again(self, case: Any, *, light: bool = False) -> Any:
        """The same facts, read anew; with `light` only those that stand on the ticket itself."""

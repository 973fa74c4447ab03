"""The desk: what a runbook may ask of the world, and the one reading that makes a case of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from deskbook import render
from deskbook.cases import (
    Agent,
    Case,
    Community,
    Contact,
    Entry,
    Issue,
    Listed,
    Page,
    Probe,
    Rating,
    Spent,
    Ticket,
    TimeEntry,
    Touch,
    Unfinished,
    mentions,
)
from deskbook.choices import agent_named
from deskbook.errors import NotFound, ParameterError
from deskbook.issueform import linked
from deskbook.kinds import down
from deskbook.organization import Hub, Organization
from deskbook.outage import channel_of, marker, page_key, page_of
from deskbook.process import Process
from deskbook.text import same_name

ISSUES = 8  # that speak of one ticket; more than that is no ticket of ours
FEW = 3  # communities: a cluster that more of them share says nothing about whose a ticket is


class Helpdesk(Protocol):
    """Tickets, people and communities. Every method may raise a ServiceError."""

    def now(self) -> datetime: ...
    def me(self) -> Agent: ...
    def agents(self) -> tuple[Agent, ...]: ...
    def ticket(self, ticket_id: int) -> Ticket: ...
    def entries(self, ticket_id: int) -> tuple[Entry, ...]: ...
    def contact(self, contact_id: int) -> Contact: ...
    def contacts_of(self, community_id: int) -> tuple[Contact, ...]: ...
    def communities(self) -> tuple[Community, ...]: ...
    def open_by_agent(self) -> Mapping[int, int]: ...
    def reply(self, ticket_id: int, html: str, cc: Sequence[str] = ()) -> str: ...
    def note(self, ticket_id: int, html: str) -> str: ...
    def update(self, ticket_id: int, changes: Mapping[str, object]) -> str:
        """`changes` by our names: status, type, agent (id), community (id), tags."""

    def edit_note(self, entry_id: int, html: str) -> str:
        """New words for a private note; its id."""

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

    def queue(self) -> Unfinished:
        """Every ticket that is Open, Pending or Resolved, from lists alone, and how many of them these do not show."""

    def tickets_of(self, community_id: int) -> tuple[Listed, ...]:
        """The latest tickets of a community, one call."""

    def tickets_since(self, since: datetime) -> tuple[Listed, ...]:
        """Every ticket that changed since then, in any status, from lists alone."""

    def time_entries_since(self, start: datetime, end: datetime) -> tuple[Spent, ...] | None:
        """Time spent on all tickets from `start` to before `end`; None where the helpdesk's plan has none."""

    def ratings_since(self, start: datetime, end: datetime) -> tuple[Rating, ...] | None:
        """Answers to the survey from `start` to before `end`; None where the helpdesk's plan has no surveys."""

    def contacts(self) -> tuple[Contact, ...]:
        """Everybody, from lists alone."""

    def contact_by_mail(self, mail: str) -> Contact | None:
        """Who has this address; `hidden` tells of a deleted or blocked one."""

    def create_company(self, name: str, domains: Sequence[str], description: str) -> int:
        """The community's company; its id. One of that name that somebody has just made is taken."""

    def change_company(self, community_id: int, values: Mapping[str, object]) -> None:
        """`values` by our names: domains, description, representatives. What is empty stays as it is."""

    def create_contact(self, name: str, mail: str, community_id: int) -> int:
        """A contact of that community; its id. One of that mail and name that somebody has just made joins it."""

    def add_to_company(self, contact_id: int, community_id: int) -> None:
        """One community more for a contact, who keeps the others."""


class Tracker(Protocol):
    def touches(self, cluster: str) -> tuple[Touch, ...]: ...

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

    def open(self, title: str, body: str, labels: Sequence[str]) -> int: ...
    def comment(self, number: int, body: str) -> str: ...
    def reopen(self, number: int) -> None: ...
    def close_as_duplicate(self, number: int, of: int) -> None: ...
    def assign(self, number: int, login: str) -> None: ...

    def set_board(self, number: int, values: Mapping[str, str]) -> None:
        """Put it on the board and set these fields; Refused, naming field and options, unless they then read so."""


class Chat(Protocol):
    @property
    def reads(self) -> bool: ...
    def posted(self, channel: str) -> frozenset[str]: ...
    def post(self, channel: str, text: str, ref: str, people: Sequence[str] = ()) -> str:
        """Write in the channel, calling these people, who are mails, where the chat knows them."""

    def has(self, channel: str) -> bool: ...
    def open(self, channel: str, purpose: str) -> str:
        """Make a channel; one that is there already is taken."""

    def invite(self, channel: str, mails: Sequence[str]) -> tuple[str, ...]:
        """Bring people in; the mails of those whom the chat does not know."""


class Pager(Protocol):
    """`by` is the mail of who acts, `key` the incident's key: two open ones never share it."""

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


@dataclass(frozen=True)
class Desk:
    """The services of one organisation, joined. `where` says in words which ones they are."""

    where: str
    sandbox: bool
    process: Process
    organization: Organization
    helpdesk: Helpdesk
    tracker: Tracker
    chat: Chat
    pager: Pager
    hubs: HubProbe

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return render.bundle([render.Alert(f"{self.organization.name}, {self.where}.")])

    def case(self, ticket_id: int | str, community: object = "", agent: object = "") -> Case:
        """The facts of a ticket, read now. ParameterError for a number that is none, NotFound for no such ticket.

        `community` names one that neither the ticket nor its requester belongs to yet, `agent` whose open issues are read
        instead of those of the ticket's agent; papermill may hand on numbers.
        """
        number = ticket_number(ticket_id)
        named, whose = ("" if said is None else str(said).strip() for said in (community, agent))
        ticket = self.helpdesk.ticket(number)
        entries = self.helpdesk.entries(number)
        requester = self.helpdesk.contact(ticket.requester)
        agents = self.helpdesk.agents()
        load = self.helpdesk.open_by_agent()
        case = Case(
            now=self.helpdesk.now(),
            me=self.helpdesk.me(),
            process=self.process,
            organization=self.organization,
            ticket=ticket,
            requester=requester,
            communities=(),
            entries=entries,
            time_entries=self.helpdesk.time_entries(number),
            agents=tuple(replace(agent, open_tickets=load.get(agent.id, 0)) for agent in agents),
            chat_reads=self.chat.reads,
            named=named,
        )
        candidates = self._candidates(case, named)
        hubs = case.hubs_named() or tuple(
            hub for hub in self.organization.hubs if len(candidates) == 1 and hub.community == candidates[0].name
        )
        clusters = dict.fromkeys(hub.cluster for hub in hubs)
        case = replace(case, whose=agent_named(case, whose).mail) if whose else case
        person = case.holder.person
        pages, probes = self.pager.open_pages(), tuple(self.hubs.probe(hub) for hub in hubs)
        found = replace(case, pages=pages, probes=probes)
        page, channel = self._incident(found)
        return replace(
            found,
            incident=page,
            channel=channel,
            communities=candidates,
            touches={cluster: self.tracker.touches(cluster) for cluster in clusters},
            announced=self._announced(channel),
            issues=self._issues(case, page),
            assigned=self.tracker.assigned(person.github) if person and person.github else (),
        )

    def again(self, case: Any, *, light: bool = False) -> Any:
        """The same facts, read anew; with `light` only those that stand on the ticket itself."""
        if not isinstance(case, Case):
            return case.reread(self)
        if not light:
            return self.case(case.ticket.id, case.named, case.whose)
        return replace(
            case,
            ticket=self.helpdesk.ticket(case.ticket.id),
            entries=self.helpdesk.entries(case.ticket.id),
            time_entries=self.helpdesk.time_entries(case.ticket.id),
            now=self.helpdesk.now(),
        )

    def _incident(self, case: Case) -> tuple[Page | None, str]:
        """The page of this ticket and the channel that is its own; most tickets have neither, and that costs nothing."""
        page = page_of(case)
        key = "" if page else page_key(case)
        page = page or (self.pager.latest(key) if key else None)
        if page is None and not down(case):
            return None, ""
        page = self.pager.detailed(page) if page else None
        channel = channel_of(replace(case, incident=page))
        return page, channel if self.chat.reads and channel and self.chat.has(channel) else ""

    def _announced(self, channel: str) -> frozenset[str]:
        if not self.chat.reads:
            return frozenset()
        own = self.chat.posted(channel) if channel else frozenset()
        return self.chat.posted(self.organization.chat.support) | own

    def _issues(self, case: Case, page: Page | None) -> tuple[Issue, ...]:
        """The issues that our agents link to on the ticket, or that speak of it, or of its page, since it came."""
        ticket = case.ticket.id
        numbers = set(case.issues_linked())
        for issue in self.tracker.issues(case.ticket.created):
            tickets, contacts = linked(issue.body, self.organization)
            ours = any(ref.startswith(f"{ticket}-") for ref in issue.refs)
            after = page is not None and marker(page) in issue.body
            if ours or after or ticket in tickets or case.requester.id in contacts:
                numbers.add(issue.number)
        found = []
        for number in sorted(numbers)[:ISSUES]:
            with suppress(NotFound):  # a link to an issue that was moved or never there
                found.append(self.tracker.issue(number))
        return tuple(found)

    def _candidates(self, case: Case, named: str) -> tuple[Community, ...]:
        known = self.helpdesk.communities()
        wanted = set(case.requester.communities) | {case.ticket.community}
        hubs = {hub.community for hub in case.hubs_named()}
        domain = (case.requester.mail or "@").rsplit("@", 1)[1].lower()
        if not case.requester.communities:  # a machine's mail may name a cluster, and so whose costs it speaks of
            named_by = {h.community for h in self.organization.hubs if mentions(case.text, h.cluster)}
            hubs |= named_by if len(named_by) <= FEW else set()
        if named:
            asked = find_community(known, named)
            wanted.add(asked.id)
        return tuple(
            replace(community, contacts=self.helpdesk.contacts_of(community.id))
            for community in known
            if community.id in wanted or community.name in hubs or domain in community.domains
        )


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

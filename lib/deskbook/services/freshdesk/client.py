"""Adapter of the helpdesk: Freshdesk API v2, its codes translated into our words, its companies into communities."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from deskbook.config.organization import Organization
from deskbook.errors import NotFound, Refused
from deskbook.language.machine_mail import by_machine
from deskbook.model.records import (
    Agent,
    Community,
    Contact,
    Entry,
    LoggedTime,
    OpenTicket,
    Rating,
    Ticket,
    TicketSummary,
    TimeEntry,
    Unfinished,
)
from deskbook.services import reply
from deskbook.services.allowance import Allowance
from deskbook.services.checks import Check
from deskbook.services.freshdesk import checks as rights
from deskbook.services.freshdesk import kept, links, lists, people
from deskbook.services.freshdesk import statistics as figures
from deskbook.services.freshdesk import time_entries as times
from deskbook.services.freshdesk.around import Around
from deskbook.services.freshdesk.fields import (
    SURVEY,
    Record,
    explain,
    flag_in,
    id_in,
    mail_told,
    maybe_flag,
    maybe_text,
    moment_in,
    number_in,
    part_in,
    text_in,
    texts_in,
    written,
)
from deskbook.services.freshdesk.names import Names
from deskbook.services.freshdesk.tickets import Tickets, oldest_first
from deskbook.services.http import Service, checked_key
from deskbook.services.ports import Memory

KEY = "FRESHDESK_API_KEY"
EXACT = timedelta(seconds=5)  # an answer tells whole seconds, and takes some to come
INCLUDED = 10  # messages of a conversation that come with the ticket, at most


class Freshdesk:
    """A Helpdesk. Agents, groups and status names are read once; tickets and everything on them anew each time.

    With a memory, the queue and the lists that are asked for with it lean on what a former run read within a day, and
    whose key it is and which group is ours is not asked again.

    `clock`: "service" tells the time by the Date of the latest answer (the sandbox's clock, which may stand still), "wall"
    by this machine, put right by as much as the helpdesk's answers say that it is off.
    `allowance`: that of the account, where other processes share it.
    """

    def __init__(
        self,
        url: str,
        key: str,
        organization: Organization,
        *,
        clock: Literal["service", "wall"] = "service",
        allowance: Allowance | None = None,
        memory: Memory | None = None,
    ) -> None:
        key = checked_key(KEY, key)
        basic = base64.b64encode(f"{key}:X".encode()).decode()
        self._http = Service(
            name="Freshdesk",
            base=f"{url.strip().rstrip('/').removesuffix('/api/v2')}/api/v2",
            headers={"Authorization": f"Basic {basic}", "Accept": "application/json"},
            secrets=(basic, key),
            key=KEY,
            address="FRESHDESK_URL",
            rights="must see all tickets, book time for every agent, and be an administrator to list agents and groups",
            explain=explain,
            allowance=allowance,
        )
        self._organization = organization
        self._clock = clock
        self._around = Around(f"{self._http.base} {basic}", lambda: self._http.date, memory)
        self._me: Agent | None = None
        self._names = Names(self._http, organization, self._around)
        self._tickets = Tickets(self._http, organization, self._names)

    def checks(self) -> tuple[Check, ...]:
        return rights.checks(self._http, self._organization, self.agents)

    def clock(self) -> datetime:
        """The helpdesk's own time, asked now."""
        return self._http.clock("/agents/me")

    def now(self) -> datetime:
        """The helpdesk's time, aware UTC."""
        if self._clock == "wall":
            return datetime.now(UTC) + self.ahead
        if self._http.date is None:
            self.me()  # which is needed anyway, and its answer tells the time
        return self._http.date or self.clock()

    @property
    def ahead(self) -> timedelta:
        """How far the helpdesk's time is ahead of this machine's, as its latest answer tells; nothing in a sandbox."""
        ahead = self._http.ahead
        return ahead if self._clock == "wall" and abs(ahead) > EXACT else timedelta(0)

    def _now(self) -> datetime:
        """The helpdesk's own time, as told by an answer that comes now."""
        if self._me:
            return self.clock()
        self.me()
        return self._http.date or self.now()

    def me(self) -> Agent:
        """The agent whose key this is."""
        if self._me is None:
            known = self._around.told("me")
            record = next((each for each in self._around.told("agents") or () if each["id"] == known), None)
            if record is None:
                record = self._http.get("/agents/me")
                self._around.put("me", number_in(self._http, record, "id", "/agents/me"))
            self._me = self._agent(record, "/agents/me")
        return self._me

    def agents(self, *, listed: Collection[int] | None = None) -> tuple[Agent, ...]:
        """Everybody who answers or once answered; `active` tells who can sign in today.

        For a list of tickets, of which `listed` are the agents, what a run before read will do, if it knows them all.
        """
        around = self._around
        records = self._all_staff() if listed is None else around.having("agents", self._staff_now, listed, _ids)
        return tuple(self._agent(record, "/agents") for record in records)

    def ticket(self, ticket_id: int) -> Ticket:
        """The ticket as it is now, deleted and spam ones too; NotFound where there is none."""
        return self._tickets.ticket(self._view(ticket_id), f"/tickets/{ticket_id}")

    def whole(self, ticket_id: int) -> tuple[Ticket, tuple[Entry, ...]]:
        """The ticket with its conversation; one call for a short one."""
        where, listed = f"/tickets/{ticket_id}", f"/tickets/{ticket_id}/conversations"
        record = self._view(ticket_id, include="conversations")
        some = reply.listed(self._http.bent(where), record, "conversations")
        whole = some if len(some) < INCLUDED else self._list(listed)
        return self._tickets.ticket(record, where), self._entries(whole, listed)

    def _view(self, ticket_id: int, **asked: str) -> Record:
        where = f"/tickets/{ticket_id}"
        try:
            record = self._http.get(where, asked)
        except NotFound:
            text = f"ticket {ticket_id} is not there (404): check the number in its address"
            raise self._http.error(NotFound, text) from None
        self._http.need(record, "description", where)  # lists leave it out, a view must not
        return record  # type: ignore[no-any-return]

    def entries(self, ticket_id: int) -> tuple[Entry, ...]:
        """The whole conversation in the order shown, which is the order of writing."""
        where = f"/tickets/{ticket_id}/conversations"
        return self._entries(self._list(where), where)

    def _entries(self, records: Sequence[Record], where: str) -> tuple[Entry, ...]:
        return tuple(
            Entry(
                id=number_in(self._http, record, "id", where),
                position=position,
                author=id_in(self._http, record, "user_id", where) or 0,  # an automation's note has no author
                incoming=flag_in(self._http, record, "incoming", where),
                private=flag_in(self._http, record, "private", where),
                body=text_in(self._http, record, "body", where),
                at=moment_in(self._http, record, "created_at", where),
                survey=id_in(self._http, record, "source", where) == SURVEY,
                files=len(reply.objects(self._http.bent(where), record, "attachments")),
                to=tuple(
                    mail
                    for name in ("to_emails", "cc_emails", "bcc_emails")
                    for mail in texts_in(self._http, record, name, where)
                ),
                automatic=self._automatic(record, where),
            )
            for position, record in enumerate(records)
        )

    def _automatic(self, record: Record, where: str) -> bool:
        """Whether no person wrote this message from outside, by flag, headers and sender."""
        automatic, headers = mail_told(record)
        sender = maybe_text(self._http, record, "from_email", where)
        return maybe_flag(self._http, record, "incoming", where) and by_machine(sender, headers, automatic=automatic)

    def contact(self, contact_id: int) -> Contact:
        """Who wrote: a contact, or an agent (agents write tickets too, and belong to no community)."""
        where = f"/contacts/{contact_id}"
        try:
            return people.contact_in(self._http, self._http.get(where), where)
        except NotFound:
            pass
        for record in self._all_staff():
            if number_in(self._http, record, "id", "/agents") == contact_id:
                agent = self._agent(record, "/agents")
                return Contact(agent.id, agent.name, agent.mail or None)
        text = f"{contact_id} is neither a contact nor an agent (404); somebody may have removed them for good"
        raise self._http.error(NotFound, text)

    def contacts_of(self, community_id: int) -> tuple[Contact, ...]:
        """Whom the helpdesk lists under that company."""
        return people.contacts(self._http, community_id)

    def contacts(self) -> tuple[Contact, ...]:
        """Everybody; about one call per hundred."""
        return people.contacts(self._http)

    def contact_by_mail(self, mail: str) -> Contact | None:
        """Who has this address; `hidden` tells of a deleted or blocked one."""
        return people.contact_by_mail(self._http, mail)

    def communities(self, *, listed: Collection[int] | None = None) -> tuple[Community, ...]:
        """All of them, about one call per hundred.

        For a list of tickets, of which `listed` are the communities, what a run before read will do, with what changed
        since as the helpdesk's search tells it, which lags by some minutes. One page is read anyway.
        """
        records = None if listed is None else people.since(self._http, self._around, listed)
        if records is None:
            records = people.companies(self._http)
            found = people.communities(self._http, self._organization.fields, records)
            self._around.put("companies", records)  # not before it is known to be what was promised
            return found
        return people.communities(self._http, self._organization.fields, records)

    def create_community(self, name: str, domains: Sequence[str], description: str) -> int:
        """A new company, or the one of that name that somebody has just made; its id."""
        return people.create_company(self._http, self._organization.fields, name, domains, description)

    def change_community(self, community_id: int, values: Mapping[str, object], was: Community | None = None) -> None:
        """Set these; Refused where one of them is not as in `was` any more, if that is given."""
        people.change_company(self._http, self._organization.fields, community_id, values, was)

    def create_contact(self, name: str, mail: str, community_id: int) -> int:
        """A new contact, or the one of that mail and name that somebody has just made; its id."""
        return people.create_contact(self._http, name, mail, community_id)

    def add_to_community(self, contact_id: int, community_id: int) -> None:
        people.add_to_company(self._http, contact_id, community_id)

    def linked(self, text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The tickets and the contacts whose address stands in a text, each once, in its order. No call."""
        return links.linked(self._organization.support.helpdesk, text)

    def open_tickets(self) -> tuple[OpenTicket, ...]:
        """The open tickets, as far as the search shows them (300, a few minutes old): advice, no fact."""
        return lists.open_tickets(self._http)

    def reply(self, ticket_id: int, html: str, cc: Sequence[str] = ()) -> str:
        """Mail the requester, and `cc`; the conversation's id."""
        body: dict[str, Any] = {"body": html, "cc_emails": list(cc)} if cc else {"body": html}
        return self._on(ticket_id, "POST", "/reply", body)

    def note(self, ticket_id: int, html: str) -> str:
        """A note that only agents see; the conversation's id."""
        return self._on(ticket_id, "POST", "/notes", {"body": html, "private": True})

    def update(self, ticket_id: int, changes: Mapping[str, object]) -> str:
        """Set fields by our names (status, type, agent, community, tags); the ticket's number. No changes, no call."""
        body = dict(self._change(name, value) for name, value in changes.items())
        if body:
            self._on(ticket_id, "PUT", "", body, shows=tuple(body))
        return str(ticket_id)

    def _on(self, ticket_id: int, method: str, path: str, body: Mapping[str, Any], shows: Sequence[str] = ()) -> str:
        return written(self._http, method, f"/tickets/{ticket_id}{path}", body, shows=tuple(shows))

    def edit_note(self, entry_id: int, html: str) -> str:
        """New words for a note; its id."""
        return written(self._http, "PUT", f"/conversations/{entry_id}", {"body": html}, shows=("body",))

    def delete_note(self, entry_id: int) -> None:
        """Take a note away for good; NotFound where it is gone already."""
        self._http.write("DELETE", f"/conversations/{entry_id}", {})

    def time_entries(self, ticket_id: int) -> tuple[TimeEntry, ...] | None:
        """Oldest first; None where the account's plan has none."""
        return times.time_entries(self._http, ticket_id, self.now)

    def start_timer(self, ticket_id: int, agent_id: int, note: str, *, billable: bool) -> str:
        """A new time entry with a running timer; its id. Freshdesk stops that agent's other timer."""
        return times.start_timer(self._http, ticket_id, agent_id, note, billable)

    def timers_of(self, agent_id: int) -> tuple[TimeEntry, ...]:
        """The agent's timers that run, on whatever ticket, of those that were begun in the last thirty days."""
        return times.timers_of(self._http, agent_id, self.now)

    def stop_timer(self, time_entry_id: int, minutes: int | None = None) -> str:
        return times.stop_timer(self._http, time_entry_id, minutes)

    def book(self, ticket_id: int, agent_id: int, minutes: int, note: str, *, billable: bool) -> str:
        """A time entry of so many minutes; its id."""
        return times.book(self._http, ticket_id, agent_id, minutes, note, billable)

    def unbook(self, time_entry_id: int) -> None:
        times.unbook(self._http, time_entry_id)

    def queue(self, memory: Memory | None = None, since: datetime | None = None) -> Unfinished:
        """Every ticket that is not closed, oldest first, as of the helpdesk's own time when this is called.

        With a memory, what changed since the last time is read, and all of it once a day. `since`: what changed after
        that moment, in any status, is told as well.
        """
        by = f"{self._http.base} {self._organization.support.helpdesk} {self._organization.fields.hub_url}"
        before = kept.recalled(memory, by) if memory else None
        if memory and before:
            self._around.beside(memory, before.whole)
        found = lists.read(
            self._http, self._made, self._names.own_codes, before, partial(self._anew, memory), self._names.hold, since
        )
        unfinished = oldest_first(found.unfinished.values())
        others = (each for number, each in found.touched.items() if number not in found.unfinished)
        both = (*unfinished, *oldest_first(others)) if since else ()
        if memory and found.kept:
            kept.keep(memory, replace(found.kept, used=self._names.used()), by)
        return Unfinished(unfinished, found.unseen, tuple(each for each in both if since and each.touched(since)))

    def _anew(self, memory: Memory | None) -> datetime:
        """The helpdesk's own time, from which on all tickets are read."""
        now = self._now()
        if memory:
            self._around.beside(memory, now)
        return now

    def _made(self, records: Sequence[Record]) -> list[TicketSummary]:
        """Tickets of one page of a list."""
        self._names.learn(records)
        for record in records:
            moment_in(self._http, record, "updated_at", "/tickets")  # by it, the next run knows what to ask for
        return [self._tickets.listed(record) for record in records]

    def tickets_of(self, community_id: int) -> tuple[TicketSummary, ...]:
        """The community's 50 newest tickets, oldest first, with their bodies and without statistics. One call."""
        return oldest_first(map(self._tickets.listed, lists.latest_of(self._http, community_id, self.now())))

    def tickets_since(self, since: datetime) -> tuple[TicketSummary, ...]:
        """Every ticket that changed since then, oldest first; about one call for a hundred."""
        found = lists.changed_since(self._http, since, lambda records: [*map(self._tickets.listed, records)])
        return oldest_first(found.values())

    def time_entries_since(self, start: datetime, end: datetime) -> tuple[LoggedTime, ...] | None:
        """Time spent on all tickets from `start` to before `end`; None where the account's plan has none."""
        return figures.spent(self._http, start, end, self.now)

    def ratings_since(self, start: datetime, end: datetime) -> tuple[Rating, ...] | None:
        """Answers to the survey in that time; None where the account's plan has no surveys."""
        return figures.ratings(self._http, start, end)

    # From here on: translation.

    def _change(self, name: str, value: object) -> tuple[str, object]:
        if name == "status":
            return "status", self._names.code(str(value))
        if name == "tags" and isinstance(value, tuple | list):
            return "tags", list(value)
        theirs = {"agent": "responder_id", "community": "company_id", "type": "type"}.get(name)
        if theirs is None:
            raise self._http.error(Refused, f"{name}={value!r} cannot be set; use status, type, agent, community, tags")
        return theirs, value

    def _all_staff(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._around.now("agents", self._staff_now)
        return found

    def _staff_now(self) -> list[dict[str, Any]]:
        found = self._list("/agents")
        for record in found:
            self._agent(record, "/agents")  # what is not as promised is not left for the next run
        return found

    def _agent(self, record: Record, where: str) -> Agent:
        contact = part_in(self._http, record, "contact", where)
        mail = text_in(self._http, contact, "email", where)
        return Agent(
            id=number_in(self._http, record, "id", where),
            name=text_in(self._http, contact, "name", where) or mail,
            mail=mail,
            person=self._organization.person(mail),
            active=not maybe_flag(self._http, record, "deactivated", where) and contact.get("active") is not False,
        )

    def _list(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return self._http.records(path, {**(params or {}), "per_page": 100})


def _ids(records: Sequence[Record]) -> list[int]:
    return [record["id"] for record in records]

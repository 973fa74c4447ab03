"""The desk: the services of one organisation joined, and the one reading that makes a case of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.engine.claims import standing
from deskbook.engine.parameters import agent_named, find_community, ticket_number
from deskbook.errors import NotFound, ParameterError, ServiceError
from deskbook.model.case import Case, Unread, mentions
from deskbook.model.records import Community, Contact, Entry, HubChange, Issue, OpenTicket, Page, Ticket
from deskbook.services.place import Place, here, ticks
from deskbook.services.ports import Chat, Desk, Helpdesk, HubProbe, Memory, Pager, Tracker
from deskbook.tickets.authority import behind
from deskbook.tickets.classification import hubs_down
from deskbook.tickets.history import History
from deskbook.tickets.incident import channel_of, marker, page_key, page_of, since
from deskbook.tickets.noise import recognise
from deskbook.tickets.tracking import linked_by_hand, own_part

FEW_ISSUES = 8  # of others that speak of one ticket: whether one of them tracks it only a person can settle
Whole = tuple[Ticket, tuple[Entry, ...]]  # a ticket and its conversation
SHARED = 300  # seconds for which a run over many tickets shares what surrounds them
MOMENT = 60  # seconds for which a run takes people and communities as it has just read them
FEW = 3  # communities: a cluster that more of them share says nothing about whose a ticket is


def _nowhere(*_: object) -> Iterator[tuple[int, Any]]:
    raise ParameterError(
        "executor: this sandbox lives in this process, and no other can join it. Start one with `deskbook sandbox` and name "
        "it in DESKBOOK_SANDBOX_URL, or leave executor out"
    )


@dataclass(frozen=True)
class ServiceDesk:
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
    memory: Memory
    place: Place = field(default_factory=here)
    unattended: bool = False  # nobody watches
    noticed: Callable[[], tuple[str, ...]] = tuple  # what is to be known of runs that nobody watches, read when asked
    history: History | None = None  # what was learned from the closed tickets, if anything
    notebook: Callable[[str, int], str] | None = None
    page: str = ""
    spread: Callable[..., Iterator[tuple[int, Any]]] = _nowhere  # hands work to other processes
    shared: dict[object, tuple[float, Any]] | None = (
        None  # what surrounds many tickets, and when it was read; see `sharing`
    )

    def elsewhere(
        self, executor: str, task: Callable[[Desk, Any], Any], shares: Sequence[Any], enough: Callable[[], bool]
    ) -> Iterator[tuple[int, Any]]:
        """What the task says of each share in other processes, by its place, as they end."""
        return self.spread(self, executor, task, shares, enough)

    def sharing(self) -> ServiceDesk:
        """The same desk for a run over many tickets: what surrounds them is read once, and again after some minutes.

        People, communities, pages, hubs, commits and who has how much are shared; what stands on a ticket, in issues and in
        the chat, where our effects land, is read for each.
        """
        return self if self.shared is not None else replace(self, shared={})

    def _once(self, name: object, read: Callable[[], Any]) -> Any:
        if self.shared is None:
            return read()
        at, found = self.shared.get(name, (None, None))
        if at is None or ticks() - at > SHARED:
            at, found = ticks(), read()
            self.shared[name] = at, found
        return found

    def _contacts_of(self, community: int) -> tuple[Contact, ...]:
        found: tuple[Contact, ...] = self._once(("people", community), lambda: self.helpdesk.contacts_of(community))
        return found

    def nights(self) -> tuple[str, ...]:
        """What is to be known of runs that nobody watches."""
        return self.noticed()

    def case(
        self, ticket_id: int | str, community: object = "", agent: object = "", *, without: Collection[Unread] = ()
    ) -> Case:
        """The facts of a ticket, read now. ParameterError for a number that is none, NotFound for no such ticket.

        `community` names one that neither the ticket nor its requester belongs to yet, `agent` whose open issues are read
        instead of those of the ticket's agent; papermill may hand on numbers. What a runbook leans on in no case is left
        out, `without` it; the chat is read all the same where the ticket is a notice, which is told there.
        """
        named, whose = ("" if said is None else str(said).strip() for said in (community, agent))
        return self._read(self._whole(ticket_number(ticket_id)), named, whose, frozenset(without))

    def _read(
        self, whole: Whole, named: str, whose: str, without: frozenset[Unread], known: Case | None = None
    ) -> Case:
        """`known`: read before. What only advises, and changes from minute to minute, is taken from there; so are people
        and communities that were read within this minute, while nobody has written or changed the ticket since."""
        (ticket, entries), number = whole, whole[0].id
        same = known and whole == (known.ticket, known.entries) and ticks() - known.people_read < MOMENT
        members: dict[int, tuple[Contact, ...]] = {}
        if same and known:
            requester, began = known.requester, known.people_read
        else:
            began = ticks()
            members = {ticket.community: self._contacts_of(ticket.community)} if ticket.community else {}
            listed = (c for people in members.values() for c in people if c.id == ticket.requester and c.whole)
            requester = next(listed, None) or self.helpdesk.contact(ticket.requester)
        waiting: tuple[OpenTicket, ...] = () if known else self._once("open", self.helpdesk.open_tickets)
        load = Counter(self._agent_of(each) for each in waiting)
        others = tuple(each for each in waiting if each.requester == requester.id and each.id != number)
        staff = tuple(replace(agent, open_tickets=load[agent.id]) for agent in self.helpdesk.agents())
        case = Case(
            now=self.helpdesk.now(),
            me=self.helpdesk.me(),
            process=self.process,
            organization=self.organization,
            ticket=ticket,
            requester=requester,
            communities=(),
            entries=entries,
            time_entries=() if "time" in without else self.helpdesk.time_entries(number),
            agents=known.agents if known else staff,
            others=known.others if known else others,
            without=without,
            chat_reads=self.chat.reads,
            named=named,
            alike=self.history.alike(ticket.subject, besides=number) if self.history else None,
            people_read=began,
        )
        candidates = known.communities if same and known else self._candidates(case, named, members)
        hubs = case.hubs_named() or tuple(
            hub for hub in self.organization.hubs if len(candidates) == 1 and hub.community == candidates[0].name
        )
        clusters = dict.fromkeys(hub.cluster for hub in hubs)
        case = replace(case, whose=agent_named(case, whose).mail) if whose else case
        person = case.holder.person
        pages = self._once("pages", self.pager.open_pages)
        probes = tuple(self._once(("hub", hub.name), partial(self.hubs.probe, hub)) for hub in hubs)
        found = replace(case, pages=pages, probes=probes)
        page, channel = self._incident(found)
        issues, lost = ((), ()) if "issues" in without else self._issues(case, page)
        quiet = "chat" in without and recognise(case) is None
        read_load = person and person.login and "load" not in without
        return replace(
            found,
            incident=page,
            channel=channel,
            communities=candidates,
            hub_changes=known.hub_changes if known else {each: self._changes_of(each) for each in clusters},
            announced=frozenset() if quiet else self._announced(channel),
            issues=issues,
            lost=lost,
            assigned=self.tracker.assigned(person.login) if person and read_load else (),
        )

    def accounts(self) -> tuple[tuple[str, str], ...]:
        """As whom we act at each service, as it tells; why not, where it does not. About one call for each."""
        asked = (
            ("Helpdesk", lambda: f"{(me := self.helpdesk.me()).name} <{me.mail}>"),
            ("Tracker", self.tracker.account),
            ("Chat", self.chat.account),
            ("Pager", self.pager.account),
        )
        return tuple((name, _told(ask)) for name, ask in asked)

    def again(self, case: Any, *, light: bool = False) -> Any:
        """The same facts, read anew; with `light` only those that stand on the ticket itself."""
        if not isinstance(case, Case):
            return case.reread(self)
        if not light:
            around = self._read((case.ticket, case.entries), case.named, case.whose, case.without, known=case)
            whole = self._whole(case.ticket.id)  # last, so that nothing lies between it and what is done then
            if _without_us(case, *whole) != _without_us(case, case.ticket, case.entries):
                return self._read(whole, case.named, case.whose, case.without, known=case)
            return replace(around, ticket=whole[0], entries=whole[1], now=self.helpdesk.now())
        ticket, entries = self._whole(case.ticket.id)
        time = case.time_entries if "time" in case.without else self.helpdesk.time_entries(case.ticket.id)
        return replace(case, ticket=ticket, entries=entries, time_entries=time, now=self.helpdesk.now())

    def _whole(self, number: int) -> Whole:
        """The ticket, and its conversation with the issues that each entry links to."""
        ticket, entries = self.helpdesk.whole(number)
        if self.shared is not None:
            self.shared["agent", number] = ticks(), ticket.agent
        return ticket, tuple(replace(entry, issues=self.tracker.linked(own_part(entry.body))) for entry in entries)

    def _agent_of(self, waiting: OpenTicket) -> int | None:
        """Who has it, by its own reading, if this run has seen it since: a run that assigns many must not give all to one."""
        seen = (self.shared or {}).get(("agent", waiting.id))
        return seen[1] if seen else waiting.agent

    def _changes_of(self, cluster: str) -> tuple[HubChange, ...]:
        found: tuple[HubChange, ...] = self._once(("commits", cluster), lambda: self.tracker.hub_changes(cluster))
        return found

    def _incident(self, case: Case) -> tuple[Page | None, str]:
        """The page of this ticket and the channel that is its own; most tickets have neither, and that costs nothing."""
        page = page_of(case)
        key = "" if page else page_key(case)
        page = page or (self.pager.latest(key) if key else None)
        if page is None and not hubs_down(case):
            return None, ""
        page = self.pager.detailed(page) if page else None
        channel = channel_of(replace(case, incident=page))
        return page, channel if self.chat.reads and channel and self.chat.has(channel) else ""

    def _announced(self, channel: str) -> frozenset[str]:
        if not self.chat.reads:
            return frozenset()
        own = self.chat.posted(channel, ever=True) if channel else frozenset()  # it is of one incident, and short
        return self.chat.posted(self.organization.chat.support) | own

    def _issues(self, case: Case, page: Page | None) -> tuple[tuple[Issue, ...], tuple[int, ...]]:
        """The issues that our agents link to on the ticket, or that speak of it, or of its page, since it came.

        Then the numbers of those that were deleted, or moved to another repository. What we opened and what is linked by
        hand is read, however much it is: our marks stand there and nowhere else. Of the others a few are enough.
        """
        ticket = case.ticket.id
        agents = {agent.id for agent in case.agents}
        said = (entry.body for entry in case.entries if not entry.incoming and entry.author in agents)
        marked, others = set(linked_by_hand(case)), {number for body in said for number in self.tracker.linked(body)}
        for issue in self.tracker.issues(since(case.ticket, page)):
            after = page is not None and any(line.endswith(marker(page)) for line in issue.hidden)
            if after or ticket in issue.about or case.requester.id in issue.contacts:
                (marked if issue.ours else others).add(issue.number)
        found, lost = [], []
        for number in sorted(marked | set(sorted(others - marked)[:FEW_ISSUES])):
            try:
                found.append(self.tracker.issue(number))
            except NotFound:
                lost.append(number)
        return tuple(found), tuple(lost)

    def _candidates(self, case: Case, named: str, members: Mapping[int, tuple[Contact, ...]]) -> tuple[Community, ...]:
        wanted = set(case.requester.communities) | {case.ticket.community}
        listed = {number for number in wanted if number} if self.shared is not None else None
        known: tuple[Community, ...] = self._once("communities", lambda: self.helpdesk.communities(listed=listed))
        hubs = {hub.community for hub in case.hubs_named()}
        domain = (case.requester.mail or "@").rsplit("@", 1)[1].lower()
        if not case.requester.communities:  # a machine's mail may name a cluster, and so whose costs it speaks of
            named_by = {h.community for h in self.organization.hubs if mentions(case.text, h.cluster)}
            hubs |= named_by if len(named_by) <= FEW else set()
        wanted |= {community.id for community, _ in behind(case, known)} if not case.requester.communities else set()
        if named:
            asked = find_community(known, named)
            wanted.add(asked.id)
        return tuple(
            replace(community, contacts=members.get(community.id) or self._contacts_of(community.id))
            for community in known
            if community.id in wanted or community.name in hubs or domain in community.domains
        )


def _without_us(case: Case, ticket: Ticket, entries: tuple[Entry, ...]) -> tuple[Ticket, tuple[int, ...]]:
    """What was asked, answered and done: claims of runs that go on are left out, and that the ticket was touched.

    A record of another run counts: what it tells of may have landed after we looked there.
    """
    going = {each.entry.id for each in standing(replace(case, entries=entries))}
    return replace(ticket, updated=None), tuple(entry.id for entry in entries if entry.id not in going)


def _told(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except ServiceError as error:
        return f"not told. {error}"

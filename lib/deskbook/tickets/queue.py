"""The queue: every unfinished ticket of ours, what comes next for whom, what is due when and why; from lists alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.errors import ParameterError, ServiceError
from deskbook.language.text import same_name
from deskbook.loading import uncollected
from deskbook.model.records import Agent, Community, Issue, TicketSummary
from deskbook.schedule.working_time import WorkingClock
from deskbook.services.ports import Desk
from deskbook.tickets.classification import subject_reports_outage
from deskbook.tickets.left import recalled, with_proposals
from deskbook.tickets.next_step import Item, View, is_ours, next_of
from deskbook.tickets.sprint import impact_on


@dataclass(frozen=True)
class Queue:
    """What is next on each ticket, in order. `unseen` older tickets are there that the helpdesk's search does not show.

    `me` is whose key this is, `agents` are those of the helpdesk.
    """

    items: tuple[Item, ...]
    process: Process
    organization: Organization
    now: datetime
    me: Agent
    agents: tuple[Agent, ...] = ()
    communities: Mapping[int, str] = field(default_factory=dict)  # their names
    unseen: int = 0
    announced: frozenset[str] | None = None  # references in the chat, read only where something critical has nobody
    views: tuple[View, ...] = ()  # of our tickets, with all that lists tell; in the lists' order
    touched: tuple[
        TicketSummary, ...
    ] = ()  # every ticket that changed since a moment, in any status, if one was asked for

    @property
    def subject(self) -> str:
        return "every unfinished ticket"

    def reread(self, desk: Desk) -> Queue:
        return read_queue(desk)


@uncollected()
def read_queue(desk: Desk, *, since: datetime | None = None, communities: tuple[Community, ...] | None = None) -> Queue:
    """The queue as it is now; about one call per hundred tickets, and one per hundred issues.

    `since`: what changed after it, in any status, is told as well, of the same lists. `communities`, where they are read.
    """
    unfinished = desk.helpdesk.queue(desk.memory, since)
    listed = unfinished.tickets
    issues = desk.tracker.tracked()
    known = by_ticket(issues)
    lost = [each.ticket.created for each in listed if each.ticket.status == "Pending" and each.ticket.id not in known]
    if lost:  # their issue may be closed: then the requester waits for our word, so it is worth a look
        labels = {desk.organization.tracker.support_label, desk.organization.tracker.event_label}
        older = desk.tracker.issues(min(lost))
        issues += tuple(issue for issue in older if issue.state == "closed" and labels & set(issue.labels))
    agents = desk.helpdesk.agents(listed={each.ticket.agent for each in listed if each.ticket.agent})
    if communities is None:
        wanted = {each.ticket.community for each in listed if each.ticket.community}
        communities = desk.helpdesk.communities(listed=wanted)
    now = desk.helpdesk.now()
    names = {community.id: community.name for community in communities}
    about = Queue((), desk.process, desk.organization, now, desk.helpdesk.me(), agents, names, unfinished.unseen)
    about = replace(about, announced=_announced(desk, issues), touched=unfinished.touched)
    views = views_of(listed, issues, communities, about)
    items = with_proposals(in_order(views, about), views, recalled(desk.memory))
    return replace(about, views=views, items=items)


def _announced(desk: Desk, issues: Sequence[Issue]) -> frozenset[str] | None:
    """What was posted in the chat, one call; none where nothing critical waits for somebody, or it cannot be read."""
    alone = [
        i for i in issues if i.state == "open" and not i.assignees and impact_on(i, desk.organization) == "Critical"
    ]
    if alone and desk.chat.reads:
        with suppress(ServiceError):  # the queue is shown without the chat, too
            return desk.chat.posted(desk.organization.chat.support)
    return None


def views_of(
    listed: Sequence[TicketSummary], issues: Sequence[Issue], communities: Sequence[Community], about: Queue
) -> tuple[View, ...]:
    """Each ticket of ours with all that lists tell of it."""
    process, organization, now = about.process, about.organization, about.now
    known = by_ticket(issues)
    names = {community.id: community for community in communities}
    staff = {agent.id: agent for agent in about.agents}
    common: dict[object, Any] = {}
    return tuple(
        View(
            each,
            tuple(known.get(each.ticket.id, ())),
            process,
            organization,
            names,
            staff,
            now,
            about.announced,
            common,
        )
        for each in listed
        if is_ours(each.ticket, organization)
    )


def in_order(views: Sequence[View], about: Queue) -> tuple[Item, ...]:
    """Late ones first, the latest of them on top; then by due moment, then what has none; incidents, what is critical,
    and new tickets whose subject reports an outage lead each."""
    organization, now = about.organization, about.now
    items = [item for view in views if (item := next_of(view))]
    plain = WorkingClock.of(organization.clock)

    def place(item: Item) -> tuple[object, ...]:
        outage = item.runbook == "triage" and subject_reports_outage(item.ticket.subject, organization)
        returned = item.step == "resolve.reopen" and organization.category_of(item.ticket.type) == "incident"
        ahead = item.critical or item.runbook == "incident" or returned or outage
        clock = item.due.clock if item.due else plain
        behind = clock.ticked(item.due_at, now) if item.late and item.due_at else timedelta(0)
        moment = item.due_at.timestamp() if item.due_at else float("inf")
        return (not item.late, not ahead, -behind, moment, item.turn, item.ticket.id)

    return tuple(sorted(items, key=place))


def by_ticket(issues: Sequence[Issue]) -> Mapping[int, list[Issue]]:
    """The issues that link to a ticket or carry our reference to it, by the ticket's number."""
    found: dict[int, list[Issue]] = defaultdict(list)
    for issue in issues:
        for ticket in issue.about:
            found[ticket].append(issue)
    return found


def person_of(queue: Queue, who: str, parameter: str = "person") -> str:
    """The mail of one of the staff, by mail or name; ParameterError for a stranger. Empty stays empty."""
    if not who:
        return ""
    people = [(agent.name, agent.mail) for agent in queue.agents]
    people += [(person.name, person.mail) for person in queue.organization.people]
    mails = {mail.lower() for name, mail in people if who.lower() == mail.lower() or same_name(name, who)}
    mails = mails or {mail.lower() for name, mail in people if name and same_name(name.split()[0], who)}
    if len(mails) != 1:
        known = ", ".join(sorted({mail for _, mail in people}))
        raise ParameterError(
            f"{parameter}: '{who}' is {'several people' if mails else 'nobody'} of the staff; use one of {known}"
        )
    return mails.pop()


def of_person(items: Sequence[Item], mail: str) -> tuple[Item, ...]:
    """What is next for the person of that mail; everything for an empty one."""
    return tuple(item for item in items if not mail or mail in {each.lower() for each in item.mails})

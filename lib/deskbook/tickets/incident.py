"""What is known of the outage behind a ticket: its hubs, its page, its channel, who leads, and whether it has started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from deskbook.config.organization import Hub
from deskbook.language.text import lines, same_name
from deskbook.model.case import Case, Reference, mentions, reference
from deskbook.model.records import Agent, Page, Ticket
from deskbook.schedule.working_time import spell_for
from deskbook.tickets.classification import hubs_down, pages_about
from deskbook.tickets.promises import update_due

TELL, UPDATE, VALIDATE_FIX = "incident.tell", "incident.update", "incident.validate-fix"
LEAD = "technology-lead"
LIAISON = "liaison"  # who writes to the community

# What an agent writes as a line of its own in a note on the ticket, where there is no other place for it.
CHANNEL_NOTE = "Incident channel"  # …: #name, where the chat cannot be read back, or the channel has another name
ACCEPTED_NOTE = "Hand-over accepted"
PAGED = "Channel: "  # in the details of a page of ours
LED_BY = "Incident Responder: "  # in a record
VALID_NOTE = "Fix validated"  # by the Technology Lead; on the page it reads "Fix validated by NAME"
_CHANNEL = re.compile(rf"{CHANNEL_NOTE}: (#[a-z0-9_-]{{1,80}})$", re.IGNORECASE)
_DOUBT = re.compile(
    r"\?|\b(?:no|not|never|nor|but|except|unless|until|if|only|yet|partly|still)\b|n['’]t\b", re.IGNORECASE
)

Condition = tuple[str, bool, str]  # name, whether it holds, because


def conditions(case: Case) -> tuple[Condition, ...]:
    """The four that must all hold before an incident has started."""
    page, told = case.incident, case.landed(TELL)
    official = page is not None and page.p1
    by = ", ".join(name_of(case, one) for one in page.acknowledged) if page else ""
    acknowledged = page is not None and page.status != "triggered"
    channel = has_channel(case)
    return (
        ("A P1 exists", official, _what_page(page)),
        (
            "Somebody acknowledged it",
            acknowledged,
            f"acknowledged{f' by {by}' if by else ''}" if acknowledged else "nobody has acknowledged a page",
        ),
        (
            "It has its own channel",
            channel,
            channel_of(case) if channel else f"there is no channel {channel_of(case)}".rstrip(),
        ),
        (
            "The community was told on the ticket",
            told is not None,
            spelled(case, told.entry.at) if told else "not told yet",
        ),
    )


def spelled(case: Case, moment: datetime) -> str:
    """In the organisation's zone, and in that of whoever reads."""
    own = case.organization.clock.zone
    return spell_for(moment, own, case.me.person.zone if case.me.person else own)


def started(case: Case) -> bool:
    return all(holds for _, holds, _ in conditions(case))


def has_channel(case: Case) -> bool:
    """A chat that cannot be read back leaves only a note on the ticket to say so."""
    return bool(case.channel) and not _over(case) if case.chat_reads else bool(_noted_channel(case))


def _what_page(page: Page | None) -> str:
    if page is None:
        return "the pager has no page about this hub"
    if not page.p1:
        return f"“{page.title}” is no P1"
    return f"“{page.title}”" + ("" if page.open else ", resolved")


# The hubs and the page.


def page_of(case: Case) -> Page | None:
    """The open page of this ticket: the one that was chosen for it, else one about its hubs; a P1 goes first."""
    chosen = case.statements().get("Incident decided", "")
    key = case.statements().get("Incident page", "")
    for page in case.pages:
        if page.id == chosen or handle(page) == key:
            return page
    keys = [key_of(probe.hub) for probe in case.probes]
    about = sorted(pages_about(case), key=lambda page: (not page.p1, page.key not in keys, page.id))
    return about[0] if about else None


def page_key(case: Case) -> str:
    """The key under which the page of this ticket is looked for when it is no longer open; empty: it had none."""
    if case.landed(TELL) is None:
        return ""
    named = hubs_of(case)
    return case.statements().get("Incident page", "") or (key_of(named[0]) if named else "")


def hubs_of(case: Case) -> tuple[Hub, ...]:
    """The hubs that the incident is about: of those the ticket may mean, the ones on its page; else those that are down."""
    page = case.incident
    all_of = tuple(probe.hub for probe in case.probes)
    on_page = tuple(h for h in all_of if page and (page.key == key_of(h) or _names(page, h)))
    return on_page or tuple(probe.hub for probe in hubs_down(case)) or (all_of if case.hubs_named() else all_of[:1])


def _names(page: Page, hub: Hub) -> bool:
    return mentions(page.about, hub.host) or mentions(page.about, hub.name)


def key_of(hub: Hub) -> str:
    """The pager takes no second open page with the same key, so a hub never has two."""
    return f"hub-{hub.name}"


def handle(page: Page) -> str:
    """What a page is called by: its key, or its id where a monitor made it without one."""
    return page.key or f"id {page.id}"


def declared(case: Case) -> bool:
    """Whether the page was made from this ticket, rather than joined."""
    mark, page = reference(case, "incident.declare"), case.incident
    return page is not None and _is_ours(case, page.by) and mark in page.about.splitlines()


def our_notes(case: Case) -> tuple[str, ...]:
    """What one of us wrote on the page: a monitor or a stranger may write what looks like a mark."""
    notes = case.incident.notes if case.incident else ()
    return tuple(note.text for note in notes if _is_ours(case, note.by))


def _is_ours(case: Case, mail: str) -> bool:
    known = {agent.mail.lower() for agent in case.agents if agent.mail} | {
        p.mail.lower() for p in case.organization.people
    }
    return mail.lower() in known


def marker(page: Page) -> str:
    """What the follow-ups of a page carry in their bodies, whichever of its tickets they were opened from."""
    return f"after page {page.id} -->"


def since(ticket: Ticket, page: Page | None) -> datetime:
    """From when on issues may speak of a ticket: another ticket of the same page may be older, and have opened them."""
    return min(ticket.created, (page and page.created) or ticket.created)


# The channel.


def channel_of(case: Case) -> str:
    """The name of the incident's channel: as noted on the ticket or the page, else by the day and the hub.

    Where an incident of that day has ended in a channel of that name, the next one has the ticket in its name as well.
    """
    noted, hubs = _noted_channel(case) or _paged_channel(case), hubs_of(case)
    if noted or not hubs:
        return noted
    began = (case.incident.created if case.incident else None) or case.now
    day = began.astimezone(ZoneInfo(case.organization.clock.zone)).date()
    again = f"-{case.ticket.id}-{case.cycle}" if _over(case) else ""
    return f"#inc-{day}-{hubs[0].name.replace('.', '-')}"[: 80 - len(again)] + again


def _over(case: Case) -> bool:
    """Whether another incident has ended in the channel that was read, while no page tells of this one."""
    page = case.incident
    ends = {ref for ref in case.announced if ref.startswith("Ref page-")} - {end_of(page) if page else ""}
    return bool(ends) and not (page and page.open)


def end_of(page: Page) -> str:
    """What the message carries that tells the channel that it is over: one for all tickets of the page."""
    return f"Ref page-{page.id}-{VALIDATE_FIX}"


def _paged_channel(case: Case) -> str:
    """As the page has it that we made ourselves."""
    page = case.incident
    about = page.about.splitlines() if page and _is_ours(case, page.by) else []
    return next((line.removeprefix(PAGED) for line in about if line.startswith(f"{PAGED}#inc-")), "")


def _noted_channel(case: Case) -> str:
    found = [match[1].lower() for _, line, _ in _lines_of(case, CHANNEL_NOTE) if (match := _CHANNEL.match(line))]
    return found[-1] if found else ""


# Who leads, who accepted, who validated.


def leader(case: Case) -> Agent | None:
    """The Incident Responder: who has the page."""
    assigned = case.incident.assigned if case.incident else ()
    return next((agent for one in assigned for agent in case.staff() if is_same(agent, one)), None)


def is_same(agent: Agent, pager_name: str) -> bool:
    return agent.mail.lower() == pager_name.lower() or same_name(agent.name, pager_name)


def name_of(case: Case, pager_name: str) -> str:
    return next((agent.name for agent in case.agents if is_same(agent, pager_name)), pager_name)


def hand_overs(case: Case) -> tuple[Reference, ...]:
    """The records of the hand-overs of this cycle, oldest first."""
    return tuple(ref for ref in _ours(case) if ref.key == "incident.hand-over#record")


def taken_by(case: Case) -> list[str]:
    """Whom those records name, one after another; several records of one hand-over count once."""
    told = [line for ref in hand_overs(case) for line in lines(ref.entry.body, quotes=False)]
    names = [line.removeprefix(LED_BY) for line in told if line.startswith(LED_BY)]
    return [name for name, _ in groupby(names)]


def accepted(case: Case) -> tuple[Agent, ...]:
    """Who accepted the lead in a note since it was handed over last, the latest last."""
    since = max((ref.entry.position for ref in hand_overs(case)), default=-1)
    return tuple(agent for agent, position in said(case, ACCEPTED_NOTE) if position > since)


def waiting(case: Case) -> tuple[Agent, ...]:
    """Those of them who do not have it."""
    lead = leader(case)
    return tuple(agent for agent in accepted(case) if lead is None or agent.id != lead.id)


def validated_by(case: Case) -> str:
    """The Technology Lead who said that the fix holds, on the ticket or on the page; empty where nobody did."""
    leads = [agent for agent in case.agents if agent.person and LEAD in agent.person.roles]
    here = [agent.name for agent, _ in said(case, VALID_NOTE) if agent in leads]
    notes = "\n".join(our_notes(case))
    there = [agent.name for agent in leads if f"{VALID_NOTE} by {agent.name}" in notes]
    return next(iter([*here, *there]), "")


def said(case: Case, words: str) -> Iterator[tuple[Agent, int]]:
    """Who said these words as a sentence of their own, and where. “Fix validated? No” does not say them."""
    for agent, line, position in _lines_of(case, words):
        rest = line[len(words) :].strip()
        own = same_name(rest.lstrip(": ").removeprefix("by ").rstrip("."), agent.name)
        if not rest or own or (rest[0] in ".,;!" and not _DOUBT.search(rest)):
            yield agent, position


def _lines_of(case: Case, words: str) -> Iterator[tuple[Agent, str, int]]:
    """Lines of our agents in this cycle that begin with these words: who, the line, and the entry's position."""
    begun = max((ref.entry.position for ref in case.references() if ref.key.startswith("resolve.reopen")), default=-1)
    for entry in case.entries:
        agent = case.agent(entry.author)
        if agent and not entry.incoming and not entry.survey and entry.position > begun:
            for line in lines(entry.body, quotes=False):
                if line.lower().startswith(words.lower()):
                    yield agent, line, entry.position


# The updates.


def updates(case: Case) -> tuple[Reference, ...]:
    """Our updates of this cycle, oldest first."""
    return tuple(ref for ref in _ours(case) if re.fullmatch(rf"{re.escape(UPDATE)}\.\d{{1,4}}", ref.key))


def due(case: Case) -> datetime | None:
    """When the community is to hear from us again: an incident waits for no weekend. None before it was told.

    What a person wrote to them by hand counts, too.
    """
    told = case.landed(TELL)
    if told is None:
        return None
    public = (e for e in case.entries if not (e.incoming or e.private) and case.agent(e.author))
    latest = max(entry.at for entry in public if entry.position >= told.entry.position)
    return update_due(case.process, latest)


def _ours(case: Case) -> tuple[Reference, ...]:
    return tuple(ref for ref in case.references() if ref.cycle == case.cycle)

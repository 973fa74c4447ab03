"""Cases for planner tests, built from a few words of YAML: what is not said is ordinary."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from deskbook.config.organization import Organization, load_organization
from deskbook.config.process import SHIPPED, load_process
from deskbook.model.case import Alike, Case
from deskbook.model.records import (
    Agent,
    Community,
    Contact,
    Entry,
    HubChange,
    Issue,
    OpenTicket,
    Page,
    PageNote,
    Probe,
    Ticket,
    TimeEntry,
)
from deskbook.services.freshdesk.links import linked
from deskbook.services.github.texts import issues_in
from deskbook.tickets.authority import behind
from deskbook.tickets.incident import page_key, page_of
from deskbook.tickets.tracking import own_part

ORGANIZATION = load_organization()
PROCESS = load_process(Path(os.environ.get("DESKBOOK_PROCESS") or SHIPPED), ORGANIZATION)
NOOR = "noor.haddad@staff.example.org"  # who makes pages and writes on them, unless a case says otherwise
NOW = "2026-11-23T17:55:00+00:00"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # thousands of case files are read in a run

# Two ordinary communities; a case may say otherwise.
COMMUNITIES: dict[str, Any] = {
    "Aurora Climate Lab": {
        "listed": ["Ada Lindgren"],
        "contacts": ["Ada Lindgren <ada@aurora.example.org>", "Otto Berg <otto@aurora.example.org>"],
    },
    "Borealis University": {"listed": ["Bea Novak"], "contacts": ["Bea Novak <bea@borealis.example.org>"]},
}
KEYS = {
    "ticket",
    "from",
    "communities",
    "entries",
    "probes",
    "pages",
    "hub_changes",
    "load",
    "chat_reads",
    "announced",
    "named",
    "left",
    "now",
    "organization",
    "issues",
    "lost",
    "assigned",
    "whose",
    "time",
    "me",
    "channel",
    "others",
    "alike",
}


def build_case(said: Mapping[str, Any]) -> Case:
    """A case from plain data. People are named by name or mail; ids follow from the order in which they are named."""
    unknown = set(said) - KEYS
    assert not unknown, f"a case has no {unknown}; it has {KEYS}"
    organization = _organization(said.get("organization", {}))
    communities, contacts = _communities({**COMMUNITIES, **said.get("communities", {})})
    requester = _person(said.get("from", "Ada Lindgren"), contacts, communities)
    agents = tuple(
        Agent(
            900 + i,
            p.name,
            p.mail,
            p,
            said.get("load", {}).get(p.mail.split("@")[0].split(".")[0], 0),
            p.name not in said.get("left", ()),
        )
        for i, p in enumerate(organization.people)
    )
    case = Case(
        now=_moment(said.get("now", NOW)),
        me=next((agent for agent in agents if agent.name == said.get("me")), agents[0]),
        process=PROCESS,
        organization=organization,
        ticket=_ticket(said.get("ticket", {}), requester, communities, agents, _moment(said.get("now", NOW))),
        requester=requester,
        communities=(),
        entries=_entries(said.get("entries", []), requester, contacts, agents),
        agents=agents,
        pages=tuple(page for page in map(_page, said.get("pages", [])) if page.open),
        announced=frozenset(said.get("announced", ())),
        chat_reads=said.get("chat_reads", True),
        issues=tuple(_issue(i, _moment(said.get("now", NOW))) for i in said.get("issues", ())),
        lost=tuple(said.get("lost", ())),
        assigned=tuple(_issue(i, _moment(said.get("now", NOW))) for i in said.get("assigned", ())),
        time_entries=_time(said.get("time", []), agents, _moment(said.get("now", NOW))),
        others=tuple(
            OpenTicket(200 + index, requester.id, agents[0].id, _moment(at))
            for index, at in enumerate(said.get("others", ()))
        ),
        named=said.get("named", ""),
        whose=said.get("whose", ""),
        alike=Alike(**{**said["alike"], "tickets": tuple(said["alike"]["tickets"])}) if "alike" in said else None,
    )
    domain = (requester.mail or "@").rpartition("@")[2]
    hubs_of = {h.community for h in case.hubs_named()}
    named = said.get("named", "")
    wanted = {*requester.communities, case.ticket.community} | {
        c.id for c in communities if c.name in hubs_of or domain in c.domains or c.name == named
    }
    wanted |= {c.id for c, _ in behind(case, communities)} if not requester.communities else set()
    hubs = case.hubs_named() or tuple(h for h in organization.hubs if h.name in said.get("probes", {}))
    states = said.get("probes", {})
    up = {"up": (True, "answers"), "down": (False, "answers 503"), "unknown": (None, "answers 404")}
    probed = replace(case, probes=tuple(Probe(hub, *up[states.get(hub.name, "up")]) for hub in hubs))
    over = [page for page in map(_page, said.get("pages", [])) if not page.open and page.key == page_key(probed)]
    return replace(
        probed,
        incident=page_of(probed) or next(iter(over), None),
        channel=said.get("channel", ""),
        communities=tuple(c for c in communities if c.id in wanted),
        hub_changes={
            cluster: tuple(HubChange(a, case.now, "Change") for a in authors)
            for cluster, authors in said.get("hub_changes", {}).items()
        },
    )


def _organization(changes: Mapping[str, Any]) -> Organization:
    return ORGANIZATION.model_validate({**ORGANIZATION.model_dump(), **changes}) if changes else ORGANIZATION


def _communities(said: Mapping[str, Any]) -> tuple[tuple[Community, ...], dict[str, Contact]]:
    contacts: dict[str, Contact] = {}
    found = []
    for index, (name, entry) in enumerate(said.items()):
        own = []
        for text in entry.get("contacts", ()):
            person, _, mail = text.rstrip(">").partition(" <")
            known = contacts.get(mail or person)
            contact = (
                replace(known, communities=(*known.communities, 10 + index))
                if known
                else Contact(100 + len(contacts), person, mail or None, (10 + index,))
            )
            contacts[mail or person] = contact
            own.append(mail or person)
        found.append((index, name, entry, own))
    communities = tuple(
        Community(
            10 + i,
            name,
            tuple(e.get("domains", ())),
            tuple(e.get("listed", ())),
            contacts=tuple(contacts[k] for k in own),
        )
        for i, name, e, own in found
    )
    return communities, contacts


def _person(name: str, contacts: Mapping[str, Contact], communities: tuple[Community, ...]) -> Contact:
    """A known contact by name or mail; anybody else, written `Name <mail>`, belongs nowhere."""
    for key, contact in contacts.items():
        if name in (key, contact.name):
            return contact
    person, _, mail = name.rstrip(">").partition(" <")
    return Contact(999, person, mail or None)


def _ticket(
    said: Mapping[str, Any],
    requester: Contact,
    communities: tuple[Community, ...],
    agents: tuple[Agent, ...],
    now: datetime,
) -> Ticket:
    by_name = {c.name: c.id for c in communities}
    by_agent = {a.name: a.id for a in agents}
    community = by_name[said["community"]] if said.get("community") else next(iter(requester.communities), None)
    return Ticket(
        id=101,
        subject=said.get("subject", "Kernel dies"),
        body=said.get(
            "body",
            "Importing xarray on https://aurora.hubs.example.org fails with ModuleNotFoundError: No module named 'xarray'.",
        ),
        status=said.get("status", "Open"),
        source=said.get("source", "Email"),
        type=said.get("type"),
        requester=requester.id,
        agent=by_agent[said["agent"]] if said.get("agent") else None,
        community=None if said.get("community", "") is None else community,
        group=said.get("group", "support"),
        tags=tuple(said.get("tags", ())),
        hub_url=said.get("hub_url"),
        created=_moment(said.get("created", str(now))),
        url="https://2i2c.freshdesk.com/a/tickets/101",
        deleted=said.get("deleted", False),
        spam=said.get("spam", False),
        automatic=said.get("automatic", False),
        headers=tuple(said.get("headers", {}).items()),
        cc=tuple(said.get("cc", ())),
    )


def _entries(
    said: list[Mapping[str, Any]], requester: Contact, contacts: Mapping[str, Contact], agents: tuple[Agent, ...]
) -> tuple[Entry, ...]:
    found = []
    for position, entry in enumerate(said):
        by = entry["by"]
        agent = next((a for a in agents if by in (a.name, a.mail)), None)
        author = agent.id if agent else requester.id if by == "requester" else _person(by, contacts, ()).id
        at = _moment(entry.get("at", NOW))
        found.append(
            Entry(
                500 + position,
                position,
                author,
                entry.get("incoming", agent is None),
                entry.get("private", False),
                entry["body"],
                at,
                entry.get("survey", False),
                entry.get("files", 0),
                issues_in(ORGANIZATION.tracker.repository, own_part(entry["body"])),
                tuple(
                    entry.get("to", [requester.mail] if agent and requester.mail and not entry.get("private") else ())
                ),
                entry.get("automatic", False),
            )
        )
    return tuple(found)


def _page(said: Mapping[str, Any]) -> Page:
    """A page that one of us made and wrote on, a P1 unless it says otherwise; people by their names, `by` is a mail."""
    return Page(
        id=said["id"],
        title=said["title"],
        status=said.get("status", "acknowledged"),
        about=f"{said['title']}\n{said.get('about', '')}",
        url=f"https://pager.example.org/incidents/{said['id']}",
        key=said.get("key", ""),
        p1=said.get("p1", True),
        acknowledged=tuple(said.get("acknowledged", ())),
        assigned=tuple(said.get("assigned", ())),
        created=_moment(said.get("created", NOW)),
        resolved=_moment(said["resolved"]) if said.get("resolved") else None,
        by=said.get("by", NOOR),
        notes=tuple(
            PageNote(NOOR, note) if isinstance(note, str) else PageNote(**note) for note in said.get("notes", ())
        ),
    )


def _issue(said: Mapping[str, Any], now: datetime) -> Issue:
    """An issue of ours for ticket 101, unless it says otherwise; `refs` stand hidden in its body or its comments."""
    number, author = said.get("number", 7), said.get("author", "priya-raman")
    refs = tuple(said.get("refs", ()))
    hidden = "".join(f"\n<!-- Ref {ref} -->" for ref in refs)
    body = said.get("body", "") + ("" if said.get("refs_in_comments") else hidden)
    tickets, contacts = linked(ORGANIZATION.support.helpdesk, body)
    return Issue(
        number=number,
        title=said.get("title", "[Support] Kernel dies"),
        url=f"https://github.com/2i2c-org/infrastructure/issues/{number}",
        state=said.get("state", "open"),
        body=body,
        author=author,
        created=_moment(said.get("created", now)),
        labels=tuple(said.get("labels", ("support",))),
        assignees=tuple(said.get("assignees", ())),
        assigned=_moment(said["assigned"]) if said.get("assigned") else None,
        ours=author in {person.login for person in ORGANIZATION.people},
        refs=refs,
        tickets=tickets,
        contacts=contacts,
        board=said.get("board"),
    )


def _time(said: Any, agents: tuple[Agent, ...], now: datetime) -> tuple[TimeEntry, ...] | None:
    """Time entries by the name of the agent; `time: none` where the helpdesk's plan has none."""
    if said == "none":
        return None
    by_name = {agent.name: agent.id for agent in agents}
    return tuple(
        TimeEntry(
            id=700 + index,
            ticket=101,
            agent=by_name[entry["by"]],
            seconds=int(entry.get("minutes", 0) * 60),
            running=entry.get("running", False),
            started=_moment(entry.get("started", now)),
            note=entry.get("note", "Ref 101-1-timebox.work"),
            billable=entry.get("billable", True),
        )
        for index, entry in enumerate(said)
    )


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def plan_files(runbook: str) -> list[Path]:
    return sorted((Path(__file__).parent / "plans" / runbook).glob("*.yaml"))


def read(path: Path) -> dict[str, Any]:
    """A case file. It says amounts of a clock relative to it: `<timebox-1>`, `<nudge/2>`, `<timebox> min 59 s ago`."""
    said = yaml.load(path.read_text(encoding="utf-8"), LOADER)
    return dict(_counted(said, _moment(said.get("case", {}).get("now", NOW))))


def _counted(said: Any, now: datetime) -> Any:
    if isinstance(said, dict):
        return {key: _counted(value, now) for key, value in said.items()}
    if isinstance(said, list):
        return [_counted(value, now) for value in said]
    if not isinstance(said, str):
        return said
    text = re.sub(rf"<({'|'.join(PROCESS.clocks)})(?:([-+/])(\d+))?>", _amount, said)
    if ago := re.fullmatch(r"(\d+) min(?: (\d+) s)? ago", text):
        return (now - timedelta(minutes=int(ago[1]), seconds=int(ago[2] or 0))).isoformat()
    return int(text) if text != said and text.isdecimal() else text


def _amount(match: re.Match[str]) -> str:
    amount, by = PROCESS.clocks[match[1]].number, int(match[3] or 0)
    return str(amount // by if match[2] == "/" else amount - by if match[2] == "-" else amount + by)

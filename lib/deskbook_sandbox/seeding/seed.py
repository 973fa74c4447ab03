"""Seed format: read a situation from YAML or JSON, validate it, and load it into an empty sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, NonNegativeFloat, PositiveInt

from deskbook.config.loader import Frozen, complain, load, unknown
from deskbook.config.organization import Mail, Name, Organization, load_organization
from deskbook_sandbox.http import Service
from deskbook_sandbox.store.database import Store

SHIPPED = Path(__file__).with_name("seed.yaml")
QUIET = "quiet"

_AGO = re.compile(r"-\s*(?=\d)(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")
_FORM = "write it as 2026-11-23T14:10:00Z, or as -2d 3h 5m before the seed's now"


def moment(text: str | datetime, now: datetime) -> datetime:
    """The moment that a seed names, absolutely or by how long it was before `now`. An unzoned one is UTC."""
    if isinstance(text, str):
        ago = _AGO.fullmatch(text.strip())
        if ago:
            days, hours, minutes = (int(part or 0) for part in ago.groups())
            return now - timedelta(days=days, hours=hours, minutes=minutes)
        try:
            text = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"'{text}' is not a moment; {_FORM}") from None
    return _zoned(text)


def _moment_text(value: Any) -> str:
    """YAML reads an unquoted moment as a datetime already; both become checked text."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    moment(text, datetime(2000, 1, 1, tzinfo=UTC))
    return text


def _words(codes: Mapping[str, int]) -> BeforeValidator:
    """Lets a word stand for its number."""
    return BeforeValidator(lambda value: codes.get(value, value) if isinstance(value, str) else value)


def _zoned(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


Now = Annotated[datetime, AfterValidator(_zoned)]
Moment = Annotated[str, BeforeValidator(_moment_text)]
Status = Annotated[int, _words({"open": 2, "pending": 3, "resolved": 4, "closed": 5}), Field(ge=2)]
Priority = Annotated[int, _words({"low": 1, "medium": 2, "high": 3, "urgent": 4}), Field(ge=1, le=4)]
_SOURCES = {"mail": 1, "portal": 2, "phone": 3, "chat": 7, "widget": 9, "outbound": 10}
Source = Annotated[int, _words(_SOURCES), Field(ge=1)]
Address = Annotated[Mail, AfterValidator(str.lower)]


class Company(Frozen):
    name: Name
    domains: tuple[Name, ...] = ()
    description: str | None = None
    note: str | None = None
    representatives: tuple[Name, ...] = ()
    budget_hours: NonNegativeFloat | None = None
    own_funding: bool | None = None


class Contact(Frozen):
    """Somebody outside; the first of `companies` is the default one."""

    name: Name
    email: Address | None = None
    phone: str | None = None
    companies: tuple[Name, ...] = ()


class Conversation(Frozen):
    """A message of one of the staff (`from` a mail of organization.yaml) or of somebody outside."""

    sender: Name = Field(alias="from")
    body: str
    private: bool = False
    at: Moment
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()


class Ticket(Frozen):
    """`from` is the mail or the name of a contact. Without an id it gets the next free one."""

    id: PositiveInt | None = None
    sender: Name = Field(alias="from")
    subject: str
    body: str
    created: Moment
    source: Source = 1
    status: Status = 2
    priority: Priority = 1
    type: str | None = None
    agent: str | None = None
    group: str | None = None
    company: str | None = None
    tags: tuple[str, ...] = ()
    hub_url: str | None = None
    custom_fields: Mapping[str, Any] = {}
    cc: tuple[Address, ...] = ()
    deleted: bool = False
    spam: bool = False
    conversations: tuple[Conversation, ...] = ()


class Seed(Frozen):
    """The last five lists are read by the tracker, the chat, the pager and the hubs."""

    now: Now | None = None
    groups: tuple[Name, ...] = ()
    companies: tuple[Company, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    commits: tuple[Mapping[str, Any], ...] = ()
    issues: tuple[Mapping[str, Any], ...] = ()
    chat: tuple[Mapping[str, Any], ...] = ()
    pager: tuple[Mapping[str, Any], ...] = ()
    hubs: tuple[Mapping[str, Any], ...] = ()


def read(name: str | Path | None, organization: Organization) -> Seed:
    """The seed called "default", the file of that name, or the empty one; DefinitionError names every mistake.

    "quiet" is the default one before anything has happened: its people and hubs, and no ticket yet.
    """
    if name is None:
        return Seed()
    if name == QUIET:
        whole = read("default", organization)
        return Seed(now=whole.now, groups=whole.groups, companies=whole.companies, contacts=whole.contacts)
    path = SHIPPED if name == "default" else Path(name)
    seed = _fitted(_shipped(), organization) if path == SHIPPED else load(path, Seed)
    _check(seed, organization, path.name)
    return seed


@cache
def _shipped() -> Seed:
    return load(SHIPPED, Seed)


def _fitted(seed: Seed, organization: Organization) -> Seed:
    """The shipped seed for any organisation: its people, types and group stand in for ours, its hubs are its own."""
    ours = load_organization()
    if organization == ours:
        return seed
    theirs = {one.mail: organization.people[i % len(organization.people)].mail for i, one in enumerate(ours.people)}
    theirs |= {name: organization.ticket_types[kind] for kind, name in ours.ticket_types.items()}
    theirs[ours.support.group] = organization.support.group
    hubs, clusters = ({getattr(hub, name) for hub in organization.hubs} for name in ("name", "cluster"))
    data = _renamed(seed.model_dump(by_alias=True), theirs)
    data["hubs"] = [entry for entry in data["hubs"] if entry["name"] in hubs]
    data["pager"] = [entry for entry in data["pager"] if entry.get("hub", "") in ("", *hubs)]
    data["commits"] = [entry for entry in data["commits"] if entry.get("cluster", "") in ("", *clusters)]
    return Seed.model_validate(data)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def load_seed(store: Store, seed: Seed, services: Sequence[Service]) -> None:
    """Let every service load its part; the times in it are relative to its `now`."""
    parts: dict[str, Any] = {name: getattr(seed, name) for name in Seed.model_fields}
    for service in services:
        service.seed(store, {**parts, "now": seed.now or store.now()})


def reset(store: Store, name: str | None, services: Sequence[Service]) -> None:
    """Forget everything and load a seed anew; the clock returns to its home."""
    seed = read(name, store.organization)
    store.empty()
    store.rewind()
    load_seed(store, seed, services)


def _check(seed: Seed, organization: Organization, file: str) -> None:
    companies = [company.name for company in seed.companies]
    groups = [organization.support.group, *seed.groups]
    mails = [contact.email for contact in seed.contacts if contact.email]
    ids = [ticket.id for ticket in seed.tickets if ticket.id]
    for place, values in (("companies", companies), ("contacts", mails), ("tickets", ids)):
        _unique(file, place, values)
    for index, contact in enumerate(seed.contacts):
        for name in contact.companies:
            _known(file, f"/contacts/{index}/companies", name, "company", companies)
    for index, ticket in enumerate(seed.tickets):
        place = f"/tickets/{index}"
        if ticket.company:
            _known(file, f"{place}/company", ticket.company, "company", companies)
        if ticket.group:
            _known(file, f"{place}/group", ticket.group, "group", groups)
        if ticket.type:
            _known(file, f"{place}/type", ticket.type, "ticket type", organization.ticket_types.values())
        if ticket.agent and not organization.person(ticket.agent):
            _known(file, f"{place}/agent", ticket.agent, "agent", (person.mail for person in organization.people))
        _somebody(file, f"{place}/from", ticket.sender, seed)
        for number, conversation in enumerate(ticket.conversations):
            _somebody(file, f"{place}/conversations/{number}/from", conversation.sender, seed)


def _unique(file: str, place: str, values: Sequence[object]) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise complain(file, f"/{place}", f"'{value}' is there twice; keep one")


def _known(file: str, place: str, word: str, kind: str, known: Iterable[str]) -> None:
    names = list(known)
    if word not in names:
        raise complain(file, place, unknown(word, kind, names))


def _somebody(file: str, place: str, name: str, seed: Seed) -> None:
    """A mail address may be anybody's; a name must be that of one contact."""
    if "@" in name:
        return
    fitting = [contact for contact in seed.contacts if contact.name == name]
    if not fitting:
        _known(file, place, name, "contact", (contact.name for contact in seed.contacts))
    if len(fitting) > 1:
        raise complain(file, place, f"{len(fitting)} contacts are called '{name}'; write the mail address instead")

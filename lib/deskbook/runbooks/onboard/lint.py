"""Lint a community as it stands in the helpdesk: its names, its people, their mail, its domains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from deskbook.language.text import same_name, shorten
from deskbook.model.records import Community, Contact, Representative, representatives

# Mail providers open to everybody: as a community's domain, such a one would gather strangers.
PUBLIC = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com",
        "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "qq.com", "163.com",
    }
)  # fmt: skip
NAME = 80  # characters of a name that are shown


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `remedy`: a person mends it, the runbook does, or it could merely be better."""

    community: str
    says: str
    remedy: str = "person"  # person, tidied, better


@dataclass(frozen=True)
class Around:
    """What one community is compared with: who has each domain, and the people of the helpdesk that are known."""

    owners: Mapping[str, tuple[str, ...]]  # names of the companies that have a domain
    people: Mapping[str, tuple[Contact, ...]]  # by the domain of their mail


def around(communities: Sequence[Community], contacts: Sequence[Contact]) -> Around:
    owners: dict[str, list[str]] = defaultdict(list)
    people: dict[str, list[Contact]] = defaultdict(list)
    for community in communities:
        for domain in community.domains:
            owners[domain].append(community.name)
    for contact in contacts:
        people[domain_of(contact.mail or "")].append(contact)
    return Around({k: tuple(v) for k, v in owners.items()}, {k: tuple(v) for k, v in people.items()})


def lint(community: Community, known: Around) -> tuple[Fault, ...]:
    """What is wrong with one community, the gravest of each kind first."""
    called = shorten(community.name, NAME) or f"company {community.id}"
    found = [
        *_named(community),
        *_represented(community),
        *[fault for entry in representatives(tidied(community)) for fault in _resolved(entry, community, known)],
        *_mails(community),
        *_domains(community, known),
    ]
    return tuple(Fault(called, *told) for told in found)


def tidy(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, by its first spelling, with single spaces."""
    kept: list[str] = []
    for name in (" ".join(name.split()) for name in names):
        if name and not any(same_name(name, other) for other in kept):
            kept.append(name)
    return tuple(kept)


def is_tidy(community: Community) -> bool:
    """Whether the field with the names is written as it would be written anew."""
    names = tidy(community.listed)
    return not names or community.written.replace("\r\n", "\n") == "\n".join(names)


def tidied(community: Community) -> Community:
    names = tidy(community.listed)
    return replace(community, listed=names, written="\n".join(names))


def domain_of(mail: str) -> str:
    return mail.rpartition("@")[2].lower()


Told = tuple[str, str]


def _named(community: Community) -> list[Told]:
    if community.name.strip():
        return []
    return [(f"Company {community.id} has no name. Give it the community's.", "person")]


def _represented(community: Community) -> list[Told]:
    found: list[Told] = []
    if not is_tidy(community):
        found.append(("The list has a name twice, or spaces or blank lines too many.", "tidied"))
    number = len(tidy(community.listed))
    if number == 0:
        found.append(("Nobody is listed as representative. Find out who speaks for it.", "person"))
    if number == 1:
        found.append(("One representative only; two are better, since people go on holiday.", "better"))
    return found


def _resolved(entry: Representative, community: Community, known: Around) -> list[Told]:
    name = shorten(entry.listed, NAME)
    if entry.contact:
        if entry.contact.mail:
            return []
        return [(f"{name} has no mail address, so our answers cannot go to them. Add it.", "person")]
    if entry.matches:
        mails = ", ".join(contact.mail or "no address" for contact in entry.matches[:5])
        told = f"{len(entry.matches)} contacts are called {name} ({mails}). Rename or merge them, so that one is meant."
        return [(told, "person")]
    own = [contact for domain in community.domains for contact in known.people.get(domain, ())]
    same = [contact.mail or "" for contact in own if same_name(contact.name, entry.listed)]
    hint = f" Perhaps {', '.join(same[:3])} is meant, who is elsewhere: say so by onboarding them." if same else ""
    return [(f"{name} is listed, but no contact here has this name.{hint}", "person")]


def _mails(community: Community) -> list[Told]:
    by_mail: dict[str, list[str]] = defaultdict(list)
    for entry in representatives(tidied(community)):
        if entry.contact and entry.contact.mail:
            by_mail[entry.contact.mail.lower()].append(shorten(entry.listed, NAME))
    return [
        (f"{' and '.join(names)} have one address, {mail}. Each needs their own.", "person")
        for mail, names in by_mail.items()
        if len(names) > 1
    ]


def _domains(community: Community, known: Around) -> list[Told]:
    if not community.domains:
        return [("It has no mail domain, so nobody new is found to belong to it.", "better")]
    found: list[Told] = []
    for domain in community.domains:
        others = [name for name in known.owners.get(domain, ()) if not same_name(name, community.name)]
        if others:
            told = f"The domain {domain} is also that of {', '.join(others[:3])}. Leave it with one of them."
            found.append((told, "person"))
        if domain in PUBLIC:
            found.append((f"{domain} is open to everybody; strangers would belong here. Remove it.", "person"))
    return found

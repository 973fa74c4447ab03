"""The facts of onboarding: the helpdesk's companies, the people in question, and what is wrong with them as they stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.language.text import same_name
from deskbook.model.records import Agent, Community, Contact
from deskbook.runbooks.onboard.decision import Decision
from deskbook.runbooks.onboard.lint import Fault, around, lint
from deskbook.services.ports import Desk

ALL = "all communities"


@dataclass(frozen=True)
class Onboarding:
    """The facts. `communities` are all of the helpdesk; those in question have their contacts.

    `people` are the contacts that were read: everybody's where all communities are looked at, else the community's own
    and those whose address was given.
    """

    process: Process
    organization: Organization
    decision: Decision
    communities: tuple[Community, ...]
    people: tuple[Contact, ...]
    agents: tuple[Agent, ...]

    @property
    def subject(self) -> str:
        found = self.community
        return found.name if found else self.decision.community or ALL

    @property
    def community(self) -> Community | None:
        """The one that was asked for, where the helpdesk has exactly one of that name."""
        found = self.namesakes
        return found[0] if len(found) == 1 else None

    @property
    def namesakes(self) -> tuple[Community, ...]:
        asked = self.decision.community
        return tuple(c for c in self.communities if asked and same_name(c.name, asked))

    @property
    def from_crm(self) -> bool:
        """Whether companies and their people are kept elsewhere, and only read here."""
        return self.organization.support.representatives_from == "crm"

    def contact(self, mail: str) -> Contact | None:
        return next((contact for contact in self.people if (contact.mail or "").lower() == mail), None)

    def reread(self, desk: Desk) -> Onboarding:
        return read(desk, self.decision)


def read(desk: Desk, decision: Decision) -> Onboarding:
    """The facts for what is asked, as they are now: from lists alone, but for addresses that are new."""
    helpdesk, communities = desk.helpdesk, desk.helpdesk.communities()
    facts = Onboarding(desk.process, desk.organization, decision, communities, (), helpdesk.agents())
    if not decision.community:
        people = helpdesk.contacts()
        members: dict[int, list[Contact]] = defaultdict(list)
        for contact in people:
            for number in contact.communities:
                members[number].append(contact)
        whole = tuple(replace(c, contacts=tuple(members[c.id])) for c in communities)
        return replace(facts, communities=whole, people=people)
    own = facts.community
    there = helpdesk.contacts_of(own.id) if own else ()
    mails = {(contact.mail or "").lower() for contact in there}
    others = (helpdesk.contact_by_mail(who.mail) for who in decision.representatives if who.mail not in mails)
    return replace(
        facts,
        communities=tuple(replace(c, contacts=there) if own and c.id == own.id else c for c in communities),
        people=(*there, *(contact for contact in others if contact)),
    )


def faults(facts: Onboarding) -> tuple[Fault, ...]:
    """What is wrong as things stand: with the community, or with each of them by name."""
    asked = [c for c in facts.communities if not facts.decision.community or c in facts.namesakes]
    known = around(facts.communities, facts.people)
    return tuple(f for c in sorted(asked, key=lambda c: (c.name.casefold(), c.id)) for f in lint(c, known))

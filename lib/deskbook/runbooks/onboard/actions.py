"""Actions of the onboard runbook: a company, its list of representatives, and a contact for each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from deskbook.errors import Refused
from deskbook.language.text import same_name
from deskbook.model.records import Community
from deskbook.runbooks.onboard.facts import Onboarding
from deskbook.runbooks.onboard.lint import is_tidy
from deskbook.services.ports import Desk

COMPANY = "onboard.company"
NUMBER = re.compile(r"company (\d+)")  # what that action says, and where the later ones read it


@dataclass(frozen=True)
class Company:
    """The company, with these domains and this description; what is empty stays as it is."""

    key: str
    name: str
    domains: tuple[str, ...]
    description: str
    summary: str = field(compare=False)
    was: Community | None = field(default=None, compare=False)  # None: there was none

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Onboarding) -> str | None:
        found = case.community
        if found is None or (self.domains and set(found.domains) != set(self.domains)):
            return None
        described = not self.description or found.description.split() == self.description.split()
        return f"company {found.id}" if described else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        if self.was is None:
            return f"company {desk.helpdesk.create_community(self.name, self.domains, self.description)}"
        values = {"domains": self.domains, "description": self.description}
        desk.helpdesk.change_community(self.was.id, values, self.was)
        return f"company {self.was.id} changed"


@dataclass(frozen=True)
class Listing:
    """The names on the company's field. Other spellings of the same names are left as they are."""

    key: str
    names: tuple[str, ...]
    summary: str = field(compare=False)
    was: Community | None = field(default=None, compare=False)  # None: there was none

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Onboarding) -> str | None:
        found = case.community
        same = found and len(found.listed) == len(self.names) and all(_among(name, found.listed) for name in self.names)
        return f"company {found.id}" if found and same and is_tidy(found) else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        company = _company(results)
        desk.helpdesk.change_community(company, {"representatives": self.names}, self.was)
        return f"company {company} changed"


@dataclass(frozen=True)
class Join:
    """Somebody is a contact of the community; one who is a contact already gains it as one more."""

    key: str
    name: str
    mail: str
    summary: str = field(compare=False)

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Onboarding) -> str | None:
        contact, community = case.contact(self.mail), case.community
        there = contact and community and community.id in contact.communities and not contact.hidden
        return f"contact {contact.id}" if contact and there else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        company, contact = _company(results), desk.helpdesk.contact_by_mail(self.mail)
        if contact is None:
            return f"contact {desk.helpdesk.create_contact(self.name, self.mail, company)}"
        if contact.hidden or not same_name(contact.name, self.name):
            said = contact.hidden or f"called {contact.name}"
            raise Refused(f"the contact {self.mail} is {said} by now. Nothing was done; look at the plan again.")
        desk.helpdesk.add_to_community(contact.id, company)
        return f"contact {contact.id} joined"


@dataclass(frozen=True)
class TidyLists:
    """Lists of names written anew, each name once; nobody is added and nobody leaves. `lists` are those to be mended."""

    key: str
    summary: str = field(compare=False)
    lists: tuple[tuple[Community, tuple[str, ...]], ...] = field(compare=False)

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Onboarding) -> str | None:
        return "every list is tidy" if all(is_tidy(community) for community in case.communities) else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        for was, names in self.lists:
            desk.helpdesk.change_community(was.id, {"representatives": names}, was)
        return f"{len(self.lists)} tidied"


def _among(name: str, names: tuple[str, ...]) -> bool:
    return any(same_name(name, other) for other in names)


def _company(results: Mapping[str, str]) -> int:
    found = NUMBER.search(results.get(COMPANY, ""))
    if found is None:
        raise Refused("the community has no company yet; the step that makes it comes first.")
    return int(found[1])

"""What a person may decide in triage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import (
    Options,
    Parameter,
    among,
    decided,
    find_community,
    one_of,
    read_agent,
    same,
    staff,
    words,
)
from deskbook.errors import ParameterError
from deskbook.language.text import shorten
from deskbook.model.case import Case
from deskbook.model.records import representatives
from deskbook.tickets.classification import IMPACTS

PRACTICE = 101


def _communities(case: Case) -> Options:
    return [(community.name, community.name) for community in case.communities]


def _community(name: str, case: Case, value: object) -> str:
    said = words(name, value)
    return find_community(case.communities, said).name if said else ""


def _categories(case: Case) -> Options:
    return [(shown, word) for word, shown in case.organization.ticket_types.items()]


def _category(name: str, case: Case, value: object) -> str:
    said, types = words(name, value), case.organization.ticket_types
    meant = next((word for word, shown in types.items() if said.lower() in (word, shown.lower())), "")
    return meant or one_of(name, said, tuple(types))


def _incidents(case: Case) -> Options:
    return [("yes", "yes"), ("no", "no"), *((f"joins {page.title}", page.id) for page in case.pages)]


def _incident(name: str, case: Case, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = words(name, value)
    word = {"true": "yes", "false": "no"}.get(text.lower(), text.lower())
    if word in ("", "yes", "no"):
        return word
    page = next((page.id for page in case.pages if page.id.lower() == word), "")
    if not page:
        open_pages = ", ".join(page.id for page in case.pages) or "none is open"
        raise ParameterError(f"{name}: '{text}' is neither yes nor no nor an open page ({open_pages})")
    return page


def _approved(name: str, case: Case, value: object) -> str:
    """Who decided and why, as `mail: reason`; a contact of the community only if they represent it."""
    said = " ".join(words(name, value).split())
    if not said:
        return ""
    mail, _, reason = (part.strip() for part in said.partition(":"))
    mail = mail.lower()
    if not (reason and re.fullmatch(r"[^@\s]+@[^@\s]+", mail)):
        raise ParameterError(f"{name}: '{shorten(said, 60)}' does not say who decided and why; write mail: reason")
    if mail == (case.requester.mail or "").lower():
        raise ParameterError(f"{name}: {mail} asks for it, and nobody approves their own request; name who decided")
    represents = {r.contact.id for each in case.communities for r in representatives(each) if r.contact}
    members = [
        contact for each in case.communities for contact in each.contacts if (contact.mail or "").lower() == mail
    ]
    if members and not {contact.id for contact in members} & represents:
        raise ParameterError(f"{name}: {mail} does not represent {case.communities[0].name} either; name who decided")
    return f"{mail}: {shorten(reason, 200)}"


@dataclass(frozen=True)
class Decision(OfTicket):
    """What a person chose; an empty field takes the first advice. Categories and impacts are our words for them."""

    community: Annotated[
        str, Parameter("Community", "whose ticket it is, if the form cannot tell", _community, _communities)
    ] = ""
    agent: Annotated[str, Parameter("Agent", "mail or name of who takes it", read_agent, staff)] = ""
    category: Annotated[
        str, Parameter("Type", "incident, broken, change, guidance or workshop", _category, _categories)
    ] = ""
    impact: Annotated[str, Parameter("Impact", "Low, Medium, High or Critical", among(IMPACTS), same(IMPACTS))] = ""
    incident: Annotated[
        str, Parameter("Incident?", "yes, no, or the id of the page it joins", _incident, _incidents)
    ] = ""
    approved: Annotated[
        str,
        Parameter(
            "Approved",
            "who decided that it goes on though no representative said yes, and why, as mail: reason",
            _approved,
            hint="mail: reason",
        ),
    ] = ""


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    decision = decided(Decision, case, given)
    if decision.category == "incident" and decision.incident == "no":
        raise ParameterError("category: 'incident' contradicts incident=no; leave one of them empty")
    return decision

"""What a person may ask for when a community joins or changes: its name, domains and people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.parameters import Parameter, among, decided, same, words
from deskbook.errors import ParameterError
from deskbook.language.text import same_name, shorten

MOST = 20  # representatives or domains; more is a slip of the pen
LONG = 100  # characters of a name
LONGEST_DESCRIPTION = 2000  # characters
MAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{2,63}", re.I)
DOMAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,8}[a-z0-9-]{2,63}", re.I)


@dataclass(frozen=True)
class NewRepresentative:
    """Somebody who shall speak for the community."""

    name: str
    mail: str

    def __str__(self) -> str:
        return f"{self.name} <{self.mail}>"


def _domains(name: str, facts: object, value: object) -> tuple[str, ...]:
    said, found = words(name, value), list[str]()
    for part in re.split(r"[,\n]", said):
        domain = part.strip().lower().rstrip(".")
        if not domain:
            continue
        shown = shorten(part, 60)
        if "@" in domain:
            raise ParameterError(f"domains: '{shown}' is a mail address; write what follows the @")
        if "/" in domain:
            raise ParameterError(f"domains: '{shown}' is an address of the web; write the domain alone, as in a.org")
        if not DOMAIN.fullmatch(domain):
            raise ParameterError(f"domains: '{shown}' is no domain; write them as a.org, b.org")
        if domain not in found:
            found.append(domain)
    _few("domains", len(found))
    return tuple(found)


def _people(name: str, facts: object, value: object) -> tuple[NewRepresentative, ...]:
    said, found = words(name, value), list[NewRepresentative]()
    for part in (part.strip() for part in re.split(r"[;\n]", said)):
        if part:
            found.append(_person(part))
            _once(found)
    _few("representatives", len(found))
    return tuple(found)


def _person(part: str) -> NewRepresentative:
    shown = shorten(part, 80)
    how = "write Name <mail>; Name <mail>"
    if part.count("@") > 1 or part.count("<") > 1:
        raise ParameterError(f"representatives: '{shown}' holds several people; put a semicolon between them: {how}")
    name, bracket, rest = part.partition("<")
    name, mail = (name, rest.rstrip().removesuffix(">").strip()) if bracket else ("", part)
    name = " ".join(name.strip().strip('"').split())
    if "@" not in part:
        raise ParameterError(f"representatives: '{shown}' has no mail address; {how}")
    if not MAIL.fullmatch(mail) or (bracket and not part.endswith(">")):
        raise ParameterError(f"representatives: '{shorten(mail, 60)}' is no mail address; {how}")
    if not any(letter.isalpha() for letter in name):
        raise ParameterError(f"representatives: '{shown}' has no name; {how}")
    return NewRepresentative(_plain("representatives", name), mail.lower())


def _once(found: list[NewRepresentative]) -> None:
    *others, last = found
    for other in others:
        if other.mail == last.mail:
            raise ParameterError(f"representatives: {last.mail} is there twice; give each person their own address")
        if same_name(other.name, last.name):
            text = f"representatives: '{last.name}' is there twice, and the helpdesk tells them apart by name alone"
            raise ParameterError(f"{text}; write a middle name, or leave one out")


def _plain(parameter: str, name: str) -> str:
    if len(name) > LONG or not name.isprintable() or re.search(r"[<>;@]", name):
        raise ParameterError(
            f"{parameter}: '{shorten(name, 60)}' is no name; write it in words, {LONG} characters at most"
        )
    return name


def _few(parameter: str, number: int) -> None:
    if number > MOST:
        raise ParameterError(f"{parameter}: these are {number}; {MOST} at most")


def _name(name: str, facts: object, value: object) -> str:
    return _plain(name, " ".join(words(name, value).split()))


def _description(name: str, facts: object, value: object) -> str:
    return words(name, value)[:LONGEST_DESCRIPTION]


@dataclass(frozen=True)
class Decision:
    """What is asked for; an empty community means all of them, and anything else that is empty stays as it is."""

    community: Annotated[str, Parameter("Community", "its name; empty: look at all of them", _name)] = ""
    domains: Annotated[
        tuple[str, ...],
        Parameter("Domains", 'of its mail, as in "a.org, b.org"', _domains, hint="a.org, b.org"),
    ] = ()
    representatives: Annotated[
        tuple[NewRepresentative, ...],
        Parameter(
            "Represented by",
            'who speaks for it, as in "Name <mail>; Name <mail>"; names that are left out leave the list',
            _people,
            hint="Name <mail>; Name <mail>",
            long=True,
        ),
    ] = ()
    description: Annotated[
        str,
        Parameter(
            "Description", "what the community does, in a sentence", _description, hint="what the community does"
        ),
    ] = ""
    new: Annotated[
        str, Parameter("Another one?", "yes: it is new, though one has a name like it", among(("yes",)), same(("yes",)))
    ] = ""


def decide(facts: object = None, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names what cannot be used, and how to write it."""
    decision = decided(Decision, facts, given)
    if not decision.community and decision != Decision():
        raise ParameterError("community: is empty, so all of them are looked at, and nothing can be set. Name one.")
    return decision

"""Parameters of a runbook: each declared once, beside its field of the decision, and read from there by everybody.

The decision, the form's fields, the command's help, the card on the page and the check of the notebook's cell come
from the declaration. Each error names the parameter and what is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from deskbook.errors import ParameterError
from deskbook.language.text import same_name, shorten

if TYPE_CHECKING:  # the command checks what it was given long before a case is read
    from deskbook.config.organization import Person
    from deskbook.model.case import Case
    from deskbook.model.records import Agent, Community

P = TypeVar("P", "Agent", "Person")
D = TypeVar("D")

Options = Sequence[tuple[str, str]]  # what is shown, and the value
SAID = re.compile(r"(?<![\w?&/.])([a-z]+(?:_[a-z]+)*)=([\w‹<][\w<>‹›-]*|…)")  # outcome=fixed, message=…; in no address


@dataclass(frozen=True)
class Parameter:
    """One thing that a runbook may be told. `label` stands on the form, `what` in the notebook, the help and the card.

    `read` makes the decision's value of what was given, with the name and the facts at hand, or raises ParameterError;
    without it that is a text, or with `most` a whole number.
    `options` are what a form offers; without them it has a text, of several lines where `long`, or a whole number up to
    `most`. `hint` stands in an empty field that nothing is advised for. A text loses the secrets in it, since it goes to
    issues, chat and notes; not where it is `mailed`, as it was typed.
    """

    label: str
    what: str
    read: Callable[[str, Any, object], object] | None = None
    options: Callable[[Any], Options] | None = None
    hint: str = ""
    long: bool = False
    most: int = 0
    mailed: bool = False

    def value(self, name: str, facts: Any, given: object) -> object:
        """What was given as the decision's value; ParameterError names the parameter and what is accepted."""
        from deskbook.language.redaction import redact

        try:
            found = self._read(name, facts, given)
        except ParameterError as error:
            raise ParameterError(redact(str(error)) if redact(str(given)) != str(given) else str(error)) from None
        return redact(found) if isinstance(found, str) and not self.mailed else found

    def _read(self, name: str, facts: Any, given: object) -> object:
        if self.read is not None:
            return self.read(name, facts, given)
        return whole(name, given, self.most) if self.most else words(name, given)


@dataclass(frozen=True)
class Declared:
    """A parameter with its name, its type as papermill calls it, and its default."""

    name: str
    type: str
    default: Any
    parameter: Parameter

    @property
    def what(self) -> str:
        return self.parameter.what


@cache
def declared(decision: Any) -> tuple[Declared, ...]:
    """The parameters that a decision's annotated fields declare, in their order."""
    hints = get_type_hints(decision, include_extras=True)
    found = []
    for field in sorted(fields(decision), key=lambda field: bool(field.kw_only)):
        parameter = next((m for m in getattr(hints[field.name], "__metadata__", ()) if isinstance(m, Parameter)), None)
        if parameter:
            default: Any = 0 if parameter.most else ""
            found.append(Declared(field.name, type(default).__name__, default, parameter))
    return tuple(found)


def named_in(text: str) -> set[str]:
    """The parameters that a sentence asks for, as in `outcome=fixed`; a command asks for none."""
    return set() if "deskbook run" in text else {name for name, _ in SAID.findall(text)}


def by_labels(text: str, labels: Mapping[str, str], offered: Mapping[tuple[str, str], str] | None = None) -> str:
    """`outcome=fixed` as people read it: Outcome “fixed”; `offered` says what a form shows for a name and its value.

    What has no label here, such as another runbook's field, is said by its name. A command is left as it is typed.
    """
    if "deskbook run" in text:
        return text

    def said(match: re.Match[str]) -> str:
        name, value = match.groups()
        label = labels.get(name, name.replace("_", " ").capitalize()).rstrip("?")
        return f"“{label}”" if value == "…" else f"{label} “{(offered or {}).get((name, value), value)}”"

    return SAID.sub(said, text)


def decided(decision: Callable[..., D], facts: Any, given: Mapping[str, object]) -> D:
    """The parameters that were given as a decision; ParameterError names the one that cannot be used, and what can."""
    known = {each.name: each for each in declared(decision)}
    others = {field.name for field in fields(decision)} - set(known)  # type: ignore[arg-type]
    for name in given:
        if name not in known and name not in others:
            raise unknown(name, known, "there is no parameter")
    values = {name: known[name].parameter.value(name, facts, value) for name, value in given.items() if name in known}
    return decision(**values, **{name: given[name] for name in others & set(given)})


def unknown(name: str, known: Mapping[str, object], told: str) -> ParameterError:
    close = get_close_matches(name, known, n=1)
    guess = f"; did you mean {close[0]}?" if close else ""
    return ParameterError(f"{told} '{name}' ({', '.join(known)}){guess}")


# What every runbook takes.

APPLY = Declared("apply", "bool", False, Parameter("Apply", "carry the plan out"))
APPROVE = Declared(
    "approve",
    "str",
    "",
    Parameter("Approve", "the digest of a plan that a person agreed to; carries out exactly that plan"),
)


TICKET = Declared(
    "ticket_id",
    "int",
    0,
    Parameter("Ticket", "the number in the ticket's address; 0 takes a practice ticket, on a sandbox alone"),
)


# How values are read.


def staff(case: Case) -> Options:
    return [(agent.name, agent.mail) for agent in case.staff()]


def read_agent(name: str, case: Case, value: object) -> str:
    """The mail of an agent who can take a ticket today."""
    said = words(name, value)
    return agent_named(case, said, name).mail if said else ""


def among(accepted: Sequence[str]) -> Callable[[str, Any, object], str]:
    """One of these words, whatever its case."""
    return lambda name, facts, value: one_of(name, words(name, value), accepted)


def same(accepted: Sequence[str]) -> Callable[[Any], Options]:
    """Options that are shown as they are."""
    return lambda facts: [(word, word) for word in accepted]


def truth(name: str, value: object) -> bool:
    """A bool, or the words true and false (papermill may hand either on); ParameterError for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise ParameterError(f"{name}: {value!r} is neither true nor false; write one of these")


def words(name: str, value: object) -> str:
    """A text parameter, to which a number may have been given; ParameterError for anything else."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ParameterError(f"{name}: {value!r} is not a text; put it in quotes")
    return str(value).encode("utf-8", "replace").decode().strip()  # half a character is none


def approval(value: object) -> str:
    digest = words("approve", value)
    if digest and not digest.startswith("p-"):
        raise ParameterError(
            f"approve: {digest!r} is not a plan's digest; copy the one beginning with p- from the plan"
        )
    return digest


def agent_named(case: Case, name: str, parameter: str = "agent") -> Agent:
    """The agent of that name, first name, mail or id who can take a ticket today."""
    handles = {str(agent.id): agent for agent in case.staff()}
    return _named(handles, case.staff(), name, f"{parameter}: '{name}'", ("agent", "of the helpdesk"))


def person_named(people: Sequence[Person], name: str, parameter: str) -> Person:
    """One of the staff in organization.yaml, by name, first name, mail or login in the tracker."""
    handles = {person.login.lower(): person for person in people if person.login}
    return _named(handles, people, name, f"{parameter}: '{shorten(name, 60)}'", ("person", "of organization.yaml"))


def _named(handles: Mapping[str, P], people: Sequence[P], name: str, said: str, what: tuple[str, str]) -> P:
    if name.lower() in handles:
        return handles[name.lower()]
    for person in people:
        if name.lower() == person.mail.lower() or same_name(person.name, name):
            return person
    first = [person for person in people if same_name(person.name.split()[0], name)]
    if len(first) == 1:
        return first[0]
    known = ", ".join(person.mail for person in people)
    (noun, whose), (count, plural) = what, ("several", "s") if first else ("no", "")
    raise ParameterError(f"{said} is {count} {noun}{plural} {whose}; use one of {known}")


def one_of(parameter: str, value: str, accepted: Sequence[str]) -> str:
    """The accepted word that was meant, whatever its case; empty stays empty."""
    found = next((word for word in accepted if word.lower() == value.lower()), "")
    if value and not found:
        raise ParameterError(
            f"{parameter}: '{value}' is not accepted; use one of {', '.join(accepted)}, or leave it empty"
        )
    return found


def whole(parameter: str, value: object, most: int) -> int:
    """A whole number from 0 to `most`, also given as text; empty is 0."""
    if value is None or value == "":
        return 0
    text = str(value).strip().removesuffix(".0")
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ParameterError(f"{parameter}: {value!r} is not a whole number from 0 to {most}")
    return int(text)


def find_community(known: Sequence[Community], name: str) -> Community:
    """The community of that name; ParameterError where there is none."""
    from deskbook.model.case import mentions

    for community in known:
        if same_name(community.name, name):
            return community
    close = [community.name for community in known if mentions(community.name, name)][:5]
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ParameterError(
        f"community: the helpdesk has no company called '{name}'{hint} Give its name as written there."
    )


def ticket_number(value: int | str) -> int:
    """A ticket's number from a parameter; ParameterError for anything that is none."""
    if (
        isinstance(value, bool)
        or not str(value).strip().isascii()
        or not str(value).strip().isdigit()
        or int(value) < 1
    ):
        raise ParameterError(f"ticket_id: {value!r} is not a ticket number; give the number in the ticket's address")
    return int(value)

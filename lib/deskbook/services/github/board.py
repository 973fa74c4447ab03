"""Read and set the fields of the project board, by GitHub's GraphQL API.

Values are text as people read them: an option's name, a number, an iteration's title, a text. The query that reads them
tells for many issues at once since when they are assigned, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from deskbook.config.organization import Tracker
from deskbook.errors import NotFound, Refused
from deskbook.services import reply

BENT = ValueError  # what a field makes that is not GitHub's; the adapter says of which call
Node = Mapping[str, Any]

AT_ONCE = 50  # issues in one query
SHOWN = 12  # options in an error; the iterations of a board are many, the running and coming ones first

_FOUND = """
fragment found on Issue {
  id
  timelineItems(last: 100, itemTypes: [ASSIGNED_EVENT, UNASSIGNED_EVENT]) {
    nodes {
      __typename
      ... on AssignedEvent { createdAt assignee { ... on Actor { login } } }
      ... on UnassignedEvent { createdAt assignee { ... on Actor { login } } }
    }
  }
  projectItems(first: 20, includeArchived: false) {
    nodes {
      id
      project { number owner { ... on Organization { login } ... on User { login } } }
      fieldValues(first: 50) {
        nodes {
          ... on ProjectV2ItemFieldValueCommon { field { ... on ProjectV2FieldCommon { name } } }
          ... on ProjectV2ItemFieldTextValue { text }
          ... on ProjectV2ItemFieldNumberValue { number }
          ... on ProjectV2ItemFieldSingleSelectValue { name }
          ... on ProjectV2ItemFieldIterationValue { title }
        }
      }
    }
  }
}
"""
_PROJECT = """
query($login: String!, $number: Int!) {
  %s(login: $login) {
    projectV2(number: $number) {
      id
      viewerCanUpdate
      fields(first: 100) {
        nodes {
          ... on ProjectV2FieldCommon { id name dataType }
          ... on ProjectV2SingleSelectField { options { id name } }
          ... on ProjectV2IterationField {
            configuration { iterations { id title } completedIterations { id title } }
          }
        }
      }
    }
  }
}
"""
_ADD = """
mutation($project: ID!, $issue: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $issue}) { item { id } }
}
"""
_UPDATE = """
mutation($project: ID!, $item: ID!, $field: ID!, $value: ProjectV2FieldValue!) {
  updateProjectV2ItemFieldValue(input: {projectId: $project, itemId: $item, fieldId: $field, value: $value}) {
    projectV2Item { id }
  }
}
"""


class Ask(Protocol):
    """Asks GitHub's GraphQL; the answer's data, or a ServiceError that begins with `what`."""

    def __call__(self, query: str, variables: Mapping[str, Any], what: str, write: bool = False) -> Any: ...


@dataclass(frozen=True)
class _Field:
    """A field of the board. `choices` are the ids of its options or iterations, by name."""

    id: str
    name: str
    kind: str
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where an issue stands: its own id, its item on the board with the values of its fields, and since when it is assigned.

    `item` and `values` are None where it is not on the board.
    """

    issue: str
    item: str | None
    values: Mapping[str, str] | None
    assigned: datetime | None


class ProjectBoard:
    def __init__(self, ask: Ask, tracker: Tracker) -> None:
        assert tracker.board is not None
        self._ask = ask
        self._board = tracker.board
        self._owner, self._name = tracker.repository.split("/")

    def read(self, numbers: Sequence[int]) -> dict[int, Place]:
        """Where these issues stand; those that are not there are left out."""
        return self._places(numbers, "the board")

    def set(self, number: int, values: Mapping[str, str], was: Mapping[str, str] | None = None) -> None:
        """Put an issue on the board and set these fields; what reads so already is left alone.

        Refused, before anything is written, where a field or an option is not there, or somebody has moved it since it
        read as in `was`; and where it then reads otherwise.
        """
        what = f"the board's fields of issue {number}"
        project, fields = self._project(what)
        wanted = [(self._field(fields, name, what), value.strip()) for name, value in values.items()]
        wishes = [(field, _wish(field, value, what)) for field, value in wanted]
        place = self._place(number, what)
        for field, value in wanted:
            now = (place.values or {}).get(field.name, "")
            if was is not None and not _reads(place.values or {}, field, value) and now != was.get(field.name, ""):
                raise _refused(what, f"{field.name} reads '{now}' by now: somebody moved it, and it was left so", field)
        item = place.item or self._add(project, place.issue, what)
        for (field, value), (_, wish) in zip(wanted, wishes, strict=True):
            if not _reads(place.values or {}, field, value):
                variables = {"project": project, "item": item, "field": field.id, "value": wish}
                self._ask(_UPDATE, variables, f"{what}: {field.name}", write=True)
        after = self._place(number, what).values or {}
        for field, value in wanted:
            if not _reads(after, field, value):
                told = after.get(field.name, "nothing")
                raise _refused(what, f"{field.name} was set to '{value}', and reads '{told}'", field)

    def options(self) -> dict[str, tuple[str, ...]]:
        """What each field may be set to: the names of its options or iterations, none where it takes a number or a text."""
        return {field.name: tuple(field.choices) for field in self._project("the board")[1]}

    def may_change(self) -> bool:
        return reply.must(BENT, self._found("the board"), "viewerCanUpdate", bool)

    def _places(self, numbers: Sequence[int], what: str) -> dict[int, Place]:
        found: dict[int, Place] = {}
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            asked = " ".join(f"i{number}: issue(number: {number}) {{ ...found }}" for number in some)
            head = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) "
            query = f"{head}{{ {asked} }} }}{_FOUND}"
            data = self._ask(query, {"owner": self._owner, "name": self._name}, what)
            there = part(data, "repository")
            found |= {n: self._read(record) for n in some if (record := reply.maybe(BENT, there, f"i{n}", dict))}
        return found

    def _place(self, number: int, what: str) -> Place:
        place = self._places([number], what).get(number)
        if place is None:
            raise NotFound(f"GitHub: {what}: there is no such issue. Check its number.")
        return place

    def _read(self, record: Node) -> Place:
        assigned = assigned_since(_history(nodes(record, "timelineItems")))
        issue = reply.must(BENT, record, "id", str)
        for item in nodes(record, "projectItems"):
            project = reply.maybe(BENT, item, "project", dict) or {}
            owner = login_in(project, "owner")
            if (
                project
                and reply.number(BENT, project, "number") == self._board.number
                and _same(owner, self._board.owner)
            ):
                told = (_told(node) for node in nodes(item, "fieldValues"))
                return Place(issue, reply.must(BENT, item, "id", str), dict(pair for pair in told if pair), assigned)
        return Place(issue, None, None, assigned)

    def _project(self, what: str) -> tuple[str, tuple[_Field, ...]]:
        project = self._found(what)
        return reply.must(BENT, project, "id", str), tuple(_field(node) for node in nodes(project, "fields"))

    def _found(self, what: str) -> Node:
        variables = {"login": self._board.owner, "number": self._board.number}
        for kind in ("organization", "user"):  # either may own a board
            try:
                data = self._ask(_PROJECT % kind, variables, what)
            except NotFound:
                continue
            owner = reply.maybe(BENT, data, kind, dict) or {}
            if project := reply.maybe(BENT, owner, "projectV2", dict):
                return project
        text = f"{self._board.owner} has no project {self._board.number}, or GITHUB_TOKEN may not see it"
        raise NotFound(f"GitHub: {what}: {text}. Check tracker/board.")

    def _add(self, project: str, issue: str, what: str) -> str:
        data = self._ask(_ADD, {"project": project, "issue": issue}, what, write=True)
        return reply.must(BENT, part(part(data, "addProjectV2ItemById"), "item"), "id", str)

    def _field(self, fields: Sequence[_Field], name: str, what: str) -> _Field:
        for field in fields:
            if field.name.lower() == name.strip().lower():
                return field
        known = ", ".join(field.name for field in fields)
        raise Refused(
            f"GitHub: {what}: the board has no field '{name}'. Its fields: {known}. Correct tracker/board in organization.yaml, or add the field."
        )


def assigned_since(history: Iterable[tuple[datetime, str, str]]) -> datetime | None:
    """When somebody was assigned first since nobody was; None where nobody is. The history is moment, verb and login."""
    since: datetime | None = None
    holding: set[str] = set()
    for moment, verb, login in history:
        if verb == "assigned":
            since = since if holding else moment
            holding.add(login)
        elif verb == "unassigned":
            holding.discard(login)
    return since if holding else None


def _history(nodes: Iterable[Node]) -> Iterator[tuple[datetime, str, str]]:
    for node in nodes:
        kind = reply.must(BENT, node, "__typename", str)
        verb = {"AssignedEvent": "assigned", "UnassignedEvent": "unassigned"}[kind]
        yield reply.moment(BENT, node, "createdAt"), verb, login_in(node, "assignee")


def login_in(record: Node, key: str) -> str:
    """The login of the account that stands there; empty where it is gone."""
    return reply.maybe(BENT, reply.maybe(BENT, record, key, dict) or {}, "login", str) or ""


def login_of(account: Node) -> str:
    return reply.must(BENT, account, "login", str)


def part(record: Any, key: str) -> dict[str, Any]:
    return reply.must(BENT, record, key, dict)


def nodes(record: Any, key: str) -> list[dict[str, Any]]:
    """What a connection holds; nodes that we may not see come as null, those of other kinds as nothing."""
    nodes = reply.must(BENT, part(record, key), "nodes", list)
    return list(reply.objects(BENT, {key: [node for node in nodes if node is not None and node != {}]}, key))


def _field(node: Node) -> _Field:
    configuration = reply.maybe(BENT, node, "configuration", dict) or {}
    iterations = [
        each for key in ("iterations", "completedIterations") for each in reply.objects(BENT, configuration, key)
    ]
    id, name, title = (partial(reply.must, BENT, key=key, kind=str) for key in ("id", "name", "title"))
    choices = {name(option): id(option) for option in reply.objects(BENT, node, "options")}
    choices |= {title(one): id(one) for one in iterations}
    return _Field(id(node), name(node), reply.must(BENT, node, "dataType", str), choices)


def _told(node: Node) -> tuple[str, str] | None:
    """A field's name and its value as text; None for kinds that we do not read, such as dates and labels."""
    field = reply.maybe(BENT, node, "field", dict) or {}
    name = reply.maybe(BENT, field, "name", str) or ""
    for key in ("name", "title", "text"):
        if (text := reply.maybe(BENT, node, key, str)) is not None:
            return name, text
    number = node.get("number")
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise BENT(f"'number' is {reply.shown(number)}, which is no number")
    return name, str(int(number) if float(number).is_integer() else number)


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _wish(field: _Field, value: str, what: str) -> dict[str, Any]:
    """The value as GitHub wants it; Refused where the field cannot hold it."""
    if field.kind in ("SINGLE_SELECT", "ITERATION"):
        key = "singleSelectOptionId" if field.kind == "SINGLE_SELECT" else "iterationId"
        for name, id in field.choices.items():
            if name.lower() == value.lower():
                return {key: id}
        raise _refused(what, f"{field.name} cannot be '{value}'", field)
    if field.kind == "TEXT":
        return {"text": value}
    try:
        return {"number": _number(field, value)}
    except ValueError:
        raise _refused(what, f"{field.name} cannot be '{value}'", field) from None


def _number(field: _Field, value: str) -> float:
    if field.kind != "NUMBER" or not value.isascii():
        raise ValueError
    number = float(value)
    if not abs(number) < 1e9:
        raise ValueError
    return number


def _reads(values: Mapping[str, str], field: _Field, value: str) -> bool:
    told = values.get(field.name)
    if told is None:
        return False
    return float(told) == float(value) if field.kind == "NUMBER" else told.lower() == value.lower()


def _refused(what: str, why: str, field: _Field) -> Refused:
    kinds = {"NUMBER": "a number", "TEXT": "a text"}
    some = [*list(field.choices)[:SHOWN], *(["and others"] if len(field.choices) > SHOWN else [])]
    options = ", ".join(some) or kinds.get(field.kind, "nothing that can be set from here")
    return Refused(f"GitHub: {what}: {why}. It takes: {options}.")

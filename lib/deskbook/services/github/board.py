"""Read and set the fields of the project board, by GitHub's GraphQL API.

Values are text as people read them: an option's name, a number, an iteration's title, a text. The query that reads them
tells for many issues at once since when they are assigned, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from deskbook.config.organization import Tracker
from deskbook.errors import NotFound, Refused

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
        return self._found("the board").get("viewerCanUpdate") is True

    def _places(self, numbers: Sequence[int], what: str) -> dict[int, Place]:
        found: dict[int, Place] = {}
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            asked = " ".join(f"i{number}: issue(number: {number}) {{ ...found }}" for number in some)
            head = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) "
            query = f"{head}{{ {asked} }} }}{_FOUND}"
            data = self._ask(query, {"owner": self._owner, "name": self._name}, what)
            found |= {n: self._read(record) for n in some if (record := data["repository"][f"i{n}"])}
        return found

    def _place(self, number: int, what: str) -> Place:
        place = self._places([number], what).get(number)
        if place is None:
            raise NotFound(f"GitHub: {what}: there is no such issue. Check its number.")
        return place

    def _read(self, record: Mapping[str, Any]) -> Place:
        assigned = assigned_since(_history(record["timelineItems"]["nodes"]))
        for item in record["projectItems"]["nodes"]:
            project = (item or {}).get("project") or {}
            owner = str((project.get("owner") or {}).get("login"))
            if project.get("number") == self._board.number and owner.lower() == self._board.owner.lower():
                told = (_told(node) for node in item["fieldValues"]["nodes"] if node)
                return Place(str(record["id"]), str(item["id"]), dict(pair for pair in told if pair), assigned)
        return Place(str(record["id"]), None, None, assigned)

    def _project(self, what: str) -> tuple[str, tuple[_Field, ...]]:
        project = self._found(what)
        return str(project["id"]), tuple(_field(node) for node in project["fields"]["nodes"] if node)

    def _found(self, what: str) -> Mapping[str, Any]:
        variables = {"login": self._board.owner, "number": self._board.number}
        for kind in ("organization", "user"):  # either may own a board
            try:
                data = self._ask(_PROJECT % kind, variables, what)
            except NotFound:
                continue
            if project := (data[kind] or {}).get("projectV2"):
                found: Mapping[str, Any] = project
                return found
        text = f"{self._board.owner} has no project {self._board.number}, or GITHUB_TOKEN may not see it"
        raise NotFound(f"GitHub: {what}: {text}. Check tracker/board.")

    def _add(self, project: str, issue: str, what: str) -> str:
        data = self._ask(_ADD, {"project": project, "issue": issue}, what, write=True)
        return str(data["addProjectV2ItemById"]["item"]["id"])

    def _field(self, fields: Sequence[_Field], name: str, what: str) -> _Field:
        for field in fields:
            if field.name.lower() == name.strip().lower():
                return field
        known = ", ".join(field.name for field in fields)
        raise Refused(
            f"GitHub: {what}: the board has no field '{name}'. Its fields: {known}. Correct tracker/board in organization.yaml, or add the field."
        )


def assigned_since(history: Iterable[tuple[str, str, str]]) -> datetime | None:
    """When somebody was assigned first since nobody was; None where nobody is. The history is moment, verb and login."""
    since: datetime | None = None
    holding: set[str] = set()
    for moment, verb, login in history:
        if verb == "assigned":
            since = since if holding else datetime.fromisoformat(moment).astimezone(UTC)
            holding.add(login)
        elif verb == "unassigned":
            holding.discard(login)
    return since if holding else None


def _history(nodes: Iterable[Mapping[str, Any] | None]) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        if node:
            verb = {"AssignedEvent": "assigned", "UnassignedEvent": "unassigned"}[node["__typename"]]
            yield str(node["createdAt"]), verb, str((node["assignee"] or {}).get("login"))


def _field(node: Mapping[str, Any]) -> _Field:
    configuration = node.get("configuration") or {}
    iterations = (*configuration.get("iterations", ()), *configuration.get("completedIterations", ()))
    choices = {str(option["name"]): str(option["id"]) for option in node.get("options") or ()}
    choices |= {str(one["title"]): str(one["id"]) for one in iterations}
    return _Field(str(node["id"]), str(node["name"]), str(node["dataType"]), choices)


def _told(node: Mapping[str, Any]) -> tuple[str, str] | None:
    """A field's name and its value as text; None for kinds that we do not read, such as dates and labels."""
    name = (node.get("field") or {}).get("name")
    for key in ("name", "title", "text"):
        if node.get(key) is not None:
            return str(name), str(node[key])
    number = node.get("number")
    return None if number is None else (str(name), str(int(number) if float(number).is_integer() else number))


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

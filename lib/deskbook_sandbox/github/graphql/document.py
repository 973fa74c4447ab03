"""Reading GraphQL: a document of operations and fragments as plain records. No subscriptions, no type definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEEPEST = 40

_TOKEN = re.compile(
    r'(?P<skip>[\s,\ufeff]+|#[^\n]*)|(?P<block>"""(?:[^"\\]|\\.|"(?!""))*""")|(?P<string>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[_A-Za-z]\w*)|(?P<sign>\.\.\.|[{}()\[\]:=!$@|&])",
    re.ASCII | re.DOTALL,
)


class GraphqlError(Exception):
    """One entry of `errors`; `more` holds its type, extensions, path or locations."""

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message)
        self.entry = {**more, "message": message}


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Field:
    name: str
    alias: str
    arguments: Mapping[str, Any]
    selections: tuple[Selection, ...]
    directives: Mapping[str, Mapping[str, Any]]
    place: Mapping[str, int]


@dataclass(frozen=True)
class Fragment:
    """Selections that apply to objects of the type `on` (of any, where it is empty)."""

    on: str
    selections: tuple[Selection, ...]
    directives: Mapping[str, Mapping[str, Any]]
    place: Mapping[str, int]


@dataclass(frozen=True)
class Spread:
    name: str
    directives: Mapping[str, Mapping[str, Any]]
    place: Mapping[str, int]


Selection = Field | Fragment | Spread


@dataclass(frozen=True)
class Operation:
    kind: str
    name: str
    variables: Mapping[str, tuple[bool, Any]]  # name: whether a value is required, and the default
    selections: tuple[Selection, ...]


@dataclass(frozen=True)
class Document:
    operations: tuple[Operation, ...]
    fragments: Mapping[str, Fragment]


# Reading


@dataclass
class _Reader:
    """The tokens of a document and how far we have read."""

    tokens: Sequence[tuple[str, str, dict[str, int]]]
    at: int = 0

    def peek(self) -> str:
        return self.tokens[self.at][1]

    def kind(self) -> str:
        return self.tokens[self.at][0]

    def place(self) -> dict[str, int]:
        return self.tokens[self.at][2]

    def take(self, wanted: str = "") -> str:
        """The next token, which must be `wanted`: a sign, or `name`."""
        kind, value, place = self.tokens[self.at]
        if wanted and wanted != (kind if wanted == "name" else value):
            shown = "NAME" if wanted == "name" else f'"{wanted}"'
            raise GraphqlError(
                f"Expected {shown}, actual: {value or 'end of document'!r} at [{place['line']}, {place['column']}]",
                locations=[place],
            )
        self.at += 1
        return value

    def had(self, sign: str) -> bool:
        if self.kind() in ("sign", "name") and self.peek() == sign:
            self.at += 1
            return True
        return False


def parse(text: str) -> Document:
    reader = _Reader(_tokens(text))
    operations: list[Operation] = []
    fragments: dict[str, Fragment] = {}
    while reader.kind() != "end":
        if reader.had("fragment"):
            place = reader.place()
            name = reader.take("name")
            reader.take("on")
            fragments[name] = Fragment(reader.take("name"), _selections(reader, 0), {}, place)
        else:
            operations.append(_operation(reader))
    if not operations:
        raise GraphqlError("Unexpected end of document", locations=[])
    return Document(tuple(operations), fragments)


def _tokens(text: str) -> list[tuple[str, str, dict[str, int]]]:
    found = []
    at, line, start = 0, 1, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        place = {"line": line, "column": at - start + 1}
        if match is None:
            raise GraphqlError(f"Parse error on {text[at]!r} at [{line}, {place['column']}]", locations=[place])
        if match.lastgroup != "skip":
            found.append((str(match.lastgroup), match[0], place))
        line += match[0].count("\n")
        if "\n" in match[0]:
            start = at + match[0].rindex("\n") + 1
        at = match.end()
    return [*found, ("end", "", {"line": line, "column": at - start + 1})]


def _operation(reader: _Reader) -> Operation:
    if reader.peek() == "{":
        return Operation("query", "", {}, _selections(reader, 0))
    kind = reader.take("name")
    if kind not in ("query", "mutation"):
        raise GraphqlError(f"Parse error on {kind!r}: expected query or mutation", locations=[reader.place()])
    name = reader.take("name") if reader.kind() == "name" else ""
    variables: dict[str, tuple[bool, Any]] = {}
    if reader.had("("):
        while not reader.had(")"):
            reader.take("$")
            variable = reader.take("name")
            reader.take(":")
            required = _type(reader, 0)
            default = _value(reader, 0) if reader.had("=") else None
            variables[variable] = (required and default is None, default)
    _directives(reader)
    return Operation(kind, name, variables, _selections(reader, 0))


def _type(reader: _Reader, depth: int) -> bool:
    """Read a type; whether it ends in `!`."""
    _not_too(depth)
    if reader.had("["):
        _type(reader, depth + 1)
        reader.take("]")
    else:
        reader.take("name")
    return reader.had("!")


def _selections(reader: _Reader, depth: int) -> tuple[Selection, ...]:
    _not_too(depth)
    reader.take("{")
    found: list[Selection] = []
    while not reader.had("}"):
        place = reader.place()
        if reader.had("..."):
            if reader.kind() == "name" and reader.peek() != "on":
                found.append(Spread(reader.take("name"), _directives(reader), place))
            else:
                on = reader.take("name") if reader.had("on") else ""
                directives = _directives(reader)
                found.append(Fragment(on, _selections(reader, depth + 1), directives, place))
            continue
        name = alias = reader.take("name")
        if reader.had(":"):
            name = reader.take("name")
        arguments = _arguments(reader)
        directives = _directives(reader)
        below = _selections(reader, depth + 1) if reader.peek() == "{" else ()
        found.append(Field(name, alias, arguments, below, directives, place))
    return tuple(found)


def _arguments(reader: _Reader) -> dict[str, Any]:
    found = {}
    if reader.had("("):
        while not reader.had(")"):
            name = reader.take("name")
            reader.take(":")
            found[name] = _value(reader, 0)
    return found


def _directives(reader: _Reader) -> dict[str, dict[str, Any]]:
    found = {}
    while reader.had("@"):
        name = reader.take("name")
        found[name] = _arguments(reader)
    return found


def _value(reader: _Reader, depth: int) -> Any:
    _not_too(depth)
    if reader.had("$"):
        return Variable(reader.take("name"))
    if reader.had("["):
        items = []
        while not reader.had("]"):
            items.append(_value(reader, depth + 1))
        return items
    if reader.had("{"):
        entries = {}
        while not reader.had("}"):
            name = reader.take("name")
            reader.take(":")
            entries[name] = _value(reader, depth + 1)
        return entries
    kind, place = reader.kind(), reader.place()
    token = reader.take()
    match kind:
        case "number":
            return _number(token, place)
        case "block":
            return token[3:-3].replace('\\"""', '"""')
        case "string":
            try:
                return json.loads(token)
            except ValueError:
                raise GraphqlError(f"Parse error on bad string {token[:40]}", locations=[place]) from None
        case "name":
            return {"true": True, "false": False, "null": None}.get(token, token)
    raise GraphqlError(f"Expected a value, actual: {token or 'end of document'!r}", locations=[place])


def _number(token: str, place: dict[str, int]) -> int | float:
    if len(token) > 40:
        raise GraphqlError("Parse error on a number that is too long", locations=[place])
    return int(token) if re.fullmatch(r"-?\d+", token) else float(token)


def _not_too(depth: int) -> None:
    if depth > DEEPEST:
        raise GraphqlError(f"Query has depth of more than {DEEPEST}, which exceeds max depth", locations=[])

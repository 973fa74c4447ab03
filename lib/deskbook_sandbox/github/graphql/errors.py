"""Word graphql-core's errors as GitHub does; the words are in `errors.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import graphql as core
import yaml
from graphql.utilities import validate_input_value

from deskbook_sandbox.github.calls import Json


def plain(message: str) -> Json:
    return {"message": message, "locations": []}


def unreadable(error: core.GraphQLSyntaxError) -> Json:
    """What is no GraphQL, and the line and column where it ceases to be."""
    place = (error.locations or [core.SourceLocation(1, 1)])[0]
    message = _said(error.message)["message"].removesuffix(".")
    return {"message": f"{message} at [{place.line}, {place.column}]", "locations": [place.formatted]}


def misfits(document: core.DocumentNode, errors: Iterable[core.GraphQLError]) -> list[Json]:
    """What does not fit the schema. All arguments that one field lacks are one entry."""
    told: dict[tuple[str, str], Json] = {}
    for entry in (_misfit(document, error) for error in errors):
        lacking = entry.get("extensions", {}).get("arguments", "")
        key = (str(entry.get("locations")), entry["message"].removesuffix(lacking))
        if lacking and key in told:
            told[key]["message"] += f", {lacking}"
            told[key]["extensions"]["arguments"] += f", {lacking}"
        else:
            told[key] = entry
    return list(told.values())


def _misfit(document: core.DocumentNode, error: core.GraphQLError) -> Json:
    nodes: Sequence[Any] = [one for one in error.nodes or () if one.loc]
    if not nodes:
        return plain(_said(f"document: {error.message}")["message"])
    node = next((one for one in nodes if not isinstance(one, core.VariableDefinitionNode)), nodes[0])
    around = list(_around(document.definitions, node))
    variable = [one.variable.name.value for one in around if isinstance(one, core.VariableDefinitionNode)]
    given = [one for one in around if isinstance(one, core.ArgumentNode | core.ObjectFieldNode)]
    names = {"argument": given[-1].name.value, "value": core.print_ast(given[-1].value)} if given else {}
    said = _said(f"${variable[0]}: {error.message}" if variable else error.message, names)
    place = next((one for one in reversed(around) if _label(one) or isinstance(one, core.VariableDefinitionNode)), node)
    path = [label for label in map(_label, around) if label]
    return dict(core.GraphQLError(said.pop("message"), place, path=path, extensions=said).formatted)


def wrong_variables(
    schema: core.GraphQLSchema, operation: core.OperationDefinitionNode, values: Mapping[str, Any]
) -> list[Json]:
    """The variables that have a value which their type does not take, or none which it needs."""
    found = []
    for one in operation.variable_definitions or ():
        name = one.variable.name.value
        kind: Any = core.type_from_ast(schema, one.type)
        problems: list[Json] = []

        def on_error(error: core.GraphQLError, path: list[str | int], problems: list[Json] = problems) -> None:
            problems.append({"path": path, "explanation": _said(f"value: {error.message}")["message"]})

        if name in values or not one.default_value:
            validate_input_value(values.get(name), kind, on_error)
        if problems:
            inner = [f"{'.'.join(map(str, p['path']))} ({p['explanation']})" for p in problems if p["path"]]
            message = f"Variable ${name} of type {kind} was provided invalid value"
            message += f" for {', '.join(inner)}" if inner else ""
            extensions = {"value": values.get(name), "problems": problems}
            found.append(dict(core.GraphQLError(message, one, extensions=extensions).formatted))
    return found


@cache
def _words() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    rows = yaml.safe_load(Path(__file__).with_name("errors.yaml").read_text(encoding="utf-8"))
    return [(re.compile(row.pop("finds"), re.DOTALL), row) for row in rows]


def _said(text: str, names: Mapping[str, str] = {}) -> dict[str, str]:
    """GitHub's message, and what stands beside it; the text itself if there are no words for it."""
    for finds, says in _words():
        if match := finds.match(text):
            return {key: words.format(**names, **match.groupdict()) for key, words in says.items()}
    return {"message": text}


def _around(among: Sequence[Any], node: Any) -> Iterator[Any]:
    """The nodes that hold this one, outermost first, itself last."""
    for one in among:
        if one.loc.start <= node.loc.start and node.loc.end <= one.loc.end:
            yield one
            parts = [getattr(one, key) for key in one.keys if one is not node]
            below = [child for part in parts for child in (part if isinstance(part, tuple) else (part,))]
            yield from _around([child for child in below if isinstance(child, core.Node)], node)
            return


def _label(node: Any) -> str:
    """How a path calls a node; empty for one that it passes over."""
    match node:
        case core.OperationDefinitionNode():
            return f"{node.operation.value} {node.name.value}" if node.name else str(node.operation.value)
        case core.FragmentDefinitionNode():
            return f"fragment {node.name.value}"
        case core.InlineFragmentNode():
            return f"... on {node.type_condition.name.value}" if node.type_condition else "..."
        case core.FragmentSpreadNode():
            return f"... {node.name.value}"
        case core.FieldNode() | core.ArgumentNode() | core.ObjectFieldNode():
            return str((getattr(node, "alias", None) or node.name).value)
    return ""

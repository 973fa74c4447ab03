"""A small GraphQL engine: checks an operation against a table of types, and answers it from plain objects.

Types are rows of text such as `"Query": "node(id!):Node viewer:User"`. Introspection and input types are not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deskbook_sandbox.github.graphql.document import (
    Document,
    Field,
    Fragment,
    GraphqlError,
    Operation,
    Selection,
    Spread,
    Variable,
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """A field of a type: the arguments that it takes, those that it needs, and its own type (empty for a scalar)."""

    arguments: frozenset[str]
    needed: frozenset[str]
    type: str


@dataclass(frozen=True)
class Schema:
    types: Mapping[str, Mapping[str, Member]]
    members: Mapping[str, frozenset[str]]  # the types of an interface or a union

    def fits(self, kind: str, on: str) -> bool:
        return on in ("", kind) or kind in self.members.get(on, ())


def schema(rows: Mapping[str, str], members: Mapping[str, str]) -> Schema:
    """A schema from rows of text, such as `issue(number!):Issue title` for a type's fields."""
    types = {}
    for name, row in rows.items():
        found = {}
        for match in re.finditer(r"(\w+)(?:\(([^)]*)\))?(?::(\w+))?", row):
            given = [part for part in (match[2] or "").split(",") if part]
            found[match[1]] = Member(
                frozenset(part.rstrip("!") for part in given),
                frozenset(part.rstrip("!") for part in given if part.endswith("!")),
                match[3] or "",
            )
        types[name] = found
    return Schema(types, {name: frozenset(row.split()) for name, row in members.items()})


# Checking


@dataclass(frozen=True)
class _Check:
    document: Document
    operation: Operation
    types: Schema
    errors: list[Json]


def check(document: Document, operation: Operation, types: Schema) -> list[Json]:
    """What is wrong with an operation before anything runs: unknown fields, arguments, fragments and variables."""
    run = _Check(document, operation, types, [])
    _check_all(run, operation.selections, operation.kind.capitalize(), [operation.kind], ())
    return run.errors


def _check_all(
    run: _Check, selections: Sequence[Selection], kind: str, path: list[str], inside: tuple[str, ...]
) -> None:
    """`inside` names the fragments that led here, so that a circle of them ends."""
    for selection in selections:
        if isinstance(selection, Spread):
            fragment = run.document.fragments.get(selection.name)
            if fragment is None or selection.name in inside:
                problem = "was used, but not defined" if fragment is None else "contains an infinite loop"
                message = f"Fragment {selection.name} {problem}"
                run.errors.append(_wrong(selection, path, "useAndDefineFragment", message))
            else:
                _check_fragment(run, fragment, kind, path, (*inside, selection.name))
        elif isinstance(selection, Fragment):
            _check_fragment(run, selection, kind, path, inside)
        elif selection.name != "__typename":
            _check_field(run, selection, kind, [*path, selection.alias], inside)


def _check_fragment(run: _Check, fragment: Fragment, kind: str, path: list[str], inside: tuple[str, ...]) -> None:
    if fragment.on and fragment.on not in run.types.types:
        message = f"No such type {fragment.on}, so it can't be a fragment condition"
        run.errors.append(_wrong(fragment, path, "undefinedType", message, typeName=fragment.on))
    else:
        below = [*path, f"... on {fragment.on}"] if fragment.on else path
        _check_all(run, fragment.selections, fragment.on or kind, below, inside)


def _check_field(run: _Check, chosen: Field, kind: str, path: list[str], inside: tuple[str, ...]) -> None:
    member = run.types.types[kind].get(chosen.name)
    if member is None:
        message = f"Field '{chosen.name}' doesn't exist on type '{kind}'"
        run.errors.append(_wrong(chosen, path, "undefinedField", message, typeName=kind, fieldName=chosen.name))
        return
    for name in sorted(set(chosen.arguments) - member.arguments):
        message = f"Field '{chosen.name}' doesn't accept argument '{name}'"
        run.errors.append(_wrong(chosen, path, "argumentNotAccepted", message, name=chosen.name, argumentName=name))
    missing = ", ".join(sorted(member.needed - set(chosen.arguments)))
    if missing:
        message = f"Field '{chosen.name}' is missing required arguments: {missing}"
        run.errors.append(_wrong(chosen, path, "missingRequiredArguments", message, arguments=missing))
    for name in sorted(_variables(chosen.arguments) - set(run.operation.variables)):
        message = f"Variable ${name} is used by {run.operation.name or 'anonymous query'} but not declared"
        run.errors.append(_wrong(chosen, path, "variableNotDefined", message, variableName=name))
    if member.type and not chosen.selections:
        message = (
            f"Field must have selections (field '{chosen.name}' returns {member.type} but has no selections."
            f" Did you mean '{chosen.name} {{ ... }}'?)"
        )
        run.errors.append(_wrong(chosen, path, "selectionMismatch", message))
    elif chosen.selections and not member.type:
        message = f"Selections can't be made on scalars (field '{chosen.name}' returns a scalar but has selections)"
        run.errors.append(_wrong(chosen, path, "selectionMismatch", message))
    elif member.type:
        _check_all(run, chosen.selections, member.type, path, inside)


def _wrong(selection: Selection, path: list[str], code: str, message: str, **extensions: Any) -> Json:
    return {
        "path": path,
        "extensions": {"code": code, **extensions},
        "locations": [dict(selection.place)],
        "message": message,
    }


def _variables(value: Any) -> set[str]:
    if isinstance(value, Variable):
        return {value.name}
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for item in items for name in _variables(item)}


# Answering


@dataclass
class _Run:
    document: Document
    types: Schema
    variables: Mapping[str, Any]
    errors: list[Json] = field(default_factory=list)


def given(operation: Operation, values: Mapping[str, Any]) -> Json:
    """The variables with their defaults; GraphqlError names one that is required and not there."""
    found = {}
    for name, (required, default) in operation.variables.items():
        if required and values.get(name) is None:
            problem = {"path": [], "explanation": "Expected value to not be null"}
            raise GraphqlError(
                f"Variable ${name} was provided invalid value",
                extensions={"value": None, "problems": [problem]},
                locations=[],
            )
        found[name] = values.get(name, default)
    return found


def execute(
    document: Document, operation: Operation, types: Schema, variables: Mapping[str, Any], root: Mapping[str, Any]
) -> Json:
    """The answer, data and errors. An object is a mapping with `__typename`; its values may be functions of arguments."""
    run = _Run(document, types, variables)
    data = _object(run, operation.selections, root, [])
    return {"data": data, "errors": run.errors} if run.errors else {"data": data}


def _object(run: _Run, selections: Sequence[Selection], value: Mapping[str, Any], path: list[str | int]) -> Json:
    found: Json = {}
    for selection in selections:
        if not _wanted(run, selection.directives):
            continue
        if isinstance(selection, Field):
            here = [*path, selection.alias]
            answer = _field(run, selection, value, here)
            before = found.get(selection.alias)
            found[selection.alias] = _merged(before, answer)
            continue
        fragment = run.document.fragments[selection.name] if isinstance(selection, Spread) else selection
        if run.types.fits(value["__typename"], fragment.on):
            for alias, answer in _object(run, fragment.selections, value, path).items():
                found[alias] = _merged(found.get(alias), answer)
    return found


def _merged(before: Any, answer: Any) -> Any:
    """Two answers to the same field, asked for twice with different selections."""
    if isinstance(before, dict) and isinstance(answer, dict):
        return {key: _merged(before.get(key), answer.get(key, before.get(key))) for key in {**before, **answer}}
    if isinstance(before, list) and isinstance(answer, list) and len(before) == len(answer):
        return [_merged(one, other) for one, other in zip(before, answer, strict=True)]
    return answer


def _field(run: _Run, chosen: Field, value: Mapping[str, Any], path: list[str | int]) -> Any:
    try:
        answer = value[chosen.name]
        if callable(answer):
            answer = answer(_filled(chosen.arguments, run.variables))
        return _complete(run, chosen, answer, path)
    except GraphqlError as error:
        run.errors.append({"path": path, "locations": [dict(chosen.place)], **error.entry})
        return None


def _complete(run: _Run, chosen: Field, answer: Any, path: list[str | int]) -> Any:
    if isinstance(answer, list):
        return [_complete(run, chosen, item, [*path, index]) for index, item in enumerate(answer)]
    if isinstance(answer, Mapping) and chosen.selections:
        return _object(run, chosen.selections, answer, path)
    return answer


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    if isinstance(value, Variable):
        return variables.get(value.name)
    if isinstance(value, dict):
        return {key: _filled(item, variables) for key, item in value.items()}
    return [_filled(item, variables) for item in value] if isinstance(value, list) else value


def _wanted(run: _Run, directives: Mapping[str, Mapping[str, Any]]) -> bool:
    def said(name: str) -> Any:
        return _filled(dict(directives.get(name, {})), run.variables).get("if")

    return said("skip") is not True and said("include") is not False

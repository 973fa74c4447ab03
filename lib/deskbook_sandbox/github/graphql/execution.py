"""Execute a GraphQL operation by graphql-core, against the types in `schema.graphql`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import graphql as core
from graphql.validation import OverlappingFieldsCanBeMergedRule

from deskbook_sandbox.github.calls import Json
from deskbook_sandbox.github.graphql.connections import GraphqlError
from deskbook_sandbox.github.graphql.errors import misfits, plain, unreadable, wrong_variables

DEEPEST = 40


@cache
def _schema() -> core.GraphQLSchema:
    return core.build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))


def execute(query: str, name: Any, variables: Mapping[str, Any], root: Mapping[str, Any]) -> Json:
    """Data and errors. An object is a mapping; its values may be functions of a field's arguments.

    What such a function raises is raised here, if it is no GraphqlError.
    """
    document, wrong = _read(query)
    if wrong:
        return {"errors": wrong}
    operations = [one for one in document.definitions if isinstance(one, core.OperationDefinitionNode)]
    fitting = [one for one in operations if not name or (one.name and one.name.value == name)]
    if len(fitting) != 1:
        return {"errors": [plain("An operation name is required" if fitting else f'No operation named "{name}"')]}
    if problems := wrong_variables(_schema(), fitting[0], variables):
        return {"errors": problems}
    result = core.execute_sync(
        _schema(),
        document,
        root,
        variable_values=dict(variables),
        operation_name=name or None,
        field_resolver=_resolve,
    )
    told = []
    for error in result.errors or ():
        cause = error.original_error
        if cause and not isinstance(cause, GraphqlError | core.GraphQLError):
            raise cause
        told.append({**error.formatted, **getattr(cause, "more", {})})
    return {"data": result.data, "errors": told} if told else {"data": result.data}


@lru_cache(maxsize=128)
def _read(query: str) -> tuple[core.DocumentNode, list[Json]]:
    """The document, and what is wrong with it. Clients ask the same again and again; to check it takes the longest."""
    try:
        document = core.parse(query)
    except core.GraphQLSyntaxError as error:
        return core.DocumentNode(), [unreadable(error)]
    # GitHub lets `state` be asked of an issue and a pull request at once, whose types differ.
    rules = [rule for rule in core.specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
    return document, misfits(document, core.validate(_schema(), document, rules) or _too_deep(document))


def _too_deep(document: core.DocumentNode) -> list[core.GraphQLError]:
    """The error of a sound document that nests too much for Python's stack; a fragment counts as a level."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, core.FragmentDefinitionNode)}
    level: list[Any] = [one for one in document.definitions if isinstance(one, core.OperationDefinitionNode)]
    for _ in range(DEEPEST + 2):
        below = [one for above in level if above.selection_set for one in above.selection_set.selections]
        level = [fragments[one.name.value] if isinstance(one, core.FragmentSpreadNode) else one for one in below]
        level = list({id(one): one for one in level}.values())
    return [core.GraphQLError(f"Query has depth of more than {DEEPEST}, which exceeds max depth")] if level else []


def _resolve(source: Mapping[str, Any], info: core.GraphQLResolveInfo[Any], **given: Any) -> Any:
    value = source[info.field_name]
    return value(**given) if callable(value) else value

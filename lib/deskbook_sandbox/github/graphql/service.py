"""GitHub's GraphQL calls, as far as a project board needs them: look things up, and change the board."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from deskbook_sandbox.github import board, records
from deskbook_sandbox.github.board import BoardField
from deskbook_sandbox.github.calls import Json, base, denode, mapping, refuse
from deskbook_sandbox.github.graphql.connections import as_list, missing, no_node, number_in
from deskbook_sandbox.github.graphql.document import Document, GraphqlError, Operation, parse
from deskbook_sandbox.github.graphql.execution import check, execute, given
from deskbook_sandbox.github.graphql.objects import (
    account_object,
    by_id,
    field_kind,
    issue_object,
    item_object,
    item_row,
    owner_login,
    repository_object,
)
from deskbook_sandbox.github.graphql.types import TYPES
from deskbook_sandbox.github.shapes import html, logins, owner_of_token
from deskbook_sandbox.http import Answer, Call, Ended
from deskbook_sandbox.limits import look
from deskbook_sandbox.store.world import World

POINTS, HOUR = 5_000, 3_600


def graphql(call: Call) -> Answer:
    body = mapping(call)
    query, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(query, str) or not query.strip():
        raise Ended(refuse(400, "A query attribute must be specified and must be a string."))
    if not isinstance(variables, dict):
        raise Ended(refuse(400, "Variables must be an object."))
    try:
        document = parse(query)
        operation = _chosen(document, body.get("operationName"))
        errors = check(document, operation, TYPES)
        if errors:
            return Answer(200, {"errors": errors})
        root = (_mutation if operation.kind == "mutation" else _query)(call.world, base(call))
        return Answer(200, execute(document, operation, TYPES, given(operation, variables), root))
    except GraphqlError as error:
        return Answer(200, {"errors": [error.entry]})


def _chosen(document: Document, name: Any) -> Operation:
    fitting = [one for one in document.operations if not name or one.name == name]
    if not fitting:
        raise GraphqlError(f'No operation named "{name}"', locations=[])
    if len(fitting) > 1:
        raise GraphqlError("An operation name is required", locations=[])
    return fitting[0]


def _query(world: World, root: str) -> Json:
    def repository(given: Json) -> Json:
        full = f"{given['owner']}/{given['name']}"
        if full.lower() != world.organization.tracker.repository.lower():
            raise missing(f"Could not resolve to a Repository with the name '{full}'.")
        return repository_object(world, root)

    def organization(given: Json) -> Json:
        login = owner_login(world)
        if str(given["login"]).lower() != login.lower():
            raise missing(f"Could not resolve to an Organization with the login of '{given['login']}'.")
        return account_object(world, root, login)

    def user(given: Json) -> Json:
        login = next((one for one in logins(world) if one.lower() == str(given["login"]).lower()), None)
        if login is None:
            raise missing(f"Could not resolve to a User with the login of '{given['login']}'.")
        return account_object(world, root, login)

    def rate_limit(given: Json) -> Json:
        reading = look(world.meters, "github graphql", window=HOUR, ceiling=POINTS)
        return {
            "__typename": "RateLimit",
            "limit": POINTS,
            "cost": 1,
            "remaining": reading.remaining,
            "used": reading.used,
            "nodeCount": 0,
            "resetAt": world.stamp(datetime.fromtimestamp(reading.reset, UTC)),
        }

    def resource(given: Json) -> Json | None:
        url = str(given["url"])
        number = url.rsplit("/", 1)[-1]
        known = url.startswith((f"{html(world, root)}/issues/", f"{html(world, root)}/pull/"))
        row = records.find(world, int(number)) if known and number.isdigit() and len(number) < 10 else None
        return issue_object(world, root, row) if row else None

    return {
        "__typename": "Query",
        "viewer": lambda given: account_object(world, root, owner_of_token(world)),
        "rateLimit": rate_limit,
        "node": lambda given: by_id(world, root, given["id"]),
        "nodes": lambda given: [by_id(world, root, one) for one in as_list(given["ids"])],
        "organization": organization,
        "user": user,
        "repository": repository,
        "resource": resource,
    }


def _mutation(world: World, root: str) -> Json:
    def add(given: Json) -> Json:
        wish = _input(given, "AddProjectV2ItemByIdInput", ("projectId", "contentId"))
        this_project(world, wish["projectId"])
        number = number_in(wish["contentId"], "I", "PR")
        row = records.find(world, number) if number else None
        if row is None:
            raise no_node(wish["contentId"])
        item = board.put_on_board(world, row["number"])
        return _done("AddProjectV2ItemByIdPayload", wish, item=item_object(world, root, item))

    def update(given: Json) -> Json:
        wish = _input(given, "UpdateProjectV2ItemFieldValueInput", ("projectId", "itemId", "fieldId", "value"))
        item, field = _item_and_field(world, wish)
        board.set_value(world, item["id"], field.name, _wanted(world, field, wish["value"]))
        payload = "UpdateProjectV2ItemFieldValuePayload"
        return _done(payload, wish, projectV2Item=item_object(world, root, item_row(world, wish["itemId"])))

    def clear(given: Json) -> Json:
        wish = _input(given, "ClearProjectV2ItemFieldValueInput", ("projectId", "itemId", "fieldId"))
        item, field = _item_and_field(world, wish)
        board.set_value(world, item["id"], field.name, None)
        payload = "ClearProjectV2ItemFieldValuePayload"
        return _done(payload, wish, projectV2Item=item_object(world, root, item_row(world, wish["itemId"])))

    def delete(given: Json) -> Json:
        wish = _input(given, "DeleteProjectV2ItemInput", ("projectId", "itemId"))
        this_project(world, wish["projectId"])
        item = item_row(world, wish["itemId"])
        world.db.execute("DELETE FROM gh_item_values WHERE item = ?", (item["id"],))
        world.db.execute("DELETE FROM gh_items WHERE id = ?", (item["id"],))
        return _done("DeleteProjectV2ItemPayload", wish, deletedItemId=wish["itemId"])

    return {
        "__typename": "Mutation",
        "addProjectV2ItemById": add,
        "updateProjectV2ItemFieldValue": update,
        "clearProjectV2ItemFieldValue": clear,
        "deleteProjectV2Item": delete,
    }


# What a mutation says


def _input(given: Json, kind: str, needed: Sequence[str]) -> Json:
    wish = given["input"]
    if not isinstance(wish, dict):
        raise GraphqlError(f"Argument 'input' has an invalid value. Expected type '{kind}!'.")
    for name in wish:
        if name not in (*needed, "clientMutationId"):
            raise GraphqlError(f"InputObject '{kind}' doesn't accept argument '{name}'")
    for name in needed:
        if wish.get(name) is None:
            raise GraphqlError(f"Argument '{name}' on InputObject '{kind}' is required.")
    return wish


def _done(payload: str, wish: Json, **found: Any) -> Json:
    return {"__typename": payload, "clientMutationId": wish.get("clientMutationId"), **found}


def _item_and_field(world: World, wish: Json) -> tuple[sqlite3.Row, BoardField]:
    this_project(world, wish["projectId"])
    item = item_row(world, wish["itemId"])
    kind, name = denode(wish["fieldId"])
    field = next((one for one in board.fields(world) if one.name == name and kind == field_kind(one)[0]), None)
    if field is None:
        raise no_node(wish["fieldId"])
    if field.kind not in board.SETTABLE:
        raise GraphqlError(f"The field of type {field.kind.lower()} is currently not supported.", type="UNPROCESSABLE")
    return item, field


def _wanted(world: World, field: BoardField, value: Any) -> str | int | float:
    """What to store for a ProjectV2FieldValue, which holds exactly one key, the one that fits the field."""
    key = {"SINGLE_SELECT": "singleSelectOptionId", "NUMBER": "number", "ITERATION": "iterationId"}[field.kind]
    held = {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else {}
    if list(held) != [key]:
        kind = field.kind.lower()
        raise GraphqlError(f"Did not receive a {key} value to update a field of type {kind}", type="VALIDATION")
    given = held[key]
    if field.kind == "NUMBER":
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise GraphqlError("Could not coerce value to Float", type="VALIDATION")
        return given
    if field.kind == "SINGLE_SELECT":
        for option in field.options:
            if board.option_id(field.name, option) == given:
                return option
        raise GraphqlError("The single select option Id does not belong to the field", type="VALIDATION")
    for iteration in (*board.iterations(world)[0], *board.iterations(world)[1]):
        if iteration.id == given:
            return iteration.number
    raise GraphqlError("The iteration Id does not belong to the field", type="VALIDATION")


def this_project(world: World, id: Any) -> int:
    kept = world.organization.tracker.board
    if kept is None or denode(id) != ("PVT", str(kept.number)):
        raise no_node(id)
    return kept.number

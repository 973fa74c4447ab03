"""GraphQL queries and mutations of the project board."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

from deskbook_sandbox.github import board, records
from deskbook_sandbox.github.board import BoardField
from deskbook_sandbox.github.calls import Json, base, denode, mapping, refuse
from deskbook_sandbox.github.graphql import objects
from deskbook_sandbox.github.graphql.connections import GraphqlError, missing, no_node
from deskbook_sandbox.github.shapes import html, known_login, owner_of_token
from deskbook_sandbox.http import Abort, Request, Response
from deskbook_sandbox.limits import look
from deskbook_sandbox.store.database import Store

POINTS, HOUR = 5_000, 3_600


def graphql(request: Request) -> Response:
    # Imported here, so that a sandbox which is asked no GraphQL does not wait for graphql-core.
    from deskbook_sandbox.github.graphql.execution import execute

    body = mapping(request)
    query, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(query, str) or not query.strip():
        raise Abort(refuse(400, "A query attribute must be specified and must be a string."))
    if not isinstance(variables, dict):
        raise Abort(refuse(400, "Variables must be an object."))
    root = {**_query(request.store, base(request)), **_mutation(request.store, base(request))}
    return Response(200, execute(query, body.get("operationName"), variables, root))


def _query(store: Store, root: str) -> Json:
    def repository(owner: str, name: str, **_: bool) -> Json:
        full = f"{owner}/{name}"
        if full.lower() != store.organization.tracker.repository.lower():
            raise missing(f"Could not resolve to a Repository with the name '{full}'.")
        return objects.repository_object(store, root)

    def organization(login: str) -> Json:
        ours = objects.owner_login(store)
        if login.lower() != ours.lower():
            raise missing(f"Could not resolve to an Organization with the login of '{login}'.")
        return objects.account_object(store, root, ours)

    def user(login: str) -> Json:
        known = known_login(store, login)
        if known is None:
            raise missing(f"Could not resolve to a User with the login of '{login}'.")
        return objects.account_object(store, root, known)

    def rate_limit(**_: bool) -> Json:
        reading = look(store.meters, "github graphql", window=HOUR, ceiling=POINTS)
        return {
            "limit": POINTS,
            "cost": 1,
            "remaining": reading.remaining,
            "used": reading.used,
            "nodeCount": 0,
            "resetAt": store.stamp(datetime.fromtimestamp(reading.reset, UTC)),
        }

    def resource(url: Any) -> Json | None:
        number = str(url).rsplit("/", 1)[-1]
        known = str(url).startswith((f"{html(store, root)}/issues/", f"{html(store, root)}/pull/"))
        row = records.find(store, int(number)) if known and number.isdigit() and len(number) < 10 else None
        return objects.issue_object(store, root, row) if row else None

    return {
        "viewer": lambda: objects.account_object(store, root, owner_of_token(store)),
        "rateLimit": rate_limit,
        "node": lambda id: objects.by_id(store, root, id),
        "nodes": lambda ids: [objects.by_id(store, root, id) for id in ids],
        "organization": organization,
        "user": user,
        "repository": repository,
        "resource": resource,
    }


def _mutation(store: Store, root: str) -> Json:
    def done(input: Json, item: sqlite3.Row) -> Json:
        shown = objects.item_object(store, root, item)
        return {"clientMutationId": input.get("clientMutationId"), "item": shown, "projectV2Item": shown}

    def add(input: Json) -> Json:
        _check_project(store, input)
        row = objects.issue_row(store, input["contentId"])
        if row is None:
            raise no_node(input["contentId"])
        return done(input, board.put_on_board(store, row["number"]))

    def update(input: Json) -> Json:
        item, field = _item(store, input), _field(store, input)
        board.set_value(store, item["id"], field.name, _wanted(store, field, input["value"]))
        return done(input, _item(store, input))

    def clear(input: Json) -> Json:
        item, field = _item(store, input), _field(store, input)
        board.set_value(store, item["id"], field.name, None)
        return done(input, _item(store, input))

    def delete(input: Json) -> Json:
        item = _item(store, input)
        store.delete("gh_item_values", item=item["id"])
        store.delete("gh_items", id=item["id"])
        return {"clientMutationId": input.get("clientMutationId"), "deletedItemId": input["itemId"]}

    return {
        "addProjectV2ItemById": add,
        "updateProjectV2ItemFieldValue": update,
        "clearProjectV2ItemFieldValue": clear,
        "deleteProjectV2Item": delete,
    }


def _check_project(store: Store, input: Json) -> None:
    kept = store.organization.tracker.board
    if kept is None or denode(input["projectId"]) != ("PVT", str(kept.number)):
        raise no_node(input["projectId"])


def _item(store: Store, input: Json) -> sqlite3.Row:
    _check_project(store, input)
    item = objects.item_row(store, input["itemId"])
    if item is None:
        raise no_node(input["itemId"])
    return item


def _field(store: Store, input: Json) -> BoardField:
    kind, name = denode(input["fieldId"])
    for field in board.fields(store):
        if field.name == name and kind == objects.field_kind(field)[0]:
            if field.kind in board.SETTABLE:
                return field
            message = f"The field of type {field.kind.lower()} is currently not supported."
            raise GraphqlError(message, type="UNPROCESSABLE")
    raise no_node(input["fieldId"])


def _wanted(store: Store, field: BoardField, value: Json) -> Any:
    """What to store for a ProjectV2FieldValue, which holds exactly one key, the one that fits the field."""
    key = {"SINGLE_SELECT": "singleSelectOptionId", "NUMBER": "number", "ITERATION": "iterationId"}[field.kind]
    held = {name: one for name, one in value.items() if one is not None}
    if list(held) != [key]:
        kind = field.kind.lower()
        raise GraphqlError(f"Did not receive a {key} value to update a field of type {kind}", type="VALIDATION")
    given = held[key]
    if field.kind == "NUMBER":
        return int(given) if given.is_integer() else given
    if field.kind == "SINGLE_SELECT":
        for option in field.options:
            if board.option_id(field.name, option) == given:
                return option
        raise GraphqlError("The single select option Id does not belong to the field", type="VALIDATION")
    for iteration in (*board.iterations(store)[0], *board.iterations(store)[1]):
        if iteration.id == given:
            return iteration.number
    raise GraphqlError("The iteration Id does not belong to the field", type="VALIDATION")

"""GraphQL objects: issues, the project, its fields and items.

An object is a mapping from field to value, or to a function of the field's arguments. `__typename` tells the types of
what the schema leaves open, such as a node or an actor.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.github import board, records
from deskbook_sandbox.github.board import BoardField, Iteration
from deskbook_sandbox.github.calls import Json, denode, node, number_of
from deskbook_sandbox.github.graphql.connections import GraphqlError, connection, missing, no_node, number_in
from deskbook_sandbox.github.graphql.timeline import timeline
from deskbook_sandbox.github.shapes import html, labels_of, logins, owner_of_token
from deskbook_sandbox.store.database import Store

_COLORS = ("GRAY", "BLUE", "GREEN", "YELLOW", "ORANGE", "RED")


def by_id(store: Store, root: str, id: str) -> Json | GraphqlError:
    """What has this global id, or the error that there is nothing."""
    kind, name = denode(id)
    match kind:
        case "I" | "PR" if row := issue_row(store, id):
            return issue_object(store, root, row)
        case "PVT" if store.organization.tracker.board:
            return project_object(store, root)
        case "PVTI" if item := item_row(store, id):
            return item_object(store, root, item)
        case "R":
            return repository_object(store, root)
        case "U" | "O" if name in (*logins(store), owner_login(store)):
            return account_object(store, root, name)
    return no_node(id)


def _record(prefix: str, row: sqlite3.Row) -> Json:
    """What a row tells by itself: its columns as GraphQL writes them, `created_at` as `createdAt`, and its ids."""
    columns = {re.sub("_(.)", lambda found: found[1].upper(), key): row[key] for key in row.keys()}  # noqa: SIM118
    return {**columns, "id": node(prefix, row["id"]), "databaseId": row["id"], "fullDatabaseId": str(row["id"])}


def account_object(store: Store, root: str, login: str) -> Json:
    """A person, or the organisation that owns the repository and the board."""
    tracker = store.organization.tracker
    ours = login == owner_login(store)
    people = [person for person in store.organization.people if person.login == login]

    def project(number: int) -> Json:
        if not ours or not tracker.board or number != tracker.board.number:
            raise missing(f"Could not resolve to a ProjectV2 with the number {number}.")
        return project_object(store, root)

    def projects(query: str | None = None) -> list[Json]:
        if not ours or not tracker.board or (query or "").lower() not in tracker.board.name.lower():
            return []
        return [project_object(store, root)]

    return {
        "__typename": "Organization" if ours else "User",
        "id": node("O" if ours else "U", login),
        "databaseId": number_of(login),
        "login": login,
        "name": people[0].name if people else store.organization.name if ours else None,
        "email": people[0].mail if people else "",
        "url": f"{root.removesuffix('/api/v3')}/{login}",
        "projectV2": project,
        "projectsV2": connection("ProjectV2", projects),
    }


def repository_object(store: Store, root: str) -> Json:
    full = store.organization.tracker.repository
    owner = account_object(store, root, owner_login(store))

    def issue(number: int) -> Json:
        row = records.find(store, number)
        if row is None or row["pull"]:
            raise missing(f"Could not resolve to an Issue with the number of {number}.")
        return issue_object(store, root, row)

    def issues(states: list[str] | None = None, labels: list[str] | None = None) -> list[sqlite3.Row]:
        wanted = {label.lower() for label in labels or ()}
        return [
            row
            for row in store.rows("SELECT * FROM gh_issues WHERE NOT pull ORDER BY number")
            if (not states or row["state"].upper() in states)
            and (not wanted or wanted & {one["name"].lower() for one in labels_of(store, row["number"])})
        ]

    return {
        "__typename": "Repository",
        "id": node("R", full),
        "databaseId": number_of(full),
        "name": full.split("/")[1],
        "nameWithOwner": full,
        "url": html(store, root),
        "owner": owner,
        "issue": issue,
        "issues": connection("Issue", issues, lambda row: issue_object(store, root, row)),
        "projectV2": owner["projectV2"],
        "projectsV2": owner["projectsV2"],
    }


def issue_object(store: Store, root: str, row: sqlite3.Row) -> Json:
    number = row["number"]
    page_url = f"{html(store, root)}/{'pull' if row['pull'] else 'issues'}/{number}"

    def account(login: str) -> Json:
        return account_object(store, root, login)

    def comment(one: sqlite3.Row) -> Json:
        more = {"url": f"{page_url}#issuecomment-{one['id']}", "author": account(one["author"])}
        return {**_record("IC", one), **more}

    def items(**_: bool) -> list[sqlite3.Row]:
        item = board.item_of(store, number)
        return [item] if item else []

    return {
        **_record("", row),
        "__typename": "PullRequest" if row["pull"] else "Issue",
        "id": node("PR" if row["pull"] else "I", number),
        "body": row["body"] or "",
        "url": page_url,
        "state": row["state"].upper(),
        "stateReason": row["state_reason"].upper() if row["state_reason"] else None,
        "closed": row["state"] == "closed",
        "author": lambda: account(row["author"]),
        "repository": lambda: repository_object(store, root),
        "labels": connection("Label", lambda: labels_of(store, number), lambda one: _record("LA", one)),
        "assignees": connection("User", lambda: json.loads(row["assignees"]), account),
        "comments": connection("IssueComment", lambda: records.comments(store, number), comment),
        "timelineItems": timeline(store, number, account),
        "projectItems": connection("ProjectV2Item", items, lambda item: item_object(store, root, item)),
    }


def project_object(store: Store, root: str) -> Json:
    kept = store.organization.tracker.board
    assert kept is not None

    def fields() -> list[Json]:
        return [_field(store, root, one) for one in board.fields(store)]

    def items() -> list[sqlite3.Row]:
        return store.rows("SELECT * FROM gh_items ORDER BY id")

    return {
        "__typename": "ProjectV2",
        "id": node("PVT", kept.number),
        "databaseId": kept.number,
        "fullDatabaseId": str(kept.number),
        "number": kept.number,
        "title": kept.name,
        "shortDescription": None,
        "url": f"{root.removesuffix('/api/v3')}/orgs/{kept.owner}/projects/{kept.number}",
        "closed": False,
        "public": True,
        "viewerCanUpdate": True,
        "createdAt": "2020-01-01T00:00:00Z",
        "updatedAt": store.stamp(),
        "owner": account_object(store, root, kept.owner),
        "field": lambda name: next((one for one in fields() if one["name"].lower() == name.lower()), None),
        "fields": connection("ProjectV2FieldConfiguration", fields),
        "items": connection("ProjectV2Item", items, lambda item: item_object(store, root, item)),
    }


def field_kind(field: BoardField) -> tuple[str, str]:
    """The prefix of a field's id, and its type."""
    return {
        "SINGLE_SELECT": ("PVTSSF", "ProjectV2SingleSelectField"),
        "ITERATION": ("PVTIF", "ProjectV2IterationField"),
    }.get(field.kind, ("PVTF", "ProjectV2Field"))


def _field(store: Store, root: str, field: BoardField) -> Json:
    prefix, kind = field_kind(field)

    def options(names: list[str] | None = None) -> list[Json]:
        return [_option(field, option) for option in field.options if names is None or option in names]

    def configuration() -> Json:
        coming, over = board.iterations(store)
        return {
            "duration": store.organization.sprint.days,
            "startDay": store.organization.sprint.first.isoweekday(),
            "iterations": [_iteration(one) for one in coming],
            "completedIterations": [_iteration(one) for one in over],
        }

    return {
        "__typename": kind,
        "id": node(prefix, field.name),
        "databaseId": number_of(field.name),
        "name": field.name,
        "dataType": field.kind,
        "createdAt": "2020-01-01T00:00:00Z",
        "updatedAt": "2020-01-01T00:00:00Z",
        "project": lambda: project_object(store, root),
        "options": options,
        "configuration": configuration,
    }


def _option(field: BoardField, name: str) -> Json:
    color = _COLORS[field.options.index(name) % len(_COLORS)]
    return {"id": board.option_id(field.name, name), "name": name, "color": color, "description": ""}


def _iteration(one: Iteration) -> Json:
    return {"id": one.id, "title": one.title, "startDate": one.start.isoformat(), "duration": one.days}


def item_object(store: Store, root: str, item: sqlite3.Row) -> Json:
    row = records.find(store, item["number"])
    assert row is not None

    def values() -> list[Json]:
        held: Mapping[str, Any] = {"Title": row["title"], **board.values(store, item["id"])}
        return [_value(store, root, item, one, held[one.name]) for one in board.fields(store) if one.name in held]

    def by_name(name: str) -> Json | None:
        return next((value for value in values() if value["field"]["name"].lower() == name.lower()), None)

    return {
        **_record("PVTI", item),
        "__typename": "ProjectV2Item",
        "type": "PULL_REQUEST" if row["pull"] else "ISSUE",
        "isArchived": False,
        "creator": lambda: account_object(store, root, owner_of_token(store)),
        "project": lambda: project_object(store, root),
        "content": issue_object(store, root, row),
        "fieldValues": connection("ProjectV2ItemFieldValue", values),
        "fieldValueByName": by_name,
    }


def _value(store: Store, root: str, item: sqlite3.Row, field: BoardField, held: Any) -> Json:
    name = f"{item['id']}:{field.name}"
    shape: Json = {
        **_record("PVTI", item),
        "id": node("PVTV", name),
        "databaseId": number_of(name),
        "field": _field(store, root, field),
        "item": lambda: item_object(store, root, item),
    }
    match field.kind:
        case "SINGLE_SELECT":
            option = _option(field, held)
            more, kind = {**option, **shape, "optionId": option["id"]}, "SingleSelect"
        case "ITERATION":
            sprint = _iteration(board.iteration(store, held))
            more, kind = {**sprint, **shape, "iterationId": sprint["id"]}, "Iteration"
        case "NUMBER":
            more, kind = {**shape, "number": float(held)}, "Number"
        case _:
            more, kind = {**shape, "text": held}, "Text"
    return {**more, "__typename": f"ProjectV2ItemField{kind}Value"}


def owner_login(store: Store) -> str:
    kept = store.organization.tracker.board
    return kept.owner if kept else store.organization.tracker.repository.split("/")[0]


def issue_row(store: Store, id: str) -> sqlite3.Row | None:
    number = number_in(id, "I", "PR")
    return records.find(store, number) if number else None


def item_row(store: Store, id: str) -> sqlite3.Row | None:
    rows = store.rows("SELECT * FROM gh_items WHERE id = ?", number_in(id, "PVTI"))
    return rows[0] if rows else None

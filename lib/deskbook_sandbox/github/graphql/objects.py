"""What GitHub's GraphQL answers are made of: issues, the project, its fields and items.

An object is a mapping from field to value, or to a function of the field's arguments.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.github import board, records
from deskbook_sandbox.github.board import BoardField, Iteration
from deskbook_sandbox.github.calls import Json, denode, node, number_of
from deskbook_sandbox.github.graphql.connections import as_list, connection, missing, no_node, number_in
from deskbook_sandbox.github.graphql.timeline import timeline
from deskbook_sandbox.github.shapes import html, labels_of, logins, owner_of_token
from deskbook_sandbox.store.world import World

_COLORS = ("GRAY", "BLUE", "GREEN", "YELLOW", "ORANGE", "RED")
_NO_RECORD = 2**63


def by_id(world: World, root: str, id: Any) -> Json:
    kind, name = denode(id)
    number = number_in(id, "I", "PR")
    row = records.find(world, number) if number else None
    if row:
        return issue_object(world, root, row)
    match kind:
        case "PVT" if world.organization.tracker.board:
            return project_object(world, root)
        case "PVTI":
            return item_object(world, root, item_row(world, id))
        case "R":
            return repository_object(world, root)
        case "U" | "O" if name in (*logins(world), owner_login(world)):
            return account_object(world, root, name)
    raise no_node(id)


def account_object(world: World, root: str, login: str) -> Json:
    """A person, or the organisation that owns the repository and the board."""
    tracker = world.organization.tracker
    ours = login == owner_login(world)
    people = [person for person in world.organization.people if person.login == login]

    def project(given: Json) -> Json:
        if not ours or not tracker.board or given["number"] != tracker.board.number:
            raise missing(f"Could not resolve to a ProjectV2 with the number {given['number']}.")
        return project_object(world, root)

    def projects(given: Json) -> list[Json]:
        wanted = str(given.get("query") or "").lower()
        if not ours or not tracker.board or wanted not in tracker.board.name.lower():
            return []
        return [project_object(world, root)]

    return {
        "__typename": "Organization" if ours else "User",
        "id": node("O" if ours else "U", login),
        "databaseId": number_of(login),
        "login": login,
        "name": people[0].name if people else world.organization.name if ours else None,
        "email": people[0].mail if people else "",
        "url": f"{root.removesuffix('/api/v3')}/{login}",
        "projectV2": project,
        "projectsV2": connection("ProjectV2", projects),
    }


def repository_object(world: World, root: str) -> Json:
    full = world.organization.tracker.repository
    owner = account_object(world, root, owner_login(world))

    def issue(given: Json) -> Json:
        number = given["number"]
        row = records.find(world, number) if isinstance(number, int) and abs(number) < _NO_RECORD else None
        if row is None or row["pull"]:
            raise missing(f"Could not resolve to an Issue with the number of {number}.")
        return issue_object(world, root, row)

    def issues(given: Json) -> list[sqlite3.Row]:
        states = [str(one).lower() for one in as_list(given.get("states") or ["OPEN", "CLOSED"])]
        labels = {str(one).lower() for one in as_list(given.get("labels") or [])}
        return [
            row
            for row in world.db.execute("SELECT * FROM gh_issues WHERE NOT pull ORDER BY number").fetchall()
            if row["state"] in states
            and (not labels or labels & {one["name"].lower() for one in labels_of(world, row["number"])})
        ]

    return {
        "__typename": "Repository",
        "id": node("R", full),
        "databaseId": number_of(full),
        "name": full.split("/")[1],
        "nameWithOwner": full,
        "url": html(world, root),
        "owner": owner,
        "issue": issue,
        "issues": connection("Issue", issues, lambda row: issue_object(world, root, row)),
        "projectV2": owner["projectV2"],
        "projectsV2": owner["projectsV2"],
    }


def issue_object(world: World, root: str, row: sqlite3.Row) -> Json:
    number = row["number"]
    page_url = f"{html(world, root)}/{'pull' if row['pull'] else 'issues'}/{number}"

    def label(one: sqlite3.Row) -> Json:
        more = {"__typename": "Label", "id": node("LA", one["id"])}
        return {**more, "name": one["name"], "color": one["color"], "description": one["description"]}

    def comment(one: sqlite3.Row) -> Json:
        return {
            "__typename": "IssueComment",
            "id": node("IC", one["id"]),
            "databaseId": one["id"],
            "body": one["body"],
            "url": f"{page_url}#issuecomment-{one['id']}",
            "createdAt": one["created_at"],
            "updatedAt": one["updated_at"],
            "author": account_object(world, root, one["author"]),
        }

    def items(given: Json) -> list[sqlite3.Row]:
        item = board.item_of(world, number)
        return [item] if item else []

    return {
        "__typename": "PullRequest" if row["pull"] else "Issue",
        "id": node("PR" if row["pull"] else "I", number),
        "databaseId": row["id"],
        "fullDatabaseId": str(row["id"]),
        "number": number,
        "title": row["title"],
        "body": row["body"] or "",
        "url": page_url,
        "state": row["state"].upper(),
        "stateReason": row["state_reason"].upper() if row["state_reason"] else None,
        "closed": row["state"] == "closed",
        "closedAt": row["closed_at"],
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
        "author": lambda given: account_object(world, root, row["author"]),
        "repository": lambda given: repository_object(world, root),
        "labels": connection("Label", lambda given: labels_of(world, number), label),
        "assignees": connection(
            "User", lambda given: json.loads(row["assignees"]), lambda login: account_object(world, root, login)
        ),
        "comments": connection("IssueComment", lambda given: records.comments(world, number), comment),
        "timelineItems": timeline(world, number, lambda login: account_object(world, root, login)),
        "projectItems": connection("ProjectV2Item", items, lambda item: item_object(world, root, item)),
    }


def project_object(world: World, root: str) -> Json:
    kept = world.organization.tracker.board
    assert kept is not None

    def field(given: Json) -> Json | None:
        wanted = str(given["name"]).lower()
        return next((_field(world, root, one) for one in board.fields(world) if one.name.lower() == wanted), None)

    def items(given: Json) -> list[sqlite3.Row]:
        return world.db.execute("SELECT * FROM gh_items ORDER BY id").fetchall()

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
        "createdAt": "2020-01-01T00:00:00Z",
        "updatedAt": world.stamp(),
        "owner": account_object(world, root, kept.owner),
        "field": field,
        "fields": connection(
            "ProjectV2FieldConfiguration", lambda given: board.fields(world), lambda one: _field(world, root, one)
        ),
        "items": connection("ProjectV2Item", items, lambda item: item_object(world, root, item)),
    }


def field_kind(field: BoardField) -> tuple[str, str]:
    """The prefix of a field's id, and its type."""
    return {
        "SINGLE_SELECT": ("PVTSSF", "ProjectV2SingleSelectField"),
        "ITERATION": ("PVTIF", "ProjectV2IterationField"),
    }.get(field.kind, ("PVTF", "ProjectV2Field"))


def _field(world: World, root: str, field: BoardField) -> Json:
    prefix, kind = field_kind(field)

    def options(given: Json) -> list[Json]:
        wanted = given.get("names")
        return [_option(field, option) for option in field.options if wanted is None or option in as_list(wanted)]

    def configuration(given: Json) -> Json:
        coming, over = board.iterations(world)
        return {
            "__typename": "ProjectV2IterationFieldConfiguration",
            "duration": world.organization.sprint.days,
            "startDay": world.organization.sprint.first.isoweekday(),
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
        "project": lambda given: project_object(world, root),
        "options": options,
        "configuration": configuration,
    }


def _option(field: BoardField, name: str) -> Json:
    return {
        "__typename": "ProjectV2SingleSelectFieldOption",
        "id": board.option_id(field.name, name),
        "name": name,
        "color": _COLORS[field.options.index(name) % len(_COLORS)],
        "description": "",
    }


def _iteration(one: Iteration) -> Json:
    return {
        "__typename": "ProjectV2IterationFieldIteration",
        "id": one.id,
        "title": one.title,
        "startDate": one.start.isoformat(),
        "duration": one.days,
    }


def item_object(world: World, root: str, item: sqlite3.Row) -> Json:
    row = records.find(world, item["number"])
    assert row is not None
    content = issue_object(world, root, row)

    def values(given: Json) -> list[Json]:
        held: Mapping[str, Any] = {"Title": row["title"], **board.values(world, item["id"])}
        return [_value(world, root, item, one, held[one.name]) for one in board.fields(world) if one.name in held]

    def by_name(given: Json) -> Json | None:
        wanted = str(given["name"]).lower()
        return next((value for value in values({}) if value["field"]["name"].lower() == wanted), None)

    return {
        "__typename": "ProjectV2Item",
        "id": node("PVTI", item["id"]),
        "databaseId": item["id"],
        "fullDatabaseId": str(item["id"]),
        "type": "PULL_REQUEST" if row["pull"] else "ISSUE",
        "isArchived": False,
        "createdAt": item["created_at"],
        "updatedAt": item["updated_at"],
        "creator": lambda given: account_object(world, root, owner_of_token(world)),
        "project": lambda given: project_object(world, root),
        "content": content,
        "fieldValues": connection("ProjectV2ItemFieldValue", values),
        "fieldValueByName": by_name,
    }


def _value(world: World, root: str, item: sqlite3.Row, field: BoardField, held: Any) -> Json:
    shape: Json = {
        "id": node("PVTV", f"{item['id']}:{field.name}"),
        "databaseId": number_of(f"{item['id']}:{field.name}"),
        "createdAt": item["created_at"],
        "updatedAt": item["updated_at"],
        "field": _field(world, root, field),
        "item": lambda given: item_object(world, root, item),
    }
    match field.kind:
        case "SINGLE_SELECT":
            option = _option(field, held)
            kind = "ProjectV2ItemFieldSingleSelectValue"
            return {**option, **shape, "__typename": kind, "optionId": option["id"]}
        case "ITERATION":
            sprint = board.iteration(world, held)
            kind = "ProjectV2ItemFieldIterationValue"
            return {**_iteration(sprint), **shape, "__typename": kind, "iterationId": sprint.id}
        case "NUMBER":
            return {**shape, "__typename": "ProjectV2ItemFieldNumberValue", "number": float(held)}
    return {**shape, "__typename": "ProjectV2ItemFieldTextValue", "text": held}


def owner_login(world: World) -> str:
    kept = world.organization.tracker.board
    return kept.owner if kept else world.organization.tracker.repository.split("/")[0]


def item_row(world: World, id: Any) -> sqlite3.Row:
    row: sqlite3.Row | None = world.db.execute(
        "SELECT * FROM gh_items WHERE id = ?", (number_in(id, "PVTI"),)
    ).fetchone()
    if row is None:
        raise no_node(id)
    return row

"""REST endpoints for issues, their assignees and comments."""

from __future__ import annotations

import json
import sqlite3

from deskbook_sandbox.github import records, shapes
from deskbook_sandbox.github.board import automate
from deskbook_sandbox.github.calls import Json, base, choice, found, invalid, mapping, moment, names, page, text
from deskbook_sandbox.github.labels import issue_row, labels_in, replace_labels
from deskbook_sandbox.github.shapes import known_login, owner_of_token
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.query import Condition, where

LONGEST_TITLE = 256
LONGEST_BODY = 65_536
REASONS = ("completed", "not_planned", "duplicate", "reopened")
_SORTS = {"created": "created_at", "updated": "updated_at", "comments": "comments"}


# Issues


def list_issues(request: Request) -> Response:
    clause, values = where(_filters(request))
    sort = _SORTS[choice(request, "sort", tuple(_SORTS), "Issue")]
    direction = choice(request, "direction", ("desc", "asc"), "Issue")
    rows = request.store.rows(f"{records.COUNTED} {clause} ORDER BY {sort} {direction}, number {direction}", *values)
    return page(request, rows, lambda row: shapes.issue(request.store, base(request), row))


def _filters(request: Request) -> list[Condition]:
    query = request.query
    state = choice(request, "state", ("open", "closed", "all"), "Issue")
    labels = [name.strip() for name in (query.get("labels") or "").split(",") if name.strip()]
    labelled = "number IN (SELECT number FROM gh_issue_labels JOIN gh_labels ON label = id WHERE name = ?)"
    assignee, mentioned = query.get("assignee") or None, query.get("mentioned")
    held = {"none": "assignees = '[]'", "*": "assignees <> '[]'"}
    since = moment(request, "since", "Issue")
    milestone = query.get("milestone") or "none"
    if milestone not in ("none", "*"):
        raise invalid("Issue", "milestone", "missing", value=milestone)
    return [
        ("state = ?", None if state == "all" else state),
        *((labelled, name) for name in labels),
        ("updated_at >= ?", since),
        ("author = ? COLLATE NOCASE", query.get("creator") or None),
        (
            held.get(assignee or "", "EXISTS (SELECT 1 FROM json_each(assignees) WHERE value = ? COLLATE NOCASE)"),
            assignee,
        ),
        ("instr(lower(body), ?)", f"@{mentioned.lower()}" if mentioned else None),
        ("0", milestone == "*" or None),
    ]


def create_issue(request: Request) -> Response:
    body = mapping(request)
    title = _title(body)
    if title is None:
        raise invalid("Issue", "title", "missing_field")
    wanted, author = labels_in(body), owner_of_token(request.store)
    text, people = _body(body, "Issue"), _assignees(request, body) or []
    number = records.add_issue(request.store, author, title, text, labels=wanted or [], assignees=people)
    automate(request.store, number)
    shape = _issue(request, number)
    return Response(201, shape, {"Location": shape["url"]})


def get_issue(request: Request, number: int) -> Response:
    return Response(200, _issue(request, number))


def edit_issue(request: Request, number: int) -> Response:
    row = issue_row(request, number)
    body = mapping(request)
    store, actor = request.store, owner_of_token(request.store)
    title, labels, assignees = _title(body), labels_in(body), _assignees(request, body)
    state, reason = text(body, "state"), text(body, "state_reason")
    if state not in (None, "open", "closed"):
        raise invalid("Issue", "state", value=state)
    if reason not in (None, *REASONS):
        raise invalid("Issue", "state_reason", value=reason)
    if "body" in body:
        records.change(store, number, body=_body(body, "Issue"))
    if title is not None and title != row["title"]:
        records.change(store, number, title=title)
        records.tell(store, number, "renamed", actor, {"rename": {"from": row["title"], "to": title}})
    if labels is not None:
        replace_labels(request, number, labels)
    if assignees is not None:
        before = json.loads(row["assignees"])
        records.reassign(store, actor, number, assignees, [login for login in before if login not in assignees])
    records.set_state(store, actor, number, state or row["state"], reason)
    return get_issue(request, number)


def issue_events(request: Request, number: int) -> Response:
    issue_row(request, number)
    return page(request, _events(request, number), lambda row: shapes.event(request.store, base(request), row))


def timeline(request: Request, number: int) -> Response:
    """Events and comments, oldest first; GitHub mixes two shapes here."""
    issue_row(request, number)
    items = [
        (row["at"], row["id"], shapes.event(request.store, base(request), row)) for row in _events(request, number)
    ]
    for row in records.comments(request.store, number):
        said = shapes.comment(request.store, base(request), row)
        items.append((row["created_at"], row["id"], {**said, "event": "commented", "actor": said["user"]}))
    return page(request, sorted(items, key=lambda item: item[:2]), lambda item: item[2])


# Assignees


def add_assignees(request: Request, number: int) -> Response:
    records.reassign(request.store, owner_of_token(request.store), number, _known(request, number))
    return Response(201, _issue(request, number))


def remove_assignees(request: Request, number: int) -> Response:
    records.reassign(request.store, owner_of_token(request.store), number, remove=_known(request, number))
    return Response(200, _issue(request, number))


def _known(request: Request, number: int) -> list[str]:
    """The logins that a request about an issue's assignees names; unlike elsewhere, unknown ones are passed over."""
    issue_row(request, number)
    value = mapping(request).get("assignees")
    wanted = names([value] if isinstance(value, str) else value or [], "assignees")
    return [login for name in wanted if (login := known_login(request.store, name))]


# Comments


def list_comments(request: Request, number: int) -> Response:
    issue_row(request, number)
    since = moment(request, "since", "IssueComment") or ""
    rows = [row for row in records.comments(request.store, number) if row["updated_at"] >= since]
    return page(request, rows, lambda row: shapes.comment(request.store, base(request), row))


def list_all_comments(request: Request) -> Response:
    since = moment(request, "since", "IssueComment") or ""
    sort = {"created": "created_at", "updated": "updated_at"}[choice(request, "sort", ("created", "updated"), "Issue")]
    direction = choice(request, "direction", ("asc", "desc"), "Issue")
    rows = request.store.rows(
        f"SELECT * FROM gh_comments WHERE updated_at >= ? ORDER BY {sort} {direction}, id {direction}", since
    )
    return page(request, rows, lambda row: shapes.comment(request.store, base(request), row))


def create_comment(request: Request, number: int) -> Response:
    issue_row(request, number)
    said = _said(request)
    row = records.add_comment(request.store, owner_of_token(request.store), number, said)
    shape = shapes.comment(request.store, base(request), row)
    return Response(201, shape, {"Location": shape["url"]})


def get_comment(request: Request, comment: int) -> Response:
    return Response(200, shapes.comment(request.store, base(request), _comment(request, comment)))


def edit_comment(request: Request, comment: int) -> Response:
    row = _comment(request, comment)
    said = _said(request)
    request.store.update("gh_comments", {"id": comment}, body=said, updated_at=request.store.stamp())
    records.change(request.store, row["number"])
    return get_comment(request, comment)


def delete_comment(request: Request, comment: int) -> Response:
    row = _comment(request, comment)
    request.store.delete("gh_comments", id=comment)
    records.change(request.store, row["number"])
    return Response(204)


# Records, or 404


def _issue(request: Request, number: int) -> Json:
    return shapes.issue(request.store, base(request), issue_row(request, number))


def _comment(request: Request, comment: int) -> sqlite3.Row:
    return found(request.store.row("SELECT * FROM gh_comments WHERE id = ?", comment))


def _events(request: Request, number: int) -> list[sqlite3.Row]:
    return request.store.rows("SELECT * FROM gh_events WHERE number = ? ORDER BY id", number)


# Fields of a body


def _title(body: Json) -> str | None:
    """The title, if one is given; GitHub takes a number for one too."""
    value = body.get("title")
    title = str(value) if isinstance(value, int) and not isinstance(value, bool) else text(body, "title")
    if title is None:
        return None
    if not title.strip():
        raise invalid("Issue", "title", "missing_field")
    if len(title) > LONGEST_TITLE:
        raise invalid("Issue", "title", "custom", message=f"title is too long (maximum is {LONGEST_TITLE} characters)")
    return title


def _body(body: Json, resource: str) -> str | None:
    said = text(body, "body")
    if said is not None and len(said) > LONGEST_BODY:
        raise invalid(resource, "body", "custom", message=f"body is too long (maximum is {LONGEST_BODY} characters)")
    return said


def _said(request: Request) -> str:
    said = _body(mapping(request), "IssueComment")
    if said is None or not said.strip():
        raise invalid("IssueComment", "body", "missing_field")
    return said


def _assignees(request: Request, body: Json) -> list[str] | None:
    """Logins as the staff writes them; one that nobody has is refused."""
    given = body.get("assignees")
    if given is None:
        if body.get("assignee") is None:
            return None
        given = [body["assignee"]] if body["assignee"] else []
    found = []
    for name in names(given, "assignees"):
        login = known_login(request.store, name)
        if login is None:
            raise invalid("Issue", "assignees", value=name)
        found.append(login)
    return found

"""GitHub's calls for issues, their comments, labels and assignees, and for the repository's labels."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from deskbook_sandbox.github import records, shapes
from deskbook_sandbox.github.board import automate
from deskbook_sandbox.github.calls import Json, base, choice, invalid, mapping, moment, names, not_found, page, text
from deskbook_sandbox.github.labels import issue_row, labels_in, replace_labels
from deskbook_sandbox.github.shapes import known_login, owner_of_token
from deskbook_sandbox.http import Answer, Call

LONGEST_TITLE = 256
LONGEST_BODY = 65_536
REASONS = ("completed", "not_planned", "duplicate", "reopened")
_SORTS = {"created": "created_at", "updated": "updated_at", "comments": "comments"}


# Issues


def list_issues(call: Call) -> Answer:
    where, values = _filters(call)
    sort = _SORTS[choice(call, "sort", tuple(_SORTS), "Issue")]
    direction = choice(call, "direction", ("desc", "asc"), "Issue")
    rows = call.world.db.execute(
        "SELECT *, (SELECT count(*) FROM gh_comments WHERE gh_comments.number = gh_issues.number) AS comments"
        f" FROM gh_issues WHERE {where} ORDER BY {sort} {direction}, number {direction}",
        values,
    ).fetchall()
    return page(call, rows, lambda row: shapes.issue(call.world, base(call), row))


def _filters(call: Call) -> tuple[str, list[Any]]:
    """The WHERE clause of a list of issues, and its values."""
    where, values = ["1"], []
    state = choice(call, "state", ("open", "closed", "all"), "Issue")
    if state != "all":
        where.append("state = ?")
        values.append(state)
    for name in (call.query.get("labels") or "").split(","):
        if name.strip():
            where.append("number IN (SELECT number FROM gh_issue_labels JOIN gh_labels ON label = id WHERE name = ?)")
            values.append(name.strip())
    since = moment(call, "since", "Issue")
    if since:
        where.append("updated_at >= ?")
        values.append(since)
    creator = call.query.get("creator")
    if creator:
        where.append("author = ? COLLATE NOCASE")
        values.append(creator)
    match call.query.get("assignee"):
        case None | "":
            pass
        case "none":
            where.append("assignees = '[]'")
        case "*":
            where.append("assignees <> '[]'")
        case login:
            where.append("EXISTS (SELECT 1 FROM json_each(assignees) WHERE value = ? COLLATE NOCASE)")
            values.append(login)
    mentioned = call.query.get("mentioned")
    if mentioned:
        where.append("instr(lower(body), ?)")
        values.append(f"@{mentioned.lower()}")
    match call.query.get("milestone"):
        case None | "" | "none":
            pass
        case "*":
            where.append("0")
        case other:
            raise invalid("Issue", "milestone", "missing", value=other)
    return " AND ".join(where), values


def create_issue(call: Call) -> Answer:
    body = mapping(call)
    title = _title(body)
    if title is None:
        raise invalid("Issue", "title", "missing_field")
    wanted = labels_in(body)
    number = records.add_issue(
        call.world,
        owner_of_token(call.world),
        title,
        _body(body, "Issue"),
        labels=wanted or [],
        assignees=_assignees(call, body) or [],
    )
    automate(call.world, number)
    shape = _issue(call, number)
    return Answer(201, shape, {"Location": shape["url"]})


def get_issue(call: Call, number: int) -> Answer:
    return Answer(200, _issue(call, number))


def edit_issue(call: Call, number: int) -> Answer:
    row = issue_row(call, number)
    body = mapping(call)
    world, actor = call.world, owner_of_token(call.world)
    title, labels, assignees = _title(body), labels_in(body), _assignees(call, body)
    state, reason = text(body, "state"), text(body, "state_reason")
    if state not in (None, "open", "closed"):
        raise invalid("Issue", "state", value=state)
    if reason not in (None, *REASONS):
        raise invalid("Issue", "state_reason", value=reason)
    if "body" in body:
        records.change(world, number, body=_body(body, "Issue"))
    if title is not None and title != row["title"]:
        records.change(world, number, title=title)
        records.tell(world, number, "renamed", actor, {"rename": {"from": row["title"], "to": title}})
    if labels is not None:
        replace_labels(call, number, labels)
    if assignees is not None:
        before = json.loads(row["assignees"])
        records.reassign(world, actor, number, assignees, [login for login in before if login not in assignees])
    records.set_state(world, actor, number, state or row["state"], reason)
    return get_issue(call, number)


def issue_events(call: Call, number: int) -> Answer:
    issue_row(call, number)
    return page(call, _events(call, number), lambda row: shapes.event(call.world, base(call), row))


def timeline(call: Call, number: int) -> Answer:
    """Events and comments, oldest first; GitHub mixes two shapes here."""
    issue_row(call, number)
    items = [(row["at"], row["id"], shapes.event(call.world, base(call), row)) for row in _events(call, number)]
    for row in records.comments(call.world, number):
        said = shapes.comment(call.world, base(call), row)
        items.append((row["created_at"], row["id"], {**said, "event": "commented", "actor": said["user"]}))
    return page(call, sorted(items, key=lambda item: item[:2]), lambda item: item[2])


# Assignees


def add_assignees(call: Call, number: int) -> Answer:
    issue_row(call, number)
    # Unlike the two calls above, this one passes over logins that it does not know.
    wanted = [login for name in _logins(mapping(call)) if (login := known_login(call.world, name))]
    records.reassign(call.world, owner_of_token(call.world), number, wanted)
    return Answer(201, _issue(call, number))


def remove_assignees(call: Call, number: int) -> Answer:
    issue_row(call, number)
    going = [login for name in _logins(mapping(call)) if (login := known_login(call.world, name))]
    records.reassign(call.world, owner_of_token(call.world), number, remove=going)
    return Answer(200, _issue(call, number))


# Comments


def list_comments(call: Call, number: int) -> Answer:
    issue_row(call, number)
    since = moment(call, "since", "IssueComment") or ""
    rows = [row for row in records.comments(call.world, number) if row["updated_at"] >= since]
    return page(call, rows, lambda row: shapes.comment(call.world, base(call), row))


def list_all_comments(call: Call) -> Answer:
    since = moment(call, "since", "IssueComment") or ""
    sort = {"created": "created_at", "updated": "updated_at"}[choice(call, "sort", ("created", "updated"), "Issue")]
    direction = choice(call, "direction", ("asc", "desc"), "Issue")
    rows = call.world.db.execute(
        f"SELECT * FROM gh_comments WHERE updated_at >= ? ORDER BY {sort} {direction}, id {direction}", (since,)
    ).fetchall()
    return page(call, rows, lambda row: shapes.comment(call.world, base(call), row))


def create_comment(call: Call, number: int) -> Answer:
    issue_row(call, number)
    said = _said(call)
    row = records.add_comment(call.world, owner_of_token(call.world), number, said)
    shape = shapes.comment(call.world, base(call), row)
    return Answer(201, shape, {"Location": shape["url"]})


def get_comment(call: Call, comment: int) -> Answer:
    return Answer(200, shapes.comment(call.world, base(call), _comment(call, comment)))


def edit_comment(call: Call, comment: int) -> Answer:
    row = _comment(call, comment)
    said = _said(call)
    call.world.db.execute(
        "UPDATE gh_comments SET body = ?, updated_at = ? WHERE id = ?", (said, call.world.stamp(), comment)
    )
    records.change(call.world, row["number"])
    return get_comment(call, comment)


def delete_comment(call: Call, comment: int) -> Answer:
    row = _comment(call, comment)
    call.world.db.execute("DELETE FROM gh_comments WHERE id = ?", (comment,))
    records.change(call.world, row["number"])
    return Answer(204)


# Records, or 404


def _issue(call: Call, number: int) -> Json:
    return shapes.issue(call.world, base(call), issue_row(call, number))


def _comment(call: Call, comment: int) -> sqlite3.Row:
    row: sqlite3.Row | None = call.world.db.execute("SELECT * FROM gh_comments WHERE id = ?", (comment,)).fetchone()
    if row is None:
        raise not_found()
    return row


def _events(call: Call, number: int) -> list[sqlite3.Row]:
    return call.world.db.execute("SELECT * FROM gh_events WHERE number = ? ORDER BY id", (number,)).fetchall()


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


def _said(call: Call) -> str:
    said = _body(mapping(call), "IssueComment")
    if said is None or not said.strip():
        raise invalid("IssueComment", "body", "missing_field")
    return said


def _logins(body: Json) -> list[str]:
    value = body.get("assignees")
    return names([value] if isinstance(value, str) else value or [], "assignees")


def _assignees(call: Call, body: Json) -> list[str] | None:
    """Logins as the staff writes them; one that nobody has is refused."""
    given = body.get("assignees")
    if given is None:
        if body.get("assignee") is None:
            return None
        given = [body["assignee"]] if body["assignee"] else []
    found = []
    for name in names(given, "assignees"):
        login = known_login(call.world, name)
        if login is None:
            raise invalid("Issue", "assignees", value=name)
        found.append(login)
    return found

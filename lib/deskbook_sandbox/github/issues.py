"""GitHub's calls for issues, their comments, labels and assignees, and for the repository's labels."""

from __future__ import annotations

import json
import sqlite3

from deskbook_sandbox.github import records, shapes
from deskbook_sandbox.github.board import automate
from deskbook_sandbox.github.calls import Json, base, choice, found, invalid, mapping, moment, names, page, text
from deskbook_sandbox.github.labels import issue_row, labels_in, replace_labels
from deskbook_sandbox.github.shapes import known_login, owner_of_token
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.query import Condition, where

LONGEST_TITLE = 256
LONGEST_BODY = 65_536
REASONS = ("completed", "not_planned", "duplicate", "reopened")
_SORTS = {"created": "created_at", "updated": "updated_at", "comments": "comments"}


# Issues


def list_issues(call: Call) -> Answer:
    clause, values = where(_filters(call))
    sort = _SORTS[choice(call, "sort", tuple(_SORTS), "Issue")]
    direction = choice(call, "direction", ("desc", "asc"), "Issue")
    rows = call.world.rows(f"{records.COUNTED} {clause} ORDER BY {sort} {direction}, number {direction}", *values)
    return page(call, rows, lambda row: shapes.issue(call.world, base(call), row))


def _filters(call: Call) -> list[Condition]:
    query = call.query
    state = choice(call, "state", ("open", "closed", "all"), "Issue")
    labels = [name.strip() for name in (query.get("labels") or "").split(",") if name.strip()]
    labelled = "number IN (SELECT number FROM gh_issue_labels JOIN gh_labels ON label = id WHERE name = ?)"
    assignee, mentioned = query.get("assignee") or None, query.get("mentioned")
    held = {"none": "assignees = '[]'", "*": "assignees <> '[]'"}
    since = moment(call, "since", "Issue")
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


def create_issue(call: Call) -> Answer:
    body = mapping(call)
    title = _title(body)
    if title is None:
        raise invalid("Issue", "title", "missing_field")
    wanted, author = labels_in(body), owner_of_token(call.world)
    text, people = _body(body, "Issue"), _assignees(call, body) or []
    number = records.add_issue(call.world, author, title, text, labels=wanted or [], assignees=people)
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
    records.reassign(call.world, owner_of_token(call.world), number, _known(call, number))
    return Answer(201, _issue(call, number))


def remove_assignees(call: Call, number: int) -> Answer:
    records.reassign(call.world, owner_of_token(call.world), number, remove=_known(call, number))
    return Answer(200, _issue(call, number))


def _known(call: Call, number: int) -> list[str]:
    """The logins that a request about an issue's assignees names; unlike elsewhere, unknown ones are passed over."""
    issue_row(call, number)
    value = mapping(call).get("assignees")
    wanted = names([value] if isinstance(value, str) else value or [], "assignees")
    return [login for name in wanted if (login := known_login(call.world, name))]


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
    rows = call.world.rows(
        f"SELECT * FROM gh_comments WHERE updated_at >= ? ORDER BY {sort} {direction}, id {direction}", since
    )
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
    call.world.update("gh_comments", {"id": comment}, body=said, updated_at=call.world.stamp())
    records.change(call.world, row["number"])
    return get_comment(call, comment)


def delete_comment(call: Call, comment: int) -> Answer:
    row = _comment(call, comment)
    call.world.delete("gh_comments", id=comment)
    records.change(call.world, row["number"])
    return Answer(204)


# Records, or 404


def _issue(call: Call, number: int) -> Json:
    return shapes.issue(call.world, base(call), issue_row(call, number))


def _comment(call: Call, comment: int) -> sqlite3.Row:
    return found(call.world.row("SELECT * FROM gh_comments WHERE id = ?", comment))


def _events(call: Call, number: int) -> list[sqlite3.Row]:
    return call.world.rows("SELECT * FROM gh_events WHERE number = ? ORDER BY id", number)


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

"""PagerDuty endpoints for incidents: list, create, acknowledge, reassign, resolve, notes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from deskbook.config.organization import Person
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.pagerduty.calls import (
    Json,
    bad,
    body_of,
    moment,
    page,
    refuse,
    requester,
    root_of,
    string,
    word,
    wrapped,
)
from deskbook_sandbox.pagerduty.records import (
    PRIORITIES,
    add_incident,
    add_note,
    assignment,
    change_incident,
    incident_row,
    is_open,
    log,
    move,
    on_call,
    service_id,
    stable_id,
    user_id,
)
from deskbook_sandbox.pagerduty.shapes import incident_shape, log_entry_shape, note_shape
from deskbook_sandbox.store.database import Store
from deskbook_sandbox.store.query import Condition, among, where

STATUSES = ("triggered", "acknowledged", "resolved")
URGENCIES = ("high", "low")
MOST_AT_ONCE = 250
# Without `since`, a list reaches this far back, and never further than the second number.
DEFAULT_DAYS, MOST_DAYS = 30, 184
_SORTS = {
    "incident_number": "number",
    "created_at": "created_at",
    "resolved_at": "resolved_at",
    "urgency": "urgency",
    "status": "status",
    "last_status_change_at": "changed_at",
}


def list_incidents(request: Request) -> Response:
    span = _span(request)
    for key, known in (("statuses[]", STATUSES), ("urgencies[]", URGENCIES)):
        if not set(request.query.getlist(key)) <= set(known):
            raise bad(f"{key.removesuffix('[]')} must be one of {', '.join(known)}")
    people, wanted = among("json_extract(value, '$.user')", request.query.getlist("user_ids[]"))
    clause, values = where(
        [
            *span,
            among("status", request.query.getlist("statuses[]")),
            among("urgency", request.query.getlist("urgencies[]")),
            among(f"'{service_id(request.store)}'", request.query.getlist("service_ids[]")),
            (f"EXISTS (SELECT 1 FROM json_each(assigned) WHERE {people})", wanted),
            ("key = ?", request.query.get("incident_key") or None),
        ]
    )
    rows = request.store.rows(f"SELECT * FROM pd_incidents {clause} ORDER BY {_order(request)}", *values)
    return page(request, "incidents", rows, lambda row: incident_shape(request.store, root_of(request), row))


def _span(request: Request) -> list[Condition]:
    """The span of time that a list covers: the last month, where the request does not say."""
    if request.query.get("date_range") == "all":
        return []
    until = moment(request, "until") or request.store.now()
    since = moment(request, "since") or until - timedelta(days=DEFAULT_DAYS)
    if until - since > timedelta(days=MOST_DAYS):
        raise bad("The time range must be at most 6 months")
    # What is created in the very second of now belongs to the list.
    return [("created_at >= ?", request.store.stamp(since)), ("created_at <= ?", request.store.stamp(until))]


def _order(request: Request) -> str:
    """The ORDER BY of `sort_by`, at most two fields; oldest first without one."""
    terms = []
    given = ",".join(request.query.getlist("sort_by") + request.query.getlist("sort_by[]"))
    for term in (given or "incident_number").split(","):
        name, _, direction = term.partition(":")
        if name not in _SORTS or direction not in ("", "asc", "desc"):
            raise bad(f"sort_by is not valid: {term[:80]}")
        terms.append(f"{_SORTS[name]} {direction or 'asc'}")
    if len(terms) > 2:
        raise bad("sort_by takes at most two fields")
    return ", ".join([*terms, "number"])


def create_incident(request: Request) -> Response:
    user = requester(request)
    wish = wrapped(request, "incident")
    title = string(wish, "title")
    if title is None or not title.strip():
        raise bad("Title cannot be empty.")
    service = wish.get("service")
    if not isinstance(service, dict) or service.get("id") != service_id(request.store):
        raise bad("Service cannot be empty." if not service else "Service not found.")
    if wish.get("assignments") and wish.get("escalation_policy"):
        raise bad("Cannot specify both assignments and an escalation policy.")
    key = string(wish, "incident_key")
    if key and is_open(request.store, key):
        text = "Open incident with matching dedup key already exists on this service"
        raise refuse(400, "Arguments Caused Error", 2002, text)
    body = wish.get("body")
    values = {
        "title": title,
        "key": key,
        "urgency": word(wish, "urgency", URGENCIES) or "high",
        "priority": _priority(wish),
        "details": string(body, "details") if isinstance(body, dict) else None,
    }
    row = add_incident(request.store, user, _assignees(request.store, wish) or [on_call(request.store)], values)
    return Response(201, {"incident": incident_shape(request.store, root_of(request), row)})


def get_incident(request: Request, id: str) -> Response:
    return Response(200, {"incident": incident_shape(request.store, root_of(request), incident_row(request.store, id))})


def update_incident(request: Request, id: str) -> Response:
    user = requester(request)
    row = _update(request.store, user, incident_row(request.store, id), wrapped(request, "incident"))
    return Response(200, {"incident": incident_shape(request.store, root_of(request), row)})


def update_incidents(request: Request) -> Response:
    user = requester(request)
    wishes = body_of(request).get("incidents")
    if not isinstance(wishes, list) or not all(isinstance(wish, dict) for wish in wishes):
        raise bad("Incidents must be an array.")
    if len(wishes) > MOST_AT_ONCE:
        raise bad(f"Incidents takes at most {MOST_AT_ONCE} entries.")
    rows = [_update(request.store, user, incident_row(request.store, wish.get("id")), wish) for wish in wishes]
    return Response(200, {"incidents": [incident_shape(request.store, root_of(request), row) for row in rows]})


def _update(store: Store, user: Person, row: sqlite3.Row, wish: Json) -> sqlite3.Row:
    status, title = word(wish, "status", STATUSES), string(wish, "title")
    assigned = _assignees(store, wish)
    if row["status"] == "resolved" and (status not in (None, "resolved") or assigned is not None):
        raise bad("Incident Already Resolved")
    if title is not None and not title.strip():
        raise bad("Title cannot be empty.")
    changes: Json = {}
    if title is not None:
        changes["title"] = title
    if "priority" in wish:
        changes["priority"] = _priority(wish)
        if changes["priority"] != row["priority"]:
            log(store, row["id"], "priority_change_log_entry", user, {})
    urgency = word(wish, "urgency", URGENCIES)
    if urgency:
        changes["urgency"] = urgency
    if assigned is not None:
        changes["assigned"] = assignment(assigned, store.stamp())
        log(store, row["id"], "assign_log_entry", user, {"assignees": assigned})
    if status and status != row["status"]:
        changes |= move(store, row, user, status)
    resolution = string(wish, "resolution")
    if resolution and status == "resolved":
        add_note(store, row["id"], user, f"Resolution Note: {resolution}")
    return change_incident(store, row["id"], changes) if changes else row


def list_notes(request: Request, id: str) -> Response:
    row = incident_row(request.store, id)
    rows = request.store.rows("SELECT * FROM pd_notes WHERE incident = ? ORDER BY rowid", row["id"])
    return Response(200, {"notes": [note_shape(request.store, root_of(request), note) for note in rows]})


def create_note(request: Request, id: str) -> Response:
    user = requester(request)
    row = incident_row(request.store, id)
    content = string(wrapped(request, "note"), "content")
    if content is None or not content.strip():
        raise bad("Content cannot be empty.")
    note = add_note(request.store, row["id"], user, content)
    return Response(201, {"note": note_shape(request.store, root_of(request), note)})


def list_log(request: Request, id: str) -> Response:
    """The newest first, as PagerDuty lists them."""
    row = incident_row(request.store, id)
    rows = request.store.rows("SELECT * FROM pd_log WHERE incident = ? ORDER BY rowid DESC", row["id"])
    return page(request, "log_entries", rows, lambda entry: log_entry_shape(request.store, root_of(request), entry))


def _priority(wish: Mapping[str, Any]) -> str | None:
    """The name of the priority that is referred to by its id; null takes it away."""
    given = wish.get("priority")
    if given is None:
        return None
    id = given.get("id") if isinstance(given, dict) else None
    name = next((name for name in PRIORITIES if stable_id(name) == id), None)
    if name is None:
        raise bad("Priority not found.")
    return name


def _assignees(store: Store, wish: Mapping[str, Any]) -> list[str] | None:
    given = wish.get("assignments")
    if given is None:
        return None
    if not isinstance(given, list) or not given:
        raise bad("Assignments must be an array.")
    found = []
    for one in given:
        assignee = one.get("assignee") if isinstance(one, dict) else None
        id = assignee.get("id") if isinstance(assignee, dict) else None
        person = next((person for person in store.organization.people if user_id(person) == id), None)
        if person is None:
            raise bad("Assignee not found.")
        found.append(user_id(person))
    return list(dict.fromkeys(found))

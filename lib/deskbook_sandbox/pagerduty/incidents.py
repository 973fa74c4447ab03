"""PagerDuty endpoints for incidents: list, create, acknowledge, reassign, resolve, notes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from deskbook.config.organization import Person
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.pagerduty import calls, records, shapes
from deskbook_sandbox.pagerduty.calls import Json
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
            raise calls.bad(f"{key.removesuffix('[]')} must be one of {', '.join(known)}")
    people, wanted = among("json_extract(value, '$.user')", request.query.getlist("user_ids[]"))
    clause, values = where(
        [
            *span,
            among("status", request.query.getlist("statuses[]")),
            among("urgency", request.query.getlist("urgencies[]")),
            among(f"'{records.service_id(request.store)}'", request.query.getlist("service_ids[]")),
            (f"EXISTS (SELECT 1 FROM json_each(assigned) WHERE {people})", wanted),
            ("key = ?", request.query.get("incident_key") or None),
        ]
    )
    rows = request.store.rows(f"SELECT * FROM pd_incidents {clause} ORDER BY {_order(request)}", *values)
    return calls.page(request, "incidents", rows, lambda row: _shown(request, row))


def _shown(request: Request, row: sqlite3.Row) -> Json:
    """An incident; of what `include[]` may name, how it began is told in full, with who made it."""
    root = calls.root_of(request)
    shape = shapes.incident_shape(request.store, root, row)
    if "first_trigger_log_entries" not in request.query.getlist("include[]"):
        return shape
    began = request.store.row("SELECT * FROM pd_log WHERE incident = ? ORDER BY rowid LIMIT 1", row["id"])
    return {**shape, "first_trigger_log_entry": shapes.log_entry_shape(request.store, root, began)} if began else shape


def _span(request: Request) -> list[Condition]:
    """The span of time that a list covers: the last month, where the request does not say."""
    if request.query.get("date_range") == "all":
        return []
    until = calls.moment(request, "until") or request.store.now()
    since = calls.moment(request, "since") or until - timedelta(days=DEFAULT_DAYS)
    if until - since > timedelta(days=MOST_DAYS):
        raise calls.bad("The time range must be at most 6 months")
    # What is created in the very second of now belongs to the list.
    return [("created_at >= ?", request.store.stamp(since)), ("created_at <= ?", request.store.stamp(until))]


def _order(request: Request) -> str:
    """The ORDER BY of `sort_by`, at most two fields; oldest first without one."""
    terms = []
    given = ",".join(request.query.getlist("sort_by") + request.query.getlist("sort_by[]"))
    for term in (given or "incident_number").split(","):
        name, _, direction = term.partition(":")
        if name not in _SORTS or direction not in ("", "asc", "desc"):
            raise calls.bad(f"sort_by is not valid: {term[:80]}")
        terms.append(f"{_SORTS[name]} {direction or 'asc'}")
    if len(terms) > 2:
        raise calls.bad("sort_by takes at most two fields")
    return ", ".join([*terms, "number"])


def create_incident(request: Request) -> Response:
    user = calls.requester(request)
    wish = calls.wrapped(request, "incident")
    title = calls.string(wish, "title")
    if title is None or not title.strip():
        raise calls.bad("Title cannot be empty.")
    service = wish.get("service")
    if not isinstance(service, dict) or service.get("id") != records.service_id(request.store):
        raise calls.bad("Service cannot be empty." if not service else "Service not found.")
    if wish.get("assignments") and wish.get("escalation_policy"):
        raise calls.bad("Cannot specify both assignments and an escalation policy.")
    key = calls.string(wish, "incident_key")
    if key and records.is_open(request.store, key):
        text = "Open incident with matching dedup key already exists on this service"
        raise calls.refuse(400, "Arguments Caused Error", 2002, text)
    body = wish.get("body")
    values = {
        "title": title,
        "key": key,
        "urgency": calls.word(wish, "urgency", URGENCIES) or "high",
        "priority": _priority(wish),
        "details": calls.string(body, "details") if isinstance(body, dict) else None,
    }
    row = records.add_incident(
        request.store, user, _assignees(request.store, wish) or [records.on_call(request.store)], values
    )
    return Response(201, {"incident": _shown(request, row)})


def get_incident(request: Request, id: str) -> Response:
    return Response(200, {"incident": _shown(request, records.incident_row(request.store, id))})


def update_incident(request: Request, id: str) -> Response:
    user = calls.requester(request)
    row = _update(request.store, user, records.incident_row(request.store, id), calls.wrapped(request, "incident"))
    return Response(200, {"incident": _shown(request, row)})


def update_incidents(request: Request) -> Response:
    user = calls.requester(request)
    wishes = calls.body_of(request).get("incidents")
    if not isinstance(wishes, list) or not all(isinstance(wish, dict) for wish in wishes):
        raise calls.bad("Incidents must be an array.")
    if len(wishes) > MOST_AT_ONCE:
        raise calls.bad(f"Incidents takes at most {MOST_AT_ONCE} entries.")
    rows = [_update(request.store, user, records.incident_row(request.store, wish.get("id")), wish) for wish in wishes]
    return Response(200, {"incidents": [_shown(request, row) for row in rows]})


def _update(store: Store, user: Person, row: sqlite3.Row, wish: Json) -> sqlite3.Row:
    status, title = calls.word(wish, "status", STATUSES), calls.string(wish, "title")
    assigned = _assignees(store, wish)
    if row["status"] == "resolved" and (status not in (None, "resolved") or assigned is not None):
        raise calls.bad("Incident Already Resolved")
    if title is not None and not title.strip():
        raise calls.bad("Title cannot be empty.")
    changes: Json = {}
    if title is not None:
        changes["title"] = title
    if "priority" in wish:
        changes["priority"] = _priority(wish)
        if changes["priority"] != row["priority"]:
            records.log(store, row["id"], "priority_change_log_entry", user, {})
    urgency = calls.word(wish, "urgency", URGENCIES)
    if urgency:
        changes["urgency"] = urgency
    if assigned is not None:
        changes["assigned"] = records.assignment(assigned, store.stamp())
        records.log(store, row["id"], "assign_log_entry", user, {"assignees": assigned})
    if status and status != row["status"]:
        changes |= records.move(store, row, user, status)
    resolution = calls.string(wish, "resolution")
    if resolution and status == "resolved":
        records.add_note(store, row["id"], user, f"Resolution Note: {resolution}")
    return records.change_incident(store, row["id"], changes) if changes else row


def list_notes(request: Request, id: str) -> Response:
    row = records.incident_row(request.store, id)
    rows = request.store.rows("SELECT * FROM pd_notes WHERE incident = ? ORDER BY rowid", row["id"])
    return Response(200, {"notes": [shapes.note_shape(request.store, calls.root_of(request), note) for note in rows]})


def create_note(request: Request, id: str) -> Response:
    user = calls.requester(request)
    row = records.incident_row(request.store, id)
    content = calls.string(calls.wrapped(request, "note"), "content")
    if content is None or not content.strip():
        raise calls.bad("Content cannot be empty.")
    note = records.add_note(request.store, row["id"], user, content)
    return Response(201, {"note": shapes.note_shape(request.store, calls.root_of(request), note)})


def list_log(request: Request, id: str) -> Response:
    """The newest first, as PagerDuty lists them."""
    row = records.incident_row(request.store, id)
    rows = request.store.rows("SELECT * FROM pd_log WHERE incident = ? ORDER BY rowid DESC", row["id"])
    return calls.page(
        request, "log_entries", rows, lambda entry: shapes.log_entry_shape(request.store, calls.root_of(request), entry)
    )


def _priority(wish: Mapping[str, Any]) -> str | None:
    """The name of the priority that is referred to by its id; null takes it away."""
    given = wish.get("priority")
    if given is None:
        return None
    id = given.get("id") if isinstance(given, dict) else None
    name = next((name for name in records.PRIORITIES if records.stable_id(name) == id), None)
    if name is None:
        raise calls.bad("Priority not found.")
    return name


def _assignees(store: Store, wish: Mapping[str, Any]) -> list[str] | None:
    given = wish.get("assignments")
    if given is None:
        return None
    if not isinstance(given, list) or not given:
        raise calls.bad("Assignments must be an array.")
    found = []
    for one in given:
        assignee = one.get("assignee") if isinstance(one, dict) else None
        id = assignee.get("id") if isinstance(assignee, dict) else None
        person = next((person for person in store.organization.people if records.user_id(person) == id), None)
        if person is None:
            raise calls.bad("Assignee not found.")
        found.append(records.user_id(person))
    return list(dict.fromkeys(found))

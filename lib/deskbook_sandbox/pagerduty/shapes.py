"""Serialize incidents, notes, log entries and what they refer to for PagerDuty's responses."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from deskbook.config.loader import read_yaml
from deskbook.config.organization import Person
from deskbook_sandbox.pagerduty.calls import Json
from deskbook_sandbox.pagerduty.records import PRIORITIES, on_call, policy_id, service_id, stable_id, user_id
from deskbook_sandbox.store.database import Store

_SHAPES = read_yaml(Path(__file__).with_name("shapes.yaml"))


def _reference(kind: str, id: str, summary: str, root: str, path: str) -> Json:
    """How one record names another."""
    url = f"{root}/{path}/{id}"
    return {"id": id, "type": f"{kind}_reference", "summary": summary, "self": url, "html_url": url}


def _service_reference(store: Store, root: str) -> Json:
    return _reference("service", service_id(store), _service_name(store), root, "services")


def _policy_reference(store: Store, root: str) -> Json:
    return _reference("escalation_policy", policy_id(store), "Support", root, "escalation_policies")


def user_reference(store: Store, root: str, id: str) -> Json:
    person = next((person for person in store.organization.people if user_id(person) == id), None)
    return _reference("user", id, person.name if person else id, root, "users")


def incident_shape(store: Store, root: str, row: sqlite3.Row) -> Json:
    number, title = row["number"], row["title"]
    url = f"{root}/incidents/{row['id']}"
    acknowledged = [
        {"at": one["at"], "acknowledger": user_reference(store, root, one["user"])}
        for one in json.loads(row["acknowledged"])
    ]
    assigned = [
        {"at": one["at"], "assignee": user_reference(store, root, one["user"])} for one in json.loads(row["assigned"])
    ]
    service = _service_reference(store, root)
    return {
        **_SHAPES["incident"],
        "id": row["id"],
        "summary": f"[#{number}] {title}",
        "self": url,
        "html_url": url,
        "incident_number": number,
        "title": title,
        "description": title,
        "status": row["status"],
        "incident_key": row["key"],
        "urgency": row["urgency"],
        "priority": priority_shape(root, row["priority"]) if row["priority"] else None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "resolved_at": row["resolved_at"],
        "last_status_change_at": row["changed_at"],
        "last_status_change_by": user_reference(store, root, row["changed_by"]) if row["changed_by"] else service,
        "service": service,
        "escalation_policy": _policy_reference(store, root),
        "assignments": assigned,
        "acknowledgements": acknowledged,
        "impacted_services": [service],
        "body": {"type": "incident_body", "details": row["details"]},
        "first_trigger_log_entry": _first_log_entry(store, root, row["id"]),
    }


def _first_log_entry(store: Store, root: str, incident: str) -> Json:
    id = store.value("SELECT id FROM pd_log WHERE incident = ? ORDER BY rowid LIMIT 1", incident)
    return _reference("trigger_log_entry", id, "Triggered through the API", root, "log_entries")


def note_shape(store: Store, root: str, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "user": user_reference(store, root, row["user"]),
        "channel": {"summary": "The PagerDuty website or APIs"},
        "content": row["content"],
        "created_at": row["at"],
    }


def log_entry_shape(store: Store, root: str, row: sqlite3.Row) -> Json:
    detail = json.loads(row["detail"])
    title = store.value("SELECT '[#' || number || '] ' || title FROM pd_incidents WHERE id = ?", row["incident"])
    shape: Json = {
        "id": row["id"],
        "type": row["kind"],
        "summary": row["kind"].removesuffix("_log_entry").replace("_", " ").capitalize(),
        "self": f"{root}/log_entries/{row['id']}",
        "html_url": None,
        "created_at": row["at"],
        "agent": user_reference(store, root, row["user"]),
        "channel": {"type": "api" if "note" not in detail else "note"},
        "service": _service_reference(store, root),
        "incident": _reference("incident", row["incident"], title, root, "incidents"),
        "teams": [],
        "contexts": [],
        "event_details": {},
    }
    if "assignees" in detail:
        shape["assignees"] = [user_reference(store, root, id) for id in detail["assignees"]]
    if "note" in detail:
        shape["channel"]["summary"] = detail["note"]
    return shape


def priority_shape(root: str, name: str) -> Json:
    description, color = PRIORITIES[name]
    return {
        "id": stable_id(name),
        "type": "priority",
        "summary": name,
        "self": f"{root}/priorities/{stable_id(name)}",
        "html_url": None,
        "name": name,
        "description": description,
        "color": color,
        "order": 2 ** (28 - int(name[1])),
    }


def _service_name(store: Store) -> str:
    return f"{store.organization.name} hubs"


def service_shape(store: Store, root: str) -> Json:
    """One service stands for all hubs: an incident's key says which one it is about."""
    return {
        **_service_reference(store, root),
        **_SHAPES["service"],
        "name": _service_name(store),
        "escalation_policy": _policy_reference(store, root),
    }


def policy_shape(store: Store, root: str) -> Json:
    targets = [user_reference(store, root, on_call(store))]
    rule = {"id": stable_id("rule"), "escalation_delay_in_minutes": 30, "targets": targets}
    return {
        **_policy_reference(store, root),
        **_SHAPES["policy"],
        "escalation_rules": [rule],
        "services": [_service_reference(store, root)],
    }


def user_shape(root: str, person: Person) -> Json:
    id = user_id(person)
    return {
        **_reference("user", id, person.name, root, "users"),
        **_SHAPES["user"],
        "name": person.name,
        "email": person.mail,
        "time_zone": person.zone,
        "avatar_url": f"{root}/avatars/{id}.png",
    }

"""How PagerDuty's answers look: incidents, notes, log entries, and what they refer to."""

from __future__ import annotations

import json
import sqlite3

from deskbook.config.organization import Person
from deskbook_sandbox.pagerduty.calls import Json
from deskbook_sandbox.pagerduty.records import PRIORITIES, on_call, policy_id, service_id, stable_id, user_id
from deskbook_sandbox.store.world import World


def _reference(kind: str, id: str, summary: str, root: str, path: str) -> Json:
    """How one record names another."""
    url = f"{root}/{path}/{id}"
    return {"id": id, "type": f"{kind}_reference", "summary": summary, "self": url, "html_url": url}


def user_reference(world: World, root: str, id: str) -> Json:
    person = next((person for person in world.organization.people if user_id(person) == id), None)
    return _reference("user", id, person.name if person else id, root, "users")


def incident_shape(world: World, root: str, row: sqlite3.Row) -> Json:
    number, title = row["number"], row["title"]
    url = f"{root}/incidents/{row['id']}"
    acknowledged = [
        {"at": one["at"], "acknowledger": user_reference(world, root, one["user"])}
        for one in json.loads(row["acknowledged"])
    ]
    assigned = [
        {"at": one["at"], "assignee": user_reference(world, root, one["user"])} for one in json.loads(row["assigned"])
    ]
    service = _reference("service", service_id(world), _service_name(world), root, "services")
    policy = _reference("escalation_policy", policy_id(world), "Support", root, "escalation_policies")
    return {
        "id": row["id"],
        "type": "incident",
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
        "last_status_change_by": user_reference(world, root, row["changed_by"]) if row["changed_by"] else service,
        "service": service,
        "escalation_policy": policy,
        "assignments": assigned,
        "assigned_via": "direct_assignment",
        "acknowledgements": acknowledged,
        "teams": [],
        "impacted_services": [service],
        "pending_actions": [],
        "conference_bridge": None,
        "incidents_responders": [],
        "responder_requests": [],
        "subscriber_requests": [],
        "is_mergeable": True,
        "incident_type": {"name": "incident_default"},
        "alert_counts": {"all": 0, "triggered": 0, "resolved": 0},
        "resolve_reason": None,
        "body": {"type": "incident_body", "details": row["details"]},
        "first_trigger_log_entry": _first_log_entry(world, root, row["id"]),
    }


def _first_log_entry(world: World, root: str, incident: str) -> Json:
    query = "SELECT id FROM pd_log WHERE incident = ? ORDER BY rowid LIMIT 1"
    id = world.db.execute(query, (incident,)).fetchone()["id"]
    return _reference("trigger_log_entry", id, "Triggered through the API", root, "log_entries")


def note_shape(world: World, root: str, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "user": user_reference(world, root, row["user"]),
        "channel": {"summary": "The PagerDuty website or APIs"},
        "content": row["content"],
        "created_at": row["at"],
    }


def log_entry_shape(world: World, root: str, row: sqlite3.Row) -> Json:
    detail = json.loads(row["detail"])
    incident = world.db.execute("SELECT * FROM pd_incidents WHERE id = ?", (row["incident"],)).fetchone()
    shape: Json = {
        "id": row["id"],
        "type": row["kind"],
        "summary": row["kind"].removesuffix("_log_entry").replace("_", " ").capitalize(),
        "self": f"{root}/log_entries/{row['id']}",
        "html_url": None,
        "created_at": row["at"],
        "agent": user_reference(world, root, row["user"]),
        "channel": {"type": "api" if "note" not in detail else "note"},
        "service": _reference("service", service_id(world), _service_name(world), root, "services"),
        "incident": _reference(
            "incident", row["incident"], f"[#{incident['number']}] {incident['title']}", root, "incidents"
        ),
        "teams": [],
        "contexts": [],
        "event_details": {},
    }
    if "assignees" in detail:
        shape["assignees"] = [user_reference(world, root, id) for id in detail["assignees"]]
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


def _service_name(world: World) -> str:
    return f"{world.organization.name} hubs"


def service_shape(world: World, root: str) -> Json:
    """One service stands for all hubs: an incident's key says which one it is about."""
    id = service_id(world)
    own = _reference("service", id, _service_name(world), root, "services")
    return {
        **own,
        "type": "service",
        "name": _service_name(world),
        "description": "Every hub that we run",
        "status": "active",
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": None,
        "alert_creation": "create_alerts_and_incidents",
        "incident_urgency_rule": {"type": "constant", "urgency": "high"},
        "escalation_policy": _reference("escalation_policy", policy_id(world), "Support", root, "escalation_policies"),
        "teams": [],
        "integrations": [],
    }


def policy_shape(world: World, root: str) -> Json:
    id = policy_id(world)
    rule = {
        "id": stable_id("rule"),
        "escalation_delay_in_minutes": 30,
        "targets": [user_reference(world, root, on_call(world))],
    }
    return {
        **_reference("escalation_policy", id, "Support", root, "escalation_policies"),
        "type": "escalation_policy",
        "name": "Support",
        "description": None,
        "num_loops": 0,
        "on_call_handoff_notifications": "if_has_services",
        "escalation_rules": [rule],
        "services": [_reference("service", service_id(world), _service_name(world), root, "services")],
        "teams": [],
    }


def user_shape(root: str, person: Person) -> Json:
    id = user_id(person)
    return {
        **_reference("user", id, person.name, root, "users"),
        "type": "user",
        "name": person.name,
        "email": person.mail,
        "time_zone": person.zone,
        "color": "teal",
        "role": "user",
        "job_title": None,
        "description": None,
        "avatar_url": f"{root}/avatars/{id}.png",
        "invitation_sent": False,
        "contact_methods": [],
        "notification_rules": [],
        "teams": [],
    }

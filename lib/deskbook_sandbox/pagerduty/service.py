"""A look-alike of PagerDuty's REST API v2: incidents of one service for all hubs, notes, priorities, people. Key `sandbox`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from deskbook.config.loader import Frozen
from deskbook_sandbox.http import Answer, Call, Route, Service
from deskbook_sandbox.pagerduty.calls import BASE, Json, not_found, page, refuse, root_of
from deskbook_sandbox.pagerduty.incidents import (
    create_incident,
    create_note,
    get_incident,
    list_incidents,
    list_log,
    list_notes,
    update_incident,
    update_incidents,
)
from deskbook_sandbox.pagerduty.records import (
    PRIORITIES,
    SCHEMA,
    add_incident,
    change_incident,
    move,
    person_with,
    policy_id,
    service_id,
    user_id,
)
from deskbook_sandbox.pagerduty.shapes import (
    incident_shape,
    note_shape,
    policy_shape,
    priority_shape,
    service_shape,
    user_shape,
)
from deskbook_sandbox.seeding.entries import entries, stamp
from deskbook_sandbox.seeding.seed import Moment
from deskbook_sandbox.store.world import World

KEY = "sandbox"


class SeedIncident(Frozen):
    """`hub` and `cluster` are names; `assigned` is the mail of one of the staff."""

    title: str
    hub: str | None = None
    cluster: str | None = None
    status: Literal["triggered", "acknowledged", "resolved"] = "triggered"
    priority: Literal["P1", "P2", "P3", "P4", "P5"] | None = None
    key: str | None = None
    details: str | None = None
    assigned: str | None = None
    at: Moment | None = None


def guard(call: Call) -> Answer | None:
    given = call.headers.get("Authorization", "").strip()
    match = re.fullmatch(r"(?:Token\s+token=\"?([^\"\s]*)\"?|Bearer\s+(\S+))", given, re.IGNORECASE)
    if match and KEY in match.groups():
        return None
    return refuse(401, "Invalid token" if match else "Unauthorized", 2006).answer


def finish(call: Call, answer: Answer) -> Answer:
    request = f"{zlib.crc32(call.path.encode()):08x}-{call.world.requests.total():x}"
    return replace(answer, headers={"X-Request-Id": request, **answer.headers})


def unknown(call: Call, wrong_verb: bool) -> Answer:
    return not_found().answer


def fault(call: Call, status: int) -> Answer:
    known = {
        400: ("Invalid JSON in the request body", 2001),
        401: ("Invalid token", 2006),
        403: ("Access Denied", 2010),
        404: ("Not Found", 2100),
        429: ("Rate Limit Exceeded", 2020),
    }
    message, code = known.get(status, ("Internal Server Error", 2000))
    return refuse(status, message, code).answer


def list_services(call: Call) -> Answer:
    return _found(call, "services", [service_shape(call.world, root_of(call))])


def get_service(call: Call, id: str) -> Answer:
    if id != service_id(call.world):
        raise not_found()
    return Answer(200, {"service": service_shape(call.world, root_of(call))})


def list_policies(call: Call) -> Answer:
    return _found(call, "escalation_policies", [policy_shape(call.world, root_of(call))])


def get_policy(call: Call, id: str) -> Answer:
    if id != policy_id(call.world):
        raise not_found()
    return Answer(200, {"escalation_policy": policy_shape(call.world, root_of(call))})


def list_priorities(call: Call) -> Answer:
    return page(call, "priorities", list(PRIORITIES), lambda name: priority_shape(root_of(call), name))


def list_users(call: Call) -> Answer:
    return _found(
        call, "users", [user_shape(root_of(call), person) for person in call.world.organization.people], "email"
    )


def get_user(call: Call, id: str) -> Answer:
    return Answer(200, {"user": user_shape(root_of(call), person_with(call.world, id))})


def me(call: Call) -> Answer:
    """The key belongs to the first Triager, as the other services' tokens do."""
    return Answer(200, {"user": user_shape(root_of(call), call.world.organization.with_role("triager")[0])})


def _found(call: Call, name: str, shapes: Sequence[Json], *also: str) -> Answer:
    """A page of what `query` finds by name."""
    wanted = call.query.get("query", "").lower()
    fitting = [one for one in shapes if any(wanted in str(one[key]).lower() for key in ("name", *also))]
    return page(call, name, fitting, lambda shape: shape)


def seed(world: World, data: Mapping[str, Any]) -> None:
    """Incidents with their history so far; the first Triager acknowledged what is acknowledged, unless assigned."""
    for told in entries(data, "pager", SeedIncident):
        person = world.organization.person(told.assigned or "") or world.organization.with_role("triager")[0]
        at = stamp(world, data, told.at)
        hub = next((hub for hub in world.organization.hubs if hub.name == told.hub), None)
        cluster = told.cluster or (hub.cluster if hub else None)
        lines = [
            *([told.details] if told.details else []),
            *([f"Hub: {hub.name} {hub.url}"] if hub else []),
            *([f"Cluster: {cluster}"] if cluster else []),
        ]
        values = {
            "title": told.title,
            "key": told.key or (f"hub-{told.hub}" if told.hub else None),
            "urgency": "high",
            "priority": told.priority,
            "details": "\n".join(lines) or None,
        }
        row = add_incident(world, person, [user_id(person)], values, at)
        steps = {"triggered": (), "acknowledged": ("acknowledged",), "resolved": ("acknowledged", "resolved")}
        for status in steps[told.status]:
            row = change_incident(world, row["id"], {"updated_at": at, **move(world, row, person, status, at=at)})


def state(world: World) -> dict[str, Any]:
    """Incidents with their notes; addresses are relative to the sandbox's."""
    rows = world.rows("SELECT * FROM pd_incidents ORDER BY number")
    notes = world.rows("SELECT * FROM pd_notes ORDER BY rowid")
    return {
        "pager": [
            {
                **incident_shape(world, BASE, row),
                "notes": [note_shape(world, BASE, note) for note in notes if note["incident"] == row["id"]],
            }
            for row in rows
        ]
    }


_REFERENCE = "developer.pagerduty.com/api-reference"
SERVICE = Service(
    name="pagerduty",
    prefix=BASE,
    routes=(
        Route(
            "GET",
            "/incidents",
            list_incidents,
            _REFERENCE,
            query=(
                "statuses[]",
                "urgencies[]",
                "service_ids[]",
                "user_ids[]",
                "incident_key",
                "since",
                "until",
                "date_range",
                "sort_by",
                "limit",
                "offset",
                "total",
            ),
        ),
        Route("POST", "/incidents", create_incident, _REFERENCE),
        Route("PUT", "/incidents", update_incidents, _REFERENCE),
        Route("GET", "/incidents/<id>", get_incident, _REFERENCE),
        Route("PUT", "/incidents/<id>", update_incident, _REFERENCE),
        Route("GET", "/incidents/<id>/notes", list_notes, _REFERENCE),
        Route("POST", "/incidents/<id>/notes", create_note, _REFERENCE),
        Route("GET", "/incidents/<id>/log_entries", list_log, _REFERENCE, query=("limit", "offset", "total")),
        Route("GET", "/services", list_services, _REFERENCE, query=("query", "limit", "offset", "total")),
        Route("GET", "/services/<id>", get_service, _REFERENCE),
        Route("GET", "/escalation_policies", list_policies, _REFERENCE, query=("query", "limit", "offset", "total")),
        Route("GET", "/escalation_policies/<id>", get_policy, _REFERENCE),
        Route("GET", "/priorities", list_priorities, _REFERENCE, query=("limit", "offset", "total")),
        Route("GET", "/users", list_users, _REFERENCE, query=("query", "limit", "offset", "total")),
        Route("GET", "/users/me", me, _REFERENCE),
        Route("GET", "/users/<id>", get_user, _REFERENCE),
    ),
    schema=SCHEMA,
    guard=guard,
    finish=finish,
    unknown=unknown,
    seed=seed,
    state=state,
    fault=fault,
)

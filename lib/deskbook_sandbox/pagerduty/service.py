"""A look-alike of PagerDuty's REST API v2: incidents of one service for all hubs, notes, priorities, people. Key `sandbox`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from deskbook.config.loader import Frozen
from deskbook_sandbox.http import Request, Response, Route, Service
from deskbook_sandbox.keys import admits, owner
from deskbook_sandbox.pagerduty import calls, incidents, records, shapes
from deskbook_sandbox.pagerduty.calls import Json
from deskbook_sandbox.seeding.entries import entries, stamp
from deskbook_sandbox.seeding.seed import Moment
from deskbook_sandbox.store.database import Store


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


def guard(request: Request) -> Response | None:
    given = request.headers.get("Authorization", "").strip()
    match = re.fullmatch(r"(?:Token\s+token=\"?([^\"\s]*)\"?|Bearer\s+(\S+))", given, re.IGNORECASE)
    if match and admits(request.store, match[1] or match[2]):
        return None
    return calls.refuse(401, "Invalid token" if match else "Unauthorized", 2006).response


def finish(request: Request, response: Response) -> Response:
    id = f"{zlib.crc32(request.path.encode()):08x}-{request.store.requests.total():x}"
    return replace(response, headers={"X-Request-Id": id, **response.headers})


def unknown(request: Request, wrong_verb: bool) -> Response:
    return calls.not_found().response


def fault(request: Request, status: int) -> Response:
    known = {
        400: ("Invalid JSON in the request body", 2001),
        401: ("Invalid token", 2006),
        403: ("Access Denied", 2010),
        404: ("Not Found", 2100),
        429: ("Rate Limit Exceeded", 2020),
    }
    message, code = known.get(status, ("Internal Server Error", 2000))
    return calls.refuse(status, message, code).response


def list_services(request: Request) -> Response:
    return _found(request, "services", [shapes.service_shape(request.store, calls.root_of(request))])


def get_service(request: Request, id: str) -> Response:
    if id != records.service_id(request.store):
        raise calls.not_found()
    return Response(200, {"service": shapes.service_shape(request.store, calls.root_of(request))})


def list_policies(request: Request) -> Response:
    return _found(request, "escalation_policies", [shapes.policy_shape(request.store, calls.root_of(request))])


def get_policy(request: Request, id: str) -> Response:
    if id != records.policy_id(request.store):
        raise calls.not_found()
    return Response(200, {"escalation_policy": shapes.policy_shape(request.store, calls.root_of(request))})


def list_priorities(request: Request) -> Response:
    return calls.page(
        request,
        "priorities",
        list(records.PRIORITIES),
        lambda name: shapes.priority_shape(calls.root_of(request), name),
    )


def list_users(request: Request) -> Response:
    return _found(
        request,
        "users",
        [shapes.user_shape(calls.root_of(request), person) for person in request.store.organization.people],
        "email",
    )


def get_user(request: Request, id: str) -> Response:
    return Response(200, {"user": shapes.user_shape(calls.root_of(request), records.person_with(request.store, id))})


def list_abilities(request: Request) -> Response:
    """What the account's plan has, of what PagerDuty's reference names."""
    return Response(200, {"abilities": ["teams", "read_only_users", "service_support_hours", "urgencies"]})


def me(request: Request) -> Response:
    return Response(200, {"user": shapes.user_shape(calls.root_of(request), owner(request.store))})


def _found(request: Request, name: str, shapes: Sequence[Json], *also: str) -> Response:
    """A page of what `query` finds by name."""
    wanted = request.query.get("query", "").lower()
    fitting = [one for one in shapes if any(wanted in str(one[key]).lower() for key in ("name", *also))]
    return calls.page(request, name, fitting, lambda shape: shape)


def seed(store: Store, data: Mapping[str, Any]) -> None:
    """Incidents with their history so far; the first Triager acknowledged what is acknowledged, unless assigned."""
    for told in entries(data, "pager", SeedIncident):
        person = store.organization.person(told.assigned or "") or store.organization.with_role("triager")[0]
        at = stamp(store, data, told.at)
        hub = next((hub for hub in store.organization.hubs if hub.name == told.hub), None)
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
        row = records.add_incident(store, person, [records.user_id(person)], values, at)
        steps = {"triggered": (), "acknowledged": ("acknowledged",), "resolved": ("acknowledged", "resolved")}
        for status in steps[told.status]:
            row = records.change_incident(
                store, row["id"], {"updated_at": at, **records.move(store, row, person, status, at=at)}
            )


def state(store: Store) -> dict[str, Any]:
    """Incidents with their notes; addresses are relative to the sandbox's."""
    rows = store.rows("SELECT * FROM pd_incidents ORDER BY number")
    notes = store.rows("SELECT * FROM pd_notes ORDER BY rowid")
    return {
        "pager": [
            {
                **shapes.incident_shape(store, calls.BASE, row),
                "notes": [
                    shapes.note_shape(store, calls.BASE, note) for note in notes if note["incident"] == row["id"]
                ],
            }
            for row in rows
        ]
    }


_REFERENCE = "developer.pagerduty.com/api-reference"
SERVICE = Service(
    name="pagerduty",
    prefix=calls.BASE,
    routes=(
        Route(
            "GET",
            "/incidents",
            incidents.list_incidents,
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
        Route("POST", "/incidents", incidents.create_incident, _REFERENCE),
        Route("PUT", "/incidents", incidents.update_incidents, _REFERENCE),
        Route("GET", "/incidents/<id>", incidents.get_incident, _REFERENCE),
        Route("PUT", "/incidents/<id>", incidents.update_incident, _REFERENCE),
        Route("GET", "/incidents/<id>/notes", incidents.list_notes, _REFERENCE),
        Route("POST", "/incidents/<id>/notes", incidents.create_note, _REFERENCE),
        Route("GET", "/incidents/<id>/log_entries", incidents.list_log, _REFERENCE, query=("limit", "offset", "total")),
        Route("GET", "/services", list_services, _REFERENCE, query=("query", "limit", "offset", "total")),
        Route("GET", "/services/<id>", get_service, _REFERENCE),
        Route("GET", "/escalation_policies", list_policies, _REFERENCE, query=("query", "limit", "offset", "total")),
        Route("GET", "/escalation_policies/<id>", get_policy, _REFERENCE),
        Route("GET", "/abilities", list_abilities, _REFERENCE),
        Route("GET", "/priorities", list_priorities, _REFERENCE, query=("limit", "offset", "total")),
        Route("GET", "/users", list_users, _REFERENCE, query=("query", "limit", "offset", "total")),
        Route("GET", "/users/me", me, _REFERENCE),
        Route("GET", "/users/<id>", get_user, _REFERENCE),
    ),
    schema=records.SCHEMA,
    guard=guard,
    finish=finish,
    unknown=unknown,
    seed=seed,
    state=state,
    fault=fault,
)

"""Authentication, rate limits and plan features of the helpdesk account."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Authorization

from deskbook.config.organization import Organization
from deskbook_sandbox.freshdesk import problems
from deskbook_sandbox.freshdesk.records import Record, agent_by_mail, get
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.keys import admits, owner
from deskbook_sandbox.limits import Reading, look, take
from deskbook_sandbox.store.database import Store

PREFIX = "/api/v2"

# Requests a minute for the whole account, and below that for four kinds of request.
CEILINGS: Mapping[str, Mapping[str, int]] = {
    "trial": {"total": 50},
    "growth": {"total": 200, "create": 80, "update": 80, "list": 20, "contacts": 20},
    "pro": {"total": 400, "create": 160, "update": 160, "list": 100, "contacts": 100},
    "enterprise": {"total": 700, "create": 280, "update": 280, "list": 200, "contacts": 200},
    "addon-1000": {"total": 1000, "create": 400, "update": 400, "list": 300, "contacts": 300},
    "addon-2000": {"total": 2000, "create": 800, "update": 800, "list": 400, "contacts": 400},
}

# Features as the refusal names them, and the plans that lack them.
LACKING: Mapping[str, frozenset[str]] = {
    "growth": frozenset({"Surveys", "Timesheets", "Custom Roles", "Multiple Companies"}),
}

UNSUPPORTED = "The {} feature(s) is/are not supported in your plan. Please upgrade your account to use it."


def guard(request: Request) -> Response | None:
    """Formats, limits and the key, in this order: a request that is refused is charged all the same."""
    readings = _charge(request)
    if not all(reading.allowed for reading in readings):
        wait = max(reading.retry_after for reading in readings if not reading.remaining)
        return Response(429, headers={"Retry-After": str(wait)})
    try:
        login = Authorization.from_header(request.headers.get("Authorization"))
    except ValueError:
        login = None
    if login is None or login.type != "basic" or not admits(request.store, login.username):
        message = "You have to be logged in to perform this action."
        return Response(401, {"code": "invalid_credentials", "message": message})
    accept = request.headers.get("Accept", "*/*")
    if not any(word in accept for word in ("*/*", "application/*", "application/json")):
        return Response(406)
    return None


def finish(request: Request, response: Response) -> Response:
    total = look(request.store.meters, "freshdesk total", window=60, ceiling=ceilings(request.store)["total"])
    headers = {
        "X-RateLimit-Total": str(total.ceiling),
        "X-RateLimit-Remaining": str(total.remaining),
        "X-RateLimit-Used-CurrentRequest": str(cost(request)),
        "X-Freshdesk-API-Version": "latest=v2; requested=v2",
        "X-Request-Id": str(uuid.uuid4()),
    }
    return Response(response.status, response.body, {**response.headers, **headers}, response.content_type)


def fault(request: Request, status: int) -> Response:
    """An error of this status as the helpdesk words it."""
    if status == 400:
        return Response(400, {"code": "invalid_json", "message": "Request body has invalid json format"})
    if status in (404, 406, 429):
        return Response(status)
    return Response(status, {"code": "internal_error", "message": "We're sorry, but something went wrong."})


def cost(request: Request) -> int:
    """Credits of a request: one, and more for what is included: one each on a ticket's view, two each on the list."""
    parts = request.path.removeprefix(PREFIX).strip("/").split("/")
    included = [word for word in request.query.get("include", "").split(",") if word.strip()]
    if request.method != "GET" or parts[0] != "tickets":
        return 1
    if len(parts) == 1:
        return 1 + 2 * len(included[:4])
    return 1 + len(included[:4]) if len(parts) == 2 else 1


def ceilings(store: Store) -> dict[str, int]:
    return dict(CEILINGS[store.switches.plan]) | {str(name): each for name, each in store.switches.ceilings.items()}


def _kind(request: Request) -> str | None:
    parts = request.path.removeprefix(PREFIX).strip("/").split("/")
    if parts[0] == "tickets":
        if request.method == "POST" and (len(parts) == 1 or parts[1] == "outbound_email"):
            return "create"
        if request.method == "PUT" and len(parts) == 2:
            return "update"
        if request.method == "GET" and len(parts) == 1:
            return "list"
    return "contacts" if request.method == "GET" and parts == ["contacts"] else None


def _charge(request: Request) -> list[Reading]:
    """The readings of the counters that this request was charged to; none where nothing is counted."""
    limits = ceilings(request.store) if request.store.switches.limits else {}
    costs = {"total": cost(request), str(_kind(request)): 1}
    return [
        take(request.store.meters, f"freshdesk {name}", window=60, ceiling=limits[name], cost=each)
        for name, each in costs.items()
        if name in limits
    ]


def has(store: Store, feature: str) -> bool:
    lacking = LACKING.get(store.switches.plan, frozenset())
    return feature not in lacking and feature not in store.switches.missing_features


def require_feature(store: Store, feature: str) -> None:
    """End the request with 403 where the plan lacks this feature."""
    if not has(store, feature):
        raise problems.refused(403, "require_feature", UNSUPPORTED.format(feature))


def lacks(store: Store, feature: str, field: str, found: problems.Problems) -> bool:
    """Whether the plan lacks the feature that this field needs, which is then a problem of the request."""
    missing = not has(store, feature)
    if missing:
        found.add(field, UNSUPPORTED.format(feature), "inaccessible_field")
    return missing


def current_agent(store: Store) -> Record:
    """The agent whose key it is."""
    agent = agent_by_mail(store, owner(store).mail)
    if agent is None:
        raise problems.access_denied()
    return agent


def sender(organization: Organization) -> str:
    """The From line of what the helpdesk sends."""
    return f"{organization.name} <{organization.support.mail}>"


def is_agent(store: Store, number: Any) -> bool:
    """Whether this is an agent's id."""
    return get(store, "agent", number) is not None

"""Authentication and rate limits of GitHub, and the users it knows."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from deskbook_sandbox.github import calls, shapes
from deskbook_sandbox.github.page import is_page
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.keys import admits
from deskbook_sandbox.limits import Reading, look, take
from deskbook_sandbox.store.database import Store

HOUR, MINUTE = 3_600, 60
# What a user may ask for in a window of this many seconds, by resource.
CEILINGS = {"core": (5_000, HOUR), "search": (30, MINUTE), "graphql": (5_000, HOUR)}
CREATIONS = ((80, MINUTE), (500, HOUR))


def guard(request: Request) -> Response | None:
    if is_page(request):
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not token:
        return calls.refuse(401, "Requires authentication")
    if scheme.lower() not in ("token", "bearer") or not admits(request.store, token.strip()):
        return calls.refuse(401, "Bad credentials")
    resource = _resource(request)
    if resource is None or not request.store.switches.limits:
        return None
    ceiling, window = CEILINGS[resource]
    reading = take(request.store.meters, f"github {resource}", window=window, ceiling=ceiling)
    if not reading.allowed:
        number = calls.number_of(shapes.owner_of_token(request.store))
        return calls.refuse(403, f"API rate limit exceeded for user ID {number}.")
    return _too_much_content(request)


def _too_much_content(request: Request) -> Response | None:
    """GitHub's secondary limit on what makes content and so notifies people."""
    if request.method != "POST" or not request.path.endswith(("/issues", "/comments")):
        return None
    for ceiling, window in CREATIONS:
        reading = take(request.store.meters, f"github creations {window}", window=window, ceiling=ceiling)
        if not reading.allowed:
            return calls.refuse(
                403,
                "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."
                " Please retry your request again later.",
                headers={"Retry-After": str(reading.retry_after)},
            )
    return None


def finish(request: Request, response: Response) -> Response:
    headers = {
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-OAuth-Scopes": "project, read:org, repo",
        "X-GitHub-Request-Id": f"{calls.number_of(request.path):X}:{request.store.requests.total():X}",
    }
    resource = _resource(request)
    if response.status != 401:
        headers |= _limit_headers(request, resource or "core")
    if request.method == "GET" and response.status == 200 and isinstance(response.body, dict | list):
        headers["ETag"] = calls.etag(response.body)
        if request.headers.get("If-None-Match") == headers["ETag"]:
            response = Response(304)
    return replace(response, headers={**headers, **response.headers})


def _limit_headers(request: Request, resource: str) -> dict[str, str]:
    reading = _reading(request.store, resource)
    return {
        "X-RateLimit-Limit": str(reading.ceiling),
        "X-RateLimit-Remaining": str(reading.remaining),
        "X-RateLimit-Reset": str(ceil(reading.reset)),
        "X-RateLimit-Used": str(reading.used),
        "X-RateLimit-Resource": resource,
    }


def _reading(store: Store, resource: str) -> Reading:
    ceiling, window = CEILINGS[resource]
    return look(store.meters, f"github {resource}", window=window, ceiling=ceiling)


def _resource(request: Request) -> str | None:
    """Which allowance a request draws on; asking for the allowances is free."""
    if request.path.endswith("/rate_limit"):
        return None
    if request.path.endswith("/graphql"):
        return "graphql"
    return "search" if "/search/" in request.path else "core"


def unknown(request: Request, wrong_verb: bool) -> Response:
    return calls.refuse(404, "Not Found")


def fault(request: Request, status: int) -> Response:
    messages = {
        400: "Problems parsing JSON",
        401: "Bad credentials",
        403: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        404: "Not Found",
        429: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        422: "Validation Failed",
    }
    return calls.refuse(status, messages.get(status, "Server Error"))


def rate_limit(request: Request) -> Response:
    resources = {}
    for name in CEILINGS:
        reading = _reading(request.store, name)
        resources[name] = {
            "limit": reading.ceiling,
            "used": reading.used,
            "remaining": reading.remaining,
            "reset": ceil(reading.reset),
        }
    return Response(200, {"resources": resources, "rate": resources["core"]})


def get_repository(request: Request) -> Response:
    return Response(200, shapes.repository(request.store, calls.base(request)))


def me(request: Request) -> Response:
    return Response(200, _account(request, shapes.owner_of_token(request.store)))


def get_user(request: Request, login: str) -> Response:
    return Response(200, _account(request, calls.found(shapes.known_login(request.store, login))))


def _account(request: Request, login: str) -> calls.Json:
    mails = {person.login: person.mail for person in request.store.organization.people}
    return {
        **shapes.user(calls.base(request), login),
        **shapes.ACCOUNT,
        "name": shapes.logins(request.store).get(login),
        "company": request.store.organization.name,
        "email": mails.get(login),
    }


def list_staff(request: Request) -> Response:
    """Everybody on the staff may be assigned."""
    return calls.page(
        request, list(shapes.logins(request.store)), lambda login: shapes.user(calls.base(request), login)
    )


def list_collaborators(request: Request) -> Response:
    role = {"role_name": "maintain", "permissions": shapes.MAINTAINER}
    response = list_staff(request)
    return replace(response, body=[{**one, **role} for one in response.body])


def is_staff(request: Request, login: str) -> Response:
    calls.found(shapes.known_login(request.store, login))
    return Response(204)

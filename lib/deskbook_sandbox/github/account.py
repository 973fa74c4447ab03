"""Who may call GitHub and how often, and the people it knows."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from deskbook_sandbox.github import calls, shapes
from deskbook_sandbox.github.page import is_page
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.limits import Reading, look, take
from deskbook_sandbox.store.world import World

TOKEN = "sandbox"
HOUR, MINUTE = 3_600, 60
# What a user may ask for in a window of this many seconds, by resource.
CEILINGS = {"core": (5_000, HOUR), "search": (30, MINUTE), "graphql": (5_000, HOUR)}
CREATIONS = ((80, MINUTE), (500, HOUR))


def guard(call: Call) -> Answer | None:
    if is_page(call):
        return None
    scheme, _, token = call.headers.get("Authorization", "").partition(" ")
    if not token:
        return calls.refuse(401, "Requires authentication")
    if scheme.lower() not in ("token", "bearer") or token.strip() != TOKEN:
        return calls.refuse(401, "Bad credentials")
    resource = _resource(call)
    if resource is None or not call.world.switches.limits:
        return None
    ceiling, window = CEILINGS[resource]
    reading = take(call.world.meters, f"github {resource}", window=window, ceiling=ceiling)
    if not reading.allowed:
        number = calls.number_of(shapes.owner_of_token(call.world))
        return calls.refuse(403, f"API rate limit exceeded for user ID {number}.")
    return _too_much_content(call)


def _too_much_content(call: Call) -> Answer | None:
    """GitHub's secondary limit on what makes content and so notifies people."""
    if call.method != "POST" or not call.path.endswith(("/issues", "/comments")):
        return None
    for ceiling, window in CREATIONS:
        reading = take(call.world.meters, f"github creations {window}", window=window, ceiling=ceiling)
        if not reading.allowed:
            return calls.refuse(
                403,
                "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."
                " Please retry your request again later.",
                headers={"Retry-After": str(reading.retry_after)},
            )
    return None


def finish(call: Call, answer: Answer) -> Answer:
    headers = {
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-OAuth-Scopes": "project, read:org, repo",
        "X-GitHub-Request-Id": f"{calls.number_of(call.path):X}:{call.world.requests.total():X}",
    }
    resource = _resource(call)
    if answer.status != 401:
        headers |= _limit_headers(call, resource or "core")
    if call.method == "GET" and answer.status == 200 and isinstance(answer.body, dict | list):
        headers["ETag"] = calls.etag(answer.body)
        if call.headers.get("If-None-Match") == headers["ETag"]:
            answer = Answer(304)
    return replace(answer, headers={**headers, **answer.headers})


def _limit_headers(call: Call, resource: str) -> dict[str, str]:
    reading = _reading(call.world, resource)
    return {
        "X-RateLimit-Limit": str(reading.ceiling),
        "X-RateLimit-Remaining": str(reading.remaining),
        "X-RateLimit-Reset": str(ceil(reading.reset)),
        "X-RateLimit-Used": str(reading.used),
        "X-RateLimit-Resource": resource,
    }


def _reading(world: World, resource: str) -> Reading:
    ceiling, window = CEILINGS[resource]
    return look(world.meters, f"github {resource}", window=window, ceiling=ceiling)


def _resource(call: Call) -> str | None:
    """Which allowance a call draws on; asking for the allowances is free."""
    if call.path.endswith("/rate_limit"):
        return None
    if call.path.endswith("/graphql"):
        return "graphql"
    return "search" if "/search/" in call.path else "core"


def unknown(call: Call, wrong_verb: bool) -> Answer:
    return calls.refuse(404, "Not Found")


def fault(call: Call, status: int) -> Answer:
    messages = {
        400: "Problems parsing JSON",
        401: "Bad credentials",
        403: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        404: "Not Found",
        429: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        422: "Validation Failed",
    }
    return calls.refuse(status, messages.get(status, "Server Error"))


def rate_limit(call: Call) -> Answer:
    resources = {}
    for name in CEILINGS:
        reading = _reading(call.world, name)
        resources[name] = {
            "limit": reading.ceiling,
            "used": reading.used,
            "remaining": reading.remaining,
            "reset": ceil(reading.reset),
        }
    return Answer(200, {"resources": resources, "rate": resources["core"]})


def get_repository(call: Call) -> Answer:
    return Answer(200, shapes.repository(call.world, calls.base(call)))


def me(call: Call) -> Answer:
    return Answer(200, _account(call, shapes.owner_of_token(call.world)))


def get_user(call: Call, login: str) -> Answer:
    return Answer(200, _account(call, calls.found(shapes.known_login(call.world, login))))


def _account(call: Call, login: str) -> calls.Json:
    mails = {person.login: person.mail for person in call.world.organization.people}
    return {
        **shapes.user(calls.base(call), login),
        **shapes.ACCOUNT,
        "name": shapes.logins(call.world).get(login),
        "company": call.world.organization.name,
        "email": mails.get(login),
    }


def list_staff(call: Call) -> Answer:
    """Everybody on the staff may be assigned."""
    return calls.page(call, list(shapes.logins(call.world)), lambda login: shapes.user(calls.base(call), login))


def list_collaborators(call: Call) -> Answer:
    role = {"role_name": "maintain", "permissions": shapes.MAINTAINER}
    answer = list_staff(call)
    return replace(answer, body=[{**one, **role} for one in answer.body])


def is_staff(call: Call, login: str) -> Answer:
    calls.found(shapes.known_login(call.world, login))
    return Answer(204)

"""Parse requests, word errors and page lists for PagerDuty's handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from deskbook.config.organization import Person
from deskbook_sandbox.http import Abort, Request, Response

T = TypeVar("T")
Json = dict[str, Any]
LONGEST_PAGE, DEEPEST = 100, 10_000
BASE = "/pagerduty"


def refuse(status: int, message: str, code: int, *errors: str) -> Abort:
    error: Json = {"message": message, "code": code}
    return Abort(Response(status, {"error": {**error, "errors": list(errors)} if errors else error}))


def bad(*errors: str) -> Abort:
    return refuse(400, "Invalid Input Provided", 2001, *errors)


def not_found() -> Abort:
    return refuse(404, "Not Found", 2100)


def body_of(request: Request) -> Json:
    data = request.json()
    if not isinstance(data, dict):
        raise bad("The request body must be a JSON object.")
    return data


def wrapped(request: Request, name: str) -> Json:
    wish = body_of(request).get(name)
    if not isinstance(wish, dict):
        raise bad(f"{name.capitalize()} cannot be empty.")
    return wish


def requester(request: Request) -> Person:
    mail = (request.headers.get("From") or "").strip()
    if not mail:
        message = 'You must specify a user\'s email address in the "From" header to perform this action'
        raise refuse(400, message, 2016)
    if "@" not in mail:
        raise refuse(400, 'Malformed "From" header', 1028)
    person = request.store.organization.person(mail)
    if person is None:
        raise refuse(400, "Requester User Not Found", 1008)
    return person


def string(wish: Mapping[str, Any], key: str) -> str | None:
    value = wish.get(key)
    if value is not None and not isinstance(value, str):
        raise bad(f"{key.capitalize()} must be a string.")
    return value


def word(wish: Mapping[str, Any], key: str, known: Sequence[str]) -> str | None:
    value = string(wish, key)
    if value is not None and value not in known:
        raise bad(f"{key.capitalize()} must be one of {', '.join(known)}.")
    return value


def moment(request: Request, key: str) -> datetime | None:
    value = request.query.get(key)
    if not value:
        return None
    try:
        # A + in an address is a space; a time zone hardly ever survives it.
        when = datetime.fromisoformat(value.replace(" ", "+"))
        when = when.replace(tzinfo=when.tzinfo or UTC)
        request.store.stamp(when)
        return when
    except (ValueError, OverflowError):
        raise bad(f"{key} is not a valid date") from None


def page(request: Request, name: str, rows: Sequence[T], shape: Callable[[T], Json]) -> Response:
    """Classic paging: `total` is counted only for those who ask."""
    limit, offset = number(request, "limit", 25), number(request, "offset", 0)
    limit = min(max(limit, 1), LONGEST_PAGE)
    if offset + limit > DEEPEST:
        raise bad("Offset + limit must be less than 10000")
    part = rows[offset : offset + limit]
    asked = request.query.get("total", "").lower() == "true"
    place = {"limit": limit, "offset": offset, "total": len(rows) if asked else None}
    return Response(200, {name: [shape(row) for row in part], **place, "more": offset + limit < len(rows)})


def number(request: Request, key: str, default: int) -> int:
    given = request.query.get(key)
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise bad(f"{key.capitalize()} must be a positive integer.")
    return int(given)


def root_of(request: Request) -> str:
    return f"{request.origin}{BASE}"

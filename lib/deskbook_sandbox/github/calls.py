"""Parse requests, word errors, page lists and build ids for GitHub's handlers."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from deskbook_sandbox.http import Abort, Request, Response, links

T = TypeVar("T")
Json = dict[str, Any]
DOCS = "https://docs.github.com/rest"


def refuse(
    status: int,
    message: str,
    errors: Sequence[Mapping[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: Json = {"message": message}
    if errors is not None:
        body["errors"] = [dict(error) for error in errors]
    return Response(status, {**body, "documentation_url": DOCS, "status": str(status)}, headers or {})


def not_found() -> Abort:
    return Abort(refuse(404, "Not Found"))


def found(thing: T | None) -> T:
    """What was looked for, or the 404 that there is none."""
    if thing is None:
        raise not_found()
    return thing


def invalid(resource: str, field: str, code: str = "invalid", **more: Any) -> Abort:
    """The 422 of one bad field; `more` is what GitHub adds to it, such as `value` or `message`."""
    return Abort(refuse(422, "Validation Failed", [{**more, "resource": resource, "field": field, "code": code}]))


def malformed(field: str, value: Any, wanted: str) -> Abort:
    """The 422 of a value of the wrong type."""
    shown = "nil" if value is None else json.dumps(value, ensure_ascii=False)[:100]
    return Abort(refuse(422, f"Invalid request.\n\nFor 'properties/{field}', {shown} is not {wanted}."))


def mapping(request: Request) -> Json:
    """The body, which must be an object; an empty body counts as an empty object."""
    data = request.json()
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Abort(refuse(400, "Body should be a JSON object"))
    return data


def text(body: Mapping[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is not None and not isinstance(value, str):
        raise malformed(field, value, "a string")
    return value


def names(values: Any, field: str) -> list[str]:
    """Names given as strings or as objects with a name, none of them twice."""
    if not isinstance(values, list):
        raise malformed(field, values, "an array")
    found: dict[str, str] = {}
    for value in values:
        name = value.get("name") if isinstance(value, dict) else value
        if not isinstance(name, str):
            raise malformed(f"{field}/items", value, "a string")
        found.setdefault(name.strip().lower(), name.strip())
    return list(found.values())


def choice(request: Request, key: str, known: Sequence[str], resource: str) -> str:
    """One of the words that a query parameter knows; the first if it is not given."""
    value = request.query.get(key) or known[0]
    if value not in known:
        raise invalid(resource, key, value=value)
    return value


def moment(request: Request, key: str, resource: str) -> str | None:
    """A query parameter that is a time, as we store times."""
    value = request.query.get(key)
    if not value:
        return None
    try:
        when = datetime.fromisoformat(value)
        when = when.replace(tzinfo=when.tzinfo or UTC)
        return request.store.stamp(when)
    except (ValueError, OverflowError):
        raise invalid(resource, key, value=value) from None


def page(request: Request, rows: Sequence[T], shape: Callable[[T], Any], *, most: int | None = None) -> Response:
    """One page of `rows` as a JSON array, with its Link header. Bad page numbers count as none, as on GitHub.

    `most` cuts the pages that the links offer.
    """
    number, size = paging(request)
    last = max(1, -(-min(len(rows), most or len(rows)) // size))
    places: dict[str, int] = {}
    if number > 1:
        places["prev"] = min(number - 1, last)
    if number < last:
        places |= {"next": number + 1, "last": last}
    if number > 1:
        places["first"] = 1
    start = (number - 1) * size
    return Response(200, [shape(row) for row in rows[start : start + size]], links(request, **places))


def paging(request: Request) -> tuple[int, int]:
    return _natural(request.query.get("page"), 1, 1_000_000), _natural(request.query.get("per_page"), 30, 100)


def _natural(given: str | None, default: int, most: int) -> int:
    if not given or not given.isascii() or not given.isdigit() or len(given) > 9 or int(given) < 1:
        return default
    return min(int(given), most)


def base(request: Request) -> str:
    """The address that this client calls us by; what it follows must lie under it."""
    return f"{request.origin}/github" + ("/api/v3" if request.path.startswith("/github/api/v3/") else "")


def node(kind: str, *parts: Any) -> str:
    """A global id: opaque for clients, the same in REST and GraphQL."""
    plain = ":".join(str(part) for part in parts).encode()
    return f"{kind}_{base64.urlsafe_b64encode(plain).decode().rstrip('=')}"


def denode(text: Any) -> tuple[str, str]:
    """The kind and the name inside a global id; two empty texts for what is none of ours."""
    if not isinstance(text, str) or "_" not in text:
        return "", ""
    kind, _, rest = text.partition("_")
    try:
        name = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)).decode()
    except ValueError:
        return "", ""
    return (kind, name) if node(kind, name) == text else ("", "")


def number_of(text: str) -> int:
    """A stable number for what has only a name."""
    return zlib.crc32(text.lower().encode()) + 1_000


def etag(body: Any) -> str:
    return f'W/"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()}"'

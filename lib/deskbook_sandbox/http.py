"""Request, response, route and service: what the server and the services exchange."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.datastructures import Headers, MultiDict

from deskbook_sandbox.store.database import Store


class BadJson(ValueError):
    """The body is not JSON."""


class Abort(Exception):
    """Raised anywhere below a handler to end the request with this response; nothing that it wrote stays."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True)
class Request:
    """One parsed request. `path` is decoded and whole; `origin` is scheme, host and port as the client named them."""

    store: Store
    method: str
    path: str
    query: MultiDict[str, str]
    headers: Headers
    body: bytes
    origin: str

    def json(self) -> Any:
        """The body as JSON, None for an empty body; BadJson becomes the service's own 400."""
        if not self.body.strip():
            return None
        try:
            data = json.loads(self.body.decode("utf-8-sig"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise BadJson(str(error)) from None
        return _scrub(data) if b"\\u" in self.body else data


@dataclass(frozen=True)
class Response:
    """`body`: None is empty, str is HTML or text, bytes stay as they are, anything else becomes JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = None


@dataclass(frozen=True)
class Route:
    """One line of a service's table of routes. `query` and `body` (a JSON schema) describe what it takes."""

    method: str
    rule: str
    handler: Callable[..., Response]
    source: str = ""
    note: str = ""
    query: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None


def plain_fault(request: Request, status: int) -> Response:
    return Response(status, {"message": f"The sandbox was asked to answer {status}."})


@dataclass(frozen=True)
class Service:
    """One look-alike. `seed` is also called for the empty seed, and loads the organisation's own things then."""

    name: str
    prefix: str
    routes: tuple[Route, ...]
    unknown: Callable[[Request, bool], Response]
    schema: str = ""
    guard: Callable[[Request], Response | None] = lambda request: None
    finish: Callable[[Request, Response], Response] = lambda request, response: response
    seed: Callable[[Store, Mapping[str, Any]], None] = lambda store, parts: None
    state: Callable[[Store], dict[str, Any]] = lambda store: {}
    # An error of this status in the service's own shape: an ordered fault, a body that is not JSON (400), a crash (500).
    fault: Callable[[Request, int], Response] = plain_fault


def address(request: Request, **changes: str | int) -> str:
    """The absolute URL of this request with some query parameters changed."""
    items = [(key, value) for key, value in request.query.items(multi=True) if key not in changes]
    return f"{request.origin}{quote(request.path)}?{urlencode([*items, *changes.items()])}"


def links(request: Request, **pages: int) -> dict[str, str]:
    """The Link header that leads to these pages: `links(request, next=3, last=9)`; none for no pages."""
    if not pages:
        return {}
    return {"Link": ", ".join(f'<{address(request, page=page)}>; rel="{rel}"' for rel, page in pages.items())}


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _scrub(data: Any) -> Any:
    """Half of a surrogate pair is legal in JSON and cannot be stored; it becomes a question mark."""
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode("utf-8")
    if isinstance(data, list):
        return [_scrub(item) for item in data]
    if isinstance(data, dict):
        return {_scrub(key): _scrub(value) for key, value in data.items()}
    return data

"""Build the helpdesk's routes, with the query parameters and the body that each takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from deskbook_sandbox.freshdesk.account import PREFIX
from deskbook_sandbox.freshdesk.forms import Form
from deskbook_sandbox.freshdesk.lists import only
from deskbook_sandbox.http import Request, Response, Route


def route(
    method: str,
    rule: str,
    handler: Callable[..., Response],
    note: str,
    *,
    query: tuple[str, ...] = (),
    form: Form | None = None,
    source: str = "reference",
) -> Route:
    """A route that refuses query parameters it does not know."""

    @wraps(handler)
    def strict(request: Request, **variables: int) -> Response:
        only(request, *query)
        return handler(request, **variables)

    return Route(method, rule, strict, source, note, query, form.schema() if form else None)


def created(request: Request, body: object, path: str) -> Response:
    """201, with the address of what was made."""
    return Response(201, body, {"Location": f"{request.origin}{PREFIX}{path}"})

"""Builds the helpdesk's routes, each with the query parameters and the body that it takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from deskbook_sandbox.freshdesk.account import PREFIX
from deskbook_sandbox.freshdesk.forms import Form
from deskbook_sandbox.freshdesk.lists import only
from deskbook_sandbox.http import Answer, Call, Route


def route(
    method: str,
    rule: str,
    handler: Callable[..., Answer],
    note: str,
    *,
    query: tuple[str, ...] = (),
    form: Form | None = None,
    source: str = "reference",
) -> Route:
    """A route that refuses query parameters it does not know."""

    @wraps(handler)
    def strict(call: Call, **variables: int) -> Answer:
        only(call, *query)
        return handler(call, **variables)

    return Route(method, rule, strict, source, note, query, form.schema() if form else None)


def made(call: Call, body: object, path: str) -> Answer:
    """201, with the address of what was made."""
    return Answer(201, body, {"Location": f"{call.origin}{PREFIX}{path}"})

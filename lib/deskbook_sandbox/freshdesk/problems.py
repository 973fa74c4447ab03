"""Error responses of the helpdesk: bodies and codes, word for word where they were seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deskbook_sandbox.http import Abort, Response

UNKNOWN_FIELD = "Unexpected/invalid field in request"
NO_SUCH = "There is no {kind} matching the given {field}"
BLANK = "It should not be blank as this is a mandatory field"


class Problems:
    """Collects what is wrong with one request; `stop` ends the request if there is anything."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def add(self, field: str, message: str, code: str = "invalid_value") -> None:
        self.found.append(_problem(field, message, code))

    def no_such(self, field: str, kind: str) -> None:
        self.add(field, NO_SUCH.format(kind=kind, field=field))

    def taken(self, field: str) -> None:
        self.add(field, "It should be a unique value", "duplicate_value")

    def stop(self) -> None:
        if self.found:
            duplicate = any(problem["code"] == "duplicate_value" for problem in self.found)
            raise Abort(Response(409 if duplicate else 400, {"description": "Validation failed", "errors": self.found}))


def invalid(field: str, message: str, code: str = "invalid_value") -> Abort:
    """The response to a request with one mistake."""
    return Abort(Response(400, {"description": "Validation failed", "errors": [_problem(field, message, code)]}))


def _problem(field: str, message: str, code: str) -> dict[str, str]:
    return {"field": field, "message": message, "code": code}


def no_such(field: str, kind: str) -> Abort:
    return invalid(field, NO_SUCH.format(kind=kind, field=field))


def check_name(sent: Mapping[str, Any]) -> None:
    """End a change that would leave a record without a name."""
    if "name" in sent and not str(sent["name"] or "").strip():
        raise invalid("name", BLANK)


def one_of(values: Iterable[Any]) -> str:
    return f"It should be one of these values: '{','.join(str(value) for value in values)}'"


def not_found() -> Abort:
    return Abort(Response(404))


def not_allowed(method: str, allowed: Iterable[str]) -> Abort:
    verbs = ", ".join(allowed)
    message = f"{method} method is not allowed. It should be one of these method(s): {verbs}"
    return Abort(Response(405, {"code": "method_not_allowed", "message": message}, {"Allow": verbs}))


def access_denied() -> Abort:
    return Abort(Response(403, {"code": "access_denied", "message": "You are not authorized to perform this action."}))


def refused(status: int, code: str, message: str) -> Abort:
    return Abort(Response(status, {"code": code, "message": message}))

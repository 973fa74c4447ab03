"""Parse arguments, word errors and page lists for Slack's methods."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from deskbook_sandbox.http import Abort, BadJson, Request, Response

T = TypeVar("T")
Json = dict[str, Any]
Arguments = Mapping[str, Any]


def refuse(error: str, **more: Any) -> Abort:
    return Abort(Response(200, {"ok": False, "error": error, **more}))


def arguments(request: Request) -> Arguments:
    """What a request says, in its address, as a form or as JSON; the body counts for more."""
    said: Json = dict(request.query.items())
    kind = request.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        try:
            data = request.json()
        except BadJson:
            raise refuse("invalid_json") from None
        if not isinstance(data, dict | None):
            raise refuse("json_not_object")
        return {**said, **(data or {})}
    if kind == "application/x-www-form-urlencoded":
        said |= parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return said


def string(said: Arguments, key: str) -> str | None:
    value = said.get(key)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise refuse(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] must be a string [json-pointer:/{key}]"]}
    )


def flag(said: Arguments, key: str, default: bool) -> bool:
    value = said.get(key)
    if value is None:
        return default
    return value is True or str(value).lower() in ("1", "true")


def decoded(said: Arguments, key: str, error: str) -> Any:
    """A structure, which a form carries as JSON text."""
    value = said.get(key)
    if isinstance(value, str) and value:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise refuse(error) from None
    return value or None


def time_of(said: Arguments, key: str) -> float | None:
    value = string(said, key)
    if not value:
        return None
    if not re.fullmatch(r"\d{1,12}(\.\d{1,9})?", value):
        raise refuse(f"invalid_ts_{key}")
    return float(value)


def page(rows: Sequence[T], said: Arguments, default: int) -> tuple[list[T], str]:
    """One page, and the cursor to the next (empty on the last); a cursor is a position."""
    limit = string(said, "limit") or str(default)
    if not re.fullmatch(r"\d{1,4}", limit):
        raise refuse("invalid_limit")
    size = min(int(limit) or default, 1_000)
    start = 0
    cursor = string(said, "cursor")
    if cursor:
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except (ValueError, binascii.Error):
            raise refuse("invalid_cursor") from None
    end = start + size
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(rows) else ""
    return list(rows[start:end]), following

"""Parse query parameters, find records, and page lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from deskbook_sandbox.freshdesk.forms import moment
from deskbook_sandbox.freshdesk.problems import UNKNOWN_FIELD, Problems, invalid, not_allowed, not_found
from deskbook_sandbox.freshdesk.records import Record, get, select
from deskbook_sandbox.http import Request, Response, links
from deskbook_sandbox.store.database import stamp
from deskbook_sandbox.store.query import Condition, where

T = TypeVar("T")

PAGED = ("page", "per_page")
DEEPEST = 100_000


def only(request: Request, *known: str) -> None:
    """End the request with 400 where it has a query parameter that it does not take."""
    problems = Problems()
    for name in request.query:
        if name not in known:
            problems.add(name, UNKNOWN_FIELD, "invalid_field")
    problems.stop()


def last(request: Request, name: str) -> str | None:
    """The value of a query parameter; the last one where it is written twice, None where it is missing or empty."""
    values = request.query.getlist(name)
    return values[-1] or None if values else None


def number(request: Request, name: str) -> int | None:
    text = last(request, name)
    if text is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,17}", text):
        raise invalid(name, "It should be a/an Positive Integer", "datatype_mismatch")
    return int(text)


def since(request: Request, *names: str) -> str | None:
    """A moment from the query, as the tables keep it."""
    for name in names:
        text = last(request, name)
        if text is not None:
            found = moment(text.replace(" ", "+") if re.search(r"\d \d\d:?\d\d$", text) else text)
            if found is None:
                raise invalid(name, "It should be in the 'combined date and time ISO8601' format")
            return stamp(found)
    return None


def truth(request: Request, name: str) -> bool | None:
    text = last(request, name)
    if text is None:
        return None
    if text.lower() not in ("true", "false"):
        raise invalid(name, "It should be a/an Boolean", "datatype_mismatch")
    return text.lower() == "true"


def option(request: Request, name: str, values: Collection[str]) -> str | None:
    """A query parameter that must be one of these values."""
    text = last(request, name)
    if text is not None and text not in values:
        raise invalid(name, f"It should be one of these values: '{','.join(values)}'")
    return text


def included(request: Request, values: Collection[str]) -> set[str]:
    """What `include` asks for."""
    words = {word.strip() for word in (last(request, "include") or "").split(",") if word.strip()}
    if not words <= set(values):
        raise invalid("include", f"Should be a value in the list '{','.join(values)}'")
    return words


def window(request: Request) -> tuple[int, int]:
    """The page asked for, from 1, and how many records it holds."""
    page, size = number(request, "page") or 1, number(request, "per_page") or 30
    if size > 100:
        raise invalid("per_page", "It should be a Positive Integer less than or equal to 100")
    return min(page, DEEPEST), size


def paged(request: Request, fetch: Callable[[int, int], Sequence[T]], show: Callable[[T], Any]) -> Response:
    """One page of what `fetch(limit, offset)` finds, with a Link to the next page if there is one."""
    page, size = window(request)
    found = fetch(size + 1, (page - 1) * size)
    more = {"next": page + 1} if len(found) > size else {}
    return Response(body=[show(item) for item in found[:size]], headers=links(request, **more))


def found(request: Request, kind: str, number: int) -> Record:
    """The record of this kind and id; 404 where there is none."""
    record = get(request.store, kind, number)
    if record is None:
        raise not_found()
    return record


def writable(request: Request, kind: str, number: int) -> Record:
    """The ticket or contact if it may be written to; 405 for one that is deleted, blocked or flagged as spam."""
    record = found(request, kind, number)
    if record["deleted"] or record.get("blocked") or record.get("spam"):
        raise not_allowed(request.method, ["GET"])
    return record


def paged_records(
    request: Request, kind: str, conditions: Iterable[Condition], show: Callable[[Record], Any], order: str = "id"
) -> Response:
    """One page of the records of a kind that meet the conditions."""
    clause, values = where(conditions)

    def fetch(limit: int, offset: int) -> list[Record]:
        return select(request.store, kind, f"{clause} ORDER BY {order} LIMIT ? OFFSET ?", [*values, limit, offset])

    return paged(request, fetch, show)


def named_like(request: Request, kind: str, parameter: str, alive: str = "1") -> list[Record]:
    """The ids and names of records with a word that begins as the query parameter says; at most a hundred."""
    text = (last(request, parameter) or "").lower()
    safe = re.sub(r"([\\%_])", r"\\\1", text)
    clause = f"WHERE {alive} AND (' ' || lower(name)) LIKE ? ESCAPE '\\' ORDER BY name, id LIMIT 100"
    fitting = select(request.store, kind, clause, [f"% {safe}%"]) if text else []
    return [{"id": record["id"], "name": record["name"]} for record in fitting]


def paged_list(request: Request, items: Sequence[T], show: Callable[[T], Any] = lambda item: item) -> Response:
    """The same for a list that is at hand."""
    return paged(request, lambda limit, offset: items[offset : offset + limit], show)

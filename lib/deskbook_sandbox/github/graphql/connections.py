"""Pagination, global ids and errors that GraphQL objects share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deskbook_sandbox.github.calls import Json, denode, node

LONGEST_PAGE = 100


class GraphqlError(Exception):
    """One entry of `errors`, which gets its place and path where it is raised; `more` holds its type."""

    def __init__(self, message: str, **more: str) -> None:
        super().__init__(message)
        self.more = more


def connection(
    kind: str, rows: Callable[..., Sequence[Any]], shape: Callable[[Any], Json] = lambda row: row
) -> Callable[..., Json]:
    """The resolver of a connection: pages of the rows that its filters leave; a cursor is the position among them."""

    def resolve(first: Any = None, last: Any = None, after: Any = None, before: Any = None, **filters: Any) -> Json:
        size = last if first is None else first
        if size is None:
            raise GraphqlError(
                f"You must provide a `first` or `last` value to properly paginate the `{kind}` connection.",
                type="MISSING_PAGINATION_BOUNDARIES",
            )
        if size < 0:
            raise GraphqlError(f"Argument 'first' has an invalid value ({size!r}). Expected type 'Int'.")
        if size > LONGEST_PAGE:
            raise GraphqlError(
                f"Requesting {size} records on the `{kind}` connection exceeds the `first` limit of 100 records.",
                type="EXCESSIVE_PAGINATION",
            )
        found = list(enumerate(rows(**filters), start=1))
        start, end = _position(after, 0), _position(before, len(found) + 1)
        between = [(at, row) for at, row in found if start < at < end]
        chosen = between[:size] if first is not None else between[max(0, len(between) - size) :]
        edges = [{"cursor": node("C", at), "node": shape(row)} for at, row in chosen]
        page = {
            "hasNextPage": bool(chosen) and chosen[-1][0] < len(found),
            "hasPreviousPage": bool(chosen) and chosen[0][0] > 1,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        }
        return {"totalCount": len(found), "pageInfo": page, "nodes": [edge["node"] for edge in edges], "edges": edges}

    return resolve


def _position(cursor: str | None, default: int) -> int:
    number = default if cursor is None else number_in(cursor, "C")
    if number is None:
        raise GraphqlError(f"`{cursor}` does not appear to be a valid cursor.", type="INVALID_CURSOR_ARGUMENTS")
    return number


def number_in(id: str, *kinds: str) -> int | None:
    """The number inside a global id of one of these kinds."""
    kind, name = denode(id)
    return int(name) if kind in kinds and name.isascii() and name.isdigit() and len(name) < 19 else None


def missing(message: str) -> GraphqlError:
    return GraphqlError(message, type="NOT_FOUND")


def no_node(id: str) -> GraphqlError:
    return missing(f"Could not resolve to a node with the global id of '{id}'")

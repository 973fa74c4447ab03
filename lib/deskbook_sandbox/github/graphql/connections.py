"""What GitHub's GraphQL objects share: pages of a list, global ids, and what is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deskbook_sandbox.github.calls import Json, denode, node
from deskbook_sandbox.github.graphql.document import GraphqlError

LONGEST_PAGE = 100


def connection(
    kind: str, rows: Callable[[Json], Sequence[Any]], shape: Callable[[Any], Json] = lambda row: row
) -> Callable[[Json], Json]:
    """The resolver of a connection: pages of the rows that its arguments leave; a cursor is the position among them."""

    def resolve(given: Json) -> Json:
        first, last = given.get("first"), given.get("last")
        if first is None and last is None:
            raise GraphqlError(
                f"You must provide a `first` or `last` value to properly paginate the `{kind}` connection.",
                type="MISSING_PAGINATION_BOUNDARIES",
            )
        size = first if first is not None else last
        if isinstance(size, bool) or not isinstance(size, int) or size < 0:
            raise GraphqlError(f"Argument 'first' has an invalid value ({size!r}). Expected type 'Int'.")
        if size > LONGEST_PAGE:
            raise GraphqlError(
                f"Requesting {size} records on the `{kind}` connection exceeds the `first` limit of 100 records.",
                type="EXCESSIVE_PAGINATION",
            )
        found = list(enumerate(rows(given), start=1))
        total = len(found)
        after, before = _position(given.get("after"), 0), _position(given.get("before"), total + 1)
        between = [(at, row) for at, row in found if after < at < before]
        chosen = between[:size] if first is not None else between[len(between) - min(size, len(between)) :]
        nodes = [(node("C", at), shape(row)) for at, row in chosen]
        page = {
            "__typename": "PageInfo",
            "hasNextPage": bool(chosen) and chosen[-1][0] < total,
            "hasPreviousPage": bool(chosen) and chosen[0][0] > 1,
            "startCursor": nodes[0][0] if nodes else None,
            "endCursor": nodes[-1][0] if nodes else None,
        }
        edges = [{"__typename": f"{kind}Edge", "cursor": cursor, "node": one} for cursor, one in nodes]
        connection = {"__typename": f"{kind}Connection", "totalCount": total, "pageInfo": page}
        return {**connection, "nodes": [one for _, one in nodes], "edges": edges}

    return resolve


def _position(cursor: Any, default: int) -> int:
    if cursor is None:
        return default
    number = number_in(cursor, "C")
    if number is None:
        raise GraphqlError(f"`{cursor}` does not appear to be a valid cursor.", type="INVALID_CURSOR_ARGUMENTS")
    return number


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def number_in(id: Any, *kinds: str) -> int | None:
    """The number inside a global id of one of these kinds."""
    kind, name = denode(id)
    return int(name) if kind in kinds and name.isascii() and name.isdigit() and len(name) < 19 else None


def missing(message: str) -> GraphqlError:
    return GraphqlError(message, type="NOT_FOUND")


def no_node(id: Any) -> GraphqlError:
    return missing(f"Could not resolve to a node with the global id of '{id}'")

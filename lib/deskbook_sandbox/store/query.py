"""Builds WHERE clauses from conditions that may be absent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Condition = tuple[str, Any]


def where(conditions: Iterable[Condition]) -> tuple[str, list[Any]]:
    """The clause and its values, from pairs of SQL and value; None for a value leaves the condition out.

    One value stands for every ? of its condition, a list gives each ? its own.
    """
    given = [(sql, value) for sql, value in conditions if value is not None]
    clause = " AND ".join(sql for sql, _ in given)
    values = [one for sql, value in given for one in (value if isinstance(value, list) else [value] * sql.count("?"))]
    return f"WHERE {clause}" if clause else "", values


def among(column: str, values: list[Any]) -> Condition:
    """The condition that the column holds one of these values; any value will do where there are none."""
    return f"{column} IN ({', '.join('?' * len(values))})", values or None

"""Timeline of an issue in GraphQL: who was assigned and unassigned, and when. Other events are refused by name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from deskbook_sandbox.github.calls import Json, node
from deskbook_sandbox.github.graphql.connections import GraphqlError, connection
from deskbook_sandbox.store.database import Store

# The names by which a query asks for them: what the history calls them, their types, and how their ids begin.
EVENTS = {
    "ASSIGNED_EVENT": ("assigned", "AssignedEvent", "AE"),
    "UNASSIGNED_EVENT": ("unassigned", "UnassignedEvent", "UE"),
}


def timeline(store: Store, number: int, account: Callable[[str], Json]) -> Callable[..., Json]:
    """The resolver of an issue's `timelineItems`, oldest first; `account` makes an object of a login."""

    def rows(itemTypes: Sequence[str] | None = None) -> list[sqlite3.Row]:
        if not itemTypes or not set(itemTypes) <= set(EVENTS):
            raise GraphqlError(f"timelineItems: the sandbox knows the itemTypes {', '.join(EVENTS)} alone.")
        kinds = {EVENTS[one][0] for one in itemTypes}
        every = store.rows("SELECT * FROM gh_events WHERE number = ? ORDER BY id", number)
        return [row for row in every if row["event"] in kinds]

    def shape(row: sqlite3.Row) -> Json:
        kind, prefix = next((kind, prefix) for event, kind, prefix in EVENTS.values() if event == row["event"])
        return {
            "__typename": kind,
            "id": node(prefix, row["id"]),
            "createdAt": row["at"],
            "actor": account(row["actor"]),
            "assignee": account(json.loads(row["detail"])["assignee"]),
        }

    return connection("IssueTimelineItems", rows, shape)

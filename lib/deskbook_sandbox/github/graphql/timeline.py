"""An issue's history as GraphQL tells it: who was assigned and unassigned, and when. Other events are refused by name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from deskbook_sandbox.github.calls import Json, node
from deskbook_sandbox.github.graphql.connections import as_list, connection
from deskbook_sandbox.github.graphql.document import GraphqlError
from deskbook_sandbox.store.world import World

# The names by which a query asks for them: what the history calls them, their types, and how their ids begin.
EVENTS = {
    "ASSIGNED_EVENT": ("assigned", "AssignedEvent", "AE"),
    "UNASSIGNED_EVENT": ("unassigned", "UnassignedEvent", "UE"),
}


def timeline(world: World, number: int, account: Callable[[str], Json]) -> Callable[[Json], Json]:
    """The resolver of an issue's `timelineItems`, oldest first; `account` makes an object of a login."""

    def rows(given: Json) -> list[sqlite3.Row]:
        wanted = [str(one) for one in as_list(given.get("itemTypes") or [])]
        if not wanted or not set(wanted) <= set(EVENTS):
            raise GraphqlError(f"timelineItems: the sandbox knows the itemTypes {', '.join(EVENTS)} alone.")
        kinds = {EVENTS[one][0] for one in wanted}
        every = world.db.execute("SELECT * FROM gh_events WHERE number = ? ORDER BY id", (number,)).fetchall()
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

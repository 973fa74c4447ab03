"""Project board: its fields, items, iterations and values."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deskbook_sandbox.github import records
from deskbook_sandbox.github.shapes import labels_of
from deskbook_sandbox.store.database import Store

AHEAD = 6
SETTABLE = ("SINGLE_SELECT", "NUMBER", "ITERATION")
_STATUSES = ("Todo", "In progress", "Done")


@dataclass(frozen=True)
class BoardField:
    """`kind` is GitHub's dataType; a single select has options."""

    name: str
    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Iteration:
    """A sprint, as the board has it."""

    number: int
    start: date
    days: int

    @property
    def id(self) -> str:
        return option_id("Iteration", str(self.number))

    @property
    def title(self) -> str:
        return f"Iteration {self.number}"


def fields(store: Store) -> tuple[BoardField, ...]:
    tracker = store.organization.tracker
    board = tracker.board
    own = (
        (board.type_field if board else "Type", (tracker.support_label, tracker.event_label, "task", "bug")),
        (board.impact_field if board else "Impact", ("Low", "Medium", "High", "Critical")),
    )
    return (
        BoardField("Title", "TITLE"),
        BoardField("Assignees", "ASSIGNEES"),
        BoardField("Status", "SINGLE_SELECT", (board and board.statuses) or _STATUSES),
        BoardField("Labels", "LABELS"),
        BoardField("Priority", "SINGLE_SELECT", ("Urgent", "High", "Medium", "Low")),
        *(BoardField(name, "SINGLE_SELECT", options) for name, options in own if name),
        BoardField("Estimate", "NUMBER"),
        BoardField("Iteration", "ITERATION"),
    )


def iteration(store: Store, number: int) -> Iteration:
    sprint = store.organization.sprint
    return Iteration(number, sprint.first + timedelta(days=(number - 1) * sprint.days), sprint.days)


def iterations(store: Store) -> tuple[tuple[Iteration, ...], tuple[Iteration, ...]]:
    """The running and coming iterations, and those that are over, newest first."""
    sprint = store.organization.sprint
    running = max(1, (store.now().date() - sprint.first).days // sprint.days + 1)
    coming = tuple(iteration(store, number) for number in range(running, running + AHEAD))
    return coming, tuple(iteration(store, number) for number in range(running - 1, 0, -1))


def option_id(field: str, option: str) -> str:
    return f"{zlib.crc32(f'{field}:{option}'.encode()):08x}"


def item_of(store: Store, number: int) -> sqlite3.Row | None:
    return store.row("SELECT * FROM gh_items WHERE number = ?", number)


def put_on_board(store: Store, number: int) -> sqlite3.Row:
    """The item of an issue, made if it has none: putting it there twice changes nothing, as on GitHub."""
    found = item_of(store, number)
    if found:
        return found
    at = store.stamp()
    id = store.next_id("github item", 120_000_001)
    row = store.insert("gh_items", id=id, number=number, created_at=at, updated_at=at)
    records.tell(store, number, "added_to_project_v2", _robot(store), {})
    return row


def automate(store: Store, number: int) -> None:
    """What the board's own workflow does where it exists: a new issue with the support label goes onto the board."""
    names = {row["name"] for row in labels_of(store, number)}
    if store.switches.board_automation and store.organization.tracker.support_label in names:
        put_on_board(store, number)


def set_value(store: Store, item: int, field: str, value: Any) -> None:
    """`value`: the name of an option, a number, or the number of an iteration; None clears the field."""
    if value is None:
        store.delete("gh_item_values", item=item, field=field)
    else:
        store.db.execute("INSERT OR REPLACE INTO gh_item_values VALUES (?, ?, ?)", (item, field, json.dumps(value)))
    store.update("gh_items", {"id": item}, updated_at=store.stamp())


def values(store: Store, item: int) -> dict[str, Any]:
    rows = store.rows("SELECT field, value FROM gh_item_values WHERE item = ? ORDER BY rowid", item)
    return {row["field"]: json.loads(row["value"]) for row in rows}


def state(store: Store) -> list[dict[str, Any]]:
    rows = store.rows("SELECT * FROM gh_items ORDER BY id")
    return [{"number": row["number"], "fields": values(store, row["id"])} for row in rows]


def _robot(store: Store) -> str:
    board = store.organization.tracker.board
    return board.owner if board else "github-project-automation"

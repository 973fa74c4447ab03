"""What GitHub keeps of issues, labels and comments, and how each change of them leaves its trace."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from deskbook_sandbox.store.world import World, wall

SCHEMA = Path(__file__).with_name("records.sql").read_text(encoding="utf-8")

# Real ids of these kinds have ten digits; numbers of issues start at 1.
_FIRST_ID = {"issue": 3_100_000_001, "label": 7_200_000_001, "comment": 2_400_000_001, "event": 15_600_000_001}
# GitHub gives this grey to a label that nobody chose a colour for.
PLAIN = "ededed"
INDEXED = ("title", "body", "state", "assignees", "labels")


def new_id(world: World, kind: str) -> int:
    return world.next_id(f"github {kind}", _FIRST_ID[kind])


def find(world: World, number: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = world.db.execute("SELECT * FROM gh_issues WHERE number = ?", (number,)).fetchone()
    return row


def find_label(world: World, name: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = world.db.execute("SELECT * FROM gh_labels WHERE name = ?", (name,)).fetchone()
    return row


def comments(world: World, number: int) -> list[sqlite3.Row]:
    return world.db.execute("SELECT * FROM gh_comments WHERE number = ? ORDER BY id", (number,)).fetchall()


def add_label(world: World, name: str, color: str = PLAIN, description: str | None = None) -> sqlite3.Row:
    row: sqlite3.Row = world.db.execute(
        "INSERT INTO gh_labels VALUES (?, ?, ?, ?) RETURNING *", (new_id(world, "label"), name, color, description)
    ).fetchone()
    return row


def add_issue(
    world: World,
    author: str,
    title: str,
    body: str | None,
    *,
    labels: Sequence[str] = (),
    assignees: Sequence[str] = (),
    at: str | None = None,
    pull: bool = False,
) -> int:
    """A new open issue, as of `at` (now); labels that nobody defined are created on the way, as GitHub does."""
    number = world.next_id("github number")
    at = at or world.stamp()
    world.db.execute(
        "INSERT INTO gh_issues VALUES (?, ?, ?, ?, ?, 'open', NULL, ?, '[]', ?, ?, NULL, NULL, ?, NULL)",
        (number, new_id(world, "issue"), pull, title, body, author, at, at, wall()),
    )
    relabel(world, author, number, labels, at=at)
    reassign(world, author, number, assignees, at=at)
    return number


def change(world: World, number: int, *, at: str | None = None, **values: Any) -> None:
    """Set columns of an issue and its time of change; what search still shows for a while is put aside first."""
    row = find(world, number)
    assert row is not None
    if wall() - row["changed"] >= world.switches.index_lag:
        world.db.execute(
            "UPDATE gh_issues SET indexed = ? WHERE number = ?", (json.dumps(searchable(world, row)), number)
        )
    values |= {"updated_at": at or world.stamp(), "changed": wall()}
    columns = ", ".join(f"{column} = ?" for column in values)
    world.db.execute(f"UPDATE gh_issues SET {columns} WHERE number = ?", (*values.values(), number))


def searchable(world: World, row: sqlite3.Row) -> dict[str, Any]:
    """What the search index holds of an issue."""
    labels = world.db.execute(
        "SELECT name FROM gh_labels JOIN gh_issue_labels ON label = id WHERE number = ?", (row["number"],)
    ).fetchall()
    return {
        **{column: row[column] for column in INDEXED if column != "labels"},
        "assignees": json.loads(row["assignees"]),
        "labels": [name for (name,) in labels],
    }


def in_index(world: World, row: sqlite3.Row) -> dict[str, Any] | None:
    """What search sees of an issue now: after a change, for `index_lag`, what was there before; None for nothing."""
    if wall() - row["changed"] >= world.switches.index_lag:
        return searchable(world, row)
    return json.loads(row["indexed"]) if row["indexed"] else None


def relabel(
    world: World,
    actor: str,
    number: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    at: str | None = None,
) -> None:
    """Put labels on an issue and take others off; each leaves an event, what was so already does not."""
    for verb, wanted in (("unlabeled", remove), ("labeled", add)):
        for name in wanted:
            row = find_label(world, name) or (add_label(world, name) if verb == "labeled" else None)
            if row is None or _has(world, number, row["id"]) == (verb == "labeled"):
                continue
            change(world, number, at=at)
            if verb == "labeled":
                world.db.execute("INSERT INTO gh_issue_labels VALUES (?, ?)", (number, row["id"]))
            else:
                world.db.execute("DELETE FROM gh_issue_labels WHERE number = ? AND label = ?", (number, row["id"]))
            tell(world, number, verb, actor, {"label": {"name": row["name"], "color": row["color"]}}, at=at)


def reassign(
    world: World,
    actor: str,
    number: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    at: str | None = None,
) -> None:
    row = find(world, number)
    assert row is not None
    before: list[str] = json.loads(row["assignees"])
    leaving = [login for login in remove if login in before]
    # GitHub holds ten assignees at most, and passes over the rest in silence.
    coming = [login for login in add if login not in before][: 10 - len(before) + len(leaving)]
    if not leaving and not coming:
        return
    after = [login for login in before if login not in leaving] + coming
    change(world, number, at=at, assignees=json.dumps(after))
    for verb, some in (("unassigned", leaving), ("assigned", coming)):
        for login in some:
            tell(world, number, verb, actor, {"assignee": login}, at=at)


def set_state(world: World, actor: str, number: int, state: str, reason: str | None, *, at: str | None = None) -> None:
    """Close or reopen; the reason of a state that stands already can still change."""
    row = find(world, number)
    assert row is not None
    at = at or world.stamp()
    if state == "closed" and (row["state"] == "open" or (reason and reason != row["state_reason"])):
        reason = reason or "completed"
        change(world, number, at=at, state=state, state_reason=reason, closed_at=at, closed_by=actor)
        tell(world, number, "closed", actor, {"state_reason": reason}, at=at)
    elif state == "open" and row["state"] == "closed":
        change(world, number, at=at, state=state, state_reason="reopened", closed_at=None, closed_by=None)
        tell(world, number, "reopened", actor, {"state_reason": "reopened"}, at=at)


def add_comment(world: World, author: str, number: int, body: str, *, at: str | None = None) -> sqlite3.Row:
    at = at or world.stamp()
    change(world, number, at=at)
    row: sqlite3.Row = world.db.execute(
        "INSERT INTO gh_comments VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
        (new_id(world, "comment"), number, author, body, at, at),
    ).fetchone()
    return row


def tell(world: World, number: int, event: str, actor: str, detail: dict[str, Any], *, at: str | None = None) -> None:
    """Write a line into the issue's history."""
    world.db.execute(
        "INSERT INTO gh_events VALUES (?, ?, ?, ?, ?, ?)",
        (new_id(world, "event"), number, event, actor, at or world.stamp(), json.dumps(detail)),
    )


def _has(world: World, number: int, label: int) -> bool:
    query = "SELECT 1 FROM gh_issue_labels WHERE number = ? AND label = ?"
    return world.db.execute(query, (number, label)).fetchone() is not None

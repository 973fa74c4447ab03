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
# Issues with the number of their comments.
COUNTED = (
    "SELECT *, (SELECT count(*) FROM gh_comments WHERE gh_comments.number = gh_issues.number) AS comments"
    " FROM gh_issues"
)
INDEXED = ("title", "body", "state", "assignees", "labels")


def new_id(world: World, kind: str) -> int:
    return world.next_id(f"github {kind}", _FIRST_ID[kind])


def find(world: World, number: int) -> sqlite3.Row | None:
    return world.row("SELECT * FROM gh_issues WHERE number = ?", number)


def find_label(world: World, name: str) -> sqlite3.Row | None:
    return world.row("SELECT * FROM gh_labels WHERE name = ?", name)


def comments(world: World, number: int) -> list[sqlite3.Row]:
    return world.rows("SELECT * FROM gh_comments WHERE number = ? ORDER BY id", number)


def add_label(world: World, name: str, color: str = PLAIN, description: str | None = None) -> sqlite3.Row:
    return world.insert("gh_labels", id=new_id(world, "label"), name=name, color=color, description=description)


def add_issue(
    world: World,
    author: str,
    title: str,
    body: str | None,
    *,
    labels: Sequence[str] = (),
    assignees: Sequence[str] = (),
    at: str | None = None,
) -> int:
    """A new open issue, as of `at` (now); labels that nobody defined are created on the way, as GitHub does."""
    number = world.next_id("github number")
    at = at or world.stamp()
    said = {"title": title, "body": body, "author": author, "created_at": at, "updated_at": at}
    row = {"number": number, "id": new_id(world, "issue"), "pull": False, "state": "open", "assignees": []}
    world.insert("gh_issues", **row, **said, changed=wall())
    relabel(world, author, number, labels, at=at)
    reassign(world, author, number, assignees, at=at)
    return number


def change(world: World, number: int, *, at: str | None = None, **values: Any) -> None:
    """Set columns of an issue and its time of change; what search still shows for a while is put aside first."""
    row = find(world, number)
    assert row is not None
    if wall() - row["changed"] >= world.switches.index_lag:
        world.update("gh_issues", {"number": number}, indexed=searchable(world, row))
    world.update("gh_issues", {"number": number}, **values, updated_at=at or world.stamp(), changed=wall())


def searchable(world: World, row: sqlite3.Row) -> dict[str, Any]:
    """What the search index holds of an issue."""
    labels = world.rows("SELECT name FROM gh_labels JOIN gh_issue_labels ON label = id WHERE number = ?", row["number"])
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
                world.insert("gh_issue_labels", number=number, label=row["id"])
            else:
                world.delete("gh_issue_labels", number=number, label=row["id"])
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
    change(world, number, at=at, assignees=after)
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
    said = {"number": number, "author": author, "body": body, "created_at": at, "updated_at": at}
    return world.insert("gh_comments", id=new_id(world, "comment"), **said)


def tell(world: World, number: int, event: str, actor: str, detail: dict[str, Any], *, at: str | None = None) -> None:
    """Write a line into the issue's history."""
    line = {"number": number, "event": event, "actor": actor, "at": at or world.stamp(), "detail": detail}
    world.insert("gh_events", id=new_id(world, "event"), **line)


def _has(world: World, number: int, label: int) -> bool:
    query = "SELECT 1 FROM gh_issue_labels WHERE number = ? AND label = ?"
    return world.row(query, number, label) is not None

"""Database access of the tracker: issues, labels, comments, and an event for each change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from deskbook_sandbox.store.database import Store, wall

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


def new_id(store: Store, kind: str) -> int:
    return store.next_id(f"github {kind}", _FIRST_ID[kind])


def find(store: Store, number: int) -> sqlite3.Row | None:
    return store.row("SELECT * FROM gh_issues WHERE number = ?", number)


def find_label(store: Store, name: str) -> sqlite3.Row | None:
    return store.row("SELECT * FROM gh_labels WHERE name = ?", name)


def comments(store: Store, number: int) -> list[sqlite3.Row]:
    return store.rows("SELECT * FROM gh_comments WHERE number = ? ORDER BY id", number)


def add_label(store: Store, name: str, color: str = PLAIN, description: str | None = None) -> sqlite3.Row:
    return store.insert("gh_labels", id=new_id(store, "label"), name=name, color=color, description=description)


def add_issue(
    store: Store,
    author: str,
    title: str,
    body: str | None,
    *,
    labels: Sequence[str] = (),
    assignees: Sequence[str] = (),
    at: str | None = None,
) -> int:
    """A new open issue, as of `at` (now); labels that nobody defined are created on the way, as GitHub does."""
    number = store.next_id("github number")
    at = at or store.stamp()
    said = {"title": title, "body": body, "author": author, "created_at": at, "updated_at": at}
    row = {"number": number, "id": new_id(store, "issue"), "pull": False, "state": "open", "assignees": []}
    store.insert("gh_issues", **row, **said, changed=wall())
    relabel(store, author, number, labels, at=at)
    reassign(store, author, number, assignees, at=at)
    return number


def change(store: Store, number: int, *, at: str | None = None, **values: Any) -> None:
    """Set columns of an issue and its time of change; what search still shows for a while is put aside first."""
    row = find(store, number)
    assert row is not None
    if wall() - row["changed"] >= store.switches.index_lag:
        store.update("gh_issues", {"number": number}, indexed=searchable(store, row))
    store.update("gh_issues", {"number": number}, **values, updated_at=at or store.stamp(), changed=wall())


def searchable(store: Store, row: sqlite3.Row) -> dict[str, Any]:
    """What the search index holds of an issue."""
    labels = store.rows("SELECT name FROM gh_labels JOIN gh_issue_labels ON label = id WHERE number = ?", row["number"])
    return {
        **{column: row[column] for column in INDEXED if column != "labels"},
        "assignees": json.loads(row["assignees"]),
        "labels": [name for (name,) in labels],
    }


def in_index(store: Store, row: sqlite3.Row) -> dict[str, Any] | None:
    """What search sees of an issue now: after a change, for `index_lag`, what was there before; None for nothing."""
    if wall() - row["changed"] >= store.switches.index_lag:
        return searchable(store, row)
    return json.loads(row["indexed"]) if row["indexed"] else None


def relabel(
    store: Store,
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
            row = find_label(store, name) or (add_label(store, name) if verb == "labeled" else None)
            if row is None or _has(store, number, row["id"]) == (verb == "labeled"):
                continue
            change(store, number, at=at)
            if verb == "labeled":
                store.insert("gh_issue_labels", number=number, label=row["id"])
            else:
                store.delete("gh_issue_labels", number=number, label=row["id"])
            tell(store, number, verb, actor, {"label": {"name": row["name"], "color": row["color"]}}, at=at)


def reassign(
    store: Store,
    actor: str,
    number: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    at: str | None = None,
) -> None:
    row = find(store, number)
    assert row is not None
    before: list[str] = json.loads(row["assignees"])
    leaving = [login for login in remove if login in before]
    # GitHub holds ten assignees at most, and passes over the rest in silence.
    coming = [login for login in add if login not in before][: 10 - len(before) + len(leaving)]
    if not leaving and not coming:
        return
    after = [login for login in before if login not in leaving] + coming
    change(store, number, at=at, assignees=after)
    for verb, some in (("unassigned", leaving), ("assigned", coming)):
        for login in some:
            tell(store, number, verb, actor, {"assignee": login}, at=at)


def set_state(store: Store, actor: str, number: int, state: str, reason: str | None, *, at: str | None = None) -> None:
    """Close or reopen; the reason of a state that stands already can still change."""
    row = find(store, number)
    assert row is not None
    at = at or store.stamp()
    if state == "closed" and (row["state"] == "open" or (reason and reason != row["state_reason"])):
        reason = reason or "completed"
        change(store, number, at=at, state=state, state_reason=reason, closed_at=at, closed_by=actor)
        tell(store, number, "closed", actor, {"state_reason": reason}, at=at)
    elif state == "open" and row["state"] == "closed":
        change(store, number, at=at, state=state, state_reason="reopened", closed_at=None, closed_by=None)
        tell(store, number, "reopened", actor, {"state_reason": "reopened"}, at=at)


def add_comment(store: Store, author: str, number: int, body: str, *, at: str | None = None) -> sqlite3.Row:
    at = at or store.stamp()
    change(store, number, at=at)
    said = {"number": number, "author": author, "body": body, "created_at": at, "updated_at": at}
    return store.insert("gh_comments", id=new_id(store, "comment"), **said)


def tell(store: Store, number: int, event: str, actor: str, detail: dict[str, Any], *, at: str | None = None) -> None:
    """Write a line into the issue's history."""
    line = {"number": number, "event": event, "actor": actor, "at": at or store.stamp(), "detail": detail}
    store.insert("gh_events", id=new_id(store, "event"), **line)


def _has(store: Store, number: int, label: int) -> bool:
    query = "SELECT 1 FROM gh_issue_labels WHERE number = ? AND label = ?"
    return store.row(query, number, label) is not None

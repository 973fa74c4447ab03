"""Database access of the pager: incidents, notes, log entries, and ids of what the account has."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path
from typing import Any

from deskbook.config.organization import Person
from deskbook_sandbox.pagerduty.calls import Json, not_found
from deskbook_sandbox.store.database import Store

PRIORITIES = {
    "P1": ("An outage: hubs are unusable.", "a8171c"),
    "P2": ("A large part of a hub does not work.", "eb6016"),
    "P3": ("A hub works worse than it should.", "f9b406"),
    "P4": ("A small nuisance.", "555555"),
    "P5": ("For information.", "555555"),
}
SCHEMA = Path(__file__).with_name("records.sql").read_text(encoding="utf-8")


def move(store: Store, row: sqlite3.Row, user: Person, status: str, *, at: str | None = None) -> Json:
    """What a change of status changes with it, logged."""
    at = at or store.stamp()
    changes: Json = {"status": status, "changed_at": at, "changed_by": user_id(user)}
    match status:
        case "acknowledged":
            changes["acknowledged"] = assignment([user_id(user)], at)
            log(store, row["id"], "acknowledge_log_entry", user, {}, at=at)
        case "resolved":
            changes |= {"resolved_at": at, "assigned": [], "acknowledged": []}
            log(store, row["id"], "resolve_log_entry", user, {}, at=at)
        case _:
            changes["acknowledged"] = []
            log(store, row["id"], "unacknowledge_log_entry", user, {}, at=at)
    return changes


def incident_row(store: Store, id: Any) -> sqlite3.Row:
    """An incident by its id, or by its number, which PagerDuty takes too."""
    query = "SELECT * FROM pd_incidents WHERE id = ? OR CAST(number AS TEXT) = ?"
    row = store.row(query, str(id), str(id))
    if row is None:
        raise not_found()
    return row


def is_open(store: Store, key: str) -> bool:
    query = "SELECT 1 FROM pd_incidents WHERE key = ? AND status <> 'resolved'"
    return store.row(query, key) is not None


def add_incident(store: Store, user: Person, assigned: list[str], values: Json, at: str | None = None) -> sqlite3.Row:
    """A new incident; `values` are its title, key, urgency, priority and details."""
    number = store.next_id("pager incident")
    id, at = serial("Q", number), at or store.stamp()
    new = {"status": "triggered", "assigned": assignment(assigned, at), "acknowledged": [], "changed_by": user_id(user)}
    key = values["key"] or f"{zlib.crc32(id.encode()):08x}{number:024x}"
    times = dict.fromkeys(("created_at", "updated_at", "changed_at"), at)
    row = store.insert("pd_incidents", id=id, number=number, **times, **new, **{**values, "key": key})
    log(store, id, "trigger_log_entry", user, {}, at=at)
    log(store, id, "assign_log_entry", user, {"assignees": assigned}, at=at)
    return row


def assignment(users: list[str], at: str) -> list[Json]:
    """Who an incident is assigned to and since when, as the table keeps it."""
    return [{"at": at, "user": user} for user in users]


def change_incident(store: Store, id: str, changes: Json) -> sqlite3.Row:
    return store.update("pd_incidents", {"id": id}, **{"updated_at": store.stamp(), **changes})


def add_note(store: Store, incident: str, user: Person, content: str) -> sqlite3.Row:
    said = {"incident": incident, "user": user_id(user), "content": content, "at": store.stamp()}
    row = store.insert("pd_notes", id=serial("N", store.next_id("pager note")), **said)
    log(store, incident, "annotate_log_entry", user, {"note": content})
    return row


def log(store: Store, incident: str, kind: str, user: Person, detail: Json, *, at: str | None = None) -> None:
    line = {"incident": incident, "kind": kind, "user": user_id(user), "at": at or store.stamp(), "detail": detail}
    store.insert("pd_log", id=serial("R", store.next_id("pager log")), **line)


def on_call(store: Store) -> str:
    return user_id(store.organization.with_role("triager")[0])


def person_with(store: Store, id: str) -> Person:
    person = next((person for person in store.organization.people if user_id(person) == id), None)
    if person is None:
        raise not_found()
    return person


def serial(letter: str, number: int) -> str:
    """Fourteen characters, as PagerDuty's newer ids have."""
    return f"{letter}{number:013d}"


def stable_id(name: str) -> str:
    """A stable id of seven characters for what has a name."""
    digits, number = "", zlib.crc32(name.lower().encode())
    while len(digits) < 6:
        number, rest = divmod(number, 36)
        digits += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest]
    return f"P{digits}"


def user_id(person: Person) -> str:
    return stable_id(person.mail)


def service_id(store: Store) -> str:
    return stable_id(f"service {store.organization.name}")


def policy_id(store: Store) -> str:
    return stable_id(f"policy {store.organization.name}")

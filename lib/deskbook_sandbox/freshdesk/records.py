"""Database access of the helpdesk: ids, and records as plain dictionaries."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from deskbook.config.loader import read_yaml
from deskbook_sandbox.store.database import Store, encoded

Record = dict[str, Any]

ACCOUNT: Mapping[str, Any] = read_yaml(Path(__file__).with_name("account.yaml"))
DEFAULTS: Mapping[str, Record] = read_yaml(Path(__file__).with_name("defaults.yaml"))
LONGEST_LAG = 600  # seconds for which the former state of a changed record is kept, for the lagging search index

TABLES = {
    "ticket": "fd_tickets",
    "contact": "fd_contacts",
    "company": "fd_companies",
    "conversation": "fd_conversations",
    "time entry": "fd_time_entries",
    "rating": "fd_ratings",
    "mail": "fd_outbox",
}  # of any other kind are the documents that an administrator sets: agents, groups, fields, …
INDEXED = ("ticket", "contact", "company")

_SQL = Path(__file__).with_name("records.sql").read_text(encoding="utf-8")
# The columns of each table, with their types.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    match[1]: dict(re.findall(r'"?(\w+)"? ([^,\n]+)', match[2]))
    for match in re.finditer(r"CREATE TABLE IF NOT EXISTS (\w+) \(\n(.*?)\n\);", _SQL, re.DOTALL)
}
_LISTS, _FLAGS = (
    {name for columns in COLUMNS.values() for name, kind in columns.items() if kind == wanted}
    for wanted in ("JSON TEXT", "FLAG INTEGER")
)


def _searchable(table: str) -> str:
    """Beside the table, `<table>_before`: what each recently changed record was, for a search that lags."""
    wall = "(julianday('now') - 2440587.5) * 86400.0"
    forget = f"DELETE FROM {table}_before WHERE changed < {wall} - {LONGEST_LAG};"
    former = ", ".join(f"OLD.{name}" for name in COLUMNS[table])
    keep = f"INSERT INTO {table}_before SELECT {former}, {wall}, 0; {forget}"
    return f"""
    CREATE TABLE IF NOT EXISTS {table}_before AS SELECT *, 0.0 AS changed, 0 AS absent FROM {table} WHERE 0;
    CREATE INDEX IF NOT EXISTS {table}_changed ON {table}_before (changed);
    CREATE TRIGGER IF NOT EXISTS {table}_inserted AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_before (id, changed, absent) VALUES (NEW.id, {wall}, 1); {forget} END;
    CREATE TRIGGER IF NOT EXISTS {table}_updated AFTER UPDATE ON {table} BEGIN {keep} END;
    CREATE TRIGGER IF NOT EXISTS {table}_deleted AFTER DELETE ON {table} BEGIN {keep} END;
    """


SCHEMA = _SQL + "".join(_searchable(TABLES[kind]) for kind in INDEXED)


def new_id(store: Store, kind: str) -> int:
    return store.next_id(f"freshdesk {kind}", ACCOUNT["first_ids"][kind])


def record(row: sqlite3.Row) -> Record:
    """A row with its lists as lists and its flags as booleans."""
    keys = tuple(row.keys())
    found: Record = dict(zip(keys, row, strict=True))
    lists, flags = _special(keys)
    for key in lists:
        if found[key] is not None:
            found[key] = [] if found[key] == "[]" else json.loads(found[key])
    for key in flags:
        found[key] = bool(found[key])
    return found


@cache
def _special(keys: tuple[str, ...]) -> tuple[list[str], list[str]]:
    return [key for key in keys if key in _LISTS], [key for key in keys if key in _FLAGS]


def get(store: Store, kind: str, number: int | None) -> Record | None:
    """The record or document of this kind and id."""
    if kind not in TABLES:
        row = store.row("SELECT doc FROM fd_docs WHERE kind = ? AND id = ?", kind, number)
        return None if row is None else json.loads(row["doc"])
    row = store.row(f"SELECT * FROM {TABLES[kind]} WHERE id = ?", number)
    return None if row is None else record(row)


def select(store: Store, kind: str, where: str, values: Iterable[Any] = ()) -> list[Record]:
    """Records of a kind; `where` is what follows the table's name, order and limit included."""
    return [record(row) for row in store.rows(f"SELECT * FROM {TABLES[kind]} {where}", *values)]


def add(store: Store, kind: str, values: Record, at: str | None = None) -> Record:
    """Store a new record and return it whole: defaults, id and times (`at`, else now) where `values` lack them."""
    now = at or store.stamp()
    dated = {name: now for name in ("created_at", "updated_at") if name in COLUMNS[TABLES[kind]]}
    whole = DEFAULTS.get(kind, {}) | dated | values
    return record(store.insert(TABLES[kind], **{**whole, "id": values.get("id") or new_id(store, kind)}))


def insert(store: Store, kind: str, records: Iterable[Mapping[str, Any]]) -> None:
    """Store whole records that all have the same columns."""
    rows = [encoded(record) for record in records]
    if rows:
        names = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("?" * len(rows[0]))
        query = f"INSERT INTO {TABLES[kind]} ({names}) VALUES ({marks})"
        store.db.executemany(query, [tuple(row.values()) for row in rows])


def change(store: Store, kind: str, number: int, values: Mapping[str, Any]) -> Record:
    """Change some columns of a record and return it whole."""
    return record(store.update(TABLES[kind], {"id": number}, **values))


def remove(store: Store, kind: str, number: int) -> None:
    store.delete(TABLES[kind], id=number)


def add_doc(store: Store, kind: str, values: Mapping[str, Any], at: str | None = None) -> Record:
    """Store a new document and return it: defaults, id and times (`at`, else now) where `values` lack them."""
    now = at or store.stamp()
    number = values.get("id") or new_id(store, kind)
    doc: Record = {"id": number} | DEFAULTS.get(kind, {}) | {**values, "id": number}
    doc |= {name: doc.get(name) or now for name in ("created_at", "updated_at")}
    put_doc(store, kind, number, doc)
    return doc


def put_doc(store: Store, kind: str, number: int, doc: Mapping[str, Any]) -> None:
    text = json.dumps(doc, ensure_ascii=False)
    store.db.execute("INSERT OR REPLACE INTO fd_docs VALUES (?, ?, ?)", (kind, number, text))


def docs(store: Store, kind: str) -> list[Record]:
    return [json.loads(row["doc"]) for row in store.rows("SELECT doc FROM fd_docs WHERE kind = ? ORDER BY id", kind)]


def mail_told(store: Store, kind: str, number: int) -> Record | None:
    """What the helpdesk tells beside the text of the mail that became this ticket or conversation, if it tells anything."""
    return get(store, f"mail of a {kind}", number)


def keep_told(store: Store, kind: str, number: int, told: Mapping[str, Any] | None) -> None:
    if told:
        put_doc(store, f"mail of a {kind}", number, told)


def remove_doc(store: Store, kind: str, number: int) -> None:
    store.delete("fd_docs", kind=kind, id=number)


def index_now(store: Store) -> None:
    """Let searches see everything at once, as after a seed."""
    for kind in INDEXED:
        store.db.execute(f"DELETE FROM {TABLES[kind]}_before")


def agent_by_mail(store: Store, mail: str) -> Record | None:
    return next((agent for agent in docs(store, "agent") if agent["contact"]["email"] == mail.lower()), None)


def contact_by_mail(store: Store, mail: str) -> Record | None:
    """The contact with this address, first or other, deleted ones passed over."""
    where = """WHERE deleted = 0 AND (email = ? OR (other_emails != '[]' AND EXISTS
        (SELECT 1 FROM json_each(other_emails) WHERE value = ?))) ORDER BY id LIMIT 1"""
    return next(iter(select(store, "contact", where, [mail.lower()] * 2)), None)


def person(store: Store, number: int) -> Record | None:
    """Whoever can ask or answer: a contact, or an agent in the keys of a contact."""
    contact = get(store, "contact", number)
    if contact is not None:
        return contact
    agent = get(store, "agent", number)
    return None if agent is None else agent_as_contact(agent)


def agent_as_contact(agent: Record) -> Record:
    return {**agent["contact"], "id": agent["id"], "company_id": None, "deleted": False}

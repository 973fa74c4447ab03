"""The helpdesk's records: their tables, their ids, and reading and writing them as plain dictionaries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from deskbook_sandbox.store.world import World

Record = dict[str, Any]

# Ticket ids are small numbers of the account's own; every other id is far beyond 32 bits.
FIRST = {
    "ticket": 101,
    "agent": 67_000_000_101,
    "group": 67_000_200_101,
    "role": 67_000_300_101,
    "company": 67_000_400_101,
    "field": 67_000_500_101,
    "hours": 67_000_600_101,
    "policy": 67_000_700_101,
    "mailbox": 67_000_800_101,
    "folder": 67_000_900_101,
    "canned": 67_001_000_101,
    "survey": 67_001_100_101,
    "form": 67_001_200_101,
    "organization": 1_800_000_000_000_000_101,
    "contact": 67_013_000_101,
    "conversation": 67_100_000_101,
    "time entry": 67_200_000_101,
    "rating": 67_300_000_101,
    "attachment": 67_400_000_101,
    "mail": 1,
}

TICKET = """
id INTEGER PRIMARY KEY, subject TEXT, description TEXT, description_text TEXT, status INTEGER, priority INTEGER,
source INTEGER, type TEXT, requester_id INTEGER, responder_id INTEGER, group_id INTEGER, company_id INTEGER,
product_id INTEGER, email_config_id INTEGER, support_email TEXT, form_id INTEGER, cc_emails TEXT, fwd_emails TEXT,
reply_cc_emails TEXT, ticket_cc_emails TEXT, ticket_bcc_emails TEXT, to_emails TEXT, tags TEXT, custom_fields TEXT,
attachments TEXT, watchers TEXT, association_type INTEGER, associated TEXT, due_by TEXT, fr_due_by TEXT, sla_from REAL,
fr_escalated INTEGER, is_escalated INTEGER, spam INTEGER, deleted INTEGER, created_at TEXT, updated_at TEXT,
agent_responded_at TEXT, requester_responded_at TEXT, first_responded_at TEXT, status_updated_at TEXT, reopened_at TEXT,
resolved_at TEXT, closed_at TEXT, pending_since TEXT
"""

CONTACT = """
id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, mobile TEXT, twitter_id TEXT, facebook_id TEXT,
unique_external_id TEXT, company_id INTEGER, view_all_tickets INTEGER, other_companies TEXT, other_emails TEXT,
tags TEXT, custom_fields TEXT, address TEXT, description TEXT, job_title TEXT, language TEXT, time_zone TEXT,
active INTEGER, blocked INTEGER, deleted INTEGER, created_at TEXT, updated_at TEXT
"""

COMPANY = """
id INTEGER PRIMARY KEY, name TEXT, description TEXT, note TEXT, domains TEXT, custom_fields TEXT, health_score TEXT,
account_tier TEXT, renewal_date TEXT, industry TEXT, org_company_id INTEGER, created_at TEXT, updated_at TEXT
"""

CONVERSATION = """
id INTEGER PRIMARY KEY, ticket_id INTEGER, body TEXT, body_text TEXT, incoming INTEGER, private INTEGER,
user_id INTEGER, support_email TEXT, source INTEGER, category INTEGER, from_email TEXT, to_emails TEXT, cc_emails TEXT,
bcc_emails TEXT, attachments TEXT, created_at TEXT, updated_at TEXT, last_edited_at TEXT, last_edited_user_id INTEGER
"""

TIME_ENTRY = """
id INTEGER PRIMARY KEY, ticket_id INTEGER, agent_id INTEGER, billable INTEGER, note TEXT, timer_running INTEGER,
seconds INTEGER, start_time TEXT, executed_at TEXT, created_at TEXT, updated_at TEXT
"""

RATING = """
id INTEGER PRIMARY KEY, survey_id INTEGER, user_id INTEGER, agent_id INTEGER, group_id INTEGER, ticket_id INTEGER,
feedback TEXT, ratings TEXT, created_at TEXT, updated_at TEXT
"""

MAIL = """
id INTEGER PRIMARY KEY, kind TEXT, ticket_id INTEGER, at TEXT, "to" TEXT, cc TEXT, bcc TEXT, subject TEXT, body TEXT
"""

ATTACHMENT = "id INTEGER PRIMARY KEY, name TEXT, content_type TEXT, data BLOB"

LISTS = {
    "cc_emails",
    "fwd_emails",
    "reply_cc_emails",
    "ticket_cc_emails",
    "ticket_bcc_emails",
    "to_emails",
    "bcc_emails",
    "tags",
    "custom_fields",
    "attachments",
    "watchers",
    "associated",
    "other_companies",
    "other_emails",
    "domains",
    "ratings",
    "to",
    "cc",
    "bcc",
}
FLAGS = {
    "fr_escalated",
    "is_escalated",
    "spam",
    "deleted",
    "view_all_tickets",
    "active",
    "blocked",
    "incoming",
    "private",
    "billable",
    "timer_running",
}

LONGEST_LAG = 600  # seconds for which the former state of a changed record is kept, for the lagging search index


def column_names(definition: str) -> list[str]:
    return [part.split()[0] for part in definition.replace("\n", " ").split(",")]


def _indexed(table: str, definition: str) -> str:
    """The table, and beside it `<table>_before`: what each recently changed record was, for a search that lags."""
    names = column_names(definition)
    wall = "(julianday('now') - 2440587.5) * 86400.0"
    forget = f"DELETE FROM {table}_before WHERE changed < {wall} - {LONGEST_LAG};"
    former = ", ".join(f"OLD.{name}" for name in names)
    keep = f"INSERT INTO {table}_before SELECT {former}, {wall}, 0; {forget}"
    return f"""
    CREATE TABLE IF NOT EXISTS {table} ({definition});
    CREATE TABLE IF NOT EXISTS {table}_before AS SELECT *, 0.0 AS changed, 0 AS absent FROM {table} WHERE 0;
    CREATE INDEX IF NOT EXISTS {table}_changed ON {table}_before (changed);
    CREATE TRIGGER IF NOT EXISTS {table}_inserted AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_before (id, changed, absent) VALUES (NEW.id, {wall}, 1); {forget} END;
    CREATE TRIGGER IF NOT EXISTS {table}_updated AFTER UPDATE ON {table} BEGIN {keep} END;
    CREATE TRIGGER IF NOT EXISTS {table}_deleted AFTER DELETE ON {table} BEGIN {keep} END;
    """


SCHEMA = f"""
{_indexed("fd_tickets", TICKET)}
{_indexed("fd_contacts", CONTACT)}
{_indexed("fd_companies", COMPANY)}
CREATE TABLE IF NOT EXISTS fd_conversations ({CONVERSATION});
CREATE TABLE IF NOT EXISTS fd_time_entries ({TIME_ENTRY});
CREATE TABLE IF NOT EXISTS fd_ratings ({RATING});
CREATE TABLE IF NOT EXISTS fd_outbox ({MAIL});
CREATE TABLE IF NOT EXISTS fd_attachments ({ATTACHMENT});
CREATE TABLE IF NOT EXISTS fd_docs (kind TEXT, id INTEGER, doc TEXT, PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS fd_tickets_created ON fd_tickets (created_at);
CREATE INDEX IF NOT EXISTS fd_tickets_updated ON fd_tickets (updated_at);
CREATE INDEX IF NOT EXISTS fd_tickets_requester ON fd_tickets (requester_id);
CREATE INDEX IF NOT EXISTS fd_tickets_company ON fd_tickets (company_id);
CREATE INDEX IF NOT EXISTS fd_tickets_due ON fd_tickets (due_by) WHERE is_escalated = 0 AND status = 2;
CREATE INDEX IF NOT EXISTS fd_tickets_fr_due ON fd_tickets (fr_due_by) WHERE fr_escalated = 0 AND status = 2;
CREATE INDEX IF NOT EXISTS fd_conversations_ticket ON fd_conversations (ticket_id, id);
CREATE INDEX IF NOT EXISTS fd_contacts_name ON fd_contacts (name COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS fd_contacts_email ON fd_contacts (email);
CREATE INDEX IF NOT EXISTS fd_contacts_company ON fd_contacts (company_id);
CREATE INDEX IF NOT EXISTS fd_time_entries_ticket ON fd_time_entries (ticket_id);
"""

TABLES = {
    "ticket": "fd_tickets",
    "contact": "fd_contacts",
    "company": "fd_companies",
    "conversation": "fd_conversations",
    "time entry": "fd_time_entries",
    "rating": "fd_ratings",
    "mail": "fd_outbox",
}


def new_id(world: World, kind: str) -> int:
    return world.next_id(f"freshdesk {kind}", FIRST[kind])


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
    return [key for key in keys if key in LISTS], [key for key in keys if key in FLAGS]


def get(world: World, kind: str, number: int) -> Record | None:
    row = world.db.execute(f"SELECT * FROM {TABLES[kind]} WHERE id = ?", (number,)).fetchone()
    return None if row is None else record(row)


def select(world: World, kind: str, where: str, values: Iterable[Any] = ()) -> list[Record]:
    """Records of a kind; `where` is what follows the table's name, order and limit included."""
    rows = world.db.execute(f"SELECT * FROM {TABLES[kind]} {where}", tuple(values))
    return [record(row) for row in rows]


def add(world: World, kind: str, values: Record) -> Record:
    """Store a new record (with a fresh id unless `values` has one) and return it whole."""
    number = values.get("id") or new_id(world, kind)
    plain = {"id": number, **stored({key: value for key, value in values.items() if key != "id"})}
    names = ", ".join(f'"{name}"' for name in plain)
    marks = ", ".join("?" * len(plain))
    world.db.execute(f"INSERT INTO {TABLES[kind]} ({names}) VALUES ({marks})", tuple(plain.values()))
    made = get(world, kind, number)
    assert made is not None
    return made


def change(world: World, kind: str, number: int, values: Mapping[str, Any]) -> Record:
    if values:
        marks = ", ".join(f'"{name}" = ?' for name in values)
        world.db.execute(f"UPDATE {TABLES[kind]} SET {marks} WHERE id = ?", (*stored(values).values(), number))
    changed = get(world, kind, number)
    assert changed is not None
    return changed


def remove(world: World, kind: str, number: int) -> None:
    world.db.execute(f"DELETE FROM {TABLES[kind]} WHERE id = ?", (number,))


def stored(values: Mapping[str, Any]) -> Record:
    """The values as the columns keep them."""
    return {
        key: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value
        for key, value in values.items()
    }


# Documents: the few administrative records (agents, groups, fields, …) that nothing selects by column.


def put_doc(world: World, kind: str, number: int, doc: Mapping[str, Any]) -> None:
    text = json.dumps(doc, ensure_ascii=False)
    world.db.execute("INSERT OR REPLACE INTO fd_docs VALUES (?, ?, ?)", (kind, number, text))


def get_doc(world: World, kind: str, number: int) -> Record | None:
    row = world.db.execute("SELECT doc FROM fd_docs WHERE kind = ? AND id = ?", (kind, number)).fetchone()
    return None if row is None else json.loads(row["doc"])


def docs(world: World, kind: str) -> list[Record]:
    rows = world.db.execute("SELECT doc FROM fd_docs WHERE kind = ? ORDER BY id", (kind,))
    return [json.loads(row["doc"]) for row in rows]


def mail_told(world: World, kind: str, number: int) -> Record | None:
    """What the helpdesk tells beside the text of the mail that became this ticket or conversation, if it tells anything."""
    return get_doc(world, f"mail of a {kind}", number)


def keep_told(world: World, kind: str, number: int, told: Mapping[str, Any] | None) -> None:
    if told:
        put_doc(world, f"mail of a {kind}", number, told)


def remove_doc(world: World, kind: str, number: int) -> None:
    world.db.execute("DELETE FROM fd_docs WHERE kind = ? AND id = ?", (kind, number))


def index_now(world: World) -> None:
    """Let searches see everything at once, as after a seed."""
    for kind in ("ticket", "contact", "company"):
        world.db.execute(f"DELETE FROM {TABLES[kind]}_before")


def agent_by_mail(world: World, mail: str) -> Record | None:
    return next((agent for agent in docs(world, "agent") if agent["contact"]["email"] == mail.lower()), None)


def contact_by_mail(world: World, mail: str) -> Record | None:
    """The contact with this address, first or other, deleted ones passed over."""
    where = """WHERE deleted = 0 AND (email = :mail OR (other_emails != '[]' AND EXISTS
        (SELECT 1 FROM json_each(other_emails) WHERE value = :mail))) ORDER BY id LIMIT 1"""
    row = world.db.execute(f"SELECT * FROM fd_contacts {where}", {"mail": mail.lower()}).fetchone()
    return None if row is None else record(row)


def person(world: World, number: int) -> Record | None:
    """Whoever can ask or answer: a contact, or an agent in the keys of a contact."""
    contact = get(world, "contact", number)
    if contact is not None:
        return contact
    agent = get_doc(world, "agent", number)
    return None if agent is None else {**agent["contact"], "id": number, "company_id": None, "deleted": False}

"""What the chat keeps: channels and messages, and how Slack shows them and the people."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from deskbook.config.organization import Person
from deskbook_sandbox.slack.calls import Arguments, Json, refuse, string
from deskbook_sandbox.store.world import World

TEAM = "T0SANDBOX"
APP = "A0DESKBOOK"
BOT = "B0DESKBOOK"
BOT_USER = "U0DESKBOOK"
SCHEMA = Path(__file__).with_name("records.sql").read_text(encoding="utf-8")


def channel_meant(world: World, said: Arguments) -> sqlite3.Row:
    """The channel that is meant, by id or by name."""
    wanted = string(said, "channel") or ""
    row: sqlite3.Row | None = world.db.execute("SELECT * FROM chat_channels WHERE id = ?", (wanted,)).fetchone()
    row = row or channel_named(world, wanted)
    if row is None:
        raise refuse("channel_not_found")
    return row


def channel_named(world: World, name: str) -> sqlite3.Row | None:
    query = "SELECT * FROM chat_channels WHERE name = ?"
    row: sqlite3.Row | None = world.db.execute(query, (name.removeprefix("#"),)).fetchone()
    return row


def add_channel(world: World, name: str, members: Sequence[str], *, private: bool = False) -> sqlite3.Row:
    row: sqlite3.Row = world.db.execute(
        "INSERT INTO chat_channels VALUES (?, ?, ?, '', '', 0, ?, ?) RETURNING *",
        (stable_id("C", name), name, int(world.now().timestamp()), private, json.dumps(list(members))),
    ).fetchone()
    return row


def change_channel(world: World, channel: sqlite3.Row, **values: Any) -> sqlite3.Row:
    columns = ", ".join(f"{column} = ?" for column in values)
    row: sqlite3.Row = world.db.execute(
        f"UPDATE chat_channels SET {columns} WHERE id = ? RETURNING *", (*values.values(), channel["id"])
    ).fetchone()
    return row


def find_message(world: World, channel: str, ts: str) -> sqlite3.Row | None:
    query = "SELECT * FROM chat_messages WHERE channel = ? AND ts = ?"
    row: sqlite3.Row | None = world.db.execute(query, (channel, ts)).fetchone()
    return row


def own_message(world: World, channel: sqlite3.Row, said: Arguments) -> sqlite3.Row:
    row = find_message(world, channel["id"], string(said, "ts") or "")
    if row is None:
        raise refuse("message_not_found")
    if row["user"] != BOT_USER:
        raise refuse("cant_update_message")
    return row


def write(
    world: World,
    channel: str,
    user: str,
    text: str,
    *,
    blocks: list[Any] | None = None,
    metadata: Json | None = None,
    thread: str | None = None,
    broadcast: bool = False,
    at: datetime | None = None,
) -> sqlite3.Row:
    row: sqlite3.Row = world.db.execute(
        "INSERT INTO chat_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) RETURNING *",
        (
            new_ts(world, at or world.now()),
            channel,
            user,
            BOT if user == BOT_USER else None,
            text,
            json.dumps(blocks) if blocks else None,
            json.dumps(metadata) if metadata else None,
            thread,
            broadcast,
        ),
    ).fetchone()
    return row


def new_ts(world: World, at: datetime) -> str:
    """A time that is also an id: the fraction counts, so that a clock that stands still gives no id twice."""
    return f"{int(at.timestamp()):010d}.{world.next_id('chat ts') % 1_000_000:06d}"


def stable_id(letter: str, name: str) -> str:
    """A stable id that looks like Slack's."""
    return f"{letter}0{zlib.crc32(name.lower().encode()):08X}"


def user_id(person: Person) -> str:
    return stable_id("U", person.mail)


def message_shape(world: World, row: sqlite3.Row, *, metadata: bool) -> Json:
    shape: Json = {"type": "message", "user": row["user"], "text": row["text"], "ts": row["ts"], "team": TEAM}
    if row["bot"]:
        shape |= {"bot_id": row["bot"], "app_id": APP}
    if row["blocks"]:
        shape["blocks"] = json.loads(row["blocks"])
    if metadata and row["metadata"]:
        shape["metadata"] = json.loads(row["metadata"])
    if row["edited"]:
        shape["edited"] = {"user": row["user"], "ts": row["edited"]}
    if row["thread"]:
        shape["thread_ts"] = row["thread"]
        if row["broadcast"]:
            shape["subtype"] = "thread_broadcast"
    else:
        below = world.db.execute("SELECT ts FROM chat_messages WHERE thread = ? ORDER BY ts", (row["ts"],)).fetchall()
        if below:
            shape |= {"thread_ts": row["ts"], "reply_count": len(below), "latest_reply": below[-1]["ts"]}
    return shape


def channel_shape(world: World, row: sqlite3.Row) -> Json:
    held = json.loads(row["members"])

    def said(value: str) -> Json:
        return {"value": value, "creator": BOT_USER if value else "", "last_set": row["created"] if value else 0}

    return {
        "id": row["id"],
        "name": row["name"],
        "name_normalized": row["name"],
        "is_channel": not row["private"],
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": bool(row["private"]),
        "is_archived": bool(row["archived"]),
        "is_general": False,
        "is_shared": False,
        "is_org_shared": False,
        "is_member": BOT_USER in held,
        "created": row["created"],
        "creator": BOT_USER,
        "unlinked": 0,
        "context_team_id": TEAM,
        "topic": said(row["topic"]),
        "purpose": said(row["purpose"]),
        "previous_names": [],
        "num_members": len(held),
    }


def users(world: World) -> list[Json]:
    """The staff, and our own bot last."""
    people = [
        _user_shape(user_id(person), person.mail.split("@")[0], person.name, person.zone, email=person.mail)
        for person in world.organization.people
    ]
    return [*people, _user_shape(BOT_USER, "deskbook", "Deskbook", "UTC", bot_id=BOT)]


def _user_shape(id: str, handle: str, name: str, zone: str, **profile: str) -> Json:
    return {
        "id": id,
        "team_id": TEAM,
        "name": handle,
        "deleted": False,
        "real_name": name,
        "tz": zone,
        "profile": {"real_name": name, "display_name": name.split()[0], "team": TEAM, **profile},
        "is_bot": "bot_id" in profile,
        "is_admin": False,
        "updated": 0,
    }

"""Serialize channels, messages and people for Slack's responses."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from deskbook.config.loader import read_yaml
from deskbook_sandbox.slack.calls import Json
from deskbook_sandbox.slack.records import APP, BOT, BOT_USER, TEAM, user_id
from deskbook_sandbox.store.database import Store

_SHAPES = read_yaml(Path(__file__).with_name("shapes.yaml"))


def message_shape(store: Store, row: sqlite3.Row, *, metadata: bool) -> Json:
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
        below = store.rows("SELECT ts FROM chat_messages WHERE thread = ? ORDER BY ts", row["ts"])
        if below:
            shape |= {"thread_ts": row["ts"], "reply_count": len(below), "latest_reply": below[-1]["ts"]}
    return shape


def channel_shape(store: Store, row: sqlite3.Row) -> Json:
    held = json.loads(row["members"])

    def said(value: str) -> Json:
        return {"value": value, "creator": BOT_USER if value else "", "last_set": row["created"] if value else 0}

    return {
        **_SHAPES["channel"],
        "id": row["id"],
        "name": row["name"],
        "name_normalized": row["name"],
        "is_channel": not row["private"],
        "is_private": bool(row["private"]),
        "is_archived": bool(row["archived"]),
        "is_member": BOT_USER in held,
        "created": row["created"],
        "creator": BOT_USER,
        "context_team_id": TEAM,
        "topic": said(row["topic"]),
        "purpose": said(row["purpose"]),
        "num_members": len(held),
    }


def users(store: Store) -> list[Json]:
    """The staff, and our own bot last."""
    people = [
        _user_shape(user_id(person), person.mail.split("@")[0], person.name, person.zone, email=person.mail)
        for person in store.organization.people
    ]
    return [*people, _user_shape(BOT_USER, "deskbook", "Deskbook", "UTC", bot_id=BOT)]


def _user_shape(id: str, handle: str, name: str, zone: str, **profile: str) -> Json:
    return {
        **_SHAPES["user"],
        "id": id,
        "team_id": TEAM,
        "name": handle,
        "real_name": name,
        "tz": zone,
        "profile": {"real_name": name, "display_name": name.split()[0], "team": TEAM, **profile},
        "is_bot": "bot_id" in profile,
    }

"""Database access of the chat: channels, messages, and their ids."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from deskbook.config.organization import Person
from deskbook_sandbox.slack.calls import Arguments, refuse, string
from deskbook_sandbox.store.database import Store

TEAM = "T0SANDBOX"
APP = "A0DESKBOOK"
BOT = "B0DESKBOOK"
BOT_USER = "U0DESKBOOK"
SCHEMA = Path(__file__).with_name("records.sql").read_text(encoding="utf-8")


def channel_meant(store: Store, said: Arguments) -> sqlite3.Row:
    """The channel that is meant, by id or by name."""
    wanted = string(said, "channel") or ""
    row = store.row("SELECT * FROM chat_channels WHERE id = ?", wanted) or channel_named(store, wanted)
    if row is None:
        raise refuse("channel_not_found")
    return row


def channel_named(store: Store, name: str) -> sqlite3.Row | None:
    return store.row("SELECT * FROM chat_channels WHERE name = ?", name.removeprefix("#"))


def add_channel(store: Store, name: str, members: Sequence[str], *, private: bool = False) -> sqlite3.Row:
    blank = {"topic": "", "purpose": "", "archived": False, "private": private, "members": members}
    created = int(store.now().timestamp())
    return store.insert("chat_channels", id=stable_id("C", name), name=name, created=created, **blank)


def change_channel(store: Store, channel: sqlite3.Row, **values: Any) -> sqlite3.Row:
    return store.update("chat_channels", {"id": channel["id"]}, **values)


def find_message(store: Store, channel: str, ts: str) -> sqlite3.Row | None:
    return store.row("SELECT * FROM chat_messages WHERE channel = ? AND ts = ?", channel, ts)


def own_message(store: Store, channel: sqlite3.Row, said: Arguments) -> sqlite3.Row:
    row = find_message(store, channel["id"], string(said, "ts") or "")
    if row is None:
        raise refuse("message_not_found")
    if row["user"] != BOT_USER:
        raise refuse("cant_update_message")
    return row


def write(store: Store, channel: str, user: str, text: str, at: datetime | None = None, **more: Any) -> sqlite3.Row:
    """A new message, as of `at` (now); `more` are its blocks, metadata, thread and broadcast."""
    said = {"channel": channel, "user": user, "bot": BOT if user == BOT_USER else None, "text": text}
    return store.insert("chat_messages", ts=new_ts(store, at or store.now()), **{"broadcast": False, **said, **more})


def new_ts(store: Store, at: datetime) -> str:
    """A time that is also an id: the fraction counts, so that a clock that stands still gives no id twice."""
    return f"{int(at.timestamp()):010d}.{store.next_id('chat ts') % 1_000_000:06d}"


def stable_id(letter: str, name: str) -> str:
    """A stable id that looks like Slack's."""
    return f"{letter}0{zlib.crc32(name.lower().encode()):08X}"


def user_id(person: Person) -> str:
    return stable_id("U", person.mail)

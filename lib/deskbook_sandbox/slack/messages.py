"""Slack methods for messages: post, update, delete, history, replies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from deskbook_sandbox.slack.calls import Arguments, Json, decoded, flag, page, refuse, string, time_of
from deskbook_sandbox.slack.records import BOT_USER, channel_meant, find_message, new_ts, own_message, write
from deskbook_sandbox.slack.shapes import message_shape
from deskbook_sandbox.store.database import Store

LONGEST_TEXT, MOST_BLOCKS = 40_000, 50


def post_message(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    if channel["archived"]:
        raise refuse("is_archived")
    thread = string(said, "thread_ts")
    if thread and find_message(store, channel["id"], thread) is None:
        raise refuse("thread_not_found")
    text, broadcast = _content(said), flag(said, "reply_broadcast", False)
    more: Json = {"blocks": _blocks(said), "metadata": _metadata(said), "thread": thread, "broadcast": broadcast}
    row = write(store, channel["id"], BOT_USER, text, **more)
    return {"channel": channel["id"], "ts": row["ts"], "message": message_shape(store, row, metadata=True)}


def update_message(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    row = own_message(store, channel, said)
    blocks, metadata = _blocks(said), _metadata(said)
    text = _content(said)
    kept = {"metadata": row["metadata"] if metadata is None else metadata, "edited": new_ts(store, store.now())}
    changed = store.update("chat_messages", {"ts": row["ts"]}, text=text, blocks=blocks, **kept)
    shown = message_shape(store, changed, metadata=True)
    return {"channel": channel["id"], "ts": row["ts"], "text": text, "message": shown}


def delete_message(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    row = own_message(store, channel, said)
    store.delete("chat_messages", ts=row["ts"])
    return {"channel": channel["id"], "ts": row["ts"]}


def permalink(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    row = find_message(store, channel["id"], string(said, "message_ts") or "")
    if row is None:
        raise refuse("message_not_found")
    address = f"https://deskbook.slack.example/archives/{channel['id']}/p{row['ts'].replace('.', '')}"
    return {"channel": channel["id"], "permalink": address}


def history(store: Store, said: Arguments) -> Json:
    """The newest messages first; replies only where they were also sent to the channel."""
    channel = channel_meant(store, said)
    rows = store.rows(
        "SELECT * FROM chat_messages WHERE channel = ? AND (thread IS NULL OR broadcast) ORDER BY ts DESC",
        channel["id"],
    )
    return {**_listed(store, rows, said), "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


def replies(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    parent = find_message(store, channel["id"], string(said, "ts") or "")
    if parent is None:
        raise refuse("thread_not_found")
    rows = store.rows(
        "SELECT * FROM chat_messages WHERE channel = ? AND (ts = ? OR thread = ?) ORDER BY ts",
        channel["id"],
        parent["ts"],
        parent["ts"],
    )
    return _listed(store, rows, said)


def _listed(store: Store, rows: Sequence[sqlite3.Row], said: Arguments) -> Json:
    oldest, latest = time_of(said, "oldest"), time_of(said, "latest")
    inclusive, whole = flag(said, "inclusive", False), flag(said, "include_all_metadata", False)

    def within(ts: str) -> bool:
        if inclusive and ts in (said.get("oldest"), said.get("latest")):
            return True
        return (oldest is None or float(ts) > oldest) and (latest is None or float(ts) < latest)

    found, cursor = page([row for row in rows if within(row["ts"])], said, 100)
    response: Json = {
        "messages": [message_shape(store, row, metadata=whole) for row in found],
        "has_more": bool(cursor),
    }
    return {**response, "response_metadata": {"next_cursor": cursor}} if cursor else response


def _content(said: Arguments) -> str:
    text = string(said, "text") or ""
    if not text and not said.get("blocks") and not said.get("attachments"):
        raise refuse("no_text")
    if len(text) > LONGEST_TEXT:
        raise refuse("msg_too_long")
    return text


def _blocks(said: Arguments) -> list[Any] | None:
    blocks = decoded(said, "blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise refuse("invalid_blocks_format")
    if len(blocks) > MOST_BLOCKS or not all(isinstance(block, dict) and block.get("type") for block in blocks):
        raise refuse("invalid_blocks")
    return blocks


def _metadata(said: Arguments) -> Json | None:
    metadata = decoded(said, "metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise refuse("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise refuse("invalid_metadata_schema")
    return {"event_type": kind, "event_payload": payload}

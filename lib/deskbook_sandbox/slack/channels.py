"""Slack methods for channels and the people in them."""

from __future__ import annotations

import json
import re

from deskbook_sandbox.slack.calls import Arguments, Json, flag, page, refuse, string
from deskbook_sandbox.slack.records import BOT_USER, add_channel, change_channel, channel_meant, channel_named, user_id
from deskbook_sandbox.slack.shapes import channel_shape, users
from deskbook_sandbox.store.database import Store

LONGEST_NAME, LONGEST_TOPIC = 80, 250


def create_channel(store: Store, said: Arguments) -> Json:
    name = string(said, "name")
    if not name:
        raise refuse("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise refuse("invalid_name_maxlength")
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not re.search(r"[a-z0-9]", name):
        raise refuse("invalid_name_specials")
    if channel_named(store, name):
        raise refuse("name_taken")
    row = add_channel(store, name, [BOT_USER], private=flag(said, "is_private", False))
    return {"channel": channel_shape(store, row)}


def list_channels(store: Store, said: Arguments) -> Json:
    kinds = (string(said, "types") or "public_channel").split(",")
    if not {kind.strip() for kind in kinds} <= {"public_channel", "private_channel", "mpim", "im"}:
        raise refuse("invalid_types")
    rows = [
        row
        for row in store.rows("SELECT * FROM chat_channels ORDER BY rowid")
        if ("private_channel" if row["private"] else "public_channel") in kinds
        and not (row["archived"] and flag(said, "exclude_archived", False))
    ]
    found, cursor = page(rows, said, 100)
    return {
        "channels": [channel_shape(store, row) for row in found],
        "response_metadata": {"next_cursor": cursor},
    }


def channel_info(store: Store, said: Arguments) -> Json:
    return {"channel": channel_shape(store, channel_meant(store, said))}


def members(store: Store, said: Arguments) -> Json:
    found, cursor = page(json.loads(channel_meant(store, said)["members"]), said, 100)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def invite(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    wanted = [user.strip() for user in (string(said, "users") or "").split(",") if user.strip()]
    if not wanted:
        raise refuse("no_user")
    held = json.loads(channel["members"])
    known = {user_id(person) for person in store.organization.people}
    if BOT_USER in wanted:
        raise refuse("cant_invite_self")
    for user in wanted:
        if user not in known:
            raise refuse("user_not_found")
    coming = [user for user in wanted if user not in held]
    if not coming:
        raise refuse("already_in_channel")
    return {"channel": channel_shape(store, change_channel(store, channel, members=held + coming))}


def join(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    held = json.loads(channel["members"])
    if BOT_USER in held:
        warned = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": channel_shape(store, channel), **warned}
    return {"channel": channel_shape(store, change_channel(store, channel, members=[*held, BOT_USER]))}


def set_topic(store: Store, said: Arguments) -> Json:
    return _describe(store, said, "topic")


def set_purpose(store: Store, said: Arguments) -> Json:
    return _describe(store, said, "purpose")


def _describe(store: Store, said: Arguments, column: str) -> Json:
    channel = channel_meant(store, said)
    text = string(said, column) or ""
    if len(text) > LONGEST_TOPIC:
        raise refuse("too_long")
    return {"channel": channel_shape(store, change_channel(store, channel, **{column: text}))}


def archive(store: Store, said: Arguments) -> Json:
    channel = channel_meant(store, said)
    if channel["archived"]:
        raise refuse("already_archived")
    change_channel(store, channel, archived=1)
    return {}


def user_by_mail(store: Store, said: Arguments) -> Json:
    wanted = (string(said, "email") or "").lower()
    for user in users(store):
        if user["profile"].get("email", "").lower() == wanted != "":
            return {"user": user}
    raise refuse("users_not_found")


def user_info(store: Store, said: Arguments) -> Json:
    wanted = string(said, "user")
    for user in users(store):
        if user["id"] == wanted:
            return {"user": user}
    raise refuse("user_not_found")


def list_users(store: Store, said: Arguments) -> Json:
    found, cursor = page(users(store), said, 100)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}

"""Slack's methods for channels and the people in them."""

from __future__ import annotations

import json
import re

from deskbook_sandbox.slack.calls import Arguments, Json, flag, page, refuse, string
from deskbook_sandbox.slack.records import BOT_USER, add_channel, change_channel, channel_meant, channel_named, user_id
from deskbook_sandbox.slack.shapes import channel_shape, users
from deskbook_sandbox.store.world import World

LONGEST_NAME, LONGEST_TOPIC = 80, 250


def create_channel(world: World, said: Arguments) -> Json:
    name = string(said, "name")
    if not name:
        raise refuse("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise refuse("invalid_name_maxlength")
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not re.search(r"[a-z0-9]", name):
        raise refuse("invalid_name_specials")
    if channel_named(world, name):
        raise refuse("name_taken")
    row = add_channel(world, name, [BOT_USER], private=flag(said, "is_private", False))
    return {"channel": channel_shape(world, row)}


def list_channels(world: World, said: Arguments) -> Json:
    kinds = (string(said, "types") or "public_channel").split(",")
    if not {kind.strip() for kind in kinds} <= {"public_channel", "private_channel", "mpim", "im"}:
        raise refuse("invalid_types")
    rows = [
        row
        for row in world.rows("SELECT * FROM chat_channels ORDER BY rowid")
        if ("private_channel" if row["private"] else "public_channel") in kinds
        and not (row["archived"] and flag(said, "exclude_archived", False))
    ]
    found, cursor = page(rows, said, 100)
    return {
        "channels": [channel_shape(world, row) for row in found],
        "response_metadata": {"next_cursor": cursor},
    }


def channel_info(world: World, said: Arguments) -> Json:
    return {"channel": channel_shape(world, channel_meant(world, said))}


def members(world: World, said: Arguments) -> Json:
    found, cursor = page(json.loads(channel_meant(world, said)["members"]), said, 100)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def invite(world: World, said: Arguments) -> Json:
    channel = channel_meant(world, said)
    wanted = [user.strip() for user in (string(said, "users") or "").split(",") if user.strip()]
    if not wanted:
        raise refuse("no_user")
    held = json.loads(channel["members"])
    known = {user_id(person) for person in world.organization.people}
    if BOT_USER in wanted:
        raise refuse("cant_invite_self")
    for user in wanted:
        if user not in known:
            raise refuse("user_not_found")
    coming = [user for user in wanted if user not in held]
    if not coming:
        raise refuse("already_in_channel")
    return {"channel": channel_shape(world, change_channel(world, channel, members=held + coming))}


def join(world: World, said: Arguments) -> Json:
    channel = channel_meant(world, said)
    held = json.loads(channel["members"])
    if BOT_USER in held:
        warned = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": channel_shape(world, channel), **warned}
    return {"channel": channel_shape(world, change_channel(world, channel, members=[*held, BOT_USER]))}


def set_topic(world: World, said: Arguments) -> Json:
    return _describe(world, said, "topic")


def set_purpose(world: World, said: Arguments) -> Json:
    return _describe(world, said, "purpose")


def _describe(world: World, said: Arguments, column: str) -> Json:
    channel = channel_meant(world, said)
    text = string(said, column) or ""
    if len(text) > LONGEST_TOPIC:
        raise refuse("too_long")
    return {"channel": channel_shape(world, change_channel(world, channel, **{column: text}))}


def archive(world: World, said: Arguments) -> Json:
    channel = channel_meant(world, said)
    if channel["archived"]:
        raise refuse("already_archived")
    change_channel(world, channel, archived=1)
    return {}


def user_by_mail(world: World, said: Arguments) -> Json:
    wanted = (string(said, "email") or "").lower()
    for user in users(world):
        if user["profile"].get("email", "").lower() == wanted != "":
            return {"user": user}
    raise refuse("users_not_found")


def user_info(world: World, said: Arguments) -> Json:
    wanted = string(said, "user")
    for user in users(world):
        if user["id"] == wanted:
            return {"user": user}
    raise refuse("user_not_found")


def list_users(world: World, said: Arguments) -> Json:
    found, cursor = page(users(world), said, 100)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}

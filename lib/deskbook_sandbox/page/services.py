"""JSON views of the tracker, the chat, the pager and the hubs for the sandbox's page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import Headers, MultiDict

from deskbook_sandbox import hubs
from deskbook_sandbox.http import Request
from deskbook_sandbox.page.text import safe_html, safe_markdown
from deskbook_sandbox.page.views import Json, paged
from deskbook_sandbox.pagerduty import service as pagerduty
from deskbook_sandbox.slack import service as slack
from deskbook_sandbox.store.database import Store

MOST_MESSAGES = 200
_MARKUP = re.compile(r"<(?P<what>[@#!]?)(?P<to>[^<>|]*)(?:\|(?P<text>[^<>]*))?>")


def issues(store: Store, state: str, page: int) -> Json:
    """Issues, newest first."""
    where, values = "pull = 0", []
    if state in ("open", "closed"):
        where, values = "pull = 0 AND state = ?", [state]

    def read(limit: str) -> list[Json]:
        rows = store.rows(f"SELECT * FROM gh_issues WHERE {where} ORDER BY number DESC {limit}", *values)
        return [_issue(store, row) for row in rows]

    return paged("issues", store.value(f"SELECT count(*) FROM gh_issues WHERE {where}", *values), page, read)


def issue(store: Store, number: int) -> Json | None:
    row = store.row("SELECT * FROM gh_issues WHERE number = ?", number)
    if row is None:
        return None
    repository = store.organization.tracker.repository
    said = store.rows("SELECT * FROM gh_comments WHERE number = ? ORDER BY id LIMIT 300", number)
    return {
        **_issue(store, row),
        "repository": repository,
        "html": safe_markdown(row["body"] or "", repository),
        "board": _board(store, number),
        "comments": [
            {
                "id": one["id"],
                "who": one["author"],
                "at": one["created_at"],
                "html": safe_markdown(one["body"], repository),
            }
            for one in said
        ],
    }


def _issue(store: Store, row: Any) -> Json:
    labels = store.rows(
        "SELECT name FROM gh_labels JOIN gh_issue_labels ON label = id WHERE number = ? ORDER BY name", row["number"]
    )
    said = store.value("SELECT count(*) FROM gh_comments WHERE number = ?", row["number"])
    return {
        "number": row["number"],
        "title": row["title"],
        "state": row["state"],
        "reason": row["state_reason"],
        "author": row["author"],
        "assignees": json.loads(row["assignees"]),
        "labels": [name for (name,) in labels],
        "created": row["created_at"],
        "updated": row["updated_at"],
        "said": said,
    }


def _board(store: Store, number: int) -> list[list[str]]:
    query = "SELECT field, value FROM gh_items JOIN gh_item_values ON item = gh_items.id WHERE number = ?"
    rows = store.rows(query, number)
    return [[row["field"], _plain_value(row["value"])] for row in rows]


def _plain_value(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title") or value.get("text") or value.get("number")
    return str(value)


def chat(request: Request) -> Json:
    """The channels with their latest messages; Slack's own markup is written out as text."""
    state = slack.SERVICE.state(request.store)
    names = {user["id"]: user["real_name"] for user in _chat_users(request)}
    repository = request.store.organization.tracker.repository
    by_channel: dict[str, list[Json]] = {}
    for message in state["chat"]:
        by_channel.setdefault(message["channel_name"], []).append(message)
    return {
        "channels": [
            {
                "name": channel["name"],
                "archived": channel["is_archived"],
                "topic": channel["topic"]["value"],
                "total": len(by_channel.get(channel["name"], ())),
                "messages": [
                    _said(one, names, repository) for one in by_channel.get(channel["name"], [])[-MOST_MESSAGES:]
                ],
            }
            for channel in state["channels"]
        ]
    }


def _chat_users(request: Request) -> list[Json]:
    """Everybody the chat knows, as its own users.list answers."""
    handler = next(route.handler for route in slack.SERVICE.routes if route.rule == "/api/users.list")
    asked = replace(request, method="GET", query=MultiDict({"limit": "1000"}), headers=Headers(), body=b"")
    members: list[Json] = handler(asked).body["members"]
    return members


def _said(message: Json, names: Mapping[str, str], repository: str) -> Json:
    return {
        "id": message["ts"],
        "who": names.get(message["user"], "Deskbook" if message.get("bot_id") else "somebody"),
        "bot": bool(message.get("bot_id")),
        "html": safe_html(html.escape(slack_text(message["text"], names)), repository),
        "at": float(message["ts"]),
        "thread": message.get("thread_ts") not in (None, message["ts"]),
    }


def slack_text(text: str, names: Mapping[str, str]) -> str:
    """Plain text of a message: mentions by name, links as text and address."""

    def written(match: re.Match[str]) -> str:
        what, to, shown = match["what"], match["to"], match["text"]
        if what == "@":
            return f"@{shown or names.get(to, to)}"
        if what == "#":
            return f"#{shown or to}"
        if what == "!":
            return f"@{shown or to.partition('^')[0]}"
        return f"{shown} ({to})" if shown and shown != to else to

    return html.unescape(_MARKUP.sub(written, text))


def pager(request: Request) -> Json:
    return {"incidents": [_incident(one) for one in reversed(pagerduty.SERVICE.state(request.store)["pager"])]}


def _incident(one: Json) -> Json:
    priority = one.get("priority") or {}
    return {
        "id": one["id"],
        "number": one.get("incident_number"),
        "title": one.get("title") or one.get("summary") or "",
        "status": one["status"],
        "urgency": one.get("urgency"),
        "priority": priority.get("summary") or priority.get("name"),
        "service": (one.get("service") or {}).get("summary"),
        "assigned": [(item.get("assignee") or {}).get("summary") for item in one.get("assignments") or []],
        "acknowledged": [(item.get("acknowledger") or {}).get("summary") for item in one.get("acknowledgements") or []],
        "created": one.get("created_at"),
        "key": one.get("incident_key"),
        "notes": [
            {"who": (note.get("user") or {}).get("summary"), "text": note.get("content"), "at": note.get("created_at")}
            for note in one.get("notes") or []
        ],
    }


def hub_list(request: Request) -> Json:
    known = {hub.name: hub for hub in request.store.organization.hubs}
    return {
        "hubs": [
            {**hub, "community": known[hub["name"]].community if hub["name"] in known else ""}
            for hub in hubs.SERVICE.state(request.store)["hubs"]
        ]
    }

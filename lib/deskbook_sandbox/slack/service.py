"""A look-alike of Slack's Web API and of one incoming webhook: channels, messages with metadata, people. Token `sandbox`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from pydantic import Field

from deskbook.config.loader import Frozen
from deskbook_sandbox.http import Request, Response, Route, Service
from deskbook_sandbox.keys import KEY, admits
from deskbook_sandbox.seeding.entries import entries, stamp
from deskbook_sandbox.seeding.seed import Moment
from deskbook_sandbox.slack import calls, channels, messages, records, shapes
from deskbook_sandbox.slack.calls import Arguments, Json
from deskbook_sandbox.store.database import Store

SCOPES = "channels:read,groups:read,channels:history,channels:manage,chat:write,metadata.message:read,users:read,users:read.email"


class SeedMessage(Frozen):
    """`sender` is the mail of one of the staff; without one, our own bot wrote it."""

    channel: str
    sender: str = Field("", alias="from")
    text: str
    at: Moment | None = None


def guard(request: Request) -> Response | None:
    """The token of an API request; a webhook carries its secret in its path."""
    if not request.path.startswith("/slack/api/"):
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else str(calls.arguments(request).get("token") or "")
    if admits(request.store, given):
        return None
    return Response(200, {"ok": False, "error": "invalid_auth" if given else "not_authed"})


def finish(request: Request, response: Response) -> Response:
    """Slack tells the scopes of the token with each answer."""
    known = guard(request) is None and request.path.startswith("/slack/api/")
    return replace(response, headers={**response.headers, "X-OAuth-Scopes": SCOPES}) if known else response


def api_test(store: Store, said: Arguments) -> Json:
    return {"args": {key: value for key, value in said.items() if key != "token"}}


def auth_test(store: Store, said: Arguments) -> Json:
    return {
        "url": "https://deskbook.slack.example/",
        "team": store.organization.name,
        "user": "deskbook",
        "team_id": records.TEAM,
        "user_id": records.BOT_USER,
        "bot_id": records.BOT,
        "is_enterprise_install": False,
    }


def webhook(request: Request, team: str, bot: str, secret: str) -> Response:
    """Posts to the support channel, or to the one that an old-fashioned `channel` names; nothing can be read back."""
    if (team, bot) != ("T0", "B0"):
        return _plain(404, "no_team" if team != "T0" else "no_service")
    if secret != KEY:
        return _plain(403, "invalid_token")
    form = request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
    try:
        text = dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("payload", "") if form else None
        said = json.loads(text) if text is not None else request.json()
    except (ValueError, RecursionError):
        return _plain(400, "invalid_payload")
    if not isinstance(said, dict) or not isinstance(said.get("text", ""), str):
        return _plain(400, "invalid_payload")
    if not said.get("text") and not said.get("blocks"):
        return _plain(400, "no_text")
    channel = records.channel_named(request.store, str(said.get("channel") or request.store.organization.chat.support))
    if channel is None:
        return _plain(404, "channel_not_found")
    if not isinstance(said.get("blocks"), list | None):
        return _plain(400, "invalid_blocks")
    records.write(
        request.store, channel["id"], records.BOT_USER, said.get("text") or "", blocks=said.get("blocks") or None
    )
    return _plain(200, "ok")


def _plain(status: int, text: str) -> Response:
    return Response(status, text, content_type="text/plain; charset=utf-8")


def seed(store: Store, data: Mapping[str, Any]) -> None:
    """The organisation's three channels with the staff in them, and what the seed says in them or in others."""
    staff = [records.BOT_USER, *(records.user_id(person) for person in store.organization.people)]
    chat = store.organization.chat
    for name in dict.fromkeys(name.removeprefix("#") for name in (chat.support, chat.pager, chat.team)):
        records.add_channel(store, name, staff)
    for told in entries(data, "chat", SeedMessage):
        channel = records.channel_named(store, told.channel) or records.add_channel(
            store, told.channel.removeprefix("#"), staff
        )
        person = store.organization.person(told.sender)
        user = (
            records.user_id(person)
            if person
            else records.stable_id("U", told.sender)
            if told.sender
            else records.BOT_USER
        )
        records.write(store, channel["id"], user, told.text, at=datetime.fromisoformat(stamp(store, data, told.at)))


def state(store: Store) -> dict[str, Any]:
    """Every message with its metadata and the name of its channel, oldest first, and the channels."""
    channels = {row["id"]: row for row in store.rows("SELECT * FROM chat_channels ORDER BY rowid")}
    return {
        "chat": [
            {
                **shapes.message_shape(store, row, metadata=True),
                "channel": row["channel"],
                "channel_name": channels[row["channel"]]["name"],
            }
            for row in store.rows("SELECT * FROM chat_messages ORDER BY ts")
        ],
        "channels": [shapes.channel_shape(store, row) for row in channels.values()],
    }


def unknown(request: Request, wrong_verb: bool) -> Response:
    """Slack takes GET and POST for any method; what is no method at all is named in the refusal."""
    if request.path.startswith("/slack/api/"):
        return Response(
            200, {"ok": False, "error": "unknown_method", "req_method": request.path.removeprefix("/slack/api/")}
        )
    return _plain(404, "no_service")


def fault(request: Request, status: int) -> Response:
    errors = {400: "invalid_json", 401: "invalid_auth", 429: "ratelimited", 500: "internal_error"}
    return Response(status, {"ok": False, "error": errors.get(status, "service_unavailable")})


_METHODS: Mapping[str, Callable[[Store, Arguments], Json]] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "chat.delete": messages.delete_message,
    "chat.getPermalink": messages.permalink,
    "chat.postMessage": messages.post_message,
    "chat.update": messages.update_message,
    "conversations.archive": channels.archive,
    "conversations.create": channels.create_channel,
    "conversations.history": messages.history,
    "conversations.info": channels.channel_info,
    "conversations.invite": channels.invite,
    "conversations.join": channels.join,
    "conversations.list": channels.list_channels,
    "conversations.members": channels.members,
    "conversations.replies": messages.replies,
    "conversations.setPurpose": channels.set_purpose,
    "conversations.setTopic": channels.set_topic,
    "users.info": channels.user_info,
    "users.list": channels.list_users,
    "users.lookupByEmail": channels.user_by_mail,
}


def _handler(method: Callable[[Store, Arguments], Json]) -> Callable[[Request], Response]:
    return lambda request: Response(200, {"ok": True, **method(request.store, calls.arguments(request))})


SERVICE = Service(
    name="slack",
    prefix="/slack",
    routes=(
        *(
            Route(verb, f"/api/{name}", _handler(method), f"api.slack.com/methods/{name}")
            for name, method in _METHODS.items()
            for verb in ("GET", "POST")
        ),
        Route("POST", "/services/<team>/<bot>/<secret>", webhook, "api.slack.com/messaging/webhooks"),
    ),
    schema=records.SCHEMA,
    guard=guard,
    finish=finish,
    unknown=unknown,
    seed=seed,
    state=state,
    fault=fault,
)

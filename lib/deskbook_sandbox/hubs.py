"""The hubs themselves, up or down: a health check, a version, and a page to log in on. No key, as on a real hub."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from deskbook.config.loader import Frozen
from deskbook_sandbox.http import Answer, Call, Route, Service
from deskbook_sandbox.seeding.entries import entries
from deskbook_sandbox.store.world import World

SCHEMA = """
CREATE TABLE IF NOT EXISTS hubs (name TEXT PRIMARY KEY, up INTEGER NOT NULL, since TEXT NOT NULL);
"""
VERSION = "5.4.3"


class SeedHub(Frozen):
    name: str
    up: bool = True


def set_up(world: World, name: str, up: bool) -> dict[str, Any] | None:
    """Start or stop a hub; its entry in the state, or None for a hub that nobody runs."""
    row = world.row("SELECT up FROM hubs WHERE name = ?", name)
    if row is None:
        return None
    if bool(row["up"]) != up:
        world.update("hubs", {"name": name}, up=up, since=world.stamp())
    return next(hub for hub in hubs(world) if hub["name"] == name)


def health(call: Call, name: str) -> Answer:
    return _page(call, name) or Answer(200, "")


def version(call: Call, name: str) -> Answer:
    return _page(call, name) or Answer(200, {"version": VERSION}, {"X-JupyterHub-Version": VERSION})


def login(call: Call, name: str) -> Answer:
    said = f"<form><h1>{escape(_title(call.world, name))}</h1><p>Sign in to start your server.</p></form>"
    return _page(call, name) or Answer(200, _html("JupyterHub", said), {"X-JupyterHub-Version": VERSION})


def _page(call: Call, name: str) -> Answer | None:
    """What stands in the way of an answer: there is no such hub, or it is down."""
    row = call.world.row("SELECT up FROM hubs WHERE name = ?", name)
    if row is None:
        return unknown(call, False)
    if not row["up"]:
        return Answer(503, _html("503 Service Unavailable", "<h1>503</h1><p>No server is available.</p>"))
    return None


def _title(world: World, name: str) -> str:
    return next((hub.title for hub in world.organization.hubs if hub.name == name), name)


def _html(title: str, body: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head><body>{body}</body></html>'


def unknown(call: Call, wrong_verb: bool) -> Answer:
    status, title = (405, "405 Method Not Allowed") if wrong_verb else (404, "404 Not Found")
    return Answer(status, _html(title, f"<h1>{title}</h1>"))


def fault(call: Call, status: int) -> Answer:
    return Answer(status, _html(str(status), f"<h1>{status}</h1>"))


def seed(world: World, data: Mapping[str, Any]) -> None:
    """The organisation's hubs, all up, and what the seed says of them or of others."""
    told = {hub.name: hub.up for hub in entries(data, "hubs", SeedHub)}
    for name, up in ({hub.name: True for hub in world.organization.hubs} | told).items():
        world.insert("hubs", name=name, up=up, since=world.stamp())


def hubs(world: World) -> list[dict[str, Any]]:
    """`url` is the address that people know; the sandbox serves the hub below /hubs/<name>/."""
    known = {hub.name: hub for hub in world.organization.hubs}
    return [
        {
            "name": row["name"],
            "title": _title(world, row["name"]),
            "url": known[row["name"]].url if row["name"] in known else f"/hubs/{row['name']}",
            "cluster": known[row["name"]].cluster if row["name"] in known else None,
            "up": bool(row["up"]),
            "since": row["since"],
        }
        for row in world.rows("SELECT * FROM hubs ORDER BY rowid")
    ]


SERVICE = Service(
    name="hubs",
    prefix="/hubs",
    routes=(
        Route("GET", "/<name>", login, note="The page to log in on."),
        Route("GET", "/<name>/", login, note="The page to log in on."),
        Route("GET", "/<name>/hub", login, note="The page to log in on."),
        Route("GET", "/<name>/hub/login", login, note="The page to log in on."),
        Route("GET", "/<name>/hub/health", health, note="200 and nothing, while the hub is up."),
        Route("GET", "/<name>/hub/api", version, note="The hub's version."),
    ),
    schema=SCHEMA,
    guard=lambda call: None,
    finish=lambda call, answer: answer,
    unknown=unknown,
    seed=seed,
    state=lambda world: {"hubs": hubs(world)},
    fault=fault,
)

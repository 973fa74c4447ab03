"""JupyterHub endpoints that are up or down: health check, version, login page. No key, as on a real hub."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from deskbook.config.loader import Frozen
from deskbook_sandbox.http import Request, Response, Route, Service
from deskbook_sandbox.seeding.entries import entries
from deskbook_sandbox.store.database import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS hubs (name TEXT PRIMARY KEY, up INTEGER NOT NULL, since TEXT NOT NULL);
"""
VERSION = "5.4.3"


class SeedHub(Frozen):
    name: str
    up: bool = True


def set_up(store: Store, name: str, up: bool) -> dict[str, Any] | None:
    """Start or stop a hub; its entry in the state, or None for a hub that nobody runs."""
    row = store.row("SELECT up FROM hubs WHERE name = ?", name)
    if row is None:
        return None
    if bool(row["up"]) != up:
        store.update("hubs", {"name": name}, up=up, since=store.stamp())
    return next(hub for hub in hubs(store) if hub["name"] == name)


def health(request: Request, name: str) -> Response:
    return _page(request, name) or Response(200, "")


def version(request: Request, name: str) -> Response:
    return _page(request, name) or Response(200, {"version": VERSION}, {"X-JupyterHub-Version": VERSION})


def login(request: Request, name: str) -> Response:
    said = f"<form><h1>{escape(_title(request.store, name))}</h1><p>Sign in to start your server.</p></form>"
    return _page(request, name) or Response(200, _html("JupyterHub", said), {"X-JupyterHub-Version": VERSION})


def _page(request: Request, name: str) -> Response | None:
    """What stands in the way of a response: there is no such hub, or it is down."""
    row = request.store.row("SELECT up FROM hubs WHERE name = ?", name)
    if row is None:
        return unknown(request, False)
    if not row["up"]:
        return Response(503, _html("503 Service Unavailable", "<h1>503</h1><p>No server is available.</p>"))
    return None


def _title(store: Store, name: str) -> str:
    return next((hub.title for hub in store.organization.hubs if hub.name == name), name)


def _html(title: str, body: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head><body>{body}</body></html>'


def unknown(request: Request, wrong_verb: bool) -> Response:
    status, title = (405, "405 Method Not Allowed") if wrong_verb else (404, "404 Not Found")
    return Response(status, _html(title, f"<h1>{title}</h1>"))


def fault(request: Request, status: int) -> Response:
    return Response(status, _html(str(status), f"<h1>{status}</h1>"))


def seed(store: Store, data: Mapping[str, Any]) -> None:
    """The organisation's hubs, all up, and what the seed says of them or of others."""
    told = {hub.name: hub.up for hub in entries(data, "hubs", SeedHub)}
    for name, up in ({hub.name: True for hub in store.organization.hubs} | told).items():
        store.insert("hubs", name=name, up=up, since=store.stamp())


def hubs(store: Store) -> list[dict[str, Any]]:
    """`url` is the address that people know; the sandbox serves the hub below /hubs/<name>/."""
    known = {hub.name: hub for hub in store.organization.hubs}
    return [
        {
            "name": row["name"],
            "title": _title(store, row["name"]),
            "url": known[row["name"]].url if row["name"] in known else f"/hubs/{row['name']}",
            "cluster": known[row["name"]].cluster if row["name"] in known else None,
            "up": bool(row["up"]),
            "since": row["since"],
        }
        for row in store.rows("SELECT * FROM hubs ORDER BY rowid")
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
    unknown=unknown,
    seed=seed,
    state=lambda store: {"hubs": hubs(store)},
    fault=fault,
)

"""HTTP server: routes each request to a service and runs it within one transaction."""

from __future__ import annotations

import json
import socket
import sqlite3
import struct
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import IntegerConverter, Map, MapAdapter, Rule

from deskbook.config.organization import Organization
from deskbook.errors import SettingsError
from deskbook_sandbox import control, hubs
from deskbook_sandbox.faults import Order, headers_of, matching_fault
from deskbook_sandbox.freshdesk import service as freshdesk
from deskbook_sandbox.github import service as github
from deskbook_sandbox.http import Abort, BadJson, Request, Response, Route, Service
from deskbook_sandbox.page import service as page
from deskbook_sandbox.pagerduty import service as pagerduty
from deskbook_sandbox.seeding import seed
from deskbook_sandbox.slack import service as slack
from deskbook_sandbox.store.database import Store, Tier

LARGEST_BODY = 32 * 1024 * 1024
OUTSIDE = (freshdesk.SERVICE, github.SERVICE, slack.SERVICE, pagerduty.SERVICE, hubs.SERVICE)
INSIDE = control.service(OUTSIDE)
_DESCRIPTION = Route("GET", "/openapi.json", control.openapi((*OUTSIDE, INSIDE)), note="This description.")
FRONT = replace(page.SERVICE, routes=(*page.SERVICE.routes, _DESCRIPTION))


class _Id(IntegerConverter):
    """A number that fits a database; a longer one is an address of nothing."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


@dataclass(frozen=True)
class App:
    """A store and the services that use it, longest prefix first."""

    store: Store
    services: tuple[tuple[Service, MapAdapter], ...]


def gather(store: Store) -> App:
    return App(store, _routers())


@cache
def _routers() -> tuple[tuple[Service, MapAdapter], ...]:
    """The services and their routes, longest prefix first; the same for every store."""
    everything = sorted((*OUTSIDE, INSIDE, FRONT), key=lambda service: -len(service.prefix))
    return tuple((service, _router(service)) for service in everything)


def _router(service: Service) -> MapAdapter:
    rules = [
        Rule(service.prefix + route.rule, methods=[route.method], endpoint=index)
        for index, route in enumerate(service.routes)
    ]
    table = Map(rules, strict_slashes=False, merge_slashes=False, converters={"int": _Id})
    return table.bind("sandbox")


@dataclass(frozen=True)
class Outcome:
    """A response, and how its delivery is to fail, if it is."""

    response: Response
    order: Order | None = None


def respond(app: App, request: Request) -> Outcome:
    """The sandbox's response to this request; every write is committed before it returns."""
    service, router = next(
        (service, router)
        for service, router in app.services
        if request.path == service.prefix or request.path.startswith(f"{service.prefix}/") or not service.prefix
    )
    if service not in OUTSIDE:
        return Outcome(_run(service, router, request))
    request.store.log(request.method, request.path)
    with request.store.lock:
        order, replaced = matching_fault(request.store.faults, request.method, request.path), request.store.replaced
    if order is None:
        return Outcome(_run(service, router, request))
    if order.delay:
        replaced.wait(order.delay)
    if order.drop == "before":
        return Outcome(Response(), order)
    if order.status is None:
        return Outcome(_run(service, router, request), order)
    with request.store.lock:
        response = _finish(service, request, service.fault(request, order.status))
    return Outcome(_with(response, headers_of(order)), order)


def _run(service: Service, router: MapAdapter, request: Request) -> Response:
    try:
        with request.store.transaction():
            request.store.acting = None
            response = _handle(service, router, request)
            if response.status >= 400:
                raise Abort(response)
            return _finish(service, request, response)
    except Abort as abort:
        response = abort.response
    except (BadJson, OverflowError):
        response = service.fault(request, 400)
    except Exception:
        traceback.print_exc()
        response = service.fault(request, 500)
    with request.store.lock:
        return _finish(service, request, response)


def _handle(service: Service, router: MapAdapter, request: Request) -> Response:
    refusal = service.guard(request)
    if refusal is not None:
        return refusal
    try:
        index, variables = router.match(request.path, request.method)
    except HTTPException as error:
        return service.unknown(request, isinstance(error, MethodNotAllowed))
    route: Route = service.routes[index]
    return route.handler(request, **variables)


def _finish(service: Service, request: Request, response: Response) -> Response:
    date = format_datetime(request.store.now().replace(microsecond=0), usegmt=True)
    return _with(service.finish(request, response), {"Date": date})


def _with(response: Response, headers: Mapping[str, str]) -> Response:
    return Response(response.status, response.body, {**response.headers, **headers}, response.content_type)


# From here on: bytes and sockets.


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a kept-alive connection would wait 40 ms for each answer
    server: _Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: what was asked shows in GET /sandbox/state."""

    def serve(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(Response(413, {"message": "The body has no usable length, or is too large."}), None)
            return
        path, _, query = self.path.partition("?")
        if "://" in path:
            path = "/" + path.split("://", 1)[1].partition("/")[2]
        host = self.headers.get("Host") or "{}:{}".format(*self.server.server_address[:2])
        request = Request(
            self.server.app.store,
            self.command,
            unquote(path),
            MultiDict(parse_qsl(query, keep_blank_values=True)),
            Headers(list(self.headers.items())),
            body,
            f"http://{host}",
        )
        outcome = respond(self.server.app, request)
        if outcome.order and outcome.order.drop:
            self._reset()
        else:
            self._send(outcome.response, outcome.order)

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST_BODY:
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(100).split(b";")[0], 16)
            except ValueError:
                return None
            if size < 0 or len(body) + size > LARGEST_BODY:
                return None
            body += self.rfile.read(size)
            self.rfile.readline(100)
            if size == 0:
                return bytes(body)

    def _send(self, response: Response, order: Order | None) -> None:
        payload, kind = _encode(response)
        headers = dict(response.headers)
        if kind:
            headers.setdefault("Content-Type", kind)
        if response.status not in (204, 304):
            headers["Content-Length"] = str(len(payload))
        if order and order.truncate:
            payload = payload[: len(payload) // 2]
            self.close_connection = True
        if self.close_connection:
            headers["Connection"] = "close"
        try:
            phrase = HTTPStatus(response.status).phrase
        except ValueError:
            phrase = "Unknown"
        head = [f"HTTP/1.1 {response.status} {phrase}", *(f"{key}: {value}" for key, value in headers.items()), "", ""]
        start = "\r\n".join(head).encode("latin-1", "replace")
        self.wfile.write(start if self.command == "HEAD" else start + payload)

    def _reset(self) -> None:
        """Close so that the client sees a connection reset, not a proper end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wfile.close()
        self.rfile.close()
        self.connection.close()
        raise ConnectionResetError("as ordered")


def _encode(response: Response) -> tuple[bytes, str | None]:
    """The bytes of a response and their content type (none where there is nothing to name)."""
    body = response.body
    if body is None or response.status in (204, 304):
        return b"", None
    if isinstance(body, bytes):
        return body, response.content_type or "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), response.content_type or "text/html; charset=utf-8"
    return json.dumps(body, ensure_ascii=False).encode(), response.content_type or "application/json; charset=utf-8"


class _Ending(Exception):
    """The loop is left."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App) -> None:
        self.app = app
        self.open: set[socket.socket] = set()
        self.ending = False
        super().__init__(address, _Handler)

    def serve(self) -> None:
        with suppress(_Ending):
            self.serve_forever()

    def end(self) -> None:
        """Stop serving at once: a connection of our own wakes the loop, which would otherwise look only now and then."""
        self.ending = True
        with suppress(OSError), socket.create_connection(self.socket.getsockname()[:2], timeout=1):
            pass

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return not self.ending

    def service_actions(self) -> None:
        if self.ending:
            raise _Ending

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours; anything else is worth seeing."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


@dataclass(frozen=True)
class Running:
    """A sandbox that answers. Stop it, or use it in a `with` block."""

    url: str
    store: Store
    server: _Server
    thread: threading.Thread

    def stop(self) -> None:
        self.server.end()
        self.thread.join()
        self.server.server_close()
        for connection in list(self.server.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()


def start(
    organization: Organization,
    *,
    seed: str | Path | None = "default",
    now: datetime | Literal["seed", "wall"] = "seed",
    plan: Tier | None = None,
    store: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Running:
    """A sandbox that serves from threads of this process.

    `seed`: "default", a file, or None for an empty one. `now`: frozen where the seed says or at a moment, or wall time.
    A `store` that already holds a sandbox is continued with its clock; then `seed` only matters to a later reset.
    """
    opened = open_store(organization, seed=seed, now=now, plan=plan, store=store)
    try:
        server = _Server((host, port), gather(opened))
    except OSError as error:
        opened.close()
        raise SettingsError(
            f"port {port} on {host} cannot be used ({error.strerror}); name another one: --port {port + 1}, or with make PORT={port + 1}"
        ) from None
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    name = f"[{host}]" if ":" in host else host
    return Running(f"http://{name}:{server.server_address[1]}", opened, server, thread)


def open_store(
    organization: Organization,
    *,
    seed: str | Path | None = "default",
    now: datetime | Literal["seed", "wall"] = "seed",
    plan: Tier | None = None,
    store: Path | None = None,
) -> Store:
    """The store that `start` serves, without a server."""
    try:
        if store is not None:
            store.parent.mkdir(parents=True, exist_ok=True)
        opened = Store(organization, store, [service.schema for service in OUTSIDE])
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(
            f"{store}: no store can be kept there ({error}); name a file in a writable folder"
        ) from None
    try:
        with opened.transaction():
            if plan:
                opened.switch(opened.switches.model_copy(update={"plan": plan}))
            _begin(opened, seed, now)
    except BaseException:
        opened.close()
        raise
    return opened


def _begin(store: Store, name: str | Path | None, now: datetime | Literal["seed", "wall"]) -> None:
    known = store.recall("seeds")
    store.remember("seeds", {"started": str(name) if name is not None else None})
    if known is not None:
        return
    content = seed.read(name, store.organization)
    if isinstance(now, datetime):
        store.settle(now, started=True)
    elif now == "seed" and content.now:
        store.settle(content.now, started=True)
    seed.load_seed(store, content, OUTSIDE)

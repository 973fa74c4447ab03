"""The sandbox's web server: gathers the services, finds the handler of each request, and answers within one transaction."""

from __future__ import annotations

import json
import socket
import sqlite3
import struct
import sys
import threading
import time
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
from deskbook_sandbox.faults import Order, headers_of, strike
from deskbook_sandbox.freshdesk import service as freshdesk
from deskbook_sandbox.github import service as github
from deskbook_sandbox.http import Answer, BadJson, Call, Ended, Route, Service
from deskbook_sandbox.page import service as page
from deskbook_sandbox.pagerduty import service as pagerduty
from deskbook_sandbox.seeding import seed
from deskbook_sandbox.slack import service as slack
from deskbook_sandbox.store.world import Plan, World

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
class Desk:
    """A world and the services that stand on it, longest prefix first."""

    world: World
    services: tuple[tuple[Service, MapAdapter], ...]


def gather(world: World) -> Desk:
    return Desk(world, _routers())


@cache
def _routers() -> tuple[tuple[Service, MapAdapter], ...]:
    """The services and their routes, longest prefix first; the same for every world."""
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
    """An answer, and how its delivery is to fail, if it is."""

    answer: Answer
    order: Order | None = None


def respond(desk: Desk, call: Call) -> Outcome:
    """What the sandbox answers to this call; every write is committed before it returns."""
    service, router = next(
        (service, router)
        for service, router in desk.services
        if call.path == service.prefix or call.path.startswith(f"{service.prefix}/") or not service.prefix
    )
    if service not in OUTSIDE:
        return Outcome(_run(service, router, call))
    call.world.log(call.method, call.path)
    with call.world.lock:
        order = strike(call.world.faults, call.method, call.path)
    if order is None:
        return Outcome(_run(service, router, call))
    if order.delay:
        time.sleep(order.delay)
    if order.drop == "before":
        return Outcome(Answer(), order)
    if order.status is None:
        return Outcome(_run(service, router, call), order)
    with call.world.lock:
        answer = _finish(service, call, service.fault(call, order.status))
    return Outcome(_with(answer, headers_of(order)), order)


def _run(service: Service, router: MapAdapter, call: Call) -> Answer:
    try:
        with call.world.transaction():
            answer = _handle(service, router, call)
            if answer.status >= 400:
                raise Ended(answer)
            return _finish(service, call, answer)
    except Ended as ended:
        answer = ended.answer
    except (BadJson, OverflowError):
        answer = service.fault(call, 400)
    except Exception:
        traceback.print_exc()
        answer = service.fault(call, 500)
    with call.world.lock:
        return _finish(service, call, answer)


def _handle(service: Service, router: MapAdapter, call: Call) -> Answer:
    refusal = service.guard(call)
    if refusal is not None:
        return refusal
    try:
        index, variables = router.match(call.path, call.method)
    except HTTPException as error:
        return service.unknown(call, isinstance(error, MethodNotAllowed))
    route: Route = service.routes[index]
    return route.handler(call, **variables)


def _finish(service: Service, call: Call, answer: Answer) -> Answer:
    date = format_datetime(call.world.now().replace(microsecond=0), usegmt=True)
    return _with(service.finish(call, answer), {"Date": date})


def _with(answer: Answer, headers: Mapping[str, str]) -> Answer:
    return Answer(answer.status, answer.body, {**answer.headers, **headers}, answer.content_type)


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
            self._send(Answer(413, {"message": "The body has no usable length, or is too large."}), None)
            return
        path, _, query = self.path.partition("?")
        if "://" in path:
            path = "/" + path.split("://", 1)[1].partition("/")[2]
        host = self.headers.get("Host") or "{}:{}".format(*self.server.server_address[:2])
        call = Call(
            self.server.desk.world,
            self.command,
            unquote(path),
            MultiDict(parse_qsl(query, keep_blank_values=True)),
            Headers(list(self.headers.items())),
            body,
            f"http://{host}",
        )
        outcome = respond(self.server.desk, call)
        if outcome.order and outcome.order.drop:
            self._reset()
        else:
            self._send(outcome.answer, outcome.order)

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

    def _send(self, answer: Answer, order: Order | None) -> None:
        payload, kind = _encode(answer)
        headers = dict(answer.headers)
        if kind:
            headers.setdefault("Content-Type", kind)
        if answer.status not in (204, 304):
            headers["Content-Length"] = str(len(payload))
        if order and order.truncate:
            payload = payload[: len(payload) // 2]
            self.close_connection = True
        if self.close_connection:
            headers["Connection"] = "close"
        try:
            phrase = HTTPStatus(answer.status).phrase
        except ValueError:
            phrase = "Unknown"
        head = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{key}: {value}" for key, value in headers.items()), "", ""]
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


def _encode(answer: Answer) -> tuple[bytes, str | None]:
    """The bytes of an answer and their content type (none where there is nothing to name)."""
    body = answer.body
    if body is None or answer.status in (204, 304):
        return b"", None
    if isinstance(body, bytes):
        return body, answer.content_type or "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), answer.content_type or "text/html; charset=utf-8"
    return json.dumps(body, ensure_ascii=False).encode(), answer.content_type or "application/json; charset=utf-8"


class _Ending(Exception):
    """The loop is left."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], desk: Desk) -> None:
        self.desk = desk
        self.open: set[socket.socket] = set()
        self.ending = False
        super().__init__(address, _Handler)

    def serve(self) -> None:
        with suppress(_Ending):
            self.serve_forever()

    def end(self) -> None:
        """Stop serving at once: a call of our own wakes the loop, which would otherwise look only now and then."""
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
    world: World
    server: _Server
    thread: threading.Thread

    def stop(self) -> None:
        self.server.end()
        self.thread.join()
        self.server.server_close()
        for connection in list(self.server.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()


def start(
    organization: Organization,
    *,
    seed: str | Path | None = "default",
    now: datetime | Literal["seed", "wall"] = "seed",
    plan: Plan | None = None,
    store: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Running:
    """A sandbox that serves from threads of this process.

    `seed`: "default", a file, or None for an empty one. `now`: frozen where the seed says or at a moment, or wall time.
    A `store` that already holds a sandbox is continued with its clock; then `seed` only matters to a later reset.
    """
    world = open_world(organization, seed=seed, now=now, plan=plan, store=store)
    try:
        server = _Server((host, port), gather(world))
    except OSError as error:
        world.close()
        raise SettingsError(f"port {port} on {host} cannot be used ({error.strerror}); name another one") from None
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    name = f"[{host}]" if ":" in host else host
    return Running(f"http://{name}:{server.server_address[1]}", world, server, thread)


def open_world(
    organization: Organization,
    *,
    seed: str | Path | None = "default",
    now: datetime | Literal["seed", "wall"] = "seed",
    plan: Plan | None = None,
    store: Path | None = None,
) -> World:
    """The world that `start` serves, without a server."""
    try:
        if store is not None:
            store.parent.mkdir(parents=True, exist_ok=True)
        world = World(organization, store, [service.schema for service in OUTSIDE])
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(
            f"{store}: no store can be kept there ({error}); name a file in a writable folder"
        ) from None
    try:
        with world.transaction():
            if plan:
                world.switch(world.switches.model_copy(update={"plan": plan}))
            _begin(world, seed, now)
    except BaseException:
        world.close()
        raise
    return world


def _begin(world: World, name: str | Path | None, now: datetime | Literal["seed", "wall"]) -> None:
    known = world.recall("seeds")
    world.remember("seeds", {"started": str(name) if name is not None else None})
    if known is not None:
        return
    content = seed.read(name, world.organization)
    if isinstance(now, datetime):
        world.settle(now, started=True)
    elif now == "seed" and content.now:
        world.settle(content.now, started=True)
    seed.lay(world, content, OUTSIDE)

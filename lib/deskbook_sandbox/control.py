"""Control API of the sandbox: clock, seeds, faults, switches, outbox and state. JSON, from this machine only, no key."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from deskbook.errors import DefinitionError
from deskbook_sandbox import hubs
from deskbook_sandbox.faults import Fault, Order
from deskbook_sandbox.freshdesk import service as freshdesk
from deskbook_sandbox.http import Abort, Request, Response, Route, Service
from deskbook_sandbox.seeding import seed
from deskbook_sandbox.store.database import Switches

T = TypeVar("T")


def service(services: Sequence[Service]) -> Service:
    """The controls of a store that these services use."""
    routes = (
        Route("GET", "/clock", _clock, note="What time it is, and whether it stands still."),
        Route("POST", "/clock", _set_clock, note='{"now": ISO} freezes, {"advance": seconds} moves, {"run": true}.'),
        Route("POST", "/reset", partial(_reset, services=services), note="Forget everything; load a seed, or none."),
        Route("GET", "/faults", _faults, note="The failures on order, and how often each is still applied."),
        Route(
            "POST",
            "/faults",
            _set_faults,
            note="Replace the list of failures on order; a request that one of them delays waits no longer.",
        ),
        Route("GET", "/outbox", _outbox, note="Every mail that would have been sent."),
        Route("GET", "/state", partial(_state, services=services), note="Every record, in its service's own shape."),
        Route("GET", "/switches", _switches, note="How this look-alike behaves where real accounts differ."),
        Route("POST", "/switches", _set_switches, note="Change some switches."),
        Route("POST", "/incoming", _incoming, note="Write in as a customer."),
        Route("POST", "/survey-answer", _survey_answer, note="Answer the survey of a ticket as its requester."),
        Route("POST", "/hubs/<name>", _hub, note='{"up": bool} starts or stops a hub.'),
    )
    return Service(
        name="sandbox",
        prefix="/sandbox",
        routes=routes,
        guard=guard,
        unknown=_unknown,
        fault=_fault,
    )


def guard(request: Request) -> Response | None:
    """Only this machine, and no page of another site that runs in somebody's browser here."""
    host = request.headers.get("Host", "")
    if not _loopback(host):
        return _error(403, f"the Host header says '{host}'; use 127.0.0.1, [::1] or localhost")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (request.origin, *_in_front(request)):
        return _error(403, f"the request comes from the site '{origin}'; only the sandbox's own page may ask this")
    return None


def _in_front(request: Request) -> tuple[str, ...]:
    """How people know a proxy of this machine, such as their server on a hub. No page of another site can set this header."""
    host = request.headers.get("X-Forwarded-Host", "").split(",")[0].strip()
    return (f"https://{host}", f"http://{host}") if host else ()


def _loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _error(status: int, text: str) -> Response:
    return Response(status, {"error": text})


def _unknown(request: Request, wrong_verb: bool) -> Response:
    if wrong_verb:
        return _error(405, f"{request.path} does not take {request.method}; see /openapi.json")
    return _error(404, f"{request.path} is no control of the sandbox; see /openapi.json")


def _fault(request: Request, status: int) -> Response:
    return _error(status, "the body is not JSON; send an object or a list" if status == 400 else "a mistake of ours")


class Body(BaseModel):
    """A body that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid")


class _Clock(Body):
    now: datetime | None = None
    advance: float | None = None
    run: bool | None = None


class _Reset(Body):
    seed: str | None = None


class _Survey(Body):
    ticket_id: int
    rating: int
    feedback: str = ""


class _Up(Body):
    up: bool


def parse(request: Request, adapter: TypeAdapter[T], data: Any = None) -> T:
    """The body (or `data`) as this type; 400 names what is wrong with it."""
    try:
        return adapter.validate_python(request.json() if data is None else data)
    except ValidationError as error:
        lines = [f"{'/'.join(str(part) for part in item['loc']) or 'body'}: {item['msg']}" for item in error.errors()]
        raise Abort(_error(400, "; ".join(lines))) from None


def _clock(request: Request) -> Response:
    clock = request.store.recall("clock") or {}
    return Response(body={"now": request.store.stamp(), "frozen": "frozen" in clock})


def _set_clock(request: Request) -> Response:
    wish = parse(request, TypeAdapter(_Clock))
    if len(wish.model_fields_set) != 1 or wish.run is False:
        raise Abort(_error(400, 'say one thing: {"now": "2026-11-23T17:55:00Z"}, {"advance": 3600} or {"run": true}'))
    try:
        if wish.now is not None:
            request.store.settle(seed.moment(wish.now, request.store.now()), started=False)
        elif wish.advance is not None:
            request.store.advance(wish.advance)
        elif wish.run:
            request.store.run()
        else:
            raise ValueError("null is no time")
        if not 1990 <= request.store.now().year < 2200:
            raise ValueError("too far away")
        return _clock(request)
    except (ValueError, OverflowError) as error:
        raise Abort(_error(400, f"the clock cannot go there ({error}); name a moment between 1990 and 2200")) from None


def _reset(request: Request, services: Sequence[Service]) -> Response:
    said = request.json()
    wish = parse(request, TypeAdapter(_Reset), {} if said is None else said)
    started = (request.store.recall("seeds") or {}).get("started")
    known = {"default", *([started] if started else [])}
    name = wish.seed if "seed" in wish.model_fields_set else started
    if name is not None and name not in known:
        raise Abort(_error(400, f"seed '{name}' is not known; use {', '.join(sorted(known))} or null"))
    try:
        seed.reset(request.store, name, services)
    except DefinitionError as error:
        raise Abort(_error(400, str(error))) from None
    return Response(body={"seed": name, "now": request.store.stamp()})


def _faults(request: Request) -> Response:
    return Response(
        body=[
            {**fault.order.model_dump(exclude_defaults=True), "left": fault.left}
            for fault in request.store.faults
            if fault.left != 0
        ]
    )


def _set_faults(request: Request) -> Response:
    orders = parse(request, TypeAdapter(list[Order]))
    request.store.set_faults(Fault(order, order.times) for order in orders)
    return _faults(request)


def _outbox(request: Request) -> Response:
    return Response(body=freshdesk.outbox(request.store))


def _state(request: Request, services: Sequence[Service]) -> Response:
    state: dict[str, Any] = {"now": request.store.stamp()}
    for each in services:
        state |= each.state(request.store)
    return Response(body={**state, "requests": dict(request.store.requests)})


def _switches(request: Request) -> Response:
    return Response(body=request.store.switches.model_dump())


def _set_switches(request: Request) -> Response:
    changes = request.json()
    if not isinstance(changes, dict):
        raise Abort(_error(400, 'send an object such as {"index_lag": 0}'))
    request.store.switch(parse(request, TypeAdapter(Switches), {**request.store.switches.model_dump(), **changes}))
    return _switches(request)


def _incoming(request: Request) -> Response:
    mail = parse(request, TypeAdapter(freshdesk.Incoming))
    response = freshdesk.receive(request.store, mail)
    if response is None:
        raise Abort(_error(404, f"there is no ticket {mail.ticket_id}; leave ticket_id out to open a new one"))
    return Response(201, response)


def _survey_answer(request: Request) -> Response:
    wish = parse(request, TypeAdapter(_Survey))
    response = freshdesk.answer_survey(request.store, wish.ticket_id, wish.rating, wish.feedback)
    if isinstance(response, str):
        raise Abort(_error(400, response))
    return Response(201, response)


def _hub(request: Request, name: str) -> Response:
    hub = hubs.set_up(request.store, name, parse(request, TypeAdapter(_Up)).up)
    if hub is None:
        raise Abort(_error(404, f"there is no hub '{name}'; see the hubs of organization.yaml"))
    return Response(body=hub)


def openapi(services: Sequence[Service]) -> Callable[[Request], Response]:
    """A handler that describes the routes of these services as OpenAPI 3."""

    def describe(request: Request) -> Response:
        paths: dict[str, Any] = {}
        for each in services:
            for route in each.routes:
                path, parameters = _path(each.prefix + route.rule)
                paths.setdefault(path, {})[route.method.lower()] = _operation(each, route, parameters)
        info = {"title": "Deskbook sandbox", "version": "1"}
        return Response(body={"openapi": "3.0.3", "info": info, "servers": [{"url": request.origin}], "paths": paths})

    return describe


def _operation(each: Service, route: Route, parameters: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "tags": [each.name],
        "summary": route.note or route.rule,
        "description": f"Source: {route.source}." if route.source else "",
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
                for name, kind in parameters.items()
            ),
            *({"name": name, "in": "query", "schema": {"type": "string"}} for name in route.query),
        ],
        "responses": {"default": {"description": "See the service's own reference."}},
    }
    if route.method in ("POST", "PUT", "PATCH"):
        schema = route.body if route.body is not None else {}
        found["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return found


def _path(rule: str) -> tuple[str, dict[str, str]]:
    """'/tickets/<int:number>' as '/tickets/{number}' and the types of its variables."""
    variables = {match["name"]: "integer" if match["kind"] == "int" else "string" for match in _VARIABLE.finditer(rule)}
    return _VARIABLE.sub(r"{\g<name>}", rule), variables


_VARIABLE = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")

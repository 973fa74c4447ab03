"""The sandbox's own controls: its clock, seeds, faults, switches, outbox and state. JSON, from this machine only, no key."""

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
from deskbook_sandbox.http import Answer, Call, Ended, Route, Service
from deskbook_sandbox.seeding import seed
from deskbook_sandbox.store.world import Switches

T = TypeVar("T")


def service(services: Sequence[Service]) -> Service:
    """The controls of a world on which these services stand."""
    routes = (
        Route("GET", "/clock", _clock, note="What time it is, and whether it stands still."),
        Route("POST", "/clock", _set_clock, note='{"now": ISO} freezes, {"advance": seconds} moves, {"run": true}.'),
        Route("POST", "/reset", partial(_reset, services=services), note="Forget everything; lay a seed, or none."),
        Route("GET", "/faults", _faults, note="The failures on order, and how often each may still strike."),
        Route("POST", "/faults", _set_faults, note="Replace the list of failures on order."),
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
        schema="",
        guard=guard,
        finish=lambda call, answer: answer,
        unknown=_unknown,
        seed=lambda world, parts: None,
        state=lambda world: {},
        fault=_fault,
    )


def guard(call: Call) -> Answer | None:
    """Only this machine, and no page of another site that runs in somebody's browser here."""
    host = call.headers.get("Host", "")
    if not _loopback(host):
        return _error(403, f"the Host header says '{host}'; use 127.0.0.1, [::1] or localhost")
    origin = call.headers.get("Origin")
    if origin is not None and origin != call.origin:
        return _error(403, f"the request comes from the site '{origin}'; only the sandbox's own page may ask this")
    return None


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


def _error(status: int, text: str) -> Answer:
    return Answer(status, {"error": text})


def _unknown(call: Call, wrong_verb: bool) -> Answer:
    if wrong_verb:
        return _error(405, f"{call.path} does not take {call.method}; see /openapi.json")
    return _error(404, f"{call.path} is no control of the sandbox; see /openapi.json")


def _fault(call: Call, status: int) -> Answer:
    return _error(status, "the body is not JSON; send an object or a list" if status == 400 else "a mistake of ours")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Clock(_Body):
    now: datetime | None = None
    advance: float | None = None
    run: bool | None = None


class _Reset(_Body):
    seed: str | None = None


class _Survey(_Body):
    ticket_id: int
    rating: int
    feedback: str = ""


class _Up(_Body):
    up: bool


def _parse(call: Call, adapter: TypeAdapter[T], data: Any = None) -> T:
    try:
        return adapter.validate_python(call.json() if data is None else data)
    except ValidationError as error:
        lines = [f"{'/'.join(str(part) for part in item['loc']) or 'body'}: {item['msg']}" for item in error.errors()]
        raise Ended(_error(400, "; ".join(lines))) from None


def _clock(call: Call) -> Answer:
    clock = call.world.recall("clock") or {}
    return Answer(body={"now": call.world.stamp(), "frozen": "frozen" in clock})


def _set_clock(call: Call) -> Answer:
    wish = _parse(call, TypeAdapter(_Clock))
    if len(wish.model_fields_set) != 1 or wish.run is False:
        raise Ended(_error(400, 'say one thing: {"now": "2026-11-23T17:55:00Z"}, {"advance": 3600} or {"run": true}'))
    try:
        if wish.now is not None:
            call.world.settle(seed.moment(wish.now, call.world.now()), started=False)
        elif wish.advance is not None:
            call.world.advance(wish.advance)
        elif wish.run:
            call.world.run()
        else:
            raise ValueError("null is no time")
        if not 1990 <= call.world.now().year < 2200:
            raise ValueError("too far away")
        return _clock(call)
    except (ValueError, OverflowError) as error:
        raise Ended(_error(400, f"the clock cannot go there ({error}); name a moment between 1990 and 2200")) from None


def _reset(call: Call, services: Sequence[Service]) -> Answer:
    said = call.json()
    wish = _parse(call, TypeAdapter(_Reset), {} if said is None else said)
    started = (call.world.recall("seeds") or {}).get("started")
    known = {"default", *([started] if started else [])}
    name = wish.seed if "seed" in wish.model_fields_set else started
    if name is not None and name not in known:
        raise Ended(_error(400, f"seed '{name}' is not known; use {', '.join(sorted(known))} or null"))
    try:
        seed.reset(call.world, name, services)
    except DefinitionError as error:
        raise Ended(_error(400, str(error))) from None
    return Answer(body={"seed": name, "now": call.world.stamp()})


def _faults(call: Call) -> Answer:
    return Answer(
        body=[
            {**fault.order.model_dump(exclude_defaults=True), "left": fault.left}
            for fault in call.world.faults
            if fault.left != 0
        ]
    )


def _set_faults(call: Call) -> Answer:
    orders = _parse(call, TypeAdapter(list[Order]))
    call.world.faults[:] = [Fault(order, order.times) for order in orders]
    return _faults(call)


def _outbox(call: Call) -> Answer:
    return Answer(body=freshdesk.outbox(call.world))


def _state(call: Call, services: Sequence[Service]) -> Answer:
    state: dict[str, Any] = {"now": call.world.stamp()}
    for each in services:
        state |= each.state(call.world)
    return Answer(body={**state, "requests": dict(call.world.requests)})


def _switches(call: Call) -> Answer:
    return Answer(body=call.world.switches.model_dump())


def _set_switches(call: Call) -> Answer:
    changes = call.json()
    if not isinstance(changes, dict):
        raise Ended(_error(400, 'send an object such as {"index_lag": 0}'))
    call.world.switch(_parse(call, TypeAdapter(Switches), {**call.world.switches.model_dump(), **changes}))
    return _switches(call)


def _incoming(call: Call) -> Answer:
    mail = _parse(call, TypeAdapter(freshdesk.Incoming))
    answer = freshdesk.receive(call.world, mail)
    if answer is None:
        raise Ended(_error(404, f"there is no ticket {mail.ticket_id}; leave ticket_id out to open a new one"))
    return Answer(201, answer)


def _survey_answer(call: Call) -> Answer:
    wish = _parse(call, TypeAdapter(_Survey))
    answer = freshdesk.answer_survey(call.world, wish.ticket_id, wish.rating, wish.feedback)
    if isinstance(answer, str):
        raise Ended(_error(400, answer))
    return Answer(201, answer)


def _hub(call: Call, name: str) -> Answer:

    hub = hubs.set_up(call.world, name, _parse(call, TypeAdapter(_Up)).up)
    if hub is None:
        raise Ended(_error(404, f"there is no hub '{name}'; see the hubs of organization.yaml"))
    return Answer(body=hub)


def openapi(services: Sequence[Service]) -> Callable[[Call], Answer]:
    """A handler that describes the routes of these services as OpenAPI 3."""

    def describe(call: Call) -> Answer:
        paths: dict[str, Any] = {}
        for each in services:
            for route in each.routes:
                path, parameters = _path(each.prefix + route.rule)
                paths.setdefault(path, {})[route.method.lower()] = _operation(each, route, parameters)
        info = {"title": "Deskbook sandbox", "version": "1"}
        return Answer(body={"openapi": "3.0.3", "info": info, "servers": [{"url": call.origin}], "paths": paths})

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

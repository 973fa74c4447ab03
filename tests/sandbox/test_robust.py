"""No request, however strange, makes the helpdesk crash or answer in another type than it says."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import schemathesis
from conftest import ORGANIZATION
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core import NOT_SET
from werkzeug.datastructures import Headers, MultiDict
from yardstick import ENOUGH, yards

from deskbook_sandbox import server
from deskbook_sandbox.control import openapi
from deskbook_sandbox.http import Request, Response

KEY = "Basic " + base64.b64encode(b"sandbox:X").decode()
SERVICE = server.OUTSIDE[0]
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app() -> Iterator[server.App]:
    store = server.open_store(ORGANIZATION)
    store.switch(store.switches.model_copy(update={"limits": False}))
    yield server.gather(store)
    store.close()


def _request(
    app: server.App, method: str, path: str, query=(), body: bytes = b"", kind: str = "application/json"
) -> Request:
    headers = Headers({"Authorization": KEY, "Content-Type": kind})
    return Request(app.store, method, path, MultiDict(query), headers, body, "http://127.0.0.1:1")


def _sound(response: Response) -> None:
    """Not a crash; what has no body has none; what has one can be sent."""
    assert response.status < 500, response
    payload, kind = server._encode(response)
    if response.status in (204, 404, 406):
        assert payload == b""
    elif kind == "application/json; charset=utf-8":
        json.loads(payload)


def _document() -> dict:
    blank = Request(None, "GET", "/", MultiDict(), Headers(), b"", "http://127.0.0.1:1")  # type: ignore[arg-type]
    document: dict = openapi([SERVICE])(blank).body
    return document


schema = schemathesis.openapi.from_dict(_document())


@schema.parametrize()
@FEW
def test_no_described_request_makes_it_crash(case, app):
    path = unquote(case.formatted_path)
    body = b"" if case.body is NOT_SET else json.dumps(case.body, default=repr).encode()
    query = [(str(name), str(value)) for name, value in (case.query or {}).items()]
    _sound(server.respond(app, _request(app, case.method.upper(), path, query, body)).response)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
NAMES = sorted({name for route in SERVICE.routes for name in (route.body or {}).get("properties", {})})
WRITES = [
    (route.method, SERVICE.prefix + rule)
    for route in SERVICE.routes
    if route.method in ("POST", "PUT")
    for rule in [route.rule.replace("<int:ticket_id>", "101").replace("<int:number>", "67100000101")]
    if "<" not in rule
]


@given(st.sampled_from(WRITES), st.dictionaries(st.sampled_from(NAMES), anything, max_size=6) | anything)
@settings(FEW, max_examples=150)
def test_no_body_makes_it_crash(app, write, body):
    _sound(server.respond(app, _request(app, *write, body=json.dumps(body).encode())).response)


@given(
    st.sampled_from(WRITES),
    st.binary(max_size=200),
    st.sampled_from(["application/json", "multipart/form-data; boundary=b", "text/plain", "\xff"]),
)
@settings(FEW, max_examples=100)
def test_no_bytes_make_it_crash(app, write, body, kind):
    _sound(server.respond(app, _request(app, *write, body=body, kind=kind)).response)


@pytest.mark.parametrize("body", ["<div>" * 50_000, "&" * 300_000, "<p " + "a=1 " * 50_000 + ">", "a" * 2_000_000])
def test_no_monstrous_html_takes_long(app, body):
    request = _request(app, "POST", "/api/v2/tickets/101/notes", body=json.dumps({"body": body}).encode())
    statuses = []
    assert yards(lambda: statuses.append(server.respond(app, request).response.status)) < ENOUGH
    assert statuses == [201]


@given(st.text(max_size=60))
@settings(FEW, max_examples=60)
def test_no_html_makes_it_crash(app, text):
    for body in (text, f"<p title='{text}'>{text}</p>", "<div>" * 50 + text):
        request = _request(app, "POST", "/api/v2/tickets/101/notes", body=json.dumps({"body": body}).encode())
        _sound(server.respond(app, request).response)


WORDS = [
    "status",
    "tag",
    "created_at",
    ":",
    ":>",
    ":<",
    "'",
    "(",
    ")",
    " AND ",
    " OR ",
    "2",
    "'x'",
    "'2026-11-23'",
    "null",
    "true",
    "\\",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12) | st.text(max_size=20).map(lambda text: [text]))
@settings(FEW, max_examples=100)
def test_no_query_makes_it_crash(app, words):
    for kind in ("tickets", "contacts", "companies"):
        query = [("query", f'"{"".join(words)}"')]
        _sound(server.respond(app, _request(app, "GET", f"/api/v2/search/{kind}", query)).response)


@given(st.text(max_size=30), st.text(max_size=20))
@settings(FEW, max_examples=60)
def test_no_path_and_no_parameter_make_it_crash(app, path, value):
    _sound(server.respond(app, _request(app, "GET", f"/api/v2/{path}")).response)
    for name in ("page", "per_page", "updated_since", "email", "filter", "include", "company_id", "order_by"):
        _sound(server.respond(app, _request(app, "GET", "/api/v2/tickets", [(name, value)])).response)

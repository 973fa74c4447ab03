"""The calls of a run, each of which may be disturbed, and the short way to the sandbox of this process.

A call is a request as `requests` prepares it and an answer as urllib3 reads it. Between the two it takes no socket unless
somebody has ordered a failure of the wire: a call costs a fifth of what it costs by HTTP, and there are some hundred
thousand of them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from werkzeug.datastructures import Headers, MultiDict

from deskbook_sandbox import http, server

Around = Callable[["Call", Callable[[], requests.Response]], requests.Response]
SLACK_WRITES = ("post", "create", "invite", "set", "join", "archive", "update", "delete")
HERE: dict[str, server.App] = {}  # sandboxes of this process, by host and port


@dataclass(frozen=True)
class Call:
    """One request of a run: its place in the run, counted from 1, and what it asks for."""

    number: int
    method: str
    path: str
    said: Any

    @property
    def writes(self) -> bool:
        """Whether it changes something. The board is asked by POST, too, and so is the chat."""
        if "graphql" in self.path:
            return str((self.said or {}).get("query", "")).lstrip().startswith("mutation")
        if self.path.startswith("slack/"):
            return self.path.rpartition(".")[2].startswith(SLACK_WRITES)
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.number} {self.method} {self.path}"


@dataclass
class Watch:
    """What is called around each call, and the calls so far."""

    around: Around | None = None
    calls: list[Call] = field(default_factory=list)


_watches: list[Watch] = []
_by_http = HTTPAdapter.send


def _send(self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
    if not _watches:
        return _delivered(self, request, **options)
    watch = _watches[-1]
    said = None
    if request.body and b"json" in str(request.headers.get("Content-Type", "")).encode():
        try:
            said = json.loads(request.body)
        except ValueError:
            said = None
    elif request.body and "graphql" in (request.url or ""):
        said = json.loads(request.body)
    call = Call(len(watch.calls) + 1, str(request.method), str(request.url).split("/", 3)[3], said)
    watch.calls.append(call)
    go = lambda: _delivered(self, request, **options)  # noqa: E731
    return watch.around(call, go) if watch.around else go()


HTTPAdapter.send = _send  # type: ignore[method-assign]


def _delivered(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
    """The answer: from here where it can be had here, and nobody ordered the wire to fail."""
    url = urlsplit(request.url or "")
    app = HERE.get(url.netloc)
    if app is None or app.store.faults:
        return _by_http(adapter, request, **options)
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    asked = http.Request(
        app.store,
        str(request.method),
        unquote(url.path),
        MultiDict(parse_qsl(url.query, keep_blank_values=True)),
        Headers([("Host", url.netloc), *request.headers.items()]),
        body,
        f"http://{url.netloc}",
    )
    answer = server.respond(app, asked).response
    payload, kind = server._encode(answer)
    headers = {"Content-Type": kind} if kind else {}
    told = urllib3.HTTPResponse(
        io.BytesIO(payload),
        {**headers, **answer.headers, "Content-Length": str(len(payload))},
        answer.status,
        preload_content=False,
        request_method=request.method,
    )
    return adapter.build_response(request, told)


@contextmanager
def watched(around: Around | None = None) -> Any:
    """Every call that is made in this block goes through `around`; calls that it makes itself go through nothing."""
    watch = Watch(around)
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


@contextmanager
def unwatched() -> Any:
    """What others do meanwhile is no call of the run."""
    kept, _watches[:] = list(_watches), []
    try:
        yield
    finally:
        _watches[:] = kept

"""Bends the replies of services: a reply that was recorded from the sandbox, with one thing in it that nobody promised.

`recording` stands before a sandbox and keeps what it replies to one call of an adapter; `playing` says the same again,
with one reply bent. `bend` chooses what is bent by a `Random` of its caller, so that a seed tells everything.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import requests
from test_http import Asked, serving

HERE = "http://here.invalid"  # in a reply that is kept, for the address of whoever says it
HOPS = ("connection", "transfer-encoding", "content-length", "content-encoding", "keep-alive", "server")


@dataclass(frozen=True)
class Reply:
    """One reply, and the request that it answers."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Bent:
    """A reply with one thing bent. `wrong`: what stands there is of a type or form that can be no value of that field.

    `silent`: nothing is left in it of what a write did.
    """

    reply: Reply
    what: str
    wrong: bool = False
    silent: bool = False


@dataclass
class Tape:
    """What a sandbox replied, in order."""

    url: str
    replies: list[Reply]


@contextmanager
def recording(sandbox: str) -> Iterator[Tape]:
    tape = Tape("", [])

    def answer(request: Asked, n: int) -> None:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in ("connection", "accept-encoding")}
        got = requests.request(
            request.command,
            sandbox + request.path,
            headers=headers,
            data=local.bodies[n],
            timeout=10,
            allow_redirects=False,
        )
        told = {name: text.replace(local.url, HERE) for name, text in got.headers.items() if name.lower() not in HOPS}
        body = got.content.replace(local.url.encode(), HERE.encode())
        tape.replies.append(Reply(request.command, request.path, got.status_code, told, body))
        _say(request, tape.replies[-1])

    with serving(answer) as local:
        tape.url = local.url
        yield tape


@contextmanager
def playing() -> Iterator[Tape]:
    """Whatever replies the tape is given, each to its own request; one that no reply is left for gets the last of its kind."""
    tape = Tape("", [])

    def answer(request: Asked, n: int) -> None:
        mine = [r for r in tape.replies if (r.method, _bare(r.path)) == (request.command, _bare(request.path))]
        if not mine:
            _say(request, Reply(request.command, request.path, 404, {}, b"{}"))
            return
        if len(mine) > 1:
            tape.replies.remove(mine[0])
        _say(request, mine[0])

    with serving(answer) as local:
        tape.url = local.url
        yield tape


def _bare(path: str) -> str:
    return path.partition("?")[0]


def _say(request: Asked, reply: Reply) -> None:
    here = f"http://{request.headers['Host']}"
    payload = b"" if reply.status == 204 else reply.body.replace(HERE.encode(), here.encode())
    told = {name: text.replace(HERE, here) for name, text in reply.headers.items()}
    told = {"Content-Type": "application/json", **told, "Content-Length": str(len(payload))}
    request.send_response_only(reply.status)
    for name, value in told.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(payload)


# From here on: what is bent.


def bend(reply: Reply, random: Random) -> Bent:
    """One thing bent in it: in two of three cases a field, else the whole, a header, or the form of the text."""
    value = json.loads(reply.body) if reply.body else None
    if isinstance(value, dict | list) and value and random.random() < 0.7:
        return _field(reply, value, random)
    if random.random() < 0.15:
        name, text = random.choice(HEADERS)
        return Bent(replace(reply, headers={**reply.headers, name: text}), f"{name}: {text}")
    what, status, body = random.choice(WHOLE)
    return Bent(replace(reply, status=status or reply.status, body=body), what, wrong=True, silent=True)


WHOLE: tuple[tuple[str, int | None, bytes], ...] = (
    ("an empty body", None, b""),
    ("204 and nothing", 204, b""),
    ("a web page", None, b"<!doctype html><title>Sign in</title>"),
    ("a text", None, b'"ok"'),
    ("a number", None, b"7"),
    ("a number too large", None, b"1e400"),
    ("null", None, b"null"),
    ("true", None, b"true"),
    ("an empty object", None, b"{}"),
    ("a list of null", None, b"[null]"),
    ("a list of lists", None, b"[[]]"),
    ("cut JSON", None, b'{"id": 1, "na'),
    ("nests without end", None, b"[" * 100_000),
    ("no UTF-8", None, b'{"name": "\xff\xfe"}'),
    ("a surrogate in UTF-8", None, b'{"name": "\xed\xa0\x80"}'),
    ("a list that says why", None, b'[{"error": "no"}]'),
    ("a mistake in its own words", None, b'{"errors": "no", "error": 5, "message": null}'),
)
HEADERS = (
    ("Date", "Fri, 31 Dec 9999 23:59:59 -2359"),
    ("Date", "yesterday"),
    ("Link", "<http://[::bad>; rel=next"),
    ("Link", ";;;,<>;rel=\"next\""),
    ("Content-Type", "text/html; charset=none"),
    ("Retry-After", "nan"),
)  # fmt: skip
NESTS: Any = "x"
for _ in range(400):
    NESTS = [NESTS]
# What is put in a field's place: for a value of each type, what can be none of them.
WRONG: dict[type, tuple[Any, ...]] = {
    str: (5, True, [], {}, ["x"], {"a": "b"}, 10**30, NESTS),
    bool: ("yes", 3, [], {}, "true", NESTS),
    int: ("x", [], {}, True, 1.5, "1e400", [1], NESTS),
    float: ("x", [], {}, True),
    list: ("x", 5, True, {"a": "b"}, ["x"], [5], [[]], [None], [NESTS]),
    dict: ("x", 5, True, ["x"], NESTS),
    type(None): ([[]], {"a": []}, NESTS),
}
# What may stand there, but seldom does.
ODD: dict[type, tuple[Any, ...]] = {
    str: ("", "\ud800 lone", "\udcff", "\x1b]0;title\x07", "{0.__class__}%s%n", "x" * 70_000),
    bool: (),
    int: (10**30, -1, 0, "10"),
    float: (float("nan"), float("inf"), 1e300),
    list: ([],),
    dict: ({},),
    type(None): (),
}


def _field(reply: Reply, value: Any, random: Random) -> Bent:
    value = copy.deepcopy(value)
    path, place = _somewhere(value, random)
    key, old = path[-1], place[path[-1]]
    name = "/".join(str(part) for part in path)
    choice = random.random()
    wrong = False
    if choice < 0.2:
        del place[key]
        what = f"{name} is left out"
    elif choice < 0.35:
        place[key] = None
        what = f"{name} is null"
    else:
        kind = dict if isinstance(old, dict) else type(old)
        odd = ODD[kind] if choice < 0.5 else ()
        wrong = not odd
        place[key] = random.choice(odd or WRONG[kind])
        what = f"{name} is {json.dumps(place[key])[:60]} in place of {json.dumps(old)[:40]}"
    return Bent(replace(reply, body=json.dumps(value).encode()), what, wrong=wrong)


def _somewhere(value: Any, random: Random) -> tuple[list[Any], Any]:
    """A way to a field, and what holds it: every branch is as likely as its neighbour, and so is ending there."""
    path: list[Any] = []
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = random.choice(keys)
        path.append(key)
        inner = value[key]
        if not (isinstance(inner, dict | list) and inner) or random.random() < 0.15:
            return path, value
        value = inner

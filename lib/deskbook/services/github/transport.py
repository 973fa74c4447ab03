"""PyGithub held to one address, so that the token goes nowhere else and no answer takes for ever.

PyGithub opens a connection to any host of GitHub's domains that an answer names, unencrypted if the answer says so, and
sends the token along; it takes proxies from the environment, and waits out a slow drip. Its requester is given
connections that do none of this. The names are private to PyGithub: a test holds them.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

from deskbook.errors import ServiceError
from deskbook.services.http import Bounds, origin, whole_body

BOUNDS = Bounds()


class Elsewhere(ServiceError):
    """GitHub sends us on: the repository was renamed, or the issue moved to another one."""


def confine(requester: Requester, url: str) -> None:
    """From now on this requester speaks with the origin of `url` and nobody else."""
    for name, kind in (("http", _Http), ("https", _Https)):
        _replace(requester, f"_Requester__{name}ConnectionClass", partial(kind, origin(url)))
    kind = _Https if urlsplit(url).scheme == "https" else _Http
    _replace(requester, "_Requester__connectionClass", partial(kind, origin(url)))


def never_left(error: Exception) -> bool:
    """Whether there was no connection at all, so that nothing was sent."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, urllib3.exceptions.NewConnectionError)


def _replace(requester: Requester, name: str, value: object) -> None:
    if not hasattr(requester, name):
        raise ServiceError(f"GitHub: this PyGithub has no {name}; install the one that requirements/run.lock names.")
    setattr(requester, name, value)


def _answer(connection: Any, home: tuple[str, str, int]) -> RequestsResponse:
    if (connection.protocol, connection.host, connection.port) != home:
        raise ServiceError(f"GitHub: its answer leads to {connection.host}, where our token must not go.")
    connection.session.trust_env = False
    until = time.monotonic() + BOUNDS.total
    address = f"{connection.protocol}://{connection.host}:{connection.port}{connection.url}"
    response = connection.session.request(
        connection.verb,
        address,
        headers=connection.headers,
        data=connection.input,
        timeout=connection.timeout,
        allow_redirects=False,
        stream=True,
    )
    if response.is_redirect:
        # Followed, it loses its query: the commits on one path would become all commits.
        text = "its answer leads elsewhere. If the repository was renamed, put its new name in tracker/repository"
        raise Elsewhere(f"GitHub: {text} of organization.yaml.")
    with response:
        response._content = whole_body(response, until, BOUNDS.most)
    return RequestsResponse(response)


class _Http(HTTPRequestsConnectionClass):
    def __init__(self, home: tuple[str, str, int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.home = home

    def getresponse(self) -> RequestsResponse:
        return _answer(self, self.home)


class _Https(HTTPSRequestsConnectionClass):
    def __init__(self, home: tuple[str, str, int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.home = home

    def getresponse(self) -> RequestsResponse:
        return _answer(self, self.home)

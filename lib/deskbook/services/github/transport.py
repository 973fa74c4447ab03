"""GitHub transport pinned to one origin, with limits of time and size, no redirects, and no proxy from the environment.

PyGithub by itself opens a connection to any host of GitHub's domains that an answer names, unencrypted if the answer says
so, and sends the token along; it takes proxies from the environment, and waits out a slow drip. It can be given
connections that do none of this, for a class of requesters at a time: so each origin has a class of its own.
"""

from __future__ import annotations

import io
import time
from typing import Any

import requests
import urllib3
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

from deskbook.errors import ServiceError
from deskbook.services import reply
from deskbook.services.http import Bounds, origin, whole_body

BOUNDS = Bounds()


class Elsewhere(ServiceError):
    """GitHub sends us on: the repository was renamed, or the issue moved to another one."""


class _Pinned:
    """A connection to `home`. Requesters with connections of ours close each after one request; the session stays."""

    home: tuple[str, str, int]
    kept: requests.Session | None
    session: requests.Session

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.session.trust_env = False
        kind = type(self)
        kind.kept = self.session = kind.kept or self.session

    def close(self) -> None:
        """The session's own connections are closed with it."""

    def getresponse(self) -> RequestsResponse:
        connection: Any = self
        if (connection.protocol, connection.host, connection.port) != self.home:
            raise ServiceError(f"GitHub: its answer leads to {connection.host}, where our token must not go.")
        until = time.monotonic() + BOUNDS.total
        response = self.session.request(
            connection.verb,
            f"{connection.protocol}://{connection.host}:{connection.port}{connection.url}",
            headers=connection.headers,
            data=connection.input,
            timeout=connection.timeout,
            allow_redirects=False,
            stream=True,
        )
        with response:
            if response.is_redirect:
                # Followed, it loses its query: the commits on one path would become all commits.
                text = (
                    "its answer leads elsewhere. If the repository was renamed, put its new name in tracker/repository"
                )
                raise Elsewhere(f"GitHub: {text} of organization.yaml.")
            body = whole_body(response, until, BOUNDS.most)
        response.raw = io.BytesIO(reply.whole_characters(body))
        return RequestsResponse(response)


def pinned(requester: Requester, url: str) -> Requester:
    """A requester with the same arguments that speaks with the origin of `url` and nobody else."""

    class Http(_Pinned, HTTPRequestsConnectionClass):
        home, kept = origin(url), None

    class Https(_Pinned, HTTPSRequestsConnectionClass):
        home, kept = origin(url), None

    class Mine(Requester):
        pass

    Mine.injectConnectionClasses(Http, Https)
    return Mine(**requester.kwargs)


def never_left(error: Exception) -> bool:
    """Whether there was no connection at all, so that nothing was sent."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, urllib3.exceptions.NewConnectionError)

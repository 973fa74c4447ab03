"""The tracker: GitHub through PyGithub, held to one address. Who touched a hub's configuration last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import github
import requests
import urllib3
from github import Auth, GithubException, GithubRetry
from github.Commit import Commit
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

from deskbook.cases import Touch
from deskbook.errors import NotFound, Refused, ServiceError, Unavailable
from deskbook.http import LONGEST_WAIT, Bounds, Lost, checked_address, checked_key, is_loopback, origin, whole_body
from deskbook.organization import Organization
from deskbook.text import shorten

KEY = "GITHUB_TOKEN"
TOUCHES = 10  # the newest commits say who knows a hub; older ones do not
BOUNDS = Bounds()


class GitHub:
    """A Tracker. With `patient`, PyGithub keeps GitHub's pace and tries readings again; the sandbox needs neither."""

    def __init__(self, url: str, token: str, organization: Organization, *, patient: bool) -> None:
        url = checked_address("GITHUB_API_URL", url)
        self._token = checked_key(KEY, token)
        self._address = "DESKBOOK_SANDBOX_URL" if is_loopback(url) else "GITHUB_API_URL"
        self._tracker = organization.tracker
        # A repeated POST would open a second issue, so only readings are tried again.
        retry = GithubRetry(
            total=3,
            allowed_methods={"GET", "HEAD"},
            backoff_factor=0.2,
            max_rate_limit_wait=LONGEST_WAIT,
            retry_after_max=int(LONGEST_WAIT),
        )
        self._github = github.Github(
            auth=Auth.Token(self._token),
            base_url=url,
            timeout=15 if patient else 5,
            user_agent="deskbook",
            per_page=TOUCHES,
            retry=retry if patient else None,
            seconds_between_requests=0.25 if patient else None,
            seconds_between_writes=1.0 if patient else None,
            lazy=True,  # asked for later, it would come with a new requester that is not confined
        )
        confine(self._github.requester, url)

    def touches(self, cluster: str) -> tuple[Touch, ...]:
        """The latest commits on the cluster's configuration, newest first, ten at most."""
        path = self._tracker.hub_path.replace("{cluster}", cluster).strip("/")
        with self._translated(f"the commits on {path}"):
            repository = self._github.get_repo(self._tracker.repository)
            return tuple(_touch(commit) for commit in islice(repository.get_commits(path=path), TOUCHES))

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        """PyGithub's errors as ours, with no key in their text."""
        try:
            yield
        except ServiceError:
            raise
        except GithubException as error:
            raise self._error(error, what) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, Lost) as error:
            text = f"{what}: no usable answer ({type(error).__name__}). Try in a few minutes, or check {self._address}"
            raise self._said(Unavailable, text) from None
        except (AssertionError, AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
            # PyGithub asserts where an address is not GitHub's, and trips over what is not GitHub's JSON.
            text = f"{what}: not what GitHub answers ({shorten(str(error))}). Check {self._address}"
            raise self._said(ServiceError, text) from None

    def _error(self, error: GithubException, what: str) -> ServiceError:
        status, repository = error.status, self._tracker.repository
        words = shorten(str(error.message or (error.data or {}).get("message") or "no reason given"), 200)
        if isinstance(error, github.RateLimitExceededException) or status == 429:
            return self._said(Unavailable, f"{what}: no more calls are allowed for now ({words}). Try again in an hour")
        if status >= 500:
            return self._said(Unavailable, f"{what}: GitHub answers {status}. Try again in a few minutes")
        if status == 401:
            return self._said(Refused, f"{what}: the token is not accepted (401: {words}). Check {KEY}")
        if status == 403:
            text = f"{what}: not allowed (403: {words}). Give {KEY} the right to read the contents of {repository}"
            return self._said(Refused, text)
        if status == 404:
            text = f"{what}: {repository} is not there, or {KEY} may not see it (404). Check tracker/repository"
            return self._said(NotFound, text)
        return self._said(Refused, f"{what}: refused ({status}: {words}). Check tracker/repository and {KEY}")

    def _said(self, kind: type[ServiceError], text: str) -> ServiceError:
        return kind(f"GitHub: {text.replace(self._token, '***')}.")


def _touch(commit: Commit) -> Touch:
    # The date it landed: an author's date may lie weeks before the merge.
    who, git = commit.author, commit.commit
    return Touch(
        author=who.login if who else git.author.email,
        at=git.committer.date.astimezone(UTC),
        message=shorten(git.message.strip().partition("\n")[0], 120),
    )


# From here on: PyGithub opens a connection to any host of GitHub's domains that an answer names, unencrypted if the
# answer says so, and sends the token along; it takes proxies from the environment, and waits out a slow drip.
# Its requester is given connections that do none of this. The names are private to PyGithub: a test holds them.


def confine(requester: Requester, url: str) -> None:
    """From now on this requester speaks with the origin of `url` and nobody else."""
    for name, kind in (("http", _Http), ("https", _Https)):
        _replace(requester, f"_Requester__{name}ConnectionClass", partial(kind, origin(url)))
    kind = _Https if urlsplit(url).scheme == "https" else _Http
    _replace(requester, "_Requester__connectionClass", partial(kind, origin(url)))


def _replace(requester: Requester, name: str, value: object) -> None:
    if not hasattr(requester, name):
        raise ServiceError(f"GitHub: this PyGithub has no {name}; install the one that requirements.lock names.")
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
        raise ServiceError(f"GitHub: {text} of organization.yaml.")
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

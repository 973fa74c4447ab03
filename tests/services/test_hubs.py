"""Asking hubs whether they are up."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import requests
from test_http import Asked, cut, serving, unused_address

from deskbook.config.organization import load_organization
from deskbook.model.records import Probe
from deskbook.services.http import Bounds
from deskbook.services.hubs import HttpHubs
from deskbook_sandbox.server import start

ORGANIZATION = load_organization()
HUB = ORGANIZATION.hubs[0]
QUICK = Bounds(connect=1, read=0.3, total=0.5, most=1000)


def probe(address: str) -> Probe:
    return HttpHubs(lambda hub: address, QUICK).probe(HUB)


def health(status: int, body: str = "", **headers: str) -> Probe:
    with serving(lambda request, n: request.say(status, body, **headers)) as local:
        return probe(local.url)


def test_a_hub_that_answers_is_up_and_tells_its_version() -> None:
    def answer(request: Asked, n: int) -> None:
        request.say(200, "" if request.path == "/hub/health" else '{"version": "5.3.0"}')

    with serving(answer) as local:
        assert probe(f"{local.url}/") == Probe(HUB, True, "answers, version 5.3.0")
        assert local.asked == [("GET", "/hub/health"), ("GET", "/hub/api/")]
        assert "authorization" not in local.headers[0]


@pytest.mark.parametrize("path", ["/hub/health", "/hub/api/"])
@pytest.mark.parametrize("fails", [lambda request: request.say(503, ""), lambda request: cut(request)])
def test_one_answer_that_went_amiss_is_no_outage(path: str, fails: Callable[[Asked], None]) -> None:
    failed: list[str] = []

    def answer(request: Asked, n: int) -> None:
        if request.path == path and not failed:
            failed.append(path)
            fails(request)
        else:
            request.say(200, "" if request.path == "/hub/health" else '{"version": "5.3.0"}')

    with serving(answer) as local:
        assert probe(local.url) == Probe(HUB, True, "answers, version 5.3.0")
    assert failed == [path]


@pytest.mark.parametrize("told", ["", "{}", "[]", '{"version": 5}', '{"version": "\\u202e1"}', "<html>"])
def test_a_hub_that_hides_its_version_is_still_up(told: str) -> None:
    def answer(request: Asked, n: int) -> None:
        request.say(200, "" if request.path == "/hub/health" else told)

    with serving(answer) as local:
        assert probe(local.url) == Probe(HUB, True, "answers")


@pytest.mark.parametrize(
    ("fails", "seen"),
    [
        (lambda request: request.say(503, ""), "answers, but its API answers 503"),
        (lambda request: cut(request), "answers, but its API does not answer"),
    ],
)
def test_a_hub_whose_api_fails_is_up_and_says_so(fails: Callable[[Asked], None], seen: str) -> None:
    with serving(lambda request, n: request.say(200, "") if request.path == "/hub/health" else fails(request)) as local:
        assert probe(local.url) == Probe(HUB, True, seen)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_hub_that_answers_with_a_failure_is_down(status: int) -> None:
    assert health(status) == Probe(HUB, False, f"answers {status}")


def test_a_hub_without_a_server_is_down() -> None:
    found = probe(unused_address())
    assert (found.up, found.seen) == (False, "does not answer: no connection: connection refused")


def test_a_hub_that_nothing_leads_to_from_here_is_unknown() -> None:
    found = probe("https://hub.invalid")
    assert (found.up, found.seen) == (None, "cannot be asked from here: the name of its host is not known")


def test_a_silent_hub_is_down_and_holds_nobody_up() -> None:
    asked = threading.Event()
    with serving(lambda request, n: asked.wait(60)) as local:
        assert probe(local.url) == Probe(HUB, False, "does not answer in time")
        asked.set()


def test_a_hub_that_hangs_up_is_down() -> None:
    with serving(lambda request, n: cut(request)) as local:
        assert probe(local.url).up is False


def test_an_odd_answer_is_unknown_and_said() -> None:
    assert health(404) == Probe(HUB, None, "answers 404, so it may not be a JupyterHub")
    assert health(200, "<html>Please sign in to the network").up is None
    assert health(302, Location="https://portal.example.org/in").seen.startswith("sends us on to portal.example.org")


def test_the_words_are_the_same_each_time() -> None:
    with start(ORGANIZATION) as sandbox:
        hubs = HttpHubs(lambda hub: f"{sandbox.url}/hubs/{hub.name}")
        up = hubs.probe(HUB)
        assert up.up is True
        assert up == hubs.probe(HUB)


def test_a_hub_of_the_sandbox_goes_down_and_comes_back() -> None:
    with start(ORGANIZATION) as sandbox:
        hubs = HttpHubs(lambda hub: f"{sandbox.url}/hubs/{hub.name}")
        for up in (False, True):
            requests.post(f"{sandbox.url}/sandbox/hubs/{HUB.name}", json={"up": up}, timeout=10).raise_for_status()
            assert hubs.probe(HUB).up is up

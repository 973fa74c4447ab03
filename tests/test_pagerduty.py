"""The pager adapter."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from test_http import Asked, serving

from deskbook.errors import Refused, ServiceError
from deskbook.organization import load_organization
from deskbook.pagerduty import PagerDuty
from deskbook.sandbox.server import start

ORGANIZATION = load_organization()


def incident(number: int, **more: Any) -> dict[str, Any]:
    known = {
        "id": f"P{number}",
        "title": f"Incident {number}",
        "status": "triggered",
        "html_url": f"https://p/{number}",
    }
    return {**known, "service": {"summary": "Aurora"}, "incident_key": None, **more}


def test_open_pages_are_read_to_the_last_and_once_each() -> None:
    def answer(request: Asked, n: int) -> None:
        first, second = [incident(i) for i in range(100)], [incident(99), incident(100, status="acknowledged")]
        request.say(200, json.dumps({"incidents": second if "offset=100" in request.path else first, "more": n == 0}))

    with serving(answer) as local:
        pages = PagerDuty(local.url, "key").open_pages()
        assert [page.id for page in pages] == [f"P{i}" for i in range(101)]
        assert (pages[100].status, pages[100].url) == ("acknowledged", "https://p/100")
        assert len(local.asked) == 2
        assert local.headers[0]["authorization"] == "Token token=key"


def test_what_a_page_is_about_holds_every_place_where_a_hub_is_named() -> None:
    details = {"hub": "aurora.hubs.example.org"}
    told = incident(1, body={"details": details}, incident_key="404-key")

    with serving(lambda request, n: request.say(200, json.dumps({"incidents": [told], "more": False}))) as local:
        (page,) = PagerDuty(local.url, "key").open_pages()
    assert all(part in page.about for part in ("Incident 1", "aurora.hubs.example.org", "Aurora", "404-key"))


@pytest.mark.parametrize("body", [{"incidents": [{"id": "P1"}]}, {"incidents": {}}, {}, []])
def test_an_answer_of_another_shape_is_an_error_of_ours(body: Any) -> None:
    with serving(lambda request, n: request.say(200, json.dumps(body))) as local, pytest.raises(ServiceError):
        PagerDuty(local.url, "key").open_pages()


def test_a_refusal_gives_the_pagers_reasons() -> None:
    body = json.dumps({"error": {"message": "Invalid Input Provided", "code": 2001, "errors": ["Limit is too large"]}})
    with (
        serving(lambda request, n: request.say(400, body)) as local,
        pytest.raises(Refused, match="Invalid Input Provided: Limit is too large"),
    ):
        PagerDuty(local.url, "key").open_pages()


def test_the_sandboxs_pager_shows_what_is_open() -> None:
    with start(ORGANIZATION, seed=None) as sandbox:
        url = f"{sandbox.url}/pagerduty"
        ask = requests.Session()
        ask.headers.update({"Authorization": "Token token=sandbox", "From": ORGANIZATION.people[0].mail})
        service = ask.get(f"{url}/services", timeout=10).json()["services"][0]
        ids = []
        for title in ("Aurora is down", "Borealis is down"):
            wish = {
                "type": "incident",
                "title": title,
                "service": {"id": service["id"], "type": "service_reference"},
                "body": {"type": "incident_body", "details": "https://aurora.hubs.example.org"},
            }
            ids.append(ask.post(f"{url}/incidents", json={"incident": wish}, timeout=10).json()["incident"]["id"])
        done = {"incident": {"type": "incident_reference", "status": "resolved"}}
        ask.put(f"{url}/incidents/{ids[1]}", json=done, timeout=10).raise_for_status()
        (page,) = PagerDuty(url, "sandbox").open_pages()
        assert (page.id, page.title, page.status) == (ids[0], "Aurora is down", "triggered")
        assert "aurora.hubs.example.org" in page.about
        assert service["summary"] in page.about


def test_the_sandboxs_pager_wants_its_key() -> None:
    with start(ORGANIZATION, seed=None) as sandbox, pytest.raises(Refused, match="PAGERDUTY_TOKEN"):
        PagerDuty(f"{sandbox.url}/pagerduty", "wrong").open_pages()

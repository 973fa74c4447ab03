"""The pager adapter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from test_http import Asked, serving

from deskbook.config.organization import load_organization
from deskbook.errors import Refused, ServiceError
from deskbook.model.records import Page, PageNote
from deskbook.services.pagerduty import PagerDuty
from deskbook_sandbox.server import start

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


def incidents(**of: object) -> str:
    return json.dumps({"incidents": [{"id": "Q1", "title": "Down", "status": "triggered", **of}], "more": False})


def test_people_are_known_by_their_mails_where_the_pager_tells_them() -> None:
    person = {"id": "P1", "summary": "Mei Tanaka", "email": "mei@staff.example.org"}
    told = incidents(
        assignments=[{"assignee": person}],
        acknowledgements=[{"acknowledger": {"id": "P1", "summary": "Mei Tanaka"}}],
        priority={"summary": "P1"},
        created_at="2026-11-23T10:00:00Z",
    )
    with serving(lambda request, n: request.say(200, told)) as local:
        (page,) = PagerDuty(local.url, "key").open_pages()
        assert "include%5B%5D=assignees" in local.asked[0][1]
    assert (page.assigned, page.acknowledged) == (("mei@staff.example.org",), ("Mei Tanaka",))
    assert (page.p1, page.priority, str(page.created)) == (True, "P1", "2026-11-23 10:00:00+00:00")


@pytest.mark.parametrize(
    ("priorities", "urgency", "p1"),
    [([], "high", True), ([], "low", False), (["P1", "P2"], "high", False), (["Severe"], "high", True)],
)
def test_urgency_tells_a_p1_where_the_account_has_no_such_priority(
    priorities: list[str], urgency: str, p1: bool
) -> None:
    known = json.dumps({"priorities": [{"id": name, "name": name} for name in priorities], "more": False})

    def answer(request: Asked, n: int) -> None:
        request.say(200, known if "/priorities" in request.path else json.dumps({"notes": [{"content": "Hm"}]}))

    with serving(answer) as local:
        page = PagerDuty(local.url, "key").detailed(Page("Q1", "Down", "triggered", "", "", urgency=urgency))
    assert (page.p1, page.notes) == (p1, (PageNote("", "Hm"),))


@pytest.fixture
def pager() -> Iterator[PagerDuty]:
    with start(ORGANIZATION, seed=None) as sandbox:
        yield PagerDuty(f"{sandbox.url}/pagerduty", "sandbox")


ME, MEI = ORGANIZATION.people[0].mail, ORGANIZATION.people[3].mail


def test_a_page_is_declared_acknowledged_reassigned_noted_and_resolved(pager: PagerDuty) -> None:
    page = pager.declare("hub-aurora", "aurora is down", "Hub: aurora", hubs=("aurora",), to=ME, by=ME)
    assert (page.p1, page.key, page.status, page.assigned) == (True, "hub-aurora", "triggered", ("Priya Raman",))
    pager.acknowledge(page.id, by=MEI)
    pager.reassign(page.id, to=MEI, by=ME)
    pager.note(page.id, "Ticket 101", by=ME)
    found = pager.latest("hub-aurora")
    assert found is not None
    assert (found.status, found.acknowledged, found.assigned) == ("acknowledged", ("Mei Tanaka",), ("Mei Tanaka",))
    assert pager.detailed(found).notes == (PageNote(ORGANIZATION.people[0].mail, "Ticket 101"),)
    pager.resolve(page.id, said="Fix validated by Noor Haddad", by=ME)
    over = pager.latest("hub-aurora")
    assert over is not None
    assert (over.open, over.resolved is not None, pager.open_pages()) == (False, True, ())
    assert pager.detailed(over).notes[-1].text == "Resolution Note: Fix validated by Noor Haddad"


def test_a_key_that_was_used_before_names_the_newest_page(pager: PagerDuty) -> None:
    first = pager.declare("hub-aurora", "aurora is down", "", hubs=("aurora",), to=ME, by=ME)
    pager.resolve(first.id, said="Over", by=ME)
    second = pager.declare("hub-aurora", "aurora is down", "", hubs=("aurora",), to=ME, by=ME)
    assert second.id != first.id
    assert pager.latest("hub-aurora") == second
    assert pager.latest("hub-borealis") is None
    over = pager.latest(f"id {first.id}")
    assert over
    assert over.resolved  # a second may have gone by
    assert over == replace(first, status="resolved", assigned=(), resolved=max(over.resolved, first.created))
    assert pager.latest("id nothing/like that") is None


def test_somebody_whom_the_pager_does_not_know_gets_no_page(pager: PagerDuty) -> None:
    with pytest.raises(Refused, match="nobody has the mail nobody@staff"):
        pager.declare("hub-aurora", "aurora is down", "", hubs=("aurora",), to="nobody@staff.example.org", by=ME)
    assert pager.open_pages() == ()


@pytest.mark.parametrize(
    ("names", "wanted", "found"),
    [
        (["All hubs"], "", "0"),
        (["Billing", "JupyterHub aurora"], "", "1"),
        (["Billing", "aurora-aws cluster"], "", "1"),
        (["Billing", "Hubs"], "hubs", "1"),
        (["Billing", "Hubs"], "", None),
        (["Billing"], "Hubs", None),
    ],
)
def test_the_service_of_a_page(names: list[str], wanted: str, found: str | None) -> None:
    services = [{"id": str(n), "name": name} for n, name in enumerate(names)]
    answers = {"services": services, "priorities": [], "users": [{"id": "U", "email": ME}]}

    def answer(request: Asked, n: int) -> None:
        what = request.path.split("?")[0].rsplit("/", 1)[-1]
        if request.command == "POST":
            page = {"id": "Q1", "title": "x", "status": "triggered"}
            request.say(201, json.dumps({"incident": page}))
        else:
            request.say(200, json.dumps({what: answers[what], "more": False}))

    with serving(answer) as local:
        adapter = PagerDuty(local.url, "key", wanted)
        if found is None:
            with pytest.raises(Refused, match="service under incident"):
                adapter.declare("k", "t", "d", hubs=("aurora", "aurora-aws"), to=ME, by=MEI)
        else:
            adapter.declare("k", "t", "d", hubs=("aurora", "aurora-aws"), to=ME, by=MEI)
            sent = json.loads(local.bodies[-1])["incident"]
            assert (sent["service"]["id"], local.headers[-1]["from"]) == (found, MEI)
            assert "priority" not in sent

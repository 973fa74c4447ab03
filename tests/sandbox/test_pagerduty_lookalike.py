"""The pager behaves as PagerDuty does: incidents, one open per key, acknowledging, reassigning, notes, paging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import requests
from conftest import ORGANIZATION, Client

WHO = ORGANIZATION.people[0].mail


@dataclass(frozen=True)
class Pager:
    client: Client

    def ask(self, method: str, path: str, body: Any = None, who: str = WHO, **options: Any) -> requests.Response:
        headers = {"Authorization": "Token token=sandbox", **({"From": who} if who else {})}
        options.setdefault("headers", headers)
        return self.client.session.request(method, f"{self.client.url}/pagerduty{path}", json=body, **options)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def incident(self, title: str = "Ember is down", **values: Any) -> requests.Response:
        service = self.get("/services")["services"][0]
        wish = {"type": "incident", "title": title, "service": {"id": service["id"], "type": "service_reference"}}
        return self.ask("POST", "/incidents", {"incident": {**wish, **values}})

    def change(self, id: str, **values: Any) -> requests.Response:
        return self.ask("PUT", f"/incidents/{id}", {"incident": {"type": "incident_reference", **values}})


@pytest.fixture
def pager(quick: Client) -> Pager:
    quick.control("/reset", {"seed": None})
    return Pager(quick)


def test_every_call_needs_the_key(pager: Pager) -> None:
    for header in ("", "Token token=no", "Basic sandbox"):
        answer = pager.ask("GET", "/users/me", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, 2006)
    for header in ("Token token=sandbox", "Bearer sandbox"):
        assert pager.ask("GET", "/users/me", headers={"Authorization": header}).status_code == 200


def test_an_incident_is_declared_acknowledged_handed_over_and_resolved(pager: Pager) -> None:
    priorities = {one["name"]: one["id"] for one in pager.get("/priorities")["priorities"]}
    first = {"id": priorities["P1"], "type": "priority_reference"}
    made = pager.incident(incident_key="hub-ember", priority=first, body={"type": "incident_body", "details": "x"})
    assert made.status_code == 201
    incident = made.json()["incident"]
    assert (incident["status"], incident["priority"]["summary"], incident["incident_key"]) == (
        "triggered",
        "P1",
        "hub-ember",
    )
    taken = pager.change(incident["id"], status="acknowledged").json()["incident"]
    assert taken["acknowledgements"][0]["acknowledger"]["summary"] == ORGANIZATION.people[0].name
    other = pager.get("/users", query=ORGANIZATION.people[1].mail)["users"][0]
    assignments = [{"assignee": {"id": other["id"], "type": "user_reference"}}]
    handed = pager.change(incident["id"], assignments=assignments).json()["incident"]
    assert (handed["status"], handed["assignments"][0]["assignee"]["id"]) == ("acknowledged", other["id"])
    done = pager.change(incident["id"], status="resolved", resolution="Restarted").json()["incident"]
    assert (done["status"], done["assignments"], bool(done["resolved_at"])) == ("resolved", [], True)
    notes = pager.get(f"/incidents/{incident['id']}/notes")["notes"]
    assert [note["content"] for note in notes] == ["Resolution Note: Restarted"]
    kinds = [entry["type"] for entry in pager.get(f"/incidents/{incident['id']}/log_entries")["log_entries"]]
    assert kinds[-1] == "trigger_log_entry"
    assert "resolve_log_entry" in kinds
    again = pager.change(incident["id"], status="acknowledged")
    assert (again.status_code, again.json()["error"]["errors"]) == (400, ["Incident Already Resolved"])


def test_a_key_has_one_open_incident(pager: Pager) -> None:
    first = pager.incident(incident_key="hub-ember").json()["incident"]
    second = pager.incident(incident_key="hub-ember")
    assert (second.status_code, second.json()["error"]["code"]) == (400, 2002)
    assert "matching dedup key already exists" in second.json()["error"]["errors"][0]
    pager.change(first["id"], status="resolved")
    assert pager.incident(incident_key="hub-ember").status_code == 201
    assert len(pager.get("/incidents", incident_key="hub-ember")["incidents"]) == 2
    open_ones = pager.get("/incidents", **{"statuses[]": ["triggered", "acknowledged"]})["incidents"]
    assert len(open_ones) == 1


def test_a_write_says_from_whom(pager: Pager) -> None:
    for who, code in (("", 2016), ("nonsense", 1028), ("nobody@example.org", 1008)):
        answer = pager.ask("POST", "/incidents", {"incident": {}}, who=who)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_list_reaches_a_month_back_unless_told_otherwise(pager: Pager) -> None:
    pager.incident("old")
    pager.client.advance(days=40)
    pager.incident("new")
    titles = [one["title"] for one in pager.get("/incidents")["incidents"]]
    assert titles == ["new"]
    every = pager.get("/incidents", date_range="all", sort_by="created_at:desc")["incidents"]
    assert [one["title"] for one in every] == ["new", "old"]
    assert pager.ask("GET", "/incidents?since=2020-01-01").status_code == 400


def test_pages_say_whether_there_is_more(pager: Pager) -> None:
    for number in range(3):
        pager.incident(str(number))
    page = pager.get("/incidents", limit=2, total="true")
    assert (len(page["incidents"]), page["more"], page["total"]) == (2, True, 3)
    page = pager.get("/incidents", limit=2, offset=2)
    assert (len(page["incidents"]), page["more"], page["total"]) == (1, False, None)


def test_several_incidents_change_at_once_or_not_at_all(pager: Pager) -> None:
    ids = [pager.incident(str(number)).json()["incident"]["id"] for number in range(2)]
    wishes = [{"id": id, "type": "incident_reference", "status": "resolved"} for id in [*ids, "QNOWHERE"]]
    assert pager.ask("PUT", "/incidents", {"incidents": wishes}).status_code == 404
    assert {one["status"] for one in pager.get("/incidents")["incidents"]} == {"triggered"}
    done = pager.ask("PUT", "/incidents", {"incidents": wishes[:2]}).json()["incidents"]
    assert [one["status"] for one in done] == ["resolved", "resolved"]


def test_refusals_have_pagerdutys_shape(pager: Pager) -> None:
    incident = pager.incident().json()["incident"]["id"]
    cases: list[tuple[str, str, Any, int]] = [
        ("POST", "/incidents", {"incident": {"title": "x"}}, 400),
        ("POST", "/incidents", {"incident": {"title": 5}}, 400),
        ("POST", "/incidents", [1], 400),
        ("PUT", f"/incidents/{incident}", {"incident": {"status": "flying"}}, 400),
        ("PUT", f"/incidents/{incident}", {"incident": {"assignments": [{"assignee": {"id": "P"}}]}}, 400),
        ("PUT", f"/incidents/{incident}", {"incident": {"priority": {"id": "P"}}}, 400),
        ("POST", f"/incidents/{incident}/notes", {"note": {}}, 400),
        ("GET", "/incidents/QNOWHERE", None, 404),
        ("GET", "/incidents?statuses[]=flying", None, 400),
        ("GET", "/incidents?sort_by=mood", None, 400),
        ("GET", "/incidents?offset=99999999999999999999", None, 400),
        ("DELETE", f"/incidents/{incident}", None, 404),
        ("GET", "/dragons", None, 404),
    ]
    for method, path, body, status in cases:
        answer = pager.ask(method, path, body)
        assert answer.status_code == status, (path, answer.text)
        assert {"message", "code"} <= set(answer.json()["error"])

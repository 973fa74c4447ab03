"""The sandbox's own controls."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests


def test_the_clock_stands_until_it_is_moved(sandbox):
    assert sandbox.control("/clock", {"advance": 90}) == {"now": "2026-11-23T17:56:30Z", "frozen": True}
    assert sandbox.control("/clock", {"now": "2026-12-24T18:00:00+01:00"})["now"] == "2026-12-24T17:00:00Z"


def test_a_running_clock_keeps_running_when_it_is_moved(sandbox):
    assert not sandbox.control("/clock", {"run": True})["frozen"]
    assert not sandbox.control("/clock", {"advance": 3600})["frozen"]
    assert sandbox.control("/clock")["now"].startswith("2026-11-23T18:55:0")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": "soon"},
        {"now": "0001-01-01T00:00:00Z"},
        {"advance": 1e12},
        {"advance": 1e300},
        {"advance": 1, "run": True},
        {"run": False},
        {"later": 1},
        [1],
        3,
    ],
)
def test_a_clock_call_that_makes_no_sense_is_refused(sandbox, body):
    answer = requests.post(f"{sandbox.url}/sandbox/clock", json=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_reset_brings_back_the_seed_and_its_moment(sandbox):
    sandbox.ticket()
    sandbox.advance(days=3)
    assert sandbox.control("/reset", {}) == {"seed": "default", "now": "2026-11-23T17:55:00Z"}
    state = sandbox.control("/state")
    assert [ticket["id"] for ticket in state["tickets"]] == list(range(101, 132))
    assert sandbox.outbox() == []
    assert state["requests"] == {}
    assert sandbox.ticket()["id"] == 132


def test_a_reset_to_nothing_keeps_the_organisation(sandbox):
    sandbox.control("/reset", {"seed": None})
    state = sandbox.control("/state")
    assert (state["tickets"], state["issues"], state["chat"], state["pager"]) == ([], [], [], [])
    assert all(hub["up"] for hub in state["hubs"])
    assert len(sandbox.get("/agents")) == 9
    assert [group["name"] for group in sandbox.get("/groups")] == ["support"]
    assert sandbox.get("/contacts") == sandbox.get("/companies") == []
    assert sandbox.ticket(email="new@example.org")["id"] == 101


def test_an_unknown_seed_is_refused_and_changes_nothing(sandbox):
    answer = requests.post(f"{sandbox.url}/sandbox/reset", json={"seed": "other"}, timeout=5)
    assert (answer.status_code, answer.json()) == (400, {"error": "seed 'other' is not known; use default or null"})
    assert sandbox.get("/tickets/101")["id"] == 101


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "desk.example.com"}, 403),
        ({"Host": "127.0.0.1.example.com"}, 403),
        ({"Host": "10.0.0.1:80"}, 403),
        ({"Host": "localhost:80"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Origin": "https://evil.example.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://hub.example.org", "X-Forwarded-Host": "hub.example.org"}, 200),
        ({"Origin": "https://evil.example.com", "X-Forwarded-Host": "hub.example.org"}, 403),
        ({"Host": "hub.example.org", "X-Forwarded-Host": "hub.example.org"}, 403),
        ({"Origin": "http://", "X-Forwarded-Host": ""}, 403),
        ({}, 200),
    ],
)
def test_only_this_machine_and_no_foreign_page_controls(sandbox, headers, status):
    answer = requests.get(f"{sandbox.url}/sandbox/state", headers=headers, timeout=5)
    assert answer.status_code == status
    assert ("error" in answer.json()) == (status != 200)


def test_the_sandboxs_own_page_may_control(sandbox):
    answer = requests.post(f"{sandbox.url}/sandbox/reset", json={}, headers={"Origin": sandbox.url}, timeout=5)
    assert answer.status_code == 200


def test_requests_are_counted_by_method_and_path(sandbox):
    sandbox.get("/tickets/101", include="stats")
    sandbox.get("/tickets/101")
    sandbox.api("POST", "/tickets", {})
    sandbox.control("/outbox")
    assert sandbox.control("/state")["requests"] == {"GET /api/v2/tickets/101": 2, "POST /api/v2/tickets": 1}


def test_an_ordered_status_strikes_as_often_as_ordered(sandbox):
    sandbox.control("/faults", [{"method": "GET", "path": "/api/v2/tickets/*", "status": 500, "times": 2}])
    found = [sandbox.api("GET", "/tickets/101").status_code for _ in range(3)]
    assert found == [500, 500, 200]
    assert sandbox.control("/faults") == []


def test_a_star_crosses_slashes_and_other_methods_pass(sandbox):
    sandbox.control("/faults", [{"method": "POST", "path": "/api/*", "status": 503}])
    assert sandbox.api("POST", "/tickets/101/notes", {"body": "x"}).status_code == 503
    assert sandbox.api("GET", "/tickets/101/conversations").json() == []
    sandbox.control("/faults", [])
    assert sandbox.api("POST", "/tickets/101/notes", {"body": "x"}).status_code == 201


def test_an_ordered_429_says_when_to_come_back(sandbox):
    order = {"method": "*", "path": "/api/*", "status": 429, "times": 1}
    sandbox.control("/faults", [order])
    assert sandbox.api("GET", "/tickets").headers["Retry-After"] == "1"
    sandbox.control("/faults", [{**order, "retry_after": 7, "headers": {"X-Why": "because"}}])
    answer = sandbox.api("GET", "/tickets")
    assert (answer.headers["Retry-After"], answer.headers["X-Why"]) == ("7", "because")


@pytest.mark.parametrize(("drop", "notes"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_loses_the_answer(sandbox, drop, notes):
    sandbox.control("/faults", [{"method": "POST", "path": "/api/v2/tickets/101/notes", "drop": drop, "times": 1}])
    with pytest.raises(requests.ConnectionError):
        sandbox.api("POST", "/tickets/101/notes", {"body": "x"})
    assert len(sandbox.get("/tickets/101/conversations")) == notes


def test_a_truncated_answer_is_half_an_answer(sandbox):
    sandbox.control("/faults", [{"path": "/api/v2/tickets/101", "truncate": True, "times": 1}])
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        sandbox.api("GET", "/tickets/101")


def test_a_delayed_answer_comes_late_and_others_need_not_wait(sandbox):
    sandbox.control("/faults", [{"path": "/api/v2/tickets/101", "delay": 0.3, "times": 1}])
    began = time.perf_counter()
    sandbox.api("GET", "/tickets/101")
    assert time.perf_counter() - began >= 0.3


def test_a_delayed_answer_comes_as_soon_as_the_faults_are_replaced(sandbox):
    sandbox.control("/faults", [{"path": "/api/v2/tickets/101", "delay": 600}])
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(requests.get, f"{sandbox.url}/api/v2/tickets/101", auth=("sandbox", "X"), timeout=60)
        while "GET /api/v2/tickets/101" not in sandbox.control("/state")["requests"]:
            assert not late.done()
        sandbox.control("/faults", [])
        assert late.result().status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        [{}],
        [{"path": "/x"}],
        [{"path": "/x", "status": 42}],
        [{"path": "/x", "drop": "now"}],
        [{"path": "/x", "Status": 500}],
    ],
)
def test_an_order_that_makes_no_sense_is_refused(sandbox, body):
    assert requests.post(f"{sandbox.url}/sandbox/faults", json=body, timeout=5).status_code == 400


def test_switches_are_shown_and_changed_one_by_one(sandbox):
    assert sandbox.control("/switches")["plan"] == "enterprise"
    after = sandbox.control("/switches", {"plan": "growth"})
    assert (after["plan"], after["reply_reopens"]) == ("growth", True)
    answer = requests.post(f"{sandbox.url}/sandbox/switches", json={"plan": "gold"}, timeout=5)
    assert answer.status_code == 400
    assert "enterprise" in answer.json()["error"]


def test_a_hub_goes_down_and_comes_back(sandbox):
    assert requests.get(f"{sandbox.url}/hubs/aurora/hub/health", timeout=5).status_code == 200
    assert sandbox.control("/hubs/aurora", {"up": False})["up"] is False
    assert requests.get(f"{sandbox.url}/hubs/aurora/hub/health", timeout=5).status_code == 503
    assert requests.post(f"{sandbox.url}/sandbox/hubs/nowhere", json={"up": True}, timeout=5).status_code == 404


def test_somebody_writes_in_and_is_answered_and_writes_again(sandbox):
    mail = {"from": "Ivy Park <Ivy@aurora.example.org>", "subject": "Help", "body": "Line 1\nLine 2", "cc": ["a@b.org"]}
    number = sandbox.control("/incoming", mail)["ticket_id"]
    ticket = sandbox.get(f"/tickets/{number}", include="requester,company")
    assert (ticket["source"], ticket["status"], ticket["cc_emails"]) == (1, 2, ["a@b.org"])
    assert (ticket["requester"]["name"], ticket["company"]["name"]) == ("Ivy Park", "Aurora Climate Lab")
    assert ticket["description_text"] == "Line 1\nLine 2"
    again = sandbox.control("/incoming", {"from": "ivy@aurora.example.org", "body": "Thanks", "ticket_id": number})
    (said,) = sandbox.get(f"/tickets/{number}/conversations")
    assert (said["id"], said["incoming"], said["private"], said["source"]) == (again["conversation_id"], True, False, 0)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, None),
        ({"headers": {"Auto-Submitted": "auto-replied"}}, {"auto_response": True, "headers": {"Auto-Submitted": "auto-replied"}}),
        ({"headers": {"auto-submitted": "no"}}, {"auto_response": False, "headers": {"auto-submitted": "no"}}),
        ({"headers": {"X-Autoreply": "yes"}, "auto_response": False}, {"auto_response": False, "headers": {"X-Autoreply": "yes"}}),
        ({"auto_response": True}, {"auto_response": True, "headers": {}}),
    ],
)  # fmt: skip
def test_a_mail_comes_with_its_headers_and_the_helpdesks_mark_of_an_automatic_reply(sandbox, more, told):
    mail = {"from": "ada@aurora.example.org", "subject": "Automatic reply: x", "body": "I am away.", **more}
    number = sandbox.control("/incoming", mail)["ticket_id"]
    sandbox.control("/incoming", {**mail, "ticket_id": number})
    (said,) = sandbox.get(f"/tickets/{number}/conversations")
    (first,) = sandbox.get(f"/tickets/{number}", include="conversations")["conversations"]
    info = {"email": told} if told else None
    assert sandbox.get(f"/tickets/{number}")["source_additional_info"] == info
    assert said["source_additional_info"] == first["source_additional_info"] == info
    assert said["auto_response"] is first["auto_response"] is bool(told and told["auto_response"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"from": "a@b.org", "body": "x", "headers": ["Auto-Submitted"]}, 400),
        ({"from": "nobody", "body": "x"}, 400),
        ({"from": "a@b.org"}, 400),
        ({"from": "a@b.org", "body": "x", "ticket_id": 9999}, 404),
        ({"from": "a@b.org", "body": "x", "ticket_id": 10**30}, 400),
        ("text", 400),
    ],
)
def test_a_mail_that_cannot_arrive_is_refused(sandbox, body, status):
    assert requests.post(f"{sandbox.url}/sandbox/incoming", json=body, timeout=5).status_code == status


def test_a_control_that_does_not_exist_says_so(sandbox):
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", "/clock", 405)):
        answer = requests.request(method, f"{sandbox.url}/sandbox{path}", timeout=5)
        assert (answer.status_code, "error" in answer.json()) == (status, True)


def test_the_routes_describe_themselves(sandbox):
    paths = requests.get(f"{sandbox.url}/openapi.json", timeout=5).json()["paths"]
    assert set(paths["/api/v2/tickets/{ticket_id}"]) == {"get", "put", "delete"}
    assert "/sandbox/clock" in paths
    assert any(path.startswith("/github/") for path in paths)

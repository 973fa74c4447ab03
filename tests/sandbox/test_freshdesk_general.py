"""What holds for every call of the helpdesk: the key, limits, formats, errors, pages."""

from __future__ import annotations

import pytest
import requests


@pytest.mark.parametrize("auth", [None, ("wrong", "X"), ("", "")])
def test_without_the_key_nobody_comes_in(sandbox, auth):
    answer = requests.get(f"{sandbox.url}/api/v2/contacts", auth=auth, timeout=5)
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "invalid_credentials",
        "message": "You have to be logged in to perform this action.",
    }
    assert answer.headers["X-Freshdesk-API-Version"] == "latest=v2; requested=v2"


def test_any_password_goes_with_the_key(sandbox):
    assert sandbox.api("GET", "/agents/me", auth=("sandbox", "anything")).json()["contact"]["name"] == "Priya Raman"


def test_every_answer_carries_its_headers(sandbox):
    first, second = sandbox.api("GET", "/tickets/101"), sandbox.api("GET", "/nowhere")
    for answer in (first, second):
        assert answer.headers["X-RateLimit-Total"] == "700"
        assert answer.headers["X-RateLimit-Used-CurrentRequest"] == "1"
        assert answer.headers["X-Request-Id"]
    assert int(first.headers["X-RateLimit-Remaining"]) - int(second.headers["X-RateLimit-Remaining"]) == 1


@pytest.mark.parametrize(
    ("path", "cost"),
    [
        ("/tickets/101?include=requester,company", 3),
        ("/tickets/101", 1),
        ("/tickets?include=stats", 3),
        ("/tickets?include=stats,requester", 5),
        ("/contacts", 1),
    ],
)
def test_what_is_included_costs_credits(sandbox, path, cost):
    before = int(sandbox.api("GET", "/agents/me").headers["X-RateLimit-Remaining"])
    answer = sandbox.api("GET", path)
    assert answer.headers["X-RateLimit-Used-CurrentRequest"] == str(cost)
    assert before - int(answer.headers["X-RateLimit-Remaining"]) == cost


def test_invalid_requests_are_charged_too(sandbox):
    before = int(sandbox.api("GET", "/agents/me").headers["X-RateLimit-Remaining"])
    sandbox.api("POST", "/tickets", {})
    sandbox.api("GET", "/agents/me", auth=("wrong", "X"))
    assert before - int(sandbox.api("GET", "/agents/me").headers["X-RateLimit-Remaining"]) == 3


def test_beyond_the_limit_there_is_429_and_a_time_to_wait(sandbox):
    sandbox.control("/switches", {"plan": "trial"})
    answers = [sandbox.api("GET", "/agents/me") for _ in range(52)]
    assert [answer.status_code for answer in answers] == [200] * 50 + [429] * 2
    assert answers[-1].content == b""
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["X-RateLimit-Remaining"] == "0"


def test_lists_have_a_smaller_limit_of_their_own(sandbox):
    sandbox.control("/switches", {"plan": "growth"})
    assert [sandbox.api("GET", "/contacts").status_code for _ in range(21)] == [200] * 20 + [429]
    assert sandbox.api("GET", "/companies").status_code == 200


def test_the_limits_of_a_plan_can_be_set(sandbox):
    sandbox.control("/switches", {"ceilings": {"total": 2}})
    assert [sandbox.api("GET", "/agents/me").status_code for _ in range(3)] == [200, 200, 429]
    sandbox.control("/switches", {"limits": False})
    assert sandbox.api("GET", "/agents/me").status_code == 200


def test_what_is_not_there_is_an_empty_404(sandbox):
    for path in (
        "/tickets/999",
        "/nowhere",
        "/tickets/abc",
        "/tickets/99999999999999999999",
        "/canned_response_folder",
    ):
        answer = sandbox.api("GET", path)
        assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (404, b"", "0")


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/tickets"), ("DELETE", "/canned_responses/67001000101"), ("PATCH", "/tickets/101")]
)
def test_a_wrong_verb_is_405(sandbox, method, path):
    answer = sandbox.api(method, path)
    assert answer.status_code == 405
    assert method not in answer.headers["Allow"]
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/tickets/merge", "/tickets/bulk_update", "/discussions/categories", "/solutions/categories"]
)
def test_what_is_left_out_answers_as_an_unknown_route(sandbox, path):
    assert sandbox.api("POST", path, {}).status_code in (404, 405)


@pytest.mark.parametrize("body", ["{", "[1]", '"text"', "NaN", "[" * 5000, b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(sandbox, body):
    answer = sandbox.api("POST", "/tickets", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


def test_another_type_of_body_is_415_and_another_accept_406(sandbox):
    assert sandbox.api("POST", "/tickets", data="subject=x").status_code == 415
    assert sandbox.api("POST", "/tickets", data={"subject": "x"}).status_code == 415
    assert sandbox.api("GET", "/tickets", headers={"Accept": "text/html"}).status_code == 406


def test_an_unknown_parameter_is_refused_not_ignored(sandbox):
    unknown = ("invalid_field", "Unexpected/invalid field in request")
    assert sandbox.problems("GET", "/tickets", assignee=3) == {"assignee": unknown}
    assert sandbox.problems("GET", "/ticket_fields", page=1) == {"page": unknown}
    assert sandbox.problems("PUT", "/tickets/101", {"colour": "red"}) == {"colour": unknown}
    assert sandbox.problems("PUT", "/tickets/101", {"custom_fields": {"cf_x": 1}}) == {"custom_fields.cf_x": unknown}


def test_pages_are_linked_and_end(quick):
    first = quick.api("GET", "/tickets", params={"per_page": 20, "order_type": "asc"})
    assert len(first.json()) == 20
    assert first.links["next"]["url"].startswith(f"{quick.url}/api/v2/tickets?")
    second = requests.get(first.links["next"]["url"], auth=("sandbox", "X"), timeout=5)
    assert not {ticket["id"] for ticket in first.json()} & {ticket["id"] for ticket in second.json()}
    assert "Link" not in second.headers
    assert quick.get("/tickets", page=250) == []


def test_a_page_is_thirty_and_at_most_a_hundred(quick):
    for _ in range(3):
        quick.ticket()
    assert len(quick.get("/tickets")) == 30
    assert quick.problems("GET", "/contacts", per_page=101)["per_page"][0] == "invalid_value"
    assert quick.problems("GET", "/contacts", page=0)["page"][0] == "datatype_mismatch"
    assert quick.problems("GET", "/tickets", page=301) == {
        "page": (
            "invalid_value",
            "You cannot access tickets beyond the 300th page. Please provide a smaller page number.",
        )
    }


def test_a_trailing_slash_changes_nothing(sandbox):
    assert sandbox.api("GET", "/tickets/101/").json()["id"] == 101


def test_a_plan_without_a_feature_says_so(sandbox):
    sandbox.control("/switches", {"plan": "growth"})
    for path, feature in (
        ("/surveys", "Surveys"),
        ("/tickets/101/satisfaction_ratings", "Surveys"),
        ("/time_entries", "Timesheets"),
        ("/roles", "Custom Roles"),
    ):
        answer = sandbox.api("GET", path)
        assert answer.status_code == 403
        assert answer.json() == {
            "code": "require_feature",
            "message": f"The {feature} feature(s) is/are not supported in your plan. "
            "Please upgrade your account to use it.",
        }


def test_a_single_feature_can_be_missing(sandbox):
    sandbox.control("/switches", {"missing_features": ["Timesheets"]})
    assert sandbox.api("GET", "/time_entries").status_code == 403
    assert sandbox.api("GET", "/surveys").status_code == 200


def test_what_a_refused_call_began_is_undone(quick):
    before = len(quick.get("/contacts", per_page=100))
    body = {"email": "new@example.org", "subject": "s", "description": "d", "status": 2, "priority": 1}
    assert quick.api("POST", "/tickets", {**body, "related_ticket_ids": [4711]}).status_code == 400
    assert len(quick.get("/contacts", per_page=100)) == before

"""A write to the tracker whose answer is lost counts as uncertain, and is not repeated."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from test_http import Asked, serving, unused_address
from trackers import ISSUES, LONG_AGO, MARK, ORGANIZATION, TOKEN, order, put_issue, state

from deskbook.errors import AnswerLost, ServiceError, Unavailable
from deskbook.services.github.client import GitHub
from deskbook_sandbox.server import Running


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"truncate": True}])
def test_an_issue_whose_answer_is_lost_is_reported_and_not_opened_again(
    sandbox: Running, tracker: GitHub, fault: dict[str, Any]
) -> None:
    order(sandbox, {"method": "POST", "path": ISSUES, **fault})
    with pytest.raises(AnswerLost, match=r"opening an issue: .*look before repeating it"):
        tracker.open("It breaks", MARK, [])
    assert [issue.refs for issue in tracker.issues(LONG_AGO)] == [("101-1-timebox.track",)]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"truncate": True}, {"status": 502}])
@pytest.mark.parametrize("call", ["comment", "assign", "reopen", "retitle"])
def test_every_write_without_an_answer_counts_as_uncertain(
    sandbox: Running, tracker: GitHub, fault: dict[str, Any], call: str
) -> None:
    number = put_issue(sandbox)
    calls: dict[str, Callable[[], object]] = {
        "comment": lambda: tracker.comment(number, "Hello"),
        "assign": lambda: tracker.assign(number, "mei-tanaka"),
        "reopen": lambda: tracker.reopen(number),
        "retitle": lambda: tracker.retitle(number, "[EVENT][3 May 2027] a hub"),
    }
    tracker.issues(LONG_AGO)
    before = sum(state(sandbox)["requests"].values())
    order(sandbox, {"method": "*", "path": f"{ISSUES}/*", **fault})
    with pytest.raises(AnswerLost):
        calls[call]()
    assert sum(state(sandbox)["requests"].values()) == before + 1


def test_a_patient_tracker_repeats_no_write_either(sandbox: Running) -> None:
    patient = GitHub(f"{sandbox.url}/github", "sandbox", ORGANIZATION, patient=True)
    order(sandbox, {"method": "POST", "path": ISSUES, "status": 502})
    with pytest.raises(AnswerLost):
        patient.open("It breaks", MARK, [])
    assert state(sandbox)["requests"][f"POST {ISSUES}"] == 1


def test_a_write_that_never_left_did_not_land() -> None:
    with pytest.raises(Unavailable):
        GitHub(unused_address(), TOKEN, ORGANIZATION, patient=False).open("It breaks", "", [])


def test_a_write_beyond_the_calls_allowed_did_not_land(sandbox: Running, tracker: GitHub) -> None:
    order(sandbox, {"method": "POST", "path": ISSUES, "status": 429})
    with pytest.raises(Unavailable, match="no more calls"):
        tracker.open("It breaks", MARK, [])


@pytest.mark.parametrize("body", ["{}", '{"number": "x"}', "<html>Sign in</html>", "[]", "null", ""])
def test_a_write_answered_with_nonsense_counts_as_uncertain(body: str) -> None:
    with serving(lambda request, n: request.say(200, body)) as local, pytest.raises(AnswerLost):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).open("It breaks", "", [])


def test_a_list_never_leads_the_token_to_another_host() -> None:
    record = {"number": 1, "title": "x", "html_url": "", "state": "open", "body": None, "user": None}
    record |= {"created_at": "2026-11-01T09:00:00Z", "labels": [], "assignees": [], "pull_request": None}
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def lead_away(request: Asked, n: int) -> None:
            request.say(200, json.dumps([record]), Link=f'<{other.url}/x?page=2>; rel="next"')

        with serving(lead_away) as local, pytest.raises(ServiceError):
            GitHub(local.url, TOKEN, ORGANIZATION, patient=False).issues(LONG_AGO)
        assert other.asked == []

"""The tracker adapter: the changes of a hub, and its refusals in our words."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from typing import Any

import pytest
import requests
from test_http import Asked, cut, serving, unused_address
from trackers import LONG_AGO, ORGANIZATION, REPOSITORY, TOKEN, commit, commit_to, hub_changes_from

from deskbook.errors import NotFound, Refused, ServiceError, Unavailable
from deskbook.services.github.client import GitHub
from deskbook_sandbox.server import Running


def test_hub_changes_are_the_newest_commits_of_that_cluster_only(sandbox: Running, tracker: GitHub) -> None:
    commit_to(sandbox, "aurora-aws", "grace-holloway", 2, "Raise memory\n\nBecause it was low")
    commit_to(sandbox, "aurora-aws", "someone@else.example.org", 3)
    commit_to(sandbox, "aurora-aws-2", "mei-tanaka", 4)
    found = tracker.hub_changes("aurora-aws")
    assert [change.author for change in found] == ["someone@else.example.org", "grace-holloway"]
    assert (found[1].message, found[1].at.isoformat()) == ("Raise memory", "2026-11-02T09:00:00+00:00")


def test_ten_hub_changes_are_enough_and_cost_one_call(sandbox: Running, tracker: GitHub) -> None:
    for day in range(1, 16):
        commit_to(sandbox, "aurora-aws", "grace-holloway", day)
    assert [change.at.day for change in tracker.hub_changes("aurora-aws")] == list(range(15, 5, -1))
    counts = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["requests"]
    assert {path: n for path, n in counts.items() if "github" in path} == {f"GET /github/repos/{REPOSITORY}/commits": 1}


def test_a_cluster_nobody_touched_has_no_changes(tracker: GitHub) -> None:
    assert tracker.hub_changes("nowhere") == ()


def test_nothing_is_asked_before_it_is_needed() -> None:
    GitHub(unused_address(), TOKEN, ORGANIZATION, patient=True)


def test_an_author_without_an_account_is_known_by_mail() -> None:
    assert [change.author for change in hub_changes_from(commit(None), commit({"login": "ada"}))] == [
        "ada@example.org",
        "ada",
    ]


def test_a_wrong_token_names_the_setting_and_not_itself(sandbox: Running) -> None:
    with pytest.raises(Refused, match="Check GITHUB_TOKEN") as caught:
        GitHub(f"{sandbox.url}/github", TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_repository_that_is_hidden_is_not_found(sandbox: Running) -> None:
    other = ORGANIZATION.tracker.model_copy(update={"repository": "nobody/nothing"})
    organization = ORGANIZATION.model_copy(update={"tracker": other})
    with pytest.raises(NotFound, match="nobody/nothing is not there, or GITHUB_TOKEN may not see it"):
        GitHub(f"{sandbox.url}/github", "sandbox", organization, patient=False).hub_changes("aurora-aws")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (403, "Resource not accessible by personal access token", Refused),
        (403, "API rate limit exceeded for user", Unavailable),
        (429, "You have exceeded a secondary rate limit", Unavailable),
        (500, "", Unavailable),
        (422, "Validation Failed", Refused),
        (404, "gone fishing", NotFound),
    ],
)
def test_githubs_refusals_become_ours(status: int, message: str, kind: type[ServiceError]) -> None:
    body = json.dumps({"message": f"{message} {TOKEN}"})
    with serving(lambda request, n: request.say(status, body)) as local, pytest.raises(kind) as caught:
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "right"),
    [
        (lambda tracker: tracker.hub_changes("aurora-aws"), f"read the contents of {REPOSITORY}"),
        (lambda tracker: tracker.issues(LONG_AGO), f"read and write the issues of {REPOSITORY}"),
        (lambda tracker: tracker.open("It breaks", "", []), f"read and write the issues of {REPOSITORY}"),
        (lambda tracker: tracker.set_board(1, {}), f"read and write the projects of {REPOSITORY.split('/')[0]}"),
    ],
)
def test_a_call_that_is_not_allowed_names_the_right_that_it_needs(call: Callable[[GitHub], Any], right: str) -> None:
    body = json.dumps({"message": "Resource not accessible by personal access token"})
    with serving(lambda request, n: request.say(403, body)) as local, pytest.raises(Refused) as caught:
        call(GitHub(local.url, TOKEN, ORGANIZATION, patient=False))
    assert str(caught.value).endswith(f"Give GITHUB_TOKEN the right to {right}.")


@pytest.mark.parametrize("body", ["<html>Sign in</html>", '{"commits": ', "{}", "[1]", '[{"sha": "a"}]', '"text"'])
def test_an_answer_that_is_no_list_of_commits_is_an_error_of_ours(body: str) -> None:
    with serving(lambda request, n: request.say(200, body)) as local, pytest.raises(ServiceError):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")


def test_an_answer_that_breaks_off_or_is_missing_is_unavailable() -> None:
    with serving(lambda request, n: cut(request)) as local, pytest.raises(Unavailable):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
    with pytest.raises(Unavailable, match="DESKBOOK_SANDBOX_URL"):
        GitHub(unused_address(), TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")


def test_a_limit_that_ends_in_an_hour_is_not_waited_for() -> None:
    def limited(request: Asked, n: int) -> None:
        body = '{"message": "API rate limit exceeded"}'
        request.say(403, body, X_RateLimit_Reset=int(time.time()) + 3600)

    begun = time.monotonic()
    with serving(limited) as local, pytest.raises(Unavailable):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=True).hub_changes("aurora-aws")
    assert time.monotonic() - begun < 600  # of the hour that it was told to wait

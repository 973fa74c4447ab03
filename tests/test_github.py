"""The tracker adapter, and that PyGithub keeps the token to itself."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterator
from typing import Any

import github
import pytest
import requests
from github import Auth
from test_http import Asked, cut, serving, unused_address

from deskbook.errors import NotFound, Refused, ServiceError, Unavailable
from deskbook.github import GitHub, confine
from deskbook.organization import load_organization
from deskbook.sandbox.github_commits import add_commit, hub_path
from deskbook.sandbox.server import Running, start

ORGANIZATION = load_organization()
TOKEN = "ghp_that-nobody-may-see"
REPOSITORY = ORGANIZATION.tracker.repository


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with start(ORGANIZATION, seed=None) as running:
        yield running


@pytest.fixture
def sandbox(server: Running) -> Running:
    requests.post(f"{server.url}/sandbox/reset", json={"seed": None}, timeout=10).raise_for_status()
    return server


@pytest.fixture
def tracker(sandbox: Running) -> GitHub:
    return GitHub(f"{sandbox.url}/github", "sandbox", ORGANIZATION, patient=False)


def commit_to(sandbox: Running, cluster: str, author: str, day: int, message: str = "Mend it") -> None:
    with sandbox.world.transaction():
        add_commit(
            sandbox.world, f"{hub_path(sandbox.world, cluster)}x.yaml", author, f"2026-11-{day:02}T09:00:00Z", message
        )


def commit(author: Any, mail: str = "ada@example.org") -> dict[str, Any]:
    person = {"name": "Ada", "email": mail, "date": "2026-11-01T09:00:00Z"}
    return {"sha": "a" * 40, "author": author, "commit": {"message": "x", "author": person, "committer": person}}


def touch_from(*commits: dict[str, Any]) -> Any:
    with serving(lambda request, n: request.say(200, json.dumps(commits))) as local:
        return GitHub(local.url, TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")


def test_touches_are_the_newest_commits_of_that_cluster_only(sandbox: Running, tracker: GitHub) -> None:
    commit_to(sandbox, "aurora-aws", "grace-holloway", 2, "Raise memory\n\nBecause it was low")
    commit_to(sandbox, "aurora-aws", "someone@else.example.org", 3)
    commit_to(sandbox, "aurora-aws-2", "mei-tanaka", 4)
    found = tracker.touches("aurora-aws")
    assert [touch.author for touch in found] == ["someone@else.example.org", "grace-holloway"]
    assert (found[1].message, found[1].at.isoformat()) == ("Raise memory", "2026-11-02T09:00:00+00:00")


def test_ten_touches_are_enough_and_cost_one_call(sandbox: Running, tracker: GitHub) -> None:
    for day in range(1, 16):
        commit_to(sandbox, "aurora-aws", "grace-holloway", day)
    assert [touch.at.day for touch in tracker.touches("aurora-aws")] == list(range(15, 5, -1))
    counts = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["requests"]
    assert {path: n for path, n in counts.items() if "github" in path} == {f"GET /github/repos/{REPOSITORY}/commits": 1}


def test_a_cluster_nobody_touched_has_no_touches(tracker: GitHub) -> None:
    assert tracker.touches("nowhere") == ()


def test_nothing_is_asked_before_it_is_needed() -> None:
    GitHub(unused_address(), TOKEN, ORGANIZATION, patient=True)


def test_an_author_without_an_account_is_known_by_mail() -> None:
    assert [touch.author for touch in touch_from(commit(None), commit({"login": "ada"}))] == ["ada@example.org", "ada"]


def test_a_wrong_token_names_the_setting_and_not_itself(sandbox: Running) -> None:
    with pytest.raises(Refused, match="Check GITHUB_TOKEN") as caught:
        GitHub(f"{sandbox.url}/github", TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_repository_that_is_hidden_is_not_found(sandbox: Running) -> None:
    other = ORGANIZATION.tracker.model_copy(update={"repository": "nobody/nothing"})
    organization = ORGANIZATION.model_copy(update={"tracker": other})
    with pytest.raises(NotFound, match="nobody/nothing is not there, or GITHUB_TOKEN may not see it"):
        GitHub(f"{sandbox.url}/github", "sandbox", organization, patient=False).touches("aurora-aws")


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
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("body", ["<html>Sign in</html>", '{"commits": ', "{}", "[1]", '[{"sha": "a"}]', '"text"'])
def test_an_answer_that_is_no_list_of_commits_is_an_error_of_ours(body: str) -> None:
    with serving(lambda request, n: request.say(200, body)) as local, pytest.raises(ServiceError):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")


def test_an_answer_that_breaks_off_or_is_missing_is_unavailable() -> None:
    with serving(lambda request, n: cut(request)) as local, pytest.raises(Unavailable):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")
    with pytest.raises(Unavailable, match="DESKBOOK_SANDBOX_URL"):
        GitHub(unused_address(), TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")


def test_a_limit_that_ends_in_an_hour_is_not_waited_for() -> None:
    def limited(request: Asked, n: int) -> None:
        body = '{"message": "API rate limit exceeded"}'
        request.say(403, body, X_RateLimit_Reset=int(time.time()) + 3600)

    begun = time.monotonic()
    with serving(limited) as local, pytest.raises(Unavailable):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=True).touches("aurora-aws")
    assert time.monotonic() - begun < 3


# Where the token goes.


def confined(url: str) -> github.Github:
    client = github.Github(auth=Auth.Token(TOKEN), base_url=url, retry=None, lazy=True)
    confine(client.requester, url)
    return client


def test_a_next_page_on_another_host_never_sees_the_token() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def lead_away(request: Asked, n: int) -> None:
            request.say(200, json.dumps([commit(None)]), Link=f'<{other.url}/x?page=2>; rel="next"')

        with serving(lead_away) as local, pytest.raises((ServiceError, AssertionError)):
            list(confined(local.url).get_repo(REPOSITORY).get_commits())
        assert other.asked == []


@pytest.mark.parametrize("stranger", ["http://api.github.com/x", "https://evil.github.com/x"])
def test_not_even_githubs_other_hosts_or_plain_http_see_the_token(stranger: str) -> None:
    requester = confined("https://api.github.com").requester
    with pytest.raises(ServiceError, match="our token must not go"):
        requester.requestJsonAndCheck("GET", stranger)


def test_a_redirect_elsewhere_never_sees_the_token() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def sent_on(request: Asked, n: int) -> None:
            request.say((301, 302, 307)[n], Location=f"{other.url}/repos/{REPOSITORY}/commits")

        with serving(sent_on) as local:
            for _ in range(3):
                with pytest.raises(ServiceError, match="new name in tracker/repository"):
                    GitHub(local.url, TOKEN, ORGANIZATION, patient=False).touches("aurora-aws")
            assert len(local.asked) == 3
        assert other.asked == []


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", unused_address())
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert touch_from(commit(None))[0].author == "ada@example.org"


def test_a_pygithub_that_changed_inside_is_noticed() -> None:
    class Changed:
        pass

    with pytest.raises(ServiceError, match=r"requirements\.lock"):
        confine(Changed(), "https://api.github.com")  # type: ignore[arg-type]

"""PyGithub keeps the token to itself, and to one host."""

from __future__ import annotations

import json
import re
from pathlib import Path

import github
import pytest
from github import Auth
from github.Repository import Repository
from github.Requester import Requester
from test_http import Asked, serving, unused_address
from trackers import ORGANIZATION, REPOSITORY, TOKEN, commit, hub_changes_from

from deskbook.errors import ServiceError
from deskbook.services.github import transport
from deskbook.services.github.client import GitHub
from deskbook.services.github.transport import pinned


def confined(url: str) -> Requester:
    return pinned(github.Github(auth=Auth.Token(TOKEN), base_url=url, retry=None, lazy=True).requester, url)


def test_a_next_page_on_another_host_never_sees_the_token() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def lead_away(request: Asked, n: int) -> None:
            request.say(200, json.dumps([commit(None)]), Link=f'<{other.url}/x?page=2>; rel="next"')

        with serving(lead_away) as local, pytest.raises((ServiceError, AssertionError)):
            list(Repository(confined(local.url), url=f"/repos/{REPOSITORY}").get_commits())
        assert other.asked == []


@pytest.mark.parametrize("stranger", ["http://api.github.com/x", "https://evil.github.com/x"])
def test_not_even_githubs_other_hosts_or_plain_http_see_the_token(stranger: str) -> None:
    requester = confined("https://api.github.com")
    with pytest.raises(ServiceError, match="our token must not go"):
        requester.requestJsonAndCheck("GET", stranger)


def test_a_redirect_elsewhere_never_sees_the_token() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def sent_on(request: Asked, n: int) -> None:
            request.say((301, 302, 307)[n], Location=f"{other.url}/repos/{REPOSITORY}/commits")

        with serving(sent_on) as local:
            for _ in range(3):
                with pytest.raises(ServiceError, match="new name in tracker/repository"):
                    GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
            assert len(local.asked) == 3
        assert other.asked == []


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", unused_address())
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert hub_changes_from(commit(None))[0].author == "ada@example.org"


def test_the_rest_of_this_process_keeps_its_pygithub_as_it_was() -> None:
    confined("https://api.github.com")
    with serving(lambda request, n: request.say(200, "{}", **{"X-Page": "theirs"})) as local:
        theirs = github.Github(auth=Auth.Token("theirs"), base_url=local.url, retry=None).requester
        assert theirs.requestJsonAndCheck("GET", "/x")[0]["x-page"] == "theirs"


def test_two_trackers_in_one_process_keep_their_tokens_apart() -> None:
    with serving(lambda request, n: request.say(200, "{}")) as one, serving(lambda request, n: request.say(200)) as two:
        first, second = confined(one.url), confined(two.url)
        for mine, theirs in ((first, two), (second, one)):
            with pytest.raises((ServiceError, AssertionError)):
                mine.requestJsonAndCheck("GET", f"{theirs.url}/x")
        assert one.asked == two.asked == []


def test_the_adapter_names_nothing_that_is_private_to_pygithub() -> None:
    """What is public there may change too: then the tests above fail, since the token would go elsewhere."""
    for path in Path(transport.__file__).parent.glob("*.py"):
        assert "_Requester__" not in path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!self)(?<!cls)\._[a-z]", path.read_text(encoding="utf-8")), path.name

"""A right that the token lacks is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_http import Asked, serving
from trackers import ORGANIZATION

from deskbook.services.checks import Lacking
from deskbook.services.github.client import GitHub


@pytest.mark.parametrize(
    ("repository", "scopes", "lacking"),
    [
        ({"permissions": {"push": True}}, "repo, project", {}),
        ({"permissions": {"triage": True}}, "", {}),
        ({"permissions": {"pull": True, "push": False}}, "repo, project", {"role": "may only pull"}),
        ({"permissions": {"push": True}, "archived": True}, "repo, project", {"role": "archived"}),
        ({"permissions": {"push": True}, "has_issues": False}, "repo, project", {"role": "issues are switched off"}),
        ({"permissions": {"push": True}}, "public_repo", {"scopes": "no scope repo, project; there is public_repo"}),
    ],
)
def test_a_role_or_scope_that_the_token_lacks_is_named(
    repository: dict[str, Any], scopes: str, lacking: dict[str, str]
) -> None:
    told = {"X-OAuth-Scopes": scopes} if scopes else {}
    with serving(lambda request, n: request.say(200, json.dumps(repository), **told)) as local:
        found = {}
        for check in GitHub(local.url, "key", ORGANIZATION, patient=False).checks():
            if check.name in ("role", "scopes"):
                try:
                    check.look()
                except Lacking as error:
                    found[check.name] = str(error)
    assert list(found) == list(lacking)
    assert all(words in found[name] for name, words in lacking.items())


def test_a_board_that_may_only_be_read_is_named() -> None:
    def answer(request: Asked, n: int) -> None:
        project = {"id": "P", "viewerCanUpdate": False, "fields": {"nodes": []}}
        request.say(200, json.dumps({"data": {"organization": {"projectV2": project}}}))

    with serving(answer) as local:
        checks = GitHub(local.url, "key", ORGANIZATION, patient=False).checks()
        (check,) = (check for check in checks if check.name == "board")
        with pytest.raises(Lacking, match="not changed"):
            check.look()

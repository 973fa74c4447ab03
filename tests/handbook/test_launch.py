"""Where the button of a process page leads."""

from __future__ import annotations

from urllib.parse import urlsplit

from building import ORGANIZATION

from deskbook.config.organization import Handbook
from deskbook.config.settings import LOOPBACK
from deskbook.handbook.embed import _button, launch

OURS = Handbook(hub="https://hub.example.org/", repository="https://git.example.org/we/desk")


def test_it_brings_the_repository_first_and_then_opens_ones_own_copy() -> None:
    assert launch(OURS, "triage") == (
        "https://hub.example.org/hub/user-redirect/git-pull"
        "?repo=https://git.example.org/we/desk&branch=main&urlpath=deskbook/open/triage"
    )


def test_without_a_repository_it_opens_the_copy_at_once() -> None:
    plain = OURS.model_copy(update={"repository": ""})
    assert launch(plain, "triage") == "https://hub.example.org/hub/user-redirect/deskbook/open/triage"


def test_without_a_hub_there_is_no_button_and_the_practice_hub_is_called_so() -> None:
    assert _button(Handbook(), "triage") == []
    assert _button(OURS, "triage")[0].astext() == "Launch on the hub"
    assert urlsplit(ORGANIZATION.handbook.hub).hostname in LOOPBACK
    assert _button(ORGANIZATION.handbook, "triage")[0].astext() == "Launch on the practice hub"

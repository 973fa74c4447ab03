"""The environment: live, a running sandbox, or neither; and one error for all that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskbook.config.settings import GITHUB, read_definitions, read_settings
from deskbook.errors import SettingsError

LIVE = {
    "DESKBOOK_LIVE": "1",
    "FRESHDESK_URL": "https://2i2c.freshdesk.com/",
    "FRESHDESK_API_KEY": "fd-secret-1",
    "GITHUB_TOKEN": "gh-secret-2",
    "SLACK_BOT_TOKEN": "xoxb-secret-3",
    "PAGERDUTY_API_URL": "https://api.pagerduty.com",
    "PAGERDUTY_TOKEN": "pd-secret-4",
}
COAST = Path(__file__).parents[1] / "organizations" / "coast.yaml"


def test_without_settings_it_is_practice() -> None:
    settings = read_settings({})
    assert not settings.live
    assert settings.sandbox_url == ""


def test_a_running_sandbox_is_joined_by_its_address() -> None:
    assert read_settings({"DESKBOOK_SANDBOX_URL": "http://127.0.0.1:8080/"}).sandbox_url == "http://127.0.0.1:8080"


def test_live_settings_are_read_and_githubs_address_has_a_default() -> None:
    settings = read_settings(LIVE)
    assert settings.live
    assert settings.freshdesk_url == "https://2i2c.freshdesk.com"
    assert settings.github_url == GITHUB


def test_one_error_lists_everything_that_is_missing() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"DESKBOOK_LIVE": "1"})
    for name in (
        "FRESHDESK_URL",
        "FRESHDESK_API_KEY",
        "GITHUB_TOKEN",
        "SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL",
        "PAGERDUTY_API_URL",
        "PAGERDUTY_TOKEN",
    ):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DESKBOOK_LIVE": "yes"}, "DESKBOOK_LIVE is 'yes'"),
        ({"FRESHDESK_URL": "2i2c.freshdesk.com"}, "is not an address"),
        ({"FRESHDESK_URL": "http://2i2c.freshdesk.com"}, "uses http"),
        ({"FRESHDESK_URL": "https://key:x@2i2c.freshdesk.com"}, "without a key in it"),
        ({"FRESHDESK_URL": "https://[bad"}, "is not an address"),
        ({"FRESHDESK_API_KEY": "two words"}, "FRESHDESK_API_KEY has a space"),
        ({"GITHUB_API_URL": "ftp://github.example"}, "GITHUB_API_URL"),
        ({"DESKBOOK_SANDBOX_URL": "http://127.0.0.1:1"}, "never both"),
        ({"DESKBOOK_ORGANIZATION": "/nowhere/organization.yaml"}, "DESKBOOK_ORGANIZATION names /nowhere"),
    ],
)
def test_what_is_malformed_is_named(changes: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({**LIVE, **changes})
    assert words in str(caught.value)


def test_a_sandbox_address_that_is_none_is_told_how_one_looks() -> None:
    with pytest.raises(SettingsError, match=r"write it as http://127\.0\.0\.1:8080$"):
        read_settings({"DESKBOOK_SANDBOX_URL": "127.0.0.1:8080"})


def test_a_sandbox_elsewhere_is_refused() -> None:
    with pytest.raises(SettingsError, match="not on this machine"):
        read_settings({"DESKBOOK_SANDBOX_URL": "http://sandbox.example.org"})


def test_secrets_show_neither_in_errors_nor_in_the_settings_themselves() -> None:
    settings = read_settings(LIVE)
    assert len(settings.secrets) == 4
    for secret in settings.secrets:
        assert secret not in repr(settings)
    with pytest.raises(SettingsError) as caught:
        read_settings({**LIVE, "FRESHDESK_URL": "", "SLACK_WEBHOOK_URL": "hooks/T0/B0/secret-5"})
    assert "secret" not in str(caught.value)


def test_a_key_inside_an_address_is_not_repeated() -> None:
    for value in ("https://secret-6:x@desk.example", "https://desk.example?token=secret-6", "secret-6:x@desk.example"):
        with pytest.raises(SettingsError) as caught:
            read_settings({**LIVE, "FRESHDESK_URL": value})
        assert "FRESHDESK_URL is not an address" in str(caught.value)
        assert "secret-6" not in str(caught.value)


def test_another_organisation_is_named_by_its_file_and_fills_the_process() -> None:
    process, organization = read_definitions({"DESKBOOK_ORGANIZATION": str(COAST), "DESKBOOK_LIVE": "1"})
    assert organization.name == "Coast Compute Cooperative"
    assert "Hilfe" in process.step("triage.watch").does

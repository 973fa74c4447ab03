"""Live mode, with a sandbox in the place of the real services: who acts is shown first, and nothing is written unasked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from roads import world
from talking import get, post
from test_cli import deskbook

from deskbook.assembly import connect
from deskbook.config.organization import MailRules
from deskbook.config.settings import Settings, read_settings
from deskbook.engine.plan import Receipt
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.services.memory import FolderMemory
from deskbook.ui import views
from deskbook_sandbox.server import Running


def services(url: str) -> dict[str, str]:
    """The environment of a live run; the chat's webhook, since the address of Slack itself is no setting."""
    return {
        "DESKBOOK_LIVE": "1",
        "FRESHDESK_URL": url,
        "FRESHDESK_API_KEY": "sandbox",
        "GITHUB_API_URL": f"{url}/github",
        "GITHUB_TOKEN": "sandbox",
        "SLACK_WEBHOOK_URL": f"{url}/slack/services/T0/B0/sandbox",
        "PAGERDUTY_API_URL": f"{url}/pagerduty",
        "PAGERDUTY_TOKEN": "sandbox",
    }


@pytest.fixture
def settings(running: Running) -> Settings:
    return read_settings(services(running.url))


def test_a_live_desk_says_as_whom_it_acts_at_each_service(settings: Settings, running: Running) -> None:
    said = views.shown(connect(settings))["text/plain"]
    assert f"LIVE: {running.url} and 2i2c-org/infrastructure" in said
    for who in ("Priya Raman <priya.raman@staff.example.org>", "priya-raman", "incoming webhook"):
        assert who in said


def test_a_service_that_does_not_tell_is_shown_so_and_stops_nothing(settings: Settings, running: Running) -> None:
    post(running.url, "/sandbox/faults", [{"method": "GET", "path": "/pagerduty/users/me", "status": 400, "times": 1}])
    assert dict(connect(settings).accounts())["Pager"] == "whoever runs it: the token is the whole account's"
    post(running.url, "/sandbox/faults", [{"method": "GET", "path": "/pagerduty/users/me", "status": 403, "times": 1}])
    assert dict(connect(settings).accounts())["Pager"].startswith("not told. PagerDuty: GET /users/me is not allowed")


def test_the_account_is_shown_before_a_run_that_may_write_and_not_before_one_that_may_not(running: Running) -> None:
    for asked in ("--apply", "apply=true"):
        ran = deskbook("run", "triage", "ticket_id=99999", asked, **services(running.url))
        assert ran.stderr.index("LIVE: ") < ran.stderr.index("Priya Raman <") < ran.stderr.index("99999 is not there")
    assert "Priya Raman" not in deskbook("run", "triage", "ticket_id=99999", **services(running.url)).stderr


@pytest.mark.parametrize("name", ["triage", "timebox", "escalate", "workshop", "resolve", "incident"])
def test_nothing_is_written_without_apply(settings: Settings, running: Running, name: str) -> None:
    before, desk, planner = world(running.url), connect(settings), RUNBOOKS[name]
    case = desk.case(101)
    receipt = planner.plan(case, planner.decide(case)).run(desk)
    assert {line.state for line in receipt.actions} <= {"proposed", "already done"}
    assert world(running.url) == before
    asked = get(running.url, "/sandbox/state")["requests"]
    assert {call for call in asked if not call.startswith("GET ")} <= {"POST /github/graphql"}
    assert not receipt.sandbox


def test_no_more_than_so_many_mails_go_out_within_an_hour_whoever_gets_them(
    settings: Settings, running: Running, tmp_path: Path
) -> None:
    desk: Any = connect(settings)
    few = desk.organization.model_copy(update={"mail": desk.organization.mail.model_copy(update={"most_in_all": 1})})
    now = [datetime(2026, 11, 23, 17, 55, tzinfo=UTC)]
    desk = replace(desk, organization=few, memory=FolderMemory(tmp_path), helpdesk=Timed(desk.helpdesk, now))

    def triaged(number: int) -> Receipt:
        case = desk.case(number)
        return RUNBOOKS["triage"].plan(case).run(desk, apply=True)

    assert triaged(101).failure == ""
    second = triaged(102)
    assert "1 mails went out from here within an hour, and no more than 1 may" in second.failure
    assert "run again after 18:55 UTC" in second.failure
    assert len(get(running.url, "/sandbox/outbox")) == 1
    now[0] += timedelta(hours=1)
    assert triaged(102).failure == ""
    (tmp_path / "mails.json").write_text("rubbish", encoding="utf-8")
    assert triaged(103).failure == ""


@pytest.mark.parametrize(
    "spelled",
    ["ada@bücher.example.org", "ADA@BÜCHER.Example.org", "ada@xn--bcher-kva.example.org", "ada@bücher.example.org."],
)
def test_an_address_is_forbidden_however_its_domain_is_spelled(spelled: str) -> None:
    for never in ("bücher.example.org", "xn--bcher-kva.example.org", "ada@bücher.example.org", "example.org"):
        assert MailRules(never=(never,)).forbids(spelled)
    assert not MailRules(never=("cher.example.org", "eve@bücher.example.org")).forbids(spelled)
    assert not MailRules(never=("bücher.example.org",)).forbids("ada@bücher..example.org")


def test_an_address_is_forbidden_with_any_tag_and_a_tagged_one_alone() -> None:
    for tagged in ("ada+hub@example.org", "Ada+a+b@Example.org", "ada+@example.org", "ada@example.org"):
        assert MailRules(never=("ada@example.org",)).forbids(tagged)
    for other in ("adam@example.org", "eve+ada@example.org", "+ada@example.org", "ada+hub@example.net"):
        assert not MailRules(never=("ada@example.org",)).forbids(other)
    assert MailRules(never=("ada+hub@example.org",)).forbids("ada+hub@example.org")
    assert not MailRules(never=("ada+hub@example.org",)).forbids("ada@example.org")


class Timed:
    """The helpdesk of a live desk, with a clock that the test turns."""

    def __init__(self, helpdesk: Any, now: list[datetime]) -> None:
        self._helpdesk, self._now = helpdesk, now

    def __getattr__(self, name: str) -> Any:
        return (lambda: self._now[0]) if name == "now" else getattr(self._helpdesk, name)

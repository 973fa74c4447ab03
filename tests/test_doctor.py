"""The doctor on the sandbox, and on a sandbox in the place of the real services: what is lacking is named, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from building import ORGANIZATION
from roads import world
from talking import get, post
from test_cli import deskbook
from test_http import unused_address
from test_live import services

from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED
from deskbook.config.settings import Settings, read_settings
from deskbook.doctor import Row, examine
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.server import Running


def lacking(rows: tuple[Row, ...]) -> dict[str, str]:
    return {f"{row.service}: {row.name}": row.found for row in rows if row.state == "lacking"}


def test_all_is_fine_on_the_sandbox_and_nothing_is_written(desk: Desk, running: Running) -> None:
    before = world(running.url)
    rows = examine(desk)
    assert lacking(rows) == {}
    assert {(row.service, row.name) for row in rows if row.state == "not told"} == {
        ("Helpdesk", "writes"),
        ("Pager", "writes"),
    }
    assert world(running.url) == before
    asked = get(running.url, "/sandbox/state")["requests"]
    assert {call for call in asked if not call.startswith("GET ")} == {"POST /github/graphql"}


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/api/v2/agents", "Helpdesk: lists agents"),
        ("/api/v2/tickets", "Helpdesk: sees every ticket"),
        ("/api/v2/companies", "Helpdesk: reads companies"),
        ("/api/v2/contacts", "Helpdesk: reads contacts"),
        ("/api/v2/time_entries", "Helpdesk: reads time entries"),
        ("/api/v2/groups", "Helpdesk: group"),
        ("/api/v2/company_fields", "Helpdesk: company fields"),
        ("/github/repos/*/issues", "Tracker: reads issues"),
        ("/github/repos/*/commits", "Tracker: reads commits"),
        ("/pagerduty/incidents", "Pager: reads incidents"),
        ("/pagerduty/priorities", "Pager: priorities"),
        ("/pagerduty/services", "Pager: services"),
        ("/pagerduty/users", "Pager: people"),
    ],
)
def test_a_right_that_a_key_lacks_is_named(desk: Desk, running: Running, path: str, named: str) -> None:
    post(running.url, "/sandbox/faults", [{"method": "GET", "path": path, "status": 403, "times": 99}])
    rows = examine(desk)
    assert list(lacking(rows)) == [named]
    assert all(row.remedy for row in rows if row.state == "lacking")


def test_a_helpdesk_without_time_entries_lacks_nothing(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/switches", {"missing_features": ["Timesheets"]})
    rows = examine(desk)
    assert lacking(rows) == {}
    assert "minutes are written in private notes" in next(r.found for r in rows if r.name == "reads time entries")


@pytest.fixture(scope="module")
def shipped() -> Iterator[Running]:
    with server.start(ORGANIZATION) as running:
        yield running


@pytest.mark.parametrize(
    ("was", "is_now", "named", "found"),
    [
        ("broken: Something is not working\n  change", "broken: Defect\n  change", "Helpdesk: ticket types", "no ticket type Defect"),
        ("group: support\n", "group: helpers\n", "Helpdesk: group", "no group helpers; there is support"),
        ("hub_url: cf_hub_url", "hub_url: cf_hub", "Helpdesk: ticket field for the hub", "no ticket field cf_hub"),
        ("own_funding: dedicated_funding", "own_funding: paid", "Helpdesk: company fields", "no company field paid"),
        ("mail: mei.tanaka@", "mail: mei@", "Helpdesk: lists agents", "Mei Tanaka <mei@staff.example.org>"),
        ("mail: mei.tanaka@", "mail: mei@", "Pager: people", "no user mei@staff.example.org"),
        ("event_label: event", "event_label: happening", "Tracker: labels", "no label happening"),
        ("impact_field: Impact", "impact_field: Weight", "Tracker: board: Weight", "no field Weight"),
        ("support_label: support", "support_label: help", "Tracker: board: Type", "no option of Type help"),
        ("Refined, Up Next", "Refined, Soon", "Tracker: board: Status", "no option of Status Soon"),
        ("estimate: Estimate", "estimate: Effort", "Tracker: board: Effort", "no field Effort"),
        ("first: 2024-10-16", "first: 2014-10-16", "Tracker: board: Iteration", "no iteration Iteration 316, Iteration 317"),
        ("#product-and-services", "#everybody", "Chat: channel #everybody", "there is no channel #everybody"),
        ("update_hours: 3", "update_hours: 3\n  service: Nothing", "Pager: services", "none is called Nothing"),
    ],
)  # fmt: skip
def test_what_the_file_names_and_a_service_has_not_is_named(
    shipped: Running, tmp_path: Path, was: str, is_now: str, named: str, found: str
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert was in text
    (path := tmp_path / "organization.yaml").write_text(text.replace(was, is_now), encoding="utf-8")
    told = lacking(examine(connect(Settings(sandbox_url=shipped.url, organization=path))))
    assert found in told[named]
    assert len(told) <= 2


def test_a_channel_that_the_app_is_not_in_is_named(desk: Desk, running: Running) -> None:
    running.store.update("chat_channels", {"name": ORGANIZATION.chat.team.removeprefix("#")}, members=[])
    assert lacking(examine(desk)) == {f"Chat: channel {ORGANIZATION.chat.team}": "the app is not in it"}


@pytest.mark.parametrize("now", ["wall", "seed"])
def test_clocks_are_held_against_the_wall_clock_in_a_live_run(now: Any) -> None:
    with server.start(ORGANIZATION, now=now) as running:
        rows = examine(connect(read_settings(services(running.url))))
    clocks = {row.service: row for row in rows if row.name == "clock"}
    expected = "fine" if now == "wall" else "lacking"
    assert {name: row.state for name, row in clocks.items()} == {
        "Helpdesk": expected,
        "Tracker": expected,
        "Chat": "not told",
        "Pager": expected,
    }
    assert now == "wall" or all(
        " s behind ours" in row.found or " s ahead" in row.found for row in clocks.values() if row.state == "lacking"
    )


def test_a_service_that_cannot_be_reached_is_asked_once_and_the_others_as_ever(running: Running) -> None:
    settings = read_settings({**services(running.url), "PAGERDUTY_API_URL": unused_address()})
    rows = examine(connect(settings))
    assert [(row.name, row.state) for row in rows if row.service == "Pager"] == [("account", "lacking")]
    assert {row.service for row in rows} == {"Helpdesk", "Tracker", "Chat", "Pager"}


def test_the_command_prints_a_table_and_an_object_and_tells_by_its_code(running: Running) -> None:
    fine = deskbook("doctor", DESKBOOK_SANDBOX_URL=running.url)
    assert fine.returncode == 0
    assert "sees every ticket" in fine.stdout
    assert fine.stdout.rstrip().endswith("fine, 2 not told.")
    post(running.url, "/sandbox/faults", [{"method": "GET", "path": "/api/v2/groups", "status": 403, "times": 99}])
    ill = deskbook("doctor", "--json", DESKBOOK_SANDBOX_URL=running.url)
    told = json.loads(ill.stdout)
    assert (ill.returncode, told["fine"]) == (1, False)
    assert [row["name"] for row in told["checks"] if row["state"] == "lacking"] == ["group"]
    assert deskbook("doctor", DESKBOOK_LIVE="1").returncode == 2

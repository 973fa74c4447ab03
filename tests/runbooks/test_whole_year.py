"""What is made of a busy year of 3000 tickets: a call for each hundred, and nothing for a ticket or an issue by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from building import ORGANIZATION
from talking import get

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize import view as prioritizepage
from deskbook.runbooks.report import plan as report
from deskbook.runbooks.report import view as reportpage
from deskbook.services.ports import Desk
from deskbook_sandbox import generate, server
from deskbook_sandbox.server import Running


@pytest.fixture(scope="module")
def busy() -> Iterator[Running]:
    with server.start(ORGANIZATION, plan="addon-2000") as running:
        generate.generate(running.store, 3_000)
        yield running


@pytest.mark.parametrize(
    ("read", "view", "listed", "least", "most"),
    [
        pytest.param(prioritize.read, prioritizepage.View, "issues", 50, 60, id="prioritize"),
        pytest.param(
            partial(report.read, start="2025-12-01", end="2026-11-23"),
            reportpage.View,
            "tickets",
            2_500,
            90,
            id="report",
        ),
    ],
)
def test_a_whole_year_is_read_from_lists_alone(
    busy: Running,
    read: Callable[[Desk], Any],
    view: Callable[[Any], Any],
    listed: str,
    least: int,
    most: int,
    tmp_path: Path,
) -> None:
    desk = connect(Settings(sandbox_url=busy.url, runs=tmp_path))
    before = get(busy.url, "/sandbox/state")["requests"]
    found = read(desk)
    view(found)._repr_mimebundle_()
    after = get(busy.url, "/sandbox/state")["requests"]
    calls = {path: n - before.get(path, 0) for path, n in after.items() if n > before.get(path, 0)}
    assert not [path for path in calls if path.rpartition("/")[2].isdecimal()], calls
    assert len(getattr(found, listed)) > least
    assert sum(calls.values()) < most, calls

"""What every test may use: a sandbox of its own, a desk joined to it, and the folder of real data where it exists."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import real_input
from building import ORGANIZATION

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.services.ports import Desk
from deskbook_sandbox import server


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test speaks to its own sandbox, whatever the shell it was started from has set."""
    for name in list(os.environ):
        if name.startswith(("DESKBOOK_", "FRESHDESK_", "GITHUB_", "SLACK_", "PAGERDUTY_")):
            monkeypatch.delenv(name)


@pytest.fixture
def running() -> Iterator[server.Running]:
    """A sandbox with the default seed, its clock frozen there; due dates show at once, so that only writes change it."""
    with server.start(ORGANIZATION) as sandbox:
        sandbox.world.switch(sandbox.world.switches.model_copy(update={"sla_delay": 0.0}))
        yield sandbox


@pytest.fixture
def desk(running: server.Running) -> Desk:
    return connect(Settings(sandbox_url=running.url))


def pytest_unconfigure() -> None:
    if "warm" in sys.modules:
        sys.modules["warm"].stop()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI nothing is skipped: a missing browser there is a failure. Only the folder of real data may be absent."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("CI") or exitstatus:
        return
    skipped = [report for report in reporter.stats.get("skipped", []) if real_input.ABSENT not in str(report.longrepr)]
    if skipped:
        session.exitstatus = 1
        reporter.write_line(f"{len(skipped)} tests were skipped, which CI does not allow", red=True)

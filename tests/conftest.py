"""What every test may use, a sandbox of its own and a desk joined to it; and how tests are shared out over the cores."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import real_input
from building import ORGANIZATION
from xdist.scheduler.loadscope import LoadScopeScheduling

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.services.ports import Desk
from deskbook_sandbox import server

SEED = "DESKBOOK_TORTURE_SEED"
# How the names of modules begin whose tests share what is dear: the built book, one JupyterLab, one hub, a sweep, a notebook's
# kernel, what the readers make of the corpora, the undisturbed runs of the torture.
TOGETHER = (
    "tests/handbook/test_book",
    "tests/e2e/lab/",
    "tests/e2e/test_hub.py",
    "tests/runbooks/test_sweep_elsewhere.py",
    "tests/test_corpus",
    "tests/test_real_input.py",
    "tests/torture/test_torture.py",
)


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
        sandbox.store.switch(sandbox.store.switches.model_copy(update={"sla_delay": 0.0}))
        yield sandbox


@pytest.fixture
def desk(running: server.Running) -> Desk:
    return connect(Settings(sandbox_url=running.url))


class InPieces(LoadScopeScheduling):
    """A worker is given one test function at a time, with all its parameters: no long module keeps one core waiting."""

    def _split_scope(self, nodeid: str) -> str:
        module, _, rest = nodeid.partition("::")
        shared = next((each for each in TOGETHER if module.startswith(each)), "")
        whole = shared or (module if module.endswith(".ipynb") else "")
        return whole or f"{module}::{rest.partition('[')[0]}"


def pytest_configure(config: pytest.Config) -> None:
    """What the torture tries is chosen by one seed, which all workers have; workers are started after this."""
    os.environ.setdefault(SEED, "1")  # the same draw each time: who looks for new ones runs `make torture`


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return InPieces(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long or stays together, so that many short tests are left to fill the cores at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None and not item.nodeid.startswith(TOGETHER))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The seed of what was chosen; in CI also how long each part took, all workers together."""
    terminalreporter.write_line(f"{SEED}={os.environ[SEED]}")
    if not os.environ.get("CI"):
        return
    parts: Counter[str] = Counter()
    for report in [each for name in ("passed", "failed", "error", "") for each in terminalreporter.stats.get(name, [])]:
        folder = report.nodeid.partition("::")[0].split("/")
        parts["/".join(folder[:2])] += report.duration
    terminalreporter.section("seconds of each part, all workers together")
    for part, seconds in parts.most_common():
        terminalreporter.write_line(f"{seconds:7.1f}  {part}")


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

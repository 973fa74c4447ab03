"""A watch, the environment of a run that nobody watches, and the run itself."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import warm
from nightly import (
    BOLD,
    PLAIN,
    Watch,
)

from deskbook.config.settings import Settings, read_settings
from deskbook_sandbox.server import Running


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.server.shutdown()
    watch.server.server_close()


@pytest.fixture
def around(running: Running, watch: Watch, tmp_path: Path) -> dict[str, str]:
    """The environment of an organisation that lets a run assign, acknowledge and set the type."""
    path = tmp_path / "bold.yaml"
    shipped = Settings().organization.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\nunattended: .*\n( +#.*\n)?", BOLD, shipped), encoding="utf-8")
    assert BOLD in path.read_text(encoding="utf-8")
    return {
        "DESKBOOK_SANDBOX_URL": running.url,
        "DESKBOOK_PING_URL": watch.url,
        "DESKBOOK_ORGANIZATION": str(path),
        "DESKBOOK_UNATTENDED": "1",
    }


@pytest.fixture
def night(around: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`deskbook run … --unattended` in a folder of its own, as it ends."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in (PLAIN | around | more).items() if value}
        return warm.deskbook("run", *words, "--unattended", folder=tmp_path, environment=environment)

    return run


@pytest.fixture
def settings(around: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As this process and the kernel read them."""
    for name, value in (around | {"DESKBOOK_RUNS": str(tmp_path / "runs")}).items():
        monkeypatch.setenv(name, value)
    return read_settings()

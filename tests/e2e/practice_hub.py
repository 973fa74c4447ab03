"""The hub of `make hub` for tests: ports of its own, everything in one folder; no browser is needed to start it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from browsing import free_port, wait_for

CONFIG = Path(__file__).parents[2] / "book/operate/hub/jupyterhub_config.py"


@dataclass(frozen=True)
class Hub:
    """Where the hub and its sandbox answer; `folder` has everybody's files in people/NAME/runs, and the log in hub.log."""

    address: str
    sandbox: str
    folder: Path

    @property
    def log(self) -> str:
        return (self.folder / "hub.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def practice_hub(folder: Path) -> Iterator[Hub]:
    """A hub as `make hub` starts it. People come in as mei.tanaka and so on, with any password."""
    port, sandbox = free_port(), free_port()
    known = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "DESKBOOK"))}
    environment = {**known, "HUB_FOLDER": str(folder), "HUB_PORT": str(port), "SANDBOX_PORT": str(sandbox)}
    hub = Hub(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox}", folder)
    with (folder / "hub.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterhub", "--config", str(CONFIG)]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(f"{hub.address}/hub/api", process, folder / "hub.log")
            wait_for(f"{hub.sandbox}/sandbox/state", process, folder / "hub.log")
            yield hub
        finally:
            process.send_signal(signal.SIGTERM)  # to the hub alone: it ends what it started
            process.wait(timeout=60)

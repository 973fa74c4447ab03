"""A real browser and a real JupyterLab for tests. Without Chromium the tests say so and are passed over."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
TOKEN = "practice"


@contextmanager
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def jupyterlab(folder: Path, sandbox: str) -> Iterator[str]:
    """JupyterLab as `deskbook lab` starts it, joined to a sandbox; its notebooks are in `folder`/runs, beside its log.

    It is as light or dark as the browser's page says.
    """
    port = free_port()
    themes = folder / "settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    themes.parent.mkdir(parents=True)
    themes.write_text('{"adaptive-theme": true}', encoding="utf-8")
    environment = {
        **os.environ,
        "DESKBOOK_SANDBOX_URL": sandbox,
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    command = [
        sys.executable, "-m", "deskbook.cli", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
    ]  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/api?token={TOKEN}", process, folder / "lab.log")
            yield address
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """The command and the JupyterLab that it waits for, which ends its kernels first; by force where that takes too long."""
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()
    for _ in range(200):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)


def digest_in(notebook: Locator | Page) -> Locator:
    """The digest of the plan that is drawn."""
    return notebook.locator(".deskbook-drawn", has_text="Plan of ").locator("small", has_text="p-").first


def apply_button(notebook: Locator | Page) -> Locator:
    """The button of the very plan that is drawn: an older one, about to be replaced, would apply nothing."""
    return notebook.locator(f"button.deskbook-apply[title='{digest_in(notebook).inner_text()}']")


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"nothing answered in {seconds} s:\n{log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

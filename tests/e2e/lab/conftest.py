"""One JupyterLab and one sandbox for all modules of this folder, which one worker runs; each begins with the seed."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import TOKEN, browser, jupyterlab
from building import ORGANIZATION
from labs import Jupyter, Lab
from torture.world import World

from deskbook_sandbox import server


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World, Path]]:
    folder = tmp_path_factory.mktemp("lab")
    with server.start(ORGANIZATION) as sandbox, jupyterlab(folder, sandbox.url) as address:
        yield address, World(sandbox), folder


@pytest.fixture(scope="module")
def jupyter(_started: tuple[str, World, Path]) -> Iterator[Jupyter]:
    address, sandbox, folder = _started
    seed = sandbox.keep()
    with browser() as chromium:
        yield Jupyter(address, sandbox, folder, chromium)
    for session in _asked(address, "GET", ""):  # with its kernel
        _asked(address, "DELETE", f"/{session['id']}")
    sandbox.back(seed)


def _asked(address: str, method: str, path: str) -> list[dict[str, str]]:
    request = urllib.request.Request(f"{address}/api/sessions{path}?token={TOKEN}", method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return list(json.loads(answer.read() or b"[]"))


@pytest.fixture
def lab(jupyter: Jupyter) -> Iterator[Lab]:
    made = jupyter.lab()
    yield made
    made.page.close()

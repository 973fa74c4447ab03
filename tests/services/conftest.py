"""An empty sandbox that the tests of adapters share, emptied again before each of them; and an adapter joined to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from helpdesks import NOW, ORGANIZATION

from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.github.client import GitHub
from deskbook_sandbox.server import Running, start
from deskbook_sandbox.store.database import Switches


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    with start(ORGANIZATION, seed=None, now=NOW) as running:
        yield running


@pytest.fixture
def sandbox(server: Running) -> Running:
    requests.post(f"{server.url}/sandbox/reset", json={"seed": None}, timeout=10).raise_for_status()
    server.store.switch(Switches())
    return server


@pytest.fixture
def desk(sandbox: Running) -> Freshdesk:
    """A helpdesk that counts no calls and shows at once what was written."""
    sandbox.store.switch(Switches(limits=False, index_lag=0, sla_delay=0))
    return Freshdesk(sandbox.url, "sandbox", ORGANIZATION)


@pytest.fixture
def tracker(sandbox: Running) -> GitHub:
    return GitHub(f"{sandbox.url}/github", "sandbox", ORGANIZATION, patient=False)

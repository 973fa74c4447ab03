"""A real JupyterHub, as `make hub` starts it: people with servers of their own, one sandbox, one sweep."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests
from practice_hub import Hub, practice_hub

pytestmark = [pytest.mark.e2e, pytest.mark.long]
PATIENCE = 90  # seconds; two cores may be busy with other tests


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with practice_hub(tmp_path_factory.mktemp("hub")) as started:
        yield started


def come_in(hub: Hub, name: str) -> requests.Session:
    """Log in as a browser does, with any password; the session then is that person's."""
    session = requests.Session()
    session.trust_env = False
    session.get(f"{hub.address}/hub/login").raise_for_status()
    form = {"username": name, "password": "any", "_xsrf": session.cookies.get("_xsrf", path="/hub/")}
    session.post(f"{hub.address}/hub/login", data=form, allow_redirects=False)
    return session


def server(hub: Hub, session: requests.Session, name: str) -> str:
    """The address of somebody's server, once it is up."""
    session.get(f"{hub.address}/hub/spawn")
    address = f"{hub.address}/user/{name}"
    end = time.monotonic() + PATIENCE
    while not (answer := session.get(f"{address}/lab")).url.startswith(f"{address}/lab"):  # by way of the hub's login
        assert time.monotonic() < end, f"{answer.url}: {hub.log}"
        time.sleep(0.2)
    return address


def test_somebody_of_the_staff_comes_in_and_finds_her_own_copies_and_the_shared_sandbox(hub: Hub) -> None:
    session = come_in(hub, "mei.tanaka")
    address = server(hub, session, "mei.tanaka")
    names = [each["name"] for each in session.get(f"{address}/api/contents").json()["content"]]
    assert "00 Desk.ipynb" in names
    assert (hub.folder / "people/mei.tanaka/runs/00 Desk.ipynb").is_file()
    where = session.get(f"{address}/", allow_redirects=False).headers["Location"]
    assert where.startswith("/user/mei.tanaka/lab/tree/00 Desk.ipynb")

"""The hubs are up or down, and look like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests
from conftest import ORGANIZATION, Client

from deskbook_sandbox.server import start

HUB = ORGANIZATION.hubs[0]
PATHS = ("/", "/hub/health", "/hub/api/", "/hub/login")


@pytest.mark.parametrize("path", PATHS)
def test_a_hub_that_is_down_answers_503_everywhere_and_comes_back(quick: Client, path: str) -> None:
    address = f"{quick.url}/hubs/{HUB.name}{path}"
    assert requests.get(address).status_code == 200
    assert quick.control(f"/hubs/{HUB.name}", {"up": False})["up"] is False
    down = requests.get(address)
    assert (down.status_code, "text/html" in down.headers["Content-Type"]) == (503, True)
    quick.control(f"/hubs/{HUB.name}", {"up": True})
    assert requests.get(address).status_code == 200


def test_a_hub_shows_its_health_its_version_and_a_page_to_log_in(quick: Client) -> None:
    address = f"{quick.url}/hubs/{HUB.name}"
    assert requests.get(f"{address}/hub/health").content == b""
    assert requests.get(f"{address}/hub/api/").json()["version"].startswith("5.")
    assert HUB.title in requests.get(f"{address}/").text


def test_what_is_no_hub_is_not_found(quick: Client) -> None:
    for path in ("/hubs/nowhere/hub/health", f"/hubs/{HUB.name}/hub/dragons"):
        assert requests.get(quick.url + path).status_code == 404
    answer = quick.session.post(f"{quick.url}/sandbox/hubs/nowhere", json={"up": False})
    assert answer.status_code == 404


def test_the_state_lists_every_hub_and_a_seed_stops_one(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"hubs": [{"name": HUB.name, "up": False}, {"name": "extra"}]}))
    with start(ORGANIZATION, seed=seed) as running:
        hubs = {hub["name"]: hub for hub in Client(running).control("/state")["hubs"]}
    assert set(hubs) == {hub.name for hub in ORGANIZATION.hubs} | {"extra"}
    assert (hubs[HUB.name]["up"], hubs[HUB.name]["url"], hubs["extra"]["up"]) == (False, HUB.url, True)

"""What a hub's operator is given: the values, who may see what, and what repo2docker builds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import ORGANIZATION
from jupyterhub.scopes import scope_definitions
from traitlets.config import Config

from deskbook.config.settings import read_settings
from deskbook.notebooks import JUPYTER

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "book/operate/hub"
VALUES: Any = yaml.safe_load((FOLDER / "values.yaml").read_text(encoding="utf-8"))
LIVE = next(each for each in VALUES["singleuser"]["profileList"] if each["display_name"] == "Live")
HANDED = LIVE["kubespawner_override"]["environment"]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The practice hub's configuration, as JupyterHub reads it."""
    monkeypatch.setenv("HUB_FOLDER", str(tmp_path))
    read, path = Config(), FOLDER / "jupyterhub_config.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {"get_config": lambda: read, "__file__": str(path)})
    return read


def test_a_live_server_of_these_values_has_all_that_a_live_run_needs() -> None:
    told = {name: value if isinstance(value, str) else "a-key" for name, value in HANDED.items()}
    assert read_settings(told).live


def test_every_key_comes_from_a_secret_and_who_acts_by_name_has_one_of_their_own() -> None:
    secrets = {name: value["valueFrom"]["secretKeyRef"] for name, value in HANDED.items() if isinstance(value, dict)}
    assert {name for name in HANDED if name.endswith(("KEY", "TOKEN"))} == set(secrets)
    assert all(ref["key"] == name for name, ref in secrets.items())
    shared = {name for name, ref in secrets.items() if "{unescaped_username}" not in ref["name"]}
    assert shared == {"SLACK_BOT_TOKEN"}
    assert not set(secrets) & set(VALUES["singleuser"]["extraEnv"]), "who practises has no key"


def test_nobody_may_see_into_a_server_of_somebody_else_on_either_hub(config: Any) -> None:
    (here,) = config.JupyterHub.load_roles
    there = VALUES["hub"]["loadRoles"][here["name"]]
    assert {**there, "name": here["name"]} == here
    for scope in there["scopes"]:
        assert scope in scope_definitions, scope
        assert not scope.startswith(("access:", "admin:", "users", "tokens")), scope
    assert VALUES["hub"]["config"]["Authenticator"]["admin_users"] == []
    assert "admin_users" not in config.Authenticator
    assert set(there["groups"]) == set(VALUES["hub"]["config"]["JupyterHub"]["load_groups"])


def test_the_practice_hub_lets_the_staff_in_and_stands_where_only_this_machine_reaches_it(config: Any) -> None:
    names = {person.mail.partition("@")[0] for person in ORGANIZATION.people}
    assert config.Authenticator.allowed_users == names
    assert config.JupyterHub.bind_url == ORGANIZATION.handbook.hub, "the buttons of the handbook lead there"
    for address in (config.JupyterHub.hub_bind_url, config.ConfigurableHTTPProxy.api_url):
        assert address.startswith("http://127.0.0.1:")
    assert [service["name"] for service in config.JupyterHub.services] == ["sandbox", "sweep"]


def test_repo2docker_finds_what_it_builds_and_what_it_starts() -> None:
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    rendered = ran.stdout + ran.stderr
    for line in ("RUN ./.binder/postBuild", 'ENV R2D_ENTRYPOINT="${REPO_DIR}/.binder/start"'):
        assert line in rendered
    python = (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip()
    assert f"environment.{python.replace('python', 'py')}-linux" in rendered.replace("-2e", ".").replace("-2d", "-")


@pytest.mark.parametrize(("told", "begins"), [({}, "http://127.0.0.1:"), ({"DESKBOOK_LIVE": "1"}, "")])
def test_a_server_that_is_told_of_no_desk_begins_with_a_sandbox_of_its_own(
    tmp_path: Path, told: dict[str, str], begins: str
) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("DESKBOOK")}
    deskbook = tmp_path / "deskbook"
    deskbook.write_text(f'#!/bin/sh\nexec {sys.executable} -m deskbook.cli "$@"\n', encoding="utf-8")
    deskbook.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [ROOT / ".binder/start", "sh", "-c", "echo $DESKBOOK_SANDBOX_URL"],
        env={**known, **told, "HOME": str(tmp_path), "PATH": path},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.strip().startswith(begins)
    assert bool(ran.stdout.strip()) == bool(begins)
    assert (tmp_path / ".sandbox/store.db").is_file() == bool(begins)


def test_the_page_of_voila_names_no_other_site() -> None:
    for path in JUPYTER.rglob("*"):
        assert path.is_dir() or path.suffix == ".pyc" or "://" not in path.read_text(encoding="utf-8"), path

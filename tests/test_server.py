"""What somebody's Jupyter server has on top: the ways to their own copies, and to the sandbox's page."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from browsing import free_port, wait_for

from deskbook import notebooks
from deskbook.errors import ParameterError
from deskbook.jupyter import server


def test_a_link_makes_the_copy_once_and_then_leads_to_it_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / notebooks.RUNS
    assert server.own_copy(root, "triage") == "03 Triage.ipynb"
    (root / "03 Triage.ipynb").write_text("mine", encoding="utf-8")
    assert server.own_copy(root, "triage") == "03 Triage.ipynb"
    assert (root / "03 Triage.ipynb").read_text(encoding="utf-8") == "mine"


def test_a_link_to_a_ticket_leads_to_its_own_notebook_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / server.own_copy(tmp_path, "timebox", "117")
    assert path == tmp_path / "runs/tickets/117/timebox.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert any("ticket_id: int = 117" in "".join(cell["source"]) for cell in cells)


@pytest.mark.parametrize(("name", "ticket"), [("nonsense", ""), ("triage", "../../x"), ("triage", "-1")])
def test_a_link_to_nothing_makes_nothing(tmp_path: Path, name: str, ticket: str) -> None:
    with pytest.raises(ParameterError):
        server.own_copy(tmp_path, name, ticket)
    assert list(tmp_path.rglob("*.ipynb")) == []


def test_a_copy_that_the_server_does_not_show_is_no_dead_link(tmp_path: Path) -> None:
    root = tmp_path / notebooks.RUNS / "tickets"
    with pytest.raises(ParameterError, match="outside of"):
        server.own_copy(root, "triage")


def test_the_page_is_that_of_the_sandbox_in_the_environment_else_one_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKBOOK_SANDBOX_URL", raising=False)
    monkeypatch.delenv("JUPYTERHUB_PUBLIC_URL", raising=False)
    own = server.sandbox()
    assert "port" not in own
    assert own["request_headers_override"] == {"Host": "127.0.0.1:{port}"}
    monkeypatch.setenv("DESKBOOK_SANDBOX_URL", "http://127.0.0.1:8642")
    monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", "https://hub.example.org/user/mei.tanaka/")
    shared = server.sandbox()
    assert (shared["port"], "command" in shared) == (8642, False)
    assert shared["request_headers_override"]["X-Forwarded-Host"] == "hub.example.org"
    assert Path(shared["launcher_entry"]["icon_path"]).is_file()


def test_the_sandbox_that_starts_at_the_first_look_answers_and_keeps_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKBOOK_SANDBOX_URL", raising=False)
    port, log = free_port(), tmp_path / "log"
    command = [word.format(port=port) for word in server.sandbox()["command"]]
    known = {name: value for name, value in os.environ.items() if not name.startswith("DESKBOOK")}
    with log.open("w") as told, subprocess.Popen(command, cwd=tmp_path, env=known, stdout=told, stderr=told) as started:
        try:
            wait_for(f"http://127.0.0.1:{port}/", started, log)
        finally:
            started.terminate()
    assert (tmp_path / ".sandbox/store.db").is_file()

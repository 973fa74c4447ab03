"""People's own copies of the notebooks, and what happens where no ticket number was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from test_runbooks import FOLDER, papermill, receipt

from deskbook import notebooks
from deskbook.errors import ParameterError
from deskbook.runbooks.catalog import DESK, NAMES, runbook
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running


def sources(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


WITHOUT_FORM = ("sweep", "report")  # one writes where their parameters stand


def test_copies_are_numbered_from_the_desk_along_the_road_and_show_no_code(tmp_path: Path) -> None:
    begin = notebooks.lay_out(tmp_path / "runs")
    laid = sorted((tmp_path / "runs").iterdir())
    assert [path.stem.split(" ", 1)[1].lower() for path in laid] == [DESK, *NAMES]
    assert begin == laid[0]
    for path, name in zip(laid, (DESK, *NAMES), strict=True):
        assert sources(path) == sources(FOLDER / f"{name}.ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        seen = [cell["metadata"].get("tags") for cell in code if "jupyter" not in cell["metadata"]]
        assert seen == ([["parameters"]] if name in WITHOUT_FORM else []), name


def test_a_tickets_own_copy_holds_its_number_and_is_made_once(tmp_path: Path) -> None:
    path = notebooks.of_ticket(tmp_path, "triage", 109)
    assert path == tmp_path / "tickets" / "109" / "triage.ipynb"
    assert "ticket_id: int = 109  #" in sources(path)[0]
    path.write_text("worked on", encoding="utf-8")
    assert notebooks.of_ticket(tmp_path, "triage", 109).read_text(encoding="utf-8") == "worked on"


@pytest.mark.parametrize(
    ("here", "runs"),
    [
        ("house/runs", "house/runs"),
        ("house/runs/tickets/101", "house/runs"),
        ("house/runbooks", "house/runs"),
        ("elsewhere", "elsewhere/runs"),
    ],
)
def test_copies_go_where_the_others_are(tmp_path: Path, here: str, runs: str) -> None:
    (tmp_path / "house" / "runbooks").mkdir(parents=True)
    assert notebooks.runs_of(tmp_path / here) == tmp_path / runs


def test_outside_of_jupyter_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert notebooks.opener() is None
    monkeypatch.setenv("JPY_SESSION_NAME", "desk.ipynb")
    monkeypatch.chdir(tmp_path)
    opened = notebooks.opener()
    assert opened
    assert opened("timebox", 7) == "runs/tickets/7/timebox.ipynb"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "tickets").write_text("a file", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"tickets/7/triage\.ipynb: cannot be written"):
        notebooks.of_ticket(tmp_path, "triage", 7)


def test_no_secret_is_saved_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    live = {
        "DESKBOOK_LIVE": "1", "FRESHDESK_URL": "https://desk.example.org", "FRESHDESK_API_KEY": 'k"ey-1', "GITHUB_TOKEN": "gh-2",
        "SLACK_BOT_TOKEN": "slack-3", "PAGERDUTY_API_URL": "https://pager.example.org", "PAGERDUTY_TOKEN": "pager-4",
    }  # fmt: skip
    for name, value in live.items():
        monkeypatch.setenv(name, value)
    said = {"cells": [{"outputs": [{"text": 'It said k"ey-1, gh-2 and slack-3.'}]}]}
    model = {"type": "notebook", "content": said}
    notebooks.hide_secrets(model, path="x.ipynb", contents_manager=None)
    assert model["content"] == {"cells": [{"outputs": [{"text": "It said ‹hidden›, ‹hidden› and ‹hidden›."}]}]}


def test_jupyterlab_takes_our_settings(tmp_path: Path) -> None:
    """The names of its settings and of the function that saves call are right: it refuses others."""
    command = [sys.executable, "-m", "jupyterlab", *notebooks.jupyterlab(tmp_path), "--show-config-json"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path)}
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    config = json.loads(shown.stdout)
    assert config["LabApp"]["default_url"] == "/lab/tree/00%20Desk.ipynb"
    assert config["ContentsManager"]["pre_save_hook"] == f"{notebooks.__name__}.{notebooks.hide_secrets.__name__}"
    (extension,) = notebooks.EXTENSIONS.glob("*/package.json")
    built = json.loads(extension.read_text(encoding="utf-8"))["jupyterlab"]["_build"]
    assert (extension.parent / built["load"]).is_file()


def test_without_a_number_a_sandbox_says_which_practice_ticket_it_took(
    running: Running, tmp_path: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    case = runbook("resolve").read(desk)
    assert f"this is practice ticket {case.ticket.id}" in capsys.readouterr().out
    assert papermill("triage.ipynb", tmp_path, running.url).returncode == 0
    said = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert f"No ticket number was given: this is practice {receipt(tmp_path)['subject']}." in said


def test_without_a_number_a_live_desk_refuses_and_names_what_is_next(desk: Desk) -> None:
    live = replace(desk, sandbox=False)
    with pytest.raises(ParameterError, match=r"no ticket number was given. Next in the queue: 125 \(Work on it\)"):
        runbook("timebox").read(live)
    with pytest.raises(ParameterError, match="Next in the queue: 103 "):
        runbook("escalate").read(live, ticket_id=0)
    assert runbook("timebox").read(live, ticket_id=125).ticket.id == 125


def test_an_error_in_a_notebook_is_one_sentence(running: Running, tmp_path: Path) -> None:
    assert papermill("triage.ipynb", tmp_path, running.url, "ticket_id=999999").returncode == 1
    cells = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"]
    wrong = [output for cell in cells for output in cell.get("outputs", ()) if output["output_type"] == "error"]
    assert [(error["ename"], error["traceback"]) for error in wrong] == [
        ("NotFound", [f"NotFound: {wrong[0]['evalue']}"])
    ]

"""The notebooks: thin, stripped, and run by plain papermill from anywhere."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
import papermill as papermill_api
import pytest
import warm

from deskbook.engine import MIME
from deskbook.engine.plan import RECEIPT_KEYS
from deskbook.runbooks.catalog import DESK, RUNBOOKS
from deskbook_sandbox.server import Running

FOLDER = Path(__file__).parents[2] / "runbooks"
PAPERMILL = str(Path(sys.executable).with_name("papermill"))
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.Try, ast.For, ast.While, ast.With)


def words(notebook: str, *parameters: str) -> list[str]:
    """What is said to papermill, so that it executes this notebook into out.ipynb."""
    return [str(FOLDER / notebook), "out.ipynb", *(word for pair in parameters for word in ("-p", *pair.split("=", 1)))]


def environment(url: str) -> dict[str, str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith("DESKBOOK_")}
    return ours | ({"DESKBOOK_SANDBOX_URL": url} if url else {})


def papermill(notebook: str, folder: Path, url: str, *parameters: str) -> subprocess.CompletedProcess[str]:
    return warm.papermill(*words(notebook, *parameters), folder=folder, environment=environment(url))


def papermill_of_its_own(notebook: str, folder: Path, url: str, *parameters: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, with a kernel of its own."""
    command = [PAPERMILL, *words(notebook, *parameters)]
    return subprocess.run(
        command, cwd=folder, env=environment(url), capture_output=True, text=True, check=False, timeout=120
    )


def receipt(folder: Path) -> dict[str, Any]:
    """What the last code cell displays under the receipt's mime type."""
    cells = [
        c for c in json.loads((folder / "out.ipynb").read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"
    ]
    shown = [output["data"][MIME] for output in cells[-1]["outputs"] if MIME in output.get("data", {})]
    assert len(shown) == 1
    return dict(shown[0])


def state(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/sandbox/state") as answer:
        found = dict(json.load(answer))
    return {name: value for name, value in found.items() if name != "requests"}


def outbox(url: str) -> list[Any]:
    with urllib.request.urlopen(f"{url}/sandbox/outbox") as answer:
        return list(json.load(answer))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_runbook_is_thin_stripped_and_says_a_sentence_before_each_cell(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert 5 <= len(code) <= 7 or path.stem == DESK
    for cell, before in zip(notebook.cells[1:], notebook.cells, strict=False):
        assert cell.cell_type != "code" or before.cell_type == "markdown"
    for cell in code:
        assert cell.outputs == []
        assert cell.execution_count is None
        assert set(cell.metadata) <= {"tags"}
        assert set(cell.metadata.get("tags", [])) <= {"parameters", "hide-input"}
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, FORBIDDEN)]
    assert path.stem in (*RUNBOOKS, DESK)


@pytest.mark.parametrize("name", RUNBOOKS)
def test_the_notebooks_cell_says_what_the_runbook_declares(name: str) -> None:
    """papermill reads name, type, default and comment from the cell: they are those of the declaration."""
    cell = {
        each["name"]: (each["inferred_type_name"], ast.literal_eval(each["default"]), each["help"])
        for each in papermill_api.inspect_notebook(str(FOLDER / f"{name}.ipynb")).values()
    }
    assert cell == {each.name: (each.type, each.default, each.what) for each in RUNBOOKS[name].parameters}
    assert list(cell) == [each.name for each in RUNBOOKS[name].parameters]


@pytest.mark.long
def test_papermill_applies_once_from_another_folder(running: Running, tmp_path: Path) -> None:
    first = papermill_of_its_own("triage.ipynb", tmp_path, running.url, "ticket_id=101", "apply=true")
    assert first.returncode == 0, first.stderr
    done = receipt(tmp_path)
    assert set(done) == set(RECEIPT_KEYS)
    assert (done["runbook"], done["sandbox"], done["applied"], done["next"]) == ("triage", True, True, "timebox")
    assert done["digest"].startswith("p-")
    assert {"done"} <= {line["state"] for line in done["actions"]} <= {"done", "already done"}
    assert len(outbox(running.url)) == 1
    after = state(running.url)
    assert papermill_of_its_own("triage.ipynb", tmp_path, running.url, "ticket_id=101", "apply=true").returncode == 0
    assert {line["state"] for line in receipt(tmp_path)["actions"]} == {"already done"}
    assert state(running.url) == after


@pytest.mark.parametrize(
    ("runbook", "parameters", "following"),
    [
        ("timebox", ("ticket_id=102", "minutes=25", "outcome=unsolved", "findings=Nothing larger there"), "resolve"),
        ("escalate", ("ticket_id=103", "agent=Noor", "capacity=true"), "timebox"),
        ("resolve", ("ticket_id=110", "outcome=fixed", "message=The guide is linked"), None),
        ("incident", ("ticket_id=111", "stage=open"), "incident"),
        ("workshop", ("ticket_id=122", "attendees=40-50"), None),
        ("onboard", ("community=Glacier", "representatives=Gro Isaksen <gro@glacier.example.org>"), None),
        ("prioritize", ("iteration=56",), "resolve"),
    ],
)
def test_every_runbook_does_its_work_once_and_nothing_without_apply(
    running: Running, tmp_path: Path, runbook: str, parameters: tuple[str, ...], following: str | None
) -> None:
    before = state(running.url)
    assert papermill(f"{runbook}.ipynb", tmp_path, running.url, *parameters).returncode == 0
    assert {line["state"] for line in receipt(tmp_path)["actions"]} <= {"proposed", "already done"}
    assert state(running.url) == before
    first = papermill(f"{runbook}.ipynb", tmp_path, running.url, *parameters, "apply=true")
    assert first.returncode == 0, first.stderr
    done = receipt(tmp_path)
    assert (done["runbook"], done["applied"], done["next"]) == (runbook, True, following)
    assert {"done"} <= {line["state"] for line in done["actions"]} <= {"done", "already done"}
    after = state(running.url)
    assert papermill(f"{runbook}.ipynb", tmp_path, running.url, *parameters, "apply=true").returncode == 0
    assert {line["state"] for line in receipt(tmp_path)["actions"]} == {"already done"}
    assert state(running.url) == after


def test_apply_false_as_text_writes_nothing(running: Running, tmp_path: Path) -> None:
    before = state(running.url)
    assert papermill("triage.ipynb", tmp_path, running.url, "ticket_id=102", "apply=false").returncode == 0
    shown = receipt(tmp_path)
    assert shown["applied"] is False
    assert {line["state"] for line in shown["actions"]} <= {"proposed", "already done"}
    assert state(running.url) == before


def test_a_refused_approval_is_shown_before_the_notebook_fails(running: Running, tmp_path: Path) -> None:
    ran = papermill("triage.ipynb", tmp_path, running.url, "ticket_id=101", "approve=p-0123456789-abc")
    assert ran.returncode == 1
    assert receipt(tmp_path)["outcome"] == "refused"
    assert outbox(running.url) == []


def test_approve_alone_applies_the_plan_that_was_seen(running: Running, tmp_path: Path) -> None:
    papermill("triage.ipynb", tmp_path, running.url, "ticket_id=101")
    digest = receipt(tmp_path)["digest"]
    assert papermill("triage.ipynb", tmp_path, running.url, "ticket_id=101", f"approve={digest}").returncode == 0
    assert receipt(tmp_path)["applied"] is True
    assert len(outbox(running.url)) == 1


@pytest.mark.long
def test_an_approval_made_in_one_fresh_sandbox_holds_in_another(tmp_path: Path) -> None:
    papermill_of_its_own("triage.ipynb", tmp_path, "", "ticket_id=116")
    digest = receipt(tmp_path)["digest"]
    assert papermill_of_its_own("triage.ipynb", tmp_path, "", "ticket_id=116", f"approve={digest}").returncode == 0
    assert receipt(tmp_path)["applied"] is True


@pytest.mark.parametrize("value", ["maybe", "1", "yes"])
def test_apply_accepts_true_and_false_and_nothing_else(running: Running, tmp_path: Path, value: str) -> None:
    ran = papermill("triage.ipynb", tmp_path, running.url, "ticket_id=101", f"apply={value}")
    assert ran.returncode == 1
    assert "neither true nor false" in ran.stderr
    assert outbox(running.url) == []


def test_a_number_given_for_a_text_is_taken_as_text(running: Running, tmp_path: Path) -> None:
    ran = papermill("triage.ipynb", tmp_path, running.url, "ticket_id=101", "impact=50")
    assert ran.returncode == 1
    assert "impact: '50' is not accepted" in ran.stderr

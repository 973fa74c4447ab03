"""No runbook lacks anything; and a new one is laid out whole, in a copy of the checkout, or not at all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_runbooks import receipt

from deskbook.errors import DefinitionError, ParameterError
from deskbook.runbooks import scaffold
from deskbook.runbooks.catalog import NAMES
from deskbook_sandbox.server import Running

ROOT = Path(__file__).parents[2]
PARTS = (
    ".importlinter", "README.md", "_config.yml", "_toc.yml", "book", "lib", "pyproject.toml", "runbooks", "tests",
)  # fmt: skip
UNUSED = shutil.ignore_patterns("__pycache__", "corpus", "pictures", ".ipynb_checkpoints")


def copy_of_the_checkout(folder: Path) -> Path:
    for part in PARTS:
        whole = ROOT / part
        if whole.is_dir():
            shutil.copytree(whole, folder / part, ignore=UNUSED)
        else:
            shutil.copy(whole, folder / part)
    return folder


def said_in(root: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("DESKBOOK_")}
    paths = os.pathsep.join(str(root / each) for each in ("lib", "tests"))
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        env={**own, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def everything(root: Path) -> dict[str, bytes]:
    places = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in places}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_of_the_checkout(tmp_path)


@pytest.fixture(scope="module")
def twelfth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A copy with one more runbook, and what the command said."""
    root = copy_of_the_checkout(tmp_path_factory.mktemp("checkout"))
    done = said_in(root, "deskbook.cli", "new", "runbook", "census")
    assert done.returncode == 0, done.stderr
    yield root, done.stdout
    shutil.rmtree(root)


def test_no_runbook_lacks_anything() -> None:
    assert list(scaffold.missing(ROOT)) == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("lib/deskbook/runbooks/report/view.py", "the runbook report needs how its facts look there"),
        ("lib/deskbook/runbooks/triage/form.py", "the runbook triage needs its form there"),
        ("lib/deskbook/runbooks/timebox/plan.py", "the runbook timebox needs its planner there"),
        ("runbooks/escalate.ipynb", "the runbook escalate needs its notebook there"),
        ("book/process/resolve.md", "the runbook resolve needs its page there"),
        ("tests/plans/onboard", "has no case"),
    ],
)
def test_what_a_runbook_lacks_is_named(copy: Path, path: str, told: str) -> None:
    gone = copy / path
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    (fault,) = scaffold.missing(copy)
    assert fault.startswith(f"{path}: ")
    assert told in fault


@pytest.mark.parametrize(
    ("path", "line", "told"),
    [
        ("_toc.yml", "file: runbooks/incident", "_toc.yml @ /parts: runbooks/incident is not listed"),
        ("book/process/workshop.md", "```{process-steps} workshop", "the line ```{process-steps} workshop is missing"),
        ("book/operate/unattended.md", "[Report](../process/report.md)", "says nothing of report"),
    ],
)
def test_a_list_without_a_runbook_is_named(copy: Path, path: str, line: str, told: str) -> None:
    text = (copy / path).read_text(encoding="utf-8")
    assert line in text
    (copy / path).write_text(text.replace(line, "file: book/index"), encoding="utf-8")
    (fault,) = scaffold.missing(copy)
    assert told in fault


def test_what_belongs_to_no_runbook_is_named(copy: Path) -> None:
    shutil.copytree(copy / "lib/deskbook/runbooks/report", copy / "lib/deskbook/runbooks/unlisted")
    shutil.copy(copy / "runbooks/report.ipynb", copy / "runbooks/unlisted.ipynb")
    with pytest.raises(DefinitionError) as caught:
        scaffold.check(copy)
    places = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert places == ["lib/deskbook/runbooks/unlisted", "runbooks/unlisted.ipynb"]
    done = said_in(copy, "deskbook.cli", "process", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no runbook is called 'unlisted'" in done.stderr


def test_a_new_runbook_lacks_nothing_and_agrees_with_everything(twelfth: tuple[Path, str]) -> None:
    root, told = twelfth
    written, _, changed = told.partition("Changed:")
    for path in re.findall(r"^  ([\w./-]+\.\w+)$", written, re.M):
        assert "template" not in (root / path).read_text(encoding="utf-8").lower(), path
    for path in re.findall(r"^  ([\w./-]+\.\w+)$", changed, re.M):
        assert (root / path).read_bytes() != (ROOT / path).read_bytes(), path
    checked = said_in(root, "deskbook.cli", "process", "check")
    assert checked.returncode == 0, checked.stderr
    assert f"{len(NAMES) + 1} runbooks" in checked.stdout
    assert said_in(root, "ruff", "check", "lib", "runbooks").returncode == 0
    assert said_in(root, "ruff", "format", "--check", "lib").returncode == 0
    contracts = said_in(root, "importlinter.cli", "lint", "--no-cache")
    assert contracts.returncode == 0, contracts.stdout


def test_the_tests_are_green_with_a_new_runbook(twelfth: tuple[Path, str]) -> None:
    root, _ = twelfth
    files = [
        *("test_scaffold.py", "test_plans.py", "test_agreement.py", "test_runbooks.py", "test_side_roads.py"),
        *("../test_readme.py", "../handbook/test_flowchart.py"),
    ]
    own = "census or lacks_anything or process_agrees or begins_by_itself or picture_of_the_flow or whole_flow"
    ran = said_in(
        root,
        "pytest",
        "-p",
        "tests.light",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        own,
        *(f"tests/runbooks/{f}" for f in files),
    )
    assert ran.returncode == 0, ran.stdout
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed
    assert int(passed[1]) >= 25, ran.stdout


def test_the_notebook_of_a_new_runbook_does_its_work(twelfth: tuple[Path, str], running: Running) -> None:
    root, _ = twelfth
    given = ["-p", "ticket_id", "101", "-p", "found", "No larger machines", "-p", "apply", "true"]
    command = ("papermill", "runbooks/census.ipynb", "out.ipynb", *given)
    ran = said_in(root, *command, DESKBOOK_SANDBOX_URL=running.url)
    assert ran.returncode == 0, ran.stderr
    done = receipt(root)
    assert (done["runbook"], done["outcome"]) == ("census", "looked")
    assert [(line["key"], line["state"]) for line in done["actions"]] == [("census.look", "done")]


def test_a_runbook_that_is_there_is_not_laid_out_again(twelfth: tuple[Path, str]) -> None:
    root, _ = twelfth
    before = everything(root)
    again = said_in(root, "deskbook.cli", "new", "runbook", "census")
    assert (again.returncode, again.stdout) == (2, "")
    assert "'census' is there already: " in again.stderr
    assert everything(root) == before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "one word of 2 to 20 small letters"),
        ("Census", "one word of 2 to 20 small letters"),
        ("night-census", "one word of 2 to 20 small letters"),
        ("night_census", "one word of 2 to 20 small letters"),
        ("census2", "one word of 2 to 20 small letters"),
        ("../census", "one word of 2 to 20 small letters"),
        ("überblick", "one word of 2 to 20 small letters"),
        ("census\n", "one word of 2 to 20 small letters"),
        ("s" * 21, "one word of 2 to 20 small letters"),
        ("import", "'import' is a word of Python"),
        ("match", "'match' is a word of Python"),
        ("print", "'print' is a word of Python"),
        ("end", "'end' is a word of the flowchart"),
        ("case", "'case' is a word of Python"),
        ("desk", "'desk' is a word of Deskbook"),
        ("template", "'template' is a word of Deskbook"),
        ("triage", "'triage' is there already"),
        ("catalog", "'catalog' is there already: lib/deskbook/runbooks/catalog.py"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(name: str, told: str) -> None:
    before = everything(ROOT / "lib")
    with pytest.raises(ParameterError, match=re.escape(told)):
        scaffold.new(ROOT, name)
    assert everything(ROOT / "lib") == before


@pytest.mark.parametrize("path", ["README.md", "_toc.yml", "book/operate/unattended.md"])
def test_where_a_list_is_not_found_nothing_is_written(copy: Path, path: str) -> None:
    (copy / path).write_text("Nothing.\n", encoding="utf-8")
    before = everything(copy)
    with pytest.raises(DefinitionError, match=re.escape(f"{path}: the list of runbooks is not found")):
        scaffold.new(copy, "census")
    assert everything(copy) == before


def test_what_cannot_be_written_leaves_nothing_half_done(copy: Path) -> None:
    (copy / "tests" / "plans").rename(copy / "plans")
    (copy / "tests" / "plans").write_text("A file in the place of the folder.\n", encoding="utf-8")
    before = everything(copy)
    with pytest.raises(DefinitionError, match="cannot be written"):
        scaffold.new(copy, "census")
    assert everything(copy) == before
    assert not (copy / "lib/deskbook/runbooks/census").exists()


def test_outside_of_a_checkout_it_says_where_to_go(tmp_path: Path) -> None:
    done = said_in(tmp_path, "deskbook.cli", "new", "runbook", "census", PYTHONPATH=str(ROOT / "lib"))
    assert done.returncode == 2
    assert "no checkout of Deskbook is here" in done.stderr

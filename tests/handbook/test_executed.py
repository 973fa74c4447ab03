"""Notebooks of the handbook are executed once, and again when something changes that they rest on; the book goes on from there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from deskbook.config import ORGANIZATION, PROCESS
from deskbook.handbook import build, executed

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
DRAWN = "from uuid import uuid4\nprint('drawn', uuid4().hex)"  # another one each time that it is executed


def notebook(*code: str) -> NotebookNode:
    cells = [
        {"cell_type": "code", "source": each, "metadata": {}, "outputs": [], "execution_count": None} for each in code
    ]
    title = {"cell_type": "markdown", "source": "# A lot\n\nOf one.", "metadata": {}}
    cells = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate([title, *cells])]
    return nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def drawn(text: str) -> str:
    return re.findall(r"drawn (\w{32})", text)[0]


def run(kept: Path, *code: str) -> str:
    return nbformat.writes(executed.executed(notebook(*code), kept))


def test_a_notebook_is_executed_once_for_each_state_of_the_library_and_finds_nothing_of_others(tmp_path: Path) -> None:
    first = drawn(run(tmp_path / "one", DRAWN))
    assert drawn(run(tmp_path / "one", DRAWN)) == first
    assert drawn(run(tmp_path / "one", DRAWN, "1")) != first
    assert drawn(run(tmp_path / "two", DRAWN)) != first
    assert "unknown here" in run(tmp_path / "one", "print('unknown here' if 'uuid4' not in dir() else 'left over')")


def test_a_notebook_that_fails_is_executed_again(tmp_path: Path) -> None:
    assert "ZeroDivisionError" in run(tmp_path, DRAWN, "1 / 0")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "changed", ["lib/deskbook/plan.py", "process.yaml", "organization.yaml", "_config.yml", "_toc.yml"]
)
def test_a_book_rests_on(changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib/deskbook/__pycache__").mkdir(parents=True)
    for name in ("lib/deskbook/plan.py", "_config.yml", "_toc.yml", "page.md"):
        (tmp_path / name).write_text("as it was", encoding="utf-8")
    for each in (PROCESS, ORGANIZATION):
        shutil.copy(each, tmp_path)
    monkeypatch.setattr(build, "LIBRARIES", (tmp_path / "lib",))
    monkeypatch.setenv("DESKBOOK_PROCESS", str(tmp_path / "process.yaml"))
    monkeypatch.setenv("DESKBOOK_ORGANIZATION", str(tmp_path / "organization.yaml"))
    before = build._state(tmp_path, tmp_path / "kept")
    for aside in ("lib/deskbook/__pycache__/plan.pyc", "page.md"):
        (tmp_path / aside).write_text("new", encoding="utf-8")
    assert build._state(tmp_path, tmp_path / "kept") == before
    with (tmp_path / changed).open("a", encoding="utf-8") as file:
        file.write("\n# another word\n")
    assert build._state(tmp_path, tmp_path / "kept") != before


def test_a_book_goes_on_from_a_build_that_was_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two pages that are notebooks, and one that tells a step of the process."""
    (tmp_path / "book").mkdir()
    for name in ("_static", "_extra"):
        shutil.copytree(ROOT / "book" / name, tmp_path / "book" / name)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    process, page = tmp_path / "process.yaml", tmp_path / "book" / "index.md"
    shutil.copy(PROCESS, process)
    monkeypatch.setenv("DESKBOOK_PROCESS", str(process))
    chapters = "root: book/index\nchapters:\n- file: book/one\n- file: book/two\n"
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\n{chapters}", encoding="utf-8")
    page.write_text("# Page\n\n{fact}`clocks.timebox.amount` minutes\n", encoding="utf-8")
    for name in ("one", "two"):
        nbformat.write(notebook(DRAWN), tmp_path / "book" / f"{name}.ipynb")

    def built() -> tuple[int, str, str]:
        done = build.build(tmp_path, tmp_path, quiet=True)
        return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout), page_of("index")

    def page_of(name: str) -> str:
        return (tmp_path / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")

    code, told, text = built()
    assert (code, "30 minutes" in text) == (0, True), told
    one, two = drawn(page_of("one")), drawn(page_of("two"))
    assert one == two  # the same notebook: it was executed once
    assert "0 added, 0 changed, 0 removed" in built()[1]

    page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    nbformat.write(notebook(DRAWN, "1"), tmp_path / "book" / "two.ipynb")
    code, told, text = built()
    assert (code, "One more sentence." in text, "0 added, 2 changed, 0 removed" in told) == (0, True, True), told
    assert drawn(page_of("one")) == one
    assert drawn(page_of("two")) != two

    amount = process.read_text(encoding="utf-8").replace("amount: 30", "amount: 31", 1)
    process.write_text(amount, encoding="utf-8")
    page.write_text(page.read_text(encoding="utf-8") + "\n{fact}`clocks.nobodys`\n", encoding="utf-8")
    for _ in range(2):  # what was wrong is told again, though nothing has changed since
        code, told, text = built()
        assert code != 0
        assert "nothing is called" in told
        assert "31 minutes" in text
    assert drawn(page_of("one")) != one

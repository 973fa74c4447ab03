"""What is public: the page's examples run, every public name is on it, and importing the package loads little."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import deskbook
from deskbook import errors
from deskbook.errors import DeskbookError
from deskbook.handbook.chapters import CHAPTERS
from deskbook.runbooks.catalog import RUNBOOKS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "book" / "reference" / "api.md").read_text(encoding="utf-8")
HEAVY = ("requests", "pydantic", "ipywidgets", "IPython", "github", "yaml", "deskbook_sandbox")
MODULES = sorted(path for name in ("deskbook", "deskbook_sandbox") for path in (ROOT / "lib" / name).rglob("*.py"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def ran(code: str) -> str:
    """What a fresh Python without any setting prints."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("DESKBOOK_")}
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_of_the_page_triages_a_ticket() -> None:
    (example,) = blocks("python")
    *actions, last = ran(example).splitlines()
    assert any("Mei Tanaka" in action for action in actions)
    assert last.startswith("ordinary timebox")


def test_what_the_page_says_of_replies_is_what_they_are_read_as() -> None:
    for number, block in enumerate(blocks("pycon")):
        runner = doctest.DocTestRunner()
        runner.run(doctest.DocTestParser().get_doctest(block, {}, f"api.md {number}", "api.md", 0))
        assert runner.summarize(verbose=False).attempted >= 3
        assert runner.failures == 0


@pytest.mark.parametrize("name", sorted({*deskbook.__all__} - {"language"}))
def test_every_public_name_is_on_the_page_and_there(name: str) -> None:
    assert f".. autofunction:: deskbook.{name}\n" in PAGE
    assert callable(getattr(deskbook, name))


def test_what_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        _ = deskbook.conect


def test_every_error_is_in_the_tree_once_below_its_kind() -> None:
    lines = CHAPTERS["error-tree"](*(None, None, "")).splitlines()  # type: ignore[arg-type]
    told = re.findall(r"`(\w+)`:", "\n".join(lines))
    ours = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DeskbookError)}
    assert sorted(told) == sorted(ours)
    assert lines[0].startswith("- `DeskbookError`")
    assert all(line.startswith("  ") for line in lines[1:])


def test_every_runbook_has_what_the_page_promises() -> None:
    for book in RUNBOOKS.values():
        assert book.parameters
        assert book.steps


def test_importing_the_package_is_light() -> None:
    loaded = set(ran("import deskbook, sys\nprint(*sys.modules)").split())
    assert not loaded & set(HEAVY)
    assert {name for name in loaded if name.startswith("deskbook.")} == {"deskbook.config", "deskbook.config.moved"}


def test_asking_for_a_reading_of_replies_loads_no_service() -> None:
    loaded = set(ran("import deskbook, sys\ndeskbook.language.replies.read('ok')\nprint(*sys.modules)").split())
    assert not loaded & {"requests", "ipywidgets", "IPython", "github", "deskbook_sandbox"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "lib")))
def test_no_module_only_hands_on_what_another_has(path: Path) -> None:
    """One thing, one place: no module of imports and other names for them alone. A package may be a sentence."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    own = [each for each in body if each not in imports and not _hands_on(each)]
    assert own or not [each for each in imports if getattr(each, "module", "") != "__future__"]


def _hands_on(statement: ast.stmt) -> bool:
    """A docstring, `__all__`, or another name for something."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        lists_names = all(isinstance(each, ast.Name) and each.id == "__all__" for each in statement.targets)
        return lists_names or isinstance(statement.value, ast.Name | ast.Attribute)
    return isinstance(statement, ast.If) and all(
        isinstance(each, ast.Import | ast.ImportFrom) for each in statement.body
    )

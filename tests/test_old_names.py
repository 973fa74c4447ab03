"""An import by a name that a module had before says in one line where it is now."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from deskbook.config.moved import places


@pytest.mark.parametrize("name", places())
def test_an_old_name_tells_the_new_one_which_exists(name: str) -> None:
    with pytest.raises(ModuleNotFoundError) as told:
        importlib.import_module(f"deskbook.{name}")
    assert "\n" not in str(told.value)
    now = str(told.value).split(" it is ")[1].removesuffix(" now")
    assert importlib.import_module(now)


def test_a_saved_notebooks_import_is_told_as_well() -> None:
    code = "from deskbook import triage"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].endswith("deskbook.triage has moved: it is deskbook.runbooks.triage.plan now")


def test_what_never_was_there_is_simply_not_found() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'deskbook\.nowhere'"):
        importlib.import_module("deskbook.nowhere")

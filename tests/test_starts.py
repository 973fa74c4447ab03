"""What a start of the command loads, and what it leaves to whoever needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from deskbook import batch


def imported(code: str) -> set[str]:
    """The modules that a fresh Python has after this code."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split("\n")[-2].split())


def test_help_needs_neither_process_nor_services() -> None:
    helped = "from deskbook.cli import cli\ncli(['--help'], standalone_mode=False)"
    assert (
        imported(helped) & {"deskbook.batch", "deskbook.config.process", "deskbook.services", "pydantic", "requests"}
        == set()
    )


def test_a_run_checks_its_parameters_without_planner_and_definitions() -> None:
    modules = imported("from deskbook import batch\nbatch.checked('triage', {'ticket_id': '101', 'apply': 'true'})")
    assert not {"pydantic", "deskbook.config.process", "deskbook.model.case", "deskbook.runbooks.triage.plan"} & modules


def test_of_github_is_loaded_what_is_asked_for_and_others_find_its_signer_whole() -> None:
    loaded = "import deskbook.services.github.client as client"
    signer = {"jwt.algorithms", "cryptography", "nacl.bindings"}
    assert not signer & imported(loaded)
    others = "import jwt, nacl.public\nassert jwt.algorithms.has_crypto and nacl.public.SealedBox"
    late = "import sys\n[each.__doc__ for name, each in list(sys.modules.items()) if name.startswith('github.')]"
    assert signer <= imported(f"{loaded}\n{others}\n{late}")


def test_a_desk_of_the_services_needs_no_sandbox() -> None:
    assert not {name for name in imported("import deskbook.assembly") if name.startswith("deskbook_sandbox")}


def test_the_parent_of_a_run_loads_nothing_that_it_does_not_use_and_hides_it_from_nobody() -> None:
    reads = "import gc\nfrom deskbook import batch\nbatch._papermill()\nassert gc.isenabled()"
    unused = {batch.GRAMMAR, *batch.UNUSED}
    finds = f"from importlib.util import find_spec\nassert all(find_spec(each) for each in {unused})"
    modules = imported(f"{reads}\n{finds}")
    assert {"papermill", "jsonschema"} <= modules
    assert not {"lark", "arrow", *unused} & modules


def test_readers_of_notebooks_build_no_grammar_and_hide_it_from_nobody() -> None:
    finds = "from importlib.util import find_spec\nassert find_spec('rfc3987_syntax')"
    modules = imported(f"from deskbook import batch\nbatch.import_jsonschema()\n{finds}")
    assert "jsonschema" in modules
    assert not {"lark", "rfc3987_syntax"} & modules


def test_a_run_has_a_kernel_of_its_own_python_without_debugger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "kernels" / "python3" / "kernel.json"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text('{"argv": ["/nowhere/python"], "display_name": "Elsewhere", "language": "python"}', "utf-8")
    (tmp_path / "traitlets.py").write_text(
        "raise SystemExit('what lies in the folder was taken for a package')", "utf-8"
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    code = "import sys\nprint(sys.prefix, '' in sys.path, 'debugpy' in sys.modules)\nimport debugpy"
    notebook = new_notebook(cells=[new_code_cell(code)])
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(
        notebook, kernel_manager_class=batch._kernel(), resources=where, shutdown_kernel="immediate"
    ).execute()
    assert notebook.cells[0].outputs[0].text == f"{sys.prefix} True False\n"

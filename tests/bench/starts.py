"""What it costs to begin: a run, what a kernel imports for it, the command's help, and the handbook where nothing changed."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from building import ORGANIZATION

from bench.measuring import AROUND, processor, ratio
from deskbook.notebooks import notebook_of
from deskbook_sandbox import server

ROOT = Path(__file__).parents[2]
TIMES = 5

# papermill's own command, but without a grammar that JupyterLab brings and no notebook needs; our command leaves it out, too.
PAPERMILL = "import sys; sys.modules['rfc3987_syntax'] = None\nfrom papermill.cli import papermill\npapermill()"
# What a kernel has imported when triage has run, beside what it has when nothing has.
IMPORTS = """
from time import process_time
begun = process_time()
import ipykernel.ipkernel, ipykernel.kernelapp
kernel = process_time() - begun
import deskbook
deskbook.connect, deskbook.runbook
import deskbook.runbooks.triage.form
print((process_time() - begun - kernel) / kernel)
"""
BOOK = """
import sys
from pathlib import Path
from deskbook.handbook.build import build
sys.exit(build(Path(sys.argv[1]), Path(sys.argv[2])).returncode)
"""


def rows() -> list[tuple[str, str, str]]:
    """What, what it must reach, and what was measured."""
    return [
        ("`deskbook run triage`, against papermill on an empty notebook of as many cells", "≤ 1.3", f"{_run():.2f}"),
        ("what triage imports, against ipykernel's own imports", "≤ 2.0", f"{_imports():.2f}"),
        ("`deskbook --help`, against Python with click alone", "≤ 2.0", f"{_help():.2f}"),
        ("`make book` with nothing changed, against cold", "≤ 0.15", f"{_book():.2f}"),
    ]


def _run() -> float:
    with server.start(ORGANIZATION) as running, tempfile.TemporaryDirectory() as folder:
        empty = _empty(Path(folder))
        nothing = [sys.executable, "-c", PAPERMILL, str(empty), f"{folder}/out.ipynb", "--no-progress-bar"]
        triage = [sys.executable, "-m", "deskbook.cli", "run", "triage", "ticket_id=101"]
        return ratio(
            lambda: processor(triage, DESKBOOK_SANDBOX_URL=running.url),
            lambda: processor(nothing),
            TIMES,
        )


def _empty(folder: Path) -> Path:
    """Triage's notebook with nothing to do in any of its cells."""
    notebook = json.loads(notebook_of("triage").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "pass"
    path = folder / "empty.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def _imports() -> float:
    command = [sys.executable, "-c", IMPORTS]
    told = [subprocess.run(command, env=AROUND, check=True, capture_output=True, text=True) for _ in range(TIMES + 1)]
    return statistics.median(float(each.stdout) for each in told[1:])


def _help() -> float:
    ours, click = [sys.executable, "-m", "deskbook.cli", "--help"], [sys.executable, "-c", "import click"]
    return ratio(lambda: processor(ours), lambda: processor(click), TIMES)


def _book() -> float:
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-c", BOOK, str(ROOT), folder]
        cold = processor(build)
        return statistics.median(processor(build) for _ in range(2)) / cold

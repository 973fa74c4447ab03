"""`python -m deskbook.handbook.build` builds the handbook: what has changed since the last time, and all that may rest on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from deskbook.config.settings import Settings, read_settings
from deskbook.errors import DeskbookError
from deskbook.tickets.issue_form import forms

EXECUTED = "executed"  # the folder beside the pages where executed notebooks are kept
LIBRARIES = (Path(__file__).parents[1], Path(__file__).parents[2] / "deskbook_sandbox")
# A build practises on a sandbox, whatever keys are about; of our settings it sees these two alone.
PRACTICE = ("DESKBOOK_ORGANIZATION", "DESKBOOK_PROCESS")
HIDDEN = ("DESKBOOK_", "FRESHDESK_", "GITHUB_", "SLACK_", "PAGERDUTY_", "JUPYTER", "IPYTHON")


def build(source: Path, output: Path, *, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """The book of `source` into `output`/_build/html, whatever the environment holds or lacks.

    It goes on from the last build where that was fine, and only pages and notebooks have changed since; else from nothing.
    A notebook is executed anew where it or the library, the process or the organisation has changed.
    """
    made = output / "_build"
    state, whole = _state(source, made / EXECUTED), made / "whole"
    if not (state and whole.exists() and whole.read_text(encoding="utf-8") == state):
        for each in ("html", ".doctrees"):
            shutil.rmtree(made / each, ignore_errors=True)
    whole.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="deskbook-book-") as private:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN) or name in PRACTICE}
        environment = kept | {"HOME": private, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"}
        quiet_kernels = Path(private, ".ipython", "profile_default", "ipython_kernel_config.py")
        quiet_kernels.parent.mkdir(parents=True)
        quiet_kernels.write_text("c.IPKernelApp.log_level = 40\n", encoding="utf-8")
        light = "from deskbook.batch import import_jsonschema; import_jsonschema()"  # 2 s less, where JupyterLab is
        book = f"{light}; import sys; from jupyter_book.cli.main import main; sys.exit(main())"
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                book,
                "build",
                str(source),
                "--path-output",
                str(output),
                "-W",
                "--keep-going",
                "-n",
            ],
            env=environment,
            check=False,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
        )
    if not done.returncode:
        made.mkdir(parents=True, exist_ok=True)
        whole.write_text(state, encoding="utf-8")
    return done


def _state(source: Path, kept: Path) -> str:
    """What the book is built from, pages and notebooks aside; empty where that cannot be read, which the build then says."""
    try:
        now = rests_on(read_settings())
    except (DeskbookError, OSError):
        return ""
    for old in kept.glob("*"):
        if old.name != now:
            shutil.rmtree(old)
    return "\n".join([now, *((source / name).read_text(encoding="utf-8") for name in ("_config.yml", "_toc.yml"))])


def rests_on(settings: Settings) -> str:
    """A fingerprint of what any page or notebook may rest on: library, issue forms, process, organisation, and packages."""
    files = [path for folder in LIBRARIES for path in sorted(folder.rglob("*")) if _counts(path)]
    packages = sorted(each.name for place in sys.path for each in Path(place).glob("*.dist-info"))  # name and version
    told = sha256("\n".join(packages).encode())
    for path in (*files, *forms().values(), settings.process, settings.organization):
        told.update(f"\n{path}\n".encode())
        told.update(path.read_bytes())
    return told.hexdigest()


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def main() -> None:
    root = Path(__file__).parents[3]
    done = build(root, root)
    if done.returncode:
        sys.exit(done.returncode)
    print(root / "_build" / "html" / "index.html")


if __name__ == "__main__":
    main()

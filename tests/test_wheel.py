"""What is installed works without the repository: process, messages, seed and runbooks travel with the package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.long
def test_a_runbook_runs_from_the_wheel_outside_the_repository(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(installed), str(wheel)], check=True, capture_output=True
    )
    assert (installed / "deskbook" / "runbooks" / "template" / "notebook.ipynb").is_file()
    assert (installed / "deskbook" / "schedulers" / "templates" / "crontab.jinja").is_file()
    for path in (
        "etc/jupyter/jupyter_server_config.d/deskbook.json",
        "share/jupyter/labextensions/deskbook/package.json",
    ):
        assert (installed / path).is_file(), path
    assert "[jupyter_serverproxy_servers]" in next(installed.glob("deskbook-*.dist-info/entry_points.txt")).read_text()
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import deskbook; print(deskbook.__file__)"]
    assert (
        str(installed)
        in subprocess.run(where, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True).stdout
    )
    run = [
        sys.executable,
        "-c",
        "from deskbook.cli import main; main()",
        "run",
        "triage",
        "ticket_id=101",
        "--apply",
        "--json",
    ]
    ran = subprocess.run(run, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["outcome"] == "ordinary"

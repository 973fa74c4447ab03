"""The workflows of continuous integration: each action is one commit, no job may write, and every command is a target of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
MAKE = re.compile(r"^make ([a-z]+)$")


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


def test_there_is_one_for_the_tests_and_one_that_asks_for_weaknesses() -> None:
    said = {path.stem: [step.get("run") for step in steps(read(path))] for path in WORKFLOWS}
    assert ".ci/run" in said["test"]
    assert {"make sbom", "make audit"} <= set(said["audit"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_commit_and_says_which_version_that_is(path: Path) -> None:
    used = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if re.search(r"\buses\s*:", line)]
    pinned = re.compile(r"- uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+){0,2}")
    assert used
    assert [line for line in used if not pinned.fullmatch(line)] == []
    jobs = read(path)["jobs"].values()
    assert len(used) == sum("uses" in step for job in jobs for step in job["steps"])  # none hides in another spelling
    assert not any("uses" in job for job in jobs)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_is_allowed_but_reading_the_contents(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_foreign_text_reaches_a_shell_and_no_key_stays_on_the_disk(path: Path) -> None:
    workflow = read(path)
    triggers = workflow[True]  # YAML 1.1 takes `on` for a truth
    assert set(triggers) <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert "${{" not in path.read_text(encoding="utf-8")
    for step in steps(workflow):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


def test_every_target_that_a_workflow_makes_is_there() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    made = [match[1] for path in WORKFLOWS for step in steps(read(path)) if (match := MAKE.match(step.get("run", "")))]
    assert made
    assert set(made) <= set(targets)

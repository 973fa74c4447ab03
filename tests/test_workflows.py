"""The workflows of continuous integration: each action is one commit, each job has the rights of its work alone, and what runs is ours."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from building import ORGANIZATION
from check_jsonschema.builtin_schemas import get_builtin_schema

from deskbook import schedulers
from deskbook.cli import cli
from deskbook.config.settings import Settings, needed

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
PINNED = re.compile(r"- uses: ([\w.-]+/[\w./-]+)@([0-9a-f]{40}) # (v\d+(?:\.\d+){0,2})")
# A job has one of these: it reads the repository, or publishes what others built and does nothing else.
READS = {"contents": "read"}
PUBLISHES = {"pages": "write", "id-token": "write"}


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def jobs(path: Path) -> list[dict[str, Any]]:
    return list(read(path)["jobs"].values())


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path) for step in job["steps"]]


def named(name: str) -> Path:
    return next(path for path in WORKFLOWS if path.stem == name)


each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def test_there_is_one_for_the_tests_and_one_that_asks_for_weaknesses() -> None:
    said = {path.stem: [step.get("run") for step in steps(path)] for path in WORKFLOWS}
    assert {".ci/run", "make book"} <= set(said["test"])
    assert {"make sbom", "make audit"} <= set(said["audit"])


@each_workflow
def test_github_knows_every_word_of_it(path: Path) -> None:
    workflow = read(path)
    workflow["on"] = workflow.pop(True)  # as YAML 1.1 reads that word
    schema = get_builtin_schema("vendor.github-workflows")
    jsonschema.validate(workflow, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**workflow, "permissions": "all"}, schema)


@each_workflow
def test_every_action_is_pinned_by_its_commit_and_says_which_version_that_is(path: Path) -> None:
    used = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if re.search(r"\buses\s*:", line)]
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []
    assert len(used) == sum("uses" in step for step in steps(path))  # none hides in another spelling
    assert not any("uses" in job for job in jobs(path))


def test_an_action_is_the_same_commit_wherever_it_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
    printed = schedulers.files("github", Settings(), ORGANIZATION)["deskbook.yml"]
    pins: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for action, commit, version in PINNED.findall("\n".join([*texts, printed])):
        pins[action].add((commit, version))
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}
    assert printed.count("uses:") == len(PINNED.findall(printed))


@each_workflow
def test_a_job_reads_the_repository_or_publishes_and_no_job_does_both(path: Path) -> None:
    assert read(path)["permissions"] == {}
    for job in jobs(path):
        assert job["permissions"] in (READS, PUBLISHES)
        assert job["timeout-minutes"] <= 60
        deploys = [step for step in job["steps"] if step.get("uses", "").startswith("actions/deploy-pages@")]
        if job["permissions"] == PUBLISHES:
            assert deploys == job["steps"]  # nothing of the repository runs with these rights
        else:
            assert not deploys


@each_workflow
def test_no_foreign_text_reaches_a_shell_and_no_key_stays_on_the_disk(path: Path) -> None:
    triggers = read(path)[True]
    assert set(triggers) <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    values = [value for step in steps(path) for value in step.get("env", {}).values() if "${{" in value]
    assert path.read_text(encoding="utf-8").count("${{") == len(values)  # in the environment of a step alone
    assert [value for value in values if not re.fullmatch(r"\$\{\{ (?:secrets|vars)\.\w+ \}\}", value)] == []
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_what_somebody_proposes_sees_no_key(path: Path) -> None:
    if "secrets." in path.read_text(encoding="utf-8"):
        assert set(read(path)[True]) <= {"schedule", "workflow_dispatch"}


def test_the_handbook_is_shown_of_a_proposal_and_published_of_what_passed_on_main() -> None:
    workflow = read(named("test"))
    handbook, publish = workflow["jobs"]["handbook"], workflow["jobs"]["publish"]
    assert workflow[True] == {"push": {"branches": ["main"]}, "pull_request": None}
    kept = {step["uses"].split("@")[0]: step for step in handbook["steps"] if "_build/html" in str(step.get("with"))}
    assert {name: step["if"] for name, step in kept.items()} == {
        "actions/upload-artifact": "github.event_name == 'pull_request'",
        "actions/upload-pages-artifact": "github.event_name == 'push'",
    }
    assert set(publish["needs"]) == set(workflow["jobs"]) - {"publish"}
    assert publish["if"].startswith("github.event_name == 'push' && ")
    assert publish["environment"] == "github-pages"
    assert publish["concurrency"] == {"group": "pages", "cancel-in-progress": False}


def test_the_sweep_gets_each_key_that_a_live_run_needs_and_runs_one_at_a_time_where_only_the_staff_reads_it() -> None:
    workflow = read(named("sweep"))
    (job,) = workflow["jobs"].values()
    assert "github.event.repository.visibility == 'private'" in job["if"].split(" && ")
    assert workflow["concurrency"]["cancel-in-progress"] is False
    (step,) = [step for step in job["steps"] if "env" in step]
    assert {name for names, _ in needed() for name in names} <= set(step["env"])
    assert step["run"].endswith(" > /dev/null")  # more people read the log than the tickets
    words = shlex.split(step["run"].removesuffix(" > /dev/null"))
    assert words[0] == ".venv/bin/deskbook"
    assert words[1] in cli.commands
    (kept,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/upload-artifact@")]
    assert kept["if"] == "always()"
    assert kept["with"]["path"] == str(Settings().nights)


def test_the_secrets_of_the_sweep_have_the_names_that_the_printed_workflow_asks_for() -> None:
    printed = schedulers.files("github", Settings(), ORGANIZATION)["deskbook.yml"]
    secrets = [set(re.findall(r"secrets\.(\w+)", text)) for text in (printed, named("sweep").read_text("utf-8"))]
    assert secrets[0] == secrets[1]
    assert not [name for name in secrets[0] if name.startswith("GITHUB_")]  # a name that GitHub refuses


def test_every_target_that_a_workflow_makes_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.M)
    made = [
        match[1]
        for path in WORKFLOWS
        for step in steps(path)
        if (match := re.match(r"make (\S+)", step.get("run", "")))
    ]
    assert made
    groups = {f".venv/.{lock.stem}" for lock in (ROOT / "requirements").glob("*.lock")}
    assert set(made) <= {*targets, *groups}


def test_the_page_about_publishing_tells_of_each_workflow() -> None:
    page = (ROOT / "book" / "operate" / "publishing.md").read_text(encoding="utf-8")
    assert {path.name for path in WORKFLOWS} == set(re.findall(r"`(\w+\.yml)`", page))

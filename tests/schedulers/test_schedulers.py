"""What schedulers are told: started for real where that can be done on one machine, else held against a schema or the
scheduler's own verifier. `CHECKED` says which."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import warm
import yaml
from browsing import free_port, wait_for
from building import ORGANIZATION
from check_jsonschema.builtin_schemas import get_builtin_schema

from deskbook import schedulers
from deskbook.batch import notebook_of
from deskbook.config.organization import NightRules, Organization, ScheduledRun
from deskbook.config.settings import Settings
from deskbook.errors import ParameterError
from deskbook.nights import archive
from deskbook.schedule.expected import times
from deskbook_sandbox.server import Running

RUN = Path(sys.executable).with_name("deskbook")
CHECKED = {
    "cron": "its command started as cron starts it",
    "systemd": "its command started, its units held against the table here and, where there is one, systemd's own verifier",
    "kubernetes": "its command started, its files held against kubernetes.json and, where there is one, kubectl kustomize",
    "github": "its command started, its file held against the schema that check-jsonschema carries",
    "jupyter-scheduler": "a real server with a real job",
}
# What we may write in a unit, after systemd's manual.
UNIT = {
    "Unit": {"Description", "Wants", "After"},
    "Service": {
        *("Type", "EnvironmentFile", "Environment", "DynamicUser", "User", "StateDirectory", "StateDirectoryMode"),
        *("WorkingDirectory", "ExecStart", "StandardOutput", "TimeoutStartSec", "NoNewPrivileges", "PrivateTmp"),
        *("ProtectSystem", "ProtectHome"),
    },
    "Timer": {"OnCalendar", "Persistent", "AccuracySec"},
    "Install": {"WantedBy"},
}


def files(kind: str, organization: Organization = ORGANIZATION, settings: Settings | None = None) -> dict[str, str]:
    return schedulers.files(kind, settings or Settings(), organization)


def scheduled(*runs: tuple[str, str]) -> Organization:
    rules = NightRules(runs=tuple(ScheduledRun(run=run, at=at) for run, at in runs))
    return ORGANIZATION.model_copy(update={"nights": rules})


def test_every_scheduler_says_how_it_is_checked() -> None:
    assert set(CHECKED) == set(schedulers.KINDS)


@pytest.mark.parametrize("kind", schedulers.KINDS)
def test_every_run_and_its_time_stand_in_the_files(kind: str) -> None:
    text = "\n".join(files(kind).values())
    for run in ORGANIZATION.nights.runs:
        if kind != "github" or not run.writes:
            assert run.runbook in text
            assert run.at in text
    assert ORGANIZATION.name in text
    assert "[[" not in text
    assert "[%" not in text


@pytest.mark.parametrize("kind", schedulers.KINDS)
def test_no_key_stands_in_the_files_whatever_the_environment_holds(kind: str) -> None:
    settings = Settings(live=True, freshdesk_key="key-of-freshdesk", ping="https://watch.example.org/key-of-the-watch")
    assert "key-of" not in "\n".join(files(kind, settings=settings).values())


@pytest.mark.parametrize("kind", ["cron", "systemd", "kubernetes"])
def test_a_sweep_may_be_shared_out_by_a_schedule(kind: str) -> None:
    found = files(kind, scheduled(("sweep executor=dask://127.0.0.1:8786 --apply", "0 * * * *")))
    assert "executor=dask://127.0.0.1:8786" in "".join(found.values())


def test_a_run_that_writes_is_none_for_github() -> None:
    text = files("github", scheduled(("triage ticket_id=101 --apply", "0 * * * *"), ("report", "0 6 1 * *")))
    assert "triage" not in text["deskbook.yml"]
    with pytest.raises(ParameterError, match="names no run that writes nothing"):
        files("github", scheduled(("triage ticket_id=101 --apply", "0 * * * *")))


@pytest.mark.parametrize("kind", schedulers.KINDS)
def test_an_organisation_that_schedules_nothing_is_told_where(kind: str) -> None:
    with pytest.raises(ParameterError, match="/nights/runs"):
        files(kind, scheduled())


def test_a_scheduler_that_nobody_knows_is_bad_usage(tmp_path: Path) -> None:
    ran = warm.deskbook("schedule", "windows", folder=tmp_path, environment={})
    assert ran.returncode == 2
    assert "'windows' is no scheduler that we know; name one of cron, systemd," in ran.stderr


def test_the_help_names_every_scheduler(tmp_path: Path) -> None:
    ran = warm.deskbook("schedule", "--help", folder=tmp_path, environment={})
    assert all(kind in ran.stdout for kind in schedulers.KINDS)


def test_files_are_printed_or_laid_into_a_folder(tmp_path: Path) -> None:
    printed = warm.deskbook("schedule", "kubernetes", folder=tmp_path, environment={})
    laid = warm.deskbook("schedule", "kubernetes", "--to", "there", folder=tmp_path, environment={})
    names = sorted(path.name for path in (tmp_path / "there").iterdir())
    assert names == sorted(files("kubernetes"))
    assert laid.stdout.split() == [f"there/{name}" for name in files("kubernetes")]
    assert [name for name in names if f"# --- {name}\n" in printed.stdout] == names


# Times: cron's own, and as systemd writes them.


@pytest.mark.parametrize(
    ("at", "calendar"),
    [
        ("0 6 1 * *", "*-*-01 06:00:00 UTC"),
        ("*/15 5-7 * * 1-5", "Mon,Tue,Wed,Thu,Fri *-*-* 05,06,07:00,15,30,45:00 UTC"),
        ("30 * * * *", "*-*-* *:30:00 UTC"),
        ("0 0 31 12 *", "*-12-31 00:00:00 UTC"),
        ("5 4 * * 0", "Sun *-*-* 04:05:00 UTC"),
    ],
)
def test_a_time_of_cron_is_the_same_time_for_systemd(at: str, calendar: str) -> None:
    assert schedulers.calendar(ScheduledRun(run="report", at=at)) == calendar
    if shutil.which("systemd-analyze"):
        since = "2026-11-24 03:00:00 UTC"
        asked = ["systemd-analyze", "calendar", "--iterations=5", f"--base-time={since}", calendar]
        said = subprocess.run(
            asked, capture_output=True, text=True, check=True, env={"TZ": "UTC", "LC_ALL": "C"}
        ).stdout
        found = re.findall(r"(?:Next elapse|Iter[a-z.]+ #\d+): \w+ (\S+ \S+) UTC", said)
        ours = islice(times(at, datetime(2026, 11, 24, 3, tzinfo=UTC)), 5)
        assert found == [f"{each:%Y-%m-%d %H:%M:%S}" for each in ours]


# Started for real: each scheduler's command, in the environment that this scheduler gives it.


@pytest.fixture
def keys(running: Running, tmp_path: Path) -> Path:
    """The file of settings: those of a sandbox; and, in a checkout that is not installed, where the library is."""
    path = tmp_path / "environment"
    path.write_text(f"DESKBOOK_SANDBOX_URL={running.url}\nPYTHONPATH={os.pathsep.join(sys.path)}\n", encoding="utf-8")
    return path


def settings_in(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines())


def by_cron(keys: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    """As cron does: `/bin/sh -c` of what follows the fifth field, with the variables above and next to nothing else."""
    lines = files("cron")["crontab"].replace(schedulers.KEYS, str(keys)).replace(schedulers.STATE, str(folder))
    variables = dict(line.split("=", 1) for line in lines.splitlines() if re.match(r"\w+=", line))
    (command,) = (line.split(maxsplit=5)[5] for line in lines.splitlines() if "run report" in line)
    assert "%" not in command
    return [variables.pop("SHELL"), "-c", command], {"HOME": str(folder), "PATH": "/usr/bin:/bin", **variables}


def by_systemd(keys: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    unit = dict(
        line.split("=", 1)
        for line in files("systemd")["deskbook-report.service"].replace("%S/deskbook", str(folder)).splitlines()
        if re.match(r"\w+=", line)
    )
    variables = dict(each.split("=", 1) for each in unit["Environment"].split())
    return shlex.split(unit["ExecStart"]), {"PATH": "/usr/bin:/bin", **settings_in(keys), **variables}


def by_kubernetes(keys: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    job = yaml.safe_load(files("kubernetes")["report.yaml"].replace(schedulers.STATE, str(folder)))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    variables = {each["name"]: str(folder) if each["value"] == "/tmp" else each["value"] for each in container["env"]}
    path = {"PATH": f"{RUN.parent}:/usr/bin:/bin"}
    return [str(RUN), *container["args"]], {**path, **settings_in(keys), **variables}


def by_github(keys: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    (*_, step) = yaml.safe_load(files("github")["deskbook.yml"])["jobs"]["report"]["steps"]
    path = {"PATH": f"{RUN.parent}:/usr/bin:/bin", "DESKBOOK_RUNS": f"{folder}/runs", "HOME": str(folder)}
    return ["bash", "-e", "-c", step["run"]], {**path, **settings_in(keys)}


@pytest.mark.long
@pytest.mark.parametrize("start", [by_cron, by_systemd, by_kubernetes, by_github], ids=lambda each: each.__name__)
def test_its_command_runs_where_that_scheduler_starts_it(
    start: Callable[[Path, Path], tuple[list[str], dict[str, str]]], keys: Path, tmp_path: Path
) -> None:
    command, environment = start(keys, tmp_path)
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [night.runbook for night in archive.known(tmp_path / "runs" / "nights")] == ["report"]


def test_what_a_run_shows_stays_out_of_logs_and_mails() -> None:
    """Kubernetes keeps a container's output by the rights on its pod; elsewhere more people read it than the tickets."""
    for kind, name in (("cron", "crontab"), ("github", "deskbook.yml")):
        lines = [line for line in files(kind)[name].splitlines() if "deskbook run" in line]
        assert lines
        assert all(line.endswith("> /dev/null") for line in lines)
    assert "StandardOutput=null\n" in files("systemd")["deskbook-report.service"]


# Held against a schema, or the scheduler's own verifier.


def test_units_are_what_systemd_knows(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    units = files("systemd")
    for name, text in units.items():
        section = ""
        for line in text.splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line and not line.startswith("#"):
                assert line.split("=", 1)[0] in UNIT[section], f"{name}: {line}"
        (tmp_path / name).write_text(text, encoding="utf-8")
    used = "our own table"
    if shutil.which("systemd-analyze"):
        used = "systemd-analyze verify"
        ran = subprocess.run(
            ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    record_property("checked with", used)


SCHEMA = json.loads((Path(__file__).parent / "kubernetes.json").read_text(encoding="utf-8"))


@pytest.fixture(params=["as shipped", "of its own"])
def manifests(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder for Kubernetes, of an organisation in a file of its own too."""
    own = tmp_path / "own.yaml"
    shutil.copy(Settings().organization, own)
    settings = Settings(organization=own) if request.param == "of its own" else Settings()
    folder = tmp_path / "kubernetes"
    folder.mkdir()
    for name, text in files("kubernetes", settings=settings).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_manifests_hold_against_the_schema(manifests: Path) -> None:
    kinds = set()
    for path in manifests.glob("*.yaml"):
        if path.name != "organization.yaml":
            manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
            jsonschema.validate(manifest, SCHEMA)
            kinds.add(manifest["kind"])
    assert kinds == {"Kustomization", "CronJob", "PersistentVolumeClaim"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("concurrencyPolicy: Forbid", "concurrencyPolicy: Never"),
        ("timeZone:", "timezone:"),
        ("secretRef:", "secretref:"),
        ("restartPolicy: Never", "restartPolicy: Always"),
        ('schedule: "', 'schedule: "0 '),
        ("backoffLimit: 2", 'backoffLimit: "2"'),
    ],
)
def test_the_schema_refuses_what_the_server_would(old: str, new: str) -> None:
    text = files("kubernetes")["report.yaml"]
    assert old in text
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text.replace(old, new)), SCHEMA)


def test_the_folder_is_whole(manifests: Path, record_property: Callable[[str, object], None]) -> None:
    """Every file that is named is there, every volume is mounted from one, and kubectl builds it where there is one."""
    named = yaml.safe_load((manifests / "kustomization.yaml").read_text(encoding="utf-8"))
    made = [each["name"] for each in named.get("configMapGenerator", ())]
    listed = [*named["resources"], *(file for each in named.get("configMapGenerator", ()) for file in each["files"])]
    assert sorted(listed) == sorted(path.name for path in manifests.iterdir() if path.name != "kustomization.yaml")
    for name in named["resources"]:
        manifest = yaml.safe_load((manifests / name).read_text(encoding="utf-8"))
        if manifest["kind"] == "CronJob":
            spec = manifest["spec"]
            assert (spec["concurrencyPolicy"], spec["timeZone"]) == ("Forbid", "Etc/UTC")
            pod = spec["jobTemplate"]["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}
            assert {each["configMap"]["name"] for each in pod["volumes"] if "configMap" in each} == set(made)
            assert container["image"] == named["images"][0]["name"]
    if kubectl := shutil.which("kubectl"):
        built = subprocess.run([kubectl, "kustomize", str(manifests)], capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stderr
        assert built.stdout.count("kind: CronJob") == len(ORGANIZATION.nights.runs)
        assert "image: registry.example.org/deskbook:1" in built.stdout
    record_property("checked with", "kubectl kustomize" if kubectl else "the names alone")


def test_the_workflow_holds_against_the_schema_of_github() -> None:
    workflow = yaml.safe_load(files("github")["deskbook.yml"])
    workflow["on"] = workflow.pop(True)  # as YAML 1.1 reads that word
    schema = get_builtin_schema("vendor.github-workflows")
    jsonschema.validate(workflow, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**workflow, "permissions": "all"}, schema)


def test_the_workflow_pins_its_actions_and_asks_for_no_right_but_to_read() -> None:
    workflow = yaml.safe_load(files("github")["deskbook.yml"])
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert job["timeout-minutes"] <= 60
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        assert used
        assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", each) for each in used)
        assert [step["with"]["persist-credentials"] for step in job["steps"] if "checkout" in step.get("uses", "")] == [
            False
        ]
    secrets = re.findall(r"secrets\.(\w+)", files("github")["deskbook.yml"])
    assert not [name for name in secrets if name.startswith("GITHUB_")]  # a name that GitHub refuses
    assert "${{" not in "".join(step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"])


# jupyter-scheduler: a real server, a real job.


@pytest.fixture
def server(running: Running, tmp_path: Path) -> Iterator[str]:
    """The address of a Jupyter server with the scheduler, set up by our file."""
    root = tmp_path / "root"
    root.mkdir()
    for name in ("report", "triage"):
        shutil.copy(notebook_of(name), root)
    (root / "mine.ipynb").write_text((root / "report.ipynb").read_text(encoding="utf-8"), encoding="utf-8")
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text(
        files("jupyter-scheduler")["jupyter_server_config.py"], encoding="utf-8"
    )
    port, log = free_port(), tmp_path / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DESKBOOK_", "JUPYTER"))}
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                *(f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=there"),
                *(f"--ServerApp.root_dir={root}", f"--SchedulerApp.db_url=sqlite:///{tmp_path}/jobs.sqlite"),
                "--ServerApp.jpserver_extensions={'jupyter_scheduler': True}",
            ],
            env=environment
            | {
                "DESKBOOK_SANDBOX_URL": running.url,
                "DESKBOOK_RUNS": str(tmp_path / "runs"),
                "JUPYTER_CONFIG_DIR": str(config),
                "JUPYTER_DATA_DIR": str(tmp_path / "data"),
                "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stdout=said,
            stderr=said,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api?token=there", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def ask(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": "token there", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body else None
    with urllib.request.urlopen(urllib.request.Request(f"{url}/scheduler/{path}", data, headers)) as answer:
        return json.load(answer)


def job(url: str, name: str, **parameters: str) -> dict[str, Any]:
    """A job as it ended."""
    (environment, *_) = ask(url, "runtime_environments")
    wanted = {
        "name": name,
        "input_uri": f"{name}.ipynb",
        "runtime_environment_name": environment["name"],
        "output_formats": ["ipynb", "html"],
        "parameters": parameters,
    }
    number = ask(url, "jobs", wanted)["job_id"]
    until = time.monotonic() + 120
    while (told := ask(url, f"jobs/{number}"))["status"] not in ("COMPLETED", "FAILED"):  # a new one is STOPPED
        assert time.monotonic() < until, told
        time.sleep(0.2)
    return dict(told)


@pytest.mark.long
def test_jupyter_scheduler_runs_our_notebooks_as_ours(server: str, running: Running, tmp_path: Path) -> None:
    done = job(server, "triage", ticket_id="112", apply="true")  # mail of the pager, which is closed
    assert done["status"] == "COMPLETED", done
    assert "PUT /api/v2/tickets/112" in running.store.requests
    (night,) = archive.known(tmp_path / "runs" / "nights")
    assert (night.runbook, night.failures) == ("triage", 0)
    assert night.effects > 0
    written = list((tmp_path / "data").rglob("triage-*"))
    assert {path.suffix for path in written} == {".ipynb", ".html"}
    assert all("Receipt" in path.read_text(encoding="utf-8") for path in written)

    wrong = job(server, "report", begin="today")
    assert (wrong["status"], "has no parameter 'begin'" in wrong["status_message"]) == ("FAILED", True)
    with pytest.raises(urllib.error.HTTPError) as refused:
        job(server, "mine")
    assert refused.value.code == 500

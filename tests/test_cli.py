"""The command line, run as people and schedulers run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import warm
from building import ORGANIZATION
from click.testing import CliRunner

from deskbook import batch
from deskbook.cli import cli
from deskbook_sandbox.server import Running, open_store

COMMAND = [str(Path(sys.executable).with_name("deskbook"))]


def deskbook(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return warm.deskbook(*arguments, folder=cwd or Path.cwd(), environment=around(environment))


def deskbook_of_its_own(*arguments: str, cwd: Path | None = None, **added: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, with a kernel of its own: nothing else is printed, and the code is the shell's."""
    command = [*COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=around(added), check=False, timeout=120)


def around(added: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("DESKBOOK_")} | added


def outbox(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/sandbox/outbox") as answer:
        return list(json.load(answer))


def control(url: str, what: str, body: Any) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/sandbox/{what}", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).close()


def test_python_dash_m_is_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "deskbook.cli", "nonsense"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "No such command 'nonsense'" in ran.stderr


def test_a_process_that_cannot_be_read_ends_a_run_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "process.yaml").write_text("roles: {}\n", encoding="utf-8")
    ran = deskbook("run", "queue", cwd=tmp_path, DESKBOOK_PROCESS=str(tmp_path / "process.yaml"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "process.yaml @ /" in ran.stderr


def test_json_prints_the_receipt_and_nothing_else(running: Running, tmp_path: Path) -> None:
    ran = deskbook_of_its_own(
        "run", "triage", "ticket_id=101", "--json", cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url
    )
    receipt = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert set(receipt) == {
        "runbook",
        "subject",
        "sandbox",
        "applied",
        "digest",
        "actions",
        "needs_human",
        "outcome",
        "next",
    }
    assert receipt["sandbox"] is True
    assert receipt["applied"] is False
    assert {line["state"] for line in receipt["actions"]} <= {"proposed", "already done"}
    assert outbox(running.url) == []
    left = [path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()]
    assert set(left) <= {("runs", ".cache")}  # what the next run need not ask again


def test_a_key_is_found_as_it_is_and_as_json_writes_it() -> None:
    key = 'a"key\\of-old'
    assert "of-old" not in batch.without(json.dumps({"said": f"<{key}>"}) + key, [key])


def test_the_order_of_work_is_printed_before_its_plan(running: Running) -> None:
    shown = deskbook("run", "prioritize", DESKBOOK_SANDBOX_URL=running.url).stdout
    order, plan = shown.index("Order of work for iteration 56"), shown.index("Plan of prioritize")
    assert order < shown.index("#1 [Support] Slow start of servers") < plan < shown.index("Nothing written yet")
    assert "SANDBOX" not in shown[:order]


def test_approving_a_digest_applies_that_plan_once(running: Running, tmp_path: Path) -> None:
    def run(*more: str) -> dict[str, Any]:
        ran = deskbook("run", "triage", "ticket_id=101", "--json", *more, DESKBOOK_SANDBOX_URL=running.url)
        return dict(json.loads(ran.stdout), code=ran.returncode)

    digest = run()["digest"]
    first, second = run("--approve", digest), run("--approve", digest)
    assert (first["code"], second["code"]) == (0, 0)
    assert "done" in {line["state"] for line in first["actions"]}
    assert {line["state"] for line in second["actions"]} == {"already done"}
    assert len(outbox(running.url)) == 1


def test_unattended_leaves_to_a_person_what_the_process_says(running: Running, tmp_path: Path) -> None:
    asked = ("run", "triage", "ticket_id=101", "--apply", "--json")
    ran = deskbook(*asked, "--unattended", cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url)
    receipt = json.loads(ran.stdout)
    assert (ran.returncode, receipt["outcome"]) == (0, "proposed")
    assert outbox(running.url) == []
    ran = deskbook(*asked, cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url, DESKBOOK_UNATTENDED="yes")
    assert ran.returncode == 2
    assert "DESKBOOK_UNATTENDED is 'yes': set it to 1 where nobody watches" in ran.stderr
    said = receipt["needs_human"][-1].partition("deskbook ")[2]
    ran = deskbook(*said.split(), cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url)
    assert (ran.returncode, len(outbox(running.url))) == (0, 1)


def test_a_sweep_counts_what_failed_apart_from_what_needs_a_person(running: Running, tmp_path: Path) -> None:
    control(running.url, "switches", {"limits": False})
    control(running.url, "faults", [{"method": "GET", "path": "/api/v2/tickets/101*", "status": 500, "times": 1000}])
    ran = deskbook("sweep", "--apply", "--json", cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url)
    receipt = json.loads(ran.stdout)
    assert (ran.returncode, receipt["runbook"], receipt["outcome"]) == (1, "sweep", "failed")
    assert [line["key"] for line in receipt["actions"] if line["state"] == "failed"] == ["sweep.work#101"]
    assert not any("Ticket 101:" in need for need in receipt["needs_human"])
    assert "1 failure: ticket 101: " in ran.stderr
    control(running.url, "faults", [])
    ran = deskbook("sweep", "--apply", cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "The digest (2i2c support, " in ran.stdout
    assert "Receipt: sweep, every unfinished ticket" in ran.stdout


def test_a_refused_approval_shows_a_receipt_and_exits_one(running: Running) -> None:
    ran = deskbook(
        "run", "triage", "ticket_id=101", "--json", "--approve", "p-0000000000-000", DESKBOOK_SANDBOX_URL=running.url
    )
    receipt = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert receipt["outcome"] == "refused"
    assert {line["state"] for line in receipt["actions"]} == {"not reached"}
    assert "another plan" in ran.stderr
    assert outbox(running.url) == []


def test_the_executed_notebook_is_kept_also_as_a_page(running: Running, tmp_path: Path) -> None:
    ran = deskbook(
        "run",
        "triage",
        "ticket_id=101",
        "--apply",
        "--output",
        "kept/run.ipynb",
        cwd=tmp_path,
        DESKBOOK_SANDBOX_URL=running.url,
    )
    assert ran.returncode == 0, ran.stderr
    assert "kept/run.ipynb" in ran.stdout
    page = (tmp_path / "kept" / "run.html").read_text(encoding="utf-8")
    assert "Receipt" in page
    assert "cdn" not in page.lower()
    assert sorted(p.name for p in (tmp_path / "kept").iterdir()) == ["run.html", "run.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "triag", "ticket_id=101"], "did you mean triage?"),
        (["run", "triage", "ticket=101"], "has no parameter 'ticket'"),
        (["run", "triage", "ticket_id=one"], "is not a whole number"),
        (["run", "triage", "ticket_id=101", "apply=perhaps"], "neither true nor false"),
        (["run", "triage", "101"], "write key=value"),
        (["run", "triage", "ticket_id=101", "ticket_id=102"], "ticket_id is given twice"),
        (["run", "triage", "ticket_id=101", "apply=false", "--apply"], "apply is given twice"),
        (["run", "triage", "ticket_id=101", "impact=Enormous"], "impact: 'Enormous' is not accepted"),
        (["run", "triage", "ticket_id=101", "agent=nobody@example.org"], "no agent of the helpdesk"),
        (["run", "triage", "ticket_id=101", "--approve", "12345"], "is not a plan's digest"),
        (["sandbox", "--plan", "imaginary"], "is no plan"),
        (["sandbox", "--port", "99999"], "--port"),
        (["sandbox", "--store", "/dev/null/store.db"], "no store can be kept there"),
        (["sandbox", "--now", "yesterday"], "yesterday"),
        (["sandbox", "--seed", "/nowhere.yaml"], "/nowhere.yaml"),
        (["process", "show", "triag"], "there is no runbook 'triag'"),
        (["fly"], "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_usage_exits_two_and_says_what_to_do(arguments: list[str], words: str, tmp_path: Path) -> None:
    ran = deskbook(*arguments, cwd=tmp_path)
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert words in ran.stderr


@pytest.mark.parametrize("place", ["/dev/null/run.ipynb", ".", "run.html"])
def test_nothing_is_applied_when_the_notebook_could_not_be_kept(place: str, running: Running, tmp_path: Path) -> None:
    ran = deskbook(
        "run", "triage", "ticket_id=101", "--apply", "--output", place, cwd=tmp_path, DESKBOOK_SANDBOX_URL=running.url
    )
    assert ran.returncode == 2
    assert f"--output {place}" in ran.stderr
    assert outbox(running.url) == []


def test_a_ticket_that_is_not_there_fails_with_its_number(running: Running) -> None:
    ran = deskbook("run", "triage", "ticket_id=99999", DESKBOOK_SANDBOX_URL=running.url)
    assert ran.returncode == 1
    assert "99999" in ran.stderr


def test_missing_settings_are_listed_before_a_kernel_starts() -> None:
    ran = deskbook("run", "triage", "ticket_id=101", DESKBOOK_LIVE="1")
    assert ran.returncode == 2
    assert "FRESHDESK_API_KEY" in ran.stderr
    assert "PAGERDUTY_TOKEN" in ran.stderr


def test_due_prints_what_is_next_as_objects_and_nothing_else(running: Running) -> None:
    ran = deskbook_of_its_own("due", "--json", DESKBOOK_SANDBOX_URL=running.url)
    items = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert {item["ticket"] for item in items} >= {101, 106, 125, 131}
    assert {item["step"] for item in items} >= {"triage.watch", "triage.authorise", "timebox.work", "resolve.confirm"}
    first = next(item for item in items if item["ticket"] == 101)
    assert first["due_at"] == "2026-11-24T14:10:00+00:00"
    assert first["command"] == "deskbook run triage ticket_id=101"


def test_due_for_one_person_shows_their_part(running: Running) -> None:
    ran = deskbook("due", "--for", "Grace Holloway", DESKBOOK_SANDBOX_URL=running.url)
    assert ran.returncode == 0
    assert "0 late, 1 due, 0 waiting for others" in ran.stdout
    assert "deskbook run timebox ticket_id=125" in ran.stdout
    assert "ticket_id=101" not in ran.stdout


def test_due_for_a_stranger_exits_two(running: Running) -> None:
    ran = deskbook("due", "--for", "walt", "--json", DESKBOOK_SANDBOX_URL=running.url)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "nobody of the staff" in ran.stderr


def order_fault(url: str, **fault: Any) -> None:
    request = urllib.request.Request(
        f"{url}/sandbox/faults", json.dumps([fault]).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()


def test_a_helpdesk_that_fails_is_no_wrong_setting(running: Running) -> None:
    order_fault(running.url, path="/api/v2/*", status=500)
    ran = deskbook("run", "triage", "ticket_id=101", "--json", DESKBOOK_SANDBOX_URL=running.url)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "it answers 500" in ran.stderr


def test_a_kernel_that_dies_is_no_traceback_and_what_it_showed_is_kept(running: Running, tmp_path: Path) -> None:
    order_fault(running.url, method="PUT", path="/api/v2/*", delay=60, times=1)
    kept = tmp_path / "run.ipynb"
    ran = subprocess.Popen(
        [*COMMAND, "run", "triage", "ticket_id=101", "--apply", "--json", "--output", str(kept)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"DESKBOOK_SANDBOX_URL": running.url},
    )
    while "PUT /api/v2/tickets/101" not in running.store.requests and ran.poll() is None:
        time.sleep(0.05)
    subprocess.run(["pkill", "-KILL", "-P", str(ran.pid)], check=True)
    out, err = ran.communicate(timeout=60)
    running.store.set_faults([])
    assert (ran.returncode, out) == (1, "")
    assert err.splitlines()[-1].startswith("deskbook: the kernel died while triage ran. Run it again")
    assert "Traceback" not in err
    assert "Plan of triage for ticket 101" in kept.read_text(encoding="utf-8")


def test_a_sandbox_that_does_not_run_is_a_wrong_setting() -> None:
    ran = deskbook("due", DESKBOOK_SANDBOX_URL="http://127.0.0.1:9")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Start one: deskbook sandbox" in ran.stderr


def test_due_fails_when_the_helpdesk_does(running: Running) -> None:
    order_fault(running.url, method="GET", path="/api/v2/companies*", status=500, times=9)
    ran = deskbook("due", "--json", DESKBOOK_SANDBOX_URL=running.url)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Freshdesk" in ran.stderr


def test_check_and_show_read_the_process() -> None:
    assert "All agree" in deskbook("process", "check").stdout
    shown = deskbook("process", "show", "triage").stdout
    assert "triage.acknowledge" in shown
    assert "timebox.work" not in shown


def test_a_sandbox_runs_a_command_and_ends_with_its_code(tmp_path: Path) -> None:
    code = "import os, sys, urllib.request as u; u.urlopen(os.environ['DESKBOOK_SANDBOX_URL'] + '/sandbox/state'); sys.exit(7)"
    ran = deskbook_of_its_own("sandbox", "--store", str(tmp_path / "s.db"), "--", sys.executable, "-c", code)
    assert ran.returncode == 7


def test_a_generated_year_is_added_to_a_new_store_only(tmp_path: Path) -> None:
    code = "import os, json, urllib.request as u; print(len(json.load(u.urlopen(os.environ['DESKBOOK_SANDBOX_URL'] + '/sandbox/state'))['tickets']))"
    sizes = [
        deskbook_of_its_own(
            "sandbox", "--store", str(tmp_path / "s.db"), "--generate", "60", "--", sys.executable, "-c", code
        ).stdout
        for _ in range(2)
    ]
    assert sizes[0] == sizes[1]
    assert int(sizes[0]) > 60


def test_a_sandbox_prints_its_address_first_and_runs_until_interrupted() -> None:
    process = subprocess.Popen([*COMMAND, "sandbox"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert outbox(address) == []
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0


def test_a_run_without_a_ticket_takes_the_one_for_practice_and_says_so(running: Running) -> None:
    ran = deskbook("run", "resolve", DESKBOOK_SANDBOX_URL=running.url)
    assert ran.returncode == 0
    assert ran.stderr == "No ticket_id was given: this is practice ticket 102.\n"
    assert "ticket 102" in ran.stdout
    assert deskbook("run", "resolve", "ticket_id=110", DESKBOOK_SANDBOX_URL=running.url).stderr == ""


def test_a_live_run_without_a_ticket_is_bad_usage_and_names_what_is_next(running: Running) -> None:
    live = {
        "DESKBOOK_LIVE": "1", "FRESHDESK_URL": running.url, "FRESHDESK_API_KEY": "sandbox",
        "GITHUB_API_URL": f"{running.url}/github", "GITHUB_TOKEN": "sandbox", "PAGERDUTY_TOKEN": "sandbox",
        "SLACK_WEBHOOK_URL": f"{running.url}/slack/services/T0/B0/sandbox", "PAGERDUTY_API_URL": f"{running.url}/pagerduty",
    }  # fmt: skip
    ran = deskbook("run", "timebox", **live)
    assert ran.returncode == 2
    assert "ticket_id: no ticket number was given. Next in the queue: 125" in ran.stderr


def test_a_clock_that_runs_rests_while_the_sandbox_is_stopped(tmp_path: Path) -> None:
    """It goes on from where it was, so that nothing is late the next morning; a minute is more than this takes."""
    read = "import os, json, urllib.request as u; print(u.urlopen(os.environ['DESKBOOK_SANDBOX_URL'] + '/sandbox/clock').read().decode())"
    command = ["sandbox", "--store", str(tmp_path / "s.db"), "--now", "seed", "--run", "--", sys.executable, "-c", read]
    clocks = [json.loads(deskbook_of_its_own(*command).stdout) for _ in range(2)]
    assert [clock["frozen"] for clock in clocks] == [False, False]
    with closing(open_store(ORGANIZATION, store=tmp_path / "s.db")) as store:
        frozen = store.now()
        assert store.recall("clock") == {"frozen": frozen.isoformat()}
    assert frozen >= datetime.fromisoformat(clocks[1]["now"]) >= datetime.fromisoformat(clocks[0]["now"])


def test_the_lab_is_laid_out_in_the_folder_and_told_where_to_begin(tmp_path: Path) -> None:
    """JupyterLab itself is asked only what it was told."""
    ran = deskbook_of_its_own("lab", "--show-config-json", cwd=tmp_path, JUPYTER_CONFIG_DIR=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["ServerApp"]["root_dir"] == str(tmp_path / "runs")
    assert (tmp_path / "runs" / "00 Desk.ipynb").is_file()


def test_all_notebooks_of_the_lab_have_one_folder_of_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each runs in the folder that it lies in; what they count together, such as the mails of an hour, has one place."""
    begun: list[dict[str, str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        subprocess, "run", lambda command, *, env, check: begun.append(env) or subprocess.CompletedProcess(command, 0)
    )
    for runs in ("", "/srv/runs"):
        monkeypatch.setattr(os, "environ", {**os.environ, **({"DESKBOOK_RUNS": runs} if runs else {})})
        assert CliRunner().invoke(cli, ["lab"]).exit_code == 0
    assert [Path(env["DESKBOOK_RUNS"]) for env in begun] == [tmp_path / "runs", Path("/srv/runs")]

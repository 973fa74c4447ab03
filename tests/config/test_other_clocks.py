"""The clocks' amounts are the process's to choose: plans and process hold with others, and a new clock is seen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import building
import pytest
import yaml
from building import ORGANIZATION, build_case

from deskbook.config.process import SHIPPED, load_process
from deskbook.model.records import TicketSummary
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.runbooks.report.metrics import cycles, promises
from deskbook.tickets import sprint
from deskbook.tickets.queue import Queue, in_order, views_of
from deskbook.ui import blocks as ui
from deskbook.ui import views

NOW = datetime.fromisoformat(building.NOW)
TESTS = Path(__file__).parents[1]
OTHER = {"timebox": 15, "nudge": 10, "acknowledge": 8, "evaluate": 8, "next-action": 8}


def other_process(folder: Path, amounts: dict[str, int], **more: dict[str, Any]) -> Path:
    """A copy of the process with these amounts, and with more clocks."""
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for name, amount in amounts.items():
        data["clocks"][name]["amount"] = amount
    data["clocks"].update(more)
    copy = folder / "process.yaml"
    copy.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return copy


def test_plans_and_process_hold_with_other_clocks(tmp_path: Path) -> None:
    environment = os.environ | {"DESKBOOK_PROCESS": str(other_process(tmp_path, OTHER))}
    chosen = ["-p", "tests.light", "-m", "clocks", "-q", "-x", "-p", "no:cacheprovider", "-n", "0"]
    files = [str(TESTS / "runbooks/test_plans.py"), str(TESTS / "config/test_process.py")]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen, *files],
        cwd=TESTS.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, f"with the clocks {OTHER}:\n{ran.stdout[-4000:]}{ran.stderr[-2000:]}"
    assert " passed" in ran.stdout


def test_a_clock_that_is_added_reaches_queue_report_and_ticket(tmp_path: Path) -> None:
    added = {
        "name": "Settled", "role": "agent", "from": "the ticket's creation", "until": "resolved", "amount": 2,
        "unit": "working days", "not_for": ["workshop"], "promise": "It is settled.",
    }  # fmt: skip
    process = load_process(other_process(tmp_path, {}, settled=added), ORGANIZATION)
    now = NOW + timedelta(days=7)  # a Monday; three of the days between tick after the two of the promise
    case = replace(build_case({"ticket": {"type": "Change Request", "agent": "Grace Holloway", "status": "Pending"}}))
    case = replace(case, process=process, now=now)
    assert "Due              Settled. Started Mon 23 Nov 2026 17:55 UTC" in ui.text(views.case(case))
    answered = NOW + timedelta(hours=1)
    listed = TicketSummary(case.ticket, answered, answered, pending=answered, changed=answered)
    known = {"process": process, "organization": ORGANIZATION, "now": now}
    about = Queue((), me=case.me, agents=case.agents, **known)
    (item,) = in_order(views_of([listed], [], (), about), about)
    assert (item.step, item.due_at, item.late) == ("timebox.track", NOW + timedelta(hours=48), True)
    (counted,) = (each for each in promises(cycles([listed], ORGANIZATION), **known) if each.name == "Settled")
    assert (counted.kept, counted.missed) == (0, 1)
    assert counted.definition.endswith("2 working days from the ticket's creation")
    assert "no Workshop Request, and" in counted.definition


@pytest.mark.parametrize(("now", "over"), [("2026-12-08T23:59:00+00:00", False), ("2026-12-09T00:01:00+00:00", True)])
def test_a_sprint_of_two_iterations_ends_with_the_second(tmp_path: Path, now: str, over: bool) -> None:
    """Given in iteration 55, which ends with 24 November; 56 ends with 8 December."""
    process = load_process(other_process(tmp_path, {"sprint": 2}), ORGANIZATION)
    issue = {"refs": ["101-1-timebox.track"], "assignees": ["grace-holloway"], "assigned": "2026-11-12T10:00:00+00:00"}
    said = {
        "now": now,
        "issues": [issue],
        "ticket": {"status": "Pending", "type": "Change Request", "agent": "Grace Holloway"},
    }
    case = replace(build_case(said), process=process)
    found = sprint.of(case, case.issues[0])
    assert found is not None
    assert (found.words, found.over) == ("iteration 55 to 56", over)
    resolve = RUNBOOKS["resolve"]
    plan = resolve.plan(case, resolve.decide(case))
    assert plan.outcome == ("over" if over else "running")
    asked = resolve.plan(case, resolve.decide(case, exception_until=56))
    assert asked.outcome == "refused"
    assert "after iteration 56" in " ".join(asked.needs_human)
    listed = TicketSummary(case.ticket, changed=case.now, pending=case.now)
    known = {"process": process, "organization": ORGANIZATION, "now": case.now}
    about = Queue((), me=case.me, agents=case.agents, **known)
    (item,) = in_order(views_of([listed], case.issues, (), about), about)
    assert (item.step, item.late) == ("resolve.work", over)
    assert "2 sprints" in process.step("resolve.work").does


PEOPLE_READ = ("book/**/*.md", "runbooks/*.ipynb", "lib/deskbook/config/messages/*.md", "README.md")
NUMBERS = re.compile(
    r"half an hour of|(?:30|thirty|20|twenty)[ -]minutes?|(?:24|twenty-four)[ -](?:working )?hours?\b(?! that tick)"
    r"|(?:one|1) working day|(?:three|3)[ -]hours|(?:14|21)[ -]days|(?:two|three) weeks|(?:one|1|a second) sprint\b",
    re.IGNORECASE,
)


def test_no_page_types_a_number_that_a_clock_holds() -> None:
    root = TESTS.parent
    pages = [page for pattern in PEOPLE_READ for page in root.glob(pattern)]
    modules = [file for file in (root / "lib/deskbook").rglob("*.py") if "language" not in file.parts]
    assert len(pages) > 40
    told = [
        f"{file.relative_to(root)}: {found[0]}"
        for file in (*pages, *modules, SHIPPED)
        for found in NUMBERS.finditer(file.read_text(encoding="utf-8"))
    ]
    assert told == []

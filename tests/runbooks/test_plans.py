"""Every rule and edge of the process, a file each: a case and a decision go in, actions come out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from building import PROCESS, build_case, plan_files, read

from deskbook.config.process import HELD
from deskbook.engine.actions import Action, Message
from deskbook.engine.plan import Plan
from deskbook.runbooks.catalog import RUNBOOKS

pytestmark = pytest.mark.clocks
PLANNERS = {name: book for name, book in RUNBOOKS.items() if book.of_ticket}
FILES = [(name, path) for name in PLANNERS for path in plan_files(name)]
EXPECTED = {"outcome", "next", "actions", "landed", "needs_human", "road", "says", "cc", "not_said", "states"}


def planned(runbook: str, said: dict[str, Any]) -> Plan:
    planner, case = PLANNERS[runbook], build_case(said.get("case", {}))
    return planner.plan(case, planner.decide(case, **said.get("decision", {})))


@cache
def plan_of(runbook: str, path: Path) -> Plan:
    return planned(runbook, read(path))


@pytest.mark.parametrize(("runbook", "path"), FILES, ids=[f"{name}/{path.stem}" for name, path in FILES])
def test_plan(runbook: str, path: Path) -> None:
    said = read(path)
    expect = said["expect"]
    assert not set(expect) - EXPECTED, f"a file may expect {EXPECTED}"
    plan = plan_of(runbook, path)
    assert plan.outcome == expect["outcome"], plan.steps_taken
    assert plan.next == expect.get("next")
    assert [action.key for action in plan.actions] == list(expect.get("actions", {}))
    for action in plan.actions:
        assert (expect["actions"][action.key] or "") in action.sentence()
    assert [a.key for a in plan.actions if a.landed(plan.case)] == expect.get("landed", [])
    assert len(plan.needs_human) == len(expect.get("needs_human", [])), plan.needs_human
    for need, words in zip(plan.needs_human, expect.get("needs_human", []), strict=True):
        assert words in need
    if "road" in expect:
        assert [f"{f.step} {f.outcome}" for f in plan.steps_taken] == expect["road"]
    if "cc" in expect:
        assert [list(a.cc) for a in plan.actions if hasattr(a, "cc")] == [expect["cc"]]
    written = "\n".join(
        "".join(v for name in _written(a) if isinstance(v := getattr(a, name, ""), str)) for a in plan.actions
    )
    for words in expect.get("says", []):
        assert words in written
    for words in expect.get("not_said", []):
        assert words not in written
    if "states" in expect:
        assert {name: value for a in plan.actions for name, value in getattr(a, "statements", ())} == expect["states"]


def _written(action: Action) -> tuple[str, ...]:
    """The fields of an action that others read."""
    return ("html",) if isinstance(action, Message) else ("markdown", "text", "title", "body")


@pytest.mark.parametrize(("runbook", "path"), FILES, ids=[f"{name}/{path.stem}" for name, path in FILES])
def test_every_plan_goes_a_road_of_the_process_and_is_the_same_when_made_again(runbook: str, path: Path) -> None:
    plan = plan_of(runbook, path)
    for here, there in zip(plan.steps_taken, plan.steps_taken[1:], strict=False):
        assert PROCESS.target(here.step, here.outcome) == there.step
    end = PROCESS.target(plan.steps_taken[-1].step, plan.steps_taken[-1].outcome)
    assert plan.next == (end.split(".")[0] if "." in end else None)
    for action in plan.actions:
        assert action.key.split("#")[0] in {finding.step for finding in plan.steps_taken}
    assert len({action.key for action in plan.actions}) == len(plan.actions)
    assert planned(runbook, read(path)).digest == plan.digest
    assert plan.digest.startswith("p-")


@pytest.mark.parametrize("runbook", PLANNERS)
def test_every_outcome_of_a_runbook_is_reached_by_some_file(runbook: str) -> None:
    steps = {step.id: set(step.outcomes) for step in PROCESS.steps() if step.runbook == runbook}
    seen: dict[str, set[str]] = {step: set() for step in steps}
    for name, path in FILES:
        if name == runbook:
            for finding in plan_of(runbook, path).steps_taken:
                seen[finding.step].add(finding.outcome)
    assert {step: outcomes - {HELD} for step, outcomes in seen.items()} == steps

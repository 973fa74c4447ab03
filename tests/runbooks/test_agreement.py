"""The process and the planners agree: a difference is refused with its file, its place and what to do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import PROCESS, build_case, plan_files, read

from deskbook.config.process import HELD, SHIPPED, load_process
from deskbook.errors import DefinitionError
from deskbook.runbooks import agreement
from deskbook.runbooks.catalog import RUNBOOKS

SHIPPED_TEXT = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def triage(data: Any) -> Any:
    return data["runbooks"]["triage"]["steps"]


def a_step_that_no_planner_knows(data: Any) -> None:
    steps = triage(data)
    steps.insert(1, {**copy.deepcopy(steps[1]), "id": "triage.weigh", "outcomes": {"weighed": "triage.screen"}})
    steps[0]["outcomes"]["ticket"] = "triage.weigh"


def a_step_of_the_planner_is_missing(data: Any) -> None:
    data["runbooks"]["prioritize"]["steps"][1]["outcomes"] = dict.fromkeys(("asked", "none", "nobody"), "finished")
    del data["runbooks"]["prioritize"]["steps"][2]
    for role in data["roles"].values():
        role["day"] = [entry for entry in role["day"] if entry["step"] != "prioritize.give"]


def an_outcome_of_the_planner_is_missing(data: Any) -> None:
    del triage(data)[0]["outcomes"]["returned"]


def an_outcome_that_no_planner_finds(data: Any) -> None:
    triage(data)[0]["outcomes"]["tickt"] = "triage.screen"


def a_runbook_is_missing(data: Any) -> None:
    del data["runbooks"]["queue"]
    data["starts"].remove("queue.read")


def a_runbook_that_no_planner_has(data: Any) -> None:
    step = {**copy.deepcopy(data["runbooks"]["queue"]["steps"][0]), "id": "unplanned.read"}
    data["runbooks"]["unplanned"] = {"title": "Unplanned", "purpose": "To know.", "steps": [step]}
    data["starts"].append("unplanned.read")


WRONG: list[tuple[Callable[[Any], None], str]] = [
    (a_step_that_no_planner_knows, "/runbooks/triage/steps/1/id: no planner knows the step 'triage.weigh'"),
    (a_step_of_the_planner_is_missing, "/runbooks/prioritize/steps: the planner's step 'prioritize.give' is missing"),
    (an_outcome_of_the_planner_is_missing, "/runbooks/triage/steps/0/outcomes: 'triage.watch' may end as 'returned'"),
    (an_outcome_that_no_planner_finds, "/runbooks/triage/steps/0/outcomes/tickt: 'triage.watch' never ends as 'tickt'"),
    (a_runbook_is_missing, "/runbooks: the runbook 'queue' is missing"),
    (a_runbook_that_no_planner_has, "/runbooks/unplanned: no planner is called 'unplanned'"),
]


@pytest.mark.parametrize(("change", "told"), WRONG, ids=[change.__name__ for change, _ in WRONG])
def test_what_does_not_agree_is_refused(change: Callable[[Any], None], told: str, tmp_path: Path) -> None:
    data = copy.deepcopy(SHIPPED_TEXT)
    change(data)
    file = tmp_path / "process.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    process = load_process(file)
    with pytest.raises(DefinitionError) as caught:
        agreement.check(process, file.name)
    assert f"process.yaml @ {told}" in str(caught.value)


def test_the_shipped_process_agrees() -> None:
    agreement.check(PROCESS, SHIPPED.name)


@pytest.mark.parametrize("name", [name for name, book in RUNBOOKS.items() if book.of_ticket])
def test_a_planner_finds_what_it_declares_and_nothing_else(name: str) -> None:
    book = RUNBOOKS[name]
    found: dict[str, set[str]] = {step: set() for step in book.steps}
    for path in plan_files(name):
        said = read(path)
        case = build_case(said.get("case", {}))
        for finding in book.plan(case, book.decide(case, **said.get("decision", {}))).steps_taken:
            found[finding.step].add(finding.outcome)
    # What is held back, since its mail would be one too many, is the builder's outcome and no planner's.
    assert {step: sorted(outcomes - {HELD}) for step, outcomes in found.items()} == {
        step: sorted(outcomes) for step, outcomes in book.steps.items()
    }

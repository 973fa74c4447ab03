"""The reference says what is declared: parameters, receipt, commands, moves of the status, the budget's reasoning."""

from __future__ import annotations

from typing import get_args

import click
import pytest
from building import ORGANIZATION, PROCESS

from deskbook.cli import cli
from deskbook.engine.plan import RECEIPT_KEYS
from deskbook.engine.running import State
from deskbook.errors import ParameterError
from deskbook.handbook.extension import WRITTEN
from deskbook.handbook.reference import MEANINGS, STATES
from deskbook.runbooks.catalog import RUNBOOKS


def written(name: str, argument: str = "") -> str:
    return WRITTEN[name](PROCESS, ORGANIZATION, argument)


def test_every_parameter_of_every_runbook_has_its_row() -> None:
    text = written("runbook-parameters")
    for name, book in RUNBOOKS.items():
        part = text[text.index(f"## `{name}`") :]
        for each in book.parameters:
            assert f"| `{each.name}` | {each.type} |" in part, f"{name}: {each.name}"


def test_what_a_receipt_may_end_with_is_what_leaves_the_runbook() -> None:
    text = written("runbook-parameters")
    triage = text[text.index("## `triage`") : text.index("## `timebox`")]
    assert "| workshop | [Set the type](#step-triage-categorise) | `workshop` |" in triage
    assert "| noise | [Does it need action?](#step-triage-screen) | null ([closed](#end-closed)) |" in triage
    assert "| known |" not in triage  # which leads on within triage


def test_the_receipt_is_told_key_by_key_and_state_by_state() -> None:
    assert tuple(MEANINGS) == RECEIPT_KEYS
    assert tuple(STATES) == get_args(State)
    text = written("receipt")
    assert "| `next` | text or null |" in text
    assert "| `actions` | list of objects |" in text
    assert "key (text), sentence (text), state (text), reason (text)" in text


def commands(group: click.Group, path: str) -> list[str]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found += commands(command, f"{path} {name}") if isinstance(command, click.Group) else [f"{path} {name}"]
    return found


def test_every_command_and_every_option_is_told() -> None:
    text = written("command-line", "deskbook.cli:cli")
    for path in commands(cli, "deskbook"):
        if path.startswith("deskbook run "):  # alike but for their names
            assert f"| `{path.split()[-1]}` |" in text
        else:
            assert f"# `{path}`\n" in text
    for option in ("--apply", "--for WHO", "--reviews", "--generate N", "--approve DIGEST"):
        assert f"`{option}`" in text


@pytest.mark.parametrize("name", ["", "deskbook.cli", "deskbook.cli:nothing", "deskbook.nowhere:cli"])
def test_a_command_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ParameterError, match="names no command"):
        written("command-line", name)


def test_every_move_of_the_status_has_a_row_with_its_steps() -> None:
    rows = [line for line in written("status-moves").splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(PROCESS.moves)
    for row, move in zip(rows, PROCESS.moves, strict=True):
        assert row.startswith(f"| {', '.join(move.from_)} | {move.to} |")
        for step in move.steps:
            assert f"(#step-{step.replace('.', '-')})" in row


def test_the_budgets_reasoning_is_worked_out_from_the_organisations_numbers() -> None:
    text = written("budget-reasoning")
    for words in ("173 hours", "20%", "about 35 hours", "8 to 20 hubs", "1.7 to 4.3 hours", "gets 3."):
        assert words in text
    busy = ORGANIZATION.budget.model_copy(update={"own_hours_per_month": 100, "support_share": 0.5})
    other = WRITTEN["budget-reasoning"](PROCESS, ORGANIZATION.model_copy(update={"budget": busy}), "")
    assert "50%" in other
    assert "2.5 to 6.2 hours" in other


def test_the_checklist_has_a_box_for_each_step_of_each_part_and_each_item_of_the_timebox() -> None:
    text = written("process-checklist")
    steps = sum(len(book.steps) for book in PROCESS.runbooks.values() if len(book.steps) > 1)
    assert text.count("\n- ") == steps + sum(len(items) for items in PROCESS.checklists.values())


def test_the_glossary_knows_the_other_names_of_a_role_and_critical_has_its_examples() -> None:
    text = written("process-glossary")
    assert "Support Steward\n  Another name of the [Support Triager](#role-triager)." in text
    assert "Also called Support Steward" in written("process-roles")
    critical = written("process-term", "Critical")
    assert critical in text
    for example in ("images", "profiles", "storage limits", "Grafana", "Prometheus", "bucket", "authentication"):
        assert example in critical

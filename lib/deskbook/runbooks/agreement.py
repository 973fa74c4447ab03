"""Check the process against the planners: every step has a function, every outcome is known on both sides."""

from __future__ import annotations

from deskbook.config.loader import complain
from deskbook.config.process import Process
from deskbook.config.process import Runbook as Described
from deskbook.runbooks.catalog import RUNBOOKS, Runbook


def check(process: Process, file: str) -> None:
    """DefinitionError with file, place and remedy where process and planners do not agree."""
    for name, book in RUNBOOKS.items():
        if name not in process.runbooks:
            raise complain(file, "/runbooks", f"the runbook '{name}' is missing; describe its steps here")
        _check_steps(book, process.runbooks[name], file)
    for name in process.runbooks:
        if name not in RUNBOOKS:
            known = ", ".join(RUNBOOKS)
            raise complain(
                file,
                f"/runbooks/{name}",
                f"no planner is called '{name}' ({known}); deskbook new runbook {name} makes one",
            )


def _check_steps(book: Runbook, described: Described, file: str) -> None:
    code = f"lib/deskbook/runbooks/{book.name}/plan.py"
    for index, step in enumerate(described.steps):
        place, known = f"/runbooks/{book.name}/steps/{index}", book.steps.get(step.id)
        if known is None:
            steps = ", ".join(book.steps)
            raise complain(file, f"{place}/id", f"no planner knows the step '{step.id}' ({steps}); {code} must have it")
        for outcome in step.outcomes:
            if outcome not in known:
                told = f"'{step.id}' never ends as '{outcome}' ({', '.join(known)})"
                raise complain(file, f"{place}/outcomes/{outcome}", f"{told}; take it out, or let {code} find it")
        lost = next((outcome for outcome in known if outcome not in step.outcomes), "")
        if lost:
            raise complain(file, f"{place}/outcomes", f"'{step.id}' may end as '{lost}'; say where that leads")
    lost = next((step for step in book.steps if step not in {step.id for step in described.steps}), "")
    if lost:
        raise complain(
            file, f"/runbooks/{book.name}/steps", f"the planner's step '{lost}' is missing; describe it here"
        )

"""Rubbish in every declared parameter: taken, or refused as a ParameterError that names it; nothing else is raised."""

from __future__ import annotations

import traceback
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from deskbook.errors import DeskbookError, ParameterError
from deskbook.runbooks.catalog import NAMES, RUNBOOKS
from torture.cells import Cell, Verdict
from torture.hostile import SHAPES
from torture.scenarios import scenarios, seed
from torture.world import world

EXAMPLES = 30  # of one cell
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=200),
    st.sampled_from(
        [*(shape for name, shape in SHAPES.items() if name != "long"), "yes", "no", "2027-02-30", "0", "-1", "1e9"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.binary(max_size=8),
)


def cells(name: str) -> list[Cell]:
    """A few seeds for each runbook; a scenario stands for its runbook once."""
    runbook = scenarios()[name].runbook
    first = next(each for each, scenario in scenarios().items() if scenario.runbook == runbook)
    others = [Cell("rubbish", name, f"{runbook}@{number}") for number in range(5)] if name == first else []
    silent = [each for each in NAMES if each not in {scenario.runbook for scenario in scenarios().values()}]
    more = [Cell("rubbish", name, f"{each}@{n}") for each in silent for n in range(5)] if name == "triage" else []
    return others + more


def run(cell: Cell) -> Verdict:
    runbook, _, number = cell.what.partition("@")
    here, verdict, book = world(), Verdict(), RUNBOOKS[runbook]
    here.back(seed())
    desk = here.desk()
    practice = {"ticket_id": book.parameters[0].default} if book.of_ticket else {}
    facts = book.read(desk, **practice)
    names = [each.name for each in book.parameters]
    own = [name for name in names if name not in ("ticket_id", "apply", "approve")]
    shown: set[str] = set()  # what was decided and carried out already: the same facts come to the same again

    @seeded(int(number))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=3))
    def try_it(said: dict[str, Any]) -> None:
        if verdict.untyped:
            return
        try:
            if "ticket_id" in said:
                book.read(desk, ticket_id=said["ticket_id"])
            given_own = {name: value for name, value in said.items() if name in own}
            read = facts if book.of_ticket else book.read(desk, **given_own)
            plan = book.plan(read, book.decide(read, **given_own))
            apply = False if said.get("apply") is True else said.get("apply", False)
            if (same := f"{plan.decision!r} {apply!r}") not in shown:
                shown.add(same)
                plan.run(desk, apply=apply)
        except ParameterError as error:
            if not any(name in str(error) for name in names):
                verdict.untold.append(f"names no parameter: {error}"[:200])
        except DeskbookError:
            return
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{said!r:.120}: {type(error).__name__}: {error!s:.120}"
            verdict.untyped.append(f"{what} ({place.filename.rpartition('/')[2]}:{place.lineno})")

    try_it()
    return verdict

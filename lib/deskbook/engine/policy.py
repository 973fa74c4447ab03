"""What a run that nobody watches may do of a plan, as the process says of each step. Pure.

A plan is carried out in its order, so it is done up to the first action that is not to be applied, and nothing after it:
what comes later may lean on it. A note says what was done, as after every plan; the rest waits for a person.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskbook.engine.actions import Action, Record
from deskbook.engine.parameters import declared
from deskbook.language.text import plain_markdown
from deskbook.model.case import RECORD, Case, reference

PROPOSED, LEFT = "proposed", "left"  # outcomes of a run that did not do all: with one click, or by a person's own run


@dataclass(frozen=True)
class Share:
    """The `actions` that are carried out, those that are `held`, and with these the outcome and what a person is told."""

    actions: tuple[Action, ...]
    held: tuple[Action, ...] = ()
    outcome: str = ""
    need: str = ""


def share(actions: Sequence[Action], outcomes: Mapping[str, str], case: Any, *, command: str, digest: str) -> Share:
    """What of a plan's actions is done. `outcomes` are what was found at each step; `command` runs that plan."""

    def word(action: Action) -> str:
        step = action.key.partition("#")[0]
        return str(case.process.alone(step, outcomes.get(step, "")))

    ahead = [None if action.landed(case) else word(action) for action in actions]
    until = next((index for index, said in enumerate(ahead) if said not in (None, "apply")), None)
    if until is None:
        return Share(tuple(actions))
    done, held = tuple(actions[:until]), tuple(actions[until:])
    left = [action.sentence() for action, said in zip(actions, ahead, strict=True) if said and action in held]
    if "never" in ahead:
        outcome, need = LEFT, f"Never done without a person: {'; '.join(left)}. Run it: {command}"
    else:
        outcome, need = PROPOSED, f"Proposed: {'; '.join(left)}. To have it done: {command} --approve {digest}"
    return Share(_recorded(done, held, case), held, outcome, need)


def command_of(runbook: str, case: Any, decision: Any) -> str:
    """How a person runs a plan again with the same decision. What is no plain value there they write anew: `name=…`."""
    kind: Any = type(decision)
    given: dict[str, object] = {"ticket_id": case.ticket.id} if isinstance(case, Case) else {}
    for each in declared(kind):
        if value := getattr(decision, each.name):
            given[each.name] = value if isinstance(value, str | int) else "…"
    return " ".join(["deskbook run", runbook, *(shlex.quote(f"{name}={value}") for name, value in given.items())])


def proposal_in(command: str) -> tuple[dict[str, str], str]:
    """The parameters that the command of a proposal names, and its digest."""
    words = shlex.split(command)
    return dict(word.split("=", 1) for word in words[3:-2]), words[-1]


def _recorded(done: tuple[Action, ...], held: tuple[Action, ...], case: Any) -> tuple[Action, ...]:
    """With the note of what is done: the plan's own stands at its end, and is held with it."""
    own = [action for action in held if isinstance(action, Record)]
    does = [action for action in done if not action.landed(case)]
    if not does or not own or not isinstance(case, Case) or any(isinstance(action, Record) for action in done):
        return done
    step = done[-1].key.partition("#")[0]
    lines = [action.sentence() for action in does] + [f"Left to a person: {a.sentence()}" for a in held if a not in own]
    title = case.process.runbooks[step.partition(".")[0]].title
    said = "\n".join(f"- {plain_markdown(line)}" for line in lines)
    key = f"{step}{RECORD}"
    note = Record(
        key=key,
        ticket=case.ticket.id,
        markdown=f"**{title}**, while nobody watched\n\n{said}",
        reference=reference(case, key),
        others=done,
    )
    return (*done, note)

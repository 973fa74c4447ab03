"""Schema of `process.yaml`: roles, clocks, steps, outcomes and messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from deskbook.config.loader import Frozen, complain, load, unknown
from deskbook.config.organization import Category, Organization

SHIPPED = Path(__file__).with_name("process.yaml")
MESSAGES = Path(__file__).with_name("messages")

Text = Annotated[str, Field(min_length=1)]


class Moment(Frozen):
    """A part of a role's day, and the step where it is done."""

    when: Text
    does: Text
    step: str


class RoleEntry(Frozen):
    """A role answers the same four questions as every other, and tells its day."""

    name: Text
    who: Text
    does: Text
    decides: Text
    leaves: Text
    day: tuple[Moment, ...] = Field(min_length=1)


class Clock(Frozen):
    """A promise of time. `waits` names the kinds of ticket that may wait over expected time off."""

    name: Text
    role: str
    from_: Annotated[Text, Field(alias="from")]
    amount: int | str
    unit: Text
    waits: tuple[str, ...] = ()
    promise: Text


class Message(Frozen):
    title: Text
    to: Text
    says: Text


class Step(Frozen):
    """`outcomes` maps each outcome to the step, or the end, that it leads to."""

    id: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z-]+$")]
    title: Text
    role: str
    does: Text
    why: str = ""
    clock: str | None = None
    sends: tuple[str, ...] = ()
    outcomes: Mapping[str, str]

    @property
    def runbook(self) -> str:
        return self.id.split(".")[0]


class Runbook(Frozen):
    title: Text
    purpose: Text
    steps: tuple[Step, ...]


class ChecklistItem(Frozen):
    """One thing to do or to ask oneself. A worksheet keeps its `id` when it is ticked."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(?:-[a-z]+)*$")]
    does: Text
    why: str = ""


class Process(Frozen):
    starts: tuple[str, ...]
    roles: Mapping[str, RoleEntry]
    glossary: Mapping[str, str]
    clocks: Mapping[str, Clock]
    messages: Mapping[str, Message]
    ends: Mapping[str, str]
    runbooks: Mapping[str, Runbook]
    checklists: Mapping[str, tuple[ChecklistItem, ...]]  # by kind of ticket

    def steps(self) -> Iterator[Step]:
        for runbook in self.runbooks.values():
            yield from runbook.steps

    def step(self, step_id: str) -> Step:
        """The step of that id; KeyError where there is none."""
        for step in self.runbooks[step_id.partition(".")[0]].steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def target(self, step_id: str, outcome: str) -> str:
        """The id of the step, or the name of the end, that this outcome of this step leads to."""
        return self.step(step_id).outcomes[outcome]


def load_process(path: Path = SHIPPED, organization: Organization | None = None) -> Process:
    """The process at `path`; DefinitionError names a mistake with its place and remedy.

    With an organisation, its numbers and names are put into the texts.
    """
    process = load(path, Process)
    _check(process, path.name)
    if organization is None:
        return process
    return Process.model_validate(_filled(process, organization, path.name))


def _check(process: Process, file: str) -> None:
    steps = list(process.steps())
    ids = [step.id for step in steps]
    for name, clock in process.clocks.items():
        if clock.role not in process.roles:
            raise complain(file, f"/clocks/{name}", unknown(clock.role, "role", process.roles))
    for name, runbook in process.runbooks.items():  # ids first: a wrong one makes every road to it look wrong
        for index, step in enumerate(runbook.steps):
            place = f"/runbooks/{name}/steps/{index}"
            if step.runbook != name:
                raise complain(file, place, f"'{step.id}' must begin with '{name}.'")
            if ids.count(step.id) > 1:
                raise complain(file, place, f"'{step.id}' is there twice; give each step its own id")
    for name, runbook in process.runbooks.items():
        for index, step in enumerate(runbook.steps):
            place = f"/runbooks/{name}/steps/{index}"
            if step.role not in process.roles:
                raise complain(file, place, unknown(step.role, "role", process.roles))
            if step.clock is not None and step.clock not in process.clocks:
                raise complain(file, place, unknown(step.clock, "clock", process.clocks))
            for message in step.sends:
                if message not in process.messages:
                    raise complain(file, place, unknown(message, "message", process.messages))
            for outcome, target in step.outcomes.items():
                kind, known = ("step", ids) if "." in target else ("end", list(process.ends))
                if target not in known:
                    raise complain(file, f"{place}/outcomes/{outcome}", unknown(target, kind, known))
    for name, role in process.roles.items():
        for index, moment in enumerate(role.day):
            if moment.step not in ids:
                raise complain(file, f"/roles/{name}/day/{index}", unknown(moment.step, "step", ids))
    for index, start in enumerate(process.starts):
        if start not in ids:
            raise complain(file, f"/starts/{index}", unknown(start, "step", ids))
    unsent = sorted(set(process.messages) - {message for step in steps for message in step.sends})
    if unsent:
        raise complain(file, f"/messages/{unsent[0]}", "no step sends it; add it to a step's sends, or remove it")
    unread = [name for name in process.messages if not (MESSAGES / f"{name}.md").is_file()]
    if unread:
        raise complain(file, f"/messages/{unread[0]}", f"has no text; write messages/{unread[0]}.md")
    lost = sorted(set(ids) - reached(process, process.starts))
    if lost:
        raise complain(file, "/starts", f"no road leads to the step '{lost[0]}'; name it as an outcome's target")
    idle = sorted(set(process.ends) - {target for step in steps for target in step.outcomes.values()})
    if idle:
        raise complain(file, f"/ends/{idle[0]}", "no outcome leads there; remove it")
    _check_checklists(process, file)


def _check_checklists(process: Process, file: str) -> None:
    kinds = Category.__args__  # type: ignore[attr-defined]
    for kind, items in process.checklists.items():
        if kind not in kinds:
            raise complain(file, f"/checklists/{kind}", unknown(kind, "kind of ticket", kinds))
        ids = [item.id for item in items]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                problem = f"'{name}' is there twice; give each item of a list its own id"
                raise complain(file, f"/checklists/{kind}/{index}", problem)


def reached(process: Process, starts: Iterable[str]) -> set[str]:
    """The ids of all steps that some road from these leads to, with these."""
    steps = {step.id: step for step in process.steps()}
    found: set[str] = set()
    todo = list(starts)
    while todo:
        step_id = todo.pop()
        if step_id in steps and step_id not in found:
            found.add(step_id)
            todo.extend(steps[step_id].outcomes.values())
    return found


def _filled(process: Process, organization: Organization, file: str) -> Any:
    """The process as plain data, with the organisation's facts in every text. Clocks first: steps quote them."""

    def fill(value: Any, place: str, clocks: Mapping[str, Clock]) -> Any:
        if isinstance(value, dict):
            return {key: fill(inner, f"{place}/{key}", clocks) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [fill(inner, f"{place}/{index}", clocks) for index, inner in enumerate(value)]
        if not isinstance(value, str):
            return value
        try:
            return value.format(organization=organization, clocks=clocks)
        except (KeyError, AttributeError, IndexError, ValueError) as error:
            raise complain(
                file, place, f"cannot fill {value!r} ({error}); use {{organization…}} or {{clocks[…]}}"
            ) from None

    data = process.model_dump(by_alias=True)
    data["clocks"] = fill(data["clocks"], "/clocks", process.clocks)
    clocks = {name: Clock.model_validate(clock) for name, clock in data["clocks"].items()}
    return fill(data, "", clocks)

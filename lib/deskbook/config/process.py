"""Schema of `process.yaml`: roles, clocks, steps, outcomes and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from deskbook.config import PROCESS
from deskbook.config.loader import Frozen, complain, load, unknown, validated
from deskbook.config.organization import Category, Organization, Person

SHIPPED = PROCESS
MESSAGES = Path(__file__).with_name("messages")

Text = Annotated[str, Field(min_length=1)]

# The clocks that a runbook counts by itself, each in a unit of its own. Every other clock counts working time.
COUNTED = {
    "nudge": "minutes of work",
    "timebox": "minutes of work",
    "sprint": "sprints",
    "update": "hours",
    "notice": "days before the event",
}
WORKING = {"working hours": 1, "working days": 24}  # how many hours of the working clock one of them is
NOTICE = "{organization.workshop.warn_days}"
MOST = 10_000  # of any unit; more is a slip of the pen


class Moment(Frozen):
    """A part of a role's day, and the step where it is done."""

    when: Text
    does: Text
    step: str


class RoleEntry(Frozen):
    """A role answers the same four questions as every other, and tells its day.

    `held_by` is the role whose people hold this one; `vacant` says that it may have nobody; `also` are other names of it.
    """

    name: Text
    also: tuple[Text, ...] = ()
    who: Text
    does: Text
    decides: Text
    leaves: Text
    held_by: str = ""
    vacant: bool = False
    day: tuple[Moment, ...] = Field(min_length=1)


class Clock(Frozen):
    """A promise of time, counted `from_` a moment `until` another.

    `waits` names the kinds of ticket that may wait over expected time off, `not_for` those to which it is not made.
    """

    name: Text
    role: str
    from_: Annotated[Text, Field(alias="from")]
    until: Literal["answered", "evaluated", "moved-on", "resolved"] | None = None
    amount: int | str  # text while the organisation's number is not filled in
    unit: Text  # in the plural
    waits: tuple[Category, ...] = ()
    not_for: tuple[Category, ...] = ()
    promise: Text

    @field_validator("amount", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        if isinstance(value, str) and "{" in value:
            return value
        number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else value
        if type(number) is not int or not 1 <= number <= MOST:
            raise ValueError(f"{value!r} is no positive whole number; write one from 1 to {MOST}")
        return number

    @property
    def number(self) -> int:
        """The amount, once the organisation's number is filled in."""
        return int(self.amount)

    @property
    def hours(self) -> int:
        """The amount in hours of the working clock; KeyError for a clock that counts something else."""
        return self.number * WORKING[self.unit]

    @property
    def span(self) -> str:
        """The amount with its unit, which stands in the singular after a 1."""
        one = re.sub(r"^((?:working )?[a-z]+)s\b", r"\1", self.unit)
        return f"{self.amount} {one if str(self.amount) == '1' else self.unit}"


class Message(Frozen):
    title: Text
    to: Text
    says: Text


# What a run that nobody watches does with a step: one word for all of it, or one for each outcome.
ALONE = ("apply", "propose", "never")
Unattended = str | Mapping[str, str]


class Step(Frozen):
    """`outcomes` maps each outcome to the step, or the end, that it leads to.

    `unattended` says what a run that nobody watches does with the step's actions: apply them, propose them to a person,
    or never do them without one. An outcome that is left out is never done. The id of another step in place of the word
    means that both are done, or neither.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z-]+$")]
    title: Text
    role: str
    does: Text
    why: str = ""
    clock: str | None = None
    sends: tuple[str, ...] = ()
    unattended: Unattended = "never"
    outcomes: Mapping[str, str]

    @property
    def runbook(self) -> str:
        return self.id.split(".")[0]


class Runbook(Frozen):
    """`hurry` is what somebody in a hurry does, one sentence for each thing."""

    title: Text
    purpose: Text
    hurry: tuple[Text, ...] = ()
    steps: tuple[Step, ...]


class Move(Frozen):
    """A change of a ticket's status that is allowed, and the steps that make it."""

    from_: Annotated[tuple[Text, ...], Field(alias="from", min_length=1)]
    to: Text
    when: Text
    steps: tuple[str, ...]


class Stop(Frozen):
    """A step on the picture of the whole road. With `asks` it is a question, drawn beside the step or in its place.

    `answers` are the outcomes that are drawn, each with its words; without them it is the step's first outcome.
    """

    step: str
    asks: str = ""
    answers: Mapping[str, str] = {}


class ChecklistItem(Frozen):
    """One thing to do or to ask oneself. A worksheet keeps its `id` when it is ticked."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(?:-[a-z]+)*$")]
    does: Text
    why: str = ""


# Every step that mails may end so: its mail may not go. And any step: it was decided for another cycle.
HELD, ANOTHER, SOMEONE = "held", "another-cycle", "someone-decides"


class Process(Frozen):
    starts: tuple[str, ...]
    roles: Mapping[str, RoleEntry]
    glossary: Mapping[str, str]
    clocks: Mapping[str, Clock]
    messages: Mapping[str, Message]
    ends: Mapping[str, str]
    runbooks: Mapping[str, Runbook]
    checklists: Mapping[str, tuple[ChecklistItem, ...]]  # by kind of ticket
    moves: tuple[Move, ...] = ()  # of a ticket's status
    road: tuple[Stop, ...] = ()  # the whole road on one picture, from top to bottom

    def steps(self) -> Iterator[Step]:
        for runbook in self.runbooks.values():
            yield from runbook.steps

    def step(self, step_id: str) -> Step:
        """The step of that id; KeyError where there is none."""
        for step in self.runbooks[step_id.partition(".")[0]].steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def holders(self, role: str, organization: Organization) -> tuple[Person, ...]:
        """The people who hold a role of the process."""
        return organization.with_role(self.roles[role].held_by or role)

    def target(self, step_id: str, outcome: str) -> str:
        """The id of the step, or the name of the end, that this outcome of this step leads to."""
        step = self.step(step_id)
        return SOMEONE if outcome == ANOTHER or (outcome == HELD and step.sends) else step.outcomes[outcome]

    def alone(self, step_id: str, outcome: str) -> str:
        """`apply`, `propose` or `never`: what a run that nobody watches does with a step that ended so."""
        rule = self.step(step_id).unattended
        if not isinstance(rule, str):
            return rule.get(outcome, "never")
        return rule if rule in ALONE else self.alone(rule, outcome)


def load_process(
    path: Path = SHIPPED, organization: Organization | None = None, its_file: str = "organization.yaml"
) -> Process:
    """The process at `path`; DefinitionError names a mistake with its place and remedy.

    With an organisation, its numbers and names are put into the texts, and its `unattended` replaces that of its steps.
    """
    process = load(path, Process)
    _check(process, path.name)
    if organization is None:
        return process
    chosen = _with_policy(process, organization, its_file)
    filled = _filled(chosen, organization, path.name)
    _check_clocks(filled, path.name)
    _check_holders(filled, organization, path.name)
    for index, each in enumerate(organization.nights.runs):
        if each.runbook not in process.runbooks:
            place = f"/nights/runs/{index}/run"
            raise complain(its_file, place, unknown(each.runbook, "runbook", process.runbooks))
    return filled


def _check(process: Process, file: str) -> None:
    steps = list(process.steps())
    ids = [step.id for step in steps]
    _check_clocks(process, file)
    if process.clocks["notice"].amount != NOTICE:
        problem = f"the organisation's rules for workshops have this number; write {NOTICE!r}, and the number there"
        raise complain(file, "/clocks/notice/amount", problem)
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
        if role.held_by and role.held_by not in process.roles:
            raise complain(file, f"/roles/{name}/held_by", unknown(role.held_by, "role", process.roles))
        for index, moment in enumerate(role.day):
            if moment.step not in ids:
                raise complain(file, f"/roles/{name}/day/{index}", unknown(moment.step, "step", ids))
    for index, start in enumerate(process.starts):
        if start not in ids:
            raise complain(file, f"/starts/{index}", unknown(start, "step", ids))
    for name, runbook in process.runbooks.items():
        for index, step in enumerate(runbook.steps):
            _check_policy(process, step, step.unattended, file, f"/runbooks/{name}/steps/{index}/unattended")
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
    _check_pictures(process, ids, file)


def _check_policy(process: Process, step: Step, rule: Unattended, file: str, place: str) -> None:
    """What is said to be done unattended names words, outcomes and steps that there are."""
    if isinstance(rule, str):
        ids = [each.id for each in process.steps()]
        if rule not in (*ALONE, *ids) or rule == step.id:
            problem = f"write {', '.join(ALONE)}, one of these for each outcome, or the step with which it goes"
            raise complain(file, place, f"{unknown(rule, 'step', ids) if '.' in rule else repr(rule)}: {problem}")
        if rule in ids and process.step(rule).unattended not in ALONE:
            raise complain(file, place, f"'{rule}' does not have one word for itself, so nothing can go with it")
        return
    for outcome, word in rule.items():
        if outcome not in step.outcomes:
            raise complain(file, f"{place}/{outcome}", unknown(outcome, "outcome", step.outcomes))
        if word not in ALONE:
            raise complain(file, f"{place}/{outcome}", f"{word!r} is none of {', '.join(ALONE)}")


def _with_policy(process: Process, organization: Organization, file: str) -> Process:
    """The process as the organisation lets it run alone."""
    steps = {step.id: step for step in process.steps()}
    for name, rule in organization.unattended.items():
        place = f"/unattended/{name}"
        if name not in steps:
            raise complain(file, place, unknown(name, "step", steps))
        with_, word = steps[name].unattended, rule if isinstance(rule, str) else ""
        if isinstance(with_, str) and with_ in steps and rule != with_:
            raise complain(file, place, f"'{name}' is done together with '{with_}' or not at all; write that one here")
        if word not in ALONE and any(step.unattended == name for step in steps.values()):
            raise complain(file, place, f"another step goes with '{name}'; write one of {', '.join(ALONE)}")
        _check_policy(process, steps[name], rule, file, place)
        steps[name] = steps[name].model_copy(update={"unattended": rule})
    runbooks = {
        name: book.model_copy(update={"steps": tuple(steps[step.id] for step in book.steps)})
        for name, book in process.runbooks.items()
    }
    return process.model_copy(update={"runbooks": runbooks})


def _check_clocks(process: Process, file: str) -> None:
    for name in ("acknowledge", *COUNTED):
        if name not in process.clocks:
            raise complain(file, "/clocks", f"has no {name}, by which runbooks count; add it")
    for name, clock in process.clocks.items():
        place, units = f"/clocks/{name}", [COUNTED[name]] if name in COUNTED else list(WORKING)
        if clock.role not in process.roles:
            raise complain(file, place, unknown(clock.role, "role", process.roles))
        if clock.unit not in units:
            raise complain(file, f"{place}/unit", f"nothing counts '{clock.unit}' there; write {' or '.join(units)}")
        if name not in COUNTED and clock.until is None:
            raise complain(
                file, place, "does not say what ends it; add until: answered, evaluated, moved-on or resolved"
            )
        if name in COUNTED and clock.until is not None:
            raise complain(file, f"{place}/until", f"the runbook knows what ends {name}; remove it")
    nudge, timebox = process.clocks["nudge"].amount, process.clocks["timebox"].amount
    if isinstance(nudge, int) and isinstance(timebox, int) and nudge >= timebox:
        problem = f"{nudge} is not before the timebox, which has {timebox}; write a smaller number"
        raise complain(file, "/clocks/nudge/amount", problem)


def _check_holders(process: Process, organization: Organization, file: str) -> None:
    for name, role in process.roles.items():
        if not role.vacant and not process.holders(name, organization):
            problem = f"nobody in the organisation has the role {role.held_by or name}; give it to one person there"
            raise complain(file, f"/roles/{name}", f"{problem}, or write held_by: (another role) or vacant: true here")


def _check_pictures(process: Process, ids: list[str], file: str) -> None:
    for index, move in enumerate(process.moves):
        for step in move.steps:
            if step not in ids:
                raise complain(file, f"/moves/{index}/steps", unknown(step, "step", ids))
    for index, stop in enumerate(process.road):
        if stop.step not in ids:
            raise complain(file, f"/road/{index}", unknown(stop.step, "step", ids))
        outcomes = process.step(stop.step).outcomes
        for outcome in stop.answers:
            if outcome not in outcomes:
                raise complain(file, f"/road/{index}/answers", unknown(outcome, "outcome", outcomes))


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


def _filled(process: Process, organization: Organization, file: str) -> Process:
    """The process with the organisation's facts in every text. Clocks first: the other texts quote them."""

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
    with_clocks = validated(file, data, Process)
    return validated(file, fill(data, "", with_clocks.clocks), Process)

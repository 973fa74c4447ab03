"""What the handbook's reference says from declarations: parameters, receipt, command line, status moves, budget."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import get_args, get_type_hints

import click

from deskbook.config.organization import Organization
from deskbook.config.process import Process, Step
from deskbook.engine import MIME
from deskbook.engine.parameters import Declared
from deskbook.engine.plan import RECEIPT_KEYS, Receipt
from deskbook.engine.running import Line, State
from deskbook.errors import ParameterError
from deskbook.handbook.chapters import Chapter, link, table
from deskbook.language.text import plain_markdown as plain
from deskbook.runbooks.catalog import RUNBOOKS

# What the type of a field does not say; a test holds both to the receipt.
MEANINGS = {
    "runbook": "its name",
    "subject": "what it was about, such as ticket 101",
    "sandbox": "whether it was practice",
    "applied": "whether the plan was carried out, or only shown",
    "digest": "the plan's code; approve takes it",
    "actions": "each effect of ours, in its order",
    "needs_human": "what a person has to find out or to decide",
    "outcome": "what was found at the last step that was taken",
    "next": "the runbook that comes next on this ticket; null where none does",
}
STATES = {
    "proposed": "the plan was only shown",
    "done": "carried out by this run",
    "already done": "found where it lands; not done again",
    "failed": "the reason says why; nothing after it was tried",
    "not reached": "stands after the one that failed",
}


def parameter_table(known: tuple[Declared, ...], given: dict[str, object] | None = None) -> str:
    """Every parameter with its type, its default, what was given, and what it is."""
    rows = [
        (
            f"`{each.name}`",
            each.type,
            plain(str(each.default)) or "empty",
            f"**{plain(str(given[each.name]))}**" if given and each.name in given else "",
            plain(each.what),
        )
        for each in known
    ]
    return table(("Parameter", "Type", "Default", "Here", "What it is"), rows)


def parameters(process: Process, organization: Organization, _: str) -> str:
    """Each runbook with its parameters, and the outcomes that its receipt may end with."""
    parts = []
    for name, book in RUNBOOKS.items():
        described = process.runbooks[name]
        rows = [(outcome, _step(step), _after(name, target)) for step, outcome, target in _leaving(described.steps)]
        parts.append(
            f"## `{name}`\n\n{link(described.title, f'runbook-{name}')}: {plain(described.purpose)}\n\n"
            f"{parameter_table(book.parameters)}\n\n" + table(("`outcome`", "at the step", "`next`"), rows)
        )
    return "\n\n".join(parts)


def receipt(process: Process, organization: Organization, _: str) -> str:
    """The keys of a receipt, of its actions, and the states of one."""
    hints = get_type_hints(Receipt)
    keys = [(f"`{key}`", _type(hints[key]), plain(MEANINGS[key])) for key in RECEIPT_KEYS]
    lines = ", ".join(f"{key} ({_type(hint)})" for key, hint in get_type_hints(Line).items())
    states = [(f"`{state}`", STATES[state]) for state in get_args(State)]
    return "\n\n".join(
        [
            f"`{MIME}`, as the last code cell shows it and `--json` prints it:",
            table(("Key", "Type", "What it is"), keys),
            f"Each of its `actions` has {lines}. A `key` is the step that it belongs to, with a word after `#` where a"
            " step has several, and comes once in a plan. Its `state`:",
            table(("State", "What it means"), states),
        ]
    )


def command_line(process: Process, organization: Organization, name: str) -> str:
    """A command and all below it, by the name of the object, such as `deskbook.cli:cli`; as autodoc does for Python."""
    module, _, attribute = name.partition(":")
    try:
        command = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ParameterError(f"'{name}' names no command ({error}); write module:object") from None
    return "\n\n".join(_command(command, click.Context(command, info_name="deskbook")))


def status_moves(process: Process, organization: Organization, _: str) -> str:
    rows = [
        (
            ", ".join(move.from_),
            move.to,
            plain(move.when),
            ", ".join(_step(process.step(step)) for step in move.steps),
        )
        for move in process.moves
    ]
    return table(("From", "To", "When", "At"), rows)


def budget_reasoning(process: Process, organization: Organization, _: str) -> str:
    """How the hours of a community follow from those of an engineer."""
    budget = organization.budget
    hours = budget.own_hours_per_month * budget.support_share
    few, many = budget.hubs_per_engineer
    return (
        f"An engineer works {budget.own_hours_per_month:g} hours a month. At most {budget.support_share:.0%} of that is"
        f" support, about {hours:.0f} hours; more, and nothing gets better for anybody. One engineer looks after"
        f" {few} to {many} hubs. That leaves {hours / many:.1f} to {hours / few:.1f} hours for a hub in a month, so a"
        f" community without a figure of its own gets {budget.hours_per_month:g}."
    )


def checklist(process: Process, organization: Organization, _: str) -> str:
    """Every part of the process that has several steps, as boxes to tick; the timebox with what to go through."""
    names: dict[str, str] = {str(kind): name for kind, name in organization.ticket_types.items()}
    parts = []
    for runbook in process.runbooks.values():
        if len(runbook.steps) == 1:
            continue
        boxes = [_box(process, step) for step in runbook.steps]
        parts.append(f"**{plain(runbook.title)}**\n\n" + "\n".join(boxes))
    for kind, items in process.checklists.items():
        boxes = [f"- {plain(item.does)}" for item in items]
        parts.append(f"**In the timebox: {plain(names[kind])}**\n\n" + "\n".join(boxes))
    return "\n\n".join(["::::{div} boxes", *(f":::{{div}}\n{part}\n:::" for part in parts), "::::"])


def _box(process: Process, step: Step) -> str:
    clock = f", {process.clocks[step.clock].span}" if step.clock else ""
    return f"- {plain(step.title)} *({plain(process.roles[step.role].name + clock)})*"


def _leaving(steps: tuple[Step, ...]) -> Iterator[tuple[Step, str, str]]:
    """Every outcome after which the runbook is over."""
    own = {step.id for step in steps}
    for step in steps:
        yield from (
            (step, outcome, target) for outcome, target in step.outcomes.items() if target not in own - {step.id}
        )


def _step(step: Step) -> str:
    return link(step.title, f"step-{step.id.replace('.', '-')}")


def _after(name: str, target: str) -> str:
    return f"`{target.split('.')[0]}`" if "." in target else f"null ({link(target, f'end-{target}')})"


def _type(hint: object) -> str:
    words: dict[object, str] = {
        bool: "true or false",
        tuple[str, ...]: "list of texts",
        tuple[Line, ...]: "list of objects",
        str | None: "text or null",
    }
    return words.get(hint, "text")


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    told = inspect.cleandoc(command.help or "").split("\b")[0].strip()
    yield f"{'#' * (1 + len(context.command_path.split()))} `{context.command_path}`"
    yield f"```text\n{context.command_path} {usage}\n```"
    yield plain(" ".join(told.split()))
    if options := [_option(each, context) for each in _options(command)]:
        yield "\n".join(options)
    if not isinstance(command, click.Group):
        return
    below = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    found = [(name, each) for name, each in below if each is not None]
    if (
        len(found) > 1 and len({_options(each) for _, each in found}) == 1 and _options(found[0][1])
    ):  # alike but for their names
        yield "\n".join(_option(each, context) for each in _options(found[0][1]))
        yield table(("Name", "What it takes"), [(f"`{name}`", plain(each.short_help or "")) for name, each in found])
        return
    for name, each in found:
        yield from _command(each, click.Context(each, parent=context, info_name=name))


def _options(command: click.Command) -> tuple[click.Option, ...]:
    return tuple(each for each in command.params if isinstance(each, click.Option))


def _option(option: click.Option, context: click.Context) -> str:
    names, what = option.get_help_record(context) or (", ".join(option.opts), "")
    return f"- `{names}`: {plain(what)}"


REFERENCE: dict[str, Chapter] = {
    "runbook-parameters": parameters,
    "receipt": receipt,
    "command-line": command_line,
    "status-moves": status_moves,
    "budget-reasoning": budget_reasoning,
    "process-checklist": checklist,
}

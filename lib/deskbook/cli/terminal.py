"""What the command prints in a terminal: nothing is obeyed there, it fits, it has colours, and it completes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import click
from click.shell_completion import CompletionItem

from deskbook.language.text import printable, printable_json


@cache
def _colours() -> dict[str, str]:
    """What a line begins with, and its colour."""
    from deskbook.ui.blocks import MARKS  # here, since only a terminal has colours

    return {
        re.escape(MARKS["done"]): "green",
        re.escape(MARKS["failed"]): "red",
        r"! ": "yellow",
        r"Late\b": "red",
        r"deskbook: ": "red",
    }


def say(text: str, *, err: bool = False) -> None:
    """The one way out to a terminal: no character in it is obeyed there, whoever wrote it."""
    plain = printable(text)
    stream = sys.stderr if err else sys.stdout
    click.echo(coloured(plain) if stream.isatty() and not os.environ.get("NO_COLOR") else plain, err=err)


def say_json(value: Any) -> None:
    click.echo(printable_json(json.dumps(value, ensure_ascii=False)))


def coloured(text: str) -> str:
    """The lines that begin with a mark in its colour. The marks say the same without."""
    return "\n".join(_coloured(line) for line in text.split("\n"))


def _coloured(line: str) -> str:
    colour = next((colour for begin, colour in _colours().items() if re.match(begin, line)), None)
    return click.style(line, fg=colour) if colour else line


def columns() -> int:
    """Of the terminal that this is printed in; 0 where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def progress(name: str) -> bool | dict[str, Any]:
    """How papermill tells how far a run is: in one line that goes again, and only where somebody watches."""
    return {"desc": name, "leave": False} if sys.stderr.isatty() else False


def complete(name: str, given: Sequence[str], incomplete: str) -> list[CompletionItem]:
    """How a parameter of a runbook may go on: its name, or for a ticket the numbers in the queue."""
    from deskbook.engine.parameters import APPLY, APPROVE
    from deskbook.notebooks import parameters_of

    key, equals, begun = incomplete.partition("=")
    if equals:
        return _tickets(begun) if key == "ticket_id" else []
    told = {each.partition("=")[0] for each in given}
    own = [each for each in parameters_of(name) if each.name not in {APPLY.name, APPROVE.name, *told}]
    return [CompletionItem(f"{each.name}=", help=each.what) for each in own if each.name.startswith(incomplete)]


def _tickets(begun: str) -> list[CompletionItem]:
    """Of the desk that the environment names; none where it names none, or cannot be asked."""
    from deskbook.assembly import connect
    from deskbook.config.settings import read_settings
    from deskbook.errors import DeskbookError
    from deskbook.tickets.queue import read_queue

    with suppress(DeskbookError):
        settings = read_settings()
        if settings.live or settings.sandbox_url:
            items = read_queue(connect(settings)).items
            found = ((str(item.ticket.id), f"{item.title}: {printable(item.ticket.subject)}") for item in items)
            return [CompletionItem(f"ticket_id={id}", help=said) for id, said in found if id.startswith(begun)]
    return []

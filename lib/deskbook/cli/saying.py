"""How a command speaks, and what it ends with."""

from __future__ import annotations

from typing import Any

FAILED = 1
USAGE = 2
ENDED = 143  # by a signal, as a shell tells it


def say(text: str, *, err: bool = False) -> None:
    from deskbook.cli import terminal  # here, since `deskbook --help` need not wait for what a ticket's words need

    terminal.say(text, err=err)


def say_json(value: Any) -> None:
    from deskbook.cli import terminal

    terminal.say_json(value)

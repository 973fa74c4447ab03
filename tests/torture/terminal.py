"""What a terminal and a program are given: no control character, escape or change of direction that came from outside."""

from __future__ import annotations

import json
import os
import pty
import sys
from pathlib import Path

import warm

from torture.cells import Cell, Verdict
from torture.hostile import CONTROL, SHAPES, exchanged, plant
from torture.scenarios import road, seed
from torture.wire import watched
from torture.world import world

WITHIN = ("ansi", "c1", "bell", "null", "bidi", "surrogate", "format", "jinja")
COMMANDS = (("due",), ("due", "--json"))


def cells(name: str) -> list[Cell]:
    """What `due` prints, for each shape that a terminal would act on; once in a terminal of its own."""
    if name != "triage":
        return []
    found = [f"{shape}/{'-'.join(words).replace('---', '-')}" for shape in WITHIN for words in COMMANDS]
    return [Cell("terminal", name, what) for what in (*found, "all/pseudo-terminal")]


def run(cell: Cell) -> Verdict:
    here, verdict = world(), Verdict()
    road(cell.scenario)
    here.back(seed())
    with here.store.transaction():
        plant(101)
    name, _, how = cell.what.partition("/")
    environment = {**os.environ, "DESKBOOK_SANDBOX_URL": here.url}
    if how == "pseudo-terminal":  # another process, which reads what the sandbox has
        with here.store.transaction():
            every = " ".join(SHAPES[each] for each in WITHIN if each != "surrogate")
            here.store.db.execute("UPDATE fd_tickets SET subject = subject || ?", (every,))
        code, said = _in_terminal([str(Path(sys.executable).with_name("deskbook")), "due"], environment)
    else:
        words = COMMANDS[how == "due-json"]
        try:
            with watched(exchanged(SHAPES[name])):
                ran = warm.deskbook(*words, folder=Path.cwd(), environment=environment)
        except Exception as error:
            verdict.untyped.append(f"{type(error).__name__}: {error}"[:200])
            return verdict
        code, said = ran.returncode, ran.stdout + ran.stderr
        if words[-1] == "--json" and not code:
            json.loads(ran.stdout)
    if code:
        verdict.lost.append(f"it ends with {code}: {said[-200:]!r}")
    if found := CONTROL.findall(said.replace("\r\n", "\n")):
        verdict.executed.append(f"on the terminal: {sorted(set(found))!r}")
    return verdict


def _in_terminal(words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """The command in a terminal of its own: how it ended, and every character that the terminal was given."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(words[0], words, environment)
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # which is how a terminal says that nobody writes any more
            break
        if not part:
            break
        said += part
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said.decode("utf-8", "replace")

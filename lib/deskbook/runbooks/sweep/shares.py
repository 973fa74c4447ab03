"""Who works on which ticket: this process on one after another, or several processes on the tickets of a community each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from deskbook.engine.running import INTERRUPTED
from deskbook.errors import DeskbookError, SettingsError, Unavailable
from deskbook.runbooks.sweep.lines import Line
from deskbook.runbooks.sweep.work import Done, work
from deskbook.services.ports import Desk

PATIENCE = 3  # tickets in a row that a service does not answer for; then the rest is left to the next sweep


def worked(desk: Desk, found: Sequence[Line], *, apply: bool, unattended: bool, executor: str = "") -> Iterator[Done]:
    """One ticket after another, or several communities at once. Where a service answers for none of several in a row, or
    somebody interrupts, the rest is not reached."""
    todo = {line.ticket: line for line in found if line.read}
    silent, stopped = 0, ""
    if executor:
        going = elsewhere(desk, tuple(todo.values()), executor, apply, unattended, lambda: bool(stopped))
    else:
        shared = desk.sharing()
        going = (work(shared, line, apply=apply, unattended=unattended) for line in tuple(todo.values()) if not stopped)
    for done in going:
        del todo[done.ticket]
        yield done
        silent = silent + 1 if done.unavailable else 0
        if INTERRUPTED in done.error:
            stopped = "the sweep was interrupted"
        elif silent == PATIENCE:
            stopped = "a service does not answer"
    for ticket in todo:
        yield Done(ticket, error=f"not reached: {stopped or 'the sweep was interrupted'}")


def elsewhere(
    desk: Desk, todo: Sequence[Line], executor: str, apply: bool, unattended: bool, enough: Callable[[], bool]
) -> Iterator[Done]:
    """What becomes of the tickets in other processes. Those of one community, or of one person, are worked on in one."""
    shares = together(todo)
    tasks = [Task(tuple(share), apply, unattended) for share in shares]
    for place, said in desk.elsewhere(executor, by_itself, tasks, enough):
        if isinstance(said, DeskbookError):
            silent = isinstance(said, Unavailable | SettingsError)
            said = tuple(Done(line.ticket, error=str(said), unavailable=silent) for line in shares[place])
        yield from said


@dataclass(frozen=True)
class Task:
    """What is handed to another process: tickets, and how far it may go."""

    lines: tuple[Line, ...]
    apply: bool
    unattended: bool


def by_itself(desk: Desk, task: Task) -> tuple[Done, ...]:
    """A task of a sweep, done in its own process."""
    view = task.lines[0].view
    if (view.process, view.organization) != (desk.process, desk.organization):
        raise SettingsError(
            f"process {desk.place.process} on {desk.place.host} follows another process.yaml or organization.yaml than the "
            "sweep. Give both the same files"
        )
    return tuple(worked(desk, task.lines, apply=task.apply, unattended=task.unattended))


def together(todo: Sequence[Line]) -> list[list[Line]]:
    """The tickets in shares: those that have a community or a requester in common stand in one, in the order given."""
    home: dict[tuple[str, int], list[Line]] = {}
    for line in todo:
        met = {id(home[name]): home[name] for name in _whose(line) if name in home}
        share = [*(each for lines in met.values() for each in lines), line]
        home |= {name: share for each in share for name in _whose(each)}
    return list({id(share): share for share in home.values()}.values())


def _whose(line: Line) -> list[tuple[str, int]]:
    ticket = line.view.ticket
    community = [("community", ticket.community)] if ticket.community else []
    return [*community, ("requester", ticket.requester)]

"""Hand shares of work to other processes. A task says what is to be done, and no secret: each process joins the services
by its own environment. One that dies has its tasks done anew, so a task has to bear that: what it did already it finds
where it landed.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from functools import lru_cache
from typing import Any
from uuid import uuid4

from deskbook.errors import DeskbookError, SettingsError, Unavailable
from deskbook.services.executors import JOIN, opened
from deskbook.services.ports import Desk, Memory

MARK = "executor"  # the name under which a folder of caches is marked, so that others know it again
TRIES = 3  # of a task whose process dies

Task = Callable[[Desk, Any], Any]


def spread(
    connect: Callable[[], Desk],
    desk: Desk,
    executor: str,
    task: Task,
    shares: Sequence[Any],
    enough: Callable[[], bool],
) -> Iterator[tuple[int, Any]]:
    """What `task(desk, share)` says of each share, by its place, as they end; a DeskbookError where it came to nothing.

    No more are begun than there is room for, nor any once it is `enough`; those that have begun are waited for.
    """
    joins = (uuid4().hex, desk.where, _marked(desk.memory))
    waiting, deaths, stopped = deque(range(len(shares))), Counter[int](), False

    def more() -> bool:
        return bool(waiting) and not (stopped or enough())

    while more():
        going: dict[Future[Any], int] = {}
        broken, empty = False, 0
        with opened(executor) as (pool, room):
            while going or (more() and not broken):
                # Of several tasks that lost their process one may have killed it: they go on one by one.
                while more() and not broken and len(going) < (1 if deaths[waiting[0]] else room() + 1):
                    place = waiting.popleft()
                    going[_submitted(pool, connect, joins, task, shares[place])] = place
                try:
                    ended = wait(going, JOIN, FIRST_COMPLETED).done
                except KeyboardInterrupt:
                    stopped = True
                    continue
                empty = 0 if ended or room() else empty + 1
                ended = set(going) if empty > 1 else ended
                while ended:
                    place, said = _outcome(going, ended.pop())  # Dask does anew what is held when its worker dies
                    broken = broken or isinstance(said, BrokenExecutor)
                    deaths[place] += isinstance(said, BrokenExecutor)
                    if isinstance(said, BrokenExecutor) and deaths[place] < TRIES:
                        waiting.appendleft(place)
                    else:
                        yield place, _words(said) if isinstance(said, BaseException) else said


def at_desk(connect: Callable[[], Desk], joins: tuple[str, str, str], task: Task, share: Any) -> Any:
    """What the task says of a share, in this process and at its own desk."""
    return task(_desk(connect, *joins, threading.get_ident()), share)


@lru_cache(maxsize=8)
def _desk(connect: Callable[[], Desk], sweep: str, where: str, mark: str, thread: int) -> Desk:
    """This thread's desk for one sweep; SettingsError where it is not joined to what the sweep is."""
    desk = connect()
    at = f"process {desk.place.process} on {desk.place.host}"
    if desk.where != where:
        raise SettingsError(f"{at} works at {desk.where}; the sweep at {where}. Give both the same settings")
    if desk.memory.recall(MARK).get("mark") != mark:
        raise SettingsError(
            f"{at} counts mails in a folder of its own. Let DESKBOOK_RUNS name one folder, from / on, that all processes share"
        )
    return desk.sharing()


def _marked(memory: Memory) -> str:
    with memory.alone(MARK):
        mark = str(memory.recall(MARK).get("mark") or uuid4().hex)
        memory.keep(MARK, {"mark": mark})
    return mark


def _submitted(pool: Executor, *task: Any) -> Future[Any]:
    try:
        return pool.submit(at_desk, *task)
    except Exception as error:  # the pool broke meanwhile, or the scheduler is gone
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed


def _outcome(going: dict[Future[Any], int], future: Future[Any]) -> tuple[int, Any]:
    """A share's place, and what its task came to: its result or its error."""
    place = going.pop(future)
    if future.cancelled() or not future.done():
        return place, Unavailable("its worker is gone, and no other has come")
    return place, future.exception() or future.result()


def _words(error: BaseException) -> DeskbookError:
    if isinstance(error, DeskbookError):
        return error
    if isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker":
        return DeskbookError("each process that worked on it died. Look at the machine's memory, and run it by itself")
    return DeskbookError(f"{type(error).__name__}: {error}")

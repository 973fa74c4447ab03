"""Processes that work is handed to, through `concurrent.futures`: of this machine, or of a Dask scheduler's workers."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from deskbook.config.settings import LOOPBACK
from deskbook.errors import ParameterError, SettingsError, Unavailable

FORMS = re.compile(r"processes:([1-9][0-9]?)|dask://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")
REACH = 10.0  # seconds for a scheduler to answer
JOIN = 30.0  # seconds for a worker to be there


def checked(executor: str) -> str:
    """The executor as it was named; ParameterError where it is none."""
    if executor and not FORMS.fullmatch(executor):
        raise ParameterError(
            f"executor: '{executor}' is none; write processes:4 for so many processes of this machine, or "
            "dask://127.0.0.1:8786 for the workers of that scheduler"
        )
    return executor


@contextmanager
def opened(executor: str) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """The executor, and how many tasks it has room for now."""
    found = FORMS.fullmatch(executor)
    assert found, executor
    if count := int(found[1] or 0):
        from concurrent.futures import ProcessPoolExecutor  # here and below: few need it, and all would wait for it
        from multiprocessing import get_context

        with ProcessPoolExecutor(count, get_context("spawn"), _begin) as pool:
            yield pool, lambda: count
        return
    with _dask(found[2], found[3]) as workers:
        yield workers


@contextmanager
def _dask(host: str, port: str) -> Iterator[tuple[Executor, Callable[[], int]]]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise SettingsError("executor: Dask is not installed here: pip install 'deskbook[dask]'") from None
    near = host.strip("[]") in LOOPBACK
    try:  # tasks are pickles, which run as code where they are read: on the way to another machine nobody may change them
        client = distributed.Client(f"{'tcp' if near else 'tls'}://{host}:{port}", timeout=REACH, set_as_default=False)
    except Exception as error:  # whatever the libraries below it raise
        tls = "" if near else ", by TLS, with certificates as DASK_DISTRIBUTED__COMM__TLS__… name them"
        raise Unavailable(
            f"executor: no scheduler answers at {host}:{port}{tls} ({type(error).__name__}). Start one: dask scheduler"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError:
            raise Unavailable(
                f"executor: the scheduler at {host}:{port} has no worker. Start some: dask worker"
            ) from None
        yield client.get_executor(pure=False), lambda: _threads(client)


def _threads(client: Any) -> int:
    """Of all workers; none where the scheduler is gone."""
    try:
        return sum(client.nthreads().values())
    except Exception:  # whatever the libraries below it raise
        return 0


def _begin() -> None:
    """Of a process of this machine: it ends with the one that began it, which alone hears an interruption."""
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent
    threading.Thread(target=_end_after, args=[parent], daemon=True).start()


def _end_after(parent: Any) -> None:
    parent.join()
    os._exit(1)

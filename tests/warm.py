"""Runs the commands `papermill` and `deskbook` in this process, their notebooks in one kernel that stays warm.

A kernel takes seconds to start, and a command seconds to import what it needs. Where a test is about what a runbook does,
both are shared: the command reads its own words, papermill fills in the parameters, executes and writes the notebook as
ever, and only the kernel is not a new one. Before each run it is emptied, and given the folder and the environment of the
caller. Tests about processes (what a kernel of its own finds, that nothing else is printed) start them in truth.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from deskbook import batch, cli

batch.import_jsonschema()  # before papermill, as the command itself does

from papermill import PapermillExecutionError  # noqa: E402
from papermill.cli import papermill as papermill_command  # noqa: E402
from papermill.clientwrap import PapermillNotebookClient  # noqa: E402
from papermill.engines import NBClientEngine, papermill_engines  # noqa: E402

FIRST = (
    "WARM_FIRST"  # in a caller's environment: code that its kernel runs before the notebook, such as a patch to start
)
PREPARE = f"""
get_ipython().reset(new_session=True)
import os
from unittest.mock import patch
patch.stopall()
os.environ.clear()
os.environ.update({{environment!r}})
os.chdir({{folder!r}})
exec(os.environ.pop({FIRST!r}, ""))
del os, patch
"""
_kernels: list[AsyncKernelManager] = []


class _Warm(NBClientEngine):
    """The engine of papermill, on the kernel that is there."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        client = PapermillNotebookClient(nb_man, km=_kernel(kernel_name), timeout=120, kernel_name=kernel_name)
        client.start_new_kernel_client()
        try:
            prepare = PREPARE.format(environment=dict(os.environ), folder=str(Path.cwd()))
            reply = client.wait_for_reply(client.kc.execute(prepare, silent=True))
            assert reply["content"]["status"] == "ok", reply["content"]
            return client.execute()
        finally:
            client.kc.stop_channels()


def _kernel(name: str) -> AsyncKernelManager:
    if _kernels and not run_sync(_kernels[-1].is_alive)():
        _kernels.clear()
    if not _kernels:
        kernel = AsyncKernelManager(kernel_name=name)
        run_sync(kernel.start_kernel)(extra_arguments=["--IPKernelApp.log_level=ERROR"])
        _kernels.append(kernel)
    return _kernels[-1]


def stop() -> None:
    """End the warm kernel, if one was started."""
    while _kernels:
        run_sync(_kernels.pop().shutdown_kernel)(now=True)


@contextlib.contextmanager
def _engine() -> Iterator[None]:
    usual = papermill_engines.get_engine(None)
    papermill_engines.register(None, _Warm)
    try:
        yield
    finally:
        papermill_engines.register(None, usual)


def papermill(*words: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`papermill …` as it ends when it is called in this folder with this environment."""

    def command() -> None:
        try:
            papermill_command.main([*words, "--no-progress-bar"], prog_name="papermill", standalone_mode=False)
        except PapermillExecutionError:
            traceback.print_exc()
            sys.exit(1)

    return _called(command, ["papermill", *words], folder, environment)


def deskbook(*words: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`deskbook …` as it ends when it is called in this folder with this environment."""
    return _called(cli.main, ["deskbook", *words], folder, environment)


def _called(
    command: Callable[[], None], words: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    code, out, err = 0, io.StringIO(), io.StringIO()
    with (
        _engine(),
        contextlib.chdir(folder),
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", words),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            command()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

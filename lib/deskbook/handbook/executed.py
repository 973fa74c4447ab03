"""Executed notebooks for the handbook: on one kernel that stays warm, and each kept until something changes that it rests on.

What that is nobody can tell for one notebook alone, so it is the notebook and all of library, process and organisation.
"""

from __future__ import annotations

import atexit
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.util import logging

from deskbook.batch import write
from deskbook.notebooks import notebook_of
from deskbook.runbooks.catalog import DESK

LONGEST = 120  # seconds of one cell
EMPTIED = "get_ipython().reset(new_session=True)"

logger = logging.getLogger(__name__)


def read(text: str, kept: str) -> NotebookNode:
    """A notebook's text as an executed notebook; myst-nb calls this for the pages that are notebooks."""
    return executed(nbformat.reads(text, as_version=4), Path(kept))


def executed(notebook: NotebookNode, kept: Path) -> NotebookNode:
    """The notebook with its outputs, from the folder `kept` where it was executed before.

    One that fails is a warning, has the outputs up to there, and is not kept.
    """
    place = kept / f"{sha256(nbformat.writes(notebook).encode()).hexdigest()}.ipynb"
    if place.exists():
        known: NotebookNode = nbformat.read(place, as_version=4)
        return known
    client: Any = NotebookClient(notebook, km=_kernel(), timeout=LONGEST)
    client.start_new_kernel_client()
    try:
        client.wait_for_reply(client.kc.execute(EMPTIED, silent=True))
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        logger.warning("the notebook “%s” failed: %s", _title(notebook), error)
        return notebook
    finally:
        client.kc.stop_channels()
    kept.mkdir(parents=True, exist_ok=True)
    write(place, nbformat.writes(notebook))
    return notebook


def _title(notebook: NotebookNode) -> str:
    return str(notebook.cells[0].source).partition("\n")[0].lstrip("# ")


@cache
def _kernel() -> Any:
    kernel = AsyncKernelManager(kernel_name="python3")
    where = notebook_of(DESK).parent
    run_sync(kernel.start_kernel)(cwd=str(where), extra_arguments=["--IPKernelApp.log_level=ERROR"])
    atexit.register(lambda: run_sync(kernel.shutdown_kernel)(now=True))
    return kernel

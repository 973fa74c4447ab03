"""Notebook jobs of jupyter-scheduler, run as any run that nobody watches: parameters checked, recorded, told to the watch.

Its own manager pastes parameters into the notebook as source, and runs the copy that somebody dropped in. This one takes the
name of the copy, and runs the notebook of ours that has it.
"""

from __future__ import annotations

import os
from pathlib import Path

import fsspec
import nbconvert
import nbformat
from jupyter_scheduler.executors import DefaultExecutionManager

from deskbook import batch, unattended
from deskbook.config.settings import UNATTENDED, read_settings
from deskbook.errors import RunFailed
from deskbook.runbooks.catalog import NAMES


class DeskbookExecutionManager(DefaultExecutionManager):
    """Named in the server's configuration as `c.Scheduler.execution_manager_class`."""

    def execute(self) -> None:
        """RunFailed where the run failed, which marks the job as failed; what it left is kept all the same."""
        job = self.model
        os.environ[UNATTENDED] = "1"
        name = Path(job.input_filename).stem
        ended = unattended.run(name, job.parameters or {}, read_settings())
        for form in job.output_formats or ():
            with fsspec.open(self.staging_paths[form], "w", encoding="utf-8") as file:
                file.write(_as(form, ended.outcome.notebook, name))
        if ended.failed:
            raise RunFailed("; ".join(filter(None, [ended.night.counts, ended.night.error, *ended.problems])))

    def validate(self, input_path: str) -> bool:
        """Whether a notebook of ours has that name; the scheduler calls it on the class."""
        return Path(input_path).stem in NAMES


def _as(form: str, notebook: str, name: str) -> str:
    if form == "ipynb":
        return notebook
    if form == "html":
        return batch.page(notebook, f"{name}: executed")
    text, _ = nbconvert.get_exporter(form)().from_notebook_node(nbformat.reads(notebook, as_version=4))
    return str(text)

"""Run a runbook unattended: check its parameters before a kernel starts, execute the notebook, read its receipt."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

from deskbook.engine import MIME
from deskbook.engine.parameters import truth, unknown
from deskbook.errors import ParameterError
from deskbook.language.text import printable, printable_json
from deskbook.loading import at_once, hidden
from deskbook.notebooks import Told, notebook_of, parameters_of

WIDGET = "application/vnd.jupyter.widget-view+json"
GRAMMAR = "rfc3987_syntax"
# What papermill reads notebooks on GitHub with, and jsonschema checks formats with that no notebook has.
UNUSED = ("github", "rfc3986_validator", "isoduration", "webcolors", "uri_template", "fqdn", "jsonpointer")
LAST = {"prioritize": 4}  # how many of the things it showed at last a command prints, where not plan and receipt alone
USAGE = ("ParameterError", "SettingsError", "DefinitionError")  # errors in a notebook that are the caller's


@dataclass(frozen=True)
class Outcome:
    """What a run left: the receipt (None if it failed before one), its plain text, and the error if there was one."""

    receipt: Mapping[str, Any] | None
    shown: tuple[str, ...]
    error: str
    usage: bool  # whether the error is a wrong parameter or setting
    output: Path | None
    notebook: str = field(default="", repr=False)  # executed, without secrets


def import_jsonschema() -> None:
    """Import jsonschema, which every reader of notebooks needs, without a grammar that takes two seconds to build.

    JupyterLab brings the grammar; jsonschema can do without, and no schema of a notebook asks for what it checks. It is
    hidden only meanwhile: whoever needs it still finds it.
    """
    with hidden(GRAMMAR):
        importlib.import_module("jsonschema")


def checked(name: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The given parameters in their own types; ParameterError names the first that is unknown or mistyped."""
    known = {each.name: each for each in parameters_of(name)}
    for key in given:
        if key not in known:
            raise unknown(key, known, f"{name} has no parameter")
    return {key: _typed(known[key], value) for key, value in given.items()}


def run(
    name: str,
    given: Mapping[str, object],
    *,
    output: Path | None = None,
    secrets: Iterable[str] = (),
    progress: bool | dict[str, Any] = False,
) -> Outcome:
    """Execute a runbook. The output file appears whole or not at all, and carries no secret.

    `progress` is papermill's: whether, and how, it tells how far it is.
    """
    path, values = notebook_of(name), checked(name, given)
    if output is not None:
        _prepare(output)
    papermill = _papermill()
    from nbclient.exceptions import DeadKernelError

    memory = _memory()
    part, error, usage = memory.place(name), "", False
    try:
        papermill.execute_notebook(
            str(path),
            part,
            parameters=values,
            progress_bar=progress,
            log_output=False,
            shutdown_kernel="immediate",
            kernel_manager_class=_kernel(),
            extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no word about encryption on loopback
        )
    except papermill.PapermillExecutionError as failed:
        error, usage = f"{failed.ename}: {failed.evalue}", failed.ename in USAGE
    except DeadKernelError:
        error = f"the kernel died while {name} ran. Run it again: it looks before it repeats anything."
    notebook = _discreet(json.loads(without(memory.kept.pop(part), secrets)))
    text = printable_json(json.dumps(notebook, ensure_ascii=False, indent=1))
    if output is not None:
        try:
            write(output, text)
            write(output.with_suffix(".html"), page(text, f"{name}: executed"))
        except OSError as failed:
            raise _unwritable(output, failed) from None
    shown = _shown(notebook, LAST.get(name, 2))
    return Outcome(_receipt(notebook), shown, without(error, secrets), usage, output, text)


@cache
def _papermill() -> Any:
    """papermill, which only a run needs, and a wrong parameter need not wait for; without what it loads where it finds it."""
    with at_once(), hidden(GRAMMAR, *UNUSED):
        return importlib.import_module("papermill")


@cache
def _kernel() -> type:
    """What starts the kernel: the Python that runs this, whatever kernels are installed beside it."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Kernel(AsyncKernelManager):
        kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "deskbook.jupyter.kernel", "-f", "{connection_file}"],
            display_name="Deskbook",
            language="python",
        )

    return Kernel


class _Memory:
    """Where papermill keeps a notebook while it runs: no disk that is full meanwhile can lose the receipt."""

    SCHEME = "deskbook-run://"

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def place(self, name: str) -> str:
        return f"{self.SCHEME}{uuid4().hex}/{name}.ipynb"

    def write(self, text: str, path: str) -> None:
        self.kept[path] = text

    def pretty_path(self, path: str) -> str:
        return path


@cache
def _memory() -> _Memory:
    from papermill.iorw import papermill_io

    memory = _Memory()
    papermill_io.register(memory.SCHEME, memory)
    return memory


def _typed(parameter: Told, value: object) -> Any:
    where = f"{parameter.name}: {value!r}"
    if parameter.type == "bool":
        return truth(parameter.name, value)
    if parameter.type == "int":
        try:
            return int(str(value))
        except ValueError:
            raise ParameterError(f"{where} is not a whole number, which {parameter.name} must be") from None
    return value if isinstance(value, str) else str(value)


def _receipt(notebook: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for cell in reversed(notebook["cells"]):
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                receipt = output["data"][MIME]
                return receipt if isinstance(receipt, dict) else None
    return None


def _shown(notebook: Mapping[str, Any], last: int) -> tuple[str, ...]:
    """The plain text of the last things the notebook showed: its plan and its receipt, and what stands before them."""
    texts = [
        "".join(output.get("data", {}).get("text/plain", ""))
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
    ]
    return tuple(text for text in texts if text.strip())[-last:]


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word }}
pre {{ overflow-x: auto }}
.prompt, .anchor-link {{ display: none }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def page(notebook: str, title: str) -> str:
    """The executed notebook as one page that asks nothing of any other host and needs no JavaScript."""
    import nbformat
    from nbconvert import HTMLExporter

    node = nbformat.reads(notebook, as_version=4)
    for cell in node.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)  # the readable twin is shown in its place
    body, _ = HTMLExporter(template_name="basic", exclude_input=True).from_notebook_node(node)
    return printable(PAGE.format(title=escape(title), body=body))


def _discreet(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the secrets that somebody put into a parameter: papermill repeats them, for whoever reads it."""
    given = notebook.get("metadata", {}).get("papermill", {}).get("parameters", {})
    if not any(isinstance(value, str) for value in given.values()):
        return notebook
    from deskbook.language.redaction import redact  # which has much to load

    given.update({name: redact(value) for name, value in given.items() if isinstance(value, str)})
    for cell in notebook["cells"]:
        if "injected-parameters" in cell.get("metadata", {}).get("tags", ()):
            cell["source"] = redact("".join(cell["source"]))
    return notebook


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with no secret in it, neither as it is nor as JSON writes it."""
    for secret in secrets:
        for written in (secret, json.dumps(secret)[1:-1]):
            text = text.replace(written, "‹hidden›")
    return text


def _prepare(output: Path) -> None:
    """ParameterError now, not after the plan was carried out, if the executed notebook could not be kept."""
    if output.is_dir() or output.suffix == ".html":
        raise ParameterError(
            f"--output {output}: name a file for the notebook, such as out.ipynb; its page goes beside it"
        )
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        raise _unwritable(output, error) from None


def _unwritable(path: Path, error: OSError) -> ParameterError:
    return ParameterError(f"--output {path}: cannot be written ({error.strerror}); name a file in a writable folder")


def write(path: Path, text: str) -> None:
    """In one move, so that a run that dies leaves no half file under the final name. OSError where it cannot be kept."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise

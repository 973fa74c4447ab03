"""Notebooks of the runbooks: where they are, and people's own copies of them, which no repository tracks.

What a ticket says is saved into the notebook that shows it. So people work in copies under `runs/`: one of each
runbook, and one of each ticket that was opened from the desk, which is that ticket's record.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from deskbook.config.settings import read_settings
from deskbook.errors import DeskbookError, ParameterError
from deskbook.runbooks.catalog import DESK, NAMES, runbook

PACKAGE = Path(__file__).parent
RUNS = "runs"  # the folder of copies, ignored by git
TOLD = re.compile(r"^(\w+): (\w+) = .*?  # (.+)$", re.M)  # a line in the cell of parameters
NUMBER = r"^(ticket_id: int = )\d+"  # in the cell of parameters
EXTENSIONS = PACKAGE / "labextensions"
JUPYTER = PACKAGE / "jupyter"  # etc switches deskbook.jupyter.server on and tells Voilà, by share, how it looks
ROAD = (DESK, *NAMES)


def notebook_of(name: str) -> Path:
    """A runbook's notebook: beside the package when it is installed, else in the repository. ParameterError without one."""
    stem = name if name == DESK else runbook(name).name
    for folder in (PACKAGE / "notebooks", PACKAGE.parents[1] / "runbooks"):
        if (path := folder / f"{stem}.ipynb").exists():
            return path
    raise ParameterError(
        f"the notebook of the runbook '{name}' is not installed beside {PACKAGE}; install Deskbook anew"
    )


class Told(NamedTuple):
    """A parameter as its notebook tells it."""

    name: str
    type: str
    what: str


def parameters_of(name: str) -> tuple[Told, ...]:
    """The parameters in the notebook's own cell, in their order. They are those that the runbook declares, and read sooner."""
    cells = json.loads(notebook_of(name).read_text(encoding="utf-8"))["cells"]
    told = "".join(next(cell["source"] for cell in cells if "parameters" in cell["metadata"].get("tags", ())))
    return tuple(Told(*found) for found in TOLD.findall(told))


def lay_out(folder: Path) -> Path:
    """A fresh copy of every notebook in this folder, numbered from the desk along the road; the desk's copy."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ROAD:
        _write(_numbered(folder, name), copy(name))
    return _numbered(folder, DESK)


def own(folder: Path, name: str) -> Path:
    """Somebody's own copy of a runbook's notebook in this folder; made where it is not there. ParameterError without such a runbook."""
    text = copy(name)
    path = _numbered(folder, name)
    if not path.exists():
        _write(path, text)
    return path


def _numbered(folder: Path, name: str) -> Path:
    return folder / f"{ROAD.index(name):02d} {name.capitalize()}.ipynb"


def of_ticket(folder: Path, name: str, ticket_id: int) -> Path:
    """The ticket's own copy of a runbook's notebook, with its number in it; made where it is not there yet."""
    path = folder / "tickets" / str(ticket_id) / f"{name}.ipynb"
    if not path.exists():
        _write(path, copy(name, ticket_id))
    return path


def copy(name: str, ticket_id: int = 0) -> str:
    """A runbook's notebook to work in: its code out of sight, and this ticket's number among its parameters.

    Without a form one writes where the parameters stand, so these stay in sight.
    """
    notebook = json.loads(notebook_of(name).read_text(encoding="utf-8"))
    has_form = any(".form(" in "".join(cell["source"]) for cell in notebook["cells"])
    for cell in notebook["cells"]:
        parameters = "parameters" in cell["metadata"].get("tags", ())
        if cell["cell_type"] == "code" and (has_form or not parameters):
            cell["metadata"]["jupyter"] = {"source_hidden": True}
        if parameters:
            cell["source"] = re.sub(NUMBER, rf"\g<1>{ticket_id}", "".join(cell["source"]), flags=re.M)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def runs_of(folder: Path) -> Path:
    """Where copies go for somebody who works in this folder: the `runs` that it lies in, else one in the checkout or here."""
    up = (folder, *folder.parents)
    inside = next((each for each in up if each.name == RUNS), None)
    checkout = next((each for each in up if (each / "runbooks").is_dir()), folder)
    return inside or checkout / RUNS


def opener() -> Callable[[str, int], str] | None:
    """What makes a ticket's own copy of a runbook's notebook (of no runbook, the desk's) and says where it is, seen from the
    notebook that runs.

    None outside of Jupyter, where nobody could open it.
    """
    if not os.environ.get("JPY_SESSION_NAME"):
        return None
    here = Path.cwd()

    def opened(name: str, ticket_id: int) -> str:
        path = of_ticket(runs_of(here), name, ticket_id) if name else own(runs_of(here), DESK)
        return Path(os.path.relpath(path, here)).as_posix()

    return opened


def hide_secrets(model: dict[str, Any], path: str, contents_manager: object) -> None:
    """Before Jupyter saves a notebook: none of the settings' secrets stays in it."""
    try:
        secrets = read_settings().secrets
    except DeskbookError:  # then nothing could be connected with them either
        return
    if model["type"] == "notebook" and secrets:
        text = json.dumps(model["content"], ensure_ascii=False)
        for secret in secrets:
            text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], "‹hidden›")
        model["content"] = json.loads(text)


def jupyter_paths(environment: Mapping[str, str]) -> dict[str, str]:
    """What a Jupyter server that is started has to find in its environment, beside what stands there."""
    ours = {"JUPYTER_CONFIG_PATH": JUPYTER / "etc", "JUPYTER_PATH": JUPYTER / "share"}
    return {name: os.pathsep.join([str(path), *filter(None, [environment.get(name)])]) for name, path in ours.items()}


def jupyterlab(folder: Path) -> list[str]:
    """What is said to JupyterLab, so that it begins at the desk of a folder that was laid out."""
    desk = _numbered(folder, DESK)
    return [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{quote(desk.name)}",  # it is printed, and a space would end a link
        f"--ServerApp.default_url=/lab/tree/{quote(desk.name)}",  # on a hub, which starts JupyterLab as an extension
        f"--LabApp.extra_labextensions_path={EXTENSIONS}",
        "--ContentsManager.pre_save_hook=deskbook.notebooks.hide_secrets",
    ]


def _write(path: Path, text: str) -> None:
    """In one move, so that nobody opens half a notebook. ParameterError where it cannot be kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise ParameterError(f"{path}: cannot be written ({error.strerror}); work in a folder that is yours") from None

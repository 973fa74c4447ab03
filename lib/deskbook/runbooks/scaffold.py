"""Lay out a new runbook, and name what a runbook lacks: its folder, notebook, page, steps, cases, and the lists it is in.

Both work on a checkout: the pages and the cases are not installed.
"""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from deskbook.config.loader import complain, read_yaml
from deskbook.config.process import load_process
from deskbook.errors import DefinitionError, ParameterError
from deskbook.runbooks.catalog import DESK, NAMES

TEMPLATE = Path(__file__).with_name("template")  # a runbook that is in no list; its name is replaced by the new one's
FOLDERS = Path("lib/deskbook/runbooks")
CATALOG = FOLDERS / "catalog.py"
PROCESS = Path("lib/deskbook/config/process.yaml")
CONTENTS = Path("_toc.yml")
README = Path("README.md")
UNATTENDED = Path("book/operate/unattended.md")
# The lists that a runbook is in: the file, what stands before a new entry, and the entry or the template's file with it.
ENTRIES = (
    (CATALOG, r"^NAMES = \(\n.*?(?=^\))", '    "template",\n'),
    (PROCESS, r"^starts: \[[^\]]*", ", template.look"),
    (PROCESS, r"^runbooks:\n.*?(?=^\S)", "process.yaml"),
    (CONTENTS, r".*^ +- file: runbooks/\w+\n", "contents.yml"),
    (README, r"^flowchart TD\n(?:  \w+\[[^\n]*\n)+", '  template["Template"]\n'),
    (UNATTENDED, r"^\| Runbook \|.*?\n(?=\n)", "unattended.md"),
)
LONGEST = 20  # letters; a box of a flowchart holds no more
DRAWN = ("click", "default", "end", "graph", "style", "subgraph")  # words that the README's drawing keeps for itself
NEXT = """It writes what was found as a private note, and nothing else. Now make it yours, in this order:
  1. book/process/{name}.md: why it is done, and why so
  2. runbooks/{name}.ipynb: the sentence before each cell
  3. lib/deskbook/config/process.yaml: its title, its purpose and its steps
  4. tests/plans/{name}/: a case for each edge
  5. lib/deskbook/runbooks/{name}/: the planner, and last the form
`make check` names what does not agree; `make test` is green now, and should stay so."""


def repository(folder: Path) -> Path | None:
    """The checkout that a folder lies in; None outside of one."""
    return next((each for each in (folder, *folder.parents) if (each / CATALOG).is_file()), None)


def check(root: Path) -> None:
    """DefinitionError with a line for each thing that a runbook of the catalogue lacks, or that no runbook there has."""
    faults = list(missing(root))
    if faults:
        raise DefinitionError("\n".join(faults))


def missing(root: Path) -> Iterator[str]:
    """What is missing in this checkout, each with its place and what to do."""
    listed = set(_files(read_yaml(root / CONTENTS)))
    alone = _read(root / UNATTENDED)
    for name in NAMES:
        yield from _lacks(root, name)
        for page in (f"book/process/{name}", f"runbooks/{name}"):
            if page not in listed:
                yield str(complain(CONTENTS.name, "/parts", f"{page} is not listed; readers would not find it"))
        if f"(../process/{name}.md)" not in alone:
            yield f"{UNATTENDED}: says nothing of {name}; write whether it may run alone, with the way to its page"
    found = {
        **{path.parent: path.parent.name for path in (root / FOLDERS).glob("*/decision.py")},
        **{path: path.stem for path in (root / "runbooks").glob("*.ipynb") if path.stem != DESK},
        **{path: path.stem for path in (root / "book/process").glob("*.md")},
        **{path: path.name for path in (root / "tests/plans").iterdir()},
    }
    for path, name in found.items():
        if name not in (*NAMES, TEMPLATE.name):
            yield f"{path.relative_to(root)}: no runbook is called '{name}'; write it into NAMES of {CATALOG}, or remove this"


def _lacks(root: Path, name: str) -> Iterator[str]:
    folder, page = FOLDERS / name, Path(f"book/process/{name}.md")
    decision = root / folder / "decision.py"
    of_ticket = decision.is_file() and re.search(r"^PRACTICE\b", _read(decision), re.M)
    shape = {"form.py": "its form"} if of_ticket else {"view.py": "how its facts look"}
    files = {"__init__.py": "one line", "decision.py": "what may be decided", "plan.py": "its planner", **shape}
    needed = {folder / file: what for file, what in files.items()}
    for path, what in {**needed, Path(f"runbooks/{name}.ipynb"): "its notebook", page: "its page"}.items():
        if not (root / path).is_file():
            yield f"{path}: is missing; the runbook {name} needs {what} there"
    if (root / page).is_file():
        text = _read(root / page)
        for line in (f"```{{process-steps}} {name}", f"```{{runbook}} {name}"):
            if line not in text.splitlines():
                yield f"{page}: the line {line} is missing; the page shows with it what the process says"
    if not any((root / "tests/plans" / name).glob("*.yaml")):
        yield f"tests/plans/{name}: has no case; write one file for each edge, and the test that reads them"


def _files(contents: object) -> Iterator[str]:
    """Every page in a table of contents."""
    if isinstance(contents, dict):
        yield from (value for key, value in contents.items() if key == "file" and isinstance(value, str))
    for each in contents.values() if isinstance(contents, dict) else contents if isinstance(contents, list) else ():
        yield from _files(each)


def new(root: Path, name: str) -> tuple[list[Path], list[Path]]:
    """Lay a runbook of that name out; the files that were written, and those that were changed, from the root.

    All or nothing: ParameterError for a name that cannot be used or is taken, DefinitionError where a file has no place
    for it, before anything is written.
    """
    _check_name(root, name)
    written = {place: _named(_read(source), name) for source, place in _places(name).items()}
    changed = _entered(root, name)
    with tempfile.TemporaryDirectory(prefix="deskbook-") as folder:
        trial = Path(folder) / PROCESS.name
        trial.write_text(changed[PROCESS], encoding="utf-8")
        load_process(trial)
    _write(root, written | changed)
    return list(written), list(changed)


def _check_name(root: Path, name: str) -> None:
    if not re.fullmatch(rf"[a-z]{{2,{LONGEST}}}", name):
        raise ParameterError(
            f"NAME: {name!r} cannot be used; take one word of 2 to {LONGEST} small letters, a to z, such as 'sweep'"
        )
    notebook = json.loads(_read(TEMPLATE / "notebook.ipynb"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    used = {node.id for cell in cells for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Name)}
    python = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in dir(builtins)
    if python or name in {*used, *DRAWN, "deskbook", TEMPLATE.name}:
        kept = "Python" if python else "the flowchart" if name in DRAWN else "Deskbook"
        raise ParameterError(f"NAME: '{name}' is a word of {kept} itself; take another")
    process = read_yaml(root / PROCESS)["runbooks"]
    places = [*_places(name).values(), FOLDERS / f"{name}.py", FOLDERS / name]
    there = [str(place) for place in places if (root / place).exists()]
    there += [f"the key '{name}' of {PROCESS}"] if name in process else []
    there += [f"the name in {CATALOG}"] if name in NAMES else []
    if there:
        raise ParameterError(f"NAME: '{name}' is there already: {there[-1]}. Nothing was changed")


def _places(name: str) -> Mapping[Path, Path]:
    """Each file of the template, and where it goes."""
    cases = sorted((TEMPLATE / "cases").glob("*.yaml"))
    return {
        TEMPLATE / "page.md": Path(f"book/process/{name}.md"),
        TEMPLATE / "notebook.ipynb": Path(f"runbooks/{name}.ipynb"),
        **{case: Path("tests/plans") / name / case.name for case in cases},
        **{code: FOLDERS / name / code.name for code in sorted(TEMPLATE.glob("*.py"))},
    }


def _named(text: str, name: str) -> str:
    for old, new in ((TEMPLATE.name, name), (TEMPLATE.name.capitalize(), name.capitalize())):
        text = re.sub(rf"\b{old}\b", new, text)
    return text


def _entered(root: Path, name: str) -> dict[Path, str]:
    """The lists of the checkout, with the new runbook at their ends."""
    texts = {path: (root / path).read_text(encoding="utf-8") for path, _, _ in ENTRIES}
    for path, before, entry in ENTRIES:
        found = re.search(before, texts[path], re.M | re.S)
        if found is None:
            raise DefinitionError(f"{path}: the list of runbooks is not found any more ({before}). Nothing was changed")
        text = _read(TEMPLATE / entry) if (TEMPLATE / entry).is_file() else entry
        texts[path] = texts[path][: found.end()] + _named(text, name) + texts[path][found.end() :]
    return texts


def _write(root: Path, texts: Mapping[Path, str]) -> None:
    """All of them, or none."""
    before = {path: path.read_bytes() if path.exists() else None for path in (root / each for each in texts)}
    try:
        for path, text in texts.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    except BaseException as error:
        for path, kept in before.items():
            if kept is not None:
                path.write_bytes(kept)
                continue
            with suppress(OSError):  # it was not written yet, or its folder is not empty yet
                path.unlink(missing_ok=True)
                path.parent.rmdir()
        if isinstance(error, OSError):
            raise DefinitionError(
                f"{error.filename}: cannot be written ({error.strerror}). Nothing was changed"
            ) from None
        raise


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")

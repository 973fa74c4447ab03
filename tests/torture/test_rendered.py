"""Hostile words in a real browser: an executed notebook's page, the same in the handbook, and the sandbox's own page run
nothing and fetch nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
import warm
import yaml
from browsing import browser

from deskbook.handbook.build import build
from torture.hostile import SHAPES, WORD, plant
from torture.scenarios import seed
from torture.world import world

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
SHOWN = " ".join(shape for name, shape in SHAPES.items() if len(shape) < 300 and name not in ("null", "surrogate"))


def in_the_handbook(notebook: Path, folder: Path) -> Path:
    """The notebook as a page of a handbook, which executes it anew: its cells show the outputs that it has."""
    (folder / "book").mkdir(parents=True)
    for name in ("_static", "_extra"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/out\n", encoding="utf-8")
    ran = nbformat.read(notebook, as_version=4)
    for cell in ran.cells:
        shown = [output["data"] for output in cell.get("outputs", ()) if "data" in output]
        if cell.cell_type == "code":
            cell.metadata, cell.source = {}, "\n".join(f"display({dict(data)!r}, raw=True)" for data in shown)
    nbformat.write(ran, folder / "book" / "out.ipynb")
    built = build(folder, folder, quiet=True)
    page = folder / "_build" / "html" / "book" / "out.html"
    assert page.exists(), built.stdout
    return page


def test_no_page_runs_or_fetches_what_a_ticket_says(tmp_path: Path) -> None:
    here = world()
    here.back(seed())
    with here.store.transaction():
        plant(101)
        for table, column in (
            ("fd_tickets", "subject"),
            ("fd_tickets", "description"),
            ("fd_tickets", "description_text"),
            ("fd_contacts", "name"),
            ("fd_conversations", "body"),
            ("gh_issues", "title"),
            ("gh_issues", "body"),
        ):
            here.store.db.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (WORD, SHOWN))
    words = ("run", "triage", "ticket_id=101", "--apply", "--output", str(tmp_path / "out.ipynb"))
    ran = warm.deskbook(*words, folder=tmp_path, environment={"DESKBOOK_SANDBOX_URL": here.url})
    assert ran.returncode == 0, ran.stderr
    handbook = in_the_handbook(tmp_path / "out.ipynb", tmp_path / "handbook")
    asked: list[str] = []
    with browser() as chromium:
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
        for address in (
            f"file://{tmp_path / 'out.html'}",
            f"file://{handbook}",
            f"{here.url}/",
            f"{here.url}/#/tickets/101",
        ):
            page.goto(address)
            page.get_by_text("onerror").first.wait_for()  # what they wrote is there, as words
            assert page.title() != "hacked"
            assert page.locator("iframe, form[action*=evil]").count() == 0
    assert [url for url in asked if "evil" in url or url.startswith("dialog")] == []

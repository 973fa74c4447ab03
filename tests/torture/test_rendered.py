"""Hostile words in a real browser: the page of an executed notebook and the sandbox's own run nothing and fetch nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import warm
from browsing import browser

from torture.hostile import SHAPES, WORD, plant
from torture.scenarios import seed
from torture.world import world

pytestmark = pytest.mark.e2e
SHOWN = " ".join(shape for name, shape in SHAPES.items() if len(shape) < 300 and name not in ("null", "surrogate"))


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
    asked: list[str] = []
    with browser() as chromium:
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
        for address in (f"file://{tmp_path / 'out.html'}", f"{here.url}/", f"{here.url}/#/tickets/101"):
            page.goto(address)
            page.get_by_text("onerror").first.wait_for()  # what they wrote is there, as words
            assert page.title() != "hacked"
            assert page.locator("iframe, form[action*=evil]").count() == 0
    assert [url for url in asked if "evil" in url or url.startswith("dialog")] == []

"""The timebox, driven in a real JupyterLab by a real browser, through a killed kernel and a reload."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import pytest
from browsing import apply_button
from labs import PATIENCE, Jupyter, Lab
from playwright.sync_api import Locator, expect

from deskbook import notebooks

pytestmark = [pytest.mark.e2e, pytest.mark.long]
FOUND = ("The list has no choice above 8 GB.", "The nodes have room for 32 GB.")
# A cell for the test alone: the process to kill, and a look at the stopwatch every second.
OURS = {
    "cell_type": "code",
    "id": "ours",
    "metadata": {},
    "outputs": [],
    "execution_count": None,
    "source": "import os, pathlib\nfrom deskbook.runbooks.timebox import form as timebox_form; timebox_form.EVERY = 1\n_ = pathlib.Path('kernel.pid').write_text(str(os.getpid()))",
}


class Work(Lab):
    """Notebooks are opened by their own address, and run by the menu."""

    def open(self, name: str, kernel_again: bool = False) -> None:
        if not kernel_again:
            self.begin(f"/tree/{name}.ipynb")
            self.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=f"{name}.ipynb").wait_for()
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def button(self, says: str) -> Locator:
        return self.page.locator("button.jupyter-button:not([disabled])", has_text=says)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).last.wait_for()

    def minutes(self, ticket: int) -> float:
        return sum(entry["time_spent_in_seconds"] for entry in self.get(f"/api/v2/tickets/{ticket}/time_entries")) / 60

    def on_ticket(self, number: int, words: str) -> None:
        """Wait until these words stand on the ticket."""
        for _ in range(PATIENCE // 100):
            if words in json.dumps(self.get(f"/api/v2/tickets/{number}/conversations")):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"ticket {number} says nothing of '{words}'")

    def mails(self) -> list[Any]:
        return [mail for mail in self.state("outbox") if mail["kind"] != "survey"]

    def issues(self) -> list[int]:
        return [issue["number"] for issue in self.get("/sandbox/state")["issues"]]


@pytest.fixture(scope="module")
def work(jupyter: Jupyter) -> Work:
    root = jupyter.folder / "runs"
    notebook = json.loads(notebooks.copy("timebox"))
    joins = next(i for i, cell in enumerate(notebook["cells"]) if "connect()" in "".join(cell["source"]))
    notebook["cells"].insert(joins + 1, OURS)
    (root / "timebox.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page = jupyter.chromium.new_page(viewport={"width": 1400, "height": 2600})
    made = Work(jupyter.address, jupyter.sandbox.url, jupyter.folder, page)
    page.on("console", lambda said: made.wrong.append(said.text) if said.type == "error" else None)
    return made


def test_a_timebox_outlives_its_kernel_counts_no_pause_and_ends_in_one_issue(work: Work) -> None:
    page = work.page
    work.open("timebox")
    work.button("Start").click()
    work.button("Pause").wait_for()
    ticks = page.locator(".widget-checkbox input")
    ticks.nth(0).check()
    ticks.nth(1).check()
    findings = work.field("Findings", "textarea")
    findings.fill("\n".join(FOUND))
    findings.blur()
    work.sees("Nothing written yet")
    work.on_ticket(102, FOUND[1])
    work.tell("clock", {"advance": 12 * 60})
    work.sees("12:00 of 30:00 used; the stopwatch runs")
    assert work.minutes(102) == 12
    work.picture("timebox-works")

    kernel = work.folder / "runs" / "kernel.pid"
    os.kill(int(kernel.read_text()), signal.SIGKILL)
    kernel.unlink()
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()  # "appears to have died. It will restart"
    work.wrong.clear()  # a browser reports the lost kernel, rightly
    work.open("timebox", kernel_again=True)
    for _ in range(PATIENCE // 100):
        if kernel.exists():
            break
        page.wait_for_timeout(100)
    # The old form still stands in the page until its cell has run; after that only the new one is there.
    expect(page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0, timeout=PATIENCE)
    work.sees("12:00 of 30:00 used; the stopwatch runs")
    assert work.minutes(102) == 12
    assert [ticks.nth(n).is_checked() for n in range(ticks.count())] == [True, True, False]
    assert work.field("Findings", "textarea").input_value() == "\n".join(FOUND)

    work.button("Pause").click()
    work.button("Start").wait_for()
    work.tell("clock", {"advance": 10 * 60})
    work.button("Start").click()
    work.sees("12:00 of 30:00 used; the stopwatch runs")
    work.tell("clock", {"advance": 8 * 60})
    work.sees("20 minutes are used: solve it soon, or let an issue track it.")
    work.picture("timebox-nudges")
    work.tell("clock", {"advance": 10 * 60})
    work.sees("30:00 of 30:00 used; the stopwatch stands still")
    assert work.minutes(102) == 30
    work.sees("Open an issue: Feature Request")
    expect(work.field("Outcome", "select").locator("option:checked")).to_have_text("unsolved (advised)")
    assert (work.mails(), len(work.issues())) == ([], len(before := work.issues()))
    work.picture("timebox-over")

    work.saved("timebox.ipynb", holding="Open an issue: Feature Request")
    page.reload()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    impact = work.field("Impact", "select")
    impact.select_option(label="High")
    work.sees("Open an issue: Feature Request, impact High")  # the plan is redrawn in a page loaded anew, too
    apply_button(work.page).click()
    work.sees("Receipt: timebox, ticket 102")
    work.sees("Applied: see the receipt.")
    work.picture("timebox-applied")
    assert len(work.issues()) == len(before) + 1
    assert work.get("/api/v2/tickets/102")["status"] == 3
    assert [mail["ticket_id"] for mail in work.mails()] == [102]
    assert work.minutes(102) == 30
    assert work.wrong == []

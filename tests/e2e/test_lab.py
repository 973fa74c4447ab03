"""The triage form, driven in a real JupyterLab by a real browser."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from browsing import TOKEN, browser, jupyterlab

from deskbook.engine.plan import MIME
from deskbook_sandbox.server import Running

pytestmark = [pytest.mark.e2e, pytest.mark.long]
RUNBOOKS = Path(__file__).parents[2] / "runbooks"
PATIENCE = 60_000  # milliseconds; two cores may be busy with other tests


def outbox(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/sandbox/outbox") as answer:
        return list(json.load(answer))


def test_an_agent_changes_the_form_sees_the_plan_redrawn_and_applies_it(running: Running, tmp_path: Path) -> None:
    root = tmp_path / "runbooks"
    root.mkdir()
    shutil.copy(RUNBOOKS / "triage.ipynb", root)
    pictures = os.environ.get("PICTURES")
    with browser() as chromium, jupyterlab(tmp_path, root, running.url) as lab:
        page = chromium.new_page(viewport={"width": 1400, "height": 1600})
        page.goto(f"{lab}/lab/tree/triage.ipynb?token={TOKEN}")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=PATIENCE)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        agent = page.locator(".widget-dropdown", has_text="Agent").locator("select")
        agent.wait_for(timeout=PATIENCE)
        page.get_by_text("Nothing written yet").first.wait_for(timeout=PATIENCE)
        plan = page.locator(".deskbook", has_text="Plan of triage").last
        assert "Assign Jonas Weber" not in plan.inner_text()
        jonas = agent.locator("option", has_text="Jonas Weber").get_attribute("value")
        agent.select_option(value=jonas)
        page.locator(".deskbook", has_text="Assign Jonas Weber").first.wait_for(timeout=PATIENCE)
        assert outbox(running.url) == []
        if pictures:
            page.screenshot(path=f"{pictures}/lab-form.png")
        page.get_by_role("button", name="Apply this plan").click()
        page.get_by_text("Receipt: triage, ticket 101").first.wait_for(timeout=PATIENCE)
        if pictures:
            page.screenshot(path=f"{pictures}/lab-applied.png")
        mails = outbox(running.url)
        assert len(mails) == 1
        assert "Jonas Weber has it" in mails[0]["body"]
        page.keyboard.press("Control+s")
        page.wait_for_timeout(2000)
        saved = json.loads((root / "triage.ipynb").read_text(encoding="utf-8"))
    receipts = [o["data"][MIME] for c in saved["cells"] for o in c.get("outputs", []) if MIME in o.get("data", {})]
    assert [receipt["applied"] for receipt in receipts] == [True]
    assert {line["state"] for line in receipts[0]["actions"]} <= {"done", "already done"}

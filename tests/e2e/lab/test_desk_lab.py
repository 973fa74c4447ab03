"""Forms and the desk in a real JupyterLab and a real browser, as `deskbook lab` starts it; by keyboard, too."""

from __future__ import annotations

import re

import pytest
from browsing import TOKEN, apply_button, digest_in
from labs import Jupyter, Lab
from playwright.sync_api import expect

from deskbook.engine import MIME

pytestmark = [pytest.mark.e2e, pytest.mark.long]


def test_from_the_desk_a_ticket_is_opened_triaged_by_keyboard_and_carried_on(lab: Lab) -> None:
    """One begins at the desk without pressing anything; the executed notebook is the ticket's record."""
    page = lab.page
    page.goto(f"{lab.address}/?token={TOKEN}")
    lab.row(102).wait_for()
    assert page.get_by_text("Jupyter news").count() == 0
    lab.picture("desk")
    lab.row(102).press("Enter")
    lab.apply.wait_for()
    expect(page.locator(".lm-TabBar-tab.lm-mod-current", has_text="triage.ipynb")).to_be_visible()
    cells = lab.here.locator(".jp-Cell").count()

    agent = lab.field("Agent")
    agent.focus()
    page.keyboard.press("ArrowDown")
    expect(agent).to_be_focused()  # the arrow is the list's, not the notebook's
    said = lab.here.get_by_text(re.compile("Assign .*: you chose")).first.inner_text()
    chosen = said.partition("Assign ")[2].partition(":")[0]
    expect(lab.apply).to_contain_text("Apply this plan: send 1 mail")
    lab.apply.focus()
    for key in ("m", "d", "d", "a"):
        page.keyboard.press(key)
    assert lab.here.locator(".jp-Cell").count() == cells
    before = digest_in(lab.here).inner_text()
    letter = lab.here.locator(".deskbook-letter textarea")
    letter.fill(f"Dear Bea, {chosen} looks at it today.")
    letter.blur()
    expect(digest_in(lab.here)).not_to_have_text(before)
    lab.picture("triage-form")
    mails = len(lab.state("outbox"))
    apply_button(lab.here).press("Enter")
    receipt = lab.here.locator(".deskbook-drawn", has_text="Receipt: triage, ticket 102")
    receipt.wait_for()
    expect(receipt).to_be_focused()
    expect(receipt).to_be_in_viewport()
    expect(lab.apply).to_have_text("Applied")
    expect(lab.apply).to_be_disabled()
    assert lab.here.locator(".deskbook-live").first.get_attribute("aria-live") == "polite"
    lab.picture("triage-applied")
    assert ["looks at it today." in mail["body"] for mail in lab.state("outbox")[mails:]] == [True]
    cells_of = lab.saved("tickets/102/triage.ipynb", holding="Receipt: triage")["cells"]
    receipts = [o["data"][MIME] for c in cells_of for o in c.get("outputs", []) if MIME in o.get("data", {})]
    assert [receipt["applied"] for receipt in receipts] == [True]

    page.keyboard.press("Tab")
    onward = lab.here.locator(".deskbook-onward")
    expect(onward).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".lm-TabBar-tab.lm-mod-current", has_text="timebox.ipynb")).to_be_visible()
    lab.apply.wait_for()
    assert (lab.folder / "runs/tickets/102/timebox.ipynb").is_file()
    lab.picture("timebox-form")
    assert lab.wrong == []


def test_from_the_launcher_a_ticket_is_triaged_in_few_keys_or_few_clicks_and_the_desk_is_read_again(lab: Lab) -> None:
    """The budget: 5 clicks and 10 keys, another agent chosen, and no scrolling over one screen; by keyboard alone as well."""
    page = lab.page
    lab.begin()
    page.locator(".jp-LauncherCard").first.wait_for()
    page.locator(".jp-Launcher").focus()  # where one begins
    lab.press("Tab", "Enter")  # the desk is the first card
    lab.at_the_form()
    lab.press("Enter")  # the first ticket is what the desk says to do first
    lab.apply.wait_for()
    begun = lab.at_the_form()
    lab.press("Tab", "Tab", "Tab")
    expect(lab.field("Agent")).to_be_focused()
    lab.press("ArrowDown")
    expect(lab.here.get_by_text(re.compile("Assign .*: you chose")).first).to_be_visible()
    lab.press("Control+Enter")
    expect(apply_button(lab.here)).to_be_focused()
    assert lab.scrolled() - begun <= 1
    lab.press("Enter")
    lab.here.locator(".deskbook-drawn", has_text="Receipt: triage").wait_for()
    assert lab.keys <= 10
    assert lab.clicks == 0

    page.keyboard.press("Control+Shift+l")
    lab.click(page.locator(".jp-LauncherCard", has_text="Desk"))  # it is open, so it is shown, and read again
    lab.click(lab.row(117))
    lab.field("Incident?").wait_for()
    begun = lab.at_the_form()
    lab.apply.scroll_into_view_if_needed()
    assert lab.scrolled() - begun <= 1
    lab.click(lab.apply)
    lab.here.locator(".deskbook-drawn", has_text="Receipt: triage, ticket 117").wait_for()
    assert lab.clicks <= 5
    page.locator(".lm-TabBar-tab", has_text="00 Desk.ipynb").click()
    expect(lab.row(117)).to_have_count(0)
    assert lab.wrong == []


def test_a_refusal_says_who_wrote_and_a_lost_kernel_leaves_nothing_to_press(lab: Lab) -> None:
    page = lab.page
    lab.begin()
    page.locator(".jp-LauncherCard", has_text="Triage").first.click()
    lab.field("Ticket").wait_for()
    lab.field("Ticket").fill("116")
    lab.field("Ticket").press("Enter")
    lab.here.get_by_text("Plan of triage for ticket 116").first.wait_for()
    lab.answer(116, "It is the other hub.")
    lab.apply.click()
    refused = lab.here.locator(".deskbook-drawn", has_text="Not done: ")
    refused.wait_for()
    expect(refused).to_contain_text("wrote on")
    lab.picture("refused")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    lab.here.locator(".deskbook-lost").first.wait_for()
    expect(lab.apply).to_be_disabled()
    expect(lab.field("Impact")).to_be_disabled()
    lab.picture("lost-kernel")


def test_in_a_narrow_window_the_list_of_files_leaves_its_room_to_what_is_open(jupyter: Jupyter) -> None:
    narrow = jupyter.lab(width=390)
    narrow.begin()
    narrow.page.locator(".jp-LauncherCard").first.wait_for()
    expect(narrow.page.locator("#filebrowser")).to_be_hidden()
    narrow.page.close()

"""Every runbook in a real JupyterLab: opened, filled in and applied by keyboard alone, its form without a fault of axe-core
and nothing of it cut off on a telephone.

One ticket, its asker and an issue carry the hostile corpus: every form and table shows them in passing, and nothing of
theirs is executed or fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from browsing import apply_button, digest_in
from labs import Canary, Jupyter, Lab, cut_off, faults
from playwright.sync_api import Page, expect
from torture.hostile import SHAPES

from deskbook.runbooks.catalog import NAMES, RUNBOOKS

pytestmark = [pytest.mark.e2e, pytest.mark.long]
HOSTILE = 124  # a ticket that no road below is about
SHOWN = [shape for name, shape in SHAPES.items() if len(shape) < 300 and name not in ("null", "surrogate")]
Seen = Callable[[Lab], object]


@dataclass(frozen=True)
class Road:
    """What is written into which field, words of the plan that tell all of it was taken, and what stands where afterwards.

    `seen` asks the sandbox; `page` is a place on its page for people, with words that then stand there.
    """

    fill: Sequence[tuple[str, str]]
    plan: str
    seen: Seen
    page: tuple[str, str]


def mailed(ticket: int, words: str) -> Seen:
    return lambda lab: [m for m in lab.state("outbox") if m["ticket_id"] == ticket and words in m["body"]]


def state(kind: str, words: str) -> Seen:
    return lambda lab: [each for each in lab.get("/sandbox/state")[kind] if words in json.dumps(each)]


def anything(lab: Lab) -> bool:
    return True


# Those without a form are filled in where their parameters stand.
ROADS = {
    "triage": Road([("Agent", "Jonas")], "Assign Jonas", mailed(101, "Jonas"), ("tickets/101", "Jonas Weber")),
    "timebox": Road(
        [("Findings", "Nothing above 8 GB"), ("Minutes", "25"), ("Outcome", "unsolved"), ("Wanted", "32 GB")],
        "32 GB",
        state("issues", "Nothing above 8 GB"),
        ("tickets/102", "Nothing above 8 GB"),
    ),
    "escalate": Road(
        [("Ticket", "103"), ("Agent", "Noor"), ("Capacity?", "yes")],
        "Noor",
        state("chat", "103"),
        ("chat", "103"),
    ),
    "resolve": Road(
        [("Ticket", "110"), ("Outcome", "fixed"), ("Message", "The guide is linked.")],
        "Set to Resolved",
        mailed(110, "The guide is linked."),
        ("tickets/110", "The guide is linked."),
    ),
    "workshop": Road([("Attendees", "40-50")], "40-50", state("issues", "40-50"), ("tickets/122", "[EVENT]")),
    "incident": Road(
        [("Message", "The start page answers 503.")],
        "",
        state("chat", "Incident of ember"),
        ("chat", "Incident of ember"),
    ),
    "prioritize": Road([("Give", "1 Mei")], "Mei Tanaka", state("issues", "mei-tanaka"), ("issues/1", "mei-tanaka")),
    "onboard": Road(
        [("Community", "Glacier"), ("Represented by", "Gro Isaksen <gro@glacier.example.org>")],
        "Gro Isaksen",
        lambda lab: lab.get("/api/v2/contacts?email=gro@glacier.example.org"),
        ("communities", "Glacier"),
    ),
    "report": Road([("start", "'2026-11-01'"), ("end", "'2026-11-22'")], "", anything, ("tickets", "Workshop")),
    "sweep": Road([("apply", "True")], "", state("chat", "cannot wait"), ("chat", "cannot wait")),
    "queue": Road([], "Do it", anything, ("tickets", "Workshop")),
}


@pytest.fixture(scope="module")
def page_of_the_sandbox(jupyter: Jupyter) -> Page:
    return jupyter.chromium.new_page()


@pytest.fixture(scope="module")
def canary(jupyter: Jupyter) -> Canary:
    """Hostile words wherever somebody outside may write; on one line where there is one, and in both orders, since one
    that is never closed would hide what comes after it."""
    text, line = "\n".join(SHOWN), " ".join(" ".join(reversed(SHOWN)).split())
    store = jupyter.sandbox.store
    with store.transaction():
        store.db.execute(
            "UPDATE fd_tickets SET subject = ?, description = ?, description_text = ? WHERE id = ?",
            (line, text, text, HOSTILE),
        )
        asker = "(SELECT requester_id FROM fd_tickets WHERE id = ?)"
        store.db.execute(f"UPDATE fd_contacts SET name = ? WHERE id = {asker}", (line, HOSTILE))
        store.db.execute("UPDATE gh_issues SET title = title || ?, body = body || ? WHERE number = 2", (line, text))
    return Canary()


@pytest.fixture(scope="module")
def lab(jupyter: Jupyter, canary: Canary) -> Iterator[Lab]:
    """One page for all of them, as for somebody at work; no road goes back to the launcher by mouse."""
    made = jupyter.lab()
    canary.watch(made.page)
    made.begin()
    made.page.locator(".jp-LauncherCard").first.wait_for()
    yield made
    made.page.close()


def test_every_runbook_has_its_road() -> None:
    assert set(ROADS) == set(NAMES)


@pytest.mark.parametrize("name", ROADS)
def test_a_runbook_is_filled_in_and_applied_by_keyboard_alone(
    name: str, lab: Lab, page_of_the_sandbox: Page, canary: Canary
) -> None:
    road = ROADS[name]
    lab.open_card(name.capitalize())
    APPLIED.get(name, by_form)(lab, name, road)
    assert road.seen(lab)
    page_of_the_sandbox.goto(f"{lab.sandbox}/#/{road.page[0]}")
    expect(page_of_the_sandbox.get_by_text(road.page[1]).first).to_be_visible()
    lab.picture(f"{name}-{lab.theme}")
    assert faults(lab) == []
    lab.turn_theme()
    if RUNBOOKS[name].of_ticket:
        lab.field("Ticket").fill(str(HOSTILE))
        lab.field("Ticket").press("Enter")
        lab.here.get_by_text(f"Plan of {name} for ticket {HOSTILE}").first.wait_for()
        lab.here.get_by_text("onerror").first.wait_for()  # what they wrote is there, as words
    assert faults(lab) == []
    assert cut_off(lab) == []
    assert canary.sung(lab.page) == []
    assert lab.wrong == []


def by_form(lab: Lab, name: str, road: Road) -> None:
    lab.apply.wait_for()
    for label, words in road.fill:
        before = digest_in(lab.here).inner_text()
        lab.fill(label, words)
    lab.press("Control+Enter")
    expect(digest_in(lab.here)).not_to_have_text(before)
    expect(lab.here.locator(".deskbook-drawn", has_text="Plan of ")).to_contain_text(road.plan)
    expect(apply_button(lab.here)).to_be_focused()
    lab.press("Enter")
    expect(lab.here.locator(".deskbook-drawn", has_text=f"Receipt: {name}")).to_be_focused()


def by_parameters(lab: Lab, name: str, road: Road) -> None:
    """Up into the cell of parameters, and from there through the notebook."""
    lab.here.get_by_text(f"Nothing written yet: {name}").wait_for()
    cells = lab.here.locator(".jp-Cell")
    texts = cells.all_inner_texts()
    declared = next(n for n, text in enumerate(texts) if f"{RUNBOOKS[name].parameters[0].name}: " in text)
    for _ in range(200):  # an arrow scrolls through a cell that is higher than the window
        at = cells.evaluate_all("all => all.findIndex(each => each.matches('.jp-mod-active'))")
        if at == declared:
            break
        lab.press("ArrowUp" if at > declared else "ArrowDown")
        lab.page.wait_for_timeout(20)
    lab.press("Enter")
    expect(cells.nth(declared).locator(".cm-content")).to_be_focused()
    lab.press("Control+End")
    for parameter, value in road.fill:
        lab.page.keyboard.type(f"\n{parameter} = {value}")
    lab.press(*["Shift+Enter"] * (len(texts) - declared), "Escape")
    done = "Receipt: sweep" if name == "sweep" else "Report: 01 November 2026 to 22 November 2026"
    lab.here.get_by_text(done).first.wait_for()


def by_queue(lab: Lab, name: str, road: Road) -> None:
    """What the sweep proposed is agreed to."""
    lab.tab_to(lab.here.get_by_role("button", name=road.plan).first, most=200)
    lab.press("Enter")
    lab.here.locator(".deskbook-desk").get_by_text("Receipt: ").first.wait_for()


APPLIED = {"report": by_parameters, "sweep": by_parameters, "queue": by_queue}

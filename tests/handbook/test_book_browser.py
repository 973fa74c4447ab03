"""The built handbook in a browser: light and dark, wide and narrow, without JavaScript, and on paper."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import axe_playwright_python
import pytest
from browsing import browser
from built import Page
from playwright.sync_api import Browser

pytestmark = [pytest.mark.e2e, pytest.mark.long]


AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

# Words of a table that stand on more than one line, and outputs that show a frame around nothing.
BROKEN = """[...document.querySelectorAll(".cell_output td")].map(cell => cell.firstChild).filter(node => node?.nodeType === 3)
    .flatMap(node => [...node.data.matchAll(/(?<!\\S)[A-Za-z]{2,12}(?!\\S)/g)].filter(word => {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        return range.getClientRects().length > 1;
    }).map(word => word[0])).slice(0, 3)"""

# Elements with text of a colour on a ground, in a size, that no page before had: what axe-core judges contrast by.
SHADES = """known => {
    const fresh = [], clear = /^rgba?\\(.*, 0\\)$|^transparent$/;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, style = getComputedStyle(element);
        if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
        let ground = element;
        while (ground.parentElement && clear.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
        const shade = [style.color, style.fontSize, style.fontWeight, getComputedStyle(ground).backgroundColor].join();
        if (!known.includes(shade)) { known.push(shade); fresh.push(element); }
    }
    globalThis.fresh = fresh;
    return known;
}"""

FAULTS = """async only => {
    const options = only ? {runOnly: [only]} : {rules: {"color-contrast": {enabled: false}}};
    const found = await axe.run(only ? globalThis.fresh : document, {resultTypes: ["violations"], preload: false, ...options});
    return found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`));
}"""

EMPTY = """[...document.querySelectorAll(".cell_output .output")].filter(
    output => output.offsetHeight && !output.innerText.trim() && !output.querySelector("img, svg")).length"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.mark.parametrize(("theme", "widths"), [("light", (1400, 390)), ("dark", (390, 1400))])
def test_a_browser_shows_every_page_without_a_word_of_complaint(
    address: str, chromium: Browser, pages: dict[str, Page], theme: str, widths: tuple[int, int]
) -> None:
    """Each page is fetched in the first width, and looked at again in the second."""
    said: list[str] = []
    shades: list[str] = []
    page = chromium.new_context(color_scheme=theme).new_page()  # type: ignore[arg-type]
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else said.append(f"asked {r.url}"))
    for name, width in itertools.product(sorted(set(pages) - {"index.html"}), widths):  # that one goes on at once
        page.set_viewport_size({"width": width, "height": 900})
        if width == widths[0]:
            page.goto(address + name)
            page.evaluate(AXE)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            said.append(f"{name} is wider than {width}")
        if page.evaluate("document.documentElement.dataset.theme") != theme:
            said.append(f"{name} is not {theme}")
        said += [f"{name} breaks the word '{word}' of a table" for word in page.evaluate(BROKEN)]
        said += [f"{name} shows an empty output"] * page.evaluate(EMPTY)
        known, before = page.evaluate(SHADES, shades), len(shades)
        if len(known) > before:
            said += [f"{name}, {width} wide: {fault}" for fault in page.evaluate(FAULTS, "color-contrast")]
        if width == widths[0]:
            said += [f"{name}, {width} wide: {fault}" for fault in page.evaluate(FAULTS, "")]
        shades = known
    page.close()
    assert not said


def test_the_pages_can_be_read_without_javascript(address: str, chromium: Browser) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(address + "book/process/triage.html")
    assert page.get_by_role("link", name="Assign an agent").first.is_visible()
    assert page.get_by_text("Receipt: triage, ticket 101").is_visible()
    assert page.locator("svg.flow a").first.is_visible()
    page.close()


@pytest.mark.parametrize(
    "message", ["503 Service Unavailable", "Error 403", "503", "403 : Forbidden", "No space left on device"]
)
def test_a_pasted_message_is_found_on_the_page_of_known_errors(address: str, chromium: Browser, message: str) -> None:
    page = chromium.new_page()
    page.goto(f"{address}search.html?q={quote(message)}")
    first = page.locator("ul.search > li > a").first
    first.wait_for()
    assert (first.get_attribute("href") or "").startswith("book/reference/known.html")
    page.close()


def test_the_checklist_is_printed_on_one_page(address: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{address}book/learn/checklist.html")
    printed = page.pdf(format="A4")
    assert re.findall(rb"/Count (\d+)", printed) == [b"1"]
    page.close()


@pytest.mark.parametrize(("width", "shown"), [(1280, ".road-wide"), (390, ".road-narrow")])
def test_one_drawing_of_the_road_is_seen_at_a_time(address: str, chromium: Browser, width: int, shown: str) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}book/index.html")
    visible = [each for each in (".road-wide", ".road-narrow") if page.locator(each).is_visible()]
    assert visible == [shown]
    page.close()

"""One page of a browser in one JupyterLab, joined to one sandbox: what tests do and see there."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from browsing import TOKEN
from playwright.sync_api import Browser, Locator, Page, expect
from torture.world import World

PATIENCE = 60_000  # milliseconds; two cores may be busy with other tests
expect.set_options(PATIENCE)
KEY = {"Authorization": "Basic c2FuZGJveDpY"}  # sandbox:X
# Pictures are kept here for people who look at the forms; git ignores it.
PICTURES = Path(__file__).parents[2] / "_build" / "e2e"


class Lab:
    """`folder` is where JupyterLab was started: its notebooks are in `runs`."""

    def __init__(self, address: str, sandbox: str, folder: Path, page: Page) -> None:
        self.address, self.sandbox, self.folder, self.page = address, sandbox, folder, page
        self.theme = "light"
        self.keys = self.clicks = 0
        self.wrong: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def begin(self, path: str = "") -> None:
        self.page.goto(f"{self.address}/lab{path}?token={TOKEN}&reset")

    @property
    def here(self) -> Locator:
        """The notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    @property
    def apply(self) -> Locator:
        return self.here.locator(".deskbook-apply")

    def field(self, label: str, kind: str = "select, input, textarea") -> Locator:
        row = self.here.locator(".widget-inline-hbox").filter(has=self.page.locator("label", has_text=label))
        return row.locator(kind).first

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, thing: Locator) -> None:
        self.clicks += 1
        thing.click()

    def scrolled(self) -> float:
        """How far the notebook in front is scrolled, in screens."""
        return float(self.here.locator(".jp-WindowedPanel-outer").evaluate("it => it.scrollTop / it.clientHeight"))

    def at_the_form(self) -> float:
        """Once a form was opened and has the focus: how far it is scrolled to."""
        expect(self.here.locator(".deskbook-decide:focus, .deskbook-row button:focus")).to_be_visible()
        return self.scrolled()

    def tab_to(self, thing: Locator, most: int = 40) -> None:
        """Go on with Tab until this has the focus."""
        for _ in range(most):
            if thing.evaluate("it => it === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{thing} cannot be reached with Tab")

    def open_card(self, title: str) -> None:
        """A notebook, from a launcher of its own, by keyboard; it is run."""
        self.press("Control+Shift+l")
        launcher = self.page.locator(".jp-MainAreaWidget:not(.lm-mod-hidden) > .jp-Launcher")
        launcher.focus()  # where one begins
        self.tab_to(launcher.locator(".jp-LauncherCard", has_text=title).first)
        self.press("Enter")
        self.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=f"{title}.ipynb").wait_for()

    def fill(self, label: str, words: str) -> None:
        """By keyboard: in a list the choice that begins with these words."""
        field = self.field(label)
        self.tab_to(field)
        self.page.keyboard.type(words)
        if field.evaluate("it => it.tagName === 'SELECT'"):
            expect(field.locator("option:checked")).to_have_text(re.compile(f"^{re.escape(words)}"))
        elif not field.evaluate("it => it.tagName === 'TEXTAREA'"):
            self.press("Enter")
        if label == "Ticket":
            self.here.get_by_text(re.compile(f"^Plan of .* for ticket {words}")).first.wait_for()

    def row(self, ticket: int) -> Locator:
        return self.here.get_by_role("button", name=f"Open {ticket}", exact=True)

    def turn_theme(self) -> None:
        """From light to dark, or back."""
        self.theme = "dark" if self.theme == "light" else "light"
        self.page.emulate_media(color_scheme=self.theme)
        self.page.locator(f"body[data-jp-theme-name='JupyterLab {self.theme.capitalize()}']").wait_for(state="attached")

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    def get(self, path: str) -> Any:
        """What the sandbox answers."""
        with urllib.request.urlopen(urllib.request.Request(self.sandbox + path, headers=KEY)) as answer:
            return json.load(answer)

    def state(self, what: str) -> list[Any]:
        return list(self.get(f"/sandbox/{what}"))

    def tell(self, path: str, said: object) -> None:
        """Give the sandbox an order."""
        kind = {"Content-Type": "application/json"}
        body = json.dumps(said).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.sandbox}/sandbox/{path}", body, kind)).close()

    def answer(self, ticket: int, words: str) -> None:
        """Write on the ticket as its requester."""
        mail = self.get(f"/api/v2/tickets/{ticket}?include=requester")["requester"]["email"]
        self.tell("incoming", {"ticket_id": ticket, "from": mail, "subject": "", "body": words})

    def saved(self, path: str, holding: str) -> Any:
        """The notebook as it stands in its file, once it has been saved with these words in it."""
        for turn in range(PATIENCE // 100):
            if turn % 10 == 0:  # the cell's output is drawn a moment after the form
                self.page.keyboard.press("Control+s")
            text = (self.folder / "runs" / path).read_text(encoding="utf-8")
            if holding in text:
                return json.loads(text)
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{path} was not saved with '{holding}'")


def faults(lab: Lab) -> list[str]:
    """What axe-core finds in all that the notebook in front shows."""
    shown = {"include": [[".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea"]]}
    found = Axe().run(lab.page, shown, {"resultTypes": ["violations"]}).response
    assert found["passes"]  # something was looked at
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


SMALL = 310  # pixels that JupyterLab leaves to a notebook on a telephone
CUT_OFF = """notebook => {
    const edge = notebook.getBoundingClientRect().right + 1;
    const scrolled = (each) => {
        for (let at = each.parentElement; !at.matches(".deskbook-form"); at = at.parentElement)
            if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.getBoundingClientRect().right <= edge) return true;
    };
    return [...notebook.querySelectorAll(".deskbook-form *")]
        .filter((each) => each.getClientRects().length && each.getBoundingClientRect().right > edge && !scrolled(each))
        .map((each) => each.outerHTML.slice(0, 200));
}"""


def cut_off(lab: Lab) -> list[str]:
    """What of the forms in front stands beyond the notebook's right edge on a small screen; tables may be scrolled."""
    size, notebook = lab.page.viewport_size, lab.here.element_handle()
    assert size
    beside = size["width"] - int(notebook.evaluate("it => it.clientWidth"))
    lab.page.set_viewport_size({**size, "width": SMALL + beside})
    lab.page.wait_for_function(f"it => it.clientWidth === {SMALL}", arg=notebook)
    found = list(notebook.evaluate(CUT_OFF))
    lab.page.set_viewport_size(size)
    return found


HEARS = """{
    const title = Object.getOwnPropertyDescriptor(Document.prototype, "title");
    window.sung = [];
    Object.defineProperty(document, "title", {
        get: () => title.get.call(document),
        set: (words) => { if (words === "hacked") window.sung.push("a script ran"); title.set.call(document, words); },
    });
}"""
ACTIVE = """[...document.querySelectorAll(`.jp-OutputArea :is(script, iframe, object, embed, form, base, meta, [onerror],
    [onload], [href*="evil"], [src*="evil"], [action*="evil"], [href^="javascript:"])`)].map((each) => each.outerHTML.slice(0, 200))"""


class Canary:
    """Tells of hostile words that were acted on: a script that ran, an address that was asked, an element of theirs."""

    def __init__(self) -> None:
        self._asked: list[str] = []

    def watch(self, page: Page) -> None:
        page.add_init_script(HEARS)
        page.on("request", lambda request: self._asked.append(request.url) if "evil" in request.url else None)
        page.on("dialog", lambda dialog: self._asked.append(f"dialog {dialog.message}"))

    def sung(self, page: Page) -> list[str]:
        return [*self._asked, *page.evaluate("window.sung"), *page.evaluate(ACTIVE)]


@dataclass(frozen=True)
class Jupyter:
    address: str
    sandbox: World
    folder: Path
    chromium: Browser

    def lab(self, width: int = 1400, height: int = 1000) -> Lab:
        """A page of its own, with nothing open in it."""
        page = self.chromium.new_page(viewport={"width": width, "height": height})
        return Lab(self.address, self.sandbox.url, self.folder, page)

"""Takes the pictures of handbook and README from a sandbox, a JupyterLab and the built pages: `make pictures`.

So they show what people see. Of the handbook it takes what `make book` built; a test hands it pages of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deskbook.assembly import connect
from deskbook.config.organization import load_organization
from deskbook.config.settings import Settings
from deskbook.runbooks.onboard import plan as onboard
from deskbook.runbooks.onboard.decision import decide
from deskbook.runbooks.onboard.facts import read
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.triage.decision import decide as decide_triage
from deskbook_sandbox.server import Running, start

FOLDER = Path(__file__).parent / "_static" / "pictures"
BUILT = Path(__file__).parents[1] / "_build" / "html"
FRONT, TICKET = "book/index.html", 102  # what the README shows: the first page, and this ticket's triage
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-lcd-text",
]  # fmt: skip
WIDTH = 1100
PATIENCE = 60_000  # milliseconds, for whatever else the machine does
THEMES = ("light", "dark")
# Left out: the way back, the forms for writing, and panels that say what the conversation says already.
STYLE = """
.back, section:has(> #talk-title), section:has(> #set-title), section:has(> #panel-Activity),
section:has(> #panel-Outgoingmail) { display: none !important; }
.ticket { padding: 1.25rem; background: var(--paper); width: 1100px; }
.messages, aside .card:last-of-type { margin-bottom: 0; }
main { padding: 0; max-width: none; }
"""
ASKED = STYLE + ".message.note { display: none; }"
ROAD = STYLE + "aside { display: none; } .columns { grid-template-columns: minmax(0, 1fr); }"
PICTURES = {"representatives": ("tickets/105", ASKED), "road": ("tickets/101", ROAD)}
GLACIER = {
    "community": "Glacier Mapping Collective",
    "domains": "glacier.example.org",
    "representatives": "Gro Isaksen <gro@glacier.example.org>; Ivo Lund <ivo@glacier.example.org>; "
    "Bea Laurent <bea@borealis.example.org>",
    "description": "Maps retreating glaciers from satellite scenes.",
}
ANSWER = (
    "Hello Priya,\n\nit is the default image, version 2026.11. "
    "I have seen it in two more notebooks since; the older ones still run.\n\nThanks, Ada"
)


def carry_on(sandbox: Running) -> None:
    """A community is onboarded, and both tickets are triaged; to one of them, its requester answers our mail."""
    desk = connect(Settings(sandbox_url=sandbox.url))
    onboard.plan(read(desk, decide(**GLACIER))).run(desk, apply=True)
    for ticket in (101, 105):
        case = desk.case(ticket)
        triage.plan(case, decide_triage(case)).run(desk, apply=True)
    ask(sandbox, "/sandbox/clock", {"advance": 40 * 60})
    mail = {"from": "Ada Lindgren <ada@aurora.example.org>", "ticket_id": 101, "body": ANSWER}
    ask(sandbox, "/sandbox/incoming", {**mail, "subject": "Re: xarray no longer imports on our hub"})
    ask(sandbox, "/sandbox/clock", {"advance": 10 * 60})


def ask(sandbox: Running, path: str, body: object) -> None:
    request = urllib.request.Request(
        sandbox.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30):
        pass


def take(chromium: Browser, address: str, theme: str, style: str, target: Path) -> None:
    page = chromium.new_page(
        viewport={"width": WIDTH, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # the page takes no style but its own
    )
    page.goto(address)
    page.locator(".messages li, .members li").first.wait_for()
    page.locator(".ticket").screenshot(path=target, animations="disabled", style=style)
    page.close()


def seen(chromium: Browser, theme: str, width: int = WIDTH) -> Page:
    return chromium.new_page(
        viewport={"width": width, "height": 760},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )


def take_front(chromium: Browser, built: Path, theme: str, target: Path) -> None:
    page = seen(chromium, theme)
    page.goto((built / FRONT).as_uri())
    page.screenshot(path=target, animations="disabled")
    page.close()


@contextmanager
def jupyterlab(sandbox: str) -> Iterator[str]:
    """The address of a JupyterLab as `deskbook lab` starts it, with nobody's settings."""
    with tempfile.TemporaryDirectory(prefix="deskbook-pictures-") as folder:
        follows = Path(folder, "SETTINGS", "@jupyterlab", "apputils-extension", "themes.jupyterlab-settings")
        follows.parent.mkdir(parents=True)
        follows.write_text('{"adaptive-theme": true}', encoding="utf-8")  # light or dark, as the browser asks
        private = {f"JUPYTERLAB_{name}_DIR": f"{folder}/{name}" for name in ("SETTINGS", "WORKSPACES")}
        environment = {**os.environ, **private, "JUPYTER_CONFIG_DIR": folder, "DESKBOOK_SANDBOX_URL": sandbox}
        command = [
            *(sys.executable, "-m", "deskbook.cli", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
            "--ServerApp.port=0",
        ]
        lab = subprocess.Popen(
            command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        assert lab.stderr
        try:
            yield next(found[0] for line in lab.stderr if (found := re.search(r"http://127\.0\.0\.1:\S+", line)))
        finally:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.communicate()


def take_form(chromium: Browser, lab: str, theme: str, target: Path) -> None:
    """A ticket opened from the desk: what is known on the left, what is decided on the right, the plan below."""
    page = seen(chromium, theme, 1400)
    page.goto(f"{lab}&reset")
    page.get_by_role("button", name=f"Open {TICKET}", exact=True).click(timeout=PATIENCE)
    form = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    form.locator(".deskbook-apply").wait_for(timeout=PATIENCE)
    form.locator(".deskbook-columns").evaluate("form => form.scrollIntoView()")
    form.screenshot(path=target, animations="disabled")
    page.close()


def main(folder: Path = FOLDER, built: Path = BUILT) -> None:
    path = shutil.which("chromium")
    if path is None:
        sys.exit("no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu")
    if not (built / FRONT).exists():
        sys.exit(f"no handbook in {built}: make book")
    folder.mkdir(parents=True, exist_ok=True)
    with start(load_organization()) as sandbox, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        with jupyterlab(sandbox.url) as lab:
            for theme in THEMES:
                take_front(chromium, built, theme, folder / f"front-{theme}.png")
                take_form(chromium, lab, theme, folder / f"form-{theme}.png")
        carry_on(sandbox)
        communities = connect(Settings(sandbox_url=sandbox.url)).helpdesk.communities()
        glacier = next(one.id for one in communities if one.name == GLACIER["community"])
        pictures = {**PICTURES, "community": (f"communities/{glacier}", STYLE)}
        for name, (place, style) in pictures.items():
            for theme in THEMES:
                take(chromium, f"{sandbox.url}/#/{place}", theme, style, folder / f"{name}-{theme}.png")
        chromium.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

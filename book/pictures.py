"""Takes the handbook's pictures from a sandbox, so that they show what the page shows: `make pictures`."""

from __future__ import annotations

import json
import shutil
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

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
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-lcd-text",
]  # fmt: skip
WIDTH = 1100
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


def main(folder: Path = FOLDER) -> None:
    path = shutil.which("chromium")
    if path is None:
        sys.exit("no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu")
    folder.mkdir(parents=True, exist_ok=True)
    with start(load_organization()) as sandbox, sync_playwright() as playwright:
        carry_on(sandbox)
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        communities = connect(Settings(sandbox_url=sandbox.url)).helpdesk.communities()
        glacier = next(one.id for one in communities if one.name == GLACIER["community"])
        pictures = {**PICTURES, "community": (f"communities/{glacier}", STYLE)}
        for name, (place, style) in pictures.items():
            for theme in THEMES:
                take(chromium, f"{sandbox.url}/#/{place}", theme, style, folder / f"{name}-{theme}.png")
        chromium.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

"""How quickly a form answers in JupyterLab: from a field to the plan drawn anew, and what a triage costs the machine."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

import psutil

sys.path.append(str(Path(__file__).parents[1] / "e2e"))  # its helpers are found as the tests find them

from browsing import apply_button, browser, digest_in, jupyterlab
from building import ORGANIZATION
from labs import Lab

from deskbook_sandbox import server

CHANGES = 60  # of one field, there and back
# Resolves with the milliseconds between a choice in a list and another digest on the plan that is drawn.
CHANGE = """([list, choice]) => new Promise((done) => {
    const panel = list.closest(".jp-NotebookPanel");
    const digest = () => [...panel.querySelectorAll(".deskbook-drawn small")].find((it) => /^p-/.test(it.innerText))?.innerText;
    const before = digest(), begun = performance.now();
    const watch = new MutationObserver(() => {
        if (!digest() || digest() === before) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.now() - begun));
    });
    watch.observe(panel, { childList: true, subtree: true, characterData: true });
    list.selectedIndex = choice;
    list.dispatchEvent(new Event("change", { bubbles: true }));
})"""


def rows() -> list[tuple[str, str, str]]:
    """What is measured, what it must reach, and what it came to here: three texts for each."""
    with tempfile.TemporaryDirectory() as name, server.start(ORGANIZATION) as sandbox, browser() as chromium:
        folder = Path(name)
        with jupyterlab(folder, sandbox.url) as address:
            lab = Lab(address, sandbox.url, folder, chromium.new_page(viewport={"width": 1400, "height": 1000}))
            lab.begin()
            lab.page.locator(".jp-LauncherCard").first.wait_for()
            lab.open_card("Desk")
            lab.row(102).click()
            apply_button(lab.here).wait_for()
            took = changes(lab)
            apply_button(lab.here).click()
            lab.here.locator(".deskbook-drawn", has_text="Receipt: triage").wait_for()
            spent = kernels() - sum(took) / 1000
    median, most = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    return [
        ("a field is changed, and its plan is drawn anew: median", "under 150 ms", f"{median:.0f} ms"),
        ("the same, 95 % of the time", "under 300 ms", f"{most:.0f} ms"),
        ("triage from the launcher by way of the desk: processor time of the kernels", "under 10 s", f"{spent:.1f} s"),
    ]


def changes(lab: Lab) -> list[float]:
    """Milliseconds of each change, from the list to the plan."""
    took = []
    for number in range(CHANGES):
        listed = lab.field("Impact").element_handle()
        took.append(float(lab.page.evaluate(CHANGE, [listed, 1 + number % 3])))
    digest_in(lab.here).wait_for()
    return took


def kernels() -> float:
    """Seconds of processor time that the kernels below this process have used so far, their starts included."""
    below = psutil.Process().children(recursive=True)
    return sum(sum(each.cpu_times()[:2]) for each in below if any("ipykernel" in word for word in each.cmdline()))


if __name__ == "__main__":
    for row in rows():
        print(" | ".join(row))

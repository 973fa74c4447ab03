"""Every runbook in a real JupyterLab: opened, filled in and applied by keyboard alone; its form without a fault of axe-core.

One ticket, its asker, an issue and a community carry the hostile corpus, so that every form and table shows it in passing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from labs import Jupyter, Lab
from playwright.sync_api import Page, expect

from deskbook.runbooks.catalog import NAMES
from torture.hostile import SHAPES

pytestmark = [pytest.mark.e2e, pytest.mark.long]


@dataclass(frozen=True)
class Road:
    """What is written into which field, what Apply then says, and what stands where afterwards.

    `effect` is asked of the sandbox; `page` is the place on its page for people, with words that stand there.
    """

    says: str
    effect: Callable[[Lab], object]
    page: tuple[str, str]
    fill: tuple[tuple[str, str], ...] = ()


def mailed(ticket: int, words: str) -> Callable[[Lab], object]:
    return lambda lab: any(m["ticket_id"] == ticket and words in m["body"] for m in lab.state("outbox"))


def in_state(kind: str, words: str) -> Callable[[Lab], object]:
    return lambda lab: any(words in json.dumps(each) for each in lab.get("/sandbox/state")[kind])


ROADS = {
    "triage": Road("send 1 mail", mailed(101, "Jonas"), ("tickets/101", "Jonas Weber"), (("Agent", "Jonas"),)),
    "timebox": Road(
        "open 1 issue",
        in_state("issues", "nothing above 8 GB"),
        ("tickets/102", "nothing above 8 GB"),
        (("Findings", "There is nothing above 8 GB"), ("Outcome", "unsolved"), ("Wanted", "32 GB")),
    ),
}

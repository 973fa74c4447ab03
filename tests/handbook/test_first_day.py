"""The first day's page names what people press and read: each of its bold words begins something that is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import PROCESS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "learn" / "first-day.md").read_text(encoding="utf-8")
LABELS = sorted(set(re.findall(r"\*\*(.+?)\*\*", PAGE)))
SHOWN = [
    *(path.read_text(encoding="utf-8") for kind in ("*.py", "*.js") for path in (ROOT / "lib").rglob(kind)),
    *(f"'{each.title}' '{name.capitalize()}'" for name, each in PROCESS.runbooks.items()),
]


@pytest.mark.parametrize("label", LABELS)
def test_what_it_tells_to_press_or_to_read_is_there(label: str) -> None:
    for part in label.split(": "):
        begins = re.compile(rf"[\"'`>]{re.escape(part)}(?!\w)")
        assert any(begins.search(text) for text in SHOWN), part


def test_it_names_buttons_of_all_three_places() -> None:
    assert {"Apply this plan", "Go on: Timebox", "Send as customer"} <= set(LABELS)

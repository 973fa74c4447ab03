"""The pages of the timebox and of what we have seen before say what the process and the known problems say, all of it and safely."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import ORGANIZATION, PROCESS
from markdown_it import MarkdownIt

from deskbook.handbook.extension import WRITTEN
from deskbook.handbook.known import KNOWLEDGE, checklists, known_problems
from deskbook.tickets.known import load_known

BOOK = Path(__file__).parents[2] / "book"
PAGES = {"checklists": BOOK / "process" / "timebox.md", "known-problems": BOOK / "reference" / "known.md"}


def shown(markdown: str) -> str:
    """What a reader sees of it."""
    return re.sub(r"<[^>]+>", "", MarkdownIt().render(markdown)).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')  # fmt: skip


def test_every_item_of_every_checklist_is_written_with_its_reason() -> None:
    written = checklists(PROCESS, ORGANIZATION, "")
    page = shown(written)
    for kind, items in PROCESS.checklists.items():
        assert f"{{#checklist-{kind}}}\n### {ORGANIZATION.ticket_types[kind]}" in written  # type: ignore[index]
        for item in items:
            assert item.does in page
            assert item.why in page


def test_the_three_kinds_that_have_a_timebox_have_a_checklist() -> None:
    assert list(PROCESS.checklists) == ["broken", "change", "guidance"]
    first = [items[0].id for items in PROCESS.checklists.values()]
    assert first == ["probe", "documented", "know"]
    assert [item.id for item in PROCESS.checklists["broken"]] == [
        "probe", "ask", "errors", "logs", "keep", "problems",
    ]  # fmt: skip


def test_every_known_thing_has_one_place_with_all_that_is_known_of_it() -> None:
    written = known_problems(PROCESS, ORGANIZATION, "")
    page = shown(written)
    for known in load_known().known:
        assert written.count(f"{{#known-{known.id} .card-like}}") == 1
        assert known.title in page
        for sentence in (*known.look, *known.fix, known.caution or ""):
            assert sentence.replace("`", "") in page
        for sign in known.signs:
            assert f"`` {sign} ``" in written
    assert f"about {load_known().logs_kept_days} days" in page


def test_errors_stand_before_problems() -> None:
    written = known_problems(PROCESS, ORGANIZATION, "")
    assert written.index("#known-scaling") < written.index("## Problems") < written.index("#known-disk-full")


@pytest.mark.parametrize("name", KNOWLEDGE)
def test_its_page_shows_it(name: str) -> None:
    assert f"```{{{name}}}\n```" in PAGES[name].read_text(encoding="utf-8")
    assert WRITTEN[name] is KNOWLEDGE[name]

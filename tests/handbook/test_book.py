"""The handbook, built once: complete, without warnings, and sufficient to itself."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from building import PROCESS
from built import Page

pytestmark = pytest.mark.long


def test_every_step_has_exactly_one_place(pages: dict[str, Page]) -> None:
    found = sum((page.ids for page in pages.values()), Counter[str]())
    for step in PROCESS.steps():
        assert found[f"step-{step.id.replace('.', '-')}"] == 1, step.id


def test_every_role_clock_message_end_and_runbook_has_exactly_one_place(pages: dict[str, Page]) -> None:
    found = sum((page.ids for page in pages.values()), Counter[str]())
    names = [
        *(f"role-{name}" for name in PROCESS.roles),
        *(f"clock-{name}" for name in PROCESS.clocks),
        *(f"message-{name}" for name in PROCESS.messages),
        *(f"end-{name}" for name in PROCESS.ends),
        *(f"runbook-{name}" for name in PROCESS.runbooks),
    ]
    assert {name: found[name] for name in names if found[name] != 1} == {}


def test_no_page_has_an_id_twice(pages: dict[str, Page]) -> None:
    assert {name: [i for i, n in page.ids.items() if n > 1] for name, page in pages.items() if max(page.ids.values(), default=0) > 1} == {}  # fmt: skip


def test_every_link_inside_the_book_leads_somewhere(book: Path, pages: dict[str, Page]) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link in ("#", "#top"):
                continue
            path, fragment = urldefrag(unquote(link))
            target = (book / name).parent.joinpath(path).resolve() if path else book / name
            where = target.relative_to(book.resolve()).as_posix() if path else name
            if not target.exists() or (fragment and where in pages and not pages[where].ids[fragment]):
                broken.append(f"{name}: {link}")
    assert not broken


def test_nothing_is_fetched_from_another_host(book: Path, pages: dict[str, Page]) -> None:
    foreign = [f"{name}: {each}" for name, page in pages.items() for each in page.fetched if urlsplit(each).netloc]
    assert not foreign
    ours = (book / "_static" / "deskbook.css").read_text(encoding="utf-8")
    assert "url(" not in ours
    assert "@import" not in ours


def test_what_is_fetched_is_there(book: Path, pages: dict[str, Page]) -> None:
    missing = [
        f"{name}: {each}"
        for name, page in pages.items()
        for each in page.fetched
        if each and not each.startswith("data:") and not (book / name).parent.joinpath(urlsplit(each).path).exists()
    ]
    assert not missing


def test_every_page_says_who_looks_after_it_and_when_they_last_read_it(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        if name.startswith("book/"):
            assert re.search(r'Looked after by the .*href=".*role-.*last read through on \d{4}-\d\d-\d\d', page.text), (
                name
            )


def test_every_image_has_alternative_text(pages: dict[str, Page]) -> None:
    assert {name: page.silent_images for name, page in pages.items() if page.silent_images} == {}


def test_numbers_of_the_process_stand_in_the_pages(pages: dict[str, Page]) -> None:
    timebox = PROCESS.clocks["timebox"].amount
    assert f"The timebox is {timebox} minutes" in pages["book/process/timebox.html"].text

"""The handbook's pictures: each one a page names is there, each one that is there is named, and each says what it shows."""

from __future__ import annotations

import re
from pathlib import Path

BOOK = Path(__file__).parents[2] / "book"
SHOWN = re.compile(r"^```\{image\} (\S*_static/pictures/\S+)\n((?::.*\n)*)```$", re.MULTILINE)


def shown() -> list[tuple[Path, str]]:
    """Every picture that a page shows, by its path, with its options."""
    return [
        ((page.parent / path).resolve(), options)
        for page in sorted(BOOK.rglob("*.md"))
        for path, options in SHOWN.findall(page.read_text(encoding="utf-8"))
    ]


def test_every_picture_on_a_page_exists_and_every_picture_is_on_a_page() -> None:
    there = set((BOOK / "_static" / "pictures").iterdir())
    assert there
    assert {path for path, _ in shown()} == there


def test_no_page_names_a_picture_in_another_way() -> None:
    named = sum(page.read_text(encoding="utf-8").count("_static/pictures/") for page in BOOK.rglob("*.md"))
    assert named == len(shown())


def test_every_picture_comes_light_and_dark_and_has_alternative_text() -> None:
    found = dict(shown())
    for path, options in found.items():
        theme = path.stem.rpartition("-")[2]
        assert f":class: only-{theme}\n" in options, path.name
        assert re.search(r"^:alt: .{20,}$", options, re.MULTILINE), path.name
        other = {"light": "dark", "dark": "light"}[theme]
        assert path.with_stem(path.stem.removesuffix(theme) + other) in found


def test_pictures_are_small() -> None:
    assert {path.name: path.stat().st_size for path, _ in shown() if path.stat().st_size > 200_000} == {}

"""The pictures of handbook and README: each that is named is there, each that is there is named, and each says what it shows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
README = (ROOT / "README.md").read_text(encoding="utf-8")
IN_README = re.compile(
    r'<picture>\n  <source media="\(prefers-color-scheme: dark\)" srcset="(book/_static/pictures/[\w-]+)-dark.png">\n'
    r'  <img src="\1-light.png" alt="([^"]{20,})">\n</picture>'
)
SHOWN = re.compile(r"^```\{image\} (\S*_static/pictures/\S+)\n((?::.*\n)*)```$", re.MULTILINE)


def shown() -> list[tuple[Path, str]]:
    """Every picture that a page shows, by its path, with its options."""
    return [
        ((page.parent / path).resolve(), options)
        for page in sorted(BOOK.rglob("*.md"))
        for path, options in SHOWN.findall(page.read_text(encoding="utf-8"))
    ]


def in_readme() -> set[Path]:
    """Both of each picture there; its alternative text is part of the pattern."""
    return {ROOT / f"{name}-{theme}.png" for name, _ in IN_README.findall(README) for theme in ("light", "dark")}


def test_the_readme_shows_two_pictures_each_light_and_dark_with_words_for_who_does_not_see_them() -> None:
    assert len(in_readme()) == 4
    assert README.count("<picture>") == 2
    assert README.count("_static/pictures/") == 4


def test_every_picture_on_a_page_exists_and_every_picture_is_on_a_page() -> None:
    there = set((BOOK / "_static" / "pictures").iterdir())
    assert there
    assert {path for path, _ in shown()} | in_readme() == there


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
    shows = {path for path, _ in shown()} | in_readme()
    assert {path.name: path.stat().st_size for path in shows if path.stat().st_size > 200_000} == {}

"""What a built page holds; and a small book to build."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from deskbook.handbook.build import build

ROOT = Path(__file__).parents[2]
OTHERS = sorted((Path(__file__).parents[1] / "organizations").glob("*.yaml"))
FETCHED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
    "object": "data",
}


class Page(HTMLParser):
    """What a page holds: ids, links, what it fetches, images without alternative text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.silent_images: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if "id" in has:
            self.ids[has["id"]] += 1
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        if tag in FETCHED and has.get(FETCHED[tag]):
            self.fetched.append(has[FETCHED[tag]])
        if tag == "link" and not {"canonical", "next", "prev", "index", "search"} & set(has.get("rel", "").split()):
            self.fetched.append(has.get("href", ""))
        if tag == "img" and not has.get("alt"):
            self.silent_images.append(has.get("src", ""))


def small_book(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "book").mkdir()
    for name in ("_static", "_extra"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", encoding="utf-8")
    (folder / "book" / "index.md").write_text(text, encoding="utf-8")
    return build(folder, folder, quiet=True)

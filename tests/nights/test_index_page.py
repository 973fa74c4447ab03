"""The index of nights, for people: no script, nothing from elsewhere, and no word that a page would take for its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from deskbook.nights.archive import Night, night_of
from deskbook.nights.page import index

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
KEPT = ("ipynb", "html", "receipt.json", "txt")
NIGHTS = (
    Night("report", NOW, NOW, applied=True, effects=3, needs_human=2, kept=KEPT),
    Night("sweep", NOW - timedelta(days=1), NOW, failures=2, error="<script>alert(1)</script>", remarks=("a & b",)),
    Night("sweep", NOW - timedelta(hours=1), sandbox=True),
)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_the_page_is_whole_and_needs_no_script_and_no_other_host() -> None:
    page = Page(index(NIGHTS))
    assert page.open == []
    assert "script" not in page.tags
    assert page.links == [f"2026-11-24/030000-report.{ending}" for ending in ("html", "ipynb", "txt", "receipt.json")]
    assert "color-scheme: light dark" in page.text


def test_it_says_the_latest_first_how_each_ended_and_what_failed_apart() -> None:
    page = Page(index(NIGHTS))
    assert (
        page.text.index("report") < page.text.index("goes on, or died") < page.text.index("<script>alert(1)</script>")
    )
    assert page.text.count("2026-11-24") == page.text.count("2026-11-23") == 1
    assert "practice" in page.text
    assert "a & b" in page.text


def test_nothing_yet_is_said() -> None:
    assert "There was none yet." in Page(index(())).text


def test_a_night_is_read_as_it_was_written() -> None:
    assert [night_of(night.as_json()) for night in NIGHTS] == list(NIGHTS)

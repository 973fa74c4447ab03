"""The charts of a report: their numbers in words, and every word inside the picture."""

from __future__ import annotations

import re

import pytest
from months import facts, listed, spent

from deskbook.model.records import Community
from deskbook.runbooks.report import view as reportpage
from deskbook.ui import charts as plots


def test_a_chart_says_its_numbers_in_words_and_takes_the_pages_colour() -> None:
    rows = [plots.Bar("<Aurora>", ((3, "full"), (1, "striped")), "3 of 4"), plots.Bar("None", (), "0 of 0")]
    drawn = plots.bars("x", "Kept & missed", rows, {"full": "kept"})
    assert '<desc id="x-desc">&lt;Aurora&gt;: 3 of 4; None: 0 of 0</desc>' in drawn
    assert "Kept &amp; missed" in drawn
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b(?!-)", drawn.replace("url(#x-stripes)", ""))
    widths = [
        float(width) for width in re.findall(rf'width="([\d.]+)" height="{plots.BAR}"', drawn)
    ]  # after the legend
    assert widths[-2] == pytest.approx(3 * widths[-1], abs=0.3)
    assert plots.SIZE * 328 / plots.WIDTH > 9  # pixels, on a telephone 360 pixels wide


def test_no_word_of_a_chart_leaves_the_picture_or_meets_another() -> None:
    """Of a busy month: two-figure counts, a budget in hours and minutes, a community with a long name."""
    tickets = [
        listed(n, f"{n % 28 + 1:02d} 10:00", first_answer="28 11:00", resolved="30 10:00", status="Closed")
        for n in range(200)
    ]
    long = (Community(10, "The Aurora Climate Laboratory of the North", budget_hours=34.6),)
    found = facts(tickets, communities=long, spent=(spent(1, 9_999, ""),))
    drawn = reportpage.View(found)._repr_mimebundle_()["text/html"]
    rows: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for number, chart in enumerate(re.findall(r"<svg.*?</svg>", drawn)):
        for x, y, more, words in re.findall(r'<text x="(\d+)" y="(\d+)"([^>]*)>([^<]*)<', chart):
            wide = plots.LETTER * len(words)
            begin = float(x) - wide if 'text-anchor="end"' in more else float(x)
            rows.setdefault((number, y), []).append((begin, begin + wide))
    assert len(rows) > 15
    for places in rows.values():
        edges = [0.0, *(edge for place in sorted(places) for edge in place), float(plots.WIDTH)]
        assert edges == sorted(edges)


def test_the_text_of_a_report_has_every_number_of_its_charts() -> None:
    found = facts([listed(1, "05 10:00", first_answer="05 11:00")], spent=(spent(1, 300, ""),))
    bundle = reportpage.View(found)._repr_mimebundle_()
    assert bundle["text/html"].count("<svg") == 4
    assert "<svg" not in bundle["text/plain"]
    for words in ("5 h", "Aurora", "Week of", "up to 1 day"):
        assert words in bundle["text/plain"]

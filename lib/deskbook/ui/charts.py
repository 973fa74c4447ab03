"""Plain bar charts as SVG: one colour, the page's own, so that they read in the dark, in print and without colours.

Every chart says in words what it shows; the numbers also stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, BAR, LEGEND = 460, 40, 14, 22  # small enough to be read on a telephone without being shrunk much
SIZE, LETTER = 13, 7.5  # of the widest fonts that a page may have
FILLS = {
    "full": 'fill="currentColor" fill-opacity=".72"',
    "striped": 'fill="url(#{id}-stripes)" stroke="currentColor" stroke-width="1"',
    "faint": 'fill="currentColor" fill-opacity=".12" stroke="currentColor" stroke-width=".5"',
}


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its name, pieces as (amount, one of FILLS), and the numbers, written above it in words."""

    name: str
    pieces: Sequence[tuple[float, str]]
    said: str


def bars(id: str, title: str, rows: Sequence[Bar], key: Mapping[str, str] | None = None) -> str:
    """The chart as an SVG element. `id` keeps it apart from others of a page; `key` names the fills."""
    places = _legend(key or {})
    top = 26 + LEGEND * (1 + max((line for _, line in places), default=-1))
    height = top + len(rows) * ROW
    most = max((sum(amount for amount, _ in row.pieces) for row in rows), default=0) or 1
    words = "; ".join(f"{row.name}: {row.said}" for row in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-title {id}-desc" width="{WIDTH}"'
        f' height="{height}" viewBox="0 0 {WIDTH} {height}" style="max-width:100%;height:auto" color="inherit"'
        f' font-family="inherit" font-size="{SIZE}">',
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(words)}</desc>',
        f'<defs><pattern id="{id}-stripes" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path d="M1 0V6" stroke="currentColor" stroke-width="2"/></pattern></defs>',
        _text(0, 15, title, 'font-weight="600"'),
    ]
    for (fill, name), (x, line) in zip((key or {}).items(), places, strict=True):
        y = 26 + line * LEGEND
        parts.append(
            f'<rect x="{x + 1:.0f}" y="{y}" width="14" height="14" {_fill(fill, id)}/>{_text(x + 21, y + 12, name)}'
        )
    for index, row in enumerate(rows):
        y, x = top + index * ROW, 1.0
        parts += [_text(0, y + 14, row.name), _text(WIDTH, y + 14, row.said, 'text-anchor="end"')]
        for amount, fill in row.pieces:
            width = (WIDTH - 2) * amount / most
            if width > 0:
                parts.append(f'<rect x="{x:.1f}" y="{y + 19}" width="{width:.1f}" height="{BAR}" {_fill(fill, id)}/>')
                x += width
    return "".join(parts) + "</svg>"


def _legend(key: Mapping[str, str]) -> list[tuple[float, int]]:
    """Where each fill is explained: how far along, and on which line."""
    found, x, line = list[tuple[float, int]](), 0.0, 0
    for name in key.values():
        wide = 21 + LETTER * len(name)
        if x and x + wide > WIDTH:
            x, line = 0.0, line + 1
        found.append((x, line))
        x += wide + 18
    return found


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="currentColor" {more}>{escape(words)}</text>'


def _fill(fill: str, id: str) -> str:
    return FILLS[fill].replace("{id}", id)

"""Plain bar charts as SVG: one colour, the page's own, so that they read in the dark, in print and without colours.

Every chart says in words what it shows; the numbers also stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, NAME, ROW, PAD = 640, 190, 26, 8
SIZE = 13
FILLS = {
    "full": 'fill="currentColor" fill-opacity=".72"',
    "striped": 'fill="url(#{id}-stripes)" stroke="currentColor" stroke-width="1"',
    "faint": 'fill="currentColor" fill-opacity=".12" stroke="currentColor" stroke-width=".5"',
}


@dataclass(frozen=True)
class Bar:
    """One line of a chart: its name, pieces as (amount, one of FILLS), and the number written at its end."""

    name: str
    pieces: Sequence[tuple[float, str]]
    said: str


def bars(id: str, title: str, rows: Sequence[Bar], key: Mapping[str, str] | None = None) -> str:
    """The chart as an SVG element. `id` keeps it apart from others of a page; `key` names the fills."""
    top = 24 + (ROW if key else 0)
    height = top + len(rows) * ROW + PAD
    most = max((sum(amount for amount, _ in row.pieces) for row in rows), default=0) or 1
    words = "; ".join(f"{row.name}: {row.said}" for row in rows)
    room = WIDTH - NAME - 130
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-title {id}-desc" width="{WIDTH}"'
        f' height="{height}" viewBox="0 0 {WIDTH} {height}" style="max-width:100%;height:auto" color="inherit"'
        f' font-family="inherit" font-size="{SIZE}">',
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(words)}</desc>',
        f'<defs><pattern id="{id}-stripes" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path d="M1 0V6" stroke="currentColor" stroke-width="2"/></pattern></defs>',
        _text(0, 15, title, 'font-weight="600"'),
    ]
    x = 0.0
    for fill, name in (key or {}).items():
        parts.append(f'<rect x="{x:.0f}" y="26" width="14" height="14" {_fill(fill, id)}/>{_text(x + 20, 38, name)}')
        x += 44 + 7.5 * len(name)
    for index, row in enumerate(rows):
        y, x = top + index * ROW + 4, float(NAME)
        parts.append(_text(0, y + 14, row.name))
        for amount, fill in row.pieces:
            width = room * amount / most
            if width > 0:
                parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="18" {_fill(fill, id)}/>')
                x += width
        parts.append(_text(x + 6, y + 14, row.said))
    return "".join(parts) + "</svg>"


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="currentColor" {more}>{escape(words)}</text>'


def _fill(fill: str, id: str) -> str:
    return FILLS[fill].replace("{id}", id)

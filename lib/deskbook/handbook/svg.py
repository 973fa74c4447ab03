"""A drawn flowchart as SVG, without any script. Colours come from the stylesheet of the page that holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from deskbook.handbook.flowchart import Node
from deskbook.handbook.layout import LINE, PAD, SMALL, Box, Drawing, Point, letters


def write(drawing: Drawing, href: Callable[[Node], str | None], name: str) -> str:
    """The drawing as an SVG element; `href` gives the link of a box, `name` keeps its ids apart from others' on a page."""
    parts = [
        f'<svg class="flow" xmlns="http://www.w3.org/2000/svg" role="group" aria-labelledby="{name}-title {name}-desc"'
        f' width="{drawing.width:.0f}" height="{drawing.height:.0f}"'
        # half a pixel aside, so that lines one pixel wide are sharp
        f' viewBox="-.5 -.5 {drawing.width:.0f} {drawing.height:.0f}" fill="none" stroke="currentColor">',
        f'<title id="{name}-title">Flowchart: {escape(drawing.chart.title)}</title>',
        f'<desc id="{name}-desc">Boxes joined by arrows. The same in words follows below.</desc>',
        f'<defs><marker id="{name}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="context-stroke" stroke="none"/></marker></defs>',
    ]
    for number, lane in enumerate(drawing.lanes):
        strip = f'<rect x="{lane.x:.0f}" y="0" width="{lane.w:.0f}" height="{lane.height:.0f}"/>'
        head = (
            f'<text x="{lane.x + lane.w / 2:.0f}" y="21" text-anchor="middle" font-size="13">{escape(lane.name)}</text>'
        )
        parts.append(f'<g class="flow-lane flow-lane-{number % 2}">{strip}{head}</g>')
    for line in drawing.lines:
        title = f"<title>{escape(', '.join(line.edge.outcomes))}</title>" if line.edge.outcomes else ""
        tips = f'marker-end="url(#{name}-tip)"' + (f' marker-start="url(#{name}-tip)"' if line.back else "")
        parts.append(f'<path class="flow-line" d="{_curve(line.points)}" {tips}>{title}</path>')
    for box in drawing.boxes:
        link = href(box.node)
        inside = _box(box)
        parts.append(f'<a href="{escape(link)}">{inside}</a>' if link else inside)
    for label in (line.label for line in drawing.lines if line.label):
        for index, words in enumerate(reversed(label.lines)):
            at = f'x="{label.x:.0f}" y="{label.y - index * (LINE - 3):.0f}"'
            parts.append(f'<text class="flow-label" {at} font-size="{SMALL}">{escape(words)}</text>')
    return "".join(parts) + "</svg>"


def _curve(points: Sequence[Point]) -> str:
    """A line through the points that leaves and arrives upright; straight where two points are level or plumb."""
    (x, y), *rest = points
    path = f"M{x:.0f} {y:.0f}"
    for a, b in rest:
        middle = (y + b) / 2
        straight = abs(a - x) < 1 or abs(b - y) < 1
        path += f"L{a:.0f} {b:.0f}" if straight else f"C{x:.0f} {middle:.0f} {a:.0f} {middle:.0f} {a:.0f} {b:.0f}"
        x, y = a, b
    return path


def _box(box: Box) -> str:
    corner = 16 if box.node.kind in ("end", "start") else 6
    x, y = box.x + box.w / 2, box.y + PAD + 13
    if box.node.kind == "question":
        y = box.y + box.h / 2 - LINE * len(box.title) / 2 + 13
    small_first = box.node.kind in ("way", "end") and not box.node.lane
    rows = [(line, "flow-small") for line in box.small], [(line, "flow-title") for line in box.title]
    texts = [*rows[0], *rows[1]] if small_first else [*rows[1], *rows[0]]
    size = letters(box.node)
    written = "".join(
        f'<text class="{style}" x="{x:.0f}" y="{y + LINE * index:.0f}" text-anchor="middle"'
        f' font-size="{SMALL if style == "flow-small" else size}">{escape(line)}</text>'
        for index, (line, style) in enumerate(texts)
    )
    shape = (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.w:.0f}" height="{box.h:.0f}" rx="{corner}"/>'
        if box.node.kind != "question"
        else f'<path d="M{box.x:.0f} {box.middle[1]:.0f}L{x:.0f} {box.y:.0f}L{box.x + box.w:.0f} {box.middle[1]:.0f}'
        f'L{x:.0f} {box.y + box.h:.0f}z"/>'
    )
    return f'<g class="flow-{box.node.kind}">{shape}{written}</g>'

"""Drawing a flowchart: every box gets its place and every arrow its way.

Steps run from top to bottom; what leaves a runbook stands beside its step, so that no arrow crosses the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from zlib import crc32

from grandalf.graphs import Edge as GraphEdge
from grandalf.graphs import Graph, Vertex
from grandalf.layouts import DummyVertex, SugiyamaLayout, VertexViewer

from deskbook.flowchart import Chart, Edge, Node

BOX, CHIP, ARROW, SHORT = 168, 148, 24, 88  # widths: a step, an outcome that leaves, the arrow between, a runbook
LINE, PAD, SMALL = 18, 9, 12.5  # height of a line of text, space around it, size of the small text
RANKS, COLUMNS, GAP, MARGIN = 46, 12, 8, 4  # space between rows, between columns, between exits, and around all

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A node with its place: left, top, width, height, and its lines of text."""

    node: Node
    x: float
    y: float
    w: float
    h: float
    title: tuple[str, ...]
    small: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """Lines of small text, the lowest at `y`."""

    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def w(self) -> float:
        return max(_width(line, SMALL) for line in self.lines)


@dataclass(frozen=True)
class Line:
    """An edge with its way, and its label (None where the box at its end says it)."""

    edge: Edge
    points: tuple[Point, ...]
    label: Label | None = None


@dataclass(frozen=True)
class Drawing:
    chart: Chart
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


def lay_out(chart: Chart) -> Drawing:
    """Places without overlap: rows from top to bottom, each part of the chart that hangs together below the last."""
    inner = [edge for edge in chart.edges if chart.node(edge.target).own]
    exits = {node.key: [e for e in chart.edges if e.source == node.key and e not in inner] for node in chart.nodes}
    own = [node for node in chart.nodes if node.own]
    onward = {edge.source for edge in inner if exits[edge.source]}
    beside = {node.key for node in own if onward}
    blocks = {node.key: _block(chart, node, exits[node.key], node.key in beside) for node in own}
    if beside:  # a step that shares its row needs no room at its side, unless it has both exits and a step after it
        beside -= _crowded(_parts(blocks, inner)) - onward
        blocks = {node.key: _block(chart, node, exits[node.key], node.key in beside) for node in own}
    boxes: list[Box] = []
    lines: list[Line] = []
    bottom = float(MARGIN)
    for part in _parts(blocks, inner):
        top = min(y - blocks[key].h / 2 for key, (_, y) in part.places.items())
        placed: dict[str, Box] = {}
        floors: dict[str, float] = {}
        for key, (x, y) in part.places.items():
            at = (x - blocks[key].w / 2, y - blocks[key].h / 2 + bottom - top)
            moved = [_moved(box, at) for box in blocks[key].boxes]
            placed[key] = moved[0]
            floors[key] = at[1] + blocks[key].h
            boxes += moved
            lines += [Line(e, _to_exit(moved[0], box)) for e, box in zip(exits[key], moved[1:], strict=True)]
        lines += _inner_lines(
            placed, floors, {e: [(x, y + bottom - top) for x, y in way] for e, way in part.bends.items()}
        )
        bottom = max(box.y + box.h for box in boxes) + RANKS
    return _trimmed(chart, boxes, lines, bottom - RANKS + MARGIN)


@dataclass(frozen=True)
class _Block:
    """A step and its exits, which are laid out as one. The step's box comes first; places are from the block's corner."""

    w: float
    h: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class _Part:
    """A part that hangs together: the centre of every block, and the bends of every edge, from the top down."""

    places: Mapping[str, Point]
    bends: Mapping[Edge, Sequence[Point]]


def _block(chart: Chart, node: Node, exits: Sequence[Edge], beside: bool) -> _Block:
    step = _sized(node, SHORT if node.kind == "runbook" else BOX)
    chips = [_sized(chart.node(edge.target), CHIP if beside else BOX) for edge in exits]
    left, y = (BOX + ARROW, 0.0) if beside else (0.0, step.h + ARROW)
    if beside and len(chips) == 1:
        y = max(0.0, (step.h - chips[0].h) / 2)
    placed = []
    for chip in chips:
        placed.append(_moved(chip, (left, y)))
        y += chip.h + GAP
    return _Block(BOX + ARROW + CHIP if beside else step.w, max(step.h, y - GAP if chips else 0), (step, *placed))


def _sized(node: Node, width: float) -> Box:
    size = letters(node)
    title = _wrapped(node.title, width - 2 * PAD, size)
    small = _wrapped(node.small, width - 2 * PAD, SMALL) if node.small else ()
    return Box(node, 0, 0, width, LINE * (len(title) + len(small)) + 2 * PAD, title, small)


def letters(node: Node) -> int:
    return 14 if node.kind == "step" else 13


def _moved(box: Box, by: Point) -> Box:
    return replace(box, x=box.x + by[0], y=box.y + by[1])


class _Vertex(Vertex):  # type: ignore[misc]
    """Known by its name: grandalf keeps sets, and their order would be another in every run."""

    def __hash__(self) -> int:
        return crc32(str(self.data).encode())


class _GraphEdge(GraphEdge):  # type: ignore[misc]
    def __hash__(self) -> int:
        return crc32(f"{self.data.source} {self.data.target}".encode())


def _parts(blocks: Mapping[str, _Block], edges: Sequence[Edge]) -> list[_Part]:
    vertices = {key: _Vertex(key) for key in blocks}
    joined = [(edge, _GraphEdge(vertices[edge.source], vertices[edge.target], data=edge)) for edge in edges]
    for key, vertex in vertices.items():
        vertex.view = VertexViewer(blocks[key].w, blocks[key].h)
    back = _backward(list(blocks), edges)
    parts = []
    for component in Graph(list(vertices.values()), [edge for _, edge in joined]).C:
        members = [vertex for vertex in vertices.values() if vertex in list(component.sV)]
        own = {vertex.data for vertex in members}
        layout = SugiyamaLayout(component)
        layout.xspace, layout.yspace, layout.dw, layout.dh = COLUMNS, RANKS, 6, 2
        if all(blocks[key].w == SHORT for key in own):
            layout.xspace = GAP
        layout.init_all(
            roots=[], inverted_edges=[graph for edge, graph in joined if edge in back and edge.source in own]
        )
        layout.draw(3)
        places = {vertex.data: vertex.view.xy for vertex in members}
        rows: dict[float, float] = {}
        for key, (_, y) in places.items():
            rows[y] = max(rows.get(y, 0), blocks[key].h)
        bends = {}
        for edge, graph_edge in joined:
            if edge.source in places:
                ranks = layout.ctrls.get(graph_edge, {})
                order = sorted(ranks)
                passed = [ranks[rank].view.xy for rank in order if isinstance(ranks[rank], DummyVertex)]
                bends[edge] = [point for x, y in passed for point in _through(x, y, rows[y])]
        parts.append(_Part(places, bends))
    return parts


def _backward(keys: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """The edges that close a circle for somebody who follows the chart from its first box on; they will point upward."""
    found: set[Edge] = set()
    left: set[str] = set()

    def visit(key: str, above: tuple[str, ...]) -> None:
        for edge in edges:
            if edge.source == key and edge.target in (*above, key):
                found.add(edge)
            elif edge.source == key and edge.target not in left:
                visit(edge.target, (*above, key))
        left.add(key)

    for key in keys:
        if key not in left:
            visit(key, ())
    return found


def _through(x: float, y: float, height: float) -> tuple[Point, Point]:
    """An arrow passes a row plumb, so that it touches none of its boxes."""
    return (x, y - height / 2), (x, y + height / 2)


def _crowded(parts: Sequence[_Part]) -> set[str]:
    """The blocks that share their row with another, or with an arrow that passes by."""
    found: set[str] = set()
    for part in parts:
        middles = [y for _, y in part.places.values()]
        for way in part.bends.values():
            middles += [(way[i][1] + way[i + 1][1]) / 2 for i in range(0, len(way), 2)]
        found |= {key for key, (_, y) in part.places.items() if sum(abs(y - other) < 1 for other in middles) > 1}
    return found


def _trimmed(chart: Chart, boxes: Sequence[Box], lines: Sequence[Line], height: float) -> Drawing:
    """Everything moved so that the leftmost ink stands at the margin."""
    spans = [(box.x, box.w) for box in boxes] + [(x, 0.0) for line in lines for x, _ in line.points]
    spans += [(line.label.x, line.label.w) for line in lines if line.label]
    by = MARGIN - min(x for x, _ in spans)
    moved = [
        replace(
            line,
            points=tuple((x + by, y) for x, y in line.points),
            label=line.label and replace(line.label, x=line.label.x + by),
        )
        for line in lines
    ]
    return Drawing(
        chart,
        tuple(_moved(box, (by, 0)) for box in boxes),
        tuple(moved),
        max(x + w for x, w in spans) + by + MARGIN,
        height,
    )


def _to_exit(step: Box, chip: Box) -> tuple[Point, ...]:
    if chip.x < step.x + step.w:
        x = step.x + step.w / 2
        return ((x, chip.y - ARROW if chip.y - ARROW > step.y else step.y + step.h), (x, chip.y))
    start, end, middle = step.y + step.h / 2, chip.y + chip.h / 2, step.x + step.w + ARROW / 2
    if abs(start - end) < 4:
        return ((step.x + step.w, start), (chip.x, start))
    return ((step.x + step.w, start), (middle, start), (middle, end), (chip.x, end))


def _inner_lines(
    boxes: Mapping[str, Box], floors: Mapping[str, float], bends: Mapping[Edge, Sequence[Point]]
) -> list[Line]:
    """The arrows between steps. Those that meet one side of a box spread along it, in the order of where they go."""
    sides: list[tuple[str, str, float, Edge]] = []
    for edge, way in bends.items():
        source, target = boxes[edge.source], boxes[edge.target]
        upper, lower = (source, target) if source.y < target.y else (target, source)
        aim = [(upper.node.key, "below", way[0][0] if way else lower.x + lower.w / 2)]
        aim.append((lower.node.key, "above", way[-1][0] if way else upper.x + upper.w / 2))
        sides += [(key, side, x + (0.1 if upper is target else 0), edge) for key, side, x in aim]
    ports: dict[tuple[Edge, str], tuple[float, bool]] = {}  # where along its side, and whether it has it for itself
    for (key, side), group in groupby(sorted(sides, key=lambda each: each[:3]), key=lambda each: each[:2]):
        members = list(group)
        for index, (_, _, _, edge) in enumerate(members, 1):
            ports[edge, side] = (boxes[key].x + boxes[key].w * index / (len(members) + 1), len(members) == 1)
    lines = []
    for edge, way in bends.items():
        source, target = boxes[edge.source], boxes[edge.target]
        falls = source.y < target.y
        upper, lower = (source, target) if falls else (target, source)
        (start, _), (end, alone) = ports[edge, "below"], ports[edge, "above"]
        above, floor, below = (start, upper.y + upper.h), (start, floors[upper.node.key]), (end, lower.y)
        down = tuple(dict.fromkeys((above, floor, *way, below)))  # a point that stands twice would turn the arrow's tip
        points = down if falls else down[::-1]
        lines.append(Line(edge, points, _label(edge, lower, end, alone) if source.node.kind == "step" else None))
    return lines


def _label(edge: Edge, lower: Box, end: float, alone: bool) -> Label:
    """Right of its arrow, just above the lower box; left of it where another arrow needs the right."""
    if alone or end >= lower.x + lower.w / 2:
        return Label(end + 8, lower.y - 12, (", ".join(edge.outcomes),))
    narrow = Label(0, lower.y - 12, edge.outcomes)
    return replace(narrow, x=end - 8 - narrow.w)


def _wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def _width(text: str, size: float) -> float:
    """How wide a text comes out at most, near enough: fonts differ from reader to reader."""
    return (
        sum(0.36 if c in "iljtfr.,:;'|!()[] " else 0.92 if c in "mwMW—…" else 0.7 if c.isupper() else 0.6 for c in text)
        * size
    )

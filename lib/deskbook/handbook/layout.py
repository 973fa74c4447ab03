"""Drawing a flowchart: every box gets its place and every arrow its way.

A runbook is one column: steps from top to bottom, what leaves the runbook beside its step, jumps on lanes at the left.
The runbooks together are a map, in rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from zlib import crc32

from grandalf.graphs import Edge as GraphEdge
from grandalf.graphs import Graph, Vertex
from grandalf.layouts import DummyVertex, SugiyamaLayout, VertexViewer

from deskbook.handbook.flowchart import Chart, Edge, Node

BOX, CHIP, ARROW, SHORT = 154, 148, 22, 88  # widths: a step, an outcome that leaves, the arrow between, a runbook
FIRST, LANE = 12, 7  # from the steps to the first lane of jumps, and from lane to lane
LINE, PAD, SMALL, ROW = 18, 9, 12.5, 15  # height of a box's line, space around it, size and height of small text
BOLD = 1.07  # how much wider the letters of a title are
RANKS, SPARE, GAP, MARGIN = 46, 31, 8, 4  # space between rows, between steps without a label, between exits, around all

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

    @property
    def middle(self) -> Point:
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class Label:
    """Lines of small text, the lowest at `y`."""

    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def w(self) -> float:
        return max(text_width(line, SMALL) for line in self.lines)


@dataclass(frozen=True)
class Line:
    """An edge with its way, and its label (None where a box says it). `back`: the edge the other way, drawn with it."""

    edge: Edge
    points: tuple[Point, ...]
    label: Label | None = None
    back: Edge | None = None


@dataclass(frozen=True)
class Lane:
    """A strip from the top to `height`, with its name above."""

    name: str
    x: float
    w: float
    height: float


@dataclass(frozen=True)
class Drawing:
    chart: Chart
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    lanes: tuple[Lane, ...] = ()


def lay_out(chart: Chart) -> Drawing:
    """Places without overlap: a map where all boxes are runbooks, a column otherwise."""
    boxes, lines = _map(chart) if all(node.kind == "runbook" for node in chart.nodes) else _column(chart)
    return _trimmed(chart, boxes, lines)


def letters(node: Node) -> int:
    return 14 if node.kind == "step" else 13


def _column(chart: Chart) -> tuple[list[Box], list[Line]]:
    steps = [node for node in chart.nodes if node.own]
    rank = {step.key: number for number, step in enumerate(steps)}
    onward = {edge.source: edge for edge in chart.edges if rank.get(edge.target) == rank[edge.source] + 1}
    jumps = [edge for edge in chart.edges if edge.target in rank and edge not in onward.values()]
    falling = {edge: rank[edge.source] < rank[edge.target] for edge in jumps}
    boxes: list[Box] = []
    lines: list[Line] = []
    placed: dict[str, Box] = {}
    tops: dict[str, float] = {}  # of a step with its exits, which may stand higher than the step itself
    top = 0.0
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        exits = [edge for edge in chart.edges if edge.source == step.key and edge.target not in rank]
        block = _beside(sized(step, BOX), [sized(chart.node(edge.target), CHIP) for edge in exits], top)
        placed[step.key], tops[step.key] = block[0], top
        boxes += block
        lines += [Line(edge, _to_exit(block[0], block[1], chip)) for edge, chip in zip(exits, block[1:], strict=True)]
        left = [edge for edge in jumps if edge.source == step.key and falling[edge]]
        left += [edge for edge in jumps if after and edge.source == after.key and not falling[edge]]
        rows = sum(len(_jump_words(edge)) for edge in left)
        if step.key in onward:
            rows = max(rows, len(_onward_words(onward[step.key])))
        top = max(box.y + box.h for box in block) + SPARE + ROW * rows
    for edge in onward.values():
        (x, y), below = placed[edge.source].middle, placed[edge.target]
        y += placed[edge.source].h / 2
        label = Label(x + 8, tops[edge.target] - 12, _onward_words(edge))
        lines.append(Line(edge, ((x, y), (x, below.y)), label))
    return boxes, [*lines, *_jumps(placed, jumps)]


def _beside(step: Box, chips: Sequence[Box], top: float) -> list[Box]:
    """A step with its exits at its right, from the top down; a single one stands level with it."""
    level = max(step.h, chips[0].h) if len(chips) == 1 else 0
    placed = [_moved(step, (0, top + max(0, level - step.h) / 2))]
    y = top + max(0, level - chips[0].h) / 2 if chips else top
    for chip in chips:
        placed.append(_moved(chip, (BOX + ARROW, y)))
        y += chip.h + GAP
    return placed


def _to_exit(step: Box, first: Box, chip: Box) -> tuple[Point, ...]:
    """All leave where the first exit is straight ahead; further ones branch off on the way."""
    start, end, branch = min(first.middle[1], step.y + step.h - PAD), chip.middle[1], step.x + step.w + ARROW / 2
    if step.node.kind == "question":
        start = step.middle[1]
    turn = () if start == end else ((branch, start), (branch, end))
    return ((step.x + step.w, start), *turn, (chip.x, end))


def _jumps(boxes: Mapping[str, Box], jumps: Sequence[Edge]) -> list[Line]:
    """Arrows that pass over steps, or lead upward: out at the left, along a lane, and in at the left."""
    ends = [(edge, boxes[edge.source], boxes[edge.target]) for edge in jumps]
    ends += [(edge, other, box) for edge, box, other in ends]
    ports: dict[tuple[Edge, str], float] = {}
    for key, box in boxes.items():  # in the order in which arrows that meet at a box do not cross there
        up = sorted((-other.y, jumps.index(edge), edge) for edge, one, other in ends if one is box and other.y < box.y)
        down = sorted(
            (-other.y, -jumps.index(edge), edge) for edge, one, other in ends if one is box and other.y > box.y
        )
        for number, (*_, edge) in enumerate([*up, *down], 1):
            ports[edge, key] = box.y + box.h * number / (len(up) + len(down) + 1)
    lanes: list[list[tuple[float, float]]] = []
    found: dict[Edge, tuple[Point, ...]] = {}
    for edge in sorted(jumps, key=lambda each: abs(ports[each, each.source] - ports[each, each.target])):
        start, end = ports[edge, edge.source], ports[edge, edge.target]
        upper, lower = sorted((start, end))
        free = (n for n, lane in enumerate(lanes) if all(lower < a or b < upper for a, b in lane))
        number = next(free, len(lanes))
        if number == len(lanes):
            lanes.append([])
        lanes[number].append((upper, lower))
        x = -FIRST - LANE * number
        found[edge] = ((0, start), (x, start), (x, end), (0, end))
    lines = []
    used: dict[tuple[str, bool], int] = {}  # rows of labels that stand below a step already, or above it
    for edge in jumps:
        box, falls, words = boxes[edge.source], boxes[edge.source].y < boxes[edge.target].y, _jump_words(edge)
        before = used.get((edge.source, falls), 0)
        used[edge.source, falls] = before + len(words)
        y = box.y + box.h + ROW * (before + len(words)) if falls else box.y - 7 - ROW * before
        lines.append(Line(edge, found[edge], Label(4 - FIRST, y, words)))
    return lines


def _onward_words(edge: Edge) -> tuple[str, ...]:
    return _wrapped(", ".join(edge.outcomes), BOX / 2 + ARROW + CHIP - 2 * PAD, SMALL)


def _jump_words(edge: Edge) -> tuple[str, ...]:
    """Between the lanes and the arrow to the next step."""
    return _wrapped(", ".join(edge.outcomes), FIRST + BOX / 2 - PAD, SMALL)


def _map(chart: Chart) -> tuple[list[Box], list[Line]]:
    """Rows from top to bottom, each part of the chart that hangs together below the last."""
    sizes = {node.key: sized(node, SHORT) for node in chart.nodes}
    pairs = {(edge.source, edge.target): edge for edge in chart.edges}
    backs = {edge: pairs.get((edge.target, edge.source)) for edge in chart.edges}
    drawn: list[Edge] = []
    for edge in chart.edges:
        if backs[edge] not in drawn:
            drawn.append(edge)
    boxes: list[Box] = []
    lines: list[Line] = []
    bottom = 0.0
    for part in _parts(sizes, drawn):
        top = min(y - sizes[key].h / 2 for key, (_, y) in part.places.items())
        placed = {
            key: _moved(sizes[key], (x - sizes[key].w / 2, y - sizes[key].h / 2 + bottom - top))
            for key, (x, y) in part.places.items()
        }
        boxes += placed.values()
        bends = {edge: [(x, y + bottom - top) for x, y in way] for edge, way in part.bends.items()}
        lines += [replace(line, back=backs[line.edge]) for line in _map_lines(placed, bends)]
        bottom = max(box.y + box.h for box in boxes) + RANKS
    return boxes, lines


@dataclass(frozen=True)
class _Part:
    """A part that hangs together: the centre of every block, and the bends of every edge, from the top down."""

    places: Mapping[str, Point]
    bends: Mapping[Edge, Sequence[Point]]


class _Vertex(Vertex):  # type: ignore[misc]
    """Known by its name: grandalf keeps sets, and their order would be another in every run."""

    def __hash__(self) -> int:
        return crc32(str(self.data).encode())


class _GraphEdge(GraphEdge):  # type: ignore[misc]
    def __hash__(self) -> int:
        return crc32(f"{self.data.source} {self.data.target}".encode())


def _parts(sizes: Mapping[str, Box], edges: Sequence[Edge]) -> list[_Part]:
    vertices = {key: _Vertex(key) for key in sizes}
    joined = [(edge, _GraphEdge(vertices[edge.source], vertices[edge.target], data=edge)) for edge in edges]
    for key, vertex in vertices.items():
        vertex.view = VertexViewer(sizes[key].w, sizes[key].h)
    back = _backward(list(sizes), edges)
    parts = []
    for component in Graph(list(vertices.values()), [edge for _, edge in joined]).C:
        members = [vertex for vertex in vertices.values() if vertex in list(component.sV)]
        own = {vertex.data for vertex in members}
        layout = SugiyamaLayout(component)
        layout.xspace, layout.yspace, layout.dw, layout.dh = GAP, RANKS, 6, 2
        layout.init_all(
            roots=[], inverted_edges=[graph for edge, graph in joined if edge in back and edge.source in own]
        )
        layout.draw(3)
        places = {vertex.data: vertex.view.xy for vertex in members}
        rows: dict[float, float] = {}
        for key, (_, y) in places.items():
            rows[y] = max(rows.get(y, 0), sizes[key].h)
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


def _map_lines(boxes: Mapping[str, Box], bends: Mapping[Edge, Sequence[Point]]) -> list[Line]:
    """The arrows of a map. Those that meet one side of a box spread along it, in the order of where they go."""
    sides: list[tuple[str, str, float, Edge]] = []
    for edge, way in bends.items():
        source, target = boxes[edge.source], boxes[edge.target]
        upper, lower = (source, target) if source.y < target.y else (target, source)
        aim = [(upper.node.key, "below", way[0][0] if way else lower.x + lower.w / 2)]
        aim.append((lower.node.key, "above", way[-1][0] if way else upper.x + upper.w / 2))
        sides += [(key, side, x + (0.1 if upper is target else 0), edge) for key, side, x in aim]
    ports: dict[tuple[Edge, str], float] = {}
    for (key, side), group in groupby(sorted(sides, key=lambda each: each[:3]), key=lambda each: each[:2]):
        members = list(group)
        for index, (_, _, _, edge) in enumerate(members, 1):
            ports[edge, side] = boxes[key].x + boxes[key].w * index / (len(members) + 1)
    lines = []
    for edge, way in bends.items():
        source, target = boxes[edge.source], boxes[edge.target]
        falls = source.y < target.y
        upper, lower = (source, target) if falls else (target, source)
        above, below = (ports[edge, "below"], upper.y + upper.h), (ports[edge, "above"], lower.y)
        down = (above, *way, below)
        lines.append(Line(edge, down if falls else down[::-1]))
    return lines


def sized(node: Node, width: float) -> Box:
    """A box of that width, as high as its words need."""
    size = letters(node)
    if node.kind == "question":
        return _diamond(node, width, size)
    title = _wrapped(node.title, width - 2 * PAD, size * BOLD)
    small = _wrapped(node.small, width - 2 * PAD, SMALL) if node.small else ()
    return Box(node, 0, 0, width, LINE * (len(title) + len(small)) + 2 * PAD, title, small)


def _diamond(node: Node, width: float, size: float) -> Box:
    """The flattest that holds its words: at their upper edge it is still as wide as they are."""
    tries = []
    for wrapped in {_wrapped(node.title, width * part / 10, size) for part in range(3, 8)}:
        free = 1 - max(text_width(line, size) for line in wrapped) / width
        if free > 0:
            tries.append((max(LINE * len(wrapped) / free, 3 * LINE), wrapped))
    height, title = min(tries)
    return Box(node, 0, 0, width, height, title, ())


def _moved(box: Box, by: Point) -> Box:
    return replace(box, x=box.x + by[0], y=box.y + by[1])


def _trimmed(chart: Chart, boxes: Sequence[Box], lines: Sequence[Line]) -> Drawing:
    """Everything moved so that the leftmost and the topmost ink stand at the margin."""
    labels = [line.label for line in lines if line.label]
    points = [point for line in lines for point in line.points]
    spans = [(box.x, box.x + box.w) for box in boxes] + [(each.x, each.x + each.w) for each in labels]
    left, right = (*zip(*spans, *((x, x) for x, _ in points), strict=True),)
    by = (MARGIN - min(left), MARGIN - min(box.y for box in boxes))

    def moved(line: Line) -> Line:
        label = line.label and replace(line.label, x=line.label.x + by[0], y=line.label.y + by[1])
        return replace(line, points=tuple((x + by[0], y + by[1]) for x, y in line.points), label=label)

    return Drawing(
        chart,
        tuple(_moved(box, by) for box in boxes),
        tuple(moved(line) for line in lines),
        max(right) + by[0] + MARGIN,
        max(box.y + box.h for box in boxes) + by[1] + MARGIN,
    )


def _wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def text_width(text: str, size: float) -> float:
    """How wide a text comes out at most, near enough: fonts differ from reader to reader."""
    return (
        sum(0.36 if c in "iljtfr.,:;'|!()[] " else 0.92 if c in "mwMW—…" else 0.7 if c.isupper() else 0.6 for c in text)
        * size
    )

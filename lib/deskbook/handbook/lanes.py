"""Drawing a road in lanes: one lane for each role, rows from top to bottom, arrows along the gaps between them.

A gap is never crossed by a box, so an arrow that keeps to gaps touches nobody but its own two boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from deskbook.handbook.flowchart import Chart, Edge
from deskbook.handbook.layout import SMALL, Box, Drawing, Label, Lane, Line, Point, sized, text_width

WIDTH, MARGIN, HEAD = 171, 4, 24  # a lane, around all, the lane's name
BOXES = {"step": 124, "question": 142, "start": 140, "end": 140}  # how wide each is
GAP, TRACK, TEXT = 16, 7, 13  # between rows at least, between arrows side by side, a label on an arrow

Cell = tuple[int, int]  # lane and row, from 0


@dataclass(frozen=True)
class _Way:
    """How an arrow goes: out of one side of its box and in at another; by which gap beside a lane, or straight."""

    edge: Edge
    out: str  # left, right, below
    into: str  # left, right, above
    beside: int | None  # the gap at the left of the lane of that number
    straight: bool


def lay_out(chart: Chart) -> Drawing:
    """Every box in the lane of whoever does it."""
    lanes = list(dict.fromkeys(node.lane for node in chart.nodes))
    cells = _cells(chart, lanes)
    ways = _ways(chart, cells)
    across = _tracks(ways, lambda way: list(_across(way, cells)))
    along = _tracks(ways, lambda way: list(_along(way, cells)))
    boxes, rows = _boxes(chart, cells, ways, across)
    grid = _Grid(cells, boxes, rows, across, along)
    lines = [_line(way, grid) for way in ways]
    height = max(*(box.y + box.h for box in boxes.values()), *(bottom for _, bottom in rows.values())) + GAP / 2
    strips = tuple(Lane(name, MARGIN + WIDTH * index, WIDTH, height) for index, name in enumerate(lanes))
    return Drawing(chart, tuple(boxes.values()), tuple(lines), WIDTH * len(lanes) + 2 * MARGIN, height + MARGIN, strips)


def _cells(chart: Chart, lanes: Sequence[str]) -> Mapping[str, Cell]:
    """In the order of the chart: below what its lane holds already, and not above what leads to it."""
    cells: dict[str, Cell] = {}
    for node in chart.nodes:
        if node.kind == "end":
            continue
        lane, row = lanes.index(node.lane), 0
        row = max([row, *(r + 1 for own, r in cells.values() if own == lane)])
        for edge in chart.edges:
            if edge.target == node.key and edge.source in cells:
                other, above = cells[edge.source]
                beside = abs(other - lane) == 1 and node.kind != "question"  # whose sides are for its answers
                row = max(row, above + (not beside))
        cells[node.key] = lane, row
        for edge in chart.edges:  # its ends stand level with it, where there is room
            if edge.source == node.key and chart.node(edge.target).kind == "end":
                other = lanes.index(chart.node(edge.target).lane)
                cells[edge.target] = other, max([row, *(r + 1 for own, r in cells.values() if own == other)])
    return cells


def _ways(chart: Chart, cells: Mapping[str, Cell]) -> list[_Way]:
    """Those that go straight first: they have no other side to choose."""
    ways = [way for edge in chart.edges if (way := _straight(edge, cells))]
    used = {(way.edge.source, way.out) for way in ways}
    for edge in chart.edges:
        if edge in {way.edge for way in ways}:
            continue
        (lane, row), (other, below) = cells[edge.source], cells[edge.target]
        side = "left" if other < lane else "right"
        first = side if chart.node(edge.source).kind == "question" or below <= row else "below"
        out = next((each for each in (first, "below", "left", "right") if (edge.source, each) not in used), first)
        beside = None if below == row + 1 else other + (other < lane)
        ways.append(_Way(edge, out, "above", beside if out == "below" else lane + (out == "right"), straight=False))
        used.add((edge.source, out))
    return ways


def _straight(edge: Edge, cells: Mapping[str, Cell]) -> _Way | None:
    """To the next box below, or beside, with nothing between."""
    (lane, row), (other, below) = cells[edge.source], cells[edge.target]
    if other == lane and below > row and _free(cells, ((lane, each) for each in range(row + 1, below))):
        return _Way(edge, "below", "above", None, straight=True)
    if row == below and _free(cells, ((each, row) for each in range(min(lane, other) + 1, max(lane, other)))):
        out, into = ("left", "right") if other < lane else ("right", "left")
        return _Way(edge, out, into, None, straight=True)
    return None


def _free(cells: Mapping[str, Cell], wanted: Iterable[Cell]) -> bool:
    return not set(wanted) & set(cells.values())


Stretch = tuple[int, float, float]  # the number of a gap, and from where to where in it


def _across(way: _Way, cells: Mapping[str, Cell]) -> Iterable[Stretch]:
    """Where it runs between two rows: in the gap above the row of that number."""
    if way.straight:
        return
    (lane, row), (other, below) = cells[way.edge.source], cells[way.edge.target]
    begin, end, turn = lane + 0.5, other + 0.5, way.beside
    if way.out == "below" and turn is not None:
        yield row + 1, min(begin, turn), max(begin, turn)
    last = begin if turn is None else turn
    yield below, min(last, end), max(last, end)


def _along(way: _Way, cells: Mapping[str, Cell]) -> Iterable[Stretch]:
    """Where it runs between two lanes: in the gap at the left of the lane of that number."""
    if way.beside is not None:
        row, below = cells[way.edge.source][1], cells[way.edge.target][1]
        begin = row + (0.5 if way.out != "below" else 1)
        yield way.beside, min(begin, below), max(begin, below)


Tracks = Mapping[tuple[Edge, int], int]


def _tracks(ways: Sequence[_Way], stretches: Callable[[_Way], Sequence[Stretch]]) -> Tracks:
    """A track in each gap for each arrow, so that only those to one box run on one another."""
    taken: dict[int, list[list[tuple[float, float, str]]]] = {}
    found: dict[tuple[Edge, int], int] = {}
    for way in ways:
        target = way.edge.target
        for gap, begin, end in stretches(way):
            tracks = taken.setdefault(gap, [])
            fits = (
                number
                for number, track in enumerate(tracks)
                if all(end < b or e < begin or to == target for b, e, to in track)
            )
            number = next(fits, len(tracks))
            if number == len(tracks):
                tracks.append([])
            tracks[number].append((begin, end, target))
            found[way.edge, gap] = number
    return found


def _boxes(
    chart: Chart, cells: Mapping[str, Cell], ways: Sequence[_Way], across: Tracks
) -> tuple[dict[str, Box], Mapping[int, tuple[float, float]]]:
    """The boxes, and where each row begins and ends."""
    sizes = {key: sized(chart.node(key), BOXES[chart.node(key).kind]) for key in cells}
    worded = {cells[way.edge.source][1] + 1 for way in ways if way.out == "below" and way.edge.outcomes}
    rows: dict[int, tuple[float, float]] = {}
    boxes: dict[str, Box] = {}
    y: float = MARGIN + HEAD
    passed = [stretch for way in ways for stretch in _across(way, cells)]
    used = [*(row for _, row in cells.values()), *(gap for gap, _, _ in passed)]  # an arrow may run below all boxes
    for row in range(max(used) + 1):
        here = {key: sizes[key] for key, (_, at) in cells.items() if at == row}
        low = [key for key in here if sizes[key].node.kind == "end" and not _passed(cells[key], passed)]
        height = max((box.h for key, box in here.items() if key not in low), default=0)
        arrows = max((track + 1 for (_, gap), track in across.items() if gap == row), default=0)
        y += GAP + TRACK * arrows + TEXT * (row in worded)
        for key, box in here.items():  # an end may be higher than its row, where no arrow and no box is in its way
            over = (each.y + each.h for other, each in boxes.items() if cells[other][0] == cells[key][0])
            above = max(over, default=0.0)
            y = max(y, above + GAP / 2 + (box.h - height) / 2)
        rows[row] = (y, y + height)
        for key, box in here.items():
            x = MARGIN + WIDTH * cells[key][0] + (WIDTH - box.w) / 2
            boxes[key] = replace(box, x=x, y=y + (height - box.h) / 2)
        y += height
    return boxes, rows


def _passed(cell: Cell, passed: Iterable[Stretch]) -> bool:
    """Whether an arrow runs right above or below a cell."""
    lane, row = cell
    return any(gap in (row, row + 1) and begin < lane + 1 and lane < end for gap, begin, end in passed)


@dataclass(frozen=True)
class _Grid:
    """All that an arrow is drawn by: where boxes and rows are, and which track it has in each gap."""

    cells: Mapping[str, Cell]
    boxes: Mapping[str, Box]
    rows: Mapping[int, tuple[float, float]]
    across: Tracks
    along: Tracks


def _line(way: _Way, grid: _Grid) -> Line:
    start, end = _port(grid.boxes[way.edge.source], way.out), _port(grid.boxes[way.edge.target], way.into)
    lane, row = grid.cells[way.edge.source]
    crowded = not _free(grid.cells, [(lane + (1 if way.out == "right" else -1), row)])
    label = _label(way, start, crowded=crowded)
    if way.straight:
        level = end if way.out == "below" else (end[0], start[1])
        return Line(way.edge, (start, level), label)

    def height(gap: int) -> float:
        return grid.rows[gap][0] - GAP / 2 - TRACK * grid.across[way.edge, gap]

    below = grid.cells[way.edge.target][1]
    points = [start]
    if way.beside is not None:
        x = MARGIN + WIDTH * way.beside + TRACK * (grid.along[way.edge, way.beside] - 0.5)  # on no lane's border
        points += [(start[0], height(row + 1))] if way.out == "below" else []
        points += [(x, points[-1][1]), (x, height(below))]
    else:
        points.append((start[0], height(below)))
    points += [(end[0], height(below)), end]
    return Line(way.edge, _plain(points), label)


def _plain(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without points that lie on one another."""
    return (points[0], *(after for before, after in pairwise(points) if before != after))


def _port(box: Box, side: str) -> Point:
    x, y = box.middle
    return {"left": (box.x, y), "right": (box.x + box.w, y), "below": (x, box.y + box.h), "above": (x, box.y)}[side]


def _label(way: _Way, start: Point, *, crowded: bool) -> Label | None:
    if not way.edge.outcomes:
        return None
    words, (x, y) = ", ".join(way.edge.outcomes), start
    lines = (words,) if way.out == "below" or not crowded else tuple(words.split())
    wide = max(text_width(line, SMALL) for line in lines)
    at = {"left": (x - 3 - wide, y - 5), "right": (x + 3, y - 5), "below": (x + 6, y + TEXT)}[way.out]
    return Label(*at, lines)

"""Flowcharts say what the process says, and nothing in them overlaps."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, permutations
from xml.etree import ElementTree

import pytest
from building import PROCESS

from deskbook.handbook import flowchart, svg
from deskbook.handbook import layout as drawing
from deskbook.handbook.flowchart import Chart, Edge, Node
from deskbook.handbook.layout import Box, Drawing

NAMES = list(PROCESS.runbooks)
SVG = "{http://www.w3.org/2000/svg}"


def chart(name: str) -> Chart:
    return flowchart.of_runbook(PROCESS, name) if name else flowchart.of_everything(PROCESS)


def drawn(name: str) -> Drawing:
    return drawing.lay_out(chart(name))


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.w <= other.x or other.x + other.w <= one.x or one.y + one.h <= other.y or other.y + other.h <= one.y
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_a_box(name: str) -> None:
    steps = [node.target for node in chart(name).nodes if node.kind == "step"]
    assert steps == [step.id for step in PROCESS.runbooks[name].steps]


@pytest.mark.parametrize("name", NAMES)
def test_every_outcome_is_on_the_arrow_to_where_it_leads(name: str) -> None:
    found = chart(name)
    shown = {(e.source, o, found.node(e.target).target) for e in found.edges for o in e.outcomes}
    assert shown == {(s.id, o, t) for s in PROCESS.runbooks[name].steps for o, t in s.outcomes.items()}


def test_the_whole_flow_joins_runbooks_as_their_outcomes_do() -> None:
    found = flowchart.of_everything(PROCESS)
    ways = {(s.runbook, t.split(".")[0]) for s in PROCESS.steps() for t in s.outcomes.values() if "." in t}
    assert {(edge.source, edge.target) for edge in found.edges} == {(a, b) for a, b in ways if a != b}
    assert [node.target for node in found.nodes] == NAMES


@pytest.mark.parametrize("name", ["", *NAMES])
def test_every_box_and_arrow_is_drawn_once(name: str) -> None:
    found = drawn(name)
    assert sorted(box.node.key for box in found.boxes) == sorted(node.key for node in found.chart.nodes)
    arrows = [edge for line in found.lines for edge in (line.edge, line.back) if edge]
    assert sorted((edge.source, edge.target) for edge in arrows) == sorted(
        (edge.source, edge.target) for edge in found.chart.edges
    )


@pytest.mark.parametrize("name", ["", *NAMES])
def test_no_two_boxes_overlap_and_all_are_inside(name: str) -> None:
    found = drawn(name)
    touching = [(a.node.key, b.node.key) for a, b in combinations(found.boxes, 2) if not apart(a, b)]
    assert not touching
    assert all(box.x >= 0 and box.x + box.w <= found.width for box in found.boxes)
    assert all(box.y >= 0 and box.y + box.h <= found.height for box in found.boxes)


@pytest.mark.parametrize("name", ["", *NAMES])
def test_no_arrow_bends_inside_a_box(name: str) -> None:
    found = drawn(name)
    for line in found.lines:
        for x, y in line.points[1:-1]:
            inside = [b.node.key for b in found.boxes if b.x < x < b.x + b.w and b.y < y < b.y + b.h]
            assert not inside, f"{line.edge.source} → {line.edge.target} passes through {inside}"


@pytest.mark.parametrize("name", ["", *NAMES])
def test_every_arrow_touches_both_its_boxes(name: str) -> None:
    found = drawn(name)
    boxes = {box.node.key: box for box in found.boxes}
    for line in found.lines:
        for (x, y), key in ((line.points[0], line.edge.source), (line.points[-1], line.edge.target)):
            box = boxes[key]
            near = box.x - 1 <= x <= box.x + box.w + 1 and box.y - drawing.ARROW <= y <= box.y + box.h + drawing.ARROW
            assert near, f"the arrow {line.edge.source} → {line.edge.target} misses {key}"


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_chart_fits_a_phone(name: str) -> None:
    assert drawn(name).width <= 358


def test_parts_that_do_not_hang_together_are_all_drawn() -> None:
    nodes = tuple(Node(key, "runbook", key, key.title()) for key in "abcd")
    found = drawing.lay_out(Chart("Parts", nodes, (Edge("a", "b", ("on",)),)))
    assert len(found.boxes) == 4
    assert all(apart(a, b) for a, b in combinations(found.boxes, 2))


@pytest.mark.parametrize("order", list(permutations(("a.a", "a.b", "a.c"))))
def test_a_chart_of_arrows_in_a_circle_is_drawn_from_its_first_box_down(order: tuple[str, ...]) -> None:
    nodes = tuple(Node(key, "step", key, key) for key in order)
    edges = (Edge("a.a", "a.b", ("x",)), Edge("a.b", "a.c", ("x",)), Edge("a.c", "a.a", ("again",)))
    found = drawing.lay_out(Chart("Circle", nodes, edges))
    assert len(found.lines) == 3
    assert found.boxes[0].node.key == order[0]
    assert found.boxes[0].y == min(box.y for box in found.boxes)


def test_two_runbooks_that_lead_to_one_another_share_an_arrow_with_two_tips() -> None:
    nodes = tuple(Node(key, "runbook", key, key.title()) for key in "ab")
    found = drawing.lay_out(Chart("Pair", nodes, (Edge("a", "b", ("on",)), Edge("b", "a", ("back",)))))
    assert [(line.edge.source, line.back and line.back.source) for line in found.lines] == [("a", "b")]
    assert svg.write(found, lambda _: None, "n").count("url(#n-tip)") == 2


@pytest.mark.parametrize("name", NAMES)
def test_what_an_arrow_says_touches_no_box_and_no_other_text(name: str) -> None:
    found = drawn(name)
    texts = [
        replace(found.boxes[0], x=label.x, y=label.y - 12 - drawing.ROW * (len(label.lines) - 1), w=label.w,
                h=12 + drawing.ROW * (len(label.lines) - 1))
        for label in (line.label for line in found.lines)
        if label
    ]  # fmt: skip
    joined = [edge for edge in found.chart.edges if found.chart.node(edge.target).kind == "step"]
    assert texts or not joined  # an exit bears its own word
    assert all(apart(text, box) for text in texts for box in found.boxes)
    assert all(apart(one, other) for one, other in combinations(texts, 2))


def test_an_exit_does_not_say_its_name_twice() -> None:
    ends = [node for node in chart("timebox").nodes if node.kind == "end"]
    assert {(node.title, node.small) for node in ends} >= {("Ended", ""), ("Waiting approval", "waiting")}


def test_what_a_text_says_is_escaped() -> None:
    nasty = '<b onload="x">&</b>'
    node = Node("a.a", "step", "a.a", nasty, nasty)
    found = Chart(nasty, (node, Node("e", "end", "e", nasty, nasty)), (Edge("a.a", "e", (nasty,)),))
    text = svg.write(drawing.lay_out(found), lambda _: f"#{nasty}", "n")
    assert "<b" not in text
    ElementTree.fromstring(text)


@pytest.mark.parametrize("name", ["", *NAMES])
def test_the_svg_has_a_title_a_description_links_and_no_colour_of_its_own(name: str) -> None:
    found = drawn(name)
    root = ElementTree.fromstring(svg.write(found, lambda node: f"#{node.target}", "n"))
    assert root.findtext(f"{SVG}title") == f"Flowchart: {found.chart.title}"
    assert root.findtext(f"{SVG}desc")
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == [f"#{box.node.target}" for box in found.boxes]
    allowed = {"none", "currentColor", "context-stroke", None}
    assert {each.get(paint) for each in root.iter() for paint in ("fill", "stroke")} <= allowed
    assert min(float(text.get("font-size", "0")) for text in root.iter(f"{SVG}text")) >= 12


def test_the_same_process_is_drawn_the_same_in_every_run() -> None:
    program = (
        "from deskbook.handbook import flowchart, layout; from deskbook.config.process import load_process;"
        "print([layout.lay_out(flowchart.of_everything(load_process())).boxes])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},  # what a set's order follows
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop()) > 100


@pytest.mark.parametrize("name", ["", *NAMES])
def test_the_words_below_say_every_way(name: str) -> None:
    found = chart(name)
    said = [(node.key, target.key) for node, ways in flowchart.words(found) for _, target in ways]
    assert sorted(said) == sorted((edge.source, edge.target) for edge in found.edges)

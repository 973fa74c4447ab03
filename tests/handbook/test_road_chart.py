"""The whole road on one picture: it says what the process says, and its arrows run through nobody's box."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from building import ORGANIZATION, PROCESS

from deskbook.config.organization import load_organization
from deskbook.config.process import Process, Stop, load_process
from deskbook.errors import DefinitionError
from deskbook.handbook import chapters, flowchart, lanes, layout, road, svg
from deskbook.handbook.flowchart import Chart
from deskbook.handbook.layout import Box, Drawing, Point

OTHERS = sorted((Path(__file__).parents[1] / "organizations").glob("*.yaml"))
# All but the one that leads to itself first: without it, what comes before leads in a circle.
STOPS = [index for index, stop in enumerate(PROCESS.road) if stop.step != "incident.update"]
CHART = road.of_road(PROCESS, ORGANIZATION)
SVG = "{http://www.w3.org/2000/svg}"


def without(*indexes: int) -> Process:
    stops = tuple(stop for index, stop in enumerate(PROCESS.road) if index not in indexes)
    return PROCESS.model_copy(update={"road": stops})


def crosses(box: Box, start: Point, end: Point) -> bool:
    """Whether a level or plumb stretch runs through the inside of a box."""
    (left, right), (upper, lower) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return left < box.x + box.w and box.x < right + 0.01 and upper < box.y + box.h and box.y < lower + 0.01


def faults(found: Drawing) -> list[str]:
    boxes = {box.node.key: box for box in found.boxes}
    wrong = [
        f"{a.node.key} on {b.node.key}"
        for a, b in combinations(found.boxes, 2)
        if a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h
    ]
    for box in found.boxes:
        lane = next(lane for lane in found.lanes if lane.name == box.node.lane)
        if not (lane.x <= box.x and box.x + box.w <= lane.x + lane.w and box.y + box.h <= lane.height):
            wrong.append(f"{box.node.key} outside its lane")
    for line in found.lines:
        for start, end in pairwise(line.points):
            if start[0] != end[0] and start[1] != end[1]:
                wrong.append(f"{line.edge} runs aslant")
            wrong += [
                f"{line.edge} through {key}"
                for key, box in boxes.items()
                if key not in (line.edge.source, line.edge.target) and crosses(box, start, end)
            ]
    return wrong


def test_every_stop_is_a_box_or_a_diamond_with_the_lane_of_whoever_does_it() -> None:
    kinds = {node.key: (node.kind, node.target) for node in CHART.nodes if node.own and node.target}
    assert list(kinds.values()) == [("question" if stop.asks else "step", stop.step) for stop in PROCESS.road]
    for node in CHART.nodes:
        if node.own and node.target:
            role = PROCESS.roles[PROCESS.step(node.target).role]
            assert node.lane == PROCESS.roles[role.held_by].name if role.held_by else role.name


def test_an_arrow_leads_where_its_outcome_leads_past_what_is_not_drawn() -> None:
    ways = {(edge.source, edge.outcomes): edge.target for edge in CHART.edges}
    assert ways["triage.screen?", ("yes",)] == "triage.authorise?"  # past triage.associate
    assert ways["triage.screen?", ("no",)] == "triage.screen? to closed"
    assert ways["triage.categorise?", ("an outage",)] == "incident.declare"
    assert ways["timebox.work?", ("yes",)] == "resolve.confirm"
    assert ways["resolve.reopen", ()] == "triage.watch"
    assert ways["start", ()] == "triage.watch"
    assert {edge.target for edge in CHART.edges} | {"start"} == {node.key for node in CHART.nodes}


def test_every_question_has_two_answers_at_least_and_says_them() -> None:
    for node in CHART.nodes:
        if node.kind == "question":
            answers = [edge.outcomes for edge in CHART.edges if edge.source == node.key]
            assert len(answers) > 1
            assert all(answers)


def test_it_begins_with_the_ways_in_and_ends_with_the_survey() -> None:
    assert ORGANIZATION.support.mail in CHART.nodes[0].small
    assert "widget" in CHART.nodes[0].small
    ends = {node.target: node.small for node in CHART.nodes if node.kind == "end"}
    assert {"closed", "resolved"} <= set(ends)
    assert "survey" in ends["resolved"]


def test_in_lanes_nothing_overlaps_and_no_arrow_runs_through_a_box() -> None:
    assert faults(lanes.lay_out(CHART)) == []


@pytest.mark.parametrize("index", STOPS)
def test_without_any_one_stop_it_is_still_whole(index: int) -> None:
    assert faults(lanes.lay_out(road.of_road(without(index), ORGANIZATION))) == []


@pytest.mark.parametrize("pair", list(combinations(STOPS, 2))[::5])
def test_without_any_two_stops_either(pair: tuple[int, int]) -> None:
    assert faults(lanes.lay_out(road.of_road(without(*pair), ORGANIZATION))) == []


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_another_organisation_has_its_own_address_on_it(path: Path) -> None:
    other = load_organization(path)
    chart = road.of_road(load_process(organization=other), other)
    assert other.support.mail in chart.nodes[0].small
    assert faults(lanes.lay_out(chart)) == []


def test_a_road_that_leads_in_a_circle_says_so() -> None:
    stops = (Stop(step="triage.watch"), Stop(step="incident.update"))
    with pytest.raises(DefinitionError, match=r"'running' of incident\.update leads in a circle"):
        road.of_road(PROCESS.model_copy(update={"road": stops}), ORGANIZATION)


def test_a_process_without_a_road_has_its_beginning() -> None:
    chart = road.of_road(PROCESS.model_copy(update={"road": ()}), ORGANIZATION)
    assert [node.key for node in chart.nodes] == ["start"]


def test_on_a_narrow_page_every_box_and_every_answer_stands_in_one_column() -> None:
    narrow = road.in_one_column(CHART)
    found = layout.lay_out(narrow)
    assert found.width <= 358
    own = [node.key for node in narrow.nodes if node.own]
    assert sorted(own) == sorted(node.key for node in CHART.nodes if node.own)
    assert own[:3] == ["start", "triage.watch", "triage.screen?"]
    said = {(edge.source, edge.outcomes, narrow.node(edge.target).target) for edge in narrow.edges}
    assert said == {(edge.source, edge.outcomes, CHART.node(edge.target).target) for edge in CHART.edges}


@pytest.mark.parametrize("chart", [CHART, road.in_one_column(CHART)], ids=["lanes", "column"])
def test_it_is_drawn_with_links_and_letters_that_can_be_read(chart: Chart) -> None:
    drawing = lanes.lay_out(chart) if chart is CHART else layout.lay_out(chart)
    root = ElementTree.fromstring(svg.write(drawing, lambda node: f"#{node.target}" if node.target else None, "n"))
    assert len(list(root.iter(f"{SVG}a"))) == len(chart.nodes) - 1
    assert min(float(text.get("font-size", "0")) for text in root.iter(f"{SVG}text")) >= 12
    assert len([path for path in root.iter(f"{SVG}path") if path.get("class") == "flow-line"]) == len(chart.edges)


def test_what_an_arrow_says_in_lanes_touches_no_box() -> None:
    drawing = lanes.lay_out(CHART)
    for label in (line.label for line in drawing.lines if line.label):
        top = label.y - 10 - 15 * (len(label.lines) - 1)
        for box in drawing.boxes:
            apart = label.x + label.w <= box.x or box.x + box.w <= label.x or label.y <= box.y or box.y + box.h <= top
            assert apart or box.node.kind == "question", (label.lines, box.node.key)  # whose corners are empty


def test_the_words_below_name_who_does_it_and_where_each_answer_leads() -> None:
    told = chapters.in_words(PROCESS, CHART)
    assert "- Support Triager: [Does it need us?](#step-triage-screen)" in told
    assert "  - *yes* leads to [May they ask?](#step-triage-authorise)" in told
    assert told.count("\n  - ") == len(CHART.edges)
    assert flowchart.words(replace(CHART, edges=()))

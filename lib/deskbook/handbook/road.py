"""The whole road of a ticket as one chart: who does what, from the first mail to the survey, with the questions between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from deskbook.config.organization import Organization
from deskbook.config.process import Process, Stop
from deskbook.errors import DefinitionError
from deskbook.handbook.flowchart import Chart, Edge, Node, end_name

START = "start"
COMMUNITY = "The community"


def of_road(process: Process, organization: Organization) -> Chart:
    """The stops of `road`, in their order; a node's lane is the name of whoever does it.

    DefinitionError where what is drawn leads to nothing that is drawn.
    """
    ways = f"by mail to {organization.support.mail}, or by the web widget"
    nodes = [Node(START, "start", "", "Somebody writes", ways, COMMUNITY)]
    edges = []
    begun: set[str] = set()
    shown = {stop.step: _key(stop) for stop in reversed(process.road)}  # a step's box comes before its question
    if process.road:
        edges.append(Edge(START, shown[process.road[0].step], ()))
    for stop, after in zip(process.road, [*process.road, None][1:], strict=True):
        part = process.step(stop.step).runbook
        nodes.append(_node(process, stop, first=part not in begun))
        begun.add(part)
        if after and after.step == stop.step:
            edges.append(Edge(_key(stop), _key(after), ()))
        for outcome, words in _drawn(process, stop, after).items():
            target = _next(process, stop, outcome, shown)
            key = shown.get(target, f"{_key(stop)} to {target}")
            if key not in shown.values():
                nodes.append(Node(key, "end", target, end_name(target), process.ends[target], COMMUNITY))
            edges.append(Edge(_key(stop), key, (words,) if words else ()))
    return Chart("From the first mail to the survey", tuple(nodes), tuple(edges))


def in_one_column(chart: Chart) -> Chart:
    """The same for a narrow page: the plain way first, then its side roads; an arrow that would jump is a box of its own."""
    stops: list[Node] = []

    def follow(node: Node) -> None:
        if node.own and node not in stops:
            stops.append(node)
            for edge in reversed([each for each in chart.edges if each.source == node.key]):
                follow(chart.node(edge.target))

    follow(chart.nodes[0])
    after = {one.key: other.key for one, other in pairwise(stops)}
    nodes, edges = [], []
    for node in stops:
        nodes.append(node if node.kind == "start" else replace(node, small=_who(node)))
        for edge in (each for each in chart.edges if each.source == node.key):
            target = chart.node(edge.target)
            if after.get(node.key) == target.key:
                edges.append(edge)
                continue
            key, kind = f"{node.key} to {target.key}", "way" if target.own else "end"
            small = ", ".join(edge.outcomes) if target.own else ": ".join((*edge.outcomes, target.small))
            nodes.append(Node(key, kind, target.target, target.title, small, target.lane))
            edges.append(Edge(node.key, key, edge.outcomes))
    return Chart(chart.title, tuple(nodes), tuple(edges))


def _key(stop: Stop) -> str:
    return f"{stop.step}?" if stop.asks else stop.step


def _who(node: Node) -> str:
    return " · ".join(filter(None, (node.lane, node.small))) if node.kind == "step" else ""


def _node(process: Process, stop: Stop, *, first: bool) -> Node:
    """The first box of each part of the process bears its name, and a box whose role another holds names that."""
    step = process.step(stop.step)
    role = process.roles[step.role]
    lane = process.roles[role.held_by].name if role.held_by else role.name
    kind, title = ("question", stop.asks) if stop.asks else ("step", step.title)
    small = [process.runbooks[step.runbook].title] if first else []
    small += [role.name] if role.held_by else []
    return Node(_key(stop), kind, step.id, title, "" if stop.asks else " · ".join(small), lane)


def _drawn(process: Process, stop: Stop, after: Stop | None) -> Mapping[str, str]:
    """The outcomes that are drawn, with their words. A step that its own question follows needs none."""
    if stop.answers or (after and after.step == stop.step):
        return stop.answers
    return {next(iter(process.step(stop.step).outcomes)): ""}


def _next(process: Process, stop: Stop, outcome: str, shown: Mapping[str, str]) -> str:
    """Where an outcome leads, past the steps that are not drawn."""
    target, passed = process.step(stop.step).outcomes[outcome], {stop.step}
    while "." in target:
        if target in passed:
            problem = f"'{outcome}' of {stop.step} leads in a circle, past nothing that is drawn"
            raise DefinitionError(f"process.yaml @ /road: {problem}; draw another of its outcomes, or {target}")
        if target in shown:
            break
        passed.add(target)
        target = next(iter(process.step(target).outcomes.values()))
    return target

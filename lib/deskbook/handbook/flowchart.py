"""Flowcharts of the process: which boxes there are, and which outcomes lead from one to another.

Inside a runbook the steps are boxes, and each outcome that leaves the runbook has a small box of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from deskbook.config.process import Process, Step


@dataclass(frozen=True)
class Node:
    """A box. `target` is what a reader may go to: a step's id, a runbook's name, an end's name; empty for nothing.

    `lane` is the name of whoever does it, on a chart that has lanes.
    """

    key: str
    kind: str  # step, question, way (a step of another runbook), end, runbook, start
    target: str
    title: str
    small: str = ""
    lane: str = ""

    @property
    def own(self) -> bool:
        """Whether it stands for itself; an exit stands with the step that it leaves."""
        return self.kind in ("step", "runbook", "question", "start")


@dataclass(frozen=True)
class Edge:
    """An arrow with the outcomes that take it."""

    source: str
    target: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, key: str) -> Node:
        return next(node for node in self.nodes if node.key == key)


def of_runbook(process: Process, name: str) -> Chart:
    """One runbook: its steps, and for each step a box of its own for every place outside that it can lead to."""
    runbook = process.runbooks[name]
    own = {step.id for step in runbook.steps}
    nodes, edges = [], []
    for number, step in enumerate(runbook.steps, 1):
        nodes.append(Node(step.id, "step", step.id, f"{number}. {step.title}", process.roles[step.role].name))
        for target, outcomes in by_target(step):
            if target in own and target != step.id:
                edges.append(Edge(step.id, target, outcomes))
                continue
            key = f"{step.id} to {target}"
            nodes.append(_exit(process, key, target, outcomes, again=target == step.id))
            edges.append(Edge(step.id, key, outcomes))
    return Chart(runbook.title, tuple(nodes), tuple(edges))


def of_everything(process: Process) -> Chart:
    """The runbooks, and the ways from one to another."""
    nodes = [Node(name, "runbook", name, runbook.title) for name, runbook in process.runbooks.items()]
    ways: dict[tuple[str, str], list[str]] = {}
    for step in process.steps():
        for outcome, target in step.outcomes.items():
            if "." in target and target.split(".")[0] != step.runbook:
                ways.setdefault((step.runbook, target.split(".")[0]), []).append(outcome)
    edges = [Edge(source, target, tuple(dict.fromkeys(outcomes))) for (source, target), outcomes in ways.items()]
    return Chart("The support process", tuple(nodes), tuple(edges))


def end_name(end: str) -> str:
    """`waiting-approval` as `Waiting approval`."""
    return end.replace("-", " ").capitalize()


def way_name(process: Process, step: Step) -> str:
    return f"{process.runbooks[step.runbook].title}: {step.title}"


def words(chart: Chart) -> list[tuple[Node, list[tuple[str, Node]]]]:
    """The chart as a list: each box with what can follow it."""
    following = [
        (node, [(", ".join(edge.outcomes), chart.node(edge.target)) for edge in chart.edges if edge.source == node.key])
        for node in chart.nodes
    ]
    return [(node, ways) for node, ways in following if ways or node.own]


def by_target(step: Step) -> list[tuple[str, tuple[str, ...]]]:
    """Where a step can lead, each place once, with the outcomes that lead there."""
    targets = dict.fromkeys(step.outcomes.values())
    return [(target, tuple(o for o, t in step.outcomes.items() if t == target)) for target in targets]


def _exit(process: Process, key: str, target: str, outcomes: tuple[str, ...], *, again: bool) -> Node:
    small = ", ".join(outcomes)
    if again:
        return Node(key, "way", target, "↻ the same step again", small)
    if "." in target:
        return Node(key, "way", target, way_name(process, process.step(target)), small)
    return Node(key, "end", target, end_name(target), "" if outcomes == (target,) else small)

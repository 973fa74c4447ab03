"""The README is true: its flow is the process's, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from building import PROCESS

from deskbook.handbook import flowchart

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def flow() -> str:
    """The flow between runbooks, in the notation that repository pages draw."""
    chart = flowchart.of_everything(PROCESS)
    names = {node.key: re.sub(r"\W+", "_", node.key) for node in chart.nodes}
    nodes = [f'  {names[key]}["{book.title}"]' for key, book in PROCESS.runbooks.items()]
    edges = [f"  {names[edge.source]} --> {names[edge.target]}" for edge in chart.edges]
    return "\n".join(["```mermaid", "flowchart TD", *nodes, *edges, "```"])


def test_the_picture_of_the_flow_is_the_processs() -> None:
    assert flow() in README, f"put this picture into the README:\n{flow()}"


def test_every_make_target_and_every_file_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), f"make {target}"
    for path in re.findall(r"`((?:book|lib|runbooks|tests)/[\w./-]+)`", README):
        assert (ROOT / path).exists(), path

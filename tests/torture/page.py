"""The counts on the handbook's page of promises: `python -m torture.page FILE...`, from the logs of runs of the torture."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from torture import window
from torture.cells import Cell, Verdict
from torture.scenarios import scenarios
from torture.short import KINDS

PAGE = Path(__file__).parents[2] / "book" / "operate" / "promises.md"
MARK = "<!-- counts: make torture -->"
WIDE = "How wide it is: "
HEAD = ("kind", "what happens", "places", "tried", "kept", "broken")


def line(cell: Cell, verdict: Verdict) -> str:
    """One cell in a log."""
    return json.dumps({"cell": str(cell), **{name: said for name, said in asdict(verdict).items() if said}})


def logged(log: Path) -> Iterator[tuple[Cell, Verdict]]:
    """What a log has; a line that was broken off counts as not written."""
    for each in log.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(each)
        except ValueError:
            continue
        kind, scenario, what = said.pop("cell").split(" ", 2)
        yield Cell(kind, scenario, what), Verdict(**said)


def write(results: Sequence[tuple[Cell, Verdict]]) -> None:
    """Put what was found on the page."""
    PAGE.write_text(counted(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def counted(text: str, results: Sequence[tuple[Cell, Verdict]]) -> str:
    """The page with these counts; a kind that was not tried keeps the line it had."""
    before, _, old = text.partition(MARK)
    kept = {line.split(" | ")[0].removeprefix("| "): line for line in old.splitlines() if line.startswith("| ")}
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    lines += [line for kind in KINDS if (line := _line(kind, results) or kept.get(kind))]
    if row := window.line(results) or kept.get(window.ROW):
        wide = next((line for line in old.splitlines() if line.startswith(WIDE)), "")
        lines += [row, "", f"{WIDE}{window.width()}" if window.line(results) else wide]
    return f"{before}{MARK}\n\n" + "\n".join(lines).rstrip() + "\n"


def _line(kind: str, results: Sequence[tuple[Cell, Verdict]]) -> str:
    held = [verdict for cell, verdict in results if cell.kind == kind and not verdict.passed]
    if not held:
        return ""
    places = sum(len(KINDS[kind].cells(name)) for name in scenarios())
    red = sum(bool(verdict.faults) for verdict in held)
    does = re.split(r"[.:]", KINDS[kind].__doc__ or "")[0].strip()
    return f"| {kind} | {does} | {places} | {len(held)} | {len(held) - red} | {red} |"


def main(logs: Iterable[str]) -> None:
    """Of a place that stands in several logs, the last one counts."""
    tried: dict[Cell, Verdict] = {}
    for name in logs:
        tried |= dict(logged(Path(name)))
    write(list(tried.items()))


if __name__ == "__main__":
    main(sys.argv[1:])

"""`python -m torture [kind [scenario [what]]] [share=0.1] [seed=7]`: the cells that these words name, or a share of all.

`python -m torture short` has those of `make test`. A line for each kind and scenario, and what is red by its name: given
again, these words run that cell alone.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from torture import short
from torture.cells import Cell, Verdict, head, row
from torture.scenarios import scenarios
from torture.short import KINDS


def wanted(words: list[str], share: float, seed: int) -> Iterator[list[Cell]]:
    """The cells that are asked for, those of one kind and scenario together."""
    if words[:1] == ["short"]:
        yield from (short.chosen(kind, seed) for kind in words[1:] or KINDS)
        return
    kind, scenario, what = (*words, "", "", "")[:3]
    for each in [kind] if kind else KINDS:
        for name in [scenario] if scenario else scenarios():
            chance = random.Random(f"{seed} {each} {name}")
            cells = KINDS[each].cells(name)
            yield [cell for cell in cells if what == cell.what or (not what and chance.random() < share)]


def main(words: list[str]) -> int:
    options = dict(word.split("=", 1) for word in words if "=" in word)
    share, seed = float(options.get("share") or 1), int(options.get("seed") or random.randrange(10**6))
    print(f"seed={seed} share={share}\n{head()}", flush=True)
    begun, results = time.process_time(), list[tuple[Cell, Verdict]]()
    for cells in wanted([word for word in words if "=" not in word], share, seed):
        if not cells:
            continue
        found = [(cell, KINDS[cell.kind].run(cell)) for cell in cells]
        results += found
        print(row(cells[0].kind, cells[0].scenario, [verdict for _, verdict in found]), flush=True)
        for cell, verdict in found:
            if verdict.faults:
                print(f"    RED {cell}: {verdict}"[:700], flush=True)
    red = sum(bool(verdict.faults) for _, verdict in results)
    print(f"{len(results)} cells, {red} red, {time.process_time() - begun:.0f} s of processor, seed={seed}")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

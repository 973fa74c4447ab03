"""`python -m torture [kind [scenario [what]]]`: the cells that these words name, or all; a table, and what is red by name."""

from __future__ import annotations

import sys
import time

from torture import interleave
from torture.cells import Cell, Verdict, table
from torture.scenarios import scenarios

KINDS = {"interleave": interleave}


def main(words: list[str]) -> int:
    kinds = [words[0]] if words else list(KINDS)
    results: list[tuple[Cell, Verdict]] = []
    begun = time.process_time()
    for kind in kinds:
        for name in scenarios():
            if len(words) > 1 and words[1] != name:
                continue
            for cell in KINDS[kind].cells(name):
                if len(words) < 3 or words[2] == cell.what:
                    results.append((cell, KINDS[kind].run(cell)))
    print(table(results))
    red = sum(bool(verdict.faults) for _, verdict in results)
    print(f"{len(results)} cells, {red} red, {time.process_time() - begun:.0f} s of processor")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

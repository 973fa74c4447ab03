"""`python -m torture [kind [scenario [what]]] [share=0.1] [seed=7]`: the cells that these words name, or a share of all.

It prints a line for each kind and scenario, and names what is red: these names, given again, run one cell alone.
"""

from __future__ import annotations

import random
import sys
import time

from torture import faults, hostile, interleave, person, processes, rubbish, strangers, terminal
from torture.cells import Cell, Verdict, head, row
from torture.scenarios import scenarios

KINDS = {
    "interleave": interleave,
    "person": person,
    "fault": faults,
    "processes": processes,
    "strangers": strangers,
    "hostile": hostile,
    "terminal": terminal,
    "rubbish": rubbish,
}


def main(words: list[str]) -> int:
    options = dict(word.split("=", 1) for word in words if "=" in word)
    kind, scenario, what = (*(word for word in words if "=" not in word), *("",) * 3)[:3]
    share, seed = float(options.get("share", 1)), int(options.get("seed", random.randrange(10**6)))
    print(f"seed={seed} share={share}\n{head()}", flush=True)
    begun, count, red = time.process_time(), 0, list[tuple[Cell, Verdict]]()
    for each in [kind] if kind else KINDS:
        for name in [scenario] if scenario else scenarios():
            chance = random.Random(f"{seed} {each} {name}")
            chosen = [
                cell for cell in KINDS[each].cells(name) if what == cell.what or (not what and chance.random() < share)
            ]
            results = [(cell, KINDS[each].run(cell)) for cell in chosen]
            count += len(results)
            bad = [(cell, verdict) for cell, verdict in results if verdict.faults]
            red += bad
            print(row(each, name, [verdict for _, verdict in results]), flush=True)
            for cell, verdict in bad:
                print(f"    RED {cell}: {verdict}"[:600], flush=True)
    print(f"{count} cells, {len(red)} red, {time.process_time() - begun:.0f} s of processor, seed={seed}")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

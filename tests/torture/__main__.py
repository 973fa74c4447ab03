"""`python -m torture [kind [scenario [what]]] [most=80] [share=0.1] [seed=7] [part=1/2] [log=FILE]`: cells, all or some.

`most` is how many of each kind, `share` a part of each kind and scenario, `part` the first or the second half of them, for
two cores. `log` keeps what came of each cell; what stands there already is not tried again, so a long run may be broken
off. `python -m torture short` has the cells of `make test`. `python -m torture.page FILE...` writes the handbook's counts.
A line for each kind and scenario, and what is red by its name: given again, these words run that cell alone.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from torture import page, short
from torture.cells import Cell, Verdict, head, row
from torture.scenarios import scenarios
from torture.short import KINDS

BENT = Path(__file__).parents[1] / "services" / "test_bent_replies.py"
ALL_BENT = 10_000


def wanted(words: list[str], options: dict[str, str], seed: int) -> Iterator[list[Cell]]:
    """The cells that are asked for, those of one kind and scenario together."""
    if words[:1] == ["short"]:
        yield from (short.chosen(kind, seed) for kind in words[1:] or KINDS)
        return
    kind, scenario, what = (*words, "", "", "")[:3]
    share = float(options.get("share") or 1)
    for each in [kind] if kind else KINDS:
        chance = random.Random(f"{seed} {each}")
        cells = [cell for name in ([scenario] if scenario else scenarios()) for cell in KINDS[each].cells(name)]
        cells = [cell for cell in cells if what == cell.what or (not what and chance.random() < share)]
        most = min(len(cells), int(options.get("most") or len(cells)))
        cells = [cells[index] for index in sorted(chance.sample(range(len(cells)), most))]
        part, _, parts = options.get("part", "1/1").partition("/")
        cells = cells[int(part) - 1 :: int(parts)]
        yield from (list(group) for _, group in groupby(cells, key=lambda cell: cell.scenario))


def main(words: list[str]) -> int:
    options = dict(word.split("=", 1) for word in words if "=" in word)
    names = [word for word in words if "=" not in word]
    seed = int(options.get("seed") or random.randrange(10**6))
    print(f"seed={seed}\n{head()}", flush=True)
    log = Path(options.get("log") or os.devnull)
    tried = dict(page.logged(log)) if log.is_file() else {}
    begun, results = time.process_time(), list[tuple[Cell, Verdict]]()
    with log.open("a", encoding="utf-8") as kept:
        for cells in wanted(names, options, seed):
            found = []
            for cell in cells:
                if cell in tried:
                    continue
                found.append((cell, KINDS[cell.kind].run(cell)))
                print(page.line(*found[-1]), file=kept, flush=True)
            if found:
                print(row(cells[0].kind, cells[0].scenario, [verdict for _, verdict in found]), flush=True)
            for cell, verdict in found:
                if verdict.faults:
                    print(f"    RED {cell}: {verdict}"[:700], flush=True)
            results += found
    red = sum(bool(verdict.faults) for _, verdict in results)
    print(f"{len(results)} cells, {red} red, {time.process_time() - begun:.0f} s of processor, seed={seed}")
    if "write" in options:
        page.write(results)
    return bool(red) | (bent(seed, options) if not names else 0)


def bent(seed: int, options: dict[str, str]) -> int:
    """Replies that no service promises, as many as the test takes by itself; all of them where every cell is tried."""
    every = not options.get("most") and not options.get("share")
    environment = {**os.environ, "DESKBOOK_SEED": str(seed)} | ({"DESKBOOK_BENT": str(ALL_BENT)} if every else {})
    if not BENT.exists():
        return 0
    return subprocess.run([sys.executable, "-m", "pytest", "-q", str(BENT)], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

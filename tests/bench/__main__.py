"""`make bench`: every row of the table, printed; with `write=1` also onto the handbook's page. Nothing fails by it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

MODULES = ("starts", "reads", "scaleout", "forms")  # each has `rows`
PAGE = Path(__file__).parents[2] / "book" / "operate" / "speed.md"
BEGIN, END = "<!-- measured: make bench WRITE=1 -->", "<!-- end of what was measured -->"


def on_page(text: str, rows: Iterable[tuple[str, str, str]], where: str) -> str:
    """The page with these rows in the place of those it had."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = ["| What | Must reach | Measured |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows)]
    return f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{where}\n\n{END}{after}"


def machine() -> str:
    """Processor, cores, Python and day, in a sentence."""
    told = [line.partition(":")[2] for line in _processors().splitlines() if line.startswith("model name")]
    name = " ".join(told[0].split()) if told else platform.machine()
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}: {name}, {os.cpu_count()} cores, Python {platform.python_version()}."
    )


def _processors() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""


def main(words: list[str]) -> None:
    found = []
    for name in MODULES:
        for row in import_module(f"bench.{name}").rows():
            found.append(row)
            print(f"{row[2]:>10}  {row[1]:>10}  {row[0]}", flush=True)
    if "write=1" in words:
        PAGE.write_text(on_page(PAGE.read_text(encoding="utf-8"), found, machine()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""A cell is one disturbance of one run; its verdict says what came of it, under the words of the promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Cell:
    """Such as `interleave triage 17`: these words run it alone."""

    kind: str
    scenario: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.scenario} {self.what}"


@dataclass
class Verdict:
    """What went wrong, by promise; all empty where the promise was kept. `window` is measured, and no fault of ours."""

    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    untyped: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    window: list[str] = field(default_factory=list)
    passed: bool = False  # nothing could be disturbed there

    @property
    def faults(self) -> dict[str, list[str]]:
        return {
            f.name: found
            for f in fields(self)
            if isinstance(found := getattr(self, f.name), list) and found and f.name != "window"
        }

    def __str__(self) -> str:
        return "; ".join(f"{name}: {' | '.join(dict.fromkeys(found))}" for name, found in self.faults.items()) or "kept"


def table(results: Iterable[tuple[Cell, Verdict]], *, named: bool = True) -> str:
    """For each kind and scenario: cells, green, red, the window, and how often each promise was broken."""
    rows: dict[tuple[str, str], list[tuple[Cell, Verdict]]] = {}
    for cell, verdict in results:
        if not verdict.passed:
            rows.setdefault((cell.kind, cell.scenario), []).append((cell, verdict))
    names = [f.name for f in fields(Verdict) if f.name not in ("window", "passed")]
    lines = [
        f"{'kind':<12}{'scenario':<22}{'cells':>6}{'green':>6}{'red':>5}{'window':>7}"
        + "".join(f"{n:>12}" for n in names)
    ]
    for (kind, scenario), found in rows.items():
        red = [(cell, verdict) for cell, verdict in found if verdict.faults]
        window = sum(bool(v.window) for _, v in found)
        counts = "".join(f"{sum(bool(v.faults.get(n)) for _, v in found):>12}" for n in names)
        lines.append(
            f"{kind:<12}{scenario:<22}{len(found):>6}{len(found) - len(red):>6}{len(red):>5}{window:>7}{counts}"
        )
    if named:
        lines += [
            "",
            *(f"RED {cell}: {verdict}" for found in rows.values() for cell, verdict in found if verdict.faults),
        ]
    return "\n".join(lines)

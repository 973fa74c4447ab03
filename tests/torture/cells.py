"""A cell is one disturbance of one run; its verdict says what came of it, under the words of the promise."""

from __future__ import annotations

from collections.abc import Sequence
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
    executed: list[str] = field(default_factory=list)
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


NAMES = [f.name for f in fields(Verdict) if f.name not in ("window", "passed")]


def head() -> str:
    return f"{'kind':<12}{'scenario':<22}{'cells':>6}{'green':>6}{'red':>5}{'window':>7}" + "".join(
        f"{name:>11}" for name in NAMES
    )


def row(kind: str, scenario: str, verdicts: Sequence[Verdict]) -> str:
    """How many cells, green and red, the window, and how often each promise was broken."""
    held = [verdict for verdict in verdicts if not verdict.passed]
    red = sum(bool(verdict.faults) for verdict in held)
    window = sum(bool(verdict.window) for verdict in held)
    counts = "".join(f"{sum(name in verdict.faults for verdict in held):>11}" for name in NAMES)
    return f"{kind:<12}{scenario:<22}{len(held):>6}{len(held) - red:>6}{red:>5}{window:>7}{counts}"

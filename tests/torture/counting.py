"""What a run costs: its calls, shown only and carried out, beside what they were; two more are the most that is allowed."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

from deskbook.engine import claims
from torture.scenarios import road, scenarios
from torture.world import world

KEPT = Path(__file__).with_name("calls.json")
MORE = 2  # calls that a run may cost beyond what it did cost


def counted(name: str) -> dict[str, int]:
    """Calls of the scenario's run, shown only and carried out."""
    made, here = road(name), world()
    here.back(made.kept)
    shown = here.run(made.scenario.runbook, made.scenario.given, apply=False)
    return {"shown": len(shown.calls), "applied": len(made.calls)}


def grown(name: str) -> list[str]:
    """Where it costs more than it may. A scenario that is not on file yet costs what it costs."""
    before, now = json.loads(KEPT.read_text(encoding="utf-8")).get(name, {}), counted(name)
    return [
        f"{name}, {how}: {now[how]} calls for {number}" for how, number in before.items() if now[how] > number + MORE
    ]


def of_claim(name: str) -> int:
    """Calls that the claim costs this scenario's run: those that it makes more than one without."""
    made, here = road(name), world()
    here.back(made.kept)
    with patch.object(claims, "take", lambda *_: None):
        without = here.run(made.scenario.runbook, made.scenario.given)
    assert not without.failure, f"{name}: {without.failure}"
    return len(made.calls) - len(without.calls)


def main() -> None:
    """Keep the numbers of today; for a change that is meant to cost more."""
    KEPT.write_text(json.dumps({name: counted(name) for name in scenarios()}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Rate limits: counters per window of wall time, whatever the sandbox's own clock says."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass


@dataclass
class Meter:
    """What was used in the window that began at `since` (wall seconds)."""

    since: float = 0.0
    used: int = 0


@dataclass(frozen=True)
class Reading:
    """A counter after a request: whether it was within the ceiling, what is left, and when the window ends."""

    allowed: bool
    used: int
    remaining: int
    ceiling: int
    reset: float
    retry_after: int


def take(meters: dict[str, Meter], name: str, *, window: float, ceiling: int, cost: int = 1) -> Reading:
    """Charge `cost` to the counter `name`. What is refused is charged too, up to the ceiling. Call it under the lock."""
    now = time.time()
    meter = meters.setdefault(name, Meter(now))
    if now - meter.since >= window:
        meter.since, meter.used = now, 0
    allowed = meter.used + cost <= ceiling
    meter.used = min(meter.used + cost, ceiling)
    return _reading(meter, now, window, ceiling, allowed)


def look(meters: dict[str, Meter], name: str, *, window: float, ceiling: int) -> Reading:
    """The counter as it stands, nothing charged."""
    now = time.time()
    meter = meters.get(name, Meter(now))
    if now - meter.since >= window:
        meter = Meter(now)
    return _reading(meter, now, window, ceiling, True)


def _reading(meter: Meter, now: float, window: float, ceiling: int, allowed: bool) -> Reading:
    reset = meter.since + window
    return Reading(allowed, meter.used, ceiling - meter.used, ceiling, reset, max(1, math.ceil(reset - now)))

"""Measures what a piece of work costs in a unit that is the same on every machine: a fixed piece of work beside it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

WORDS = re.compile(r"(\w+)\s+(?:and|or)\s+(\w+)")
ENOUGH = 400  # yards: five times what the dearest text of the tests costs
TEXT = "apples and pears, plums or nuts; " * 10


def _spent(work: Callable[[], object]) -> float:
    begun = time.process_time()  # of the processor, so that other work on the machine does not count
    work()
    return time.process_time() - begun


def _yard() -> None:
    """About a hundredth of a second on a machine of 2024: regular expressions and texts, as what is measured."""
    for number in range(960):
        found = {f"{first}-{number}": second.upper() for first, second in WORDS.findall(TEXT)}
        assert len(TEXT.replace("and", "&").split()) > len(found)


def yards(work: Callable[[], object]) -> float:
    """How many yards `work` costs. Whatever grows with the square of a long text costs thousands."""
    before = _spent(_yard)
    cost = _spent(work)
    return 2 * cost / (before + _spent(_yard))

"""Tables of patterns, each with a name and an example that it finds, and the one expression that searches for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

Row = tuple[str, str, str]  # name, example, pattern


def any_of(rows: Iterable[Row], before: str = "", behind: str = "") -> re.Pattern[str]:
    """Finds what any of the rows finds, the first of them where several do, between `before` and `behind`."""
    return re.compile(f"{before}(?:{'|'.join(pattern for *_, pattern in rows)}){behind}", re.IGNORECASE)

"""Data classes that are made by the thousand, as a queue of a big desk makes them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if not TYPE_CHECKING:

    def dataclass(**options: Any) -> Any:
        """A frozen data class to whoever checks types. When it runs, nobody watches its fields: that would be most of what
        it takes to make one."""
        return dataclasses.dataclass(**{**options, "frozen": False, "unsafe_hash": True})

else:
    from dataclasses import dataclass as dataclass

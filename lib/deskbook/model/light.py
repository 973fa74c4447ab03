"""Data classes that are made by the thousand, as a queue of a big desk makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses

    def dataclass(**options: Any) -> Any:
        """A frozen data class to whoever checks types. When it runs, nobody watches its fields: that would be most of what
        it takes to make one."""
        return dataclasses.dataclass(**{**options, "frozen": False, "unsafe_hash": True})

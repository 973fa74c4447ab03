"""Where the modules of before version 0.2 are now, so that an old import fails with one line that names the new place."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

TABLE = Path(__file__).with_name("moved.txt")


def places() -> dict[str, str]:
    """The old names of modules in this package, and the new ones."""
    return dict(line.split() for line in TABLE.read_text("utf-8").splitlines())


class _Moved:
    """Asked last, for what nobody else finds."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, rest = fullname.partition(".")
        if package == "deskbook" and (now := places().get(name := rest.partition(".")[0])):
            place = now if now.startswith("deskbook_") else f"deskbook.{now}"
            raise ModuleNotFoundError(f"deskbook.{name} has moved: it is {place} now")
        return None


def tell_new_names() -> None:
    """From now on an import by an old name says where the module is; once is enough."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())

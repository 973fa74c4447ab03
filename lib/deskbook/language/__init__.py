"""Reading what people wrote; nothing here knows a ticket."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """A module of this package, loaded when it is asked for, as in `deskbook.language.replies.read`."""
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")

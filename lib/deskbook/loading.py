"""How much is loaded at a start: many modules in one go, and without what others bring that is not used here."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType, SimpleNamespace


@contextmanager
def hidden(*modules: str) -> Iterator[None]:
    """Meanwhile these seem not to be installed, to whoever can do without them; one that is loaded already stays."""
    away = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(away))  # type: ignore[arg-type]  # None is how import says "not installed"
    try:
        yield
    finally:
        for name in away:
            del sys.modules[name]


@contextmanager
def when_asked(*packages: str) -> Iterator[None]:
    """Meanwhile each module of these packages is loaded only once something of it is asked for."""

    def find(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name.partition(".")[0] in packages else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec

    finder = SimpleNamespace(find_spec=find)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def uncollected() -> Iterator[None]:
    """Meanwhile Python looks for no garbage: there is none among thousands of tickets, and it would look ever again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def at_once() -> Iterator[None]:
    """What is loaded meanwhile stays: to look for garbage in it takes a tenth of the time, and as much later on."""
    with uncollected():
        try:
            yield
        finally:
            gc.freeze()

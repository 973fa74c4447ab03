"""What a run remembers for the next one: caches of ours. Losing them costs calls, never correctness."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from deskbook.errors import ServiceError


class FolderMemory:
    """One JSON file for each name, in a folder that is made when something is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, name: str) -> dict[str, Any]:
        """What was kept; nothing where it is not there, or not as we write it."""
        with suppress(OSError, ValueError):
            found = orjson.loads((self._folder / f"{name}.json").read_bytes())
            return found if isinstance(found, dict) else {}
        return {}

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        """All of it or, after a ServiceError, what was there before."""
        path = self._folder / f"{name}.json"
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.touch(mode=0o600)
            part.write_bytes(orjson.dumps(data))
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise ServiceError(
                f"{path} cannot be written ({error.strerror}). Nothing is lost: the next run reads more. Make room there, "
                "or let DESKBOOK_RUNS name another folder."
            ) from None

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Meanwhile no other process or thread is at that name, where the disk knows locks."""
        with ExitStack() as held:
            with suppress(OSError):
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = held.enter_context((self._folder / f"{name}.lock").open("a"))
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


class ShortMemory:
    """The same until the process ends, as a sandbox does that lives in it."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def recall(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self._kept.get(name, b"{}"))
        return found

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        self._kept[name] = orjson.dumps(data)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Nobody else has this one."""
        yield

"""What surrounds the tickets and seldom changes: whose key it is, agents, groups, statuses, companies. A cache.

What was read is left for the next run. It holds with the tickets that are left beside it, and for no longer: once a day
both are read anew, and so they are where it is another account or key, or where either file was touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from deskbook.errors import ServiceError
from deskbook.services.ports import Memory

NAME = "around"  # under which the memory has it
OURS = ("me", "group")  # the ids of the key's owner and of our own group, which hold without any tickets
STRANGERS = "strangers"  # the ids that tickets name, and that were in no list when it was read
HOLDS = timedelta(days=1)


class Around:
    """Lists by name, as a former run left them or as they were read now; each as JSON tells it.

    `now` tells the helpdesk's time, None where no answer has come yet.
    """

    def __init__(self, whose: str, now: Callable[[], datetime | None], memory: Memory | None = None) -> None:
        self._whose, self._now, self._memory = whose, now, memory
        self.whole: datetime | None = None  # when the tickets beside which it is kept were read whole
        self._left: dict[str, Any] | None = None
        self._read: dict[str, Any] = {}

    def beside(self, memory: Memory, whole: datetime) -> None:
        """From now on what was left with the tickets that were read whole at that moment holds, too."""
        if whole != self.whole:  # what this process read before may be as old as it is
            self._read = {name: told for name, told in self._read.items() if name in (*OURS, "statuses")}
        self._memory, self._left, self.whole = memory, None, whole

    def told(self, name: str) -> Any:
        """What is known of it without a call; None where nothing is."""
        return self._read[name] if name in self._read else self._found().get(name)

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """What was left of it, or else was read once."""
        found = self.told(name)
        return self.now(name, read) if found is None else found

    def now(self, name: str, read: Callable[[], Any]) -> Any:
        """As this process has read it."""
        if name not in self._read:
            self.put(name, read())
        return self._read[name]

    def having(
        self, name: str, read: Callable[[], Any], wanted: Collection[int], ids: Callable[[Any], Collection[int]]
    ) -> Any:
        """What was left of it, if it has all that is wanted; as it is now otherwise. What is not there even then is asked
        for no more."""
        found = self.once(name, read)
        if lacking := self.strange(wanted, ids(found)):
            found = self.now(name, read)
            self.estrange(self.strange(lacking, ids(found)))
        return found

    def strange(self, wanted: Collection[int], known: Collection[int]) -> set[int]:
        """Those of the ids that nobody has looked for yet."""
        return set(wanted) - set(known) - set(self.told(STRANGERS) or ())

    def estrange(self, missing: Collection[int]) -> None:
        if missing:
            self.put(STRANGERS, [*(self.told(STRANGERS) or ()), *sorted(missing)])

    def put(self, name: str, told: Any) -> None:
        """Keep it. Where that cannot be, the next run reads more."""
        found = self._found()  # before it counts as read: when that was is not known from here on
        self._read[name] = told
        now = self._now()
        if self._memory is None or now is None:
            return
        at = found.get("at", now.isoformat())
        text = orjson.dumps({**found, **self._read, "at": at, "whole": str(self.whole)}).decode()
        with suppress(ServiceError):
            self._memory.keep(NAME, {"mark": self._signed(text), "told": text})

    def _found(self) -> dict[str, Any]:
        """What was left and holds still."""
        if self._left is None and self._memory is not None and (now := self._now()):
            found = self._memory.recall(NAME)
            text = str(found.get("told"))
            left = orjson.loads(text) if found.get("mark") == self._signed(text) else {}
            if not left or not timedelta(0) <= now - datetime.fromisoformat(left["at"]) < HOLDS:
                left = {}
            elif left["whole"] != str(self.whole):
                left = {name: left[name] for name in (*OURS, "at") if name in left}
            self._left = left
        return self._left or {}

    def _signed(self, told: str) -> str:
        """Tells account and key without naming them, and whether anything was changed in the file."""
        return sha256(f"{self._whose}\n{told}".encode(errors="surrogatepass")).hexdigest()

"""The log of effects: one line of JSON for each effect that a run had, chained by hashes so that a change is seen.

A line tells when its run ended, of which runbook and subject, the action's key, where the effect landed, the plan's digest,
and the hash of the line before. No word that anybody wrote stands there. Each runbook has a file of its own, so that the
lock of its runs is the lock of its log. Nothing but an auditor reads it: deleting it costs no run anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

KEYS = ("at", "sandbox", "runbook", "subject", "key", "where", "digest", "found", "previous")
RECENT = 1000  # of the last lines it is seen what the log tells already


def log_of(nights: Path, runbook: str) -> Path:
    """The file of a runbook's effects."""
    return nights / f"effects-{runbook}.jsonl"


def logged(nights: Path) -> list[str]:
    """The runbooks that have a log."""
    return sorted(path.stem.removeprefix("effects-") for path in nights.glob("effects-*.jsonl"))


def effects(receipt: Mapping[str, Any], at: datetime, *, resumes: bool) -> list[dict[str, Any]]:
    """The lines of a receipt, still without `previous`. Of a run that goes on where another died, those found done too."""
    told = {"done": False} | ({"already done": True} if resumes else {})
    return [
        {
            "at": at.isoformat(),
            "sandbox": receipt["sandbox"],
            "runbook": receipt["runbook"],
            "subject": receipt["subject"],
            "key": action["key"],
            "where": action["reason"],
            "digest": receipt["digest"],
            "found": told[action["state"]],  # by the run that resumed; the one that did it died before it could say so
        }
        for action in receipt["actions"]
        if action["state"] in told
    ]


def append(path: Path, lines: Iterable[Mapping[str, Any]]) -> str:
    """Put the lines at the end of the log; the hash of its last line, empty while there is none. OSError leaves it as it was."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = text[
        : text.rfind("\n") + 1
    ]  # behind the last end of a line stands what a run wrote that died while it wrote
    before = kept.splitlines()
    previous, added = (_hash(before[-1]) if before else ""), ""
    known = {_effect(json.loads(line)) for line in before[-RECENT:] if _whole(line)}
    for line in lines:
        if line["found"] and _effect(line) in known:
            continue
        written = json.dumps({**line, "previous": previous})
        previous, added = _hash(written), f"{added}{written}\n"
    if added:
        _put(path, len(kept.encode()), added)
    return previous


def _put(path: Path, size: int, added: str) -> None:
    """Write behind so many bytes. A disk that is full in the middle leaves no half line."""
    left = memoryview(added.encode())
    with path.open("r+b" if path.exists() else "wb", buffering=0) as file:
        file.seek(size)
        try:
            while left:
                left = left[file.write(left) or 0 :]
            file.truncate()
        except OSError:
            with suppress(OSError):
                file.truncate(size)
            raise


def broken(path: Path, head: str = "") -> str:
    """What is wrong with the first line that is; empty where the chain is whole and, if given, has a line of that hash."""
    previous, heads = "", set()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not _whole(line):
            return f"line {number} is no line of the log, or a part of one"
        if json.loads(line)["previous"] != previous:
            before = "the one before it is not as it was written" if number > 1 else "lines before it are gone"
            return f"line {number} does not follow: {before}"
        previous = _hash(line)
        heads.add(previous)
    if head and not lines:
        return "it is gone, though a run that is on record wrote in it"
    if head and head not in heads:
        return (
            f"line {len(heads)} is the last, but the record of a later run knows more: the end was changed or cut off"
        )
    return ""


def _whole(line: str) -> bool:
    try:
        return set(json.loads(line)) == set(KEYS)
    except (ValueError, TypeError):
        return False


def _effect(line: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(line[key] for key in ("subject", "key", "where"))


def _hash(line: str) -> str:
    return sha256(line.encode()).hexdigest()

"""Reads the corpora under tests/corpus and says which half an entry belongs to."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent / "corpus"
HALVES = ("build", "measure")  # by the parity of an id's SHA-256: even, odd
FRESH = ("fresh", "third")  # files of these endings were written when rules stood, for the second half alone


@cache
def entries(name: str, half: str) -> list[dict[str, Any]]:
    """Those of one file in one half; none where the half has no such file."""
    path = CORPUS / half / f"{name}.yaml"
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    return loaded


def both(name: str) -> list[dict[str, Any]]:
    return [entry for half in HALVES for entry in entries(name, half)]


def misplaced(name: str) -> list[str]:
    """The ids of one corpus that are in the half to which they do not belong."""
    return [
        entry["id"]
        for half in HALVES
        for entry in entries(name, half)
        if half != HALVES[int(hashlib.sha256(entry["id"].encode()).hexdigest(), 16) % 2]
    ]

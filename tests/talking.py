"""Speak to a sandbox as a browser or another program would, without any adapter."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


def get(url: str, path: str) -> Any:
    with urllib.request.urlopen(f"{url}{path}") as answer:
        return json.load(answer)


def post(url: str, path: str, body: Any) -> Any:
    request = urllib.request.Request(f"{url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)

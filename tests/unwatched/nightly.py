"""Runs that nobody watches, whole, as tests start them: the command, the watch that it tells, and what they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import warm

from deskbook import unattended
from deskbook.config.settings import Settings
from deskbook.nights import archive
from deskbook.nights.archive import Night
from deskbook_sandbox.server import Running

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


BOLD = "\nunattended: {triage.assign: apply, triage.categorise: apply}\n"  # so that there is something to do


PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("DESKBOOK_")}


TRIAGE = ("triage", "ticket_id=101", "--apply")


COMMAND = [sys.executable, "-m", "deskbook.cli", "run", *TRIAGE, "--unattended"]


class Watch:
    """A watch on loopback that keeps what it was told, and answers as it is asked to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.status = 200
        self.then: Callable[[str], None] = lambda event: None
        watch = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                event = self.path.removeprefix("/secret-id")
                watch.told.append((event, body))
                watch.then(event)
                self.send_response(watch.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret-id"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def deskbook(*words: str, folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    return warm.deskbook(*words, folder=folder, environment=PLAIN | {"DESKBOOK_SANDBOX_URL": url})


def outbox(running: Running) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{running.url}/sandbox/outbox") as answer:
        return list(json.load(answer))


def posted(running: Running) -> list[str]:
    with urllib.request.urlopen(f"{running.url}/sandbox/state") as answer:
        return [message["text"] for message in json.load(answer)["chat"]]


def known(folder: Path) -> tuple[Night, ...]:
    return archive.known(folder / "runs" / "nights")


def order_fault(running: Running, **fault: Any) -> None:
    request = urllib.request.Request(
        f"{running.url}/sandbox/faults", json.dumps([fault]).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()


def of(settings: Settings, name: str = "report", at: datetime = NOW, **given: object) -> unattended.Ended:
    moments = iter([at, at + timedelta(seconds=20)])
    with warm._engine():
        return unattended.run(name, given, settings, clock=lambda: next(moments))


def put(settings: Settings, night: Night) -> None:
    path = settings.nights / f"{night.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(night.as_json()), encoding="utf-8")


def begun(around: dict[str, str], folder: Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        COMMAND, cwd=folder, env=PLAIN | around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )

"""A tracker for tests: commits and issues put onto the sandbox's, and what is asked of one that answers as it is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import requests
from test_http import serving

from deskbook.config.organization import load_organization
from deskbook.services.github.client import GitHub
from deskbook_sandbox.github.commits import add_commit, hub_path
from deskbook_sandbox.github.records import add_issue
from deskbook_sandbox.server import Running

ORGANIZATION = load_organization()
TOKEN = "ghp_that-nobody-may-see"
REPOSITORY = ORGANIZATION.tracker.repository
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def commit_to(sandbox: Running, cluster: str, author: str, day: int, message: str = "Mend it") -> None:
    with sandbox.store.transaction():
        add_commit(
            sandbox.store, f"{hub_path(sandbox.store, cluster)}x.yaml", author, f"2026-11-{day:02}T09:00:00Z", message
        )


def commit(author: Any, mail: str = "ada@example.org") -> dict[str, Any]:
    person = {"name": "Ada", "email": mail, "date": "2026-11-01T09:00:00Z"}
    return {"sha": "a" * 40, "author": author, "commit": {"message": "x", "author": person, "committer": person}}


def hub_changes_from(*commits: dict[str, Any]) -> Any:
    with serving(lambda request, n: request.say(200, json.dumps(commits))) as local:
        return GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")


ISSUES = f"/github/repos/{REPOSITORY}/issues"

SUPPORT, EVENT = ORGANIZATION.tracker.support_label, ORGANIZATION.tracker.event_label

MARK = "Broken.\n\n<!-- Ref 101-1-timebox.track -->\n"


def put_issue(sandbox: Running, title: str = "It breaks", body: str | None = "", author: str = "", **more: Any) -> int:
    with sandbox.store.transaction():
        return add_issue(sandbox.store, author or "grace-holloway", title, body, **more)


def order(sandbox: Running, *faults: dict[str, Any]) -> None:
    requests.post(f"{sandbox.url}/sandbox/faults", json=list(faults), timeout=10).raise_for_status()


def state(sandbox: Running) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()
    return found

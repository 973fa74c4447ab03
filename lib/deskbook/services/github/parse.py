"""Parse GitHub's records: who wrote, when, what happened to an issue, and what a refusal names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from github.Commit import Commit

from deskbook.language.text import shorten
from deskbook.model.records import HubChange, Issue
from deskbook.services.github.board import Place

Record = Mapping[str, Any]
BEHIND = timedelta(minutes=15)  # by so much GitHub's clock may be behind


def fields_in(data: Record) -> str:
    """Which fields GitHub refuses, as its 422 tells."""
    errors = data.get("errors")
    told = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    return "".join(f"; {e.get('field')}: {e.get('message') or e.get('code')}" for e in told)


def history(events: Iterable[Record]) -> Iterator[tuple[str, str, str]]:
    for event in events:
        yield str(event["created_at"]), str(event["event"]), str((event.get("assignee") or {}).get("login"))


def oldest_first(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: (issue.created, issue.number)))


def author_of(record: Record) -> str:
    """Who wrote it; empty where the account is gone."""
    return str((record["user"] or {}).get("login") or "")


def spelled(since: datetime) -> str:
    """From when on a list is wanted; a little earlier, since another clock than GitHub's has told it."""
    return f"{since.astimezone(UTC) - BEHIND:%Y-%m-%dT%H:%M:%SZ}"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def hub_change(commit: Commit) -> HubChange:
    # The date it landed: an author's date may lie weeks before the merge.
    who, git = commit.author, commit.commit
    return HubChange(
        author=who.login if who else git.author.email,
        at=git.committer.date.astimezone(UTC),
        message=shorten(git.message.strip().partition("\n")[0], 120),
    )


def placed(issue: Issue, place: Place | None) -> Issue:
    if place is None:
        return issue
    return replace(issue, board=place.values, assigned=place.assigned if issue.assignees else None)


def meanwhile(what: str) -> str:
    return f"{what} by now: somebody changed that after this was planned, and it was left so. Look at the plan as it is now"

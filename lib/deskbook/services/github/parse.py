"""Parse GitHub's records: who wrote, when, what happened to an issue, and what a refusal names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deskbook.language.text import shorten
from deskbook.model.records import HubChange, Issue
from deskbook.services import reply
from deskbook.services.github.board import BENT, Place, login_in, login_of
from deskbook.services.github.texts import references_in
from deskbook.services.http import moment_of

Record = Mapping[str, Any]
BEHIND = timedelta(minutes=15)  # by so much GitHub's clock may be behind


def fields_in(data: Record) -> str:
    """Which fields GitHub refuses, as its 422 tells."""
    errors = data.get("errors")
    told = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    return "".join(f"; {e.get('field')}: {e.get('message') or e.get('code')}" for e in told)


def history(events: Iterable[Record]) -> Iterator[tuple[datetime, str, str]]:
    for event in events:
        verb = reply.must(BENT, event, "event", str)
        yield reply.moment(BENT, event, "created_at"), verb, login_in(event, "assignee")


def issue_in(
    record: Record,
    opened: Callable[[str, Sequence[str]], bool],
    linked: Callable[[str], tuple[tuple[int, ...], tuple[int, ...]]],
) -> Issue:
    """An issue as lists and views tell it. `opened` is asked whether this author, who wrote these references, is one of us;
    `linked` for the tickets and contacts that a text links to."""
    body, author = reply.text(BENT, record, "body"), login_in(record, "user")
    refs = references_in(body)
    ours = opened(author, refs)
    tickets, contacts = linked(body)
    return Issue(
        number=reply.number(BENT, record, "number"),
        title=reply.text(BENT, record, "title"),
        url=reply.must(BENT, record, "html_url", str),
        state=reply.must(BENT, record, "state", str),
        body=body,
        author=author,
        created=reply.moment(BENT, record, "created_at"),
        labels=tuple(reply.must(BENT, each, "name", str) for each in reply.objects(BENT, record, "labels")),
        assignees=tuple(login_of(each) for each in reply.objects(BENT, record, "assignees")),
        ours=ours,
        refs=refs if ours else (),
        tickets=tickets,
        contacts=contacts,
        closed=reply.moment(BENT, record, "closed_at") if record.get("closed_at") is not None else None,
        closed_by=login_in(record, "closed_by"),
    )


def oldest_first(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: (issue.created, issue.number)))


def spelled(since: datetime) -> str:
    """From when on a list is wanted; a little earlier, since another clock than GitHub's has told it."""
    return f"{since.astimezone(UTC) - BEHIND:%Y-%m-%dT%H:%M:%SZ}"


def moment_in(headers: Mapping[str, str]) -> datetime:
    """When an answer was made."""
    moment = moment_of(headers)
    if moment is None:
        raise BENT("it carries no Date")
    return moment


def hub_change(commit: Record) -> HubChange:
    # The date it landed: an author's date may lie weeks before the merge.
    git = reply.must(BENT, commit, "commit", dict)
    return HubChange(
        author=login_in(commit, "author") or reply.must(BENT, reply.must(BENT, git, "author", dict), "email", str),
        at=reply.moment(BENT, reply.must(BENT, git, "committer", dict), "date"),
        message=shorten(reply.text(BENT, git, "message").strip().partition("\n")[0], 120),
    )


def placed(issue: Issue, place: Place | None) -> Issue:
    if place is None:
        return issue
    return replace(issue, board=place.values, assigned=place.assigned if issue.assignees else None)


def meanwhile(what: str) -> str:
    return f"{what} by now: somebody changed that after this was planned, and it was left so. Look at the plan as it is now"

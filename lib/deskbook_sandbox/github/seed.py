"""Load the tracker's part of a seed: issues, comments, places on the board, commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from deskbook.config.loader import Frozen, complain, unknown
from deskbook_sandbox.github import board, commits, records, shapes
from deskbook_sandbox.seeding.entries import entries, stamp
from deskbook_sandbox.seeding.seed import Moment
from deskbook_sandbox.store.database import Store

_LABEL_COLORS = ("0e8a16", "5319e7")


class SeedComment(Frozen):
    author: str = ""
    body: str
    at: Moment | None = None


class SeedIssue(Frozen):
    """`author` and `assignees` are logins; `board` maps the board's fields to their values (an iteration's number)."""

    title: str
    body: str | None = None
    labels: tuple[str, ...] = ()
    state: Literal["open", "closed"] = "open"
    state_reason: Literal["completed", "not_planned", "duplicate"] | None = None
    author: str = ""
    assignees: tuple[str, ...] = ()
    created: Moment | None = None
    closed: Moment | None = None
    pull: bool = False
    comments: tuple[SeedComment, ...] = ()
    board: Mapping[str, str | int | float] | None = None


class SeedCommit(Frozen):
    """`author` is a login or a mail; a `cluster` stands for its folder of configuration."""

    cluster: str | None = None
    path: str | None = None
    author: str
    at: Moment | None = None
    message: str = "Update the configuration"

    @model_validator(mode="after")
    def _names_a_place(self) -> Self:
        if not self.path and not self.cluster:
            raise ValueError("say what the commit changed: add cluster or path")
        return self


def seed(store: Store, data: Mapping[str, Any]) -> None:
    """The organisation's labels first, then what the seed tells, in the order it tells it."""
    tracker = store.organization.tracker
    for name, color in zip((tracker.support_label, tracker.event_label), _LABEL_COLORS, strict=True):
        if records.find_label(store, name) is None:
            records.add_label(store, name, color)
    for told in entries(data, "commits", SeedCommit):
        path = told.path or f"{commits.hub_path(store, told.cluster or '')}common.values.yaml"
        commits.add_commit(store, path, told.author, stamp(store, data, told.at), told.message)
    for issue in entries(data, "issues", SeedIssue):
        _load_issue(store, data, issue)
    # What a seed loads has been there for long: the index knows it.
    store.db.execute("UPDATE gh_issues SET changed = 0")


def _load_issue(store: Store, data: Mapping[str, Any], told: SeedIssue) -> None:
    author, at = _login(store, told.author), stamp(store, data, told.created)
    people = [_login(store, name) for name in told.assignees]
    number = records.add_issue(store, author, told.title, told.body, labels=told.labels, assignees=people, at=at)
    if told.pull:
        store.update("gh_issues", {"number": number}, pull=True)
    for comment in told.comments:
        said_at = stamp(store, data, comment.at) if comment.at else at
        records.add_comment(store, _login(store, comment.author or author), number, comment.body, at=said_at)
    if told.state == "closed":
        closed = stamp(store, data, told.closed) if told.closed else at
        records.set_state(store, author, number, "closed", told.state_reason, at=closed)
    if told.board is not None:
        item = board.put_on_board(store, number)
        for name, value in told.board.items():
            _fits(store, name, value)
            board.set_value(store, item["id"], name, value)


def _login(store: Store, name: str) -> str:
    """A login, from the mail of one of the staff too; without a name, whose token it is."""
    person = store.organization.person(name)
    return (person.login if person else name) or shapes.owner_of_token(store)


def _fits(store: Store, name: str, value: str | int | float) -> None:
    """Whether the board has this field, and the field this value."""
    fields = {field.name: field for field in board.fields(store) if field.kind in board.SETTABLE}
    if name not in fields:
        raise complain("seed", "/issues", unknown(name, "field of the board", fields))
    field = fields[name]
    if field.options and value not in field.options:
        raise complain("seed", "/issues", unknown(str(value), f"{name} of the board", field.options))
    if not field.options and (isinstance(value, str) or (field.kind == "ITERATION" and value != int(value))):
        raise complain("seed", "/issues", f"{name} is a number, not '{value}'; write one")

"""Whose marks in an issue are believed: those of the staff and of the accounts that runs write with."""

from __future__ import annotations

import json

import pytest
from test_http import Asked, serving
from trackers import LONG_AGO, MARK, ORGANIZATION, put_issue, state

from deskbook.services.github.client import GitHub
from deskbook.services.github.comments import comments_of
from deskbook.services.github.texts import references_in
from deskbook_sandbox.github.records import add_comment
from deskbook_sandbox.server import Running


def test_a_mark_of_a_strangers_is_not_believed(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox, body=MARK, author="a-stranger")
    with sandbox.store.transaction():
        add_comment(sandbox.store, "a-stranger", number, "<!-- Ref 102-1-timebox.track -->")
    assert tracker.issues(LONG_AGO)[0].refs == ()
    assert tracker.issue(number).refs == ()
    tracker.comment(number, "See.\n\n<!-- Ref 103-1-timebox.track#issue.2 -->")
    assert tracker.issue(number).refs == ("103-1-timebox.track#issue.2",)
    assert tracker.issues(LONG_AGO)[0].refs == ()


def test_the_tokens_own_user_is_believed_though_no_staff(sandbox: Running) -> None:
    people = tuple(p.model_copy(update={"login": ""}) for p in ORGANIZATION.people)
    unnamed = ORGANIZATION.model_copy(update={"people": people})
    tracker = GitHub(f"{sandbox.url}/github", "sandbox", unnamed, patient=False)
    number = tracker.open("It breaks", MARK, [])
    put_issue(sandbox, body=MARK, author="grace-holloway")
    assert [(i.number, i.refs) for i in tracker.issues(LONG_AGO) if i.refs] == [(number, ("101-1-timebox.track",))]
    assert state(sandbox)["requests"]["POST /github/graphql"] == 1


def test_the_marks_of_another_account_that_runs_write_with_are_believed(sandbox: Running) -> None:
    ours = ORGANIZATION.tracker.model_copy(update={"accounts": ("Deskbook[bot]",)})
    tracker = GitHub(
        f"{sandbox.url}/github", "sandbox", ORGANIZATION.model_copy(update={"tracker": ours}), patient=False
    )
    put_issue(sandbox, body=MARK, author="deskbook[bot]")
    put_issue(sandbox, body=MARK, author="deskbook")
    assert [issue.ours for issue in tracker.issues(LONG_AGO)] == [True, False]


def test_an_apps_own_marks_are_believed_and_no_persons_of_its_name() -> None:
    mark, number = {"body": MARK, "state": "open", "labels": [], "assignees": []}, iter(range(1, 9))
    issues = [
        {
            **mark,
            "number": next(number),
            "title": "x",
            "html_url": "x",
            "created_at": "2026-11-01T00:00:00Z",
            "user": user,
        }
        for user in ({"login": "deskbook[bot]"}, {"login": "deskbook"}, None)
    ]

    def answer(request: Asked, n: int) -> None:
        viewer = {"data": {"viewer": {"login": "deskbook[bot]"}}}
        request.say(200, json.dumps(viewer if "graphql" in request.path else issues))

    with serving(answer) as local:
        found = GitHub(local.url, "key", ORGANIZATION, patient=False).issues(LONG_AGO)
    assert [(issue.number, issue.ours) for issue in found] == [(1, True), (2, False), (3, False)]


def test_an_apps_comments_are_told_as_its_issues_are() -> None:
    nodes = [{"body": f"{kind}", "author": {"__typename": kind, "login": "deskbook"}} for kind in ("Bot", "User")]
    page = {
        "pageInfo": {"hasPreviousPage": False, "startCursor": "x"},
        "nodes": [*nodes, {"body": "gone", "author": None}],
    }
    said = comments_of(lambda *asked, **more: {"repository": {"i7": {"comments": page}}}, "a/b", [7])
    assert said == {7: (("deskbook[bot]", "Bot"), ("deskbook", "User"), ("", "gone"))}


@pytest.mark.parametrize(
    "line",
    [
        "Ref 101-1-timebox.track",
        "x <!-- Ref 101-1-timebox.track -->",
        "> <!-- Ref 101-1-timebox.track -->",
        "<!-- Ref 101-1-timebox.track --> x",
        "<!--Ref 101-1-timebox.track-->",
        "<!-- Ref 101-1-nothing -->",
        "<!-- Ref 101-1-timebox.track; Ref 102-1-timebox.track -->",
        "<!-- Ref ١٠١-1-timebox.track -->",
    ],
)
def test_only_a_mark_on_a_line_of_its_own_counts(line: str) -> None:
    assert references_in(f"a\n{line}\nb") == ()


def test_marks_are_read_whatever_the_lines_end_with_and_once() -> None:
    mark = "<!-- Ref 101-1-timebox.track -->"
    assert references_in(f"a\r\n{mark}\r\n{mark}\r\n<!-- Ref 101-2-timebox.track -->") == (
        "101-1-timebox.track",
        "101-2-timebox.track",
    )

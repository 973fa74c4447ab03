"""Issues are opened, read, listed, assigned, named anew and closed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from test_http import Asked, serving
from trackers import EVENT, ISSUES, LONG_AGO, MARK, ORGANIZATION, REPOSITORY, SUPPORT, TOKEN, put_issue, state

from deskbook.errors import NotFound, Refused
from deskbook.services.github.client import GitHub
from deskbook_sandbox.github.records import reassign
from deskbook_sandbox.server import Running


def test_an_issue_is_opened_once_and_read_as_it_was_written(tracker: GitHub) -> None:
    number = tracker.open("It breaks", MARK, [SUPPORT])
    found = tracker.issue(number)
    assert (found.number, found.title, found.state, found.body) == (number, "It breaks", "open", MARK)
    assert (found.labels, found.assignees, found.assigned) == ((SUPPORT,), (), None)
    assert found.refs == ("101-1-timebox.track",)
    assert found.url.endswith(f"/{REPOSITORY}/issues/{number}")
    assert [issue.number for issue in tracker.issues(LONG_AGO)] == [number]


def test_issues_are_read_only_as_far_back_as_asked_and_oldest_first(sandbox: Running, tracker: GitHub) -> None:
    for day in range(1, 21):
        for hour in range(13):
            put_issue(sandbox, f"{day}/{hour}", at=f"2026-11-{day:02}T{hour:02}:00:00Z")
    found = tracker.issues(datetime(2026, 11, 20, 11, tzinfo=UTC))
    assert [issue.title for issue in found] == ["20/11", "20/12"]
    assert state(sandbox)["requests"][f"GET {ISSUES}"] == 1
    every = tracker.issues(LONG_AGO)
    assert len(every) == 260
    assert [issue.number for issue in every] == sorted(issue.number for issue in every)


def test_closed_issues_are_listed_and_pull_requests_are_none(sandbox: Running, tracker: GitHub) -> None:
    kept = put_issue(sandbox, body=None)
    pull = put_issue(sandbox, assignees=["mei-tanaka"], labels=[SUPPORT])
    sandbox.store.update("gh_issues", {"number": pull}, pull=True)
    tracker.close_as_duplicate(kept, 1)
    assert [(issue.number, issue.state) for issue in tracker.issues(LONG_AGO)] == [(kept, "closed")]
    assert tracker.assigned("mei-tanaka") == ()
    assert tracker.tracked() == ()
    with pytest.raises(NotFound, match="pull request"):
        tracker.issue(pull)


def test_an_issue_is_found_though_githubs_clock_is_ten_minutes_behind(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox, at="2026-11-20T10:50:00Z")
    assert [issue.number for issue in tracker.issues(datetime(2026, 11, 20, 11, tzinfo=UTC))] == [number]


def test_an_issue_knows_since_when_it_is_assigned(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    with sandbox.store.transaction():
        for hour, add, remove in (
            (1, ["mei-tanaka"], []),
            (2, [], ["mei-tanaka"]),
            (3, ["grace-holloway"], []),
            (4, ["mei-tanaka"], []),
            (5, [], ["grace-holloway"]),
        ):
            reassign(sandbox.store, "mei-tanaka", number, add, remove, at=f"2026-11-20T0{hour}:00:00Z")
    found = tracker.issue(number)
    assert found.assignees == ("mei-tanaka",)
    assert found.assigned == datetime(2026, 11, 20, 3, tzinfo=UTC)
    bare = ORGANIZATION.model_copy(update={"tracker": ORGANIZATION.tracker.model_copy(update={"board": None})})
    boardless = GitHub(f"{sandbox.url}/github", "sandbox", bare, patient=False)
    assert boardless.issue(number).assigned == found.assigned
    with sandbox.store.transaction():
        reassign(sandbox.store, "mei-tanaka", number, remove=["mei-tanaka"])
    assert [each.issue(number).assigned for each in (tracker, boardless)] == [None, None]


def test_assigned_are_the_open_issues_of_one_person(sandbox: Running, tracker: GitHub) -> None:
    mine, closed = (put_issue(sandbox, assignees=["mei-tanaka"]) for _ in range(2))
    put_issue(sandbox, assignees=["grace-holloway"])
    tracker.close_as_duplicate(closed, mine)
    assert [issue.number for issue in tracker.assigned("mei-tanaka")] == [mine]


def test_tracked_are_the_open_issues_with_either_label_once(sandbox: Running, tracker: GitHub) -> None:
    both, event, support = (put_issue(sandbox, labels=labels) for labels in ([SUPPORT, EVENT], [EVENT], [SUPPORT]))
    put_issue(sandbox, labels=["bug"])
    assert [issue.number for issue in tracker.tracked()] == [both, event, support]


def test_a_comment_is_known_by_its_id(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    assert tracker.comment(number, "Hello") == str(state(sandbox)["comments"][0]["id"])


def test_closing_as_a_duplicate_twice_says_so_once_and_reopening_twice_is_no_error(
    sandbox: Running, tracker: GitHub
) -> None:
    first, number = put_issue(sandbox), put_issue(sandbox)
    for _ in range(2):
        tracker.close_as_duplicate(number, first)
    seen = state(sandbox)
    assert [comment["body"] for comment in seen["comments"]] == [f"Duplicate of #{first}"]
    assert [(i["state"], i["state_reason"]) for i in seen["issues"]] == [("open", None), ("closed", "not_planned")]
    for _ in range(2):
        tracker.reopen(number)
    assert tracker.issue(number).state == "open"


def test_an_issue_gets_another_title_and_nothing_else_of_it_changes(tracker: GitHub) -> None:
    number = tracker.open("[EVENT][dates not known yet] a hub", MARK, ["event"])
    before = tracker.issue(number)
    tracker.retitle(number, "[EVENT][3 May 2027] a hub")
    after = tracker.issue(number)
    assert after.title == "[EVENT][3 May 2027] a hub"
    assert (after.body, after.labels, after.state) == (before.body, before.labels, before.state)


def test_assigning_twice_assigns_once_in_any_case(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    for login in ("mei-tanaka", "Mei-Tanaka"):
        tracker.assign(number, login)
    assert tracker.issue(number).assignees == ("mei-tanaka",)


def test_somebody_who_cannot_be_assigned_is_refused_though_github_says_nothing(
    sandbox: Running, tracker: GitHub
) -> None:
    number = put_issue(sandbox)
    with pytest.raises(Refused, match=f"issue {number} cannot be assigned to a-stranger"):
        tracker.assign(number, "a-stranger")


def test_an_issue_that_is_not_there_is_not_found(tracker: GitHub) -> None:
    with pytest.raises(NotFound, match=r"issue 77: it or .* is not there"):
        tracker.issue(77)
    with pytest.raises(NotFound):
        tracker.comment(77, "Hello")


def test_an_issue_that_was_moved_or_deleted_is_not_found() -> None:
    def moved(request: Asked, n: int) -> None:
        request.say(301, Location="/repositories/1/issues/7")

    with serving(moved) as local, pytest.raises(NotFound, match="moved to another repository"):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).issue(7)
    body = '{"message": "This issue was deleted"}'
    with serving(lambda request, n: request.say(410, body)) as local, pytest.raises(NotFound, match="410"):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).issue(7)


def test_a_refused_issue_names_its_field(tracker: GitHub) -> None:
    with pytest.raises(Refused, match=r"opening an issue: refused .*title is too long"):
        tracker.open("x" * 300, "", [])

"""The project board, over the sandbox's GraphQL: reading many issues at once, and setting fields that then read so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from test_http import Asked, serving
from trackers import ORGANIZATION, SUPPORT, TOKEN, order, put_issue, state

from deskbook.config.organization import Board, Organization
from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, Unavailable
from deskbook.model.records import Issue
from deskbook.services.github.client import GitHub
from deskbook_sandbox.github.records import reassign
from deskbook_sandbox.server import Running, start

GRAPHQL = "/github/graphql"


def with_board(**changes: Any) -> Organization:
    assert ORGANIZATION.tracker.board is not None
    board = ORGANIZATION.tracker.board.model_copy(update=changes)
    return ORGANIZATION.model_copy(update={"tracker": ORGANIZATION.tracker.model_copy(update={"board": board})})


def asked(sandbox: Running) -> int:
    return int(state(sandbox)["requests"].get(f"POST {GRAPHQL}", 0))


def switch(sandbox: Running, **switches: Any) -> None:
    requests.post(f"{sandbox.url}/sandbox/switches", json=switches, timeout=10).raise_for_status()


def test_an_issue_goes_onto_the_board_and_its_fields_read_as_set(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    assert tracker.issue(number).board is None
    tracker.set_board(number, {"Type": "support", "Impact": "High", "Estimate": "3", "Iteration": "Iteration 56"})
    seen = tracker.issue(number).board or {}
    assert {name: seen.get(name) for name in ("Type", "Impact", "Estimate", "Iteration", "Priority")} == {
        "Type": "support",
        "Impact": "High",
        "Estimate": "3",
        "Iteration": "Iteration 56",
        "Priority": None,
    }


def test_fields_options_and_sprints_are_found_in_any_case(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    tracker.set_board(number, {"type": " SUPPORT ", "iteration": "iteration 56"})
    seen = tracker.issue(number).board or {}
    assert (seen["Type"], seen["Iteration"]) == ("support", "Iteration 56")


def test_setting_twice_puts_it_there_once_and_writes_no_more(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    tracker.set_board(number, {"Type": "support", "Estimate": "2.5"})
    first = asked(sandbox)
    tracker.set_board(number, {"Type": "support", "Estimate": "2.50"})
    assert asked(sandbox) == first + 3  # the project, the issue before and after
    assert state(sandbox)["board"] == [{"number": number, "fields": {"Type": "support", "Estimate": 2.5}}]


def test_an_issue_may_go_onto_the_board_without_a_field(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    tracker.set_board(number, {})
    assert tracker.issue(number).board == {"Title": "It breaks"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"Impact": "Enormous"}, "Impact cannot be 'Enormous'. It takes: Low, Medium, High, Critical"),
        ({"Estimate": "plenty"}, "Estimate cannot be 'plenty'. It takes: a number"),
        ({"Estimate": "nan"}, "Estimate cannot be 'nan'. It takes: a number"),
        ({"Iteration": "Iteration 9999"}, "Iteration cannot be 'Iteration 9999'. It takes: Iteration "),
        ({"Labels": "bug"}, "Labels cannot be 'bug'. It takes: nothing that can be set from here"),
        ({"Colour": "red"}, "the board has no field 'Colour'. Its fields: Title, "),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can_before_anything_is_written(
    sandbox: Running, tracker: GitHub, values: dict[str, str], words: str
) -> None:
    number = put_issue(sandbox)
    with pytest.raises(Refused) as caught:
        tracker.set_board(number, {"Type": "support", **values})
    assert words in str(caught.value)
    assert f"issue {number}" in str(caught.value)
    assert state(sandbox)["board"] == []


def test_a_board_with_many_sprints_names_the_next_ones_only(sandbox: Running, tracker: GitHub) -> None:
    with pytest.raises(Refused, match=r"It takes: Iteration 55, .*, and others\.") as caught:
        tracker.set_board(put_issue(sandbox), {"Iteration": "Iteration 9999"})
    assert len(str(caught.value)) < 400


def test_sixty_issues_are_read_with_two_queries(sandbox: Running, tracker: GitHub) -> None:
    switch(sandbox, board_automation=False)
    numbers = [put_issue(sandbox, labels=[SUPPORT]) for _ in range(60)]
    tracker.set_board(numbers[-1], {"Type": "support"})
    before = asked(sandbox)
    found = tracker.tracked()
    assert [issue.number for issue in found] == numbers
    assert [issue.number for issue in found if issue.board] == numbers[-1:]
    assert asked(sandbox) == before + 2


def test_lists_tell_since_when_each_issue_is_assigned_on_the_board_or_not(sandbox: Running, tracker: GitHub) -> None:
    switch(sandbox, board_automation=False)
    on, off, nobody = (put_issue(sandbox, labels=[SUPPORT]) for _ in range(3))
    tracker.set_board(on, {})
    with sandbox.store.transaction():
        for number, day, add, remove in (
            (on, 1, ["mei-tanaka"], []),
            (off, 2, ["grace-holloway"], []),
            (off, 3, ["mei-tanaka"], []),
            (off, 4, [], ["grace-holloway"]),
            (nobody, 5, ["mei-tanaka"], []),
            (nobody, 6, [], ["mei-tanaka"]),
            (on, 7, [], ["mei-tanaka"]),
            (on, 8, ["mei-tanaka"], []),
        ):
            reassign(sandbox.store, "mei-tanaka", number, add, remove, at=f"2026-11-{day:02}T09:00:00Z")
    before = asked(sandbox)
    tracked = tracker.tracked()
    assert asked(sandbox) == before + 1
    assert [(issue.number, issue.assigned and issue.assigned.day) for issue in tracked] == [
        (on, 8),
        (off, 2),
        (nobody, None),
    ]
    assert [(issue.number, issue.assigned and issue.assigned.day) for issue in tracker.assigned("mei-tanaka")] == [
        (on, 8),
        (off, 2),
    ]
    assert [tracker.issue(issue.number).assigned for issue in tracked] == [issue.assigned for issue in tracked]
    assert [issue.board for issue in tracked] == [{"Title": "It breaks"}, None, None]


def test_an_assignee_whose_account_is_gone_still_counts() -> None:
    events: list[Any] = [None, {"__typename": "AssignedEvent", "createdAt": "2026-11-01T09:00:00Z", "assignee": None}]
    events.append({**events[1], "createdAt": "2026-11-02T09:00:00Z", "assignee": {"login": "mei-tanaka"}})
    assert told_of(events, []).assigned == datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_a_person_without_issues_costs_no_query(sandbox: Running, tracker: GitHub) -> None:
    assert tracker.assigned("mei-tanaka") == ()
    assert asked(sandbox) == 0


@pytest.mark.parametrize("changes", [{"number": 58}, {"owner": "somebody-else"}])
def test_another_project_says_nothing_of_an_issue(sandbox: Running, tracker: GitHub, changes: dict[str, Any]) -> None:
    number = put_issue(sandbox)
    tracker.set_board(number, {"Type": "support"})
    other = GitHub(f"{sandbox.url}/github", "sandbox", with_board(**changes), patient=False)
    assert other.issue(number).board is None
    with pytest.raises(NotFound, match=r"has no project .* Check tracker/board"):
        other.set_board(number, {"Type": "support"})


def test_an_organisation_without_a_board_asks_for_none(sandbox: Running) -> None:
    bare = ORGANIZATION.model_copy(update={"tracker": ORGANIZATION.tracker.model_copy(update={"board": None})})
    tracker = GitHub(f"{sandbox.url}/github", "sandbox", bare, patient=False)
    number = put_issue(sandbox, labels=[SUPPORT])
    tracker.set_board(number, {"Type": "support"})
    tracker.assign(number, "mei-tanaka")
    assert [issue.board for issue in (tracker.issue(number), *tracker.tracked())] == [None, None]
    assert [issue.assigned for issue in tracker.tracked()] == [None]
    assert asked(sandbox) == 0


def test_a_board_may_belong_to_a_person() -> None:
    login = ORGANIZATION.people[0].login
    mine = with_board(owner=login)
    with start(mine, seed=None) as running:
        tracker = GitHub(f"{running.url}/github", "sandbox", mine, patient=False)
        number = tracker.open("It breaks", "", [])
        tracker.set_board(number, {"Type": "support"})
        assert (tracker.issue(number).board or {})["Type"] == "support"


def test_an_address_of_an_enterprises_own_has_its_board_too(sandbox: Running) -> None:
    tracker = GitHub(f"{sandbox.url}/github/api/v3", "sandbox", ORGANIZATION, patient=False)
    number = tracker.open("It breaks", "", [])
    tracker.set_board(number, {"Type": "support"})
    assert (tracker.issue(number).board or {})["Type"] == "support"
    assert asked(sandbox) == 0


def test_an_issue_that_is_not_there_cannot_go_onto_the_board(tracker: GitHub) -> None:
    with pytest.raises(NotFound, match="issue 77: there is no such issue"):
        tracker.set_board(77, {"Type": "support"})


def test_a_lost_answer_is_reported_and_setting_again_finishes(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    tracker.set_board(number, {})
    fields = {"Type": "support", "Impact": "High"}
    # The project and the issue are read first; then the answer to the first of the two fields is lost.
    order(sandbox, {"path": GRAPHQL, "delay": 0, "times": 2}, {"path": GRAPHQL, "drop": "after", "times": 1})
    with pytest.raises(AnswerLost, match=r"Type: .*look before repeating"):
        tracker.set_board(number, fields)
    assert state(sandbox)["board"][0]["fields"] == {"Type": "support"}
    tracker.set_board(number, fields)
    assert state(sandbox)["board"][0]["fields"] == fields


def test_a_board_that_cannot_be_read_now_is_unavailable(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox)
    order(sandbox, {"path": GRAPHQL, "status": 502})
    with pytest.raises(Unavailable, match="the board: GitHub answers 502"):
        tracker.issue(number)


def told(answer: Any, write: bool = False) -> ServiceError:
    """What we say where GraphQL answers so."""

    def answered(request: Asked, n: int) -> None:
        request.say(200, json.dumps(answer))

    with serving(answered) as local:
        tracker = GitHub(local.url, TOKEN, ORGANIZATION, patient=False)
        with pytest.raises(ServiceError) as caught:
            tracker._graphql("query { viewer { login } }", {}, "the board", write)
    assert TOKEN not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("problem", "kind", "lost"),
    [
        ({"type": "INSUFFICIENT_SCOPES", "message": f"needs read:project {TOKEN}"}, Refused, Refused),
        ({"type": "FORBIDDEN", "message": "Resource not accessible"}, Refused, Refused),
        ({"type": "RATE_LIMITED", "message": "API rate limit exceeded"}, Unavailable, Unavailable),
        ({"message": "Something went wrong while executing your query."}, Unavailable, AnswerLost),
        ({"type": "NOT_FOUND", "message": "Could not resolve", "path": ["repository"]}, NotFound, NotFound),
        ({"message": "Field 'x' doesn't exist", "extensions": {"code": "undefinedField"}}, Refused, Refused),
    ],
)
def test_what_graphql_tells_in_its_errors_becomes_ours(
    problem: dict[str, Any], kind: type[ServiceError], lost: type[ServiceError]
) -> None:
    answer = {"data": None, "errors": [problem]}
    assert type(told(answer)) is kind
    assert type(told(answer, write=True)) is lost


@pytest.mark.parametrize("answer", [{}, [], {"errors": "x"}, {"errors": [1]}, "text", None])
def test_an_answer_that_is_not_graphqls_is_an_error_of_ours(answer: Any) -> None:
    assert type(told(answer)) is ServiceError
    assert type(told(answer, write=True)) is AnswerLost


RECORD = {
    "number": 1,
    "title": "x",
    "html_url": "",
    "state": "open",
    "body": None,
    "user": None,
    "created_at": "2026-11-01T09:00:00Z",
    "labels": [],
    "assignees": [{"login": "mei-tanaka"}],
}


def answering(data: Any) -> Callable[[Asked, int], None]:
    """A tracker with one issue, whose GraphQL answers `data`."""

    def answered(request: Asked, n: int) -> None:
        request.say(200, json.dumps({"data": data} if request.command == "POST" else [RECORD]))

    return answered


def told_of(events: list[Any], items: list[Any]) -> Issue:
    """The one issue, where GraphQL tells these events and these items of it."""
    told = {"id": "I1", "timelineItems": {"nodes": events}, "projectItems": {"nodes": items}}
    with serving(answering({"repository": {"i1": told}})) as local:
        (found,) = GitHub(local.url, TOKEN, ORGANIZATION, patient=False).assigned("mei-tanaka")
    return found


@pytest.mark.parametrize("data", [None, {}, {"repository": None}, {"repository": {"i1": {"id": 1}}}])
def test_a_board_of_another_shape_is_an_error_of_ours(data: Any) -> None:
    with serving(answering(data)) as local, pytest.raises(ServiceError, match="the board: not what GitHub answers"):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).assigned("mei-tanaka")


def test_only_one_project_of_many_counts_and_what_is_hidden_is_passed_over() -> None:
    board = ORGANIZATION.tracker.board
    assert isinstance(board, Board)

    def item(number: int, owner: str | None, option: str) -> dict[str, Any]:
        values: list[Any] = [None, {}, {"field": {"name": "Status"}, "name": option}, {"field": {"name": "Due"}}]
        project = {"number": number, "owner": owner and {"login": owner}}
        return {"id": f"item {option}", "project": project, "fieldValues": {"nodes": values}}

    items = [None, item(1, board.owner, "a"), item(board.number, "other", "b"), item(board.number, None, "c")]
    items.append(item(board.number, board.owner.upper(), "Committed"))
    assert told_of([], items).board == {"Status": "Committed"}

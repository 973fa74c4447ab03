"""The tracker adapter, and that PyGithub keeps the token to itself."""

from __future__ import annotations

import json
import re
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import github
import pytest
import requests
from github import Auth
from github.Repository import Repository
from github.Requester import Requester
from test_http import Asked, cut, serving, unused_address

from deskbook.config.organization import load_organization
from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, Unavailable
from deskbook.services.checks import Lacking
from deskbook.services.github import transport
from deskbook.services.github.client import GitHub
from deskbook.services.github.comments import comments_of
from deskbook.services.github.texts import references_in
from deskbook.services.github.transport import pinned
from deskbook_sandbox.github.commits import add_commit, hub_path
from deskbook_sandbox.github.records import add_comment, add_issue, reassign
from deskbook_sandbox.server import Running, start

ORGANIZATION = load_organization()
TOKEN = "ghp_that-nobody-may-see"
REPOSITORY = ORGANIZATION.tracker.repository
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # in iteration 55


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with start(ORGANIZATION, seed=None, now=NOW) as running:
        yield running


@pytest.fixture
def sandbox(server: Running) -> Running:
    requests.post(f"{server.url}/sandbox/reset", json={"seed": None}, timeout=10).raise_for_status()
    return server


@pytest.fixture
def tracker(sandbox: Running) -> GitHub:
    return GitHub(f"{sandbox.url}/github", "sandbox", ORGANIZATION, patient=False)


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


def test_hub_changes_are_the_newest_commits_of_that_cluster_only(sandbox: Running, tracker: GitHub) -> None:
    commit_to(sandbox, "aurora-aws", "grace-holloway", 2, "Raise memory\n\nBecause it was low")
    commit_to(sandbox, "aurora-aws", "someone@else.example.org", 3)
    commit_to(sandbox, "aurora-aws-2", "mei-tanaka", 4)
    found = tracker.hub_changes("aurora-aws")
    assert [change.author for change in found] == ["someone@else.example.org", "grace-holloway"]
    assert (found[1].message, found[1].at.isoformat()) == ("Raise memory", "2026-11-02T09:00:00+00:00")


def test_ten_hub_changes_are_enough_and_cost_one_call(sandbox: Running, tracker: GitHub) -> None:
    for day in range(1, 16):
        commit_to(sandbox, "aurora-aws", "grace-holloway", day)
    assert [change.at.day for change in tracker.hub_changes("aurora-aws")] == list(range(15, 5, -1))
    counts = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["requests"]
    assert {path: n for path, n in counts.items() if "github" in path} == {f"GET /github/repos/{REPOSITORY}/commits": 1}


def test_a_cluster_nobody_touched_has_no_changes(tracker: GitHub) -> None:
    assert tracker.hub_changes("nowhere") == ()


def test_nothing_is_asked_before_it_is_needed() -> None:
    GitHub(unused_address(), TOKEN, ORGANIZATION, patient=True)


def test_an_author_without_an_account_is_known_by_mail() -> None:
    assert [change.author for change in hub_changes_from(commit(None), commit({"login": "ada"}))] == [
        "ada@example.org",
        "ada",
    ]


def test_a_wrong_token_names_the_setting_and_not_itself(sandbox: Running) -> None:
    with pytest.raises(Refused, match="Check GITHUB_TOKEN") as caught:
        GitHub(f"{sandbox.url}/github", TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_repository_that_is_hidden_is_not_found(sandbox: Running) -> None:
    other = ORGANIZATION.tracker.model_copy(update={"repository": "nobody/nothing"})
    organization = ORGANIZATION.model_copy(update={"tracker": other})
    with pytest.raises(NotFound, match="nobody/nothing is not there, or GITHUB_TOKEN may not see it"):
        GitHub(f"{sandbox.url}/github", "sandbox", organization, patient=False).hub_changes("aurora-aws")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (403, "Resource not accessible by personal access token", Refused),
        (403, "API rate limit exceeded for user", Unavailable),
        (429, "You have exceeded a secondary rate limit", Unavailable),
        (500, "", Unavailable),
        (422, "Validation Failed", Refused),
        (404, "gone fishing", NotFound),
    ],
)
def test_githubs_refusals_become_ours(status: int, message: str, kind: type[ServiceError]) -> None:
    body = json.dumps({"message": f"{message} {TOKEN}"})
    with serving(lambda request, n: request.say(status, body)) as local, pytest.raises(kind) as caught:
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "right"),
    [
        (lambda tracker: tracker.hub_changes("aurora-aws"), f"read the contents of {REPOSITORY}"),
        (lambda tracker: tracker.issues(LONG_AGO), f"read and write the issues of {REPOSITORY}"),
        (lambda tracker: tracker.open("It breaks", "", []), f"read and write the issues of {REPOSITORY}"),
        (lambda tracker: tracker.set_board(1, {}), f"read and write the projects of {REPOSITORY.split('/')[0]}"),
    ],
)
def test_a_call_that_is_not_allowed_names_the_right_that_it_needs(call: Callable[[GitHub], Any], right: str) -> None:
    body = json.dumps({"message": "Resource not accessible by personal access token"})
    with serving(lambda request, n: request.say(403, body)) as local, pytest.raises(Refused) as caught:
        call(GitHub(local.url, TOKEN, ORGANIZATION, patient=False))
    assert str(caught.value).endswith(f"Give GITHUB_TOKEN the right to {right}.")


@pytest.mark.parametrize("body", ["<html>Sign in</html>", '{"commits": ', "{}", "[1]", '[{"sha": "a"}]', '"text"'])
def test_an_answer_that_is_no_list_of_commits_is_an_error_of_ours(body: str) -> None:
    with serving(lambda request, n: request.say(200, body)) as local, pytest.raises(ServiceError):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")


def test_an_answer_that_breaks_off_or_is_missing_is_unavailable() -> None:
    with serving(lambda request, n: cut(request)) as local, pytest.raises(Unavailable):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
    with pytest.raises(Unavailable, match="DESKBOOK_SANDBOX_URL"):
        GitHub(unused_address(), TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")


def test_a_limit_that_ends_in_an_hour_is_not_waited_for() -> None:
    def limited(request: Asked, n: int) -> None:
        body = '{"message": "API rate limit exceeded"}'
        request.say(403, body, X_RateLimit_Reset=int(time.time()) + 3600)

    begun = time.monotonic()
    with serving(limited) as local, pytest.raises(Unavailable):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=True).hub_changes("aurora-aws")
    assert time.monotonic() - begun < 600  # of the hour that it was told to wait


# Issues.


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


def test_an_issue_is_found_though_githubs_clock_is_ten_minutes_behind(sandbox: Running, tracker: GitHub) -> None:
    number = put_issue(sandbox, at="2026-11-20T10:50:00Z")
    assert [issue.number for issue in tracker.issues(datetime(2026, 11, 20, 11, tzinfo=UTC))] == [number]


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


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"truncate": True}])
def test_an_issue_whose_answer_is_lost_is_reported_and_not_opened_again(
    sandbox: Running, tracker: GitHub, fault: dict[str, Any]
) -> None:
    order(sandbox, {"method": "POST", "path": ISSUES, **fault})
    with pytest.raises(AnswerLost, match=r"opening an issue: .*look before repeating it"):
        tracker.open("It breaks", MARK, [])
    assert [issue.refs for issue in tracker.issues(LONG_AGO)] == [("101-1-timebox.track",)]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"truncate": True}, {"status": 502}])
@pytest.mark.parametrize("call", ["comment", "assign", "reopen", "retitle"])
def test_every_write_without_an_answer_counts_as_uncertain(
    sandbox: Running, tracker: GitHub, fault: dict[str, Any], call: str
) -> None:
    number = put_issue(sandbox)
    calls: dict[str, Callable[[], object]] = {
        "comment": lambda: tracker.comment(number, "Hello"),
        "assign": lambda: tracker.assign(number, "mei-tanaka"),
        "reopen": lambda: tracker.reopen(number),
        "retitle": lambda: tracker.retitle(number, "[EVENT][3 May 2027] a hub"),
    }
    tracker.issues(LONG_AGO)
    before = sum(state(sandbox)["requests"].values())
    order(sandbox, {"method": "*", "path": f"{ISSUES}/*", **fault})
    with pytest.raises(AnswerLost):
        calls[call]()
    assert sum(state(sandbox)["requests"].values()) == before + 1


def test_a_patient_tracker_repeats_no_write_either(sandbox: Running) -> None:
    patient = GitHub(f"{sandbox.url}/github", "sandbox", ORGANIZATION, patient=True)
    order(sandbox, {"method": "POST", "path": ISSUES, "status": 502})
    with pytest.raises(AnswerLost):
        patient.open("It breaks", MARK, [])
    assert state(sandbox)["requests"][f"POST {ISSUES}"] == 1


def test_a_write_that_never_left_did_not_land() -> None:
    with pytest.raises(Unavailable):
        GitHub(unused_address(), TOKEN, ORGANIZATION, patient=False).open("It breaks", "", [])


def test_a_write_beyond_the_calls_allowed_did_not_land(sandbox: Running, tracker: GitHub) -> None:
    order(sandbox, {"method": "POST", "path": ISSUES, "status": 429})
    with pytest.raises(Unavailable, match="no more calls"):
        tracker.open("It breaks", MARK, [])


@pytest.mark.parametrize("body", ["{}", '{"number": "x"}', "<html>Sign in</html>", "[]", "null", ""])
def test_a_write_answered_with_nonsense_counts_as_uncertain(body: str) -> None:
    with serving(lambda request, n: request.say(200, body)) as local, pytest.raises(AnswerLost):
        GitHub(local.url, TOKEN, ORGANIZATION, patient=False).open("It breaks", "", [])


def test_a_list_never_leads_the_token_to_another_host() -> None:
    record = {"number": 1, "title": "x", "html_url": "", "state": "open", "body": None, "user": None}
    record |= {"created_at": "2026-11-01T09:00:00Z", "labels": [], "assignees": [], "pull_request": None}
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def lead_away(request: Asked, n: int) -> None:
            request.say(200, json.dumps([record]), Link=f'<{other.url}/x?page=2>; rel="next"')

        with serving(lead_away) as local, pytest.raises(ServiceError):
            GitHub(local.url, TOKEN, ORGANIZATION, patient=False).issues(LONG_AGO)
        assert other.asked == []


# Where the token goes.


def confined(url: str) -> Requester:
    return pinned(github.Github(auth=Auth.Token(TOKEN), base_url=url, retry=None, lazy=True).requester, url)


def test_a_next_page_on_another_host_never_sees_the_token() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def lead_away(request: Asked, n: int) -> None:
            request.say(200, json.dumps([commit(None)]), Link=f'<{other.url}/x?page=2>; rel="next"')

        with serving(lead_away) as local, pytest.raises((ServiceError, AssertionError)):
            list(Repository(confined(local.url), url=f"/repos/{REPOSITORY}").get_commits())
        assert other.asked == []


@pytest.mark.parametrize("stranger", ["http://api.github.com/x", "https://evil.github.com/x"])
def test_not_even_githubs_other_hosts_or_plain_http_see_the_token(stranger: str) -> None:
    requester = confined("https://api.github.com")
    with pytest.raises(ServiceError, match="our token must not go"):
        requester.requestJsonAndCheck("GET", stranger)


def test_a_redirect_elsewhere_never_sees_the_token() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def sent_on(request: Asked, n: int) -> None:
            request.say((301, 302, 307)[n], Location=f"{other.url}/repos/{REPOSITORY}/commits")

        with serving(sent_on) as local:
            for _ in range(3):
                with pytest.raises(ServiceError, match="new name in tracker/repository"):
                    GitHub(local.url, TOKEN, ORGANIZATION, patient=False).hub_changes("aurora-aws")
            assert len(local.asked) == 3
        assert other.asked == []


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", unused_address())
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert hub_changes_from(commit(None))[0].author == "ada@example.org"


def test_the_rest_of_this_process_keeps_its_pygithub_as_it_was() -> None:
    confined("https://api.github.com")
    with serving(lambda request, n: request.say(200, "{}", **{"X-Page": "theirs"})) as local:
        theirs = github.Github(auth=Auth.Token("theirs"), base_url=local.url, retry=None).requester
        assert theirs.requestJsonAndCheck("GET", "/x")[0]["x-page"] == "theirs"


def test_two_trackers_in_one_process_keep_their_tokens_apart() -> None:
    with serving(lambda request, n: request.say(200, "{}")) as one, serving(lambda request, n: request.say(200)) as two:
        first, second = confined(one.url), confined(two.url)
        for mine, theirs in ((first, two), (second, one)):
            with pytest.raises((ServiceError, AssertionError)):
                mine.requestJsonAndCheck("GET", f"{theirs.url}/x")
        assert one.asked == two.asked == []


def test_the_adapter_names_nothing_that_is_private_to_pygithub() -> None:
    """What is public there may change too: then the tests above fail, since the token would go elsewhere."""
    for path in Path(transport.__file__).parent.glob("*.py"):
        assert "_Requester__" not in path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!self)(?<!cls)\._[a-z]", path.read_text(encoding="utf-8")), path.name


# What the token may do.


@pytest.mark.parametrize(
    ("repository", "scopes", "lacking"),
    [
        ({"permissions": {"push": True}}, "repo, project", {}),
        ({"permissions": {"triage": True}}, "", {}),
        ({"permissions": {"pull": True, "push": False}}, "repo, project", {"role": "may only pull"}),
        ({"permissions": {"push": True}, "archived": True}, "repo, project", {"role": "archived"}),
        ({"permissions": {"push": True}, "has_issues": False}, "repo, project", {"role": "issues are switched off"}),
        ({"permissions": {"push": True}}, "public_repo", {"scopes": "no scope repo, project; there is public_repo"}),
    ],
)
def test_a_role_or_scope_that_the_token_lacks_is_named(
    repository: dict[str, Any], scopes: str, lacking: dict[str, str]
) -> None:
    told = {"X-OAuth-Scopes": scopes} if scopes else {}
    with serving(lambda request, n: request.say(200, json.dumps(repository), **told)) as local:
        found = {}
        for check in GitHub(local.url, "key", ORGANIZATION, patient=False).checks():
            if check.name in ("role", "scopes"):
                try:
                    check.look()
                except Lacking as error:
                    found[check.name] = str(error)
    assert list(found) == list(lacking)
    assert all(words in found[name] for name, words in lacking.items())


def test_a_board_that_may_only_be_read_is_named() -> None:
    def answer(request: Asked, n: int) -> None:
        project = {"id": "P", "viewerCanUpdate": False, "fields": {"nodes": []}}
        request.say(200, json.dumps({"data": {"organization": {"projectV2": project}}}))

    with serving(answer) as local:
        checks = GitHub(local.url, "key", ORGANIZATION, patient=False).checks()
        (check,) = (check for check in checks if check.name == "board")
        with pytest.raises(Lacking, match="not changed"):
            check.look()

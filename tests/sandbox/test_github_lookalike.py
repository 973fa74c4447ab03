"""The tracker behaves as GitHub does: issues, labels, search, commits, the board, limits and refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from conftest import ORGANIZATION, Client

from deskbook.errors import DefinitionError
from deskbook_sandbox.server import start

REPOSITORY = f"/repos/{ORGANIZATION.tracker.repository}"
SEED: Mapping[str, Any] = {
    "now": "2026-11-23T17:55:00Z",
    "commits": [
        {"cluster": "aurora-aws", "author": "mei-tanaka", "at": "-2d 3h", "message": "More memory"},
        {"cluster": "aurora-aws", "author": "jonas.weber@staff.example.org", "at": "-9d"},
        {"path": "docs/index.md", "author": "stranger@elsewhere.org", "at": "2026-11-01T00:00:00Z"},
    ],
    "issues": [
        {
            "title": "[Support] Login fails",
            "body": "403 at login",
            "labels": ["support"],
            "author": "mei-tanaka",
            "assignees": ["jonas-weber"],
            "created": "-10d",
            "comments": [{"author": "jonas-weber", "body": "Looking", "at": "-9d"}],
            "board": {"Impact": "High", "Iteration": 55},
        },
        {"title": "Old", "state": "closed", "created": "-30d", "closed": "-20d"},
        {"title": "A pull request", "pull": True, "created": "-3d"},
    ],
}


@dataclass(frozen=True)
class Tracker:
    client: Client

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        options.setdefault("headers", {"Authorization": "token sandbox"})
        return self.client.session.request(method, f"{self.client.url}/github{path}", json=body, **options)

    def get(self, place: str, **query: Any) -> Any:
        answer = self.ask("GET", REPOSITORY + place, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def make(self, path: str, body: Any) -> Any:
        answer = self.ask("POST", REPOSITORY + path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def numbers(self, **query: Any) -> list[int]:
        return [issue["number"] for issue in self.get("/issues", **query)]

    def found(self, query: str) -> list[int]:
        answer = self.ask("GET", "/search/issues", params={"q": query})
        assert answer.status_code == 200, answer.text
        return [issue["number"] for issue in answer.json()["items"]]

    def graphql(self, query: str, **variables: Any) -> Any:
        answer = self.ask("POST", "/graphql", {"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def tracker(quick: Client) -> Tracker:
    quick.control("/reset", {"seed": None})
    return Tracker(quick)


@pytest.fixture
def seeded(tmp_path: Path) -> Any:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(SEED))
    with start(ORGANIZATION, seed=path) as running:
        yield Tracker(Client(running))


def test_every_call_needs_the_token(tracker: Tracker) -> None:
    for headers, message in (({}, "Requires authentication"), ({"Authorization": "token no"}, "Bad credentials")):
        answer = tracker.ask("GET", "/user", headers=headers)
        assert (answer.status_code, answer.json()["message"]) == (401, message)
    assert tracker.ask("GET", "/user", headers={"Authorization": "Bearer sandbox"}).json()["login"] == "priya-raman"


def test_a_new_issue_has_an_address_labels_and_people(tracker: Tracker) -> None:
    issue = tracker.make("/issues", {"title": "t", "labels": ["support", "new"], "assignees": ["mei-tanaka"]})
    assert issue["html_url"] == f"{tracker.client.url}/github/{ORGANIZATION.tracker.repository}/issues/1"
    assert [label["name"] for label in issue["labels"]] == ["support", "new"]
    assert [issue["state"], issue["assignee"]["login"], issue["user"]["login"]] == ["open", "mei-tanaka", "priya-raman"]
    assert tracker.ask("GET", issue["url"].removeprefix(f"{tracker.client.url}/github")).json() == issue
    page = requests.get(issue["html_url"])
    assert page.status_code == 200
    assert "text/html" in page.headers["Content-Type"]


def test_an_issue_page_shows_foreign_text_and_runs_none(tracker: Tracker) -> None:
    issue = tracker.make("/issues", {"title": "<script>alert(1)</script>", "body": "<img onerror=x>"})
    assert not re.search("<script|<img", requests.get(issue["html_url"]).text)


def test_issues_are_filtered_as_asked(seeded: Tracker) -> None:
    assert seeded.numbers() == [3, 1]
    assert "pull_request" in seeded.get("/issues")[0]
    assert seeded.numbers(state="all", sort="created", direction="asc") == [2, 1, 3]
    assert seeded.numbers(labels="support", creator="mei-tanaka", assignee="jonas-weber") == [1]
    assert seeded.numbers(labels="support,event") == []
    assert seeded.numbers(since="2026-11-20T00:00:00Z") == [3]
    assert seeded.numbers(assignee="none") == [3]
    assert seeded.ask("GET", f"{REPOSITORY}/issues?state=wrong").status_code == 422


def test_pages_are_linked(tracker: Tracker) -> None:
    for number in range(5):
        tracker.make("/issues", {"title": str(number)})
    first = tracker.ask("GET", f"{REPOSITORY}/issues?per_page=2&state=all")
    assert set(first.links) == {"next", "last"}
    last = tracker.client.session.get(first.links["last"]["url"], headers={"Authorization": "token sandbox"})
    assert [issue["number"] for issue in last.json()] == [1]
    assert set(last.links) == {"prev", "first"}
    assert tracker.get("/issues", page=99) == []


def test_closing_and_reopening_leave_their_history(tracker: Tracker) -> None:
    tracker.make("/issues", {"title": "t"})
    closed = tracker.ask("PATCH", f"{REPOSITORY}/issues/1", {"state": "closed", "state_reason": "not_planned"}).json()
    assert (closed["state"], closed["state_reason"], closed["closed_by"]["login"]) == (
        "closed",
        "not_planned",
        "priya-raman",
    )
    opened = tracker.ask("PATCH", f"{REPOSITORY}/issues/1", {"state": "open", "assignees": ["mei-tanaka"]}).json()
    assert (opened["state"], opened["closed_at"], opened["state_reason"]) == ("open", None, "reopened")
    tracker.make("/issues/1/comments", {"body": "hello"})
    assert [event["event"] for event in tracker.get("/issues/1/events")] == ["closed", "assigned", "reopened"]
    assert "commented" in [event["event"] for event in tracker.get("/issues/1/timeline")]


def test_comments_can_be_written_changed_and_deleted(tracker: Tracker) -> None:
    tracker.make("/issues", {"title": "t"})
    comment = tracker.make("/issues/1/comments", {"body": "one"})
    path = f"{REPOSITORY}/issues/comments/{comment['id']}"
    assert tracker.ask("PATCH", path, {"body": "two"}).json()["body"] == "two"
    assert [one["body"] for one in tracker.get("/issues/1/comments")] == ["two"]
    assert tracker.ask("DELETE", path).status_code == 204
    assert tracker.ask("GET", path).status_code == 404


def test_labels_come_as_a_bare_list_and_unknown_ones_are_made(tracker: Tracker) -> None:
    tracker.make("/issues", {"title": "t", "labels": ["support"]})
    assert [label["name"] for label in tracker.make("/issues/1/labels", ["a/b"])] == ["support", "a/b"]
    assert tracker.ask("DELETE", f"{REPOSITORY}/issues/1/labels/a/b").status_code == 200
    assert tracker.ask("DELETE", f"{REPOSITORY}/issues/1/labels/a%2Fb").status_code == 404
    refused = tracker.ask("POST", f"{REPOSITORY}/labels", {"name": "SUPPORT"})
    assert refused.json()["errors"] == [{"resource": "Label", "field": "name", "code": "already_exists"}]


def test_refusals_have_githubs_shape(tracker: Tracker) -> None:
    cases: list[tuple[str, str, Any, int]] = [
        ("POST", f"{REPOSITORY}/issues", {}, 422),
        ("POST", f"{REPOSITORY}/issues", {"title": " "}, 422),
        ("POST", f"{REPOSITORY}/issues", {"title": "t", "assignees": ["nobody"]}, 422),
        ("POST", f"{REPOSITORY}/issues", {"title": "t", "labels": [[]]}, 422),
        ("POST", f"{REPOSITORY}/issues", [1], 400),
        ("GET", f"{REPOSITORY}/issues/999999999999999999999999", None, 404),
        ("GET", "/repos/some/where", None, 404),
        ("GET", f"{REPOSITORY}/commits/abcdefg", None, 422),
        ("PUT", f"{REPOSITORY}/issues", {}, 404),
    ]
    for method, path, body, status in cases:
        answer = tracker.ask(method, path, body)
        assert (answer.status_code, answer.json()["status"]) == (status, str(status)), path
        assert answer.json()["message"]
        assert answer.json()["documentation_url"]
    broken = requests.post(
        f"{tracker.client.url}/github{REPOSITORY}/issues", data="{", headers={"Authorization": "token sandbox"}
    )
    assert (broken.status_code, broken.json()["message"]) == (400, "Problems parsing JSON")


def test_search_needs_to_know_what_for_and_understands_qualifiers(seeded: Tracker) -> None:
    assert seeded.ask("GET", "/search/issues", params={"q": "login"}).status_code == 422
    assert seeded.ask("GET", "/search/issues", params={"q": "repo:a/b is:issue"}).status_code == 422
    assert seeded.found("is:issue label:support in:title login") == [1]
    assert seeded.found('is:issue "at login" author:mei-tanaka is:open') == [1]
    assert seeded.found("is:issue logi") == []
    assert seeded.found("is:issue -label:support") == [2]
    assert seeded.found("is:issue created:>=2026-11-01") == [1]
    assert seeded.found("is:pull-request") == [3]


def test_search_lags_behind(seeded: Tracker) -> None:
    seeded.client.control("/switches", {"index_lag": 600})
    seeded.make("/issues", {"title": "brand new"})
    seeded.ask("PATCH", f"{REPOSITORY}/issues/1", {"title": "Renamed"})
    assert seeded.found("is:issue brand") == []
    assert seeded.found("is:issue login in:title") == [1]
    seeded.client.control("/switches", {"index_lag": 0})
    assert seeded.found("is:issue brand") == [4]
    assert seeded.found("is:issue login in:title") == []


def test_commits_say_who_touched_a_hub_last(seeded: Tracker) -> None:
    commits = seeded.get("/commits", path="config/clusters/aurora-aws/")
    assert [commit["author"]["login"] for commit in commits] == ["mei-tanaka", "jonas-weber"]
    assert seeded.get("/commits", path="config/clusters/aurora") == []
    assert [one["author"] for one in seeded.get("/commits", author="stranger@elsewhere.org")] == [None]
    assert len(seeded.get("/commits", since="2026-11-20T00:00:00Z")) == 1
    assert seeded.get(f"/commits/{commits[0]['sha']}")["files"][0]["filename"].startswith("config/clusters/aurora-aws/")
    names = [entry["name"] for entry in seeded.get("/contents/.github/ISSUE_TEMPLATE")]
    assert len(names) == 2


def test_limits_are_announced_and_kept(sandbox: Client) -> None:
    tracker = Tracker(sandbox)
    tracker.client.control("/reset", {"seed": None})
    answer = tracker.ask("GET", "/rate_limit")
    assert answer.json()["rate"]["remaining"] == 5000
    assert tracker.ask("GET", "/user").headers["X-RateLimit-Remaining"] == "4999"
    statuses = [tracker.ask("POST", f"{REPOSITORY}/issues", {"title": "t"}).status_code for _ in range(81)]
    assert statuses == [201] * 80 + [403]
    refused = tracker.ask("POST", f"{REPOSITORY}/issues", {"title": "t"})
    assert "secondary rate limit" in refused.json()["message"]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    for _ in range(30):
        tracker.ask("GET", "/search/issues", params={"q": "is:issue"})
    exhausted = tracker.ask("GET", "/search/issues", params={"q": "is:issue"})
    assert (exhausted.status_code, exhausted.headers["X-RateLimit-Remaining"]) == (403, "0")


def test_an_unchanged_answer_costs_no_bytes(tracker: Tracker) -> None:
    tag = tracker.ask("GET", f"{REPOSITORY}/labels").headers["ETag"]
    headers = {"Authorization": "token sandbox", "If-None-Match": tag}
    assert tracker.ask("GET", f"{REPOSITORY}/labels", headers=headers).status_code == 304


BOARD = """query ($login: String!, $number: Int!) {
  organization(login: $login) { projectV2(number: $number) { id title
    fields(first: 50) { nodes { ...named
      ... on ProjectV2SingleSelectField { options { id name } }
      ... on ProjectV2IterationField { configuration { iterations { id startDate } } } } } } } }
fragment named on ProjectV2FieldCommon { id name dataType }"""
VALUES = """query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { it: issue(number: $number) { projectItems(first: 5) { nodes {
    id impact: fieldValueByName(name: "Impact") { ... on ProjectV2ItemFieldSingleSelectValue { name } }
    fieldValues(first: 20) { nodes { __typename
      ... on ProjectV2ItemFieldIterationValue { title startDate }
      ... on ProjectV2ItemFieldNumberValue { number } } } } } } } }"""
SET = """mutation ($project: ID!, $item: ID!, $field: ID!, $value: ProjectV2FieldValue!) {
  updateProjectV2ItemFieldValue(input: {projectId: $project, itemId: $item, fieldId: $field, value: $value}) {
    projectV2Item { id } } }"""


def board(tracker: Tracker) -> tuple[str, dict[str, Any]]:
    """The project's id and its fields by name."""
    kept = ORGANIZATION.tracker.board
    assert kept
    project = tracker.graphql(BOARD, login=kept.owner, number=kept.number)["data"]["organization"]["projectV2"]
    return project["id"], {field["name"]: field for field in project["fields"]["nodes"]}


def test_an_issue_goes_onto_the_board_once_and_gets_its_fields(tracker: Tracker) -> None:
    issue = tracker.make("/issues", {"title": "t", "labels": ["support"]})
    project, fields = board(tracker)
    assert [option["name"] for option in fields["Impact"]["options"]] == ["Low", "Medium", "High", "Critical"]
    put = "mutation ($p: ID!, $c: ID!) { addProjectV2ItemById(input: {projectId: $p, contentId: $c}) { item { id } } }"
    items = {
        tracker.graphql(put, p=project, c=issue["node_id"])["data"]["addProjectV2ItemById"]["item"]["id"]
        for _ in range(2)
    }
    assert len(items) == 1
    item = items.pop()
    for name, value in (
        ("Impact", {"singleSelectOptionId": fields["Impact"]["options"][3]["id"]}),
        ("Estimate", {"number": 2.5}),
        ("Iteration", {"iterationId": fields["Iteration"]["configuration"]["iterations"][1]["id"]}),
    ):
        said = tracker.graphql(SET, project=project, item=item, field=fields[name]["id"], value=value)
        assert "errors" not in said, said
    owner, name = ORGANIZATION.tracker.repository.split("/")
    found = tracker.graphql(VALUES, owner=owner, name=name, number=1)["data"]["repository"]["it"]
    node = found["projectItems"]["nodes"][0]
    assert node["impact"] == {"name": "Critical"}
    assert {"__typename": "ProjectV2ItemFieldNumberValue", "number": 2.5} in node["fieldValues"]["nodes"]
    state = tracker.client.control("/state")["board"]
    assert state == [
        {"number": 1, "fields": {"Impact": "Critical", "Estimate": 2.5, "Iteration": state[0]["fields"]["Iteration"]}}
    ]


HISTORY = """query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { issue(number: 1) {
  timelineItems(%s) { pageInfo { hasPreviousPage } nodes { __typename
    ... on AssignedEvent { createdAt assignee { ... on User { login } } }
    ... on UnassignedEvent { createdAt assignee { ... on Actor { login } } } } } } } }"""


def test_the_history_tells_who_was_assigned_and_unassigned(tracker: Tracker) -> None:
    owner, name = ORGANIZATION.tracker.repository.split("/")
    tracker.make("/issues", {"title": "t", "labels": ["support"], "assignees": ["mei-tanaka"]})
    tracker.client.advance(hours=1)
    tracker.ask("DELETE", f"{REPOSITORY}/issues/1/assignees", {"assignees": ["mei-tanaka"]})
    told = tracker.get("/issues/1/events")

    def history(arguments: str) -> Any:
        return tracker.graphql(HISTORY % arguments, owner=owner, name=name)

    every = history("first: 9, itemTypes: [ASSIGNED_EVENT, UNASSIGNED_EVENT]")
    assert every["data"]["repository"]["issue"]["timelineItems"]["nodes"] == [
        {"__typename": kind, "createdAt": event["created_at"], "assignee": {"login": "mei-tanaka"}}
        for kind, event in zip(("AssignedEvent", "UnassignedEvent"), [e for e in told if "assignee" in e], strict=True)
    ]
    for arguments, kinds, more in (
        ("last: 1, itemTypes: [ASSIGNED_EVENT, UNASSIGNED_EVENT]", ["UnassignedEvent"], True),
        ("first: 9, itemTypes: ASSIGNED_EVENT", ["AssignedEvent"], False),
    ):
        found = history(arguments)["data"]["repository"]["issue"]["timelineItems"]
        assert [node["__typename"] for node in found["nodes"]] == kinds
        assert found["pageInfo"] == {"hasPreviousPage": more}
    for arguments, message in (
        ("itemTypes: [ASSIGNED_EVENT]", "first"),
        ("first: 9, itemTypes: [CLOSED_EVENT]", "ASSIGNED_EVENT"),
        ("first: 9", "ASSIGNED_EVENT"),
        ("first: 9, since: 1", "doesn't accept argument 'since'"),
    ):
        assert message in history(arguments)["errors"][0]["message"]


def test_the_running_iteration_follows_the_clock(seeded: Tracker) -> None:
    _, fields = board(seeded)
    assert fields["Iteration"]["configuration"]["iterations"][0]["startDate"] == "2026-11-11"
    seeded.client.advance(days=2)
    _, fields = board(seeded)
    assert fields["Iteration"]["configuration"]["iterations"][0]["startDate"] == "2026-11-25"


def test_a_value_that_does_not_fit_its_field_is_refused(seeded: Tracker) -> None:
    project, fields = board(seeded)
    items = seeded.graphql(
        f'{{ node(id: "{project}") {{ ... on ProjectV2 {{ items(first: 9) {{ nodes {{ id }} }} }} }} }}'
    )
    item = items["data"]["node"]["items"]["nodes"][0]["id"]
    for value in ({"number": 1}, {"singleSelectOptionId": "nope"}, {}, {"number": 1, "text": "x"}):
        said = seeded.graphql(SET, project=project, item=item, field=fields["Impact"]["id"], value=value)
        assert said["errors"][0]["type"] == "VALIDATION"
    assert seeded.client.control("/state")["board"][0]["fields"]["Impact"] == "High"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer { nothing } }", "undefinedField"),
        ("{ viewer }", "selectionMismatch"),
        ("{ viewer { login { x } } }", "selectionMismatch"),
        ("{ organization { id } }", "missingRequiredArguments"),
        ('{ organization(login: "x", age: 3) { id } }', "argumentNotAccepted"),
        ("{ viewer { ...a } } fragment a on User { ...a }", "useAndDefineFragment"),
        ("{ viewer { ... on Dragon { id } } }", "undefinedType"),
        ("query { node(id: $id) { id } }", "variableNotDefined"),
    ],
)
def test_graphql_names_what_it_does_not_know(tracker: Tracker, query: str, code: str) -> None:
    said = tracker.graphql(query)
    assert said["errors"][0]["extensions"]["code"] == code
    assert "data" not in said


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ('{ organization(login: "nobody") { id } }', "NOT_FOUND"),
        ('{ node(id: "I_YWJj") { id } }', "NOT_FOUND"),
        (
            '{ repository(owner: "2i2c-org", name: "infrastructure") { issues { totalCount } } }',
            "MISSING_PAGINATION_BOUNDARIES",
        ),
        (
            '{ repository(owner: "2i2c-org", name: "infrastructure") { issues(first: 101) { totalCount } } }',
            "EXCESSIVE_PAGINATION",
        ),
    ],
)
def test_graphql_says_what_it_did_not_find(tracker: Tracker, query: str, kind: str) -> None:
    assert tracker.graphql(query)["errors"][0]["type"] == kind


@pytest.mark.parametrize(
    "query", ["{", "subscription { x }", "{ a: }", '{ viewer(x: "\\u00") { id } }', "{" * 500, "ø"]
)
def test_graphql_that_cannot_be_read_is_an_error_of_its_own(tracker: Tracker, query: str) -> None:
    said = tracker.graphql(query)
    assert said["errors"][0]["message"]


def test_graphql_pages_through_a_list(tracker: Tracker) -> None:
    for number in range(5):
        tracker.make("/issues", {"title": str(number)})
    ask = """query ($after: String) { repository(owner: "2i2c-org", name: "infrastructure") {
      issues(first: 2, after: $after) { totalCount nodes { number } pageInfo { hasNextPage endCursor } } } }"""
    seen: list[int] = []
    after = None
    while True:
        issues = tracker.graphql(ask, after=after)["data"]["repository"]["issues"]
        seen += [node["number"] for node in issues["nodes"]]
        if not issues["pageInfo"]["hasNextPage"]:
            break
        after = issues["pageInfo"]["endCursor"]
    assert (seen, issues["totalCount"]) == ([1, 2, 3, 4, 5], 5)


@pytest.mark.parametrize(
    ("part", "entry", "word"),
    [
        ("issues", {"titel": "x"}, "title"),
        ("issues", {"title": "x", "board": {"Impct": "High"}}, "Impact"),
        ("issues", {"title": "x", "board": {"Impact": "Huge"}}, "Critical"),
        ("commits", {"author": "mei-tanaka"}, "cluster"),
    ],
)
def test_a_wrong_seed_names_place_and_remedy(tmp_path: Path, part: str, entry: Any, word: str) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({part: [entry]}))
    with pytest.raises(DefinitionError, match=word) as error, start(ORGANIZATION, seed=path):
        pass
    assert part in str(error.value)

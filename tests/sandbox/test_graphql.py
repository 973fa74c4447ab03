"""The board's API is GraphQL as GitHub speaks it: types, variables, fragments, and what it says of a wrong query."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import graphql as core
import pytest
from conftest import ORGANIZATION, Client
from test_github_lookalike import REPOSITORY, Tracker

OWNER, NAME = ORGANIZATION.tracker.repository.split("/")


def here(fields: str) -> str:
    """What is asked of our repository."""
    return f'{{ repository(owner: "{OWNER}", name: "{NAME}") {{ {fields} }} }}'


@pytest.fixture
def tracker(quick: Client) -> Tracker:
    """With three issues: the first open, the second closed, the third a person's."""
    quick.control("/reset", {"seed": None})
    tracker = Tracker(quick)
    for number, more in enumerate(({}, {}, {"assignees": ["mei-tanaka"]}), start=1):
        tracker.make("/issues", {"title": f"Issue {number}", **more})
    tracker.ask("PATCH", f"{REPOSITORY}/issues/2", {"state": "closed"})
    return tracker


def answered(tracker: Tracker, query: str, **variables: Any) -> Any:
    said = tracker.graphql(query, **variables)
    assert "errors" not in said, said
    return said["data"]


def refused(tracker: Tracker, query: str, **variables: Any) -> Any:
    """The one error of a query that was not run."""
    said = tracker.graphql(query, **variables)
    assert list(said) == ["errors"], said
    assert len(said["errors"]) == 1, said
    return said["errors"][0]


# What is asked


def test_a_client_that_asks_for_the_types_can_check_its_queries_against_them(tracker: Tracker) -> None:
    schema = core.build_client_schema(answered(tracker, core.get_introspection_query()))
    assert not core.validate(schema, core.parse(here("issue(number: 1) { projectItems(first: 1) { nodes { id } } }")))
    assert core.validate(schema, core.parse("{ viewer { shoe_size } }"))
    kinds = answered(tracker, '{ __type(name: "Assignee") { kind possibleTypes { name } } }')["__type"]
    assert kinds == {"kind": "UNION", "possibleTypes": [{"name": "Organization"}, {"name": "User"}]}


def test_a_field_may_be_asked_twice_under_other_names(tracker: Tracker) -> None:
    query = here("one: issue(number: 1) { title } two: issue(number: 2) { title state }")
    assert answered(tracker, query)["repository"] == {
        "one": {"title": "Issue 1"},
        "two": {"title": "Issue 2", "state": "CLOSED"},
    }


def test_fragments_stand_in_one_another_and_what_they_ask_is_one_answer(tracker: Tracker) -> None:
    query = here("issue(number: 3) { ...who assignees(first: 1) { totalCount } ...what ... { number } }")
    query += """
      fragment what on Node { id ... on Issue { title } ... on PullRequest { body } }
      fragment who on Issue { ...what assignees(first: 1) { nodes { ...person } } }
      fragment person on Actor { __typename login }"""
    assert answered(tracker, query)["repository"]["issue"] == {
        "id": tracker.get("/issues/3")["node_id"],
        "title": "Issue 3",
        "number": 3,
        "assignees": {"totalCount": 1, "nodes": [{"__typename": "User", "login": "mei-tanaka"}]},
    }


def test_fields_are_left_out_by_directive(tracker: Tracker) -> None:
    query = "query ($yes: Boolean!) { viewer { login @include(if: $yes) id @skip(if: $yes) } }"
    assert list(answered(tracker, query, yes=True)["viewer"]) == ["login"]
    assert list(answered(tracker, query, yes=False)["viewer"]) == ["id"]


def test_of_several_operations_the_named_one_runs(tracker: Tracker) -> None:
    query = "query who { viewer { login } } query what { viewer { __typename } }"

    def said(name: Any, query: str = query) -> Any:
        return tracker.ask("POST", "/graphql", {"query": query, "operationName": name}).json()

    assert said("what") == {"data": {"viewer": {"__typename": "User"}}}
    assert said("who") == {"data": {"viewer": {"login": "priya-raman"}}}
    assert said(None)["errors"][0]["message"] == "An operation name is required"
    for name in ("where", 7, ["who"]):
        assert said(name)["errors"][0]["message"] == f'No operation named "{name}"'
    twice = said("a", "query a { viewer { login } } query a { viewer { id } }")["errors"][0]
    assert twice["extensions"]["code"] == "uniquelyNamedOperations"


# Variables


def test_a_variable_takes_its_default_and_a_list_of_one(tracker: Tracker) -> None:
    query = "query ($size: Int = 2, $states: [IssueState!] = OPEN) "
    query += here("issues(first: $size, states: $states) { nodes { number } }")

    def numbers(**variables: Any) -> list[int]:
        return [node["number"] for node in answered(tracker, query, **variables)["repository"]["issues"]["nodes"]]

    assert numbers() == [1, 3]
    assert numbers(size=1) == [1]
    assert numbers(states="CLOSED") == [2]
    assert numbers(states=None, size=3.0) == [1, 2, 3]


TAKES = {
    "ID!": "query ($it: ID!) { node(id: $it) { id } }",
    "Int": "query ($it: Int) " + here("issues(first: $it) { totalCount }"),
    "[ID!]!": "query ($it: [ID!]!) { nodes(ids: $it) { id } }",
    "DeleteProjectV2ItemInput!": """mutation ($it: DeleteProjectV2ItemInput!) {
      deleteProjectV2Item(input: $it) { deletedItemId } }""",
    "ProjectV2FieldValue!": """mutation ($it: ProjectV2FieldValue!) {
      updateProjectV2ItemFieldValue(input: {projectId: "p", itemId: "i", fieldId: "f", value: $it}) {
        clientMutationId } }""",
}


@pytest.mark.parametrize(
    ("kind", "value", "path", "explanation"),
    [
        ("ID!", None, [], "Expected value to not be null"),
        ("ID!", ["a"], [], "Could not coerce value to ID"),
        ("Int", "1", [], "Could not coerce value to Int"),
        ("Int", 2**40, [], "Could not coerce value to Int"),
        ("[ID!]!", ["a", None], [1], "Expected value to not be null"),
        ("DeleteProjectV2ItemInput!", {"itemId": "i"}, [], "Expected projectId to not be null"),
        ("ProjectV2FieldValue!", 3, [], "Could not coerce value to ProjectV2FieldValue"),
        ("ProjectV2FieldValue!", {"number": "3"}, ["number"], "Could not coerce value to Float"),
        ("ProjectV2FieldValue!", {"color": 3}, [], "Field color is not defined on ProjectV2FieldValue"),
    ],
)
def test_a_value_that_is_not_of_its_variables_type_is_refused(
    tracker: Tracker, kind: str, value: Any, path: list[str | int], explanation: str
) -> None:
    said = refused(tracker, TAKES[kind], it=value)
    assert said["message"].startswith(f"Variable $it of type {kind} was provided invalid value")
    assert said["extensions"] == {"value": value, "problems": [{"path": path, "explanation": explanation}]}


# What is wrong with a query


@pytest.mark.parametrize(
    ("query", "message", "path"),
    [
        ("{ viewer { shoe } }", "Field 'shoe' doesn't exist on type 'User'", ["query", "viewer", "shoe"]),
        ("query q { you: viewer { a: b } }", "Field 'b' doesn't exist on type 'User'", ["query q", "you", "a"]),
        ("{ viewer { id(x: 1) } }", "Field 'id' doesn't accept argument 'x'", ["query", "viewer", "id", "x"]),
        (
            "{ repository { id } }",
            "Field 'repository' is missing required arguments: name, owner",
            ["query", "repository"],
        ),
        (
            "{ viewer { id @skip } }",
            "Directive 'skip' is missing required arguments: if",
            ["query", "viewer", "id"],
        ),
        (
            here("issues(first: true) { totalCount }"),
            "Argument 'first' has an invalid value (true). Expected type 'Int'.",
            ["query", "repository", "issues", "first"],
        ),
        (
            here("issues(states: 3) { totalCount }"),
            "Argument 'states' has an invalid value (3). Expected type 'IssueState'.",
            ["query", "repository", "issues", "states"],
        ),
        (
            here("issues(states: [OPEN, AJAR]) { totalCount }"),
            "Argument 'states' has an invalid value ([OPEN, AJAR]). Expected type 'IssueState'.",
            ["query", "repository", "issues", "states"],
        ),
        (
            'mutation { deleteProjectV2Item(input: {itemId: "i"}) { deletedItemId } }',
            "Argument 'projectId' on InputObject 'DeleteProjectV2ItemInput' is required.",
            ["mutation", "deleteProjectV2Item", "input"],
        ),
        (
            'mutation { deleteProjectV2Item(input: {itemId: "i", projectId: "p", now: 1}) { deletedItemId } }',
            "InputObject 'DeleteProjectV2ItemInput' doesn't accept argument 'now'",
            ["mutation", "deleteProjectV2Item", "input", "now"],
        ),
        (
            "query ($n: Int!) { node(id: $n) { id } }",
            "Type mismatch on variable $n and argument id (Int! / ID!)",
            ["query", "node", "id"],
        ),
        (
            "query ($n: ID) { node(id: $n) { id } }",
            "Nullability mismatch on variable $n and argument id (ID / ID!)",
            ["query", "node", "id"],
        ),
        ("query ($n: ID) { viewer { id } }", "Variable $n is declared by anonymous query but not used", ["query"]),
        ("query q($n: Shoe) { node(id: $n) { id } }", "Shoe isn't a defined input type (on $n)", ["query q"]),
        (
            "{ viewer { ... on Issue { id } } }",
            "Fragment on Issue can't be spread inside User",
            ["query", "viewer", "... on Issue"],
        ),
        ("{ viewer { ...a } }", "Fragment a was used, but not defined", ["query", "viewer", "... a"]),
        ("{ viewer { id } } fragment a on User { id }", "Fragment a was defined, but not used", ["fragment a"]),
        ("subscription { viewer { id } }", "Schema is not configured for subscriptions", ["subscription"]),
    ],
)
def test_what_does_not_fit_the_types_is_told_with_its_path(
    tracker: Tracker, query: str, message: str, path: list[str]
) -> None:
    said = refused(tracker, query)
    assert (said["message"], said["path"]) == (message, path)
    assert said["extensions"]["code"]
    assert said["locations"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{", "Unexpected end of document at [1, 2]"),
        ("# nothing", "Unexpected end of document at [1, 10]"),
        ("{\n  a: }", "Expected NAME, actual: '}' at [2, 6]"),
        ("query ($n) { a }", "Expected ':', actual: ')' at [1, 10]"),
        ("{ a }\n}", "Parse error on '}' at [2, 1]"),
        ('{ a(b: "c) }', "Unterminated string at [1, 13]"),
        ("{ a(b: 1.) }", "Invalid number, expected digit but got: ')' at [1, 10]"),
    ],
)
def test_what_cannot_be_read_is_told_with_line_and_column(tracker: Tracker, query: str, message: str) -> None:
    said = refused(tracker, query)
    line, column = map(int, message.rsplit("[", 1)[1].rstrip("]").split(", "))
    assert said == {"message": message, "locations": [{"line": line, "column": column}]}


def nested(levels: int) -> str:
    """A query whose innermost field stands in that many pairs of braces."""
    more = levels // 2 - 1
    return here("issue(number: 1) { repository { " * more + "name" + " } }" * more)


CHAIN = "".join(f" fragment f{number} on User {{ ...f{number + 1} }}" for number in range(3_000))
ABSURD = {
    "fields": nested(42),
    "more fields": nested(2_000),
    "more fields than there is room for": "{ a " * 50_000,
    "fragments": f"{{ viewer {{ ...f0 }} }} {CHAIN} fragment f3000 on User {{ id }}",
    "fragments in a circle": f"{{ viewer {{ ...f0 }} }} {CHAIN} fragment f3000 on User {{ ...f0 }}",
    "fragments without a name": "{ viewer { " + "... { " * 1_000 + "id" + "}" * 1_002,
    "lists": "{ node(id: " + "[" * 1_000 + "]" * 1_000 + ") { id } }",
    "objects": "{ node(id: " + "{a: " * 1_000 + "1" + "}" * 1_000 + ") { id } }",
    "types": "query ($n: " + "[" * 1_000 + "ID" + "]" * 1_000 + ") { node(id: $n) { id } }",
}


@pytest.mark.parametrize("query", ABSURD.values(), ids=list(ABSURD))
def test_absurd_nesting_is_an_error_and_the_tracker_goes_on(tracker: Tracker, query: str) -> None:
    assert "depth" in refused(tracker, query)["message"]
    assert answered(tracker, nested(40))


def test_fragments_that_double_at_every_level_are_walked_once(tracker: Tracker) -> None:
    doubled = "".join(f" fragment f{number} on User {{ ...f{number + 1} ...f{number + 1} }}" for number in range(30))
    query = f"{{ viewer {{ ...f0 }} }} {doubled} fragment f30 on User {{ login }}"
    assert answered(tracker, query) == {"viewer": {"login": "priya-raman"}}


def test_a_sandbox_that_is_asked_no_graphql_does_not_load_it() -> None:
    code = (
        "import sys, deskbook_sandbox.server; print([name for name in sys.modules if name.split('.')[0] == 'graphql'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"

"""The tracker: a look-alike of GitHub's REST and GraphQL APIs for one repository and its board, token `sandbox`.

Reading order: `records` (what is kept), `account` (who may ask, how often), `calls` and `shapes` (what goes in and comes
out), then a file per resource. `graphql` is the board's API: its types in `schema.graphql`, their objects, and
graphql-core, which answers from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deskbook_sandbox.github import account, board, calls, commits, issues, labels, records, shapes
from deskbook_sandbox.github.graphql.service import graphql
from deskbook_sandbox.github.page import issue_page
from deskbook_sandbox.github.search import search_issues
from deskbook_sandbox.github.seed import seed
from deskbook_sandbox.http import Request, Response, Route, Service
from deskbook_sandbox.store.database import Store


def _here(handler: Callable[..., Response]) -> Callable[..., Response]:
    """The handler, for our one repository; GitHub says of any other only that there is none."""

    def handle(request: Request, owner: str, repo: str, **rest: Any) -> Response:
        if f"{owner}/{repo}".lower() != request.store.organization.tracker.repository.lower():
            raise calls.not_found()
        return handler(request, **rest)

    return handle


def _routes(repository: str) -> tuple[Route, ...]:
    issue = f"{repository}/issues/<int:number>"
    comment = f"{repository}/issues/comments/<int:comment>"
    label = f"{repository}/labels/<path:name>"
    paged = ("page", "per_page")
    filters = ("state", "labels", "since", "sort", "direction", "creator", "assignee", "mentioned", "milestone")
    return (
        Route("GET", "/rate_limit", account.rate_limit, "rest/rate-limit"),
        Route("GET", "/user", account.me, "rest/users/users"),
        Route("GET", "/users/<login>", account.get_user, "rest/users/users"),
        Route("GET", "/search/issues", search_issues, "rest/search/search", query=("q", "sort", "order", *paged)),
        Route("GET", repository, account.get_repository, "rest/repos/repos"),
        Route("GET", f"{repository}/assignees", account.list_staff, "rest/issues/assignees", query=paged),
        Route("GET", f"{repository}/assignees/<login>", account.is_staff, "rest/issues/assignees"),
        Route(
            "GET",
            f"{repository}/collaborators",
            account.list_collaborators,
            "rest/collaborators/collaborators",
            query=paged,
        ),
        Route("GET", f"{repository}/collaborators/<login>", account.is_staff, "rest/collaborators/collaborators"),
        Route("GET", f"{repository}/issues", issues.list_issues, "rest/issues/issues", query=(*filters, *paged)),
        Route("POST", f"{repository}/issues", issues.create_issue, "rest/issues/issues"),
        Route("GET", issue, issues.get_issue, "rest/issues/issues"),
        Route("PATCH", issue, issues.edit_issue, "rest/issues/issues"),
        Route("POST", f"{issue}/assignees", issues.add_assignees, "rest/issues/assignees"),
        Route("DELETE", f"{issue}/assignees", issues.remove_assignees, "rest/issues/assignees"),
        Route("GET", f"{issue}/events", issues.issue_events, "rest/issues/events", query=paged),
        Route("GET", f"{issue}/timeline", issues.timeline, "rest/issues/timeline", query=paged),
        Route("GET", f"{issue}/comments", issues.list_comments, "rest/issues/comments", query=("since", *paged)),
        Route("POST", f"{issue}/comments", issues.create_comment, "rest/issues/comments"),
        Route(
            "GET",
            f"{repository}/issues/comments",
            issues.list_all_comments,
            "rest/issues/comments",
            query=("since", "sort", "direction", *paged),
        ),
        Route("GET", comment, issues.get_comment, "rest/issues/comments"),
        Route("PATCH", comment, issues.edit_comment, "rest/issues/comments"),
        Route("DELETE", comment, issues.delete_comment, "rest/issues/comments"),
        Route("GET", f"{issue}/labels", labels.issue_labels, "rest/issues/labels", query=paged),
        Route("POST", f"{issue}/labels", labels.add_issue_labels, "rest/issues/labels"),
        Route("PUT", f"{issue}/labels", labels.replace_issue_labels, "rest/issues/labels"),
        Route("DELETE", f"{issue}/labels", labels.remove_issue_labels, "rest/issues/labels"),
        Route("DELETE", f"{issue}/labels/<path:name>", labels.remove_issue_label, "rest/issues/labels"),
        Route("GET", f"{repository}/labels", labels.list_labels, "rest/issues/labels", query=paged),
        Route("POST", f"{repository}/labels", labels.create_label, "rest/issues/labels"),
        Route("GET", label, labels.get_label, "rest/issues/labels"),
        Route("PATCH", label, labels.edit_label, "rest/issues/labels"),
        Route("DELETE", label, labels.delete_label, "rest/issues/labels"),
        Route(
            "GET",
            f"{repository}/commits",
            commits.list_commits,
            "rest/commits/commits",
            query=("path", "author", "since", "until", "sha", *paged),
        ),
        Route("GET", f"{repository}/commits/<ref>", commits.get_commit, "rest/commits/commits"),
        Route("GET", f"{repository}/contents", commits.get_contents, "rest/repos/contents"),
        Route("GET", f"{repository}/contents/<path:path>", commits.get_contents, "rest/repos/contents"),
    )


def state(store: Store) -> dict[str, Any]:
    """Issues and comments in their own shapes, with addresses relative to the sandbox's, and the board."""
    root = "/github"
    every = "SELECT * FROM gh_issues ORDER BY number"
    said = "SELECT * FROM gh_comments ORDER BY id"
    return {
        "issues": [shapes.issue(store, root, row) for row in store.rows(every)],
        "comments": [shapes.comment(store, root, row) for row in store.rows(said)],
        "board": board.state(store),
    }


def _everywhere() -> tuple[Route, ...]:
    """Our routes, and the same below the path that GitHub Enterprise Server has."""
    asked = Route("POST", "/graphql", graphql, "graphql", note="Queries and mutations of the project board.")
    rest = [
        replace(route, handler=_here(route.handler)) if "<repo>" in route.rule else route
        for route in _routes("/repos/<owner>/<repo>")
    ]
    enterprise = [replace(route, rule=f"/api/v3{route.rule}") for route in rest]
    pages = [Route("GET", f"/<owner>/<repo>/{kind}/<int:number>", issue_page) for kind in ("issues", "pull")]
    return (asked, replace(asked, rule="/api/graphql"), *rest, *enterprise, *pages)


SERVICE = Service(
    name="github",
    prefix="/github",
    routes=_everywhere(),
    schema=records.SCHEMA,
    guard=account.guard,
    finish=account.finish,
    unknown=account.unknown,
    seed=seed,
    state=state,
    fault=account.fault,
)

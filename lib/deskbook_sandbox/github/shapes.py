"""Serialize users, the repository, labels, issues, comments and events for GitHub's REST responses."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from deskbook.config.loader import read_yaml
from deskbook_sandbox.github.calls import Json, node, number_of
from deskbook_sandbox.store.database import Store

# What a hypermedia client may follow from a repository, and what GitHub appends to it.
_SHAPES = read_yaml(Path(__file__).with_name("shapes.yaml"))
MAINTAINER, ACCOUNT = _SHAPES["maintainer"], _SHAPES["account"]


def repository_url(store: Store, root: str) -> str:
    return f"{root}/repos/{store.organization.tracker.repository}"


def html(store: Store, root: str) -> str:
    """The repository's address for people."""
    return f"{root.removesuffix('/api/v3')}/{store.organization.tracker.repository}"


def logins(store: Store) -> dict[str, str]:
    """The staff's logins, with their names."""
    return {person.login: person.name for person in store.organization.people if person.login}


def known_login(store: Store, login: str) -> str | None:
    """A login of the staff as it is written, whatever its case."""
    return next((known for known in logins(store) if known.lower() == login.lower()), None)


def owner_of_token(store: Store) -> str:
    """The login of whose token it is; one without a login acts as the first Triager who has one."""
    known = store.organization
    people = (*([store.acting] if store.acting else []), *known.with_role("triager"), *known.people)
    return next((person.login for person in people if person.login), "deskbook")


def user(root: str, login: str, kind: str = "User") -> Json:
    url = f"{root}/users/{login}"
    number = number_of(login)
    return {
        **_SHAPES["user"],
        "login": login,
        "id": number,
        "node_id": node("U", login),
        "avatar_url": f"{root}/avatars/u/{number}",
        "url": url,
        "html_url": f"{root.removesuffix('/api/v3')}/{login}",
        **{f"{name}_url": url + rest for name, rest in _SHAPES["user links"].items()},
        "type": kind,
    }


def repository(store: Store, root: str) -> Json:
    full = store.organization.tracker.repository
    owner, name = full.split("/")
    url, page_url = repository_url(store, root), html(store, root)
    count = store.value("SELECT count(*) FROM gh_issues WHERE state = 'open'")
    pushed = store.value("SELECT max(at) FROM gh_commits") or store.stamp()
    return {
        **_SHAPES["repository"],
        "id": number_of(full),
        "node_id": node("R", full),
        "name": name,
        "full_name": full,
        "owner": user(root, owner, "Organization"),
        "html_url": page_url,
        "description": f"Infrastructure of {store.organization.name}",
        "url": url,
        **{f"{kind}_url": url + rest for kind, rest in _SHAPES["repository links"].items()},
        "clone_url": f"{page_url}.git",
        "git_url": f"{page_url}.git",
        "ssh_url": f"git@github.com:{full}.git",
        "svn_url": page_url,
        "open_issues": count,
        "open_issues_count": count,
        "permissions": MAINTAINER,
        "pushed_at": pushed,
        "updated_at": pushed,
    }


def label(store: Store, root: str, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "node_id": node("LA", row["id"]),
        "url": f"{repository_url(store, root)}/labels/{row['name']}",
        "name": row["name"],
        "color": row["color"],
        "default": False,
        "description": row["description"],
    }


def labels_of(store: Store, number: int) -> list[sqlite3.Row]:
    return store.rows(
        "SELECT gh_labels.* FROM gh_labels JOIN gh_issue_labels ON label = gh_labels.id"
        " WHERE number = ? ORDER BY gh_issue_labels.rowid",
        number,
    )


def issue(store: Store, root: str, row: sqlite3.Row) -> Json:
    """An issue, or a pull request as GitHub lists it among the issues."""
    number = row["number"]
    url = f"{repository_url(store, root)}/issues/{number}"
    page_url = f"{html(store, root)}/{'pull' if row['pull'] else 'issues'}/{number}"
    assignees = [user(root, login) for login in json.loads(row["assignees"])]
    comments = store.value("SELECT count(*) FROM gh_comments WHERE number = ?", number)
    shape: Json = {
        **_SHAPES["issue"],
        "url": url,
        "repository_url": repository_url(store, root),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page_url,
        "id": row["id"],
        "node_id": node("PR" if row["pull"] else "I", number),
        "number": number,
        "title": row["title"],
        "user": user(root, row["author"]),
        "labels": [label(store, root, item) for item in labels_of(store, number)],
        "state": row["state"],
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "comments": comments,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "closed_at": row["closed_at"],
        "author_association": association(store, row["author"]),
        "body": row["body"],
        "closed_by": user(root, row["closed_by"]) if row["closed_by"] else None,
        "reactions": _reactions(url),
        "timeline_url": f"{url}/timeline",
        "state_reason": row["state_reason"],
    }
    if row["pull"]:
        pull = f"{repository_url(store, root)}/pulls/{number}"
        shape["pull_request"] = {
            "url": pull,
            "html_url": page_url,
            "diff_url": f"{page_url}.diff",
            "patch_url": f"{page_url}.patch",
            "merged_at": None,
        }
        shape["draft"] = False
    else:
        shape["type"] = None
    return shape


def comment(store: Store, root: str, row: sqlite3.Row) -> Json:
    url = f"{repository_url(store, root)}/issues"
    return {
        **_SHAPES["comment"],
        "url": f"{url}/comments/{row['id']}",
        "html_url": f"{html(store, root)}/issues/{row['number']}#issuecomment-{row['id']}",
        "issue_url": f"{url}/{row['number']}",
        "id": row["id"],
        "node_id": node("IC", row["id"]),
        "user": user(root, row["author"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "author_association": association(store, row["author"]),
        "body": row["body"],
        "reactions": _reactions(f"{url}/comments/{row['id']}"),
    }


def event(store: Store, root: str, row: sqlite3.Row) -> Json:
    """A line of an issue's history: labeled, assigned, closed, renamed, and their opposites."""
    detail = json.loads(row["detail"])
    shape: Json = {
        "id": row["id"],
        "node_id": node("EVENT", row["id"]),
        "url": f"{repository_url(store, root)}/issues/events/{row['id']}",
        "actor": user(root, row["actor"]),
        "event": row["event"],
        "commit_id": None,
        "commit_url": None,
        "created_at": row["at"],
        "performed_via_github_app": None,
    }
    if "assignee" in detail:
        shape |= {"assignee": user(root, detail["assignee"]), "assigner": user(root, row["actor"])}
    return {**detail, **shape}


def association(store: Store, login: str) -> str:
    return "MEMBER" if known_login(store, login) else "NONE"


def _reactions(url: str) -> Json:
    return {"url": f"{url}/reactions", **_SHAPES["reactions"]}

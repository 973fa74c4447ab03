"""How GitHub's REST answers look: users, the repository, labels, issues, comments, events."""

from __future__ import annotations

import json
import sqlite3

from deskbook_sandbox.github.calls import Json, node, number_of
from deskbook_sandbox.store.world import World

# What a hypermedia client may follow from a repository, and what GitHub appends to it.
_REPOSITORY_LINKS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "{/user}",
    "branches": "{/branch}",
    "collaborators": "{/collaborator}",
    "comments": "{/number}",
    "commits": "{/sha}",
    "compare": "/{base}...{head}",
    "contents": "/{+path}",
    "contributors": "",
    "deployments": "",
    "downloads": "",
    "events": "",
    "forks": "",
    "hooks": "",
    "issues": "{/number}",
    "keys": "{/key_id}",
    "labels": "{/name}",
    "languages": "",
    "merges": "",
    "milestones": "{/number}",
    "notifications": "{?since,all,participating}",
    "pulls": "{/number}",
    "releases": "{/id}",
    "stargazers": "",
    "statuses": "/{sha}",
    "subscribers": "",
    "subscription": "",
    "tags": "",
    "teams": "",
}
_USER_LINKS = {
    "followers": "/followers",
    "following": "/following{/other_user}",
    "gists": "/gists{/gist_id}",
    "starred": "/starred{/owner}{/repo}",
    "subscriptions": "/subscriptions",
    "organizations": "/orgs",
    "repos": "/repos",
    "events": "/events{/privacy}",
    "received_events": "/received_events",
}
MAINTAINER = {"admin": False, "maintain": True, "push": True, "triage": True, "pull": True}
_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def repository_url(world: World, root: str) -> str:
    return f"{root}/repos/{world.organization.tracker.repository}"


def html(world: World, root: str) -> str:
    """The repository's address for people."""
    return f"{root.removesuffix('/api/v3')}/{world.organization.tracker.repository}"


def logins(world: World) -> dict[str, str]:
    """The staff's logins, with their names."""
    return {person.login: person.name for person in world.organization.people if person.login}


def known_login(world: World, login: str) -> str | None:
    """A login of the staff as it is written, whatever its case."""
    return next((known for known in logins(world) if known.lower() == login.lower()), None)


def owner_of_token(world: World) -> str:
    """The token belongs to the first Triager with a login."""
    people = (*world.organization.with_role("triager"), *world.organization.people)
    return next((person.login for person in people if person.login), "deskbook")


def user(root: str, login: str, kind: str = "User") -> Json:
    url = f"{root}/users/{login}"
    number = number_of(login)
    return {
        "login": login,
        "id": number,
        "node_id": node("U", login),
        "avatar_url": f"{root}/avatars/u/{number}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{root.removesuffix('/api/v3')}/{login}",
        **{f"{name}_url": url + rest for name, rest in _USER_LINKS.items()},
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def repository(world: World, root: str) -> Json:
    full = world.organization.tracker.repository
    owner, name = full.split("/")
    url, page_url = repository_url(world, root), html(world, root)
    row = world.db.execute("SELECT count(*) FROM gh_issues WHERE state = 'open'").fetchone()
    pushed = world.db.execute("SELECT max(at) FROM gh_commits").fetchone()[0] or world.stamp()
    return {
        "id": number_of(full),
        "node_id": node("R", full),
        "name": name,
        "full_name": full,
        "private": False,
        "owner": user(root, owner, "Organization"),
        "html_url": page_url,
        "description": f"Infrastructure of {world.organization.name}",
        "fork": False,
        "url": url,
        **{f"{kind}_url": f"{url}/{kind}{rest}" for kind, rest in _REPOSITORY_LINKS.items()},
        "archive_url": f"{url}/{{archive_format}}{{/ref}}",
        "blobs_url": f"{url}/git/blobs{{/sha}}",
        "git_commits_url": f"{url}/git/commits{{/sha}}",
        "git_refs_url": f"{url}/git/refs{{/sha}}",
        "git_tags_url": f"{url}/git/tags{{/sha}}",
        "trees_url": f"{url}/git/trees{{/sha}}",
        "issue_comment_url": f"{url}/issues/comments{{/number}}",
        "issue_events_url": f"{url}/issues/events{{/number}}",
        "clone_url": f"{page_url}.git",
        "git_url": f"{page_url}.git",
        "ssh_url": f"git@github.com:{full}.git",
        "svn_url": page_url,
        "mirror_url": None,
        "homepage": None,
        "language": "Python",
        "forks": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "network_count": 0,
        "subscribers_count": 0,
        "size": 0,
        "default_branch": "main",
        "open_issues": row[0],
        "open_issues_count": row[0],
        "topics": [],
        "has_issues": True,
        "has_projects": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "has_downloads": True,
        "archived": False,
        "disabled": False,
        "visibility": "public",
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "permissions": MAINTAINER,
        "pushed_at": pushed,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": pushed,
    }


def label(world: World, root: str, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "node_id": node("LA", row["id"]),
        "url": f"{repository_url(world, root)}/labels/{row['name']}",
        "name": row["name"],
        "color": row["color"],
        "default": False,
        "description": row["description"],
    }


def labels_of(world: World, number: int) -> list[sqlite3.Row]:
    return world.db.execute(
        "SELECT gh_labels.* FROM gh_labels JOIN gh_issue_labels ON label = gh_labels.id"
        " WHERE number = ? ORDER BY gh_issue_labels.rowid",
        (number,),
    ).fetchall()


def issue(world: World, root: str, row: sqlite3.Row) -> Json:
    """An issue, or a pull request as GitHub lists it among the issues."""
    number = row["number"]
    url = f"{repository_url(world, root)}/issues/{number}"
    page_url = f"{html(world, root)}/{'pull' if row['pull'] else 'issues'}/{number}"
    assignees = [user(root, login) for login in json.loads(row["assignees"])]
    comments = world.db.execute("SELECT count(*) FROM gh_comments WHERE number = ?", (number,)).fetchone()[0]
    shape: Json = {
        "url": url,
        "repository_url": repository_url(world, root),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page_url,
        "id": row["id"],
        "node_id": node("PR" if row["pull"] else "I", number),
        "number": number,
        "title": row["title"],
        "user": user(root, row["author"]),
        "labels": [label(world, root, item) for item in labels_of(world, number)],
        "state": row["state"],
        "locked": False,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": comments,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "closed_at": row["closed_at"],
        "author_association": association(world, row["author"]),
        "active_lock_reason": None,
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
        "issue_dependencies_summary": dict.fromkeys(
            ("blocked_by", "total_blocked_by", "blocking", "total_blocking"), 0
        ),
        "body": row["body"],
        "closed_by": user(root, row["closed_by"]) if row["closed_by"] else None,
        "reactions": _reactions(url),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
        "state_reason": row["state_reason"],
    }
    if row["pull"]:
        pull = f"{repository_url(world, root)}/pulls/{number}"
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


def comment(world: World, root: str, row: sqlite3.Row) -> Json:
    url = f"{repository_url(world, root)}/issues"
    return {
        "url": f"{url}/comments/{row['id']}",
        "html_url": f"{html(world, root)}/issues/{row['number']}#issuecomment-{row['id']}",
        "issue_url": f"{url}/{row['number']}",
        "id": row["id"],
        "node_id": node("IC", row["id"]),
        "user": user(root, row["author"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "author_association": association(world, row["author"]),
        "body": row["body"],
        "reactions": _reactions(f"{url}/comments/{row['id']}"),
        "performed_via_github_app": None,
    }


def event(world: World, root: str, row: sqlite3.Row) -> Json:
    """A line of an issue's history: labeled, assigned, closed, renamed, and their opposites."""
    detail = json.loads(row["detail"])
    shape: Json = {
        "id": row["id"],
        "node_id": node("EVENT", row["id"]),
        "url": f"{repository_url(world, root)}/issues/events/{row['id']}",
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


def association(world: World, login: str) -> str:
    return "MEMBER" if known_login(world, login) else "NONE"


def _reactions(url: str) -> Json:
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(_REACTIONS, 0)}

"""REST endpoints for commits and files of the repository."""

from __future__ import annotations

import base64
import hashlib
import sqlite3

from deskbook_sandbox.github.calls import Json, base, moment, node, not_found, page, refuse
from deskbook_sandbox.github.shapes import html, repository_url, user
from deskbook_sandbox.http import Abort, Request, Response
from deskbook_sandbox.store.database import Store
from deskbook_sandbox.store.query import where

_NEWEST_FIRST = "ORDER BY at DESC, rowid DESC"


def add_commit(store: Store, path: str, author: str, at: str, message: str) -> None:
    """A commit that changed `path`. `author` is a login or a mail; an unknown mail stays without a login."""
    person = next((one for one in store.organization.people if author.lower() in (one.login, one.mail.lower())), None)
    if person:
        login, name, mail = person.login, person.name, person.mail
    elif "@" in author:
        login, name, mail = "", author.split("@")[0], author
    else:
        login, name, mail = author, author, f"{author}@users.noreply.github.com"
    count = store.next_id("github commit")
    sha = _sha(f"{count} {path} {mail} {at} {message}")
    store.insert("gh_commits", sha=sha, path=path, login=login, name=name, mail=mail, at=at, message=message)


def hub_path(store: Store, cluster: str) -> str:
    return store.organization.tracker.hub_path.format(cluster=cluster)


def list_commits(request: Request) -> Response:
    query, start = request.query, request.query.get("sha")
    path = (query.get("path") or "").strip("/")
    start = None if start in (None, "", "main", "HEAD", "refs/heads/main") else start
    times = [moment(request, key, "Commit") for key in ("since", "until")]
    clause, values = where(
        [
            ("(path = ? OR substr(path, 1, ?) = ?)", [path, len(path) + 1, f"{path}/"] if path else None),
            (
                "(login = ? COLLATE NOCASE OR mail = ? COLLATE NOCASE)",
                query.get("author") or query.get("committer") or None,
            ),
            ("at >= ?", times[0]),
            ("at <= ?", times[1]),
            (
                "rowid <= (SELECT rowid FROM gh_commits WHERE sha = ?)",
                _commit(request, start)["sha"] if start else None,
            ),
        ]
    )
    rows = request.store.rows(f"SELECT * FROM gh_commits {clause} {_NEWEST_FIRST}", *values)
    return page(request, rows, lambda row: _shape(request, row))


def get_commit(request: Request, ref: str) -> Response:
    newest = request.store.row(f"SELECT * FROM gh_commits {_NEWEST_FIRST} LIMIT 1")
    row = newest if ref in ("main", "HEAD") and newest else _commit(request, ref)
    changed = {
        "sha": _sha(row["sha"]),
        "filename": row["path"],
        "status": "modified",
        "additions": 1,
        "deletions": 1,
        "changes": 2,
        "blob_url": f"{html(request.store, base(request))}/blob/{row['sha']}/{row['path']}",
        "raw_url": f"{html(request.store, base(request))}/raw/{row['sha']}/{row['path']}",
        "contents_url": f"{repository_url(request.store, base(request))}/contents/{row['path']}?ref={row['sha']}",
    }
    return Response(
        200, {**_shape(request, row), "stats": {"total": 2, "additions": 1, "deletions": 1}, "files": [changed]}
    )


def get_contents(request: Request, path: str = "") -> Response:
    path = path.strip("/")
    found = files(request.store)
    if path in found:
        return Response(200, _file(request, path, found[path], whole=True))
    start = f"{path}/" if path else ""
    below = sorted({name[len(start) :].split("/")[0] for name in found if name.startswith(start)})
    if not below:
        raise not_found()
    shapes = []
    for name in below:
        whole = start + name
        shapes.append(
            _file(request, whole, found[whole]) if whole in found else _entry(request, whole, "dir", 0, whole)
        )
    return Response(200, shapes)


def files(store: Store) -> dict[str, str]:
    """The repository's files with their text: the two issue forms, and a folder of configuration for each cluster."""
    tracker = store.organization.tracker
    found = {
        ".github/ISSUE_TEMPLATE/1_support.yml": _form(
            tracker.support_form, "[Support] ", tracker.support_label, _SUPPORT_QUESTIONS
        ),
        ".github/ISSUE_TEMPLATE/2_event.yml": _form(
            tracker.event_form, "[EVENT]", tracker.event_label, _EVENT_QUESTIONS
        ),
    }
    for hub in store.organization.hubs:
        path = f"{hub_path(store, hub.cluster)}cluster.yaml"
        found[path] = found.get(path, f"name: {hub.cluster}\nprovider: {hub.provider}\nhubs:\n") + (
            f"  - {{name: {hub.name}, domain: {hub.host}}}\n"
        )
    for (path,) in store.rows("SELECT DISTINCT path FROM gh_commits"):
        found.setdefault(path, "")
    return found


_SUPPORT_QUESTIONS = {
    "ticket": ("Ticket link", True),
    "type": ("Request type", True),
    "impact": ("Impact", True),
    "description": ("Short description", True),
    "findings": ("Investigation results", False),
}
_EVENT_QUESTIONS = {
    "ticket": ("Ticket link", True),
    "representative": ("Community representative", True),
    "begin": ("Begin", True),
    "end": ("End", True),
    "hours": ("Active hours and time zone", True),
    "attendees": ("Number of attendees", True),
    "hub": ("Hub URL", False),
    "tasks": ("Tasks", False),
}


def _form(name: str, title: str, label: str, questions: dict[str, tuple[str, bool]]) -> str:
    lines = [f'name: "{name}"', f'title: "{title}"', f'labels: ["{label}"]', "body:"]
    for key, (question, required) in questions.items():
        lines += ["  - type: textarea", f"    id: {key}", f'    attributes: {{label: "{question}"}}']
        lines += [f"    validations: {{required: {str(required).lower()}}}"]
    return "\n".join(lines) + "\n"


def _file(request: Request, path: str, text: str, *, whole: bool = False) -> Json:
    content = text.encode()
    shape = _entry(request, path, "file", len(content), text)
    if whole:
        shape |= {"content": base64.encodebytes(content).decode(), "encoding": "base64"}
    return shape


def _entry(request: Request, path: str, kind: str, size: int, seed: str) -> Json:
    url = f"{repository_url(request.store, base(request))}/contents/{path}?ref=main"
    page_url = f"{html(request.store, base(request))}/{'blob' if kind == 'file' else 'tree'}/main/{path}"
    git = f"{repository_url(request.store, base(request))}/git/{'blobs' if kind == 'file' else 'trees'}/{_sha(seed)}"
    return {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": _sha(seed),
        "size": size,
        "url": url,
        "html_url": page_url,
        "git_url": git,
        "download_url": f"{html(request.store, base(request))}/raw/main/{path}" if kind == "file" else None,
        "type": kind,
        "_links": {"self": url, "git": git, "html": page_url},
    }


def _commit(request: Request, ref: str) -> sqlite3.Row:
    row: sqlite3.Row | None = None
    if len(ref) >= 7:
        row = request.store.row("SELECT * FROM gh_commits WHERE substr(sha, 1, ?) = ?", len(ref), ref)
    if row is None:
        raise Abort(refuse(422, f"No commit found for SHA: {ref[:80]}"))
    return row


def _shape(request: Request, row: sqlite3.Row) -> Json:
    root = base(request)
    url = f"{repository_url(request.store, root)}/commits/{row['sha']}"
    git = f"{repository_url(request.store, root)}/git"
    tree = _sha(f"tree {row['sha']}")
    signature = {"name": row["name"], "email": row["mail"], "date": row["at"]}
    account = user(root, row["login"]) if row["login"] else None
    before = request.store.row(
        f"SELECT sha FROM gh_commits WHERE (at, rowid) < (?, (SELECT rowid FROM gh_commits WHERE sha = ?))"
        f" {_NEWEST_FIRST} LIMIT 1",
        row["at"],
        row["sha"],
    )
    parents = [before["sha"]] if before else []
    return {
        "sha": row["sha"],
        "node_id": node("C", row["sha"]),
        "commit": {
            "author": signature,
            "committer": signature,
            "message": row["message"],
            "tree": {"sha": tree, "url": f"{git}/trees/{tree}"},
            "url": f"{git}/commits/{row['sha']}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": url,
        "html_url": f"{html(request.store, root)}/commit/{row['sha']}",
        "comments_url": f"{url}/comments",
        "author": account,
        "committer": account,
        "parents": [
            {
                "sha": sha,
                "url": f"{repository_url(request.store, root)}/commits/{sha}",
                "html_url": f"{html(request.store, root)}/commit/{sha}",
            }
            for sha in parents
        ],
    }


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

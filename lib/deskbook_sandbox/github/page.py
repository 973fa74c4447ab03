"""HTML page of an issue, so that a link to it opens in a browser. Read only, no key."""

from __future__ import annotations

import json
import re
import sqlite3
from html import escape

from deskbook_sandbox.github import records
from deskbook_sandbox.github.shapes import labels_of
from deskbook_sandbox.http import Request, Response

_ADDRESS = re.compile(r"/github/(?!repos/|api/)[^/]+/[^/]+/(?:issues|pull)/\d+")
_STYLE = "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}"


def is_page(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and _ADDRESS.fullmatch(request.path) is not None


def issue_page(request: Request, owner: str, repo: str, number: int) -> Response:
    row = records.find(request.store, number)
    full = request.store.organization.tracker.repository
    if row is None or f"{owner}/{repo}".lower() != full.lower():
        return Response(404, _document("Not found", "<h1>There is no such issue</h1>"))
    labels = ", ".join(escape(label["name"]) for label in labels_of(request.store, number)) or "none"
    assignees = ", ".join(escape(login) for login in json.loads(row["assignees"])) or "nobody"
    facts = f"<p>{row['state']} · labels: {labels} · assigned: {assignees}</p>"
    said = "".join(_said(comment) for comment in records.comments(request.store, number))
    title = f"{row['title']} #{number}"
    return Response(200, _document(title, f"<h1>{escape(title)}</h1>{facts}{_said(row)}{said}"))


def _said(row: sqlite3.Row) -> str:
    text = escape(row["body"] or "(nothing)")
    return f"<hr><p><b>{escape(row['author'])}</b> {row['created_at']}</p><pre>{text}</pre>"


def _document(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'

"""Search of issues and pull requests: qualifiers, words, an index that lags, at most a thousand results."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deskbook_sandbox.github import records
from deskbook_sandbox.github.calls import Json, base, choice, page, paging, refuse
from deskbook_sandbox.github.shapes import issue
from deskbook_sandbox.http import Abort, Request, Response
from deskbook_sandbox.store.database import Store

REACHABLE = 1_000
LONGEST_QUERY = 256
_TERM = re.compile(r'(?P<no>-)?(?:(?P<key>[a-z-]+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))', re.IGNORECASE)
_SORTS = {"created": "created_at", "updated": "updated_at", "comments": "comments"}
_UNSORTED = ("", "best-match", "reactions", "interactions")

# A document is an issue as the index knows it: the fields of `searchable`, and those that never change.
Document = Mapping[str, Any]
Test = Callable[[Document, str], bool]


@dataclass(frozen=True)
class Term:
    """One part of a query; a word has no key."""

    key: str
    value: str
    negated: bool


def search_issues(request: Request) -> Response:
    terms = _parse(request)
    _scope(request.store, terms)
    sort = request.query.get("sort") or ""
    if sort not in (*_SORTS, *_UNSORTED):
        raise _invalid("sort", "The sort is not one that search knows.")
    order = choice(request, "order", ("desc", "asc"), "Search")
    number, size = paging(request)
    if number * size > REACHABLE + size - 1:
        raise Abort(refuse(422, "Only the first 1000 search results are available"))
    found = [row for row in request.store.rows(records.COUNTED) if _fits(request.store, row, terms)]
    found.sort(key=lambda row: (row[_SORTS.get(sort, "created_at")], row["number"]), reverse=order == "desc")
    response = page(
        request, found, lambda row: {**issue(request.store, base(request), row), "score": 1.0}, most=REACHABLE
    )
    body: Json = {
        "total_count": len(found),
        "incomplete_results": False,
        "items": response.body,
        "search_type": "lexical",
    }
    return Response(200, body, response.headers)


def _parse(request: Request) -> list[Term]:
    query = request.query.get("q") or ""
    if not query.strip():
        raise Abort(refuse(422, "Validation Failed", [{"resource": "Search", "field": "q", "code": "missing"}]))
    terms = []
    for match in _TERM.finditer(query):
        value = match["plain"] if match["quoted"] is None else match["quoted"]
        key = (match["key"] or "").lower()
        if key and key not in _TESTS and key not in _ELSEWHERE:
            # A colon in plain words, such as an address, is no qualifier.
            key, value = "", f"{match['key']}:{value}"
        terms.append(Term(key, value.lower(), bool(match["no"])))
    if sum(len(term.value) + 1 for term in terms if not term.key) > LONGEST_QUERY + 1:
        raise _invalid("q", "The search is longer than 256 characters.")
    if not any(term.key in ("is", "type") and term.value in ("issue", "pull-request", "pr") for term in terms):
        raise _invalid("q", "Query must include 'is:issue' or 'is:pull-request'")
    return terms


def _scope(store: Store, terms: list[Term]) -> None:
    """GitHub refuses a search in a place that it does not know."""
    full = store.organization.tracker.repository.lower()
    known = {"repo": full, "org": full.split("/")[0], "user": full.split("/")[0]}
    for term in terms:
        if term.key in known and not term.negated and term.value != known[term.key]:
            raise _invalid(
                "q",
                "The listed users and repositories cannot be searched either because the resources do not exist"
                " or you do not have permission to view them.",
            )


def _invalid(field: str, message: str) -> Abort:
    error = {"message": message, "resource": "Search", "field": field, "code": "invalid"}
    return Abort(refuse(422, "Validation Failed", [error]))


def _fits(store: Store, row: sqlite3.Row, terms: list[Term]) -> bool:
    indexed = records.in_index(store, row)
    if indexed is None:
        return False
    document = {**{key: row[key] for key in row.keys()}, **indexed}  # noqa: SIM118 - iterating a Row yields values
    places = [place for term in terms if term.key == "in" for place in term.value.split(",")] or ["title", "body"]
    text = " ".join(_text(store, document, place) for place in places).lower()
    return all(
        (_holds(text, term.value) if not term.key else _TESTS[term.key](document, term.value)) != term.negated
        for term in terms
        if term.key not in _ELSEWHERE
    )


def _text(store: Store, document: Document, place: str) -> str:
    if place == "comments":
        query = "SELECT body FROM gh_comments WHERE number = ?"
        return " ".join(body for (body,) in store.rows(query, document["number"]))
    return document[place] or "" if place in ("title", "body") else ""


def _holds(text: str, words: str) -> bool:
    """Whether the words stand in the text, in this order; search knows words, not punctuation or parts of words."""
    wanted, held = (" ".join(re.findall(r"\w+", one)) for one in (words, text))
    return f" {wanted} " in f" {held} " if wanted else True


def _is(document: Document, value: str) -> bool:
    match value:
        case "issue":
            return not document["pull"]
        case "pr" | "pull-request":
            return bool(document["pull"])
        case "open" | "closed":
            return bool(document["state"] == value)
        case "public" | "unlocked":
            return True
    return False


def _compare(field: str) -> Test:
    """A test of a time: 2026-11-01, >=2026-11-01, 2026-11-01..2026-11-30, with or without the hour."""

    def test(document: Document, value: str) -> bool:
        held = (document[field] or "").lower()
        if not held:
            return False
        if ".." in value:
            first, last = value.split("..", 1)
            return (first in ("", "*") or held >= first) and (last in ("", "*") or held[: len(last)] <= last)
        for sign in (">=", "<=", ">", "<"):
            if value.startswith(sign):
                wanted = value[len(sign) :]
                start = held[: len(wanted)]
                return {">=": start >= wanted, "<=": start <= wanted, ">": start > wanted, "<": start < wanted}[sign]
        return bool(held.startswith(value))

    return test


def _among(field: str) -> Test:
    return lambda document, value: value in (str(item).lower() for item in document[field])


_TESTS: dict[str, Test] = {
    "is": _is,
    "type": _is,
    "state": _is,
    "label": lambda document, value: any(_among("labels")(document, one.strip('"')) for one in value.split(",")),
    "author": lambda document, value: bool(document["author"].lower() == value),
    "assignee": lambda document, value: (
        bool(document["assignees"]) if value == "*" else _among("assignees")(document, value)
    ),
    "no": lambda document, value: not document.get({"label": "labels", "assignee": "assignees"}.get(value, value)),
    "created": _compare("created_at"),
    "updated": _compare("updated_at"),
    "closed": _compare("closed_at"),
}
# Qualifiers that were looked at before the documents are.
_ELSEWHERE = ("repo", "org", "user", "in")

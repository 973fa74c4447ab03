"""Search: parse the query language into SQL, over an index that lags behind the records."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deskbook_sandbox.freshdesk.lists import last, number
from deskbook_sandbox.freshdesk.problems import invalid
from deskbook_sandbox.freshdesk.records import COLUMNS, TABLES, Record, record
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.freshdesk.shapes import company_view, contact_item, ticket_item
from deskbook_sandbox.freshdesk.ticket_writes import custom_fields
from deskbook_sandbox.http import Abort, Request, Response, links
from deskbook_sandbox.store.database import Store, wall

LONGEST, PAGE, DEEPEST, NESTED = 512, 30, 10, 20


@dataclass(frozen=True)
class Term:
    """A field that can be searched: what its values are, and the column, as SQL, that holds them."""

    kind: str  # number, text, date, flag
    column: str
    inside: bool = False  # one of a list


def _list(column: str) -> Term:
    return Term("text", column, inside=True)


TICKETS: Mapping[str, Term] = {
    "agent_id": Term("number", "responder_id"),
    "group_id": Term("number", "group_id"),
    "priority": Term("number", "priority"),
    "status": Term("number", "status"),
    "tag": _list("tags"),
    "type": Term("text", "type"),
    "due_by": Term("date", "due_by"),
    "fr_due_by": Term("date", "fr_due_by"),
    "created_at": Term("date", "created_at"),
    "updated_at": Term("date", "updated_at"),
}
CONTACTS: Mapping[str, Term] = {
    "active": Term("flag", "active"),
    "company_id": Term("number", "company_id"),
    "email": Term("text", "email"),
    "phone": Term("text", "phone"),
    "mobile": Term("text", "mobile"),
    "tag": _list("tags"),
    "twitter_id": Term("text", "twitter_id"),
    "language": Term("text", "language"),
    "time_zone": Term("text", "time_zone"),
    "created_at": Term("date", "created_at"),
    "updated_at": Term("date", "updated_at"),
}
COMPANIES: Mapping[str, Term] = {
    "domain": _list("domains"),
    "created_at": Term("date", "created_at"),
    "updated_at": Term("date", "updated_at"),
}

_TOKEN = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<word>AND|OR)(?![\w:])|(?P<field>\w+):(?P<sign>[<>]?)"
    r"(?P<value>'(?:[^'\\]|\\.)*'|-?\d+|null|true|false))",
    re.DOTALL,
)


def _wrong(message: str) -> Abort:
    return invalid("query", message)


class _Parser:
    """Recursive descent over: either = both (OR both)*, both = single (AND single)*, single = term | (either)."""

    def __init__(self, text: str, terms: Mapping[str, Term]) -> None:
        self.terms = terms
        self.values: list[Any] = []
        self.tokens: list[re.Match[str]] = []
        at = 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if token is None:
                raise _wrong(f"The query is not in the right format near '{text[at : at + 20].strip()}'")
            self.tokens.append(token)
            at = token.end()
        self.at = 0
        if text.count("(") > NESTED:
            raise _wrong("The query has too many brackets")

    def whole(self) -> str:
        condition = self._chain("OR", lambda: self._chain("AND", self._single))
        if self.at < len(self.tokens):
            raise _wrong("The query is not in the right format: AND or OR is missing")
        return condition

    def _peek(self, group: str) -> str | None:
        return self.tokens[self.at][group] if self.at < len(self.tokens) else None

    def _chain(self, word: str, part: Callable[[], str]) -> str:
        parts = [part()]
        while self._peek("word") == word:
            self.at += 1
            parts.append(part())
        return f"({f' {word} '.join(parts)})"

    def _single(self) -> str:
        if self._peek("bracket") == "(":
            self.at += 1
            inside = self._chain("OR", lambda: self._chain("AND", self._single))
            if self._peek("bracket") != ")":
                raise _wrong("The query is not in the right format: a bracket is not closed")
            self.at += 1
            return inside
        name = self._peek("field")
        if name is None:
            raise _wrong("The query is not in the right format: a condition is missing")
        token = self.tokens[self.at]
        self.at += 1
        if name not in self.terms:
            raise invalid(name, "Unexpected/invalid field in request", "invalid_field")
        return self._condition(name, self.terms[name], token["sign"], token["value"])

    def _condition(self, name: str, term: Term, sign: str, text: str) -> str:
        if text == "null":
            if sign:
                raise _wrong("null has no order")
            return f"{term.column} = '[]'" if term.inside else f"{term.column} IS NULL"
        value = _value(name, term, text)
        if sign and term.kind not in ("number", "date"):
            raise _wrong(f"'{name}' has no order; only numbers and dates have one")
        self.values.append(value)
        operator = {"": "=", ">": ">=", "<": "<="}[sign]
        if term.inside:
            return f"EXISTS (SELECT 1 FROM json_each({term.column}) WHERE value = ?)"
        column = f"substr({term.column}, 1, 10)" if term.kind == "date" else term.column
        return f"{column} {operator} ?"


def _value(name: str, term: Term, text: str) -> Any:
    quoted = text.startswith("'")
    inner = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if quoted else text
    if term.kind == "date":
        if not quoted or not re.fullmatch(r"\d{4}-\d\d-\d\d", inner):
            raise invalid(name, "It should be in the 'YYYY-MM-DD' format")
        return inner
    kind = "text" if quoted else "flag" if inner in ("true", "false") else "number"
    if kind != term.kind:
        words = {"text": "String", "flag": "Boolean", "number": "Integer"}
        message = f"Value set is of type {words[kind]}.It should be a/an {words[term.kind]}"
        raise invalid(name, message, "datatype_mismatch")
    if term.kind == "number":
        return max(-(2**63), min(int(inner), 2**63 - 1))
    return inner == "true" if term.kind == "flag" else inner.lower() if name == "email" else inner


def _search(
    request: Request, kind: str, terms: Mapping[str, Term], alive: str, show: Callable[[Record], Any]
) -> Response:
    query = last(request, "query")
    if query is None:
        raise invalid("query", "It should be a/an String", "missing_field")
    if len(query) < 2 or query[0] != '"' or query[-1] != '"':
        raise _wrong("The query must be in double quotes")
    if len(query) - 2 > LONGEST:
        raise _wrong(f"Has {len(query) - 2} characters, it can have maximum of {LONGEST} characters")
    page = number(request, "page") or 1
    if page > DEEPEST:
        raise invalid("page", f"It should be a Positive Integer less than or equal to {DEEPEST}")
    parser = _Parser(query[1:-1], terms)
    source, values = _as_indexed(request.store, TABLES[kind], f"{alive} AND {parser.whole()}", parser.values)
    total = request.store.value(f"SELECT count(*) FROM ({source})", *values)
    tail = "ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?"
    rows = request.store.rows(f"{source} {tail}", *[*values, PAGE, (page - 1) * PAGE])
    more = {"next": page + 1} if page * PAGE < total and page < DEEPEST else {}
    return Response(
        body={"total": total, "results": [show(record(row)) for row in rows]}, headers=links(request, **more)
    )


def _as_indexed(store: Store, table: str, where: str, values: list[Any]) -> tuple[str, list[Any]]:
    """The records that fit as the index knows them: as they were `index_lag` seconds of wall time ago."""
    names = ", ".join(COLUMNS[table])
    cutoff = wall() - store.switches.index_lag
    oldest = f"SELECT min(rowid) FROM {table}_before WHERE changed > ? GROUP BY id"
    now = f"SELECT {names} FROM {table} WHERE id NOT IN (SELECT id FROM {table}_before WHERE changed > ?) AND {where}"
    then = f"SELECT {names} FROM {table}_before WHERE rowid IN ({oldest}) AND absent = 0 AND {where}"
    return f"{now} UNION ALL {then}", [cutoff, *values, cutoff, *values]


def _tickets(request: Request) -> Response:
    own = {
        name: Term("text", f"json_extract(custom_fields, '$.{name}')")
        for name in custom_fields(request.store)
        if re.fullmatch(r"\w+", name)
    }

    def show(ticket: Record) -> Any:
        return ticket_item(request.store, ticket)

    return _search(request, "ticket", {**TICKETS, **own}, "deleted = 0 AND spam = 0", show)


def _contacts(request: Request) -> Response:
    return _search(request, "contact", CONTACTS, "deleted = 0 AND blocked = 0", contact_item)


def _companies(request: Request) -> Response:
    return _search(request, "company", COMPANIES, "1", company_view)


_QUERY = ("query", "page")

ROUTES = (
    route("GET", "/search/tickets", _tickets, "Tickets that fit a query; lags behind.", query=_QUERY),
    route("GET", "/search/contacts", _contacts, "Contacts that fit a query; lags behind.", query=_QUERY),
    route("GET", "/search/companies", _companies, "Companies that fit a query; lags behind.", query=_QUERY),
)

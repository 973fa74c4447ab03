"""Web page of the sandbox: all services at one place, live, for people who rehearse or look around."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter
from werkzeug.datastructures import Headers, MultiDict

from deskbook_sandbox import control
from deskbook_sandbox.freshdesk import service as freshdesk
from deskbook_sandbox.http import Abort, Request, Response, Route, Service
from deskbook_sandbox.page import people as page_people
from deskbook_sandbox.page import services as page_services
from deskbook_sandbox.page import views as page_views

STATIC = Path(__file__).with_name("static")
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FIRST_ROWS = 50
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


# The page itself, and its first state for a browser without JavaScript


def front(request: Request) -> Response:
    text = (STATIC / "page.html").read_text(encoding="utf-8")
    name = escape(request.store.organization.name)
    return Response(body=text.replace("<!--organization-->", name).replace("<!--first state-->", _first_state(request)))


def static(request: Request, name: str) -> Response:
    path = STATIC / name
    if path.suffix not in KINDS or path.parent != STATIC or not path.is_file():
        raise Abort(_unknown(request, False))
    return Response(body=path.read_bytes(), content_type=KINDS[path.suffix])


def _first_state(request: Request) -> str:
    store = request.store
    tickets: list[dict[str, Any]] = []
    for number in (1, 2):
        tickets += page_views.queue(store, "all", "", number)["tickets"]
    tickets = list({ticket["id"]: ticket for ticket in tickets}.values())[:FIRST_ROWS]
    mails, issues = page_views.mails(store, 1), page_services.issues(store, "all", 1)
    total = page_views.pulse(store)["counts"]["tickets"]["all"]
    return "".join(
        (
            f"<p>It is {escape(store.stamp())} here.</p>",
            f"<h2>Tickets</h2><p>{len(tickets)} of {total}, last changed first.</p>",
            _table(
                ("Ticket", "Subject", "Status", "Requester", "Community", "Agent"),
                ([one[key] for key in ("id", "subject", "status", "requester", "company", "agent")] for one in tickets),
            ),
            f"<h2>Outgoing mail</h2><p>The last {len(mails['mails'])} of {mails['total']}.</p>",
            _table(
                ("At", "Kind", "To", "Subject", "Ticket"),
                (
                    [one["at"], one["kind"], ", ".join(one["to"] or []), one["subject"], one["ticket_id"]]
                    for one in mails["mails"]
                ),
            ),
            f"<h2>Issues</h2><p>The last {len(issues['issues'])} of {issues['total']}.</p>",
            _table(
                ("Issue", "Title", "State", "Labels"),
                ([one["number"], one["title"], one["state"], ", ".join(one["labels"])] for one in issues["issues"]),
            ),
        )
    )


def _table(head: tuple[str, ...], rows: Any) -> str:
    top = "".join(f'<th scope="col">{escape(word)}</th>' for word in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(_text(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    empty = f'<tr><td colspan="{len(head)}">None yet.</td></tr>'
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines or empty}</tbody></table>"


def _text(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


# What the page reads


def _pulse(request: Request) -> Response:
    return Response(body=page_views.pulse(request.store))


def _queue(request: Request) -> Response:
    status, words = request.query.get("status", "unresolved"), request.query.get("q", "")[:200]
    page, sort = page_views.number_of(request, "page"), request.query.get("sort", "changed")
    counts = page_views.pulse(request.store)["counts"]["tickets"]
    return Response(body={**page_views.queue(request.store, status, words, page, sort), "counts": counts})


def _ticket(request: Request, number: int) -> Response:
    return _found(page_views.ticket(request.store, number), f"there is no ticket {number}")


def _mail(request: Request) -> Response:
    return Response(body=page_views.mails(request.store, page_views.number_of(request, "page")))


def _issues(request: Request) -> Response:
    page = page_views.number_of(request, "page")
    return Response(body=page_services.issues(request.store, request.query.get("state", "open"), page))


def _issue(request: Request, number: int) -> Response:
    return _found(page_services.issue(request.store, number), f"there is no issue {number}")


def _reading(read: Callable[..., Any]) -> Callable[[Request], Response]:
    return lambda request: Response(body=read(request))


def _contacts(request: Request) -> Response:
    return Response(body={"contacts": page_views.contacts(request.store, request.query.get("q", "")[:100])})


def _companies(request: Request) -> Response:
    return Response(body=page_people.companies(request.store, page_views.number_of(request, "page")))


def _company(request: Request, number: int) -> Response:
    return _found(page_people.company(request.store, number), f"there is no company {number}")


def _found(body: Any, otherwise: str) -> Response:
    if body is None:
        raise Abort(Response(404, {"error": otherwise}))
    return Response(body=body)


# What an agent does on the page: the helpdesk's own functions, called here


class _Message(control.Body):
    text: str = Field(min_length=1, max_length=60_000, pattern=r"\S")
    agent_id: int
    private: bool = False


class _Change(control.Body):
    status: int | None = None
    responder_id: int | None = None


def _say(request: Request, number: int) -> Response:
    wish = control.parse(request, TypeAdapter(_Message))
    body: dict[str, Any] = {"body": _paragraphs(wish.text), "user_id": wish.agent_id}
    if wish.private:
        return _helpdesk(request, "POST", "/notes", number, {**body, "private": True})
    return _helpdesk(request, "POST", "/reply", number, body)


def _change(request: Request, number: int) -> Response:
    wish = control.parse(request, TypeAdapter(_Change))
    return _helpdesk(request, "PUT", "", number, wish.model_dump(exclude_unset=True))


def _helpdesk(request: Request, method: str, tail: str, number: int, body: dict[str, Any]) -> Response:
    """One request to the helpdesk as its API would take it, without a key, a limit or a count."""
    rule = re.compile(rf"/tickets/<int:(\w+)>{re.escape(tail)}")
    route, name = next(
        (route, match[1])
        for route in freshdesk.SERVICE.routes
        if route.method == method and (match := rule.fullmatch(route.rule))
    )
    inner = replace(
        request,
        method=method,
        path=f"{freshdesk.SERVICE.prefix}/tickets/{number}{tail}",
        query=MultiDict(),
        headers=Headers({"Content-Type": "application/json"}),
        body=json.dumps(body).encode(),
    )
    try:
        response = route.handler(inner, **{name: number})
    except Abort as abort:
        response = abort.response
    if response.status >= 400:
        raise Abort(
            Response(response.status, {"error": _reason(response.body) or f"there is no ticket {number} to change"})
        )
    return Response(response.status, {"id": (response.body or {}).get("id")})


def _reason(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    errors = [f"{one.get('field')}: {one.get('message')}" for one in body.get("errors") or []]
    return "; ".join(errors) or str(body.get("message") or body.get("description") or "")


def _paragraphs(text: str) -> str:
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip())
    return "".join("<p>" + escape(block, quote=False).replace("\n", "<br>") + "</p>" for block in blocks)


def _finish(request: Request, response: Response) -> Response:
    return replace(response, headers={**HEADERS, **response.headers})


def _unknown(request: Request, wrong_verb: bool) -> Response:
    if request.path.startswith("/page/") or request.method != "GET":
        return Response(405 if wrong_verb else 404, {"error": f"the sandbox's page has nothing at {request.path}"})
    said = (
        f"<p>The sandbox has nothing at <code>{escape(request.path)}</code>.</p><p><a href='/'>To the sandbox</a></p>"
    )
    return Response(404, f"<!doctype html><html lang='en'><title>Not found</title><body>{said}</body></html>")


def _fault(request: Request, status: int) -> Response:
    return Response(status, {"error": "the body is not JSON" if status == 400 else "a mistake of ours"})


SERVICE = Service(
    name="page",
    prefix="",
    routes=(
        Route("GET", "/", front, note="The page for people."),
        Route("GET", "/static/<name>", static, note="Its style and scripts."),
        Route("GET", "/page/pulse", _pulse, note="A version that moves with every change, the clock and counts."),
        Route("GET", "/page/queue", _queue, note="One page of tickets.", query=("status", "q", "page", "sort")),
        Route("GET", "/page/tickets/<int:number>", _ticket, note="A ticket with all that stands around it."),
        Route("GET", "/page/mail", _mail, note="Outgoing mail, newest first.", query=("page",)),
        Route("GET", "/page/issues", _issues, note="Issues, newest first.", query=("state", "page")),
        Route("GET", "/page/issues/<int:number>", _issue, note="An issue with its comments."),
        Route("GET", "/page/chat", _reading(page_services.chat), note="Channels and what was said."),
        Route("GET", "/page/pager", _reading(page_services.pager), note="Incidents."),
        Route("GET", "/page/hubs", _reading(page_services.hub_list), note="Hubs, up or down."),
        Route("GET", "/page/companies", _companies, note="Companies by name.", query=("page",)),
        Route("GET", "/page/companies/<int:number>", _company, note="A company with its people."),
        Route("GET", "/page/contacts", _contacts, note="Whom one may write in as.", query=("q",)),
        Route("POST", "/page/tickets/<int:number>/say", _say, note="Reply or note as an agent."),
        Route("POST", "/page/tickets/<int:number>/change", _change, note="Set status or agent."),
    ),
    guard=control.guard,
    finish=_finish,
    unknown=_unknown,
    fault=_fault,
)

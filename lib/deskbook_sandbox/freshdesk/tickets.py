"""Endpoints that list, view, delete, restore and watch tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from deskbook_sandbox.freshdesk.account import current_agent, is_agent
from deskbook_sandbox.freshdesk.forms import FORMS, no_content, read_form
from deskbook_sandbox.freshdesk.lists import (
    PAGED,
    found,
    included,
    last,
    number,
    option,
    paged_records,
    since,
    window,
    writable,
)
from deskbook_sandbox.freshdesk.problems import invalid, no_such, not_found
from deskbook_sandbox.freshdesk.records import Record, change, contact_by_mail, get, select
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.freshdesk.shapes import ticket_item, ticket_view
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.query import Condition

FILTERS = ("new_and_my_open", "watching", "spam", "deleted")
ORDERS = ("created_at", "due_by", "updated_at", "status")
DEEPEST_PAGE = 300

LIST_QUERY = (
    "filter",
    "requester_id",
    "email",
    "unique_external_id",
    "company_id",
    "updated_since",
    "order_by",
    "order_type",
    "include",
    *PAGED,
)


def _list(request: Request) -> Response:
    include = included(request, ("stats", "requester", "description", "company"))
    order = option(request, "order_by", ORDERS) or "created_at"
    direction = option(request, "order_type", ("asc", "desc")) or "desc"
    if window(request)[0] > DEEPEST_PAGE:
        text = "You cannot access tickets beyond the 300th page. Please provide a smaller page number."
        raise invalid("page", text)

    def show(ticket: Record) -> Record:
        return ticket_item(request.store, ticket, include)

    return paged_records(request, "ticket", _conditions(request), show, f"{order} {direction}, id {direction}")


def _conditions(request: Request) -> list[Condition]:
    """The list shows what is neither deleted nor spam and was created in the last 30 days, if nothing else is said."""
    name, me = option(request, "filter", FILTERS), current_agent(request.store)["id"]
    people, updated = [*_people(request)], since(request, "updated_since")
    recent = None if updated else request.store.stamp(request.store.now() - timedelta(days=30))
    watching = "EXISTS (SELECT 1 FROM json_each(watchers) WHERE value = ?)"
    return [
        ("deleted = ?", name == "deleted"),
        ("spam = ?", None if name == "deleted" else name == "spam"),
        ("status = 2 AND (responder_id IS NULL OR responder_id = ?)", me if name == "new_and_my_open" else None),
        (watching, me if name == "watching" else None),
        *people,
        ("updated_at >= ?", updated),
        ("created_at >= ?", recent),
    ]


def _people(request: Request) -> Iterator[Condition]:
    """Whose tickets, by id, mail, external id or company; 400 if there is nobody of that kind."""
    asker = "requester_id = ?"
    requester = number(request, "requester_id")
    if requester is not None:
        if get(request.store, "contact", requester) is None and not is_agent(request.store, requester):
            raise no_such("requester_id", "contact")
        yield asker, requester
    mail, external = last(request, "email"), last(request, "unique_external_id")
    if mail is not None:
        contact = contact_by_mail(request.store, mail)
        if contact is None:
            raise no_such("email", "contact")
        yield asker, contact["id"]
    if external is not None:
        fitting = select(request.store, "contact", "WHERE unique_external_id = ? AND deleted = 0", [external])
        if not fitting:
            raise no_such("unique_external_id", "contact")
        yield asker, fitting[0]["id"]
    company = number(request, "company_id")
    if company is not None:
        if get(request.store, "company", company) is None:
            raise no_such("company_id", "company")
        yield "company_id = ?", company


def _view(request: Request, ticket_id: int) -> Response:
    include = included(request, ("conversations", "requester", "company", "stats"))
    return Response(body=ticket_view(request.store, found(request, "ticket", ticket_id), include))


def _delete(request: Request, ticket_id: int) -> Response:
    ticket = writable(request, "ticket", ticket_id)
    change(request.store, "ticket", ticket["id"], {"deleted": True, "updated_at": request.store.stamp()})
    return Response(204)


def _restore(request: Request, ticket_id: int) -> Response:
    no_content(request)
    ticket = found(request, "ticket", ticket_id)
    if not ticket["deleted"]:
        raise not_found()
    change(request.store, "ticket", ticket["id"], {"deleted": False, "updated_at": request.store.stamp()})
    return Response(204)


WATCHER = FORMS["watcher"]


def _watch(request: Request, ticket_id: int) -> Response:
    ticket = writable(request, "ticket", ticket_id)
    user = read_form(request, WATCHER).get("user_id") or current_agent(request.store)["id"]
    if not is_agent(request.store, user):
        raise no_such("user_id", "agent")
    change(request.store, "ticket", ticket_id, {"watchers": list(dict.fromkeys([*ticket["watchers"], user]))})
    return Response(204)


def _unwatch(request: Request, ticket_id: int) -> Response:
    ticket = writable(request, "ticket", ticket_id)
    me = current_agent(request.store)["id"]
    change(request.store, "ticket", ticket_id, {"watchers": [user for user in ticket["watchers"] if user != me]})
    return Response(204)


def _watchers(request: Request, ticket_id: int) -> Response:
    return Response(body={"watcher_ids": found(request, "ticket", ticket_id)["watchers"]})


ROUTES = (
    route("GET", "/tickets", _list, "Tickets of the last 30 days, newest first.", query=LIST_QUERY),
    route("GET", "/tickets/<int:ticket_id>", _view, "One ticket, also a deleted one.", query=("include",)),
    route("DELETE", "/tickets/<int:ticket_id>", _delete, "Delete; it can be restored."),
    route("PUT", "/tickets/<int:ticket_id>/restore", _restore, "Take back a deletion."),
    route("POST", "/tickets/<int:ticket_id>/watch", _watch, "Watch a ticket.", form=WATCHER),
    route("PUT", "/tickets/<int:ticket_id>/unwatch", _unwatch, "Watch it no more."),
    route("GET", "/tickets/<int:ticket_id>/watchers", _watchers, "Who watches it."),
)

"""Tickets: list, view, delete and restore, watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from deskbook_sandbox.freshdesk.account import caller, is_ours
from deskbook_sandbox.freshdesk.forms import NUMBER, no_content, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, included, last, number, option, paged, since, window
from deskbook_sandbox.freshdesk.problems import invalid, not_allowed, not_found
from deskbook_sandbox.freshdesk.records import Record, change, contact_by_mail, get, select
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.freshdesk.ticket_shapes import listed, viewed
from deskbook_sandbox.http import Answer, Call

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


def found(call: Call, ticket_id: int) -> Record:
    """The ticket, also a deleted one; 404 if there is none."""
    ticket = get(call.world, "ticket", ticket_id)
    if ticket is None:
        raise not_found()
    return ticket


def writable(call: Call, ticket_id: int) -> Record:
    """The ticket if it may be written to; 405 for one that is deleted or flagged as spam."""
    ticket = found(call, ticket_id)
    if ticket["deleted"] or ticket["spam"]:
        raise not_allowed(call.method, ["GET"])
    return ticket


def _list(call: Call) -> Answer:
    include = included(call, ("stats", "requester", "description", "company"))
    where, values = _conditions(call)
    order = option(call, "order_by", ORDERS) or "created_at"
    direction = option(call, "order_type", ("asc", "desc")) or "desc"
    if window(call)[0] > DEEPEST_PAGE:
        text = "You cannot access tickets beyond the 300th page. Please provide a smaller page number."
        raise invalid("page", text)

    def fetch(limit: int, offset: int) -> list[Record]:
        tail = f"ORDER BY {order} {direction}, id {direction} LIMIT ? OFFSET ?"
        return select(call.world, "ticket", f"WHERE {' AND '.join(where)} {tail}", [*values, limit, offset])

    return paged(call, fetch, lambda ticket: listed(call.world, ticket, include))


def _conditions(call: Call) -> tuple[list[str], list[Any]]:
    """The list shows what is neither deleted nor spam and was created in the last 30 days, if nothing else is said."""
    name = option(call, "filter", FILTERS)
    where = [f"deleted = {int(name == 'deleted')}"]
    values: list[Any] = []
    if name != "deleted":
        where.append(f"spam = {int(name == 'spam')}")
    me = caller(call.world)["id"]
    if name == "new_and_my_open":
        where.append("status = 2 AND (responder_id IS NULL OR responder_id = ?)")
        values.append(me)
    if name == "watching":
        where.append("EXISTS (SELECT 1 FROM json_each(watchers) WHERE value = ?)")
        values.append(me)
    for column, value in _people(call):
        where.append(f"{column} = ?")
        values.append(value)
    updated = since(call, "updated_since")
    where.append("updated_at >= ?" if updated else "created_at >= ?")
    values.append(updated or call.world.stamp(call.world.now() - timedelta(days=30)))
    return where, values


def _people(call: Call) -> list[tuple[str, int]]:
    """Whose tickets, by id, mail, external id or company; 400 if there is nobody of that kind."""
    conditions: list[tuple[str, int]] = []
    requester = number(call, "requester_id")
    if requester is not None:
        if get(call.world, "contact", requester) is None and not is_ours(call.world, requester):
            raise invalid("requester_id", "There is no contact matching the given requester_id")
        conditions.append(("requester_id", requester))
    mail, external = last(call, "email"), last(call, "unique_external_id")
    if mail is not None:
        contact = contact_by_mail(call.world, mail)
        if contact is None:
            raise invalid("email", "There is no contact matching the given email")
        conditions.append(("requester_id", contact["id"]))
    if external is not None:
        fitting = select(call.world, "contact", "WHERE unique_external_id = ? AND deleted = 0", [external])
        if not fitting:
            raise invalid("unique_external_id", "There is no contact matching the given unique_external_id")
        conditions.append(("requester_id", fitting[0]["id"]))
    company = number(call, "company_id")
    if company is not None:
        if get(call.world, "company", company) is None:
            raise invalid("company_id", "There is no company matching the given company_id")
        conditions.append(("company_id", company))
    return conditions


def _view(call: Call, ticket_id: int) -> Answer:
    include = included(call, ("conversations", "requester", "company", "stats"))
    return Answer(body=viewed(call.world, found(call, ticket_id), include))


def _delete(call: Call, ticket_id: int) -> Answer:
    ticket = writable(call, ticket_id)
    change(call.world, "ticket", ticket["id"], {"deleted": True, "updated_at": call.world.stamp()})
    return Answer(204)


def _restore(call: Call, ticket_id: int) -> Answer:
    no_content(call)
    ticket = found(call, ticket_id)
    if not ticket["deleted"]:
        raise not_found()
    change(call.world, "ticket", ticket["id"], {"deleted": False, "updated_at": call.world.stamp()})
    return Answer(204)


WATCHER = {"user_id": NUMBER}


def _watch(call: Call, ticket_id: int) -> Answer:
    ticket = writable(call, ticket_id)
    user = read_form(call, WATCHER).get("user_id") or caller(call.world)["id"]
    if not is_ours(call.world, user):
        raise invalid("user_id", "There is no agent matching the given user_id")
    change(call.world, "ticket", ticket_id, {"watchers": list(dict.fromkeys([*ticket["watchers"], user]))})
    return Answer(204)


def _unwatch(call: Call, ticket_id: int) -> Answer:
    ticket = writable(call, ticket_id)
    me = caller(call.world)["id"]
    change(call.world, "ticket", ticket_id, {"watchers": [user for user in ticket["watchers"] if user != me]})
    return Answer(204)


def _watchers(call: Call, ticket_id: int) -> Answer:
    return Answer(body={"watcher_ids": found(call, ticket_id)["watchers"]})


ROUTES = (
    route("GET", "/tickets", _list, "Tickets of the last 30 days, newest first.", query=LIST_QUERY),
    route("GET", "/tickets/<int:ticket_id>", _view, "One ticket, also a deleted one.", query=("include",)),
    route("DELETE", "/tickets/<int:ticket_id>", _delete, "Delete; it can be restored."),
    route("PUT", "/tickets/<int:ticket_id>/restore", _restore, "Take back a deletion."),
    route("POST", "/tickets/<int:ticket_id>/watch", _watch, "Watch a ticket.", fields=WATCHER),
    route("PUT", "/tickets/<int:ticket_id>/unwatch", _unwatch, "Watch it no more."),
    route("GET", "/tickets/<int:ticket_id>/watchers", _watchers, "Who watches it."),
)

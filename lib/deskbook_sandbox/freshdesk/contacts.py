"""Endpoints for contacts, the people outside who write in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import lacks
from deskbook_sandbox.freshdesk.agents import new_agent
from deskbook_sandbox.freshdesk.contact_domains import company_of_mail
from deskbook_sandbox.freshdesk.forms import FORMS, no_content, read_changes, read_form
from deskbook_sandbox.freshdesk.lists import (
    PAGED,
    found,
    last,
    named_like,
    number,
    option,
    paged_records,
    since,
    truth,
    writable,
)
from deskbook_sandbox.freshdesk.problems import Problems, check_name, invalid, no_such, not_found
from deskbook_sandbox.freshdesk.records import Record, add, agent_by_mail, change, contact_by_mail, get, remove, select
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.freshdesk.shapes import contact_item, contact_view
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store

STATES = {
    "verified": "deleted = 0 AND blocked = 0 AND active = 1",
    "unverified": "deleted = 0 AND blocked = 0 AND active = 0",
    "blocked": "deleted = 0 AND blocked = 1",
    "deleted": "deleted = 1",
}
LIST_QUERY = ("email", "mobile", "phone", "company_id", "state", "contact_type", "updated_since", "_updated_since")
FORM = FORMS["contact"]
WAYS = ("email", "mobile", "phone", "twitter_id", "unique_external_id")


def _list(request: Request) -> Response:
    state = option(request, "state", tuple(STATES))
    option(request, "contact_type", ("customer", "visitor"))
    mail, company = last(request, "email"), number(request, "company_id")
    if company is not None and get(request.store, "company", company) is None:
        raise no_such("company_id", "company")
    in_others = "SELECT 1 FROM json_each(other_companies) WHERE json_extract(value, '$.company_id') = ?"
    conditions = (
        (STATES[state] if state else "deleted = 0 AND blocked = 0", True),
        ("email = ?", mail and mail.lower()),
        ("mobile = ?", last(request, "mobile")),
        ("phone = ?", last(request, "phone")),
        (f"(company_id = ? OR (other_companies != '[]' AND EXISTS ({in_others})))", company),
        ("updated_at >= ?", since(request, "updated_since", "_updated_since")),
    )
    return paged_records(request, "contact", conditions, contact_item, "name COLLATE NOCASE, id")


def _view(request: Request, contact_id: int) -> Response:
    return Response(body=contact_view(found(request, "contact", contact_id)))


def _create(request: Request) -> Response:
    sent = read_form(request, FORM, custom={})
    if not any(sent.get(way) for way in WAYS):
        text = "Please fill at least 1 of email, mobile, phone, twitter_id, unique_external_id fields"
        raise invalid("email", text, "missing_field")
    values = _values(request.store, sent, {})
    if values.get("email") and not values.get("company_id"):
        values["company_id"] = company_of_mail(request.store, values["email"])
    contact = add(request.store, "contact", values)
    return created(request, contact_view(contact), f"/contacts/{contact['id']}")


def _update(request: Request, contact_id: int) -> Response:
    contact = writable(request, "contact", contact_id)
    sent = read_form(request, FORM.partial, custom={})
    check_name(sent)
    values = {**_values(request.store, sent, contact), "updated_at": request.store.stamp()}
    return Response(body=contact_view(change(request.store, "contact", contact_id, values)))


def _values(store: Store, sent: Mapping[str, Any], former: Mapping[str, Any]) -> Record:
    problems = Problems()
    values: Record = {name: value for name, value in sent.items() if name != "custom_fields"}
    for name in ("other_emails", "tags", "other_companies"):
        if name in values:
            values[name] = values[name] or []
    if "view_all_tickets" in values:
        values["view_all_tickets"] = bool(values["view_all_tickets"])
    if values.get("email"):
        values["email"] = values["email"].lower()
    if "other_emails" in values:
        values["other_emails"] = list(dict.fromkeys(mail.lower() for mail in values["other_emails"]))
    me = former.get("id")
    mails = [("email", values.get("email")), *(("other_emails", mail) for mail in values.get("other_emails", []))]
    for name, mail in mails:
        owner = contact_by_mail(store, mail) if mail else None
        if (owner and owner["id"] != me) or (mail and agent_by_mail(store, mail)):
            problems.taken(name)
    for name in ("twitter_id", "unique_external_id"):
        if values.get(name):
            others = select(store, "contact", f"WHERE {name} = ? AND deleted = 0", [values[name]])
            if any(other["id"] != me for other in others):
                problems.taken(name)
    _check_companies(store, values, former, problems)
    problems.stop()
    return values


def _check_companies(store: Store, values: Record, former: Mapping[str, Any], problems: Problems) -> None:
    if values.get("company_id") and get(store, "company", values["company_id"]) is None:
        problems.no_such("company_id", "company")
    others = values.get("other_companies")
    if not others:
        return
    if lacks(store, "Multiple Companies", "other_companies", problems):
        return
    default = values.get("company_id", former.get("company_id"))
    clean: dict[int, dict[str, Any]] = {}
    for other in others:
        company = other.get("company_id")
        fits = isinstance(company, int) and 0 < company < 2**63 and get(store, "company", company) is not None
        if not fits or set(other) - {"company_id", "view_all_tickets"} or company == default:
            problems.no_such("other_companies", "company")
            return
        clean[company] = {"company_id": company, "view_all_tickets": bool(other.get("view_all_tickets"))}
    values["other_companies"] = list(clean.values())


def _delete(request: Request, contact_id: int) -> Response:
    writable(request, "contact", contact_id)
    change(request.store, "contact", contact_id, {"deleted": True, "updated_at": request.store.stamp()})
    return Response(204)


def _restore(request: Request, contact_id: int) -> Response:
    no_content(request)
    if not found(request, "contact", contact_id)["deleted"]:
        raise not_found()
    change(request.store, "contact", contact_id, {"deleted": False, "updated_at": request.store.stamp()})
    return Response(204)


def _hard_delete(request: Request, contact_id: int) -> Response:
    """For good, and with everything that the contact asked."""
    contact = found(request, "contact", contact_id)
    if not contact["deleted"] and not truth(request, "force"):
        raise invalid("force", "The contact must be deleted before, or force must be true", "inconsistent_state")
    for ticket in select(request.store, "ticket", "WHERE requester_id = ?", [contact_id]):
        for table in ("fd_conversations", "fd_time_entries", "fd_ratings"):
            request.store.delete(table, ticket_id=ticket["id"])
        remove(request.store, "ticket", ticket["id"])
    remove(request.store, "contact", contact_id)
    return Response(204)


def _send_invite(request: Request, contact_id: int) -> Response:
    writable(request, "contact", contact_id)
    return Response(204)


def _make_agent(request: Request, contact_id: int) -> Response:
    contact = writable(request, "contact", contact_id)
    sent = read_changes(request, "contact made an agent")
    if not contact["email"]:
        raise invalid("email", "Contact with email id can only be converted to agent", "inconsistent_state")
    agent = new_agent(request.store, contact, sent)
    remove(request.store, "contact", contact_id)
    return Response(body={**contact_view({**contact, "other_emails": []}), "agent": agent})


def _autocomplete(request: Request) -> Response:
    return Response(body=named_like(request, "contact", "term", "deleted = 0 AND blocked = 0"))


_ONE = "/contacts/<int:contact_id>"

ROUTES = (
    route("GET", "/contacts", _list, "Contacts by name.", query=(*LIST_QUERY, *PAGED)),
    route("POST", "/contacts", _create, "A new contact.", form=FORM),
    route("GET", "/contacts/autocomplete", _autocomplete, "Contacts whose name has such a word.", query=("term",)),
    route("GET", _ONE, _view, "One contact, also a deleted one."),
    route("PUT", _ONE, _update, "Change some attributes.", form=FORM.partial),
    route("DELETE", _ONE, _delete, "Delete; it can be restored."),
    route("PUT", f"{_ONE}/restore", _restore, "Take back a deletion."),
    route("DELETE", f"{_ONE}/hard_delete", _hard_delete, "For good, with its tickets.", query=("force",)),
    route("PUT", f"{_ONE}/send_invite", _send_invite, "Invite to the portal (nothing happens here)."),
    route("PUT", f"{_ONE}/make_agent", _make_agent, "Make one of the staff.", form=FORMS["contact made an agent"]),
)

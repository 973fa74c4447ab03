"""Endpoints for companies, and the organisation's own fields about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.contact_domains import gather_by_domain
from deskbook_sandbox.freshdesk.forms import DECIMAL, FLAG, FORMS, TEXT, Fields, moment, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, named_like, paged_records
from deskbook_sandbox.freshdesk.problems import Problems, check_name
from deskbook_sandbox.freshdesk.records import Record, add, change, new_id, remove, select
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.freshdesk.shapes import company_view
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store, stamp

FORM = FORMS["company"]
FIELD_IDS = 60_000_000_000


def custom_fields(store: Store) -> Fields:
    names = store.organization.fields
    return {names.representatives: TEXT, names.budget_hours: DECIMAL, names.own_funding: FLAG}


def _fields(request: Request) -> Response:
    """The name, and the organisation's own fields."""
    own = dict(zip(custom_fields(request.store), ("custom_text", "custom_decimal", "custom_checkbox"), strict=True))
    return Response(
        body=[
            {
                "id": FIELD_IDS + position,
                "name": name,
                "label": name.replace("_", " ").capitalize(),
                "type": kind,
                "default": kind == "default_name",
                "position": position,
                "required_for_agents": kind == "default_name",
            }
            for position, (name, kind) in enumerate({"name": "default_name", **own}.items(), 1)
        ]
    )


def new_company(store: Store, values: Mapping[str, Any], at: str | None = None) -> Record:
    number = new_id(store, "organization")
    blank = {"domains": [], "custom_fields": dict.fromkeys(custom_fields(store)), "org_company_id": number}
    return add(store, "company", {**blank, **values}, at)


def _list(request: Request) -> Response:
    return paged_records(request, "company", (), company_view, "name COLLATE NOCASE, id")


def _view(request: Request, company_id: int) -> Response:
    return Response(body=company_view(found(request, "company", company_id)))


def _create(request: Request) -> Response:
    sent = read_form(request, FORM, custom_fields(request.store))
    company = new_company(request.store, _values(request.store, sent, {}))
    gather_by_domain(request.store, company)
    # The response to a create shows this id as a number, every other response as text.
    shown = {**company_view(company), "org_company_id": company["org_company_id"]}
    return created(request, shown, f"/companies/{company['id']}")


def _update(request: Request, company_id: int) -> Response:
    former = found(request, "company", company_id)
    sent = read_form(request, FORM.partial, custom_fields(request.store))
    check_name(sent)
    values = {**_values(request.store, sent, former), "updated_at": request.store.stamp()}
    company = change(request.store, "company", company_id, values)
    gather_by_domain(request.store, company)
    return Response(body=company_view(company))


def _values(store: Store, sent: Mapping[str, Any], former: Mapping[str, Any]) -> Record:
    problems = Problems()
    values = dict(sent)
    if "name" in values and _taken(store, "lower(name) = lower(?)", values["name"], former):
        problems.taken("name")
    if "domains" in values:
        values["domains"] = list(dict.fromkeys(domain.lower() for domain in values["domains"] or []))
        listing = "EXISTS (SELECT 1 FROM json_each(domains) WHERE value = ?)"
        if any(_taken(store, listing, domain, former) for domain in values["domains"]):
            problems.taken("domains")
    problems.stop()
    if values.get("renewal_date") and (day := moment(values["renewal_date"])):
        values["renewal_date"] = stamp(day.replace(hour=0, minute=0, second=0))
    if "custom_fields" in values:
        blank = dict.fromkeys(custom_fields(store))
        values["custom_fields"] = {**blank, **former.get("custom_fields", {}), **(values["custom_fields"] or {})}
    return values


def _taken(store: Store, condition: str, value: Any, former: Mapping[str, Any]) -> bool:
    """Whether another company has this already."""
    return any(other["id"] != former.get("id") for other in select(store, "company", f"WHERE {condition}", [value]))


def _delete(request: Request, company_id: int) -> Response:
    """The contacts and tickets stay, and belong to nobody."""
    store = request.store
    found(request, "company", company_id)
    for table in ("fd_contacts", "fd_tickets"):
        store.db.execute(f"UPDATE {table} SET company_id = NULL WHERE company_id = ?", (company_id,))
    for contact in select(store, "contact", "WHERE other_companies LIKE ?", [f'%"company_id": {company_id},%']):
        rest = [other for other in contact["other_companies"] if other["company_id"] != company_id]
        change(store, "contact", contact["id"], {"other_companies": rest})
    remove(store, "company", company_id)
    return Response(204)


def _autocomplete(request: Request) -> Response:
    return Response(body={"companies": named_like(request, "company", "name")})


_ONE = "/companies/<int:company_id>"

ROUTES = (
    route("GET", "/companies", _list, "Companies by name.", query=PAGED),
    route("POST", "/companies", _create, "A new company; takes in contacts by its domains.", form=FORM),
    route("GET", "/company_fields", _fields, "Fields of a company."),
    route("GET", "/companies/autocomplete", _autocomplete, "Companies whose name has such a word.", query=("name",)),
    route("GET", _ONE, _view, "One company."),
    route("PUT", _ONE, _update, "Change some attributes; domains are replaced.", form=FORM.partial),
    route("DELETE", _ONE, _delete, "Delete; its contacts stay."),
)

"""Companies: whom contacts belong to, and what the organisation's own fields say about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.contact_domains import gather_by_domain
from deskbook_sandbox.freshdesk.forms import DECIMAL, FLAG, FORMS, TEXT, Fields, moment, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, named_like, paged_records
from deskbook_sandbox.freshdesk.problems import Problems, check_name
from deskbook_sandbox.freshdesk.records import Record, add, change, new_id, remove, select
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.freshdesk.shapes import company_view
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World, stamp

FORM = FORMS["company"]


def custom_fields(world: World) -> Fields:
    names = world.organization.fields
    return {names.representatives: TEXT, names.budget_hours: DECIMAL, names.own_funding: FLAG}


def new_company(world: World, values: Mapping[str, Any], at: str | None = None) -> Record:
    number = new_id(world, "organization")
    blank = {"domains": [], "custom_fields": dict.fromkeys(custom_fields(world)), "org_company_id": number}
    return add(world, "company", {**blank, **values}, at)


def _list(call: Call) -> Answer:
    return paged_records(call, "company", (), company_view, "name COLLATE NOCASE, id")


def _view(call: Call, company_id: int) -> Answer:
    return Answer(body=company_view(found(call, "company", company_id)))


def _create(call: Call) -> Answer:
    sent = read_form(call, FORM, custom_fields(call.world))
    company = new_company(call.world, _values(call.world, sent, {}))
    gather_by_domain(call.world, company)
    # The answer to a create shows this id as a number, every other answer as text.
    shown = {**company_view(company), "org_company_id": company["org_company_id"]}
    return made(call, shown, f"/companies/{company['id']}")


def _update(call: Call, company_id: int) -> Answer:
    former = found(call, "company", company_id)
    sent = read_form(call, FORM.partial, custom_fields(call.world))
    check_name(sent)
    values = {**_values(call.world, sent, former), "updated_at": call.world.stamp()}
    company = change(call.world, "company", company_id, values)
    gather_by_domain(call.world, company)
    return Answer(body=company_view(company))


def _values(world: World, sent: Mapping[str, Any], former: Mapping[str, Any]) -> Record:
    problems = Problems()
    values = dict(sent)
    if "name" in values and _taken(world, "lower(name) = lower(?)", values["name"], former):
        problems.taken("name")
    if "domains" in values:
        values["domains"] = list(dict.fromkeys(domain.lower() for domain in values["domains"] or []))
        listing = "EXISTS (SELECT 1 FROM json_each(domains) WHERE value = ?)"
        if any(_taken(world, listing, domain, former) for domain in values["domains"]):
            problems.taken("domains")
    problems.stop()
    if values.get("renewal_date") and (day := moment(values["renewal_date"])):
        values["renewal_date"] = stamp(day.replace(hour=0, minute=0, second=0))
    if "custom_fields" in values:
        blank = dict.fromkeys(custom_fields(world))
        values["custom_fields"] = {**blank, **former.get("custom_fields", {}), **(values["custom_fields"] or {})}
    return values


def _taken(world: World, condition: str, value: Any, former: Mapping[str, Any]) -> bool:
    """Whether another company has this already."""
    return any(other["id"] != former.get("id") for other in select(world, "company", f"WHERE {condition}", [value]))


def _delete(call: Call, company_id: int) -> Answer:
    """The contacts and tickets stay, and belong to nobody."""
    world = call.world
    found(call, "company", company_id)
    for table in ("fd_contacts", "fd_tickets"):
        world.db.execute(f"UPDATE {table} SET company_id = NULL WHERE company_id = ?", (company_id,))
    for contact in select(world, "contact", "WHERE other_companies LIKE ?", [f'%"company_id": {company_id},%']):
        rest = [other for other in contact["other_companies"] if other["company_id"] != company_id]
        change(world, "contact", contact["id"], {"other_companies": rest})
    remove(world, "company", company_id)
    return Answer(204)


def _autocomplete(call: Call) -> Answer:
    return Answer(body={"companies": named_like(call, "company", "name")})


_ONE = "/companies/<int:company_id>"

ROUTES = (
    route("GET", "/companies", _list, "Companies by name.", query=PAGED),
    route("POST", "/companies", _create, "A new company; takes in contacts by its domains.", form=FORM),
    route("GET", "/companies/autocomplete", _autocomplete, "Companies whose name has such a word.", query=("name",)),
    route("GET", _ONE, _view, "One company."),
    route("PUT", _ONE, _update, "Change some attributes; domains are replaced.", form=FORM.partial),
    route("DELETE", _ONE, _delete, "Delete; its contacts stay."),
)

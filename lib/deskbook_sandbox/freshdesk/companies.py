"""Companies: whom contacts belong to, and what the organisation's own fields say about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deskbook_sandbox.freshdesk.contact_records import gather_by_domain
from deskbook_sandbox.freshdesk.forms import DECIMAL, FLAG, MOMENT, NAME, PAIRS, TEXT, Fields, listed, moment, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, last, paged
from deskbook_sandbox.freshdesk.problems import Problems, invalid, not_found
from deskbook_sandbox.freshdesk.records import Record, add, change, get, new_id, remove, select
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World, stamp


def _domained(value: str) -> str | None:
    return None if re.fullmatch(r"[\w-]+(\.[\w-]+)+", value) else "It should be in the 'valid domain' format"


FORM: Fields = {
    "name": NAME,
    "description": TEXT,
    "note": TEXT,
    "domains": listed(replace(TEXT, form=_domained)),
    "custom_fields": PAIRS,
    "health_score": NAME,
    "account_tier": NAME,
    "renewal_date": MOMENT,
    "industry": NAME,
}


def custom_fields(world: World) -> Fields:
    names = world.organization.fields
    return {names.representatives: TEXT, names.budget_hours: DECIMAL, names.own_funding: FLAG}


def new_company(world: World, values: Mapping[str, Any], at: str | None = None) -> Record:
    now = at or world.stamp()
    blank = {
        "domains": [],
        "custom_fields": dict.fromkeys(custom_fields(world)),
        "org_company_id": new_id(world, "organization"),
    }
    return add(world, "company", {**blank, **values, "created_at": now, "updated_at": now})


def viewed(company: Record) -> dict[str, Any]:
    return {
        "id": company["id"],
        "name": company["name"],
        "description": company["description"],
        "note": company["note"],
        "domains": company["domains"],
        "created_at": company["created_at"],
        "updated_at": company["updated_at"],
        "custom_fields": company["custom_fields"],
        "health_score": company["health_score"],
        "account_tier": company["account_tier"],
        "renewal_date": company["renewal_date"],
        "industry": company["industry"],
        "org_company_id": str(company["org_company_id"]),
    }


def _list(call: Call) -> Answer:
    def fetch(limit: int, offset: int) -> list[Record]:
        return select(call.world, "company", "ORDER BY name COLLATE NOCASE, id LIMIT ? OFFSET ?", [limit, offset])

    return paged(call, fetch, viewed)


def _found(call: Call, company_id: int) -> Record:
    company = get(call.world, "company", company_id)
    if company is None:
        raise not_found()
    return company


def _view(call: Call, company_id: int) -> Answer:
    return Answer(body=viewed(_found(call, company_id)))


def _create(call: Call) -> Answer:
    sent = read_form(call, FORM, required=("name",), custom=custom_fields(call.world))
    company = new_company(call.world, _values(call.world, sent, {}))
    gather_by_domain(call.world, company)
    # The answer to a create shows this id as a number, every other answer as text.
    shown = {**viewed(company), "org_company_id": company["org_company_id"]}
    return made(call, shown, f"/companies/{company['id']}")


def _update(call: Call, company_id: int) -> Answer:
    former = _found(call, company_id)
    sent = read_form(call, FORM, custom=custom_fields(call.world))
    if "name" in sent and not str(sent["name"] or "").strip():
        raise invalid("name", "It should not be blank as this is a mandatory field")
    values = {**_values(call.world, sent, former), "updated_at": call.world.stamp()}
    company = change(call.world, "company", company_id, values)
    gather_by_domain(call.world, company)
    return Answer(body=viewed(company))


def _values(world: World, sent: Mapping[str, Any], former: Mapping[str, Any]) -> Record:
    problems = Problems()
    values = dict(sent)
    if "name" in values and _taken(world, "lower(name) = lower(?)", values["name"], former):
        problems.add("name", "It should be a unique value", "duplicate_value")
    if "domains" in values:
        values["domains"] = list(dict.fromkeys(domain.lower() for domain in values["domains"] or []))
        listing = "EXISTS (SELECT 1 FROM json_each(domains) WHERE value = ?)"
        if any(_taken(world, listing, domain, former) for domain in values["domains"]):
            problems.add("domains", "It should be a unique value", "duplicate_value")
    problems.stop()
    if values.get("renewal_date"):
        day = moment(values["renewal_date"])
        assert day is not None
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
    _found(call, company_id)
    for table in ("fd_contacts", "fd_tickets"):
        world.db.execute(f"UPDATE {table} SET company_id = NULL WHERE company_id = ?", (company_id,))
    for contact in select(world, "contact", "WHERE other_companies LIKE ?", [f'%"company_id": {company_id},%']):
        rest = [other for other in contact["other_companies"] if other["company_id"] != company_id]
        change(world, "contact", contact["id"], {"other_companies": rest})
    remove(world, "company", company_id)
    return Answer(204)


def _autocomplete(call: Call) -> Answer:
    name = (last(call, "name") or "").lower()
    safe = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    where = "WHERE (' ' || lower(name)) LIKE ? ESCAPE '\\' ORDER BY name, id LIMIT 100"
    fitting = select(call.world, "company", where, [f"% {safe}%"]) if name else []
    return Answer(body={"companies": [{"id": company["id"], "name": company["name"]} for company in fitting]})


_ONE = "/companies/<int:company_id>"

ROUTES = (
    route("GET", "/companies", _list, "Companies by name.", query=PAGED),
    route("POST", "/companies", _create, "A new company; takes in contacts by its domains.", fields=FORM),
    route("GET", "/companies/autocomplete", _autocomplete, "Companies whose name has such a word.", query=("name",)),
    route("GET", _ONE, _view, "One company."),
    route("PUT", _ONE, _update, "Change some attributes; domains are replaced.", fields=FORM),
    route("DELETE", _ONE, _delete, "Delete; its contacts stay."),
)

"""JSON views of companies, their representatives and contacts for the sandbox's page."""

from __future__ import annotations

from deskbook_sandbox.freshdesk.records import get, select
from deskbook_sandbox.page.views import MEMBER, Json, community, company_name, paged
from deskbook_sandbox.store.database import Store

MOST = 100  # contacts of one company on the page


def companies(store: Store, page: int) -> Json:
    """One page of companies by name."""

    def read(limit: str) -> list[Json]:
        rows = select(store, "company", f"ORDER BY name COLLATE NOCASE, id {limit}")
        return [_line(store, row["id"]) for row in rows]

    return paged("companies", store.value("SELECT count(*) FROM fd_companies"), page, read)


def _line(store: Store, number: int) -> Json:
    found = community(store, number) or {}
    names = [person["name"] for person in found["representatives"]]
    return {"id": number, "name": found["name"], "domains": found["domains"], "representatives": names}


def company(store: Store, number: int) -> Json | None:
    """A company with its representatives, and its contacts with every company they are in, the default first."""
    record, found = get(store, "company", number), community(store, number)
    if record is None or found is None:
        return None
    members = select(store, "contact", f"WHERE {MEMBER} ORDER BY name COLLATE NOCASE, id LIMIT {MOST}", [number] * 2)
    total = int(store.value(f"SELECT count(*) FROM fd_contacts WHERE {MEMBER}", *([number] * 2)))
    people = []
    for one in members:
        others = [other["company_id"] for other in one["other_companies"] or []]
        belongs = [{"id": each, "name": company_name(store, each)} for each in (one["company_id"], *others) if each]
        people.append({"id": one["id"], "name": one["name"], "mail": one["email"], "companies": belongs})
    when = {"created": record["created_at"], "updated": record["updated_at"]}
    return {
        **found,
        **when,
        "id": number,
        "description": record["description"] or "",
        "contacts": people,
        "total": total,
    }

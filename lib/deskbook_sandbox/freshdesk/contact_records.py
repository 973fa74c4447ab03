"""The people outside: how a contact comes to be, which company it belongs to, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.records import Record, add, change, select
from deskbook_sandbox.store.world import World

BLANK: Record = {
    "name": None,
    "email": None,
    "phone": None,
    "mobile": None,
    "twitter_id": None,
    "facebook_id": None,
    "unique_external_id": None,
    "company_id": None,
    "view_all_tickets": False,
    "other_companies": [],
    "other_emails": [],
    "tags": [],
    "custom_fields": {},
    "address": None,
    "description": None,
    "job_title": None,
    "language": "en",
    "time_zone": "UTC",
    "active": False,
    "blocked": False,
    "deleted": False,
}


def new_contact(world: World, values: Mapping[str, Any], at: str | None = None) -> Record:
    now = at or world.stamp()
    return add(world, "contact", {**BLANK, **values, "created_at": now, "updated_at": now})


def company_of_mail(world: World, mail: str) -> int | None:
    """The company that lists the domain of this address."""
    domain = mail.rpartition("@")[2].lower()
    where = "WHERE EXISTS (SELECT 1 FROM json_each(domains) WHERE lower(value) = ?) ORDER BY id LIMIT 1"
    fitting = select(world, "company", where, [domain])
    return fitting[0]["id"] if fitting else None


def gather_by_domain(world: World, company: Record) -> None:
    """Take in the contacts of the company's domains that belong to no company yet."""
    for domain in company["domains"]:
        where = "WHERE company_id IS NULL AND deleted = 0 AND email LIKE ? ESCAPE '\\'"
        for contact in select(world, "contact", where, ["%@" + domain.lower().replace("_", "\\_").replace("%", "\\%")]):
            change(world, "contact", contact["id"], {"company_id": company["id"], "updated_at": world.stamp()})


def viewed(contact: Record) -> dict[str, Any]:
    view = {
        **_core(contact),
        "other_emails": contact["other_emails"],
        "other_companies": contact["other_companies"],
        "tags": contact["tags"],
        "avatar": None,
    }
    return {**view, "deleted": True} if contact["deleted"] else view


def listed(contact: Record) -> dict[str, Any]:
    """An item of a list: the other companies are bare ids here."""
    item = {**_core(contact), "other_companies": [other["company_id"] for other in contact["other_companies"]]}
    return {**item, "deleted": True} if contact["deleted"] else item


def _core(contact: Record) -> dict[str, Any]:
    return {
        "active": contact["active"],
        "address": contact["address"],
        "company_id": contact["company_id"],
        "view_all_tickets": contact["view_all_tickets"],
        "description": contact["description"],
        "email": contact["email"],
        "id": contact["id"],
        "job_title": contact["job_title"],
        "language": contact["language"],
        "mobile": contact["mobile"],
        "name": contact["name"],
        "phone": contact["phone"],
        "time_zone": contact["time_zone"],
        "twitter_id": contact["twitter_id"],
        "unique_external_id": contact["unique_external_id"],
        "custom_fields": contact["custom_fields"],
        "facebook_id": contact["facebook_id"],
        "csat_rating": None,
        "preferred_source": None,
        "created_at": contact["created_at"],
        "updated_at": contact["updated_at"],
    }

"""Match contacts and companies by mail domain."""

from __future__ import annotations

from deskbook_sandbox.freshdesk.records import Record, change, select
from deskbook_sandbox.store.database import Store


def company_of_mail(store: Store, mail: str) -> int | None:
    """The company that lists the domain of this address."""
    domain = mail.rpartition("@")[2].lower()
    where = "WHERE EXISTS (SELECT 1 FROM json_each(domains) WHERE lower(value) = ?) ORDER BY id LIMIT 1"
    fitting = select(store, "company", where, [domain])
    return fitting[0]["id"] if fitting else None


def gather_by_domain(store: Store, company: Record) -> None:
    """Take in the contacts of the company's domains that belong to no company yet."""
    for domain in company["domains"]:
        where = "WHERE company_id IS NULL AND deleted = 0 AND email LIKE ? ESCAPE '\\'"
        for contact in select(store, "contact", where, ["%@" + domain.lower().replace("_", "\\_").replace("%", "\\%")]):
            change(store, "contact", contact["id"], {"company_id": company["id"], "updated_at": store.stamp()})

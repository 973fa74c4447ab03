"""Read, create and update Freshdesk's contacts and companies. A company is our community."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from deskbook.config.organization import Fields
from deskbook.errors import NotFound, Refused
from deskbook.language.text import same_name, shorten
from deskbook.model.records import Community, Contact
from deskbook.services import reply
from deskbook.services.freshdesk.around import Around
from deskbook.services.freshdesk.fields import (
    Record,
    hours_in,
    id_in,
    is_true,
    maybe_text,
    names_in,
    number_in,
    part_in,
    text_in,
    texts_in,
    written,
)
from deskbook.services.freshdesk.lists import PAGE, searched
from deskbook.services.http import Service

DUPLICATE = "(409:"  # in the text of a refusal: such a one exists already
LAG = timedelta(hours=1)  # by which the search may be behind
READ = ("id", "name", "domains", "custom_fields", "description")  # of a company
HIDDEN = ("deleted", "blocked")  # states of contacts that lists leave out unless they are asked for


def companies(http: Service) -> list[Record]:
    """All of them, with what is read of each."""
    return [_slim(record) for record in http.records("/companies", {"per_page": PAGE})]


def since(http: Service, around: Around, wanted: Collection[int]) -> list[Record] | None:
    """All companies as a former run left them, with those that the search tells have changed since, and those that are
    wanted and in neither. None where nothing was left, they are a single page, or more changed than one search shows."""
    left = around.told("companies")
    if around.whole is None or left is None or len(left) < PAGE:
        return None
    day = (around.whole - LAG).date()
    try:
        changed, total = searched(http, f"updated_at:>'{day}'", "/search/companies", pages=1)
    except (Refused, NotFound):  # a key that may not search
        return None
    if total > len(changed):
        return None
    found = {record["id"]: record for record in left}
    found |= {number_in(http, record, "id", "/search/companies"): _slim(record) for record in changed}
    for number in sorted(around.strange(wanted, found)):
        try:
            found[number] = _slim(http.get(f"/companies/{number}"))
        except NotFound:
            around.estrange([number])
    return list(found.values())


def communities(http: Service, fields: Fields, records: Iterable[Record]) -> tuple[Community, ...]:
    return tuple(_community(http, record, fields) for record in records)


def contacts(http: Service, community_id: int | None = None) -> tuple[Contact, ...]:
    """Everybody, or whom a company lists. Lists may leave other companies out, so the asked one is added."""
    asked = {} if community_id is None else {"company_id": community_id}
    found = (contact_in(http, record, "/contacts") for record in http.records("/contacts", {**asked, "per_page": 100}))
    if community_id is None:
        return tuple(found)
    return tuple(
        replace(contact, communities=tuple(dict.fromkeys((*contact.communities, community_id)))) for contact in found
    )


def contact_by_mail(http: Service, mail: str) -> Contact | None:
    """Who has this address, be it their second one; also a deleted or blocked contact, which `hidden` tells."""
    for state in ("", *HIDDEN):
        found = http.records("/contacts", {"email": mail.lower(), **({"state": state} if state else {})})
        if found:
            return replace(contact_in(http, found[0], "/contacts"), mail=mail, hidden=state)
    return None


def create_company(http: Service, fields: Fields, name: str, domains: Sequence[str], description: str) -> int:
    """Its number; that of the company of this name if somebody has just made one, with these values."""
    values = {"domains": tuple(domains), "description": description}
    try:
        body = {"name": name, **_company_fields(values, fields)}
        return int(written(http, "POST", "/companies", body, shows=tuple(body)))
    except Refused as refusal:
        if DUPLICATE not in str(refusal):
            raise
        found = communities(http, fields, companies(http))
        same = [community.id for community in found if same_name(community.name, name)]
        if len(same) != 1:
            raise
        change_company(http, fields, same[0], values)
        return same[0]


def change_company(
    http: Service, fields: Fields, company_id: int, values: Mapping[str, object], was: Community | None = None
) -> None:
    """Set these; Refused where one of them is not as in `was` any more, if that is given."""
    body = _company_fields(values, fields)
    if body and was:
        now = _community(http, http.get(f"/companies/{company_id}"), fields)
        for name in (name for name, value in values.items() if value):
            kept = "listed" if name == "representatives" else name
            told = getattr(now, kept)
            if told not in (getattr(was, kept), values[name]):
                said = ", ".join(told) if isinstance(told, tuple) else told
                raise http.error(
                    Refused,
                    f"the {name} of {now.name} read '{shorten(said, 200)}' by now: somebody changed them after this was "
                    "planned, and they were left so. Look at the plan as it is now",
                )
    if body:
        written(http, "PUT", f"/companies/{company_id}", body, shows=tuple(body))


def create_contact(http: Service, name: str, mail: str, company_id: int) -> int:
    """Its number; that of the contact with this address if somebody has just made one, who then joins the company."""
    body = {"name": name, "email": mail, "company_id": company_id}
    try:
        return int(written(http, "POST", "/contacts", body, shows=("company_id",)))
    except Refused as refusal:
        if DUPLICATE not in str(refusal):
            raise
        contact = contact_by_mail(http, mail)
        if contact is None or contact.hidden or not same_name(contact.name, name):
            who = (
                f"{contact.name}, {contact.hidden or 'a contact'}" if contact else "an agent, or somebody's second one"
            )
            raise http.error(
                Refused, f"the address {mail} is taken: {who}. Nothing was done; settle it there"
            ) from None
        add_to_company(http, contact.id, company_id)
        return contact.id


def add_to_company(http: Service, contact_id: int, company_id: int) -> None:
    """One company more for a contact; those it has stay, and so does what it may see there. Being there is enough."""
    where = f"/contacts/{contact_id}"
    record = http.get(where)  # lists tell of other companies by number alone, and the write replaces
    contact = contact_in(http, record, where)
    if company_id in contact.communities:
        return
    others = reply.objects(http.bent(where), record, "other_companies")
    kept = [{name: other[name] for name in ("company_id", "view_all_tickets") if name in other} for other in others]
    more = {"company_id": company_id, "view_all_tickets": False}
    default = id_in(http, record, "company_id", where)
    body: dict[str, Any] = {"company_id": company_id} if default is None else {"other_companies": [*kept, more]}
    lost = http.silent(f"PUT {where}")
    if company_id not in _companies(lost, http.write("PUT", where, body)):
        raise lost(f"company {company_id} is missing from the answer")


def contact_in(http: Service, record: Record, where: str) -> Contact:
    return Contact(
        id=number_in(http, record, "id", where),
        name=text_in(http, record, "name", where),
        mail=text_in(http, record, "email", where) or None,
        communities=_companies(http.bent(where), record),
        whole="other_companies" in record,
    )


def _companies(complain: reply.Complain, record: Record) -> tuple[int, ...]:
    """The ids of a contact's companies, its own first. Others are objects where one contact is viewed, bare ids in lists."""
    own = reply.need(complain, record, "company_id")
    told = reply.maybe(complain, record, "other_companies", list) or []
    others = [reply.need(complain, other, "company_id") if isinstance(other, dict) else other for other in told]
    numbers = [reply.whole_number(complain, each, "company_id") for each in (own, *others) if each is not None]
    return tuple(dict.fromkeys(numbers))


def _slim(record: Record) -> Record:
    """What is read of a company: a thousand are left for the next run."""
    return {name: record[name] for name in READ if name in record} if isinstance(record, dict) else record


def _community(http: Service, record: Record, fields: Fields) -> Community:
    where = "/companies"
    custom = part_in(http, record, "custom_fields", where)
    listed = maybe_text(http, custom, fields.representatives, where)
    return Community(
        id=number_in(http, record, "id", where),
        name=text_in(http, record, "name", where),
        domains=tuple(domain.strip().lower() for domain in texts_in(http, record, "domains", where)),
        listed=names_in(listed),
        budget_hours=hours_in(_plain(http, custom, fields.budget_hours, where)),
        own_funding=is_true(_plain(http, custom, fields.own_funding, where)),
        description=maybe_text(http, record, "description", where),
        written=listed,
    )


def _plain(http: Service, custom: Record, key: str, where: str) -> Any:
    """A field of the account's own, of whatever type that is; ServiceError for a list or an object."""
    value = custom.get(key)
    if isinstance(value, list | dict):
        raise http.bent(where)(f"'{key}' is {reply.shown(value)}, which is no plain value")
    return value


def _company_fields(values: Mapping[str, object], fields: Fields) -> dict[str, Any]:
    """Our words as Freshdesk's; what is empty is left as it is."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        if name == "representatives" and isinstance(value, tuple) and value:
            body["custom_fields"] = {fields.representatives: "\n".join(value)}
        elif name == "domains" and isinstance(value, tuple) and value:
            body["domains"] = list(value)
        elif name == "description" and value:
            body["description"] = value
    return body

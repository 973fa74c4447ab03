"""Contacts: the people outside who write in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import has
from deskbook_sandbox.freshdesk.agents import new_agent
from deskbook_sandbox.freshdesk.contact_records import company_of_mail, listed, new_contact, viewed
from deskbook_sandbox.freshdesk.forms import (
    FLAG,
    MAIL,
    MAILS,
    NAME,
    NUMBER,
    PAIRS,
    TEXT,
    TEXTS,
    Fields,
    choice,
    no_content,
    read_form,
)
from deskbook_sandbox.freshdesk.forms import listed as array
from deskbook_sandbox.freshdesk.lists import PAGED, last, number, option, paged, since, truth
from deskbook_sandbox.freshdesk.problems import Problems, invalid, not_allowed, not_found
from deskbook_sandbox.freshdesk.records import Record, agent_by_mail, change, contact_by_mail, get, remove, select
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World

STATES = {
    "verified": "deleted = 0 AND blocked = 0 AND active = 1",
    "unverified": "deleted = 0 AND blocked = 0 AND active = 0",
    "blocked": "deleted = 0 AND blocked = 1",
    "deleted": "deleted = 1",
}
LIST_QUERY = ("email", "mobile", "phone", "company_id", "state", "contact_type", "updated_since", "_updated_since")
WAYS = ("email", "mobile", "phone", "twitter_id", "unique_external_id")

FORM: Fields = {
    "name": NAME,
    "email": MAIL,
    "phone": NAME,
    "mobile": NAME,
    "twitter_id": NAME,
    "unique_external_id": NAME,
    "company_id": NUMBER,
    "view_all_tickets": FLAG,
    "other_companies": array(PAIRS),
    "other_emails": MAILS,
    "tags": TEXTS,
    "custom_fields": PAIRS,
    "address": NAME,
    "description": TEXT,
    "job_title": NAME,
    "language": NAME,
    "time_zone": NAME,
}
AGENT_FORM: Fields = {
    "occasional": FLAG,
    "signature": TEXT,
    "ticket_scope": choice((1, 2, 3)),
    "skill_ids": array(NUMBER),
    "group_ids": array(NUMBER),
    "role_ids": array(NUMBER),
    "type": choice(("support_agent", "field_agent", "collaborator")),
    "focus_mode": FLAG,
}


def _list(call: Call) -> Answer:
    state = option(call, "state", tuple(STATES))
    option(call, "contact_type", ("customer", "visitor"))
    where = [STATES[state] if state else "deleted = 0 AND blocked = 0"]
    values: list[Any] = []
    for name in ("email", "mobile", "phone"):
        text = last(call, name)
        if text is not None:
            where.append(f"{name} = ?")
            values.append(text.lower() if name == "email" else text)
    company = number(call, "company_id")
    if company is not None:
        _company_exists(call.world, company)
        in_others = "SELECT 1 FROM json_each(other_companies) WHERE json_extract(value, '$.company_id') = ?"
        where.append(f"(company_id = ? OR (other_companies != '[]' AND EXISTS ({in_others})))")
        values += [company, company]
    updated = since(call, "updated_since", "_updated_since")
    if updated:
        where.append("updated_at >= ?")
        values.append(updated)

    def fetch(limit: int, offset: int) -> list[Record]:
        tail = "ORDER BY name COLLATE NOCASE, id LIMIT ? OFFSET ?"
        return select(call.world, "contact", f"WHERE {' AND '.join(where)} {tail}", [*values, limit, offset])

    return paged(call, fetch, listed)


def _company_exists(world: World, company: int) -> None:
    if get(world, "company", company) is None:
        raise invalid("company_id", "There is no company matching the given company_id")


def found(call: Call, contact_id: int) -> Record:
    contact = get(call.world, "contact", contact_id)
    if contact is None:
        raise not_found()
    return contact


def writable(call: Call, contact_id: int) -> Record:
    """The contact if it may be written to; 405 for a deleted or blocked one."""
    contact = found(call, contact_id)
    if contact["deleted"] or contact["blocked"]:
        raise not_allowed(call.method, ["GET"])
    return contact


def _view(call: Call, contact_id: int) -> Answer:
    return Answer(body=viewed(found(call, contact_id)))


def _create(call: Call) -> Answer:
    sent = read_form(call, FORM, required=("name",), custom={})
    if not any(sent.get(way) for way in WAYS):
        text = "Please fill at least 1 of email, mobile, phone, twitter_id, unique_external_id fields"
        raise invalid("email", text, "missing_field")
    values = _values(call.world, sent, {})
    if values.get("email") and not values.get("company_id"):
        values["company_id"] = company_of_mail(call.world, values["email"])
    contact = new_contact(call.world, values)
    return made(call, viewed(contact), f"/contacts/{contact['id']}")


def _update(call: Call, contact_id: int) -> Answer:
    contact = writable(call, contact_id)
    sent = read_form(call, FORM, custom={})
    if "name" in sent and not str(sent["name"] or "").strip():
        raise invalid("name", "It should not be blank as this is a mandatory field")
    values = {**_values(call.world, sent, contact), "updated_at": call.world.stamp()}
    return Answer(body=viewed(change(call.world, "contact", contact_id, values)))


def _values(world: World, sent: Mapping[str, Any], former: Mapping[str, Any]) -> Record:
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
        owner = contact_by_mail(world, mail) if mail else None
        if (owner and owner["id"] != me) or (mail and agent_by_mail(world, mail)):
            problems.add(name, "It should be a unique value", "duplicate_value")
    for name in ("mobile", "phone", "twitter_id", "unique_external_id"):
        if name in ("twitter_id", "unique_external_id") and values.get(name):
            others = select(world, "contact", f"WHERE {name} = ? AND deleted = 0", [values[name]])
            if any(other["id"] != me for other in others):
                problems.add(name, "It should be a unique value", "duplicate_value")
    _check_companies(world, values, former, problems)
    problems.stop()
    return values


def _check_companies(world: World, values: Record, former: Mapping[str, Any], problems: Problems) -> None:
    if values.get("company_id") and get(world, "company", values["company_id"]) is None:
        problems.no_such("company_id", "company")
    others = values.get("other_companies")
    if not others:
        return
    if not has(world, "Multiple Companies"):
        text = "The Multiple Companies feature(s) is/are not supported in your plan."
        problems.add("other_companies", f"{text} Please upgrade your account to use it.", "inaccessible_field")
        return
    default = values.get("company_id", former.get("company_id"))
    clean: dict[int, dict[str, Any]] = {}
    for other in others:
        company = other.get("company_id")
        fits = isinstance(company, int) and 0 < company < 2**63 and get(world, "company", company) is not None
        if not fits or set(other) - {"company_id", "view_all_tickets"} or company == default:
            problems.no_such("other_companies", "company")
            return
        clean[company] = {"company_id": company, "view_all_tickets": bool(other.get("view_all_tickets"))}
    values["other_companies"] = list(clean.values())


def _delete(call: Call, contact_id: int) -> Answer:
    writable(call, contact_id)
    change(call.world, "contact", contact_id, {"deleted": True, "updated_at": call.world.stamp()})
    return Answer(204)


def _restore(call: Call, contact_id: int) -> Answer:
    no_content(call)
    if not found(call, contact_id)["deleted"]:
        raise not_found()
    change(call.world, "contact", contact_id, {"deleted": False, "updated_at": call.world.stamp()})
    return Answer(204)


def _hard_delete(call: Call, contact_id: int) -> Answer:
    """For good, and with everything that the contact asked."""
    contact = found(call, contact_id)
    if not contact["deleted"] and not truth(call, "force"):
        raise invalid("force", "The contact must be deleted before, or force must be true", "inconsistent_state")
    for ticket in select(call.world, "ticket", "WHERE requester_id = ?", [contact_id]):
        for table in ("fd_conversations", "fd_time_entries", "fd_ratings"):
            call.world.db.execute(f"DELETE FROM {table} WHERE ticket_id = ?", (ticket["id"],))
        remove(call.world, "ticket", ticket["id"])
    remove(call.world, "contact", contact_id)
    return Answer(204)


def _send_invite(call: Call, contact_id: int) -> Answer:
    writable(call, contact_id)
    return Answer(204)


def _make_agent(call: Call, contact_id: int) -> Answer:
    contact = writable(call, contact_id)
    sent = read_form(call, AGENT_FORM)
    if not contact["email"]:
        raise invalid("email", "Contact with email id can only be converted to agent", "inconsistent_state")
    agent = new_agent(call.world, contact, sent)
    remove(call.world, "contact", contact_id)
    return Answer(body={**viewed({**contact, "other_emails": []}), "agent": agent})


def _autocomplete(call: Call) -> Answer:
    term = (last(call, "term") or "").lower()
    where = "WHERE deleted = 0 AND blocked = 0 AND (' ' || lower(name)) LIKE ? ESCAPE '\\' ORDER BY name, id LIMIT 100"
    safe = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    fitting = select(call.world, "contact", where, [f"% {safe}%"]) if term else []
    return Answer(body=[{"id": contact["id"], "name": contact["name"]} for contact in fitting])


_ONE = "/contacts/<int:contact_id>"

ROUTES = (
    route("GET", "/contacts", _list, "Contacts by name.", query=(*LIST_QUERY, *PAGED)),
    route("POST", "/contacts", _create, "A new contact.", fields=FORM, required=("name",)),
    route("GET", "/contacts/autocomplete", _autocomplete, "Contacts whose name has such a word.", query=("term",)),
    route("GET", _ONE, _view, "One contact, also a deleted one."),
    route("PUT", _ONE, _update, "Change some attributes.", fields=FORM),
    route("DELETE", _ONE, _delete, "Delete; it can be restored."),
    route("PUT", f"{_ONE}/restore", _restore, "Take back a deletion."),
    route("DELETE", f"{_ONE}/hard_delete", _hard_delete, "For good, with its tickets.", query=("force",)),
    route("PUT", f"{_ONE}/send_invite", _send_invite, "Invite to the portal (nothing happens here)."),
    route("PUT", f"{_ONE}/make_agent", _make_agent, "Make one of the staff.", fields=AGENT_FORM),
)

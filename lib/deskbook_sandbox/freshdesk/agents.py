"""The staff: agents, groups and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import caller, demand
from deskbook_sandbox.freshdesk.contact_records import new_contact
from deskbook_sandbox.freshdesk.forms import FLAG, NAME, NUMBERS, TEXT, Fields, choice, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, last, option, paged_list
from deskbook_sandbox.freshdesk.problems import access_denied, not_found
from deskbook_sandbox.freshdesk.records import Record, docs, get_doc, put_doc, remove_doc
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World

FORM: Fields = {
    "occasional": FLAG,
    "signature": TEXT,
    "ticket_scope": choice((1, 2, 3)),
    "skill_ids": NUMBERS,
    "group_ids": NUMBERS,
    "role_ids": NUMBERS,
    "language": NAME,
    "time_zone": NAME,
    "focus_mode": FLAG,
}


def agent_doc(number: int, person: Mapping[str, Any], now: str, values: Mapping[str, Any]) -> Record:
    """A new agent as it is kept; `person` has name, email, phone, mobile and time_zone."""
    return {
        "available": True,
        "occasional": False,
        "signature": None,
        "id": number,
        "ticket_scope": 1,
        "type": "support_agent",
        "available_since": None,
        "group_ids": [],
        "role_ids": [],
        "skill_ids": [],
        "focus_mode": True,
        "created_at": now,
        "updated_at": now,
        "last_active_at": now,
        "deactivated": False,
        "agent_operational_status": None,
        **values,
        "contact": {
            "active": True,
            "email": person["email"],
            "job_title": None,
            "language": "en",
            "last_login_at": now,
            "mobile": person.get("mobile"),
            "name": person["name"],
            "phone": person.get("phone"),
            "time_zone": person["time_zone"],
            "created_at": now,
            "updated_at": now,
        },
    }


def new_agent(world: World, contact: Record, sent: Mapping[str, Any]) -> Record:
    """An agent made of a contact; it keeps the contact's id."""
    given = {name: value for name, value in sent.items() if value is not None}
    agent = agent_doc(contact["id"], contact, world.stamp(), given)
    put_doc(world, "agent", contact["id"], agent)
    return agent


def _item(agent: Record) -> Record:
    return {key: value for key, value in agent.items() if key not in ("group_ids", "role_ids")}


def _list(call: Call) -> Answer:
    state = option(call, "state", ("fulltime", "occasional"))
    found = docs(call.world, "agent")
    if state:
        found = [agent for agent in found if agent["occasional"] == (state == "occasional")]
    for name in ("email", "mobile", "phone"):
        text = last(call, name)
        if text is not None:
            found = [agent for agent in found if (agent["contact"][name] or "").lower() == text.lower()]
    return paged_list(call, found, _item)


def _found(call: Call, kind: str, number: int) -> Record:
    doc = get_doc(call.world, kind, number)
    if doc is None:
        raise not_found()
    return doc


def _me(call: Call) -> Answer:
    return Answer(body=caller(call.world))


def _view(call: Call, number: int) -> Answer:
    return Answer(body=_found(call, "agent", number))


def _update(call: Call, number: int) -> Answer:
    agent = _found(call, "agent", number)
    sent = {name: value for name, value in read_form(call, FORM).items() if value is not None}
    contact = {name: sent.pop(name) for name in ("language", "time_zone") if name in sent}
    agent |= {**sent, "updated_at": call.world.stamp(), "contact": {**agent["contact"], **contact}}
    put_doc(call.world, "agent", number, agent)
    return Answer(body=agent)


def _delete(call: Call, number: int) -> Answer:
    """The person stays, as a contact."""
    agent = _found(call, "agent", number)
    if number == caller(call.world)["id"]:
        raise access_denied()
    contact = agent["contact"]
    remove_doc(call.world, "agent", number)
    kept = {name: contact[name] for name in ("name", "email", "phone", "mobile", "time_zone")}
    new_contact(call.world, {"id": number, **kept})
    return Answer(204)


def _groups(call: Call) -> Answer:
    return paged_list(
        call,
        docs(call.world, "group"),
        lambda group: {key: value for key, value in group.items() if key != "agent_ids"},
    )


def _group(call: Call, number: int) -> Answer:
    return Answer(body=_found(call, "group", number))


def _roles(call: Call) -> Answer:
    demand(call.world, "Custom Roles")
    return paged_list(call, docs(call.world, "role"))


def _role(call: Call, number: int) -> Answer:
    demand(call.world, "Custom Roles")
    return Answer(body=_found(call, "role", number))


_QUERY = ("email", "mobile", "phone", "state", *PAGED)

ROUTES = (
    route("GET", "/agents", _list, "The staff.", query=_QUERY),
    route("GET", "/agents/me", _me, "The agent whose key it is."),
    route("GET", "/agents/<int:number>", _view, "One of the staff."),
    route("PUT", "/agents/<int:number>", _update, "Change some attributes.", fields=FORM),
    route("DELETE", "/agents/<int:number>", _delete, "Make a contact of an agent."),
    route("GET", "/groups", _groups, "Groups, without their members.", query=PAGED),
    route("GET", "/groups/<int:number>", _group, "One group and its members."),
    route("GET", "/roles", _roles, "Roles.", query=PAGED),
    route("GET", "/roles/<int:number>", _role, "One role."),
)

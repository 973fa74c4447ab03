"""The staff: agents, groups and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import caller, demand
from deskbook_sandbox.freshdesk.forms import FORMS, read_changes
from deskbook_sandbox.freshdesk.lists import PAGED, found, last, option, paged_list
from deskbook_sandbox.freshdesk.problems import access_denied
from deskbook_sandbox.freshdesk.records import DEFAULTS, Record, add, add_doc, docs, put_doc, remove_doc
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World

FORM = FORMS["agent"]


def agent_doc(number: int, person: Mapping[str, Any], now: str, values: Mapping[str, Any]) -> Record:
    """A new agent as it is kept; `person` has name, email, phone, mobile and time_zone."""
    known = {name: person.get(name) for name in ("email", "mobile", "name", "phone", "time_zone")}
    contact = DEFAULTS["agent contact"] | known | {"last_login_at": now, "created_at": now, "updated_at": now}
    return DEFAULTS["agent"] | {"id": number, "last_active_at": now, **values, "contact": contact}


def new_agent(world: World, contact: Record, sent: Mapping[str, Any]) -> Record:
    """An agent made of a contact; it keeps the contact's id."""
    return add_doc(world, "agent", agent_doc(contact["id"], contact, world.stamp(), sent))


def _without(record: Record, *fields: str) -> Record:
    return {key: value for key, value in record.items() if key not in fields}


def _list(call: Call) -> Answer:
    state = option(call, "state", ("fulltime", "occasional"))
    agents = docs(call.world, "agent")
    if state:
        agents = [agent for agent in agents if agent["occasional"] == (state == "occasional")]
    for name in ("email", "mobile", "phone"):
        text = last(call, name)
        if text is not None:
            agents = [agent for agent in agents if (agent["contact"][name] or "").lower() == text.lower()]
    return paged_list(call, agents, lambda agent: _without(agent, "group_ids", "role_ids"))


def _me(call: Call) -> Answer:
    return Answer(body=caller(call.world))


def _view(call: Call, number: int) -> Answer:
    return Answer(body=found(call, "agent", number))


def _update(call: Call, number: int) -> Answer:
    agent = found(call, "agent", number)
    sent = read_changes(call, "agent")
    contact = {name: sent.pop(name) for name in ("language", "time_zone") if name in sent}
    agent |= {**sent, "updated_at": call.world.stamp(), "contact": {**agent["contact"], **contact}}
    put_doc(call.world, "agent", number, agent)
    return Answer(body=agent)


def _delete(call: Call, number: int) -> Answer:
    """The person stays, as a contact."""
    agent = found(call, "agent", number)
    if number == caller(call.world)["id"]:
        raise access_denied()
    contact = agent["contact"]
    remove_doc(call.world, "agent", number)
    kept = {name: contact[name] for name in ("name", "email", "phone", "mobile", "time_zone")}
    add(call.world, "contact", {"id": number, **kept})
    return Answer(204)


def _groups(call: Call) -> Answer:
    return paged_list(call, docs(call.world, "group"), lambda group: _without(group, "agent_ids"))


def _group(call: Call, number: int) -> Answer:
    return Answer(body=found(call, "group", number))


def _roles(call: Call) -> Answer:
    demand(call.world, "Custom Roles")
    return paged_list(call, docs(call.world, "role"))


def _role(call: Call, number: int) -> Answer:
    demand(call.world, "Custom Roles")
    return Answer(body=found(call, "role", number))


_QUERY = ("email", "mobile", "phone", "state", *PAGED)

ROUTES = (
    route("GET", "/agents", _list, "The staff.", query=_QUERY),
    route("GET", "/agents/me", _me, "The agent whose key it is."),
    route("GET", "/agents/<int:number>", _view, "One of the staff."),
    route("PUT", "/agents/<int:number>", _update, "Change some attributes.", form=FORM),
    route("DELETE", "/agents/<int:number>", _delete, "Make a contact of an agent."),
    route("GET", "/groups", _groups, "Groups, without their members.", query=PAGED),
    route("GET", "/groups/<int:number>", _group, "One group and its members."),
    route("GET", "/roles", _roles, "Roles.", query=PAGED),
    route("GET", "/roles/<int:number>", _role, "One role."),
)

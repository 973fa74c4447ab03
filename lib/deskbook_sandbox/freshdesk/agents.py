"""Endpoints for the staff: agents, groups and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import current_agent, require_feature
from deskbook_sandbox.freshdesk.forms import FORMS, read_changes
from deskbook_sandbox.freshdesk.lists import PAGED, found, last, option, paged_list
from deskbook_sandbox.freshdesk.problems import access_denied
from deskbook_sandbox.freshdesk.records import DEFAULTS, Record, add, add_doc, docs, put_doc, remove_doc
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store

FORM = FORMS["agent"]


def agent_doc(number: int, person: Mapping[str, Any], now: str, values: Mapping[str, Any]) -> Record:
    """A new agent as it is kept; `person` has name, email, phone, mobile and time_zone."""
    known = {name: person.get(name) for name in ("email", "mobile", "name", "phone", "time_zone")}
    contact = DEFAULTS["agent contact"] | known | {"last_login_at": now, "created_at": now, "updated_at": now}
    return DEFAULTS["agent"] | {"id": number, "last_active_at": now, **values, "contact": contact}


def new_agent(store: Store, contact: Record, sent: Mapping[str, Any]) -> Record:
    """An agent made of a contact; it keeps the contact's id."""
    return add_doc(store, "agent", agent_doc(contact["id"], contact, store.stamp(), sent))


def _without(record: Record, *fields: str) -> Record:
    return {key: value for key, value in record.items() if key not in fields}


def _list(request: Request) -> Response:
    state = option(request, "state", ("fulltime", "occasional"))
    agents = docs(request.store, "agent")
    if state:
        agents = [agent for agent in agents if agent["occasional"] == (state == "occasional")]
    for name in ("email", "mobile", "phone"):
        text = last(request, name)
        if text is not None:
            agents = [agent for agent in agents if (agent["contact"][name] or "").lower() == text.lower()]
    return paged_list(request, agents, lambda agent: _without(agent, "group_ids", "role_ids"))


def _me(request: Request) -> Response:
    return Response(body=current_agent(request.store))


def _view(request: Request, number: int) -> Response:
    return Response(body=found(request, "agent", number))


def _update(request: Request, number: int) -> Response:
    agent = found(request, "agent", number)
    sent = read_changes(request, "agent")
    contact = {name: sent.pop(name) for name in ("language", "time_zone") if name in sent}
    agent |= {**sent, "updated_at": request.store.stamp(), "contact": {**agent["contact"], **contact}}
    put_doc(request.store, "agent", number, agent)
    return Response(body=agent)


def _delete(request: Request, number: int) -> Response:
    """The person stays, as a contact."""
    agent = found(request, "agent", number)
    if number == current_agent(request.store)["id"]:
        raise access_denied()
    contact = agent["contact"]
    remove_doc(request.store, "agent", number)
    kept = {name: contact[name] for name in ("name", "email", "phone", "mobile", "time_zone")}
    add(request.store, "contact", {"id": number, **kept})
    return Response(204)


def _groups(request: Request) -> Response:
    return paged_list(request, docs(request.store, "group"), lambda group: _without(group, "agent_ids"))


def _group(request: Request, number: int) -> Response:
    return Response(body=found(request, "group", number))


def _roles(request: Request) -> Response:
    require_feature(request.store, "Custom Roles")
    return paged_list(request, docs(request.store, "role"))


def _role(request: Request, number: int) -> Response:
    require_feature(request.store, "Custom Roles")
    return Response(body=found(request, "role", number))


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

"""Endpoints for time entries and their timers. One timer runs per agent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskbook_sandbox.freshdesk.account import current_agent, is_agent, require_feature
from deskbook_sandbox.freshdesk.forms import FORMS, moment, read_changes, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, number, paged_records, since, truth, writable
from deskbook_sandbox.freshdesk.problems import Problems
from deskbook_sandbox.freshdesk.records import Record, add, change, get, remove, select
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.freshdesk.shapes import shape
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store, stamp
from deskbook_sandbox.store.query import Condition

FEATURE = "Timesheets"


def shown(store: Store, entry: Record) -> dict[str, Any]:
    seconds = _seconds(entry, store.now())
    ticket = get(store, "ticket", entry["ticket_id"])
    return shape(
        "time entry",
        entry,
        company_id=ticket["company_id"] if ticket else None,
        time_spent=f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}",
        time_spent_in_seconds=seconds,
    )


def _seconds(entry: Record, now: datetime) -> int:
    """What was counted, with what the running timer has counted until now."""
    counted = int(entry["seconds"])
    if entry["timer_running"]:
        began = moment(entry["start_time"])
        assert began is not None
        counted += max(0, int((now - began).total_seconds()))
    return counted


def _create(request: Request, ticket_id: int) -> Response:
    require_feature(request.store, FEATURE)
    store = request.store
    ticket = writable(request, "ticket", ticket_id)
    sent = read_changes(request, "time entry")
    _check(store, sent, {})
    now = store.stamp()
    running = sent.get("timer_running", "start_time" in sent or "time_spent" not in sent)
    agent: int = sent.get("agent_id") or current_agent(store)["id"]
    if running:
        _stop_others(store, agent)
    entry = add(
        store,
        "time entry",
        {
            "ticket_id": ticket["id"],
            "agent_id": agent,
            "billable": sent.get("billable", True),
            "note": sent.get("note"),
            "timer_running": running,
            "seconds": _counted(sent.get("time_spent", "00:00")),
            "start_time": _at(sent, "start_time") or now,
            "executed_at": _at(sent, "executed_at") or now,
        },
    )
    return created(request, shown(store, entry), f"/time_entries/{entry['id']}")


def _at(sent: Mapping[str, Any], name: str) -> str | None:
    at = moment(sent[name]) if name in sent else None
    return None if at is None else stamp(at)


def _counted(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _check(store: Store, sent: Mapping[str, Any], former: Mapping[str, Any]) -> None:
    problems = Problems()
    if "agent_id" in sent and not is_agent(store, sent["agent_id"]):
        problems.no_such("agent_id", "agent")
    start = moment(sent["start_time"]) if "start_time" in sent else None
    if start is not None and start > store.now():
        problems.add("start_time", "It should not be in the future")
    if start is not None and sent.get("timer_running") is False:
        problems.add("start_time", "It cannot be set while timer_running is false", "incompatible_field")
    if former.get("timer_running"):
        for name in ("agent_id", "start_time"):
            if name in sent:
                problems.add(name, "It cannot be changed while the timer is running", "readonly_field")
    if former and "timer_running" in sent and sent["timer_running"] == former["timer_running"]:
        problems.add("timer_running", "It already has this value")
    problems.stop()


def _stop_others(store: Store, agent: int) -> None:
    for entry in select(store, "time entry", "WHERE agent_id = ? AND timer_running = 1", [agent]):
        _stop(store, entry)


def _stop(store: Store, entry: Record) -> Record:
    values = {"seconds": _seconds(entry, store.now()), "timer_running": False, "updated_at": store.stamp()}
    return change(store, "time entry", entry["id"], values)


def _start(store: Store, entry: Record, start: str | None = None) -> Record:
    _stop_others(store, entry["agent_id"])
    values = {"timer_running": True, "start_time": start or store.stamp(), "updated_at": store.stamp()}
    return change(store, "time entry", entry["id"], values)


def _entry(request: Request, entry_id: int) -> Record:
    require_feature(request.store, FEATURE)
    return found(request, "time entry", entry_id)


def _update(request: Request, entry_id: int) -> Response:
    store = request.store
    entry = _entry(request, entry_id)
    sent = read_changes(request, "time entry")
    _check(store, sent, entry)
    if sent.get("timer_running") is False:
        entry = _stop(store, entry)
    values: Record = {name: sent[name] for name in ("agent_id", "billable", "note") if name in sent}
    if "executed_at" in sent:
        values["executed_at"] = _at(sent, "executed_at")
    if "time_spent" in sent:
        values["seconds"] = _counted(sent["time_spent"])
        if entry["timer_running"]:
            values["start_time"] = store.stamp()
    entry = change(store, "time entry", entry_id, {**values, "updated_at": store.stamp()})
    if sent.get("timer_running") or "start_time" in sent:
        entry = _start(store, entry, _at(sent, "start_time"))
    return Response(body=shown(store, entry))


def _toggle(request: Request, entry_id: int) -> Response:
    entry = _entry(request, entry_id)
    read_form(request, FORMS["nothing"])
    turn = _stop if entry["timer_running"] else _start
    return Response(body=shown(request.store, turn(request.store, entry)))


def _delete(request: Request, entry_id: int) -> Response:
    remove(request.store, "time entry", _entry(request, entry_id)["id"])
    return Response(204)


def _of_ticket(request: Request, ticket_id: int) -> Response:
    require_feature(request.store, FEATURE)
    return _page(request, ("ticket_id = ?", found(request, "ticket", ticket_id)["id"]))


def _list(request: Request) -> Response:
    require_feature(request.store, FEATURE)
    return _page(
        request,
        ("ticket_id IN (SELECT id FROM fd_tickets WHERE company_id = ?)", number(request, "company_id")),
        ("agent_id = ?", number(request, "agent_id")),
        ("executed_at >= ?", since(request, "executed_after")),
        ("executed_at <= ?", since(request, "executed_before")),
        ("billable = ?", truth(request, "billable")),
    )


def _page(request: Request, *conditions: Condition) -> Response:
    return paged_records(request, "time entry", conditions, lambda entry: shown(request.store, entry))


_QUERY = ("company_id", "agent_id", "executed_after", "executed_before", "billable", *PAGED)
_TICKET, _ONE = "/tickets/<int:ticket_id>/time_entries", "/time_entries/<int:entry_id>"

ROUTES = (
    route("POST", _TICKET, _create, "Minutes spent, or a timer that runs.", form=FORMS["time entry"]),
    route("GET", _TICKET, _of_ticket, "The time entries of a ticket.", query=PAGED),
    route("GET", "/time_entries", _list, "Time entries of all tickets.", query=_QUERY),
    route("PUT", _ONE, _update, "Change some attributes, start or stop the timer.", form=FORMS["time entry"]),
    route("DELETE", _ONE, _delete, "Delete for good."),
    route("PUT", f"{_ONE}/toggle_timer", _toggle, "Start a stopped timer, stop a running one."),
)

"""Time entries: minutes spent on a ticket, and the timers that count them. One timer runs per agent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskbook_sandbox.freshdesk.account import caller, demand, is_ours
from deskbook_sandbox.freshdesk.forms import FORMS, moment, read_changes, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, living, number, paged_records, since, truth
from deskbook_sandbox.freshdesk.problems import Problems
from deskbook_sandbox.freshdesk.records import Record, add, change, get, remove, select
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.freshdesk.shapes import shape
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.query import Condition
from deskbook_sandbox.store.world import World, stamp

FEATURE = "Timesheets"


def shown(world: World, entry: Record) -> dict[str, Any]:
    seconds = _seconds(entry, world.now())
    ticket = get(world, "ticket", entry["ticket_id"])
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


def _create(call: Call, ticket_id: int) -> Answer:
    demand(call.world, FEATURE)
    world = call.world
    ticket = living(call, "ticket", ticket_id)
    sent = read_changes(call, "time entry")
    _check(world, sent, {})
    now = world.stamp()
    running = sent.get("timer_running", "start_time" in sent or "time_spent" not in sent)
    agent: int = sent.get("agent_id") or caller(world)["id"]
    if running:
        _stop_others(world, agent)
    entry = add(
        world,
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
    return made(call, shown(world, entry), f"/time_entries/{entry['id']}")


def _at(sent: Mapping[str, Any], name: str) -> str | None:
    at = moment(sent[name]) if name in sent else None
    return None if at is None else stamp(at)


def _counted(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _check(world: World, sent: Mapping[str, Any], former: Mapping[str, Any]) -> None:
    problems = Problems()
    if "agent_id" in sent and not is_ours(world, sent["agent_id"]):
        problems.no_such("agent_id", "agent")
    start = moment(sent["start_time"]) if "start_time" in sent else None
    if start is not None and start > world.now():
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


def _stop_others(world: World, agent: int) -> None:
    for entry in select(world, "time entry", "WHERE agent_id = ? AND timer_running = 1", [agent]):
        _stop(world, entry)


def _stop(world: World, entry: Record) -> Record:
    values = {"seconds": _seconds(entry, world.now()), "timer_running": False, "updated_at": world.stamp()}
    return change(world, "time entry", entry["id"], values)


def _start(world: World, entry: Record, start: str | None = None) -> Record:
    _stop_others(world, entry["agent_id"])
    values = {"timer_running": True, "start_time": start or world.stamp(), "updated_at": world.stamp()}
    return change(world, "time entry", entry["id"], values)


def _entry(call: Call, entry_id: int) -> Record:
    demand(call.world, FEATURE)
    return found(call, "time entry", entry_id)


def _update(call: Call, entry_id: int) -> Answer:
    world = call.world
    entry = _entry(call, entry_id)
    sent = read_changes(call, "time entry")
    _check(world, sent, entry)
    if sent.get("timer_running") is False:
        entry = _stop(world, entry)
    values: Record = {name: sent[name] for name in ("agent_id", "billable", "note") if name in sent}
    if "executed_at" in sent:
        values["executed_at"] = _at(sent, "executed_at")
    if "time_spent" in sent:
        values["seconds"] = _counted(sent["time_spent"])
        if entry["timer_running"]:
            values["start_time"] = world.stamp()
    entry = change(world, "time entry", entry_id, {**values, "updated_at": world.stamp()})
    if sent.get("timer_running") or "start_time" in sent:
        entry = _start(world, entry, _at(sent, "start_time"))
    return Answer(body=shown(world, entry))


def _toggle(call: Call, entry_id: int) -> Answer:
    entry = _entry(call, entry_id)
    read_form(call, FORMS["nothing"])
    turn = _stop if entry["timer_running"] else _start
    return Answer(body=shown(call.world, turn(call.world, entry)))


def _delete(call: Call, entry_id: int) -> Answer:
    remove(call.world, "time entry", _entry(call, entry_id)["id"])
    return Answer(204)


def _of_ticket(call: Call, ticket_id: int) -> Answer:
    demand(call.world, FEATURE)
    return _page(call, ("ticket_id = ?", found(call, "ticket", ticket_id)["id"]))


def _list(call: Call) -> Answer:
    demand(call.world, FEATURE)
    return _page(
        call,
        ("ticket_id IN (SELECT id FROM fd_tickets WHERE company_id = ?)", number(call, "company_id")),
        ("agent_id = ?", number(call, "agent_id")),
        ("executed_at >= ?", since(call, "executed_after")),
        ("executed_at <= ?", since(call, "executed_before")),
        ("billable = ?", truth(call, "billable")),
    )


def _page(call: Call, *conditions: Condition) -> Answer:
    return paged_records(call, "time entry", conditions, lambda entry: shown(call.world, entry))


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

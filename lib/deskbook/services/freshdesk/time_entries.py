"""Read and write time entries and timers in Freshdesk."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from deskbook.errors import Refused
from deskbook.model.records import TimeEntry
from deskbook.services import reply
from deskbook.services.freshdesk.fields import LACKING, Record, flag_in, moment_in, number_in, stamp, text_in, written
from deskbook.services.http import Service

FORGOTTEN = timedelta(days=30)  # how far back a timer that still runs is looked for
AT_ONCE = timedelta(seconds=2)  # a timer that began within this of its entry's making began with it


def time_entries(http: Service, ticket_id: int, now: Callable[[], datetime]) -> tuple[TimeEntry, ...] | None:
    """The ticket's time entries, oldest first; None where the account's plan has none."""
    return _entries(http, f"/tickets/{ticket_id}/time_entries", {}, now)


def _entries(
    http: Service, where: str, asked: Mapping[str, object], now: Callable[[], datetime]
) -> tuple[TimeEntry, ...] | None:
    try:
        records = http.records(where, {**asked, "per_page": 100})
    except Refused as error:
        if LACKING in str(error):
            return None
        raise
    moment = now()
    found = (entry_in(http, record, where, moment) for record in records)
    return tuple(sorted(found, key=lambda entry: entry.id))


def start_timer(http: Service, ticket_id: int, agent_id: int, note: str, billable: bool) -> str:
    body = {"agent_id": agent_id, "note": note, "billable": billable, "timer_running": True}
    return written(http, "POST", f"/tickets/{ticket_id}/time_entries", body, shows=("timer_running",))


def timers_of(http: Service, agent_id: int, now: Callable[[], datetime]) -> tuple[TimeEntry, ...]:
    """The agent's timers that run, on whatever ticket; none where the account's plan has no time entries."""
    moment = now()
    asked = {"agent_id": agent_id, "executed_after": stamp(moment - FORGOTTEN)}
    found = _entries(http, "/time_entries", asked, now) or ()
    return tuple(entry for entry in found if entry.running)


def stop_timer(http: Service, time_entry_id: int, minutes: int | None) -> str:
    """Stop it; its id. Freshdesk refuses to stop what stands still, which is all we want."""
    body = {"timer_running": False} | ({} if minutes is None else {"time_spent": _shown(minutes)})
    try:
        return written(http, "PUT", f"/time_entries/{time_entry_id}", body, shows=tuple(body))
    except Refused as error:
        if "timer_running:" not in str(error):
            raise
        return str(time_entry_id)


def book(http: Service, ticket_id: int, agent_id: int, minutes: int, note: str, billable: bool) -> str:
    body: dict[str, object] = {"agent_id": agent_id, "note": note, "billable": billable, "timer_running": False}
    body["time_spent"] = _shown(minutes)
    return written(http, "POST", f"/tickets/{ticket_id}/time_entries", body, shows=("time_spent", "timer_running"))


def unbook(http: Service, time_entry_id: int) -> None:
    http.write("DELETE", f"/time_entries/{time_entry_id}", {})


def entry_in(http: Service, record: Record, where: str, now: datetime) -> TimeEntry:
    seconds = _spent(http, record, where)
    running = flag_in(http, record, "timer_running", where)
    started = moment_in(http, record, "start_time", where)
    if running:
        # What Freshdesk tells of a running timer has its running part in it. A timer that began with its entry has
        # counted nothing before, whatever the two clocks say.
        with_entry = abs(started - moment_in(http, record, "created_at", where)) <= AT_ONCE
        seconds = 0 if with_entry else max(0, seconds - int((now - started).total_seconds()))
    return TimeEntry(
        id=number_in(http, record, "id", where),
        ticket=number_in(http, record, "ticket_id", where),
        agent=number_in(http, record, "agent_id", where),
        seconds=seconds,
        running=running,
        started=started,
        note=text_in(http, record, "note", where),
        billable=http.need(record, "billable", where) is None or flag_in(http, record, "billable", where),
    )


def _shown(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _spent(http: Service, record: Record, where: str) -> int:
    """The seconds of an entry; the time it shows leaves odd seconds out."""
    if record.get("time_spent_in_seconds") is not None:
        return number_in(http, record, "time_spent_in_seconds", where)
    shown = text_in(http, record, "time_spent", where)
    told = re.fullmatch(r"([0-9]{1,5}):([0-5][0-9])", shown or "00:00")
    if told is None:
        raise http.bent(where)(f"'time_spent' is {reply.shown(shown)}, which is no time as hh:mm")
    return int(told[1]) * 3600 + int(told[2]) * 60

"""Read Freshdesk's lists for metrics: time spent on all tickets, and answers to the satisfaction survey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from deskbook.errors import Refused
from deskbook.model.records import LoggedTime, Rating
from deskbook.services import reply
from deskbook.services.freshdesk import time_entries as times
from deskbook.services.freshdesk.fields import LACKING, Record, id_in, moment_in, number_in, part_in, stamp
from deskbook.services.http import Service

PAGE = 100


def spent(http: Service, start: datetime, end: datetime, now: Callable[[], datetime]) -> tuple[LoggedTime, ...] | None:
    """Time entries of all tickets, executed from `start` to before `end`; None where the account's plan has none."""
    where = "/time_entries"
    asked = {"executed_after": stamp(start), "executed_before": stamp(end)}
    records = _unless_lacking(http, where, asked)
    if records is None:
        return None
    moment, found = now(), {}
    for record in records:
        entry = times.entry_in(http, record, where, moment)
        told = record.get("executed_at")
        at = moment_in(http, record, "executed_at", where) if told else entry.started
        if start <= at < end:  # whether Freshdesk counts the edges in is not written down
            community = id_in(http, record, "company_id", where) if "company_id" in record else None
            found[entry.id] = LoggedTime(entry, at, community)
    return tuple(sorted(found.values(), key=lambda each: each.entry.id))


def ratings(http: Service, start: datetime, end: datetime) -> tuple[Rating, ...] | None:
    """Answers to the survey given from `start` to before `end`; None where the account's plan has no surveys."""
    where = "/surveys/satisfaction_ratings"
    records = _unless_lacking(http, where, {"created_since": stamp(start)})
    if records is None:
        return None
    found = {}
    for record in records:
        at = moment_in(http, record, "created_at", where)
        value = reply.maybe(http.bent(where), part_in(http, record, "ratings", where), "default_question", int)
        if start <= at < end and value is not None:
            number = number_in(http, record, "id", where)
            found[number] = Rating(number_in(http, record, "ticket_id", where), value, at)
    return tuple(found[number] for number in sorted(found))


def _unless_lacking(http: Service, where: str, asked: Mapping[str, Any]) -> list[Record] | None:
    try:
        return list(http.records(where, {**asked, "per_page": PAGE}))
    except Refused as error:
        if LACKING in str(error):
            return None
        raise

"""Parse Freshdesk's records: status and source codes, numbers, times, choices, names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deskbook.errors import AnswerLost, ServiceError
from deskbook.services.http import Service

STATUSES = {2: "Open", 3: "Pending", 4: "Resolved", 5: "Closed", 6: "Waiting on Customer", 7: "Waiting on Third Party"}
SOURCES = {1: "Email", 2: "Portal", 3: "Phone", 7: "Chat", 9: "Feedback Widget", 10: "Outbound"}
SURVEY = 6  # source of a conversation that is the answer to a satisfaction survey
OPEN, CLOSED = 2, 5
LACKING = "require_feature"  # the code of a refusal because the account's plan has no such thing

Record = Mapping[str, Any]


def mail_told(record: Record) -> tuple[bool, tuple[tuple[str, str], ...]]:
    """Whether the helpdesk took a mail for an automatic one, and its headers; most accounts tell few or none."""
    info = record.get("source_additional_info")
    mail = info.get("email") if isinstance(info, dict) else None
    told = mail if isinstance(mail, dict) else {}
    headers = told.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else ()
    automatic = record.get("auto_response") is True or told.get("auto_response") is True
    return automatic, tuple((str(name), str(value)) for name, value in pairs)


def copies_in(record: Record) -> tuple[str, ...]:
    """Who is in copy of a ticket: of its first mail, and of what was written since; bare addresses, each once."""
    told = (str(mail) for name in ("ticket_cc_emails", "cc_emails") for mail in record.get(name) or ())
    found = (mail.rpartition("<")[2].rstrip("> ").strip().lower() for mail in told)
    return tuple(dict.fromkeys(mail for mail in found if "@" in mail))


def number_in(http: Service, record: Record, key: str, where: str) -> int:
    """A number that every such record has; ServiceError otherwise."""
    value = http.need(record, key, where)
    try:
        return int(value)  # some accounts put some ids in quotes
    except (TypeError, ValueError):
        raise http.error(ServiceError, f"{where}: '{key}' is {value!r}, which is no number") from None


def id_in(http: Service, record: Record, key: str, where: str) -> int | None:
    return None if http.need(record, key, where) is None else number_in(http, record, key, where)


def moment_in(http: Service, record: Record, key: str, where: str) -> datetime:
    """A time that every such record has, aware UTC; ServiceError otherwise."""
    value = http.need(record, key, where)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise http.error(ServiceError, f"{where}: '{key}' is {value!r}, which is no time") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def written(http: Service, method: str, path: str, body: Record) -> str:
    """The id of what a write made or changed; AnswerLost where the answer does not tell it."""
    answer = http.write(method, path, body)
    if not isinstance(answer, dict) or "id" not in answer:
        text = f"{method} {path} was answered without an id, so it may have landed: look before repeating it"
        raise http.error(AnswerLost, text)
    return str(answer["id"])


def stamp(moment: datetime) -> str:
    """A time as Freshdesk takes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def explain(body: Any) -> str:
    """An error of Freshdesk's on one line: `status: It should be one of …`, or its message.

    The code of a lacking feature comes first: that refusal alone is answered without asking a person.
    """
    errors = body.get("errors") if isinstance(body, dict) else None
    if isinstance(errors, list):
        return "; ".join(f"{e.get('field')}: {e.get('message')}" for e in errors if isinstance(e, dict))
    if not isinstance(body, dict):
        return ""
    said = str(body.get("message") or body.get("description") or "")
    return f"{LACKING}: {said}" if body.get("code") == LACKING else said


def names_in(field: Any) -> tuple[str, ...]:
    """The names in a text field, one a line, each once."""
    return tuple(dict.fromkeys(name for line in str(field or "").splitlines() if (name := " ".join(line.split()))))


def hours_in(field: Any) -> float | None:
    """A number of hours from a field that may hold a number, a text or nothing; None for what is no number of hours."""
    try:
        hours = float(str(field).strip().replace(",", "."))
    except ValueError:
        return None
    return hours if math.isfinite(hours) and hours >= 0 else None


def is_true(field: Any) -> bool:
    return field is True or str(field).strip().lower() in ("true", "yes", "1")


def choices_in(choices: Any) -> dict[int, str]:
    """Codes and names of a field's choices, which come as {code: [name, …]}, {code: name}, {name: code} or objects."""
    found: dict[int, str] = {}
    pairs = choices.items() if isinstance(choices, dict) else []
    for key, value in pairs:
        if str(key).isdigit():
            found[int(key)] = str(value[0] if isinstance(value, list) and value else value)
        elif isinstance(value, int):
            found[value] = str(key)
    for item in choices if isinstance(choices, list) else []:
        if isinstance(item, dict) and isinstance(code := item.get("id", item.get("value")), int):
            found[code] = str(item.get("label") or item.get("value"))
    return found

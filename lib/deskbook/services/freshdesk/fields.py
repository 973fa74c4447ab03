"""Parse Freshdesk's records: status and source codes, numbers, times, choices, names."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from deskbook.errors import Refused
from deskbook.language.text import words_of
from deskbook.services import reply
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
    automatic = record.get("auto_response") is True
    if info is None:
        return automatic, ()
    mail = info.get("email") if isinstance(info, dict) else None
    told = mail if isinstance(mail, dict) else {}
    headers = told.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else ()
    automatic = automatic or told.get("auto_response") is True
    return automatic, tuple((str(name), str(value)) for name, value in pairs)


def copies_in(http: Service, record: Record, where: str) -> tuple[str, ...]:
    """Who is in copy of a ticket: of its first mail, and of what was written since; bare addresses, each once."""
    if not record.get("ticket_cc_emails") and not record.get("cc_emails"):
        return ()
    told = (mail for name in ("ticket_cc_emails", "cc_emails") for mail in texts_in(http, record, name, where))
    found = (mail.rpartition("<")[2].rstrip("> ").strip().lower() for mail in told)
    return tuple(dict.fromkeys(mail for mail in found if "@" in mail))


# Each looks first for what stands there nearly always, since a list has thousands of it; what is not so is looked at closely.


def number_in(http: Service, record: Record, key: str, where: str) -> int:
    """A number that every such record has; ServiceError otherwise."""
    found = record.get(key) if type(record) is dict else None
    return found if type(found) is int else reply.number(http.bent(where), record, key)


def id_in(http: Service, record: Record, key: str, where: str) -> int | None:
    found = record.get(key) if type(record) is dict else None
    if type(found) is int or (found is None and type(record) is dict and key in record):
        return found
    return None if http.need(record, key, where) is None else number_in(http, record, key, where)


def moment_in(http: Service, record: Record, key: str, where: str) -> datetime:
    """A time that every such record has, aware UTC; ServiceError otherwise."""
    found = record.get(key) if type(record) is dict else None
    at = reply.utc(found) if type(found) is str else None
    return at or reply.moment(http.bent(where), record, key)


def text_in(http: Service, record: Record, key: str, where: str) -> str:
    """A text that every such record has, empty where it is null; ServiceError otherwise."""
    found = record.get(key) if type(record) is dict else None
    return found if type(found) is str else reply.text(http.bent(where), record, key)


def maybe_text(http: Service, record: Record, key: str, where: str) -> str:
    """A text that is not everywhere; empty where it is missing or null."""
    found = record.get(key) if type(record) is dict else None
    if type(found) is str:
        return found
    if found is None and type(record) is dict:
        return ""
    return reply.maybe(http.bent(where), record, key, str) or ""


def texts_in(http: Service, record: Record, key: str, where: str, *, must: bool = False) -> tuple[str, ...]:
    """A list of texts, empty where it is null, or (unless it `must` be there) missing."""
    if type(record) is dict and record.get(key) == []:
        return ()
    if must:
        http.need(record, key, where)
    return reply.texts(http.bent(where), record, key)


def flag_in(http: Service, record: Record, key: str, where: str) -> bool:
    """True or false, which every such record says; null is false."""
    found = record.get(key) if type(record) is dict else None
    if type(found) is bool:
        return found
    http.need(record, key, where)
    return maybe_flag(http, record, key, where)


def maybe_flag(http: Service, record: Record, key: str, where: str) -> bool:
    """True or false; false where it is missing or null."""
    found = record.get(key) if type(record) is dict else None
    if type(found) is bool:
        return found
    if found is None and type(record) is dict:
        return False
    return reply.maybe(http.bent(where), record, key, bool) or False


def part_in(http: Service, record: Record, key: str, where: str) -> Record:
    """An object that every such record has, empty where it is null; ServiceError otherwise."""
    found = record.get(key) if type(record) is dict else None
    if type(found) is dict:
        return found
    http.need(record, key, where)
    return reply.maybe(http.bent(where), record, key, dict) or {}


def written(http: Service, method: str, path: str, body: Record, *, shows: tuple[str, ...] = ()) -> str:
    """The id of what a write made or changed. AnswerLost where the answer does not tell it, or does not show these
    fields of `body` as they were set: it may have landed, or not at all. Freshdesk refuses the verb where the ticket is
    deleted or spam; Refused says so.
    """
    what = f"{method} {path}"
    try:
        answer = http.write(method, path, body)
    except Refused as refusal:
        if "(405:" not in str(refusal):
            raise
        about = re.match(r"/tickets/(\d+)", path)
        thing = f"ticket {about[1]}" if about else f"what {path} belongs to"
        text = f"{thing} was deleted or marked as spam by somebody; nothing is written on it. Look there"
        raise http.error(Refused, text) from None
    number = reply.number(http.silent(what), answer, "id")
    for key in shows:
        _show(http, what, answer, key, body[key])
    return str(number)


def _show(http: Service, what: str, answer: Record, key: str, value: Any) -> None:
    lost = http.silent(what)
    told = reply.need(lost, answer, key)
    if isinstance(value, dict) and isinstance(told, dict):
        for inner, wanted in value.items():
            _show(http, what, told, inner, wanted)
        return
    if not _same(told, value):
        raise lost(f"'{key}' is {reply.shown(told)}, not what was set")


def _same(told: Any, value: Any) -> bool:
    """Whether a field shows what was set: Freshdesk may sort a list, tidy up markup, and put a number in quotes."""
    if isinstance(value, list):
        return isinstance(told, list) and _sorted(told) == _sorted(value)
    if isinstance(value, str):
        return isinstance(told, str) and words_of(told) == words_of(value)
    return told is value or (type(told) in (int, str) and str(told) == str(value))


def _sorted(words: Sequence[Any]) -> list[str]:
    return sorted(str(word).casefold() for word in words)


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
        name = value[0] if isinstance(value, list) and value else value
        if re.fullmatch(r"[0-9]{1,9}", str(key)) and isinstance(name, str):
            found[int(key)] = name
        elif isinstance(value, int):
            found[value] = str(key)
    for item in choices if isinstance(choices, list) else []:
        if isinstance(item, dict) and isinstance(code := item.get("id", item.get("value")), int):
            found[code] = str(item.get("label") or item.get("value"))
    return found

"""Read what a service replied: JSON, and fields of the type that the service promises, or an error that names the field."""

from __future__ import annotations

import re
from codecs import BOM_UTF8 as BOM
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson

from deskbook.language.text import shorten

T = TypeVar("T")
Complain = Callable[[str], Exception]  # makes the error of whoever reads, from words such as "'id' is null, and …"

KINDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    dict: "an object",
    list: "a list",
}
# An escape of JSON: two halves of a character that belong together, half of one alone, or any other.
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>u[dD][89a-fA-F]..)|.)", re.DOTALL)


def whole_characters(body: bytes) -> bytes:
    """JSON in which half a character, which nothing could write down again, is replaced by �."""
    if b"\\u" not in body or (b"\\ud" not in body and b"\\uD" not in body):
        return body
    return _ESCAPE.sub(lambda m: rb"\ufffd" if m["half"] else m[0], body)


def parsed(body: bytes) -> Any:
    """The JSON of a reply; ValueError where it is none."""
    body = body.removeprefix(BOM)
    try:
        return orjson.loads(body)
    except ValueError:  # of half a character, among others, which is rare
        return orjson.loads(whole_characters(body))


def need(complain: Complain, record: Any, key: str) -> Any:
    """What stands under a key that every such record has; it may be null."""
    if not isinstance(record, dict) or key not in record:
        raise complain(f"'{key}' is missing from the answer")
    return record[key]


def maybe(complain: Complain, record: Any, key: str, kind: type[T]) -> T | None:
    """What stands under a key, of that type; None where it is null, or is not there at all."""
    if not isinstance(record, dict):
        raise complain(f"'{key}' is missing from the answer")
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise complain(f"'{key}' is {shown(value)}, which is not {KINDS[kind]}")
    return value


def must(complain: Complain, record: Any, key: str, kind: type[T]) -> T:
    """What stands under a key, of that type; null is an error."""
    need(complain, record, key)
    value = maybe(complain, record, key, kind)
    if value is None:
        raise complain(f"'{key}' is null, which is not {KINDS[kind]}")
    return value


def text(complain: Complain, record: Any, key: str) -> str:
    """A text that every such record has; empty where it is null."""
    need(complain, record, key)
    return maybe(complain, record, key, str) or ""


def number(complain: Complain, record: Any, key: str) -> int:
    """A whole number that every such record has; some accounts put some in quotes."""
    return whole_number(complain, need(complain, record, key), key)


def whole_number(complain: Complain, value: Any, key: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,30}", value):
        return int(value)
    raise complain(f"'{key}' is {shown(value)}, which is no number")


def utc(text: str) -> datetime | None:
    """A time that is told in UTC, as nearly all are; None for any other text."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is UTC else None


def moment(complain: Complain, record: Any, key: str) -> datetime:
    """A time that every such record has, aware UTC."""
    value = need(complain, record, key)
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise complain(f"'{key}' is {shown(value)}, which is no time") from None


def texts(complain: Complain, record: Any, key: str) -> tuple[str, ...]:
    """A list of texts; none where it is null, or is not there at all."""
    return _each(complain, record, key, str)


def objects(complain: Complain, record: Any, key: str) -> tuple[dict[str, Any], ...]:
    """A list of objects; none where it is null, or is not there at all."""
    return _each(complain, record, key, dict)


def listed(complain: Complain, record: Any, key: str) -> tuple[dict[str, Any], ...]:
    """A list of objects that is always there, be it empty."""
    must(complain, record, key, list)
    return objects(complain, record, key)


def _each(complain: Complain, record: Any, key: str, kind: type[T]) -> tuple[T, ...]:
    found: list[Any] = maybe(complain, record, key, list) or []
    for value in found:
        if not isinstance(value, kind):
            raise complain(f"'{key}' holds {shown(value)}, which is not {KINDS[kind]}")
    return tuple(found)


def shown(value: Any) -> str:
    """A value as an error names it: short, and never what lists and objects hold."""
    if isinstance(value, list | dict):
        return KINDS[type(value)]
    return shorten("null" if value is None else repr(value), 60)

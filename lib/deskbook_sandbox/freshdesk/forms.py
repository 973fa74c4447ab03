"""Parse and validate request bodies: JSON or multipart, each attribute by its kind."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from deskbook.config.loader import read_yaml
from deskbook_sandbox.freshdesk.problems import BLANK, UNKNOWN_FIELD, Problems, one_of, refused
from deskbook_sandbox.freshdesk.records import ACCOUNT
from deskbook_sandbox.http import Request

_MAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_NAMED_MAIL = re.compile(r"[^<>]*<([^<>]*)>\s*")
_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?"
)


def moment(text: str) -> datetime | None:
    """A moment as the helpdesk accepts it: date only, minutes or seconds; no zone is UTC."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    try:
        found = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
        return found.replace(tzinfo=_zone(match["zone"])).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def address(text: str) -> str | None:
    """The bare address of 'name@host' or 'Name <name@host>', in lower case; None if it is none."""
    named = _NAMED_MAIL.fullmatch(text)
    bare = (named[1] if named else text).strip()
    return bare.lower() if _MAIL.fullmatch(bare) else None


@dataclass(frozen=True)
class Kind:
    """What an attribute must be. `name` is the helpdesk's word; `schema` describes it for /openapi.json.

    `form` says why a value of the right type is still wrong; `read` turns a form's text into the type.
    """

    name: str
    types: tuple[type, ...]
    schema: Mapping[str, Any]
    form: Callable[[Any], str | None] = lambda value: None
    read: Callable[[str], Any] = lambda text: text
    element: Kind | None = None
    values: tuple[Any, ...] = field(default=())

    @property
    def expected(self) -> str:
        return one_of(self.values) if self.values else f"It should be a/an {self.name}"


def _positive(value: int) -> str | None:
    return None if 0 < value < 2**63 else "It should be a/an Positive Integer"


def _digits(text: str) -> Any:
    return int(text) if re.fullmatch(r"-?\d{1,18}", text) else text


def _truth(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)


def _decimal(text: str) -> Any:
    return float(text) if re.fullmatch(r"-?\d{1,15}(\.\d+)?", text) else text


def _dated(value: str) -> str | None:
    return None if moment(value) else "It should be in the 'combined date and time ISO8601' format"


def _mailed(value: str) -> str | None:
    return None if address(value) else "It should be in the 'valid email address' format"


def _size(value: float) -> str | None:
    return None if abs(value) < 1e15 else "It should be a/an Number"


TEXT = Kind("String", (str,), {"type": "string"})
NUMBER = Kind("Positive Integer", (int,), {"type": "integer"}, _positive, _digits)
DECIMAL = Kind("Number", (int, float), {"type": "number"}, _size, _decimal)
FLAG = Kind("Boolean", (bool,), {"type": "boolean"}, read=_truth)
MOMENT = Kind("String", (str,), {"type": "string", "format": "date-time"}, _dated)
MAIL = Kind("String", (str,), {"type": "string", "format": "email"}, _mailed)
PAIRS = Kind("key/value pair", (dict,), {"type": "object"})
FILES = Kind("Array", (list,), {"type": "array", "items": {"type": "string", "format": "binary"}})


def short(longest: int) -> Kind:
    """Text of at most so many characters."""

    def fits(value: str) -> str | None:
        too_long = f"Has {len(value)} characters, it can have maximum of {longest} characters"
        return too_long if len(value) > longest else None

    return replace(TEXT, form=fits)


def listed(element: Kind) -> Kind:
    return Kind("Array", (list,), {"type": "array", "items": element.schema}, element=element)


def choice(values: Collection[Any]) -> Kind:
    """One of these values, all integers or all strings."""
    known = tuple(values)
    numbers = all(isinstance(value, int) for value in known)
    base = NUMBER if numbers else TEXT

    def fits(value: Any) -> str | None:
        return None if value in known else one_of(known)

    return Kind(base.name, base.types, {**base.schema, "enum": [*known]}, fits, base.read, values=known)


def matching(pattern: str, words: str) -> Kind:
    """Text in a format, which `words` name."""

    def fits(value: str) -> str | None:
        return None if re.fullmatch(pattern, value) else f"It should be in the '{words}' format"

    return replace(TEXT, form=fits)


NAME = short(255)
KINDS: Mapping[str, Kind] = {
    "text": TEXT,
    "name": NAME,
    "tag": short(32),
    "domain": matching(r"[\w-]+(\.[\w-]+)+", "valid domain"),
    "span": matching(r"\d{1,4}:[0-5]\d", "hh:mm"),
    "number": NUMBER,
    "decimal": DECIMAL,
    "flag": FLAG,
    "moment": MOMENT,
    "mail": MAIL,
    "pairs": PAIRS,
    "files": FILES,
    "status": choice(ACCOUNT["statuses"]),
    "priority": choice(ACCOUNT["priorities"].values()),
    "source": choice(ACCOUNT["settable_sources"]),
}

Fields = Mapping[str, Kind]


@dataclass(frozen=True)
class Form:
    """What a request may say, and what it must."""

    fields: Fields
    required: tuple[str, ...] = ()

    @property
    def partial(self) -> Form:
        """The same for a change, where nothing is mandatory."""
        return replace(self, required=())

    def schema(self) -> dict[str, Any]:
        """The JSON schema, for the description of the routes."""
        properties = {name: dict(kind.schema) for name, kind in self.fields.items()}
        found: dict[str, Any] = {"type": "object", "properties": properties}
        return {**found, "required": [*self.required]} if self.required else found


def _kind(spec: Any) -> Kind:
    if isinstance(spec, list):
        return listed(KINDS[spec[0]])
    return choice(spec["of"]) if isinstance(spec, dict) else KINDS[spec]


FORMS: Mapping[str, Form] = {
    name: Form({field: _kind(spec) for field, spec in form["fields"].items()}, tuple(form.get("required", ())))
    for name, form in read_yaml(Path(__file__).with_name("forms.yaml")).items()
}


def read_form(request: Request, form: Form, custom: Fields | None = None) -> dict[str, Any]:
    """The attributes sent, checked; `custom` are those under custom_fields. Any mistake ends the request with 400.

    Files come as a list of werkzeug FileStorage. Moments come as sent; `moment` reads them.
    """
    problems = Problems()
    fields, required = form.fields, form.required
    sent = _sent(request, fields, custom or {})
    for name, value in sent.items():
        kind = PAIRS if name == "custom_fields" and custom is not None else fields.get(name)
        if kind is None:
            problems.add(name, UNKNOWN_FIELD, "invalid_field")
        elif value is not None or name in required:
            _check(problems, name, kind, value, name in required)
    for name in required:
        if name not in sent:
            problems.add(name, fields[name].expected, "missing_field")
    if custom is not None and isinstance(sent.get("custom_fields"), dict):
        _check_custom(problems, sent["custom_fields"], custom)
    problems.stop()
    return sent


def read_changes(request: Request, name: str) -> dict[str, Any]:
    """The attributes of a form that are not null, none of them mandatory."""
    return {key: value for key, value in read_form(request, FORMS[name].partial).items() if value is not None}


def _check_custom(problems: Problems, sent: Mapping[str, Any], custom: Fields) -> None:
    for name, value in sent.items():
        place = f"custom_fields.{name}"
        if name not in custom:
            problems.add(place, UNKNOWN_FIELD, "invalid_field")
        elif value is not None:
            _check(problems, place, custom[name], value, False)


def _check(problems: Problems, name: str, kind: Kind, value: Any, mandatory: bool) -> None:
    if kind is FILES:
        if not isinstance(value, list) or not all(isinstance(part, FileStorage) and part.filename for part in value):
            problems.add(name, "It should contain elements of type valid file format only", "datatype_mismatch")
        return
    if not _is(value, kind):
        problems.add(name, f"Value set is of type {_word(value)}.{kind.expected}", "datatype_mismatch")
    elif mandatory and isinstance(value, str | list) and not (value.strip() if isinstance(value, str) else value):
        problems.add(name, BLANK)
    elif kind.element is not None:
        _check_elements(problems, name, kind.element, value)
    else:
        wrong = kind.form(value)
        if wrong:
            problems.add(name, wrong)


def _check_elements(problems: Problems, name: str, element: Kind, values: list[Any]) -> None:
    if not all(_is(value, element) for value in values):
        text = f"It should contain elements of type {element.name} only"
        problems.add(name, text, "datatype_mismatch")
    else:
        wrong = next((text for text in map(element.form, values) if text), None)
        if wrong:
            problems.add(name, wrong)


def _is(value: Any, kind: Kind) -> bool:
    if isinstance(value, bool):
        return bool in kind.types
    return isinstance(value, kind.types)


def _word(value: Any) -> str:
    """The helpdesk's word for the type of a JSON value."""
    words = {str: "String", bool: "Boolean", int: "Integer", float: "Number", list: "Array", dict: "key/value pair"}
    return words.get(type(value), "Null")


def _sent(request: Request, fields: Fields, custom: Fields) -> dict[str, Any]:
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    if kind == "multipart/form-data":
        return _multipart(request, options, fields, custom)
    if kind != "application/json" and request.body.strip():
        text = f"Content-Type header is set to {kind}. It should be application/json"
        raise refused(415, "invalid_content_type", text)
    data = request.json()
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise refused(400, "invalid_json", "Request body has invalid json format")
    return data


def _multipart(request: Request, options: Mapping[str, str], fields: Fields, custom: Fields) -> dict[str, Any]:
    """In a form everything is text: numbers and booleans are read from it, `x[]` is a list, `custom_fields[x]` nests."""
    try:
        _, texts, files = FormDataParser(silent=False).parse(
            io.BytesIO(request.body), "multipart/form-data", len(request.body), dict(options)
        )
    except (ValueError, RequestEntityTooLarge):
        raise refused(400, "invalid_json", "Request body has invalid json format") from None
    sent: dict[str, Any] = {}
    for key in texts:
        values = texts.getlist(key)
        inner = re.fullmatch(r"custom_fields\[(\w+)\]", key)
        if inner:
            read = custom[inner[1]].read if inner[1] in custom else str
            sent.setdefault("custom_fields", {})[inner[1]] = read(values[-1])
        elif key.endswith("[]"):
            element = getattr(fields.get(key[:-2]), "element", None)
            sent[key[:-2]] = [element.read(value) if element else value for value in values]
        else:
            sent[key] = fields[key].read(values[-1]) if key in fields else values[-1]
    for key in files:
        sent[key.removesuffix("[]")] = files.getlist(key)
    return sent


def no_content(request: Request) -> None:
    """End the request where a body came that nothing would read."""
    if request.body.strip() not in (b"", b"{}"):
        raise refused(400, "no_content_required", "No content is required for this request")

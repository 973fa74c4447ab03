"""Issue forms of the tracker: write an issue's body as the web form does, read it back, neutralize foreign text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from deskbook.config.loader import Frozen, complain, load
from deskbook.errors import ParameterError
from deskbook.language.text import plain_markdown, shorten

SUPPORT = "freshdesk-ticket-tracker"
EVENT = "event-for-a-community"

PACKAGE = Path(__file__).parents[1]
EMPTY = "_No response_"  # what the tracker writes where nothing was filled in
LONGEST_BODY = 65_536  # characters; the tracker takes no more
LONGEST_TEXT = 10_000
LONGEST_TITLE = 120
_GAP = "\u200b"  # no width and no meaning: it parts what the tracker would otherwise act on


class Attributes(Frozen):
    label: str = ""
    description: str = ""
    placeholder: str = ""
    value: str = ""  # of a field: what the web form holds already; of markdown: its text
    options: tuple[str, ...] = ()


class Validations(Frozen):
    required: bool = False


class Field(Frozen):
    type: Literal["markdown", "input", "textarea", "dropdown"]
    id: str = ""
    attributes: Attributes
    validations: Validations = Validations()


class Form(Frozen):
    name: str
    description: str
    title: str
    labels: tuple[str, ...]
    body: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.body if field.type != "markdown")


@cache
def forms() -> dict[str, Path]:
    """Every form by the name of its file: beside the package when it is installed, else in the repository."""
    for folder in (PACKAGE / "issueforms", PACKAGE.parents[1] / "book" / "operate" / "forms"):
        if found := sorted(folder.glob("*.yml")):
            return {path.stem: path for path in found}
    return {}


def form_of(name: str) -> Form:
    known = forms()
    if name not in known:
        close = get_close_matches(name, known, n=1)
        guess = f"; did you mean {close[0]}?" if close else ""
        raise ParameterError(f"there is no issue form '{name}' ({', '.join(known) or 'none is installed'}){guess}")
    return read_form(known[name])


@cache
def read_form(path: Path) -> Form:
    """The form at `path`; DefinitionError names every mistake with its place and remedy."""
    form = load(path, Form)
    ids = [field.id for field in form.fields]
    labels = [_bare(field.attributes.label) for field in form.fields]
    for index, field in enumerate(form.body):
        place = f"/body/{index}"
        if field.type == "markdown":
            continue
        if not field.id or not field.attributes.label:
            raise complain(path.name, place, "needs an id and attributes.label; add them")
        if ids.count(field.id) > 1 or labels.count(_bare(field.attributes.label)) > 1:
            raise complain(path.name, place, f"'{field.id}' shares its id or label with another field; give it its own")
        if (field.type == "dropdown") != bool(field.attributes.options):
            raise complain(path.name, place, "a dropdown has attributes.options, and nothing else has; mend that")
    return form


def render(form: str, values: Mapping[str, str], options: Mapping[str, tuple[str, ...]] = {}) -> str:
    """The body of an issue as the tracker writes it when this form is submitted with these values.

    A field that is not named holds what the web form holds at first; an empty one is left empty. `options` are an
    organisation's own, in place of those that a field is shipped with.
    """
    fields = form_of(form).fields
    ids = [field.id for field in fields]
    for name in values:
        if name not in ids:
            close = get_close_matches(name, ids, n=1)
            guess = f"; did you mean {close[0]}?" if close else ""
            raise ParameterError(f"form {form} has no field '{name}' ({', '.join(ids)}){guess}")
    headings = {_bare(field.attributes.label) for field in fields}
    parts = []
    for field in fields:
        known = options.get(field.id, field.attributes.options)
        value = _accepted(form, field, values.get(field.id, field.attributes.value), known)
        parts.append(f"### {field.attributes.label}\n\n{_without_headings(value, headings) or EMPTY}")
    body = "\n\n".join(parts)
    if len(body) > LONGEST_BODY:
        longest = max(values, key=lambda name: len(values[name]))
        raise ParameterError(
            f"form {form}: {len(body)} characters are more than an issue holds ({LONGEST_BODY}); shorten {longest}"
        )
    return body


def read(form: str, body: str) -> dict[str, str]:
    """The value of every field, empty where the body does not say; also of a body that people wrote or changed.

    A heading begins a field the first time it has that field's label; any other heading belongs to the value.
    """
    return dict(_read(form, body))


@lru_cache(maxsize=4096)  # a sweep asks several things of each issue
def _read(form: str, body: str) -> tuple[tuple[str, str], ...]:
    fields = {_bare(field.attributes.label): field for field in form_of(form).fields}
    found: dict[str, list[str]] = {}
    value: list[str] = []  # what stands before the first field is no value
    for line in _lines(body[:LONGEST_BODY]):
        label = _heading(line)
        if label in fields and fields[label].id not in found:
            value = found.setdefault(fields[label].id, [])
        else:
            escaped = line.startswith("\\") and _heading(line.lstrip("\\")) in fields
            value.append(line[1:] if escaped else line)
    _drop_hidden_end(value)
    return tuple((field.id, _value(field, found.get(field.id, []))) for field in fields.values())


def neutral(text: str, most: int = LONGEST_TEXT) -> str:
    """Foreign text for the body of an issue: shown line by line as it was written, with nothing in it that acts.

    The tracker looks for mentions, references and links in what Markdown leaves, where a backslash no longer counts.
    So these are parted by a character without width, and the rest is escaped.
    """
    written = []
    for line in _lines(_bounded(text, most)):
        words = line.lstrip(" \t\u00a0")
        indent = len(line[: len(line) - len(words)].expandtabs(4))
        parted = _parted(words)
        escaped = re.sub(r"^(\d+)\.|^=", lambda m: f"{m[1]}\\." if m[1] else "\\=", plain_markdown(parted))
        # Hard spaces keep the indentation of a traceback without making it a block of code.
        written.append("\u00a0" * min(indent, 40) + (_GAP if escaped.startswith("/") else "") + escaped)
    return "\n".join(written).strip("\n")


def neutral_title(text: str, most: int = LONGEST_TITLE) -> str:
    """The same for a title, which the tracker does not read as Markdown: one line, without backslashes."""
    return _parted(shorten(_bounded(text, 10 * most), most))


def _accepted(form: str, field: Field, value: str, options: tuple[str, ...]) -> str:
    """The value as this field holds it, or ParameterError."""
    text = "\n".join(_lines(value)).strip() if field.type == "textarea" else " ".join(value.split())
    where = f"form {form}, field '{field.id}'"
    if not text and field.validations.required:
        raise ParameterError(f"{where} is required; give {', '.join(options) or field.attributes.label.lower()}")
    if text and options and text not in options:
        close = get_close_matches(text, options, n=1)
        guess = f"; did you mean {close[0]}?" if close else ""
        raise ParameterError(f"{where} cannot be {shorten(text)!r}; it is one of {', '.join(options)}{guess}")
    return text


def _value(field: Field, lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    if text == EMPTY or (field.type == "dropdown" and text == "None"):  # older forms write None for no choice
        return ""
    return text


def _without_headings(value: str, headings: set[str]) -> str:
    """A line of a value that looks like a field of this form would end the value; escaped, it shows all the same."""
    return "\n".join(f"\\{line}" if _heading(line.lstrip("\\")) in headings else line for line in value.split("\n"))


def _drop_hidden_end(lines: list[str]) -> None:
    """The references that we hide at the end of a body are no part of its last value."""
    while lines and (not lines[-1].strip() or (lines[-1].startswith("<!--") and lines[-1].rstrip().endswith("-->"))):
        lines.pop()


def _heading(line: str) -> str:
    """The text of a heading as fields have it, or an empty text."""
    return _bare(line[4:].rstrip().rstrip("#")) if line.startswith("### ") else ""


def _bare(label: str) -> str:
    return " ".join(label.split()).casefold()


def _lines(text: str) -> list[str]:
    """Lines as people and the tracker end them; no other character ends one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _bounded(text: str, most: int) -> str:
    """Without characters that cannot be seen or that turn the direction of writing, and not longer than `most`."""
    seen = "".join(
        c for c in text[: 2 * most] if c in "\n\r\t\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return seen if len(seen) <= most and len(text) <= 2 * most else seen[: most - 1] + "…"


def _parted(text: str) -> str:
    """Mentions, references (#12, GH-12, and with them closing words) and addresses, each with a gap in it."""
    text = re.sub(r"@(?=[\w-])|#(?=\d)|\bGH-(?=\d)", lambda m: m[0] + _GAP, text, flags=re.IGNORECASE)
    return re.sub(r"(?<=[a-z]):(?=//)|\bwww\.", lambda m: m[0] + _GAP, text, flags=re.IGNORECASE)

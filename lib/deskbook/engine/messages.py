"""Compose the mails we send: the texts of `messages/`, joined under one greeting and signed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import StrictUndefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from deskbook.config.process import MESSAGES
from deskbook.errors import DefinitionError
from deskbook.language.text import plain_markdown
from deskbook.model.case import Case, reference

# Values come from tickets and people: they are shown as written, never read as Markdown or as a template.
_TEMPLATES = SandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,
    trim_blocks=False,
    finalize=lambda value: plain_markdown(value) if isinstance(value, str) else value,
)

TITLES = {"dr", "prof", "professor", "doctor", "mr", "mrs", "ms", "mx", "herr", "frau", "phd", "md", "msc", "jr", "sr"}

Part = tuple[str, Mapping[str, object]]


def compose(case: Case, key: str, parts: Sequence[Part], *, to: str = "") -> str:
    """The Markdown of one mail made of several messages, greeting first, signature and reference last.

    `to` is a person's name, or empty where it is not known. DefinitionError if a text asks for an unknown value.
    """
    greeting = f"Hello {plain_markdown(first_name(to))}," if first_name(to) else "Hello,"
    bodies = [body(name, values) for name, values in parts]
    signature = f"{plain_markdown(case.organization.name)} support"
    return "\n\n".join([greeting, *bodies, signature, reference(case, key)])


def body(name: str, values: Mapping[str, object]) -> str:
    """One message's Markdown without greeting and signature."""
    try:
        return _TEMPLATES.from_string(source(name)).render(values).strip()
    except UndefinedError as error:
        raise DefinitionError(f"messages/{name}.md: {error.message}; it may use {', '.join(sorted(values))}") from None


@cache
def source(name: str) -> str:
    return (MESSAGES / f"{name}.md").read_text(encoding="utf-8")


def paragraphs(said: str) -> tuple[str, ...]:
    """A person's words, line by line."""
    return tuple(line.strip() for line in said.splitlines() if line.strip())


def first_name(name: str) -> str:
    """The first word of a name that is no title; nothing for an address or an empty name. Of "Family, Given" the given."""
    family, _, given = name.partition(",")
    called = (word for word in f"{given} {family}".split() if word.rstrip(".").lower() not in TITLES)
    return "" if "@" in name else next(called, "")

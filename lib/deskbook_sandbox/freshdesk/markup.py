"""Sanitize HTML, and convert between HTML and plain text."""

from __future__ import annotations

import html
import re

import nh3

_TAG = re.compile(r"<[a-zA-Z/!]")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote|pre|table|ul|ol)>", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:a|b|blockquote|body|br|code|div|em|h[1-6]|hr|html|i|img|li|ol|p|pre|script|span|strong|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]*>")

# The sanitiser's time grows with the square of these; beyond them, HTML is shown as text. Nobody's mail comes near.
MOST_TAGS, MOST_ENTITIES = 10_000, 50_000


def sanitize(text: str) -> str:
    """HTML as it is stored: plain text goes into a <div>, anything else is sanitised and written anew."""
    if _unwieldy(text):
        return f"<div>{html.escape(text, quote=False)}</div>"
    safe = nh3.clean(text, link_rel="noreferrer")
    return safe if _TAG.search(text) else f"<div>{safe}</div>"


def from_mail(text: str) -> str:
    """The HTML of a message: one that came as HTML is cleaned, in plain text a `<name@host>` is no tag."""
    if _MARKUP.search(text):
        return sanitize(text)
    return "<div>" + html.escape(text.strip("\n"), quote=False).replace("\n", "<br>") + "</div>"


def plain(markup: str) -> str:
    """The text of cleaned HTML, a line for each of its lines."""
    text = html.unescape(_stripped(_BREAK.sub("\n", markup)))
    lines = (line.strip(" \t\xa0") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _stripped(markup: str) -> str:
    return _ANY_TAG.sub("", markup) if _unwieldy(markup) else nh3.clean(markup, tags=set())


def _unwieldy(text: str) -> bool:
    return text.count("<") > MOST_TAGS or text.count("&") > MOST_ENTITIES

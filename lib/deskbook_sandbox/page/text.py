"""Sanitize foreign HTML and Markdown for the sandbox's page: few tags, no attributes, no pictures."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt

_BLOCKS = {"p", "div", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td"}
_TAGS = _BLOCKS | {"b", "strong", "i", "em", "u", "s", "code", "span"}
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r'<a(?: href="(?P<to>[^"]*)")?>(?P<text>.*?)</a>', re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_BARE = re.compile(r"https?://[^\s<>\"']+?(?=[.,;:!?)]*(?:[\s<>\"']|$))")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TICKET = re.compile(r"/(?:a|helpdesk)/tickets/(\d{1,18})/?$")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
LONGEST = 200_000


def safe_html(markup: str, repository: str = "") -> str:
    """A message for the page. A link becomes its text and its address; one to an issue or ticket leads to our view."""
    markup = _PICTURE.sub("[picture]", markup[:LONGEST])
    markup = _HEADING.sub(lambda match: "</strong></p>" if match[1] else "<p><strong>", markup)
    first = nh3.clean(
        markup,
        tags=_TAGS | {"a"},
        attributes={"*": set(), "a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    written = _LINK.sub(lambda match: _link(match["to"], match["text"], repository), first)
    return nh3.clean(
        _with_places(written, repository),
        tags=_TAGS | {"a"},
        attributes={"*": set(), "a": {"href"}, "span": {"class"}},
        attribute_filter=_ours,
        link_rel=None,
    )


def safe_markdown(text: str, repository: str = "") -> str:
    """An issue or comment for the page; what GitHub hides (comments) is hidden here too."""
    return safe_html(_MARKDOWN.render(_COMMENT.sub("", text[:LONGEST])), repository)


def _ours(tag: str, attribute: str, value: str) -> str | None:
    if tag == "span":
        return value if value == "address" else None
    return value if re.fullmatch(r"#/(?:issues|tickets)/\d+", value) else None


def _with_places(markup: str, repository: str) -> str:
    """An address written out in the text leads to our view too, where we have one."""
    parts = re.split(r"(<[^>]*>)", markup)
    depth = 0
    for index, part in enumerate(parts):
        if part.startswith("<"):
            depth += part.startswith("<a ") - part.startswith("</a")
        elif depth <= 0:
            parts[index] = _BARE.sub(lambda match: _anchor(match[0], repository), part)
    return "".join(parts)


def _anchor(text: str, repository: str) -> str:
    inside = place_of(html.unescape(text), repository)
    return f'<a href="{inside}">{text}</a>' if inside else text


def _link(to: str | None, text: str, repository: str) -> str:
    if not to:
        return text
    address = html.unescape(to)
    inside = place_of(address, repository)
    if inside:
        return f'<a href="{inside}">{_ANY_TAG.sub("", text) or html.escape(address)}</a>'
    shown = html.unescape(_ANY_TAG.sub("", text)).strip()
    if shown in (address, address.removeprefix("mailto:")) or not address.startswith(("http:", "https:", "mailto:")):
        return text
    return f'{text} <span class="address">({html.escape(address)})</span>'


def place_of(address: str, repository: str) -> str | None:
    """Where on the page an issue or ticket with this address is shown."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    issue = re.search(rf"/{re.escape(repository)}/(?:issues|pull)/(\d{{1,18}})/?$", path) if repository else None
    if issue:
        return f"#/issues/{issue[1]}"
    ticket = _TICKET.search(path)
    return f"#/tickets/{ticket[1]}" if ticket else None

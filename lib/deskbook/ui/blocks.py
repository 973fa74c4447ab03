"""A small document model: titles, sentences, tables, lists, as HTML for notebooks and pages and as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from textwrap import fill, indent
from typing import Any

from deskbook.language.text import lines, printable

CELL = "text-align:left;vertical-align:top;padding:.15em .8em .15em 0;overflow-wrap:break-word;word-break:normal"
# Letters of a table's cell that stay on one line, of one that needs some room, and of one that needs much.
SHORT, LONG, LONGER = 16, 40, 80
WEB = ("https://", "http://")
WIDTH = 110  # columns of running text where nobody tells the terminal's
NARROW = 24  # columns that a last cell needs beside the others
MARKS = {"done": "✔", "already done": "✔", "proposed": "○", "failed": "✘", "not reached": "–"}


@dataclass(frozen=True)
class Title:
    text: str
    note: str = ""


@dataclass(frozen=True)
class Says:
    text: str


@dataclass(frozen=True)
class Alert:
    """A sentence that must not be missed; `bad` tells of something that went wrong."""

    text: str
    bad: bool = False


@dataclass(frozen=True)
class Rows:
    """A table; the first cell of each row names it. `head` may be empty."""

    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()


@dataclass(frozen=True)
class Items:
    items: Sequence[str]


@dataclass(frozen=True)
class Folded:
    """A longer text behind its own heading; `html` is our own, already sanitised. A short one may stand open."""

    heading: str
    html: str
    open: bool = False


@dataclass(frozen=True)
class Links:
    """Ways to other pages, as their names and addresses; one that is no address of the web is shown, and leads nowhere."""

    links: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Doing:
    """One effect: its mark, its sentence, how far it is, and the HTML that people would read; sanitised, or empty."""

    mark: str
    sentence: str
    state: str = ""
    html: str = ""


@dataclass(frozen=True)
class Doings:
    """Effects in their order, each with its text in full behind it."""

    doings: Sequence[Doing]


Block = Title | Says | Alert | Rows | Items | Folded | Links | Doings


def bundle(blocks: Sequence[Block]) -> dict[str, Any]:
    """The document for a notebook cell, keyed by mime type."""
    return {"text/html": html(blocks), "text/plain": text(blocks)}


def html(blocks: Sequence[Block]) -> str:
    return printable(f'<div class="deskbook">{"".join(_html(block) for block in blocks)}</div>')


def _html(block: Block) -> str:
    match block:
        case Title(words, note):
            small = f' <small style="font-weight:normal">{escape(note)}</small>' if note else ""
            return f'<p style="font-size:1.1em;margin:.4em 0"><strong>{escape(words)}</strong>{small}</p>'
        case Says(words):
            return f"<p style='margin:.4em 0'>{escape(words)}</p>"
        case Alert(words, bad):
            style = f"margin:.4em 0;padding:.2em .7em;border-left:.3em solid {'#d32f2f' if bad else '#b3540a'}"
            return f'<p role="{"alert" if bad else "note"}" style="{style}">{escape(words)}</p>'
        case Rows(rows, head):
            cell = f'style="{CELL}"'
            top = "".join(f'<th scope="col" {cell}>{escape(name)}</th>' for name in head)
            body = "".join(
                f'<tr><th scope="row" {cell}>{escape(row[0])}</th>'
                + "".join(f'<td style="{CELL}{_width(value)}">{escape(value)}</td>' for value in row[1:])
                + "</tr>"
                for row in rows
            )
            # What has columns may be wider than the page, and is scrolled sideways, by keyboard, too.
            reach = ' tabindex="0" role="group" aria-label="Table"' if head else ""
            wrap = f'<div style="overflow-x:auto"{reach}><table style="margin:.4em 0;border-collapse:collapse">'
            header = f"<thead><tr>{top}</tr></thead>" if top else ""
            return f"{wrap}{header}<tbody>{body}</tbody></table></div>"
        case Items(items):
            return f"<ul style='margin:.4em 0'>{''.join(f'<li>{_with_code(item)}</li>' for item in items)}</ul>"
        case Folded(heading, inner, shown):
            return _details(heading, inner, shown)
        case Links(links):
            ways = (
                f'<a href="{escape(address)}" target="_blank" rel="noopener">{escape(name)}</a>'
                if address.startswith(WEB)
                else escape(f"{name}: {address}")
                for name, address in links
            )
            return f"<p style='margin:.4em 0'>{' · '.join(ways)}</p>"
        case Doings(doings):
            style = "list-style:none;margin:.4em 0;padding:0"
            return f"<ul style='{style}'>{''.join(map(_doing, doings))}</ul>"


def _details(heading: str, inner: str, shown: bool) -> str:
    style = "margin:.4em 0 .4em .3em;padding-left:.8em;border-left:.15em solid currentColor;overflow-wrap:anywhere"
    summary = f"<summary>{escape(heading)}</summary><div style='{style}'>{inner}</div>"
    return f"<details style='margin:.4em 0;text-indent:0'{' open' if shown else ''}>{summary}</details>"


def _doing(doing: Doing) -> str:
    state = f" <small>({escape(doing.state)})</small>" if doing.state else ""
    text = _details("as it is read", doing.html, False) if doing.html else ""
    style = "margin:.2em 0;padding-left:1.4em;text-indent:-1.4em"  # what goes on below stands under the words
    return f"<li style='{style}'>{doing.mark} {escape(doing.sentence)}{state}{text}</li>"


def _with_code(item: str) -> str:
    """A command between backticks is set as one, to be read and copied letter by letter."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(item))


def _width(value: str) -> str:
    """A narrow page scrolls a table sideways, rather than stack the words of a cell."""
    if len(value) < SHORT:
        return ";white-space:nowrap"
    room = 12 if len(value) > LONGER else 8 if len(value) > LONG else 5
    return f";min-width:{room}em"


def text(blocks: Sequence[Block], width: int = 0) -> str:
    """As plain text; with the columns of a terminal, tables fit into it."""
    return printable("\n".join(_text(block, width) for block in blocks))


def _line(words: str) -> str:
    """On one line: what somebody wrote into a cell never looks like a row of ours."""
    return " ".join(words.splitlines())


def _text(block: Block, width: int = 0) -> str:
    match block:
        case Title(words, note):
            said = f"{_line(words)}{f' ({_line(note)})' if note else ''}"
            return f"\n{fill(said, width) if width else said}"
        case Says(words):
            return fill(words, width or WIDTH)
        case Alert(words, _):
            return fill(f"! {words}", width or WIDTH, subsequent_indent="  ")
        case Rows(rows, head):
            table = [[_line(cell) for cell in row] for row in ([head, *rows] if head else rows)]
            widths = [min(max(len(row[i]) for row in table), 34) for i in range(len(table[0]) - 1)]
            return "\n".join(_row(row, widths, width) for row in table)
        case Items(items):
            return "\n".join(fill(f"- {item}", width or WIDTH, subsequent_indent="  ") for item in items)
        case Folded(heading, inner, _):
            return f"{heading}:\n{_quoted(inner)}"
        case Links(links):
            return "\n".join(f"{name}: {address}" for name, address in links)
        case Doings(doings):
            return "\n".join(
                f"{each.mark}  {each.sentence}{f'  ({each.state})' if each.state else ''}"
                + (f"\n{_quoted(each.html)}" if each.html else "")
                for each in doings
            )


def _row(row: Sequence[str], widths: Sequence[int], room: int) -> str:
    """One row on one line; what has no room in the terminal stands below, and a last cell may go on there."""
    ends = accumulate(widths, lambda end, width: end + 2 + width)
    beside = sum(not room or end <= room for end in ends) or min(1, len(widths))
    head = "  ".join(cell.ljust(width) for cell, width in zip(row, widths[:beside], strict=False))
    start = len(head) + 2 if head else 0
    if beside == len(widths):
        if not room or start + len(row[-1]) <= room:
            return f"{head}{'  ' if head else ''}{row[-1]}".rstrip()
        if room - start >= NARROW:
            return fill(row[-1], room, initial_indent=f"{head}  ", subsequent_indent=" " * start)
    below = (", ".join(filter(None, row[beside:-1])), row[-1])
    lines = (fill(each, room, initial_indent="    ", subsequent_indent="    ") for each in below if each)
    return "\n".join([fill(head.rstrip(), room), *lines])


def _quoted(html: str) -> str:
    return indent("\n".join(lines(html)), "    | ")

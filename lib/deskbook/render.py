"""How cases, advice, plans and receipts look: one document each, as HTML for notebooks and pages and as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

from deskbook.cases import OVER, Case, representatives
from deskbook.clocks import WorkingClock, deadline, span, spell
from deskbook.passwords import hushed
from deskbook.sprints import impact_of
from deskbook.text import LONGEST, lines, shorten

if TYPE_CHECKING:
    from deskbook.plans import Plan, Receipt

CELL = "text-align:left;vertical-align:top;padding:.15em .8em .15em 0;overflow-wrap:break-word;word-break:normal"
# Letters of a table's cell that stay on one line, of one that needs some room, and of one that needs much.
SHORT, LONG, LONGER = 16, 40, 80
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
    """A sentence that must not be missed."""

    text: str


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
    """A longer text behind its own heading; `html` is our own, already sanitised."""

    heading: str
    html: str


Block = Title | Says | Alert | Rows | Items | Folded


def bundle(blocks: Sequence[Block]) -> dict[str, Any]:
    """The document for a notebook cell, keyed by mime type."""
    return {"text/html": html(blocks), "text/plain": text(blocks)}


def html(blocks: Sequence[Block]) -> str:
    return f'<div class="deskbook">{"".join(_html(block) for block in blocks)}</div>'


def _html(block: Block) -> str:
    match block:
        case Title(words, note):
            small = f' <small style="font-weight:normal">{escape(note)}</small>' if note else ""
            return f'<p style="font-size:1.1em;margin:.4em 0"><strong>{escape(words)}</strong>{small}</p>'
        case Says(words):
            return f"<p style='margin:.4em 0'>{escape(words)}</p>"
        case Alert(words):
            style = "margin:.4em 0;padding:.2em .7em;border-left:.3em solid #b3540a"
            return f'<p role="note" style="{style}">{escape(words)}</p>'
        case Rows(rows, head):
            cell = f'style="{CELL}"'
            top = "".join(f'<th scope="col" {cell}>{escape(name)}</th>' for name in head)
            body = "".join(
                f'<tr><th scope="row" {cell}>{escape(row[0])}</th>'
                + "".join(f'<td style="{CELL}{_width(value)}">{escape(value)}</td>' for value in row[1:])
                + "</tr>"
                for row in rows
            )
            wrap = '<div style="overflow-x:auto"><table style="margin:.4em 0;border-collapse:collapse">'
            header = f"<thead><tr>{top}</tr></thead>" if top else ""
            return f"{wrap}{header}<tbody>{body}</tbody></table></div>"
        case Items(items):
            return f"<ul style='margin:.4em 0'>{''.join(f'<li>{_with_code(item)}</li>' for item in items)}</ul>"
        case Folded(heading, inner):
            style = (
                "margin:.4em 0 .4em 1.2em;padding-left:.8em;border-left:.15em solid currentColor;overflow-wrap:anywhere"
            )
            return f"<details style='margin:.4em 0'><summary>{escape(heading)}</summary><div style='{style}'>{inner}</div></details>"


def _with_code(item: str) -> str:
    """A command between backticks is set as one, to be read and copied letter by letter."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(item))


def _width(value: str) -> str:
    """A narrow page scrolls a table sideways, rather than stack the words of a cell."""
    if len(value) < SHORT:
        return ";white-space:nowrap"
    room = 12 if len(value) > LONGER else 8 if len(value) > LONG else 5
    return f";min-width:{room}em"


def text(blocks: Sequence[Block]) -> str:
    return "\n".join(_text(block) for block in blocks)


def _text(block: Block) -> str:
    match block:
        case Title(words, note):
            return f"\n{words}{f' ({note})' if note else ''}"
        case Says(words):
            return fill(words, 110)
        case Alert(words):
            return fill(f"! {words}", 110, subsequent_indent="  ")
        case Rows(rows, head):
            table = [[*head], *rows] if head else list(rows)
            widths = [min(max(len(row[i]) for row in table), 34) for i in range(len(table[0]) - 1)]
            return "\n".join(
                "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
                for row in table
            )
        case Items(items):
            return "\n".join(fill(f"- {item}", 110, subsequent_indent="  ") for item in items)
        case Folded(heading, inner):
            return f"{heading}:\n{indent(chr(10).join(lines(inner)), '    | ')}"


def case(case: Case) -> list[Block]:
    """The ticket, who asked and for whom, with its clocks; what a person must know before anything else."""
    ticket, requester = case.ticket, case.requester
    community = case.community(ticket.community)
    agent = case.agent(ticket.agent)
    rows = [
        ("From", f"{requester.name}{f' <{requester.mail}>' if requester.mail else ' (no mail address)'}"),
        ("Community", community.name if community else "not known yet"),
        ("Representatives", _representatives(case)),
        ("Status", " · ".join(filter(None, [ticket.status, ticket.type, ", ".join(ticket.tags)]))),
        ("Agent", agent.name if agent else "nobody yet"),
        *_acknowledged(case),
    ]
    rows += [(f"Hub {p.hub.name}", f"{p.hub.url}: {p.seen}") for p in case.probes]
    if case.cycle > 1:
        rows.append(("Cycle", f"{case.cycle}: reopened"))
    said = "".join(f"<p>{escape(line)}</p>" for line in _shown(ticket.body, 60, ticket.subject))
    blocks: list[Block] = [Title(f"Ticket {ticket.id}: {shorten(hushed(ticket.subject), 120)}"), Rows(rows)]
    blocks.append(Folded("What they wrote", said or "<p>(nothing)</p>"))
    for reply in case.replies():
        author = "the requester" if reply.author == requester.id else "somebody else"
        inner = "".join(f"<p>{escape(line)}</p>" for line in _shown(reply.body, 30, case.own_words))
        blocks.append(Folded(f"Reply of {author}, {reply.at:%a %d %b %H:%M} UTC", inner))
    return blocks


def _acknowledged(case: Case) -> list[tuple[str, str]]:
    """The first promise of this cycle: kept or not, or until when. Nothing of what ended without an answer, as noise."""
    own, reader, rule = case.organization.clock.zone, case.me.person, case.process.clocks["acknowledge"]
    critical = any(impact_of(case, issue) == "Critical" for issue in (None, *case.issues))
    waits = case.organization.category_of(case.ticket.type) in rule.waits and not critical
    clock = WorkingClock.of(case.organization.clock, waits_for_time_off=waits)
    due, zone = deadline(clock, rule.name, case.began, float(rule.amount)), reader.zone if reader else own
    if answer := case.first_answer():
        kept = f"late by {span(due.left(answer.at))}" if due.late(answer.at) else "in time"
        return [("First answer", f"{spell(answer.at, own)}, {kept}. {due.explain(zone)}")]
    if case.ticket.status in OVER:
        return []
    return [("Acknowledge by", due.explain(zone, case.now))]


def _shown(body: str, most: int, about: str) -> list[str]:
    """The first lines of a message, without a password that somebody wrote in it."""
    return hushed("\n".join(lines(body[:LONGEST])[:most]), about).split("\n")


def _representatives(case: Case) -> str:
    found = []
    for community in case.communities:
        for entry in representatives(community):
            mail = f" <{entry.contact.mail}>" if entry.contact and entry.contact.mail else ""
            matched = mail if entry.contact else f" ({len(entry.matches)} contacts of that name)"
            where = f", {community.name}" if len(case.communities) > 1 else ""
            found.append(f"{entry.listed}{matched}{where}")
    return "; ".join(found) or "none on file"


def plan(plan: Plan) -> list[Block]:
    """The road that was taken, what would be done, what needs a person, and the digest to approve."""
    blocks: list[Block] = [Title(f"Plan of {plan.runbook} for {plan.subject}", plan.digest)]
    steps = [(plan.case.process.step(f.step).title, f.because) for f in plan.road]
    blocks.append(Rows(steps))
    if plan.actions:
        blocks.append(Title("What would be done"))
        rows = []
        for action in plan.actions:
            where = action.landed(plan.case)
            rows.append((MARKS["done" if where else "proposed"], action.sentence(), "already done" if where else ""))
        blocks.append(Rows(rows))
        ahead = [action for action in plan.actions if not action.landed(plan.case)]
        blocks += [Folded(action.sentence(), written) for action in ahead if (written := plan.written(action))]
    else:
        blocks.append(Says("Nothing is to be done."))
    blocks += [Alert(f"Needs a person: {need}") for need in plan.needs_human]
    return blocks


def receipt(receipt: Receipt) -> list[Block]:
    kind = "Receipt" if receipt.applied else receipt.outcome.title() if receipt.failure else "Nothing written yet"
    blocks: list[Block] = [Title(f"{kind}: {receipt.runbook}, {receipt.subject}", f"{receipt.where}; {receipt.digest}")]
    if receipt.actions:
        blocks.append(Rows([(MARKS[a.state], a.state, a.sentence, a.reason) for a in receipt.actions]))
    blocks += [Alert(f"Needs a person: {need}") for need in receipt.needs_human]
    if receipt.next:
        blocks.append(Says(f"Next: the {receipt.next} runbook."))
    if not receipt.applied and not receipt.failure and receipt.actions:
        blocks.append(Says(f"To carry out exactly this plan, run again with approve={receipt.digest}"))
    return blocks

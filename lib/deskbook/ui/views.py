"""How cases, plans and receipts look: one document each, for notebooks, pages and the terminal."""

from __future__ import annotations

from html import escape
from typing import Any

from deskbook.engine.plan import MIME, Plan, Receipt
from deskbook.language.redaction import redact
from deskbook.language.text import LONGEST, lines, shorten
from deskbook.model.case import Case
from deskbook.model.records import OVER, representatives
from deskbook.schedule.working_time import span, spell
from deskbook.services.ports import Desk
from deskbook.tickets import promises
from deskbook.ui.blocks import MARKS, Alert, Block, Folded, Rows, Says, Title, bundle


def shown(thing: Case | Plan | Receipt | Desk) -> dict[str, Any]:
    """What a notebook's cell displays, keyed by mime type; a receipt also as JSON, for programs."""
    if isinstance(thing, Case):
        return bundle(case(thing))
    if isinstance(thing, Plan):
        return bundle(plan(thing))
    if isinstance(thing, Receipt):
        return bundle(receipt(thing)) | {MIME: thing.as_json()}
    return bundle(desk(thing))


def desk(desk: Desk) -> list[Block]:
    """Which services these are; where it is no practice, also as whom we act at each, before anything is done."""
    said: list[Block] = [Alert(f"{desk.organization.name}, {desk.where}.")]
    return said if desk.sandbox else [*said, Rows(list(desk.accounts()))]


def case(case: Case) -> list[Block]:
    """The ticket, who asked and for whom, with its clocks; what a person must know before anything else."""
    ticket, requester = case.ticket, case.requester
    community = case.community(ticket.community)
    agent = case.agent(ticket.agent)
    rows = [
        ("From", f"{requester.name}{f' <{requester.mail}>' if requester.mail else ' (no mail address)'}"),
        *([("In copy", ", ".join(case.ticket.cc))] if case.ticket.cc else []),
        ("Community", community.name if community else "not known yet"),
        ("Representatives", _representatives(case)),
        ("Status", " · ".join(filter(None, [ticket.status, ticket.type, ", ".join(ticket.tags)]))),
        ("Agent", agent.name if agent else "nobody yet"),
        *_promises(case),
    ]
    rows += [(f"Hub {p.hub.name}", f"{p.hub.url}: {p.seen}") for p in case.probes]
    if case.cycle > 1:
        rows.append(("Cycle", f"{case.cycle}: reopened"))
    said = "".join(f"<p>{escape(line)}</p>" for line in _shown(ticket.body, 60, ticket.subject))
    blocks: list[Block] = [Title(f"Ticket {ticket.id}: {shorten(redact(ticket.subject), 120)}"), Rows(rows)]
    blocks.append(Folded("What they wrote", said or "<p>(nothing)</p>"))
    for reply in case.replies():
        author = "the requester" if reply.author == requester.id else "somebody else"
        inner = "".join(f"<p>{escape(line)}</p>" for line in _shown(reply.body, 30, case.text))
        blocks.append(Folded(f"Reply of {author}, {reply.at:%a %d %b %H:%M} UTC", inner))
    return blocks


def _promises(case: Case) -> list[tuple[str, str]]:
    """The first answer, in time or late; then what is promised and open, until when. Nothing once it is over."""
    own, reader = case.organization.clock.zone, case.me.person
    zone = reader.zone if reader else own
    found = tuple(promises.of(promises.cycle_of(case), case.process, case.organization, case.now))
    rows, answer = [], case.first_answer()
    due = next((promise.due for promise in found if promise.clock == "acknowledge"), None)
    if answer and due:
        kept = f"late by {span(due.left(answer.at))}" if due.late(answer.at) else "in time"
        rows.append(("First answer", f"{spell(answer.at, own)}, {kept}. {due.explain(zone)}"))
    still = [promise for promise in found if promise.open and case.ticket.status not in OVER]
    for moment in dict.fromkeys(promise.due.due for promise in still):
        same = [promise for promise in still if promise.due.due == moment]
        rows.append(("Due", f"{', '.join(promise.name for promise in same)}. {same[0].due.explain(zone, case.now)}"))
    return rows


def _shown(body: str, most: int, about: str) -> list[str]:
    """The first lines of a message, without a password that somebody wrote in it."""
    return redact("\n".join(lines(body[:LONGEST])[:most]), about).split("\n")


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
    """The steps taken, what would be done, what needs a person, and the digest to approve."""
    blocks: list[Block] = [Title(f"Plan of {plan.runbook} for {plan.subject}", plan.digest)]
    steps = [(plan.case.process.step(f.step).title, f.because) for f in plan.steps_taken]
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

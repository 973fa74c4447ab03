"""How cases, plans and receipts look: one document each, for notebooks, pages and the terminal."""

from __future__ import annotations

from html import escape
from typing import Any

from deskbook.engine import MIME
from deskbook.engine.actions import Message
from deskbook.engine.plan import Plan, Receipt
from deskbook.language.redaction import redact
from deskbook.language.text import LONGEST, lines, shorten
from deskbook.model.case import Case
from deskbook.model.records import OVER, representatives
from deskbook.schedule.working_time import span, spell
from deskbook.services.ports import Desk
from deskbook.tickets import promises
from deskbook.ui.blocks import MARKS, Alert, Block, Doing, Doings, Folded, Links, Rows, Says, Title, bundle, html

BRIEF = 900  # letters of a message that is shown without being opened
NAMED = 3  # representatives that are named while it is not known of which community


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
    if desk.page:
        said.append(Links([("The sandbox's page", desk.page)]))
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
    blocks.append(Folded("What they wrote", said or "<p>(nothing)</p>", open=len(said) < BRIEF))
    for reply in case.replies():
        author = "the requester" if reply.author == requester.id else "somebody else"
        inner = "".join(f"<p>{escape(line)}</p>" for line in _shown(reply.body, 30, case.text))
        blocks.append(Folded(f"Reply of {author}, {reply.at:%a %d %b %H:%M} UTC", inner, open=len(inner) < BRIEF))
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
    if len(found) <= NAMED or len(case.communities) == 1:
        return "; ".join(found) or "none on file"
    some = "; ".join(found[:NAMED])
    return f"{len(found)} of {len(case.communities)} communities, such as {some}. Say which community it is to see its own."


def links(case: Case, page: str = "") -> list[Block]:
    """Ways to the ticket, its hubs, issues, page and channel. `page` is the sandbox's, whose tickets stand there."""
    there = f"{page}/#" if page else ""
    ways = [(f"Ticket {case.ticket.id}", f"{there}/tickets/{case.ticket.id}" if page else case.ticket.url)]
    ways += [(f"Hub {probe.hub.name}", probe.hub.url) for probe in case.probes]
    ways += [
        (f"Issue {issue.number}", f"{there}/issues/{issue.number}" if page else issue.url) for issue in case.issues
    ]
    ways += [("Page", f"{there}/pager" if page else case.incident.url)] if case.incident else []
    ways += [("Channel", f"{there}/chat" if page else case.channel)] if case.channel else []
    return [Links([*ways, *([("Sandbox", page)] if page else [])])]


def plan(plan: Plan, *, brief: bool = False) -> list[Block]:
    """The steps taken, what would be done and what people would read, what needs a person, and the digest to approve.

    `brief` is for a form, where whoever decides has the reasons beside it: the steps stand behind their heading.
    """
    title = Title(f"Plan of {plan.runbook} for {plan.subject}", plan.digest)
    steps = Rows([(plan.case.process.step(f.step).title, f.because) for f in plan.steps_taken])
    doings = []
    for action in plan.actions:
        done = bool(action.landed(plan.case))
        below = brief and isinstance(action, Message)  # in a field of its own
        text = "" if done or below else plan.written(action)
        state = "already done" if done else ""
        doings.append(Doing(MARKS["done" if done else "proposed"], action.sentence(), state, text))
    does: list[Block] = [Title("What would be done"), Doings(doings)] if doings else [Says("Nothing is to be done.")]
    needs = [Alert(f"Needs a person: {need}") for need in plan.needs_human]
    if brief:
        return [title, *does[-1:], *needs, Folded("How it comes to this", html([steps]))]
    return [title, steps, *does, *needs]


def receipt(receipt: Receipt, *, brief: bool = False) -> list[Block]:
    """What was done, now or before. Where nothing was yet, that alone: the plan stands above it; in a form (`brief`) with
    a button of its own."""
    if receipt.failure and not receipt.applied:
        kind = receipt.outcome.title()
    else:
        kind = "Receipt" if receipt.applied else "All done already" if receipt.landed else "Nothing written yet"
    blocks: list[Block] = [Title(f"{kind}: {receipt.runbook}, {receipt.subject}", f"{receipt.where}; {receipt.digest}")]
    if not (receipt.applied or receipt.failure or receipt.landed):
        if brief:
            return [Says(f"{kind}.")]
        if receipt.actions:
            blocks.append(Says(f"To carry out exactly the plan above, run again with approve={receipt.digest}"))
        return blocks
    said = receipt.failure
    failed = next((a for a in receipt.actions if a.state == "failed" and said.startswith(f"{a.key}: ")), None)
    if failed:  # it is told by what it is, and once
        said = f"Not done: {failed.sentence}. {said.removeprefix(f'{failed.key}: ')}"
    if said:
        blocks.append(Alert(said, bad=True))
    if receipt.actions:
        rows = [(MARKS[a.state], a.state, a.sentence, "" if a is failed else a.reason) for a in receipt.actions]
        blocks.append(Rows(rows))
    blocks += [Alert(f"Needs a person: {need}") for need in receipt.needs_human if need != receipt.failure]
    return [*blocks, Says(f"Next: the {receipt.next} runbook.")] if receipt.next else blocks

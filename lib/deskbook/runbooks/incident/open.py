"""The first steps of an incident: is it one, the page with its Responder and its channel, and the word to the community."""

from __future__ import annotations

from dataclasses import replace

from deskbook.engine.actions import Change
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.plan import Finding
from deskbook.language.text import words_of
from deskbook.model.case import Case, reference
from deskbook.model.records import OVER, Agent, Page
from deskbook.runbooks.incident.actions import Acknowledge, Declare, Gather, OpenChannel, PageNote, RaisePage
from deskbook.tickets.classification import hubs_down, missing
from deskbook.tickets.eligibility import not_ours
from deskbook.tickets.incident import (
    CHANNEL_NOTE,
    LEAD,
    LIAISON,
    PAGED,
    TELL,
    channel_of,
    conditions,
    declared,
    handle,
    has_channel,
    hubs_of,
    key_of,
    leader,
    name_of,
)
from deskbook.tickets.replying import tell

VALIDATE, DECLARE = "incident.validate", "incident.declare"
STILL = "We can reach the hub at the moment. Does it still fail, for whom, and since when?"


def shut(case: Case, step: str, builder: TicketPlanBuilder, *, over: bool = False) -> Finding | None:
    """Why nothing is done on this ticket; `over` tells that an incident may be over here, so its end is no obstacle."""
    no = not_ours(case, step, builder)
    if no is None and case.ticket.status in OVER and not over:
        return Finding(step, "ended", f"the ticket is {case.ticket.status}; the resolve runbook reopens it")
    return no


def validate(case: Case, message: str, builder: TicketPlanBuilder) -> Finding:
    """Whether it is an outage: seen by us, by a person who says what they saw (`message`), or by an open page."""
    step, page, gone = VALIDATE, case.incident, hubs_down(case)
    no = shut(case, step, builder)
    if no:
        return no
    if case.statements().get("Incident decided") == "no" and not message:
        builder.ask("It was decided to be no incident. If it is one, say what you saw: message=…")
        return Finding(step, "unclear", "it was decided to be no incident")
    if page and page.open and declared(case):
        return Finding(step, "outage", f"“{page.title}” was declared from this ticket")
    if page and page.open and (page.p1 or gone or message):
        return _join(case, page, builder)
    if page and not page.open and case.landed(TELL) and not (gone or message):
        builder.ask(
            "The page was resolved in the pager. If the hub works again: stage=resolve, by the Technology Lead."
        )
        return Finding(step, "unclear", f"“{page.title}” is resolved in the pager")
    if gone:
        if len(gone) > 1:
            names = " and ".join(probe.hub.name for probe in gone)
            builder.ask(
                f"{names} are down. They share one page; if these are two outages, make the other page by hand."
            )
        return Finding(step, "outage", "; ".join(f"{probe.hub.url} {probe.seen}" for probe in gone))
    if message and len(case.probes) == 1:
        return Finding(step, "outage", f"{case.me.name} reproduced it: {message}")
    if not case.probes or message:
        builder.ask("Nobody knows which hub it is. Put its address into the ticket's hub field, then run again.")
        return Finding(step, "unclear", "no hub is named")
    unknown = [probe for probe in case.probes if probe.up is None]
    if unknown:
        seen = "; ".join(f"{probe.hub.url} {probe.seen}" for probe in unknown)
        builder.ask(f"We could not look: {seen}. Look yourself; if it is an outage, say what you saw: message=…")
        return Finding(step, "unclear", seen)
    return _ask(case, builder)


def _join(case: Case, page: Page, builder: TicketPlanBuilder) -> Finding:
    step = VALIDATE
    raised = f"Make “{page.title}” a P1: there is never a second page for one outage"
    builder.do(RaisePage(f"{step}#priority", handle(page), case.me.mail, raised))
    said = f"Ticket {case.ticket.id} reports this too: {case.ticket.url}\n{reference(case, f'{step}#note')}"
    builder.do(
        PageNote(f"{step}#note", handle(page), case.me.mail, "Note on the page: this ticket belongs to it", said)
    )
    return Finding(step, "joins", f"“{page.title}” is open: {page.url}")


def _ask(case: Case, builder: TicketPlanBuilder) -> Finding:
    """It works for us. The community is asked once, also where triage or a person has put the same question."""
    step, seen = VALIDATE, "; ".join(f"{probe.hub.url} {probe.seen}" for probe in case.probes)
    questions, landed = missing(case, "broken") or (STILL,), case.landed(step)
    public = [e for e in case.entries if not (e.incoming or e.private) and case.agent(e.author)]
    ever = {*questions, *missing(replace(case, entries=()), "broken"), STILL}  # an answer changes what is left to ask
    asked = [e for e in public if any(question in words_of(e.body) for question in ever)]
    if landed or not asked:
        tell(case, step, [("ask-information", {"questions": questions})], "does it still fail?", builder)
    since = landed.entry if landed else asked[-1] if asked else None
    if since and case.replies(since.position):
        builder.ask("They have answered, and the hub still answers us. Read it; if you see it too, say so: message=…")
    return Finding(step, "not-reproduced", seen)


def declare(case: Case, chosen: Agent | None, message: str, builder: TicketPlanBuilder) -> Finding:
    """The page, with one Responder. The pager takes no second one with the same key."""
    step, hubs = DECLARE, hubs_of(case)
    lead = leader(case) or chosen or case.me
    names = tuple(hub.name for hub in hubs)
    seen = [f"{p.hub.name}: {p.seen}" for p in case.probes if p.hub in hubs]
    details = [
        *(f"Hub: {hub.name} {hub.url}" for hub in hubs),
        *(f"Cluster: {cluster}" for cluster in dict.fromkeys(hub.cluster for hub in hubs)),
        *(f"Seen: {each}" for each in seen),
        *([f"{case.me.name} says: {message}"] if message else []),
        f"Ticket: {case.ticket.url}",
        f"{PAGED}{channel_of(case)}",
        reference(case, step),
    ]
    builder.do(
        Declare(
            step,
            key_of(hubs[0]),
            case.me.mail,
            f"Create the P1 “{_title(names)}”; {lead.name} is the Incident Responder",
            title=_title(names),
            details="\n".join(details),
            hubs=(*names, *(hub.cluster for hub in hubs)),
            responder=lead.mail,
        )
    )
    _gather(case, step, key_of(hubs[0]), lead, builder)
    return Finding(step, "declared", f"{lead.name} leads it")


def told(case: Case, chosen: Agent | None, builder: TicketPlanBuilder) -> Finding:
    """The community reads that it is an incident and who leads it; then all four conditions are looked at."""
    step, page = TELL, case.incident
    if builder.findings[-1].step == VALIDATE and page:  # it joins: what its page still lacks is seen to here
        _gather(case, step, handle(page), leader(case) or (None if page.assigned else chosen or case.me), builder)
    lead = leader(case) or (None if page and page.assigned else chosen or case.me)
    name = lead.name if lead else name_of(case, page.assigned[0]) if page else case.me.name
    if chosen and name != chosen.name:
        builder.ask(f"{name} leads it. To change that: stage=hand-over, once {chosen.name} has accepted.")
    hub, within = " and ".join(hub.host for hub in hubs_of(case)), case.process.clocks["update"].span
    part = ("incident-first", {"hub": hub, "responder": name, "within": within})
    tells = tell(case, step, [part], "it is an incident, and who leads it", builder)
    kind = case.organization.ticket_types["incident"]
    builder.do(Change(key=f"{step}#type", ticket=case.ticket.id, type=kind, summary=f"Set the type to {kind}"))
    key = handle(page) if page and page.open else key_of(hubs_of(case)[0])
    builder.state("Incident page", key)
    return _begun(case, builder, tells=tells)


def _begun(case: Case, builder: TicketPlanBuilder, *, tells: bool) -> Finding:
    """Whether the four conditions hold once this plan is carried out, and what is missing."""
    planned = {type(action) for action in builder.actions}
    will = (bool(planned & {Declare, RaisePage}), Acknowledge in planned, OpenChannel in planned, tells)
    lacking = [name for (name, holds, _), does in zip(conditions(case), will, strict=True) if not (holds or does)]
    if lacking:
        return Finding(TELL, "incomplete", f"not started yet. Missing: {'; '.join(lacking)}")
    return Finding(TELL, "started", "a P1, acknowledged, with its own channel, and the community is told")


def _gather(case: Case, step: str, key: str, lead: Agent | None, builder: TicketPlanBuilder) -> None:
    """Acknowledge for whoever runs this and leads; anybody else does it themself. Then the channel, with its people."""
    page = case.incident
    if lead and lead.id == case.me.id:
        summary = f"Acknowledge the page: {lead.name} runs this, and leads"
        builder.do(Acknowledge(f"{step}#acknowledge", key, case.me.mail, summary))
    elif page is None or page.status == "triggered":
        who = lead.name if lead else name_of(case, page.assigned[0]) if page and page.assigned else "The Responder"
        builder.ask(f"{who} leads it and has to acknowledge it: in the pager, or by running this with stage=open.")
    channel, hubs = channel_of(case), " and ".join(hub.name for hub in hubs_of(case))
    if not case.chat_reads:
        if not has_channel(case):
            builder.ask(
                f"The chat's webhook makes no channels. Make {channel} by hand, without threads, then put a private "
                f"note on the ticket: “{CHANNEL_NOTE}: {channel}”."
            )
        return
    purpose = f"Incident of {hubs}. No threads: the report is made from here."
    builder.do(OpenChannel(f"{step}#channel", channel, purpose))
    always = [person.mail for role in (LEAD, LIAISON) for person in case.process.holders(role, case.organization)]
    first = f"Incident of {hubs}, ticket {case.ticket.url}. {lead.name if lead else 'Whoever has the page'} leads it."
    builder.do(
        Gather(
            f"{step}#people",
            reference(case, f"{step}#people"),
            channel,
            f"{first} No threads, please: the report is made from this channel.",
            people=tuple(dict.fromkeys([*([lead.mail] if lead else []), case.me.mail, *always])),
            purpose=purpose,
        )
    )


def _title(names: tuple[str, ...]) -> str:
    """By the hubs' own names: a community's name in it would make pages of its other hubs look alike."""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} down"

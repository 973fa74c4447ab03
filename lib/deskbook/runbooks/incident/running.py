"""The steps of an incident that runs: updates to the community, another Responder, the fix, and what follows."""

from __future__ import annotations

from deskbook.engine.actions import Change, Post
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import compose, first_name, paragraphs
from deskbook.engine.plan import Finding
from deskbook.language.text import sentence, shorten, to_html, words_of
from deskbook.model.case import Case, reference
from deskbook.model.records import Agent
from deskbook.runbooks.incident.actions import Acknowledge, Reassign, ResolvePage, Update
from deskbook.runbooks.incident.followups import STEP as FOLLOW_UP
from deskbook.runbooks.incident.followups import WHAT, follow_up
from deskbook.runbooks.incident.open import shut
from deskbook.tickets.incident import (
    ACCEPTED_NOTE,
    LEAD,
    UPDATE,
    VALID_NOTE,
    VALIDATE_FIX,
    accepted,
    channel_of,
    due,
    end_of,
    hand_overs,
    handle,
    has_channel,
    hubs_of,
    is_same,
    leader,
    name_of,
    spelled,
    started,
    taken_by,
    updates,
    validated_by,
    waiting,
)
from deskbook.tickets.replying import others, tell

HAND_OVER = "incident.hand-over"


def watch(case: Case, chosen: Agent | None, message: str, builder: TicketPlanBuilder) -> Finding:
    """What comes next in an incident that runs, where nobody said: hand it over, call it fixed, or tell how it stands."""
    step, page, takers = UPDATE, case.incident, waiting(case)
    no = shut(case, step, builder)
    if no:
        return no
    if message:
        builder.ask("Your message was sent to nobody. Is it an update, stage=update, or what was done, stage=resolve?")
    if takers and page and page.open:
        return Finding(step, "hand-over", f"{takers[-1].name} has accepted the lead")
    if chosen and chosen != leader(case):
        builder.ask(f"{chosen.name} does not lead it yet: stage=hand-over, once they have accepted.")
    moment = due(case)
    if moment and moment <= case.now:
        builder.ask(f"Tell them how it stands: stage=update, message=… It was due on {spelled(case, moment)}.")
    hubs = hubs_of(case)
    up = all(probe.up for probe in case.probes if probe.hub in hubs)
    if page and (up or not page.open):
        seen = "the hub answers" if up else "the page is resolved"
        builder.ask(f"{sentence(seen)}. If it is fixed: stage=resolve, by the Technology Lead.")
        return Finding(step, "fixed", seen)
    return Finding(step, "running", f"next update by {spelled(case, moment)}" if moment else "not told yet")


def update(case: Case, message: str, builder: TicketPlanBuilder) -> Finding:
    """One more update, as a reply of its own, and in the channel. The same words in one cycle are the same update."""
    step = UPDATE
    no = shut(case, step, builder)
    if no:
        return no
    moment = due(case)
    if moment is None:
        builder.ask("The community does not know of an incident yet: stage=open first.")
        return Finding(step, "unclear", "nobody was told that it is an incident")
    if not message:
        builder.ask("Say how it stands, what was tried and what is next: message=…; the community reads it.")
        return Finding(step, "unclear", f"next update by {spelled(case, moment)}")
    if not case.requester.mail:
        builder.ask(f"{case.requester.name} has no mail address. Call them: {message}")
        return Finding(step, "unclear", "no mail address")
    number, within = _number(case, message), case.process.clocks["update"].span
    if case.landed(f"{step}.{number}") and moment <= case.now:
        builder.ask("They have these very words already, and the next update is due. Say what is new: message=…")
    builder.do(
        Update(
            key=step,
            ticket=case.ticket.id,
            summary=f"Reply to {first_name(case.requester.name) or 'the requester'}: update {number}, how it stands",
            text=_text(case, message, number),
            cc=others(case),
            number=number,
        )
    )
    _post(case, step, reference(case, f"{step}#channel.{number}"), f"Told the community: {message}", builder)
    if not started(case):
        builder.ask("Not all four conditions of a started incident hold: stage=open sees to what is missing.")
    return Finding(step, "running", f"update {number}; the next within {within} of it")


def _number(case: Case, message: str) -> int:
    """The number of the update with these words; of a new one where they are new."""
    known = updates(case)
    for ref in known:
        number = int(ref.key.rpartition(".")[2])
        if words_of(ref.entry.body).split() == words_of(to_html(_text(case, message, number))).split():
            return number
    return max((int(ref.key.rpartition(".")[2]) for ref in known), default=0) + 1


def _text(case: Case, message: str, number: int) -> str:
    part = ("incident-update", {"message": paragraphs(message), "within": case.process.clocks["update"].span})
    return compose(case, f"{UPDATE}.{number}", [part], to=case.requester.name)


def hand_over(case: Case, chosen: Agent | None, builder: TicketPlanBuilder) -> Finding:
    """The new Responder accepts first, by their own run or in a note; only then is the page theirs."""
    step, page = HAND_OVER, case.incident
    no = shut(case, step, builder)
    if no:
        return no
    if page is None or not page.open:
        builder.ask("There is no open page to hand over.")
        return Finding(step, "unclear", "no page is open")
    records, names, known = hand_overs(case), taken_by(case), accepted(case)
    author, latest = (records[-1].entry.author if records else None), (names[-1] if names else "")
    again = _named(case, latest) if author == case.me.id else None  # a second run means the same person
    new = chosen or (known[-1] if known else again or case.me)
    mine, has_it = new.id == case.me.id, any(is_same(new, one) for one in page.assigned)
    noted, told = new in known, latest == new.name
    if has_it and not (told or noted):
        builder.ask(f"{new.name} leads it already. Say who takes it: responder=…")
        return Finding(step, "unclear", "nobody is named who does not lead it")
    begun = told and author == new.id  # by their own run, which stopped after the record
    if not (mine or has_it or noted or begun):
        builder.ask(
            f"{new.name} accepts first: by running this with stage=hand-over, or with a private note on the ticket, "
            f"“{ACCEPTED_NOTE}”. Nothing was reassigned."
        )
        return Finding(step, "not-accepted", f"{new.name} has not accepted")
    builder.state("Incident Responder", new.name)
    if mine:
        builder.state("Hand-over accepted", new.name)
        builder.record(step, f"{new.name} accepts to lead the incident.", first=True)
    me = case.me.mail
    builder.do(
        Reassign(
            f"{step}#page",
            handle(page),
            me,
            f"Reassign the page to {new.name}, who has accepted",
            to=new,
            was=page.assigned,
        )
    )
    if mine:
        builder.do(Acknowledge(f"{step}#acknowledge", handle(page), me, f"Acknowledge the page as {new.name}"))
    number = len(names) + (not told)
    _post(
        case,
        f"{step}#channel",
        reference(case, f"{step}#channel.{number}"),
        f"{new.name} leads the incident now.",
        builder,
    )
    return Finding(step, "accepted", f"{new.name} leads it")


def _named(case: Case, name: str) -> Agent | None:
    return next((agent for agent in case.staff() if agent.name == name), None)


def validate_fix(case: Case, message: str, builder: TicketPlanBuilder) -> Finding:
    """Seen up and validated by the Technology Lead: then the page, the community's word, and the ticket."""
    step, page, landed = VALIDATE_FIX, case.incident, case.landed(VALIDATE_FIX)
    no = shut(case, step, builder, over=landed is not None)
    if no:
        return no
    if landed and case.ticket.status != "Resolved" and case.replies(landed.entry.position):
        return Finding(step, "ended", "they have answered since; the resolve runbook reads it")
    if page is None:
        builder.ask("The pager has no page of this incident, so none can be resolved. stage=open first.")
        return Finding(step, "unclear", "there is no page")
    hubs = hubs_of(case)
    noted = validated_by(case)
    not_up = [p for p in case.probes if p.hub in hubs and (p.up is False or (p.up is None and not noted))]
    if not_up:
        seen = "; ".join(f"{probe.hub.url} {probe.seen}" for probe in not_up)
        builder.ask(f"We do not see the hub up: {seen}. Nothing was resolved.")
        if all(probe.up is None for probe in not_up):
            builder.ask(
                f"It cannot be looked at from here, so the Technology Lead's private note counts: “{VALID_NOTE}”."
            )
        return Finding(step, "not-yet", seen)
    leads = ", ".join(person.name for person in case.organization.with_role(LEAD))
    mine = case.me.person is not None and LEAD in case.me.person.roles
    by = noted or (case.me.name if mine else "")
    if not by:
        builder.ask(
            f"{leads} validates the fix first: by running this with stage=resolve, or with a private note on the "
            f"ticket, “{VALID_NOTE}”. Nothing was resolved."
        )
        return Finding(step, "unclear", "the Technology Lead has not validated the fix")
    if not message and not landed:
        builder.ask("Say what was done: message=…; the community reads it.")
        return Finding(step, "unclear", "nobody has said what was done")
    builder.state("Fix validated", by)
    if page.assigned:
        builder.state("Incident Responder", ", ".join(name_of(case, one) for one in page.assigned))
    elif "Incident Responder" in case.statements():  # a resolved page names nobody; the plan stays the same
        builder.state("Incident Responder", case.statements()["Incident Responder"])
    builder.record(step, f"The fix is validated by {by}. The incident is over.", first=True)
    resolution = f"{VALID_NOTE} by {by}. {reference(case, step)}"
    builder.do(
        ResolvePage(f"{step}#page", handle(page), case.me.mail, f"Resolve the page: validated by {by}", resolution)
    )
    _post(case, f"{step}#channel", end_of(page), f"The fix is validated by {by}. The incident is over.", builder)
    hub = " and ".join(hub.host for hub in hubs)
    if not tell(
        case,
        step,
        [("incident-resolved", {"message": paragraphs(message), "hub": hub})],
        "the incident is over",
        builder,
    ):
        return Finding(step, "unclear", "no mail address")
    summary = "Set to Resolved: the incident is over; the helpdesk sends its survey"
    if case.ticket.status != "Closed":  # somebody has closed it already; to be only resolved would open it again
        builder.do(Change(key=f"{step}#resolved", ticket=case.ticket.id, status="Resolved", summary=summary))
    return Finding(step, "valid", f"validated by {by}")


def follow_ups(case: Case, builder: TicketPlanBuilder) -> Finding:
    """Three issues for the page, once, whichever of its tickets this is."""
    step, page = FOLLOW_UP, case.incident
    no = shut(case, step, builder, over=True)
    if no:
        return no
    if page is None or page.open:
        seen = "the page is still open" if page else "the pager has no page of it"
        builder.ask(f"The incident is not over: {seen}. stage={'resolve' if page else 'open'} first.")
        return Finding(step, "unclear", seen)
    for what in WHAT:
        builder.do(follow_up(case, page, what))
    return Finding(step, "opened", "the outage, the report, the final review")


def _post(case: Case, key: str, ref: str, text: str, builder: TicketPlanBuilder) -> None:
    """A message of its own in the incident's channel, never in a thread; where the chat cannot, a person posts it."""
    channel = channel_of(case)
    if case.channel:
        key = key if "#" in key else f"{key}#channel"
        builder.do(Post(key, ref, channel, shorten(text, 2000)))
    elif has_channel(case):
        builder.ask(f"Post in {channel}, by hand: {text}")

"""Screen a new ticket: machine mail is closed, drafted from or announced; a person's request goes on."""

from __future__ import annotations

from deskbook.engine.actions import Change
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.plan import Finding
from deskbook.language.text import sentence
from deskbook.model.case import RECORD, Case
from deskbook.model.records import representatives
from deskbook.tickets.noise import Noise, affected

STEP = "triage.screen"


def screen(case: Case, noise: Noise | None, builder: TicketPlanBuilder) -> Finding:
    """Whether a ticket needs action; where it does not, what closes it."""
    if noise is None:
        return Finding(STEP, "request", "a person asks for something")
    rule, ticket = noise.rule, case.ticket
    if rule.then == "budget":
        return _budget(case, noise, builder)
    if rule.then == "announce":
        return _announce(case, noise, builder)
    if rule.then == "ask":
        builder.ask(
            f"{rule.because} Nothing was mailed. Close it without a survey if a machine wrote it; "
            "if a person asks for something, run again with community=…."
        )
        return Finding(STEP, "unclear", rule.because)
    spam = rule.then == "spam"
    builder.record(STEP, f"{rule.because} Closed without a survey (rule: {rule.name}).", first=True)
    builder.do(
        Change(
            key=STEP,
            ticket=ticket.id,
            status="Closed",
            add=(case.organization.tags.spam,) if spam else (),
            summary=f"Close without a survey{', tagged as spam' if spam else ''}: {rule.because}",
        )
    )
    if spam:
        builder.ask(f"Mark ticket {ticket.id} as spam in the helpdesk: its API has no call for that.")
    return Finding(STEP, "noise", rule.because)


def _budget(case: Case, noise: Noise, builder: TicketPlanBuilder) -> Finding:
    rule = noise.rule
    hubs, rise, threshold = affected(case, noise), noise.rise, rule.threshold_percent or 0
    cluster = noise.read.get("cluster", "")
    if rise is None or not hubs:
        what = "does not say forecast and baseline" if rise is None else f"names no cluster of ours ('{cluster}')"
        builder.ask(f"This budget alert {what}. Read it and decide whether the representatives should know.")
        return Finding(STEP, "unclear", f"{rule.because} It {what}.")
    said = f"the forecast of {cluster} rises by {rise:.1f} %, the threshold is {threshold:g} %"
    payer = next((hub.community for hub in hubs if hub.paid_by == "community"), "")
    if payer:
        builder.ask(f"{payer} pays for {cluster} itself; {said}. Decide whether to tell them.")
        return Finding(STEP, "unclear", f"{rule.because} {payer} pays itself; {said}")
    if rise <= threshold:
        builder.record(STEP, f"{rule.because} {sentence(said)}: closed (rule: {rule.name}).", first=True)
        builder.do(Change(key=STEP, ticket=case.ticket.id, status="Closed", summary=f"Close without a survey: {said}"))
        return Finding(STEP, "noise", said)
    communities = ", ".join(dict.fromkeys(hub.community for hub in hubs if hub.community))
    values = {
        "community": communities,
        "cluster": cluster,
        "month": noise.read.get("month", "not given"),
        "forecast": noise.read["forecast"],
        "baseline": noise.read["baseline"],
        "rise": f"{rise:.1f} %",
        "threshold": f"{threshold:g} %",
        "dashboard": noise.read.get("dashboard", ""),
        "next_bill": noise.read.get("next_bill", ""),
    }
    people = [
        f"{entry.contact.name} <{entry.contact.mail}>"
        for community in case.communities
        if community.name in communities.split(", ")
        for entry in representatives(community)
        if entry.contact and entry.contact.mail
    ]
    to = ", ".join(people) or f"the representatives of {communities} (none on file)"
    builder.note(f"{STEP}#draft", f"Draft for {to}", "budget-alert", values)
    builder.ask(f"Send the draft on the ticket to {to}, or have an agent look into it: {said}.")
    return Finding(STEP, "budget-draft", said)


def _announce(case: Case, noise: Noise, builder: TicketPlanBuilder) -> Finding:
    hubs = affected(case, noise)
    titles = ", ".join(hub.title for hub in hubs) or "no hub of ours is named"
    text = f"Notice from {case.requester.mail}: {case.ticket.subject}\nAffected hubs: {titles}\n{case.ticket.url}"
    channel = case.organization.chat.support
    if not builder.post(f"{STEP}#chat", channel, text, settled=case.landed(f"{STEP}{RECORD}") is not None):
        return Finding(STEP, "unclear", "an earlier run may have posted it")
    builder.record(
        STEP, f"{noise.rule.because} Posted in {channel}; affected: {titles} (rule: {noise.rule.name}).", first=True
    )
    builder.do(
        Change(
            key=STEP, ticket=case.ticket.id, status="Closed", summary=f"Close without a survey: {noise.rule.because}"
        )
    )
    return Finding(STEP, "announced", f"{noise.rule.because} Affected: {titles}")

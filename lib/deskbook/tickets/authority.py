"""Authorise a ticket: its community's representatives may start one, and anybody they say yes to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deskbook.engine.actions import Change, Record, Reply
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import compose
from deskbook.engine.plan import Finding
from deskbook.language.consent import Verdict, read, verdict
from deskbook.language.redaction import redact
from deskbook.language.text import LONGEST, lines, plain_markdown, same_name, shorten, words_of
from deskbook.model.case import RECORD, Case, reference
from deskbook.model.records import Community, Contact, Entry, representatives
from deskbook.tickets.classification import hubs_down, reports_outage
from deskbook.tickets.replying import copies

STEP = "triage.authorise"
QUOTED = 40  # lines of the request that its community's representatives are shown
LONGEST_NAME = 80
FROM = re.compile(r"(?:from|von|de|absender|expéditeur|remitente)\s*:\s*(.{1,200})", re.IGNORECASE)
CLOSED = "Closed without a survey"
BY_HAND = "Approved by hand"  # on record: who decided and why, in the place of a representative's yes
WAY_ON = "to let it go on, run triage again with approved=mail: reason (who decided, and why)"


@dataclass(frozen=True)
class _Closing(Record):
    """The record of a closing. The one that told of the question, before the answer, does not stand for it."""

    after: int = -1

    def landed(self, case: Case) -> str | None:
        written = case.landed(self.key)
        return super().landed(case) if written and written.entry.position > self.after else None


def represents(case: Case, community: Community) -> bool:
    """Whether the requester is one of its representatives."""
    return case.requester.id in _people(community)


def mails_of(community: Community) -> tuple[str, ...]:
    """The addresses of its representatives, each once, in the order in which they are listed."""
    listed = (entry.contact for entry in representatives(community))
    return tuple(dict.fromkeys(contact.mail for contact in listed if contact and contact.mail))


def authorise(case: Case, community: Community, builder: TicketPlanBuilder, by_hand: str = "") -> Finding:
    """Whether the requester is a representative; if not, whether one has been asked, and what they said.

    `by_hand` is who decided that it goes on, and why; it settles everything but a representative's plain no.
    """
    known = tuple(dict.fromkeys(entry.contact for entry in representatives(community) if entry.contact))
    if represents(case, community):
        return Finding(STEP, "authorised", f"{case.requester.name} represents {community.name}")
    question = asked(case, community)
    if (decided := by_hand or case.statements().get(BY_HAND, "")) and agreed(case, community) is None:
        refusal = refused_by(case, community)
        if refusal is None:
            return _decided(case, community, builder, decided, waited=question is not None)
        because = f"{_name(refusal, known)} plainly said no"
        builder.ask(f"{because}, and nobody decides over that: talk to them, or close it (resolve, outcome=no-survey).")
        return Finding(STEP, "unclear", because)
    doubt = _doubt(case, community)
    if doubt:
        builder.ask(doubt)
        return Finding(STEP, "unclear", doubt)
    if question is None and any(ref.key == "triage.acknowledge" for ref in case.references()):
        return Finding(STEP, "authorised", "it was taken on before")
    answers, said = _answers(case, community, question)
    if said.decided is not None and said.meaning == "yes":
        return _approved(case, builder, answers[said.decided], known)
    if said.decided is not None:
        return _refused(case, builder, answers[said.decided], known)
    if answers:
        words = shorten(redact(words_of(answers[-1].body, quotes=False), case.text), 200)
        builder.ask(
            f"A representative of {community.name} answered, but it is not a plain yes or no: “{words}” "
            f"({redact(said.because, case.text)}). Ask them; or, {WAY_ON}."
        )
        return Finding(STEP, "unclear", "a representative's answer is not plain")
    if speaks := behind(case, [community]):
        builder.ask(f"{speaks[0][1]}, who represents {community.name}, may stand behind it. If so, {WAY_ON}.")
    return _ask(case, builder, community, known, waiting=question is not None)


def behind(case: Case, communities: Sequence[Community]) -> tuple[tuple[Community, str], ...]:
    """Listed representatives who may have written what somebody else sent: from a private address, through a shared
    mailbox that they sign, or in a mail that was forwarded. A name in the middle of a sentence says no such thing."""
    said = [line.strip(" \t-–—,.*>") for line in (case.ticket.subject, *lines(case.ticket.body[:LONGEST]))]
    signed = [line for line in (case.requester.name, *said) if len(line) <= LONGEST_NAME]
    headers = [match[1] for line in said if (match := FROM.match(line))]

    def stands(name: str) -> bool:
        inside = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        named = any(inside.search(text) for text in (case.requester.name, *headers))
        return named or any(same_name(line, name) for line in signed)

    return tuple((each, name) for each in communities for name in each.listed if " " in name.strip() and stands(name))


def asked(case: Case, community: Community) -> Entry | None:
    """Our question to the representatives; also one that a person asked by hand.

    Such a one is told by the tag, by what we did upon its answer, or by a representative who said yes after it.
    """
    landed = case.landed(STEP)
    if landed:
        return landed.entry
    by_hand = case.first_answer(besides=f"{STEP}#refused")
    if by_hand is None:
        return None
    marked = case.organization.tags.waiting in case.ticket.tags or case.landed(f"{STEP}{RECORD}")
    people, extra = _people(community), case.organization.words.consent
    said_yes = any(e.author in people and read(e.body, extra).meaning == "yes" for e in case.replies(by_hand.position))
    return by_hand if marked or said_yes else None


def agreed(case: Case, community: Community) -> Entry | None:
    """The plain yes of the representatives to our question, where their answers together are one."""
    answers, said = _answers(case, community, asked(case, community))
    return answers[said.decided] if said.meaning == "yes" and said.decided is not None else None


def approved_by_hand(case: Case, community: Community) -> str:
    """Who decided that it goes on, and why, as an earlier run put it on record; empty where a plain no came since."""
    decided = case.statements().get(BY_HAND, "")
    return "" if decided and refused_by(case, community) else decided


def refused_by(case: Case, community: Community) -> Entry | None:
    """The plain no of a representative that stands: nobody else says yes, and they took it back in no later word.

    Once a person decided, only what came before our next public word speaks of that.
    """
    question = asked(case, community) or case.first_answer()
    if question is None:
        return None
    written = case.stating(BY_HAND)
    later = [e.position for e in case.answers() if written and e.position > written.position]
    people, extra = _people(community), case.organization.words.consent
    said = [
        e
        for e in case.replies(question.position)
        if e.author in people and e.position < min(later, default=e.position + 1)
    ]
    plain = []
    for author in dict.fromkeys(entry.author for entry in said):
        own = [entry for entry in said if entry.author == author]
        word = verdict([(entry.author, entry.body) for entry in own], people, extra)
        plain += [(word.meaning, own[word.decided])] if word.decided is not None else []
    refusals = [entry for meaning, entry in plain if meaning != "yes"]
    return refusals[-1] if len(refusals) == len(plain) and refusals else None


def closed_by_answer(case: Case) -> bool:
    """Whether a plan of ours closed the ticket upon a representative's answer."""
    record = case.landed(f"{STEP}{RECORD}")
    return record is not None and CLOSED in words_of(record.entry.body, quotes=False)


def _answers(case: Case, community: Community, question: Entry | None) -> tuple[list[Entry], Verdict]:
    """What representatives said to our question, and what it means together.

    After a yes upon which we wrote, they speak of other things.
    """
    people, extra = _people(community), case.organization.words.consent
    after = case.replies(question.position) if question else ()
    answers = [entry for entry in after if entry.author in people]
    ours = [e.position for e in case.entries if not (e.incoming or e.private) and case.agent(e.author)]
    for until in (position for position in ours if question and position > question.position):
        before = [entry for entry in answers if entry.position < until]
        said = verdict([(entry.author, entry.body) for entry in before], people, extra)
        if said.meaning == "yes":
            return before, said
    return answers, verdict([(entry.author, entry.body) for entry in answers], people, extra)


def _people(community: Community) -> set[int]:
    """The representatives of a community, as ids of contacts."""
    return {entry.contact.id for entry in representatives(community) if entry.contact}


def _doubt(case: Case, community: Community) -> str:
    """Why the rules cannot say who represents the community; empty where they can."""
    listed = representatives(community)
    place = (
        "in the CRM" if case.organization.support.representatives_from == "crm" else "on its company in the helpdesk"
    )
    if not listed:
        return f"{community.name} has no representative on file. Fill them in {place}, then run again; or, {WAY_ON}."
    mine = [entry for entry in listed if same_name(entry.listed, case.requester.name)]
    if mine:
        count = len(mine[0].matches)
        return (
            f"{community.name} lists '{mine[0].listed}', a name that {count or 'no'} contact{'' if count == 1 else 's'} of it "
            f"carr{'ies' if count == 1 else 'y'}. Find out whether {case.requester.name} <{case.requester.mail}> is meant, and mend it {place}; or, {WAY_ON}."
        )
    if not any(entry.contact and entry.contact.mail for entry in listed):
        return f"None of the names that {community.name} lists leads to one contact with a mail address. Mend them {place}, then run again; or, {WAY_ON}."
    return ""


def _ask(
    case: Case, builder: TicketPlanBuilder, community: Community, known: tuple[Contact, ...], *, waiting: bool
) -> Finding:
    ticket = case.ticket
    names = ", ".join(contact.name for contact in known if contact.mail)
    lost = [f"'{entry.listed}'" for entry in representatives(community) if not entry.contact]
    if lost:
        builder.ask(
            f"{community.name} lists {', '.join(lost)} without one contact of that name. Mend it; the others are asked."
        )
    urgent = reports_outage(case) or hubs_down(case)
    outage = "; ".join(f"{p.hub.title}: {p.seen}" for p in case.probes) if urgent else ""
    if not waiting or case.landed(STEP):
        said = "\n".join(lines(ticket.body[:LONGEST], quotes=False)[:QUOTED])
        values = {
            "requester": case.requester.name,
            "community": community.name,
            "subject": shorten(redact(ticket.subject), 120),
            "representatives": names,
            "outage": outage,
            "request": tuple(shorten(line, 300) for line in redact(said, ticket.subject).splitlines()),
        }
        text = compose(case, STEP, [("not-a-representative", values)])
        mails = copies(case, mails_of(community))
        builder.do(Reply(key=STEP, ticket=ticket.id, summary=f"Ask {names} how to proceed, in cc", text=text, cc=mails))
    waits = case.organization.tags.waiting
    builder.do(Change(key=f"{STEP}#tag", ticket=ticket.id, add=(waits,), summary=f"Mark as {waits}; it stays Open"))
    if hubs_down(case):  # whatever it asks for
        return Finding(
            STEP, "outage", f"{case.requester.name} represents nobody, but {hubs_down(case)[0].hub.title} is down"
        )
    because = f"{case.requester.name} does not represent {community.name}"
    return Finding(
        STEP, "waiting" if waiting else "asked", f"{because}; {names} {'have been' if waiting else 'are'} asked"
    )


def _approved(case: Case, builder: TicketPlanBuilder, answer: Entry, known: tuple[Contact, ...]) -> Finding:
    waits = case.organization.tags.waiting
    name = _name(answer, known)
    builder.do(
        Change(key=f"{STEP}#tag", ticket=case.ticket.id, drop=(waits,), summary=f"No longer {waits}: {name} said yes")
    )
    return Finding(STEP, "authorised", f"{name} said yes")


def _decided(case: Case, community: Community, builder: TicketPlanBuilder, decided: str, *, waited: bool) -> Finding:
    """A person decided. It is on record, so that later runs find it, and the ticket no longer waits."""
    waits, mail = case.organization.tags.waiting, decided.partition(": ")[0]
    builder.state(BY_HAND, decided)
    if waited or waits in case.ticket.tags:
        summary = f"No longer {waits}: {mail} decided that it goes on"
        builder.do(Change(key=f"{STEP}#tag", ticket=case.ticket.id, drop=(waits,), summary=summary))
    if not _people(community):
        builder.ask(f"Somebody still has to represent {community.name}: fill them in.")
    return Finding(STEP, "authorised", f"approved by hand, {decided}")


def _refused(case: Case, builder: TicketPlanBuilder, answer: Entry, known: tuple[Contact, ...]) -> Finding:
    ticket, name = case.ticket, _name(answer, known)
    if case.requester.mail:
        values = {
            "answer": f"“{shorten(redact(words_of(answer.body, quotes=False), case.text), 200)}” ({name})",
            "representatives": ", ".join(contact.name for contact in known),
        }
        text = compose(case, f"{STEP}#refused", [("not-approved", values)], to=case.requester.name)
        summary = f"Tell {case.requester.name} that {name} settled it"
        mails = {contact.mail.lower() for contact in known if contact.mail}
        others = tuple(mail for mail in copies(case) if mail not in mails)
        builder.do(Reply(key=f"{STEP}#refused", ticket=ticket.id, summary=summary, text=text, cc=others))
    else:
        builder.ask(f"{case.requester.name} has no mail address. Tell them that {name} settled it.")
    because = f"{name} answered that we are not to go on"
    key = f"{STEP}{RECORD}"
    builder.do(
        _Closing(
            key=key,
            ticket=ticket.id,
            markdown=plain_markdown(f"{because}. {CLOSED}."),
            reference=reference(case, key),
            statements=tuple(builder.statements),
            after=answer.position,
        )
    )
    waits = case.organization.tags.waiting
    summary = f"Close without a survey: {because}"
    builder.do(Change(key=f"{STEP}#close", ticket=ticket.id, status="Closed", drop=(waits,), summary=summary))
    return Finding(STEP, "refused", because)


def _name(answer: Entry, known: tuple[Contact, ...]) -> str:
    return next(contact.name for contact in known if contact.id == answer.author)

"""Who may start a ticket: its community's representatives, and anybody they say yes to."""

from __future__ import annotations

from dataclasses import dataclass

from deskbook.engine.actions import Change, Record, Reply
from deskbook.engine.builder import Road
from deskbook.engine.messages import compose
from deskbook.engine.plan import Finding
from deskbook.language.consent import Verdict, read, verdict
from deskbook.language.redaction import hushed
from deskbook.language.text import LONGEST, lines, plain_markdown, same_name, shorten, words_of
from deskbook.model.case import RECORD, Case, Community, Contact, Entry, reference, representatives
from deskbook.tickets.classification import hubs_down, reports_outage
from deskbook.tickets.replying import copies

STEP = "triage.authorise"
QUOTED = 40  # lines of the request that its community's representatives are shown
CLOSED = "Closed without a survey"


@dataclass(frozen=True)
class _Closing(Record):
    """The record of a closing. The one that told of the question, before the answer, does not stand for it."""

    after: int = -1

    def landed(self, case: Case) -> str | None:
        written = case.landed(self.key)
        return super().landed(case) if written and written.entry.position > self.after else None


def authorise(case: Case, road: Road) -> Finding:
    """Whether the requester is a representative; if not, whether one has been asked, and what they said."""
    community = road.community
    if community is None:
        raise AssertionError("the step before finds the community")
    listed = representatives(community)
    known = tuple(dict.fromkeys(entry.contact for entry in listed if entry.contact))
    road.representative_mails = tuple(contact.mail for contact in known if contact.mail)
    if case.requester.id in {contact.id for contact in known}:
        return Finding(STEP, "authorised", f"{case.requester.name} represents {community.name}")
    doubt = _doubt(case, community)
    if doubt:
        road.ask(doubt)
        return Finding(STEP, "unclear", doubt)
    road.by_representative = False
    question = asked(case, community)
    if question is None and any(ref.key == "triage.acknowledge" for ref in case.references()):
        return Finding(STEP, "authorised", "it was taken on before")
    answers, said = _answers(case, community, question)
    if said.decided is not None and said.meaning == "yes":
        return _approved(case, road, answers[said.decided], known)
    if said.decided is not None:
        return _refused(case, road, answers[said.decided], known)
    if answers:
        words = shorten(hushed(words_of(answers[-1].body, quotes=False), case.text), 200)
        road.ask(
            f"A representative of {community.name} answered, but it is not a plain yes or no: “{words}” "
            f"({hushed(said.because, case.text)}). Decide how to go on."
        )
        return Finding(STEP, "unclear", "a representative's answer is not plain")
    return _ask(case, road, community, known, waiting=question is not None)


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
        return f"{community.name} has no representative on file. Fill them in {place}, then run again; until then, decide yourself."
    mine = [entry for entry in listed if same_name(entry.listed, case.requester.name)]
    if mine:
        count = len(mine[0].matches)
        return (
            f"{community.name} lists '{mine[0].listed}', a name that {count or 'no'} contact{'' if count == 1 else 's'} of it "
            f"carr{'ies' if count == 1 else 'y'}. Find out whether {case.requester.name} <{case.requester.mail}> is meant, and mend it {place}."
        )
    if not any(entry.contact and entry.contact.mail for entry in listed):
        return f"None of the names that {community.name} lists leads to one contact with a mail address. Mend them {place}, then run again."
    return ""


def _ask(case: Case, road: Road, community: Community, known: tuple[Contact, ...], *, waiting: bool) -> Finding:
    ticket = case.ticket
    names = ", ".join(contact.name for contact in known if contact.mail)
    lost = [f"'{entry.listed}'" for entry in representatives(community) if not entry.contact]
    if lost:
        road.ask(
            f"{community.name} lists {', '.join(lost)} without one contact of that name. Mend it; the others are asked."
        )
    urgent = reports_outage(case) or hubs_down(case)
    outage = "; ".join(f"{p.hub.title}: {p.seen}" for p in case.probes) if urgent else ""
    if not waiting or case.landed(STEP):
        said = "\n".join(lines(ticket.body[:LONGEST], quotes=False)[:QUOTED])
        values = {
            "requester": case.requester.name,
            "community": community.name,
            "subject": shorten(hushed(ticket.subject), 120),
            "representatives": names,
            "outage": outage,
            "request": tuple(shorten(line, 300) for line in hushed(said, ticket.subject).splitlines()),
        }
        html = compose(case, STEP, [("not-a-representative", values)])
        mails = copies(case, road.representative_mails)
        road.do(Reply(key=STEP, ticket=ticket.id, summary=f"Ask {names} how to proceed, in cc", html=html, cc=mails))
    waits = case.organization.tags.waiting
    road.do(Change(key=f"{STEP}#tag", ticket=ticket.id, add=(waits,), summary=f"Mark as {waits}; it stays Open"))
    if hubs_down(case):  # whatever it asks for
        return Finding(
            STEP, "outage", f"{case.requester.name} represents nobody, but {hubs_down(case)[0].hub.title} is down"
        )
    because = f"{case.requester.name} does not represent {community.name}"
    return Finding(
        STEP, "waiting" if waiting else "asked", f"{because}; {names} {'have been' if waiting else 'are'} asked"
    )


def _approved(case: Case, road: Road, answer: Entry, known: tuple[Contact, ...]) -> Finding:
    waits = case.organization.tags.waiting
    name = _name(answer, known)
    road.do(
        Change(key=f"{STEP}#tag", ticket=case.ticket.id, drop=(waits,), summary=f"No longer {waits}: {name} said yes")
    )
    return Finding(STEP, "authorised", f"{name} said yes")


def _refused(case: Case, road: Road, answer: Entry, known: tuple[Contact, ...]) -> Finding:
    ticket, name = case.ticket, _name(answer, known)
    if case.requester.mail:
        values = {
            "answer": f"“{shorten(hushed(words_of(answer.body, quotes=False), case.text), 200)}” ({name})",
            "representatives": ", ".join(contact.name for contact in known),
        }
        html = compose(case, f"{STEP}#refused", [("not-approved", values)], to=case.requester.name)
        summary = f"Tell {case.requester.name} that {name} settled it"
        others = tuple(mail for mail in copies(case) if mail not in {m.lower() for m in road.representative_mails})
        road.do(Reply(key=f"{STEP}#refused", ticket=ticket.id, summary=summary, html=html, cc=others))
    else:
        road.ask(f"{case.requester.name} has no mail address. Tell them that {name} settled it.")
    because = f"{name} answered that we are not to go on"
    key = f"{STEP}{RECORD}"
    road.do(
        _Closing(
            key=key,
            ticket=ticket.id,
            markdown=plain_markdown(f"{because}. {CLOSED}."),
            reference=reference(case, key),
            statements=tuple(road.statements),
            after=answer.position,
        )
    )
    waits = case.organization.tags.waiting
    summary = f"Close without a survey: {because}"
    road.do(Change(key=f"{STEP}#close", ticket=ticket.id, status="Closed", drop=(waits,), summary=summary))
    return Finding(STEP, "refused", because)


def _name(answer: Entry, known: tuple[Contact, ...]) -> str:
    return next(contact.name for contact in known if contact.id == answer.author)

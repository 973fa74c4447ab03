"""Send public answers on a ticket: who gets them, and what happens where the requester has no mail address."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from deskbook.engine.actions import Reply
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import Part, compose, first_name
from deskbook.model.case import Case
from deskbook.model.records import representatives
from deskbook.tickets.noise import reads_nobody


def others(case: Case) -> tuple[str, ...]:
    """Who gets a copy: the representatives, where somebody else of their community asked, and who is in copy already."""
    community = case.community(case.ticket.community)
    known = [entry.contact for entry in representatives(community) if entry.contact] if community else []
    asked = case.requester.id in {contact.id for contact in known}
    return copies(case, () if asked else [contact.mail for contact in known if contact.mail])


def copies(case: Case, mails: Sequence[str] = ()) -> tuple[str, ...]:
    """These addresses, then those that the community itself has in copy, each once.

    Neither the requester is among them nor anybody on our side, whom the helpdesk tells: the address that people write
    to, another one of the helpdesk's, an agent. And no machine is, which would answer us.
    """
    found: dict[str, str] = {}
    for mail in (*mails, *(mail for mail in case.ticket.cc if not _ours(case, mail))):
        found.setdefault(mail.lower(), mail)
    found.pop((case.requester.mail or "").lower(), None)
    return tuple(found.values())


def _ours(case: Case, mail: str) -> bool:
    support, domain = case.organization.support, mail.lower().rpartition("@")[2]
    staff = {support.mail, *(a.mail for a in case.agents), *(p.mail for p in case.organization.people)}
    return (
        mail.lower() in {each.lower() for each in staff}
        or domain == urlsplit(support.helpdesk).hostname
        or reads_nobody(case, mail)
    )


def tell(case: Case, key: str, parts: Sequence[Part], says: str, builder: TicketPlanBuilder) -> bool:
    """Answer the requester, with the representatives in copy; False, and a need for a person, where no mail can go."""
    requester = case.requester
    if not requester.mail:
        builder.ask(f"{requester.name} has no mail address. Call them: {says}.")
        return False
    builder.do(
        Reply(
            key=key,
            ticket=case.ticket.id,
            summary=f"Reply to {first_name(requester.name) or 'the requester'}: {says}",
            text=compose(case, key, parts, to=requester.name),
            cc=others(case),
        )
    )
    return True

"""Public answers on a ticket: who gets them, and what becomes of one where the requester has no mail address."""

from __future__ import annotations

from collections.abc import Sequence

from deskbook.engine.actions import Reply
from deskbook.engine.builder import Road
from deskbook.engine.messages import Part, compose, first_name
from deskbook.model.case import Case, representatives


def others(case: Case) -> tuple[str, ...]:
    """The representatives' mails, for copy, where somebody else of their community asked; else nobody."""
    community = case.community(case.ticket.community)
    known = [entry.contact for entry in representatives(community) if entry.contact] if community else []
    if case.requester.id in {contact.id for contact in known}:
        return ()
    return tuple(dict.fromkeys(c.mail for c in known if c.mail and c.mail != case.requester.mail))


def tell(case: Case, key: str, parts: Sequence[Part], says: str, road: Road) -> bool:
    """Answer the requester, with the representatives in copy; False, and a need for a person, where no mail can go."""
    requester = case.requester
    if not requester.mail:
        road.ask(f"{requester.name} has no mail address. Call them: {says}.")
        return False
    road.do(
        Reply(
            key=key,
            ticket=case.ticket.id,
            summary=f"Reply to {first_name(requester.name) or 'the requester'}: {says}",
            html=compose(case, key, parts, to=requester.name),
            cc=others(case),
        )
    )
    return True

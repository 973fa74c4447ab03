"""What must hold before anybody works on a ticket: it is ours, open, asked for by who may ask, and on this road."""

from __future__ import annotations

from deskbook.authority import agreed, asked
from deskbook.cases import Case, representatives
from deskbook.kinds import kind_of
from deskbook.organization import Category
from deskbook.plans import Finding

ENDED = ("Resolved", "Closed")


def refused(case: Case, step: str) -> Finding | None:
    """Why nobody works on this ticket on this road, with the way that it takes instead; None where all is well."""
    ticket = case.ticket
    if ticket.deleted or ticket.spam:
        state = "deleted" if ticket.deleted else "marked as spam"
        return Finding(step, "not-ours", f"the ticket is {state} in the helpdesk")
    if ticket.group not in (None, case.organization.support.group):
        return Finding(step, "not-ours", f"it belongs to the group {ticket.group}")
    if ticket.status in ENDED:
        return Finding(step, "ended", f"the ticket is {ticket.status}; the resolve runbook reopens it")
    if doubt := _unapproved(case, step):
        return doubt
    if category_of(case) == "incident" and case.statements().get("Incident decided") != "no":
        return Finding(step, "incident", "it is an incident, which has no timebox")
    return None


def category_of(case: Case) -> Category | None:
    """The ticket's kind: by its type where it has one of ours, else by its words."""
    return case.organization.category_of(case.ticket.type) or (None if case.ticket.type else kind_of(case).category)


def _unapproved(case: Case, step: str) -> Finding | None:
    """Until a representative asked, or said yes, nobody works on it. What a person took on stands."""
    community = case.community(case.ticket.community)
    taken = any(ref.key == "triage.acknowledge" for ref in case.references())
    if case.organization.tags.waiting in case.ticket.tags and not (community and agreed(case, community)):
        return Finding(step, "waiting", "its community's representatives have not said yes")
    if taken or case.ticket.agent is not None:
        return None
    if community is None:
        return Finding(step, "untriaged", "nobody knows yet whose ticket it is")
    if case.requester.id in {entry.contact.id for entry in representatives(community) if entry.contact}:
        return None
    if asked(case, community) and agreed(case, community) is None:
        return Finding(step, "waiting", f"the representatives of {community.name} have not said yes")
    if agreed(case, community) is None:
        return Finding(step, "untriaged", f"{case.requester.name} does not represent {community.name}")
    return None

"""Check whether a ticket may be worked on: it is ours, open, and asked for by who may ask."""

from __future__ import annotations

from deskbook.config.organization import Category
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.plan import Finding
from deskbook.model.case import Case
from deskbook.model.records import OVER, Community, representatives
from deskbook.tickets.authority import WAY_ON, agreed, approved_by_hand, asked
from deskbook.tickets.classification import classify, hubs_down
from deskbook.tickets.confirmation import came_back
from deskbook.tickets.merged import merged_into, replied_since

RETURNED = "they answered our word that it ended; the resolve runbook reads the answer"


def not_ours(case: Case, step: str, builder: TicketPlanBuilder) -> Finding | None:
    """Why the ticket is none of ours, if it is not. One that was merged is another's; a reply to it is pointed there."""
    ticket, group = case.ticket, case.organization.support.group
    if ticket.deleted or ticket.spam:
        state = "deleted" if ticket.deleted else "marked as spam"
        return Finding(step, "not-ours", f"the ticket is {state} in the helpdesk")
    if ticket.group not in (None, group):
        return Finding(step, "not-ours", f"it belongs to the group {ticket.group}, not to {group}")
    if into := merged_into(case):
        if replied_since(case):
            where = ticket.url.replace(str(ticket.id), str(into))
            builder.ask(f"They wrote here after it was merged into ticket {into}: read it, and answer there ({where}).")
        return Finding(step, "not-ours", f"it was merged into ticket {into} by hand")
    return None


def refused(case: Case, step: str, builder: TicketPlanBuilder) -> Finding | None:
    """Why nobody works on this ticket on this road, with the way that it takes instead; None where all is well."""
    ticket = case.ticket
    if no := not_ours(case, step, builder):
        return no
    if ticket.status in OVER:
        return Finding(step, "ended", f"the ticket is {ticket.status}; the resolve runbook reopens it")
    if came_back(case):
        return Finding(step, "returned", RETURNED)
    if doubt := _unapproved(case, step):
        return doubt
    if category_of(case) == "incident":
        return Finding(step, "incident", "it is an incident, which has no timebox")
    if ticket.type is None and "Incident decided" not in case.statements() and hubs_down(case):
        return Finding(
            step, "incident", f"{hubs_down(case)[0].hub.title} is down, and nobody has decided that it is no incident"
        )
    return None


def category_of(case: Case) -> Category | None:
    """The ticket's kind: by its type where it has one of ours, else by its words."""
    kind = case.organization.category_of(case.ticket.type) or (None if case.ticket.type else classify(case).category)
    return "broken" if kind == "incident" and case.statements().get("Incident decided") == "no" else kind


def _people(community: Community) -> set[int]:
    """The representatives of a community, as ids of contacts."""
    return {entry.contact.id for entry in representatives(community) if entry.contact}


def _unapproved(case: Case, step: str) -> Finding | None:
    """Until a representative asked, or said yes, nobody works on it. What a person took on stands."""
    community = case.community(case.ticket.community)
    if community and approved_by_hand(case, community):
        return None
    taken = any(ref.key == "triage.acknowledge" for ref in case.references())
    if case.organization.tags.waiting in case.ticket.tags and not (community and agreed(case, community)):
        return Finding(step, "waiting", f"its community's representatives have not said yes; {WAY_ON}")
    if taken or case.ticket.agent is not None:
        return None
    if community is None:
        return Finding(step, "untriaged", "nobody knows yet whose ticket it is")
    represents = {c.id for c in case.communities if case.requester.id in _people(c)}
    if community.id in represents:
        # Of several communities the helpdesk's default is not trusted, unless they may ask for any of them.
        chosen = represents >= set(case.requester.communities) or "Community confirmed" in case.statements()
        said = f"{case.requester.name} belongs to several communities, and does not represent all of them"
        return None if chosen else Finding(step, "untriaged", said)
    if asked(case, community) and not agreed(case, community):
        return Finding(step, "waiting", f"the representatives of {community.name} have not said yes; {WAY_ON}")
    if not agreed(case, community):
        return Finding(step, "untriaged", f"{case.requester.name} does not represent {community.name}")
    return None

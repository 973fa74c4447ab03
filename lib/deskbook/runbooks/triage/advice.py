"""Advise in triage: whose ticket it is, and whether it may be an incident, each with the reason."""

from __future__ import annotations

from deskbook.language.text import lines, same_name
from deskbook.model.case import RECORD, Case
from deskbook.model.records import Community
from deskbook.tickets.authority import behind
from deskbook.tickets.classification import classify, hubs_down, pages_about


def advise_community(case: Case) -> tuple[Community | None, str]:
    """Whose ticket it is, and why; None where no rule can tell."""
    ticket, own = case.ticket, case.requester.communities
    present = case.community(ticket.community)
    on_record = confirmed(case)
    if present and on_record and same_name(present.name, on_record):
        return present, "confirmed earlier"
    if not own:
        if present:
            return present, "set on the ticket by a person"
        return None, f"{case.requester.name} belongs to no community" + _hint(case)
    if present and present.id != own[0]:
        return present, "set on the ticket by a person"
    if len(own) == 1:
        only = case.community(own[0])
        return only, f"{case.requester.name} belongs to it alone"
    named = {hub.community: hub for hub in case.hubs_spoken_of()}
    theirs = [c for c in case.communities if c.id in own and c.name in named]
    if len(named) == 1 and theirs:
        return theirs[0], f"the ticket names {next(iter(named.values())).host}"
    reason = (
        "the ticket names hubs of several"
        if len(named) > 1
        else "the ticket names another's hub"
        if named
        else "nothing in the ticket says which"
    )
    return None, f"{case.requester.name} belongs to several communities, and {reason}"


def confirmed(case: Case) -> str:
    """The community on record. Reopening does not undo it, so every cycle counts."""
    records = [ref for ref in case.references() if ref.key.endswith(RECORD)]
    said = [line for ref in records for line in lines(ref.entry.body, quotes=False)]
    return next((line.partition(": ")[2] for line in reversed(said) if line.startswith("Community confirmed: ")), "")


def _hint(case: Case) -> str:
    domain = (case.requester.mail or "@").rpartition("@")[2].lower()
    by_domain = [c.name for c in case.communities if domain in c.domains]
    by_hub = [hub.community for hub in case.hubs_named()]
    found = dict.fromkeys([*by_hub, *by_domain])
    points = f"; the hub or the mail domain points to {', '.join(found)}" if found else ""
    speaks = [f"{name}, who represents {community.name}" for community, name in behind(case, case.communities)]
    return f"{points}; it may be from {' or from '.join(speaks)}" if speaks else points


def advise_incident(case: Case) -> tuple[str, str]:
    """Yes, no, unclear, or the id of the page that it joins, and why."""
    decided = case.statements().get("Incident decided")
    if decided:
        return decided, "decided earlier"
    kind, pages, down = classify(case), pages_about(case), hubs_down(case)
    breaks = kind.category == "broken" or bool(kind.outage)
    if pages and breaks:
        return pages[0].id, f"{pages[0].title} is running"
    if down and breaks:
        return "yes", f"{down[0].hub.title}: {down[0].seen}"
    if kind.outage:
        return "unclear", possible(case)
    if down or (pages and kind.category is None):
        seen = f"{pages[0].title} is running" if pages else f"{down[0].hub.title}: {down[0].seen}"
        return "unclear", f"{seen}; its words do not say whether it is about that"
    return "no", "nothing speaks of an outage"


def possible(case: Case) -> str:
    """Why it may be an incident. A hub that answers does not say that servers start, so it takes nothing back."""
    says = f"its words may report an outage ('{classify(case).outage}')"
    seen = [f"{probe.hub.title} {probe.seen}" for probe in case.probes if probe.up]
    if not seen:
        return f"{says}, and we could not look at the hub"
    return f"{says}; {', '.join(seen)}, but that does not say whether people can log in, start and save"


def of_its_hub(case: Case, advised: tuple[str, str]) -> tuple[str, str]:
    """The advice, unless it joins a page though the ticket names none of its community's several hubs."""
    verdict, because = advised
    joins = any(page.id == verdict for page in case.pages) and "Incident decided" not in case.statements()
    if not joins or case.hubs_named() or len(case.probes) < 2:
        return advised
    hubs = ", ".join(probe.hub.host for probe in case.probes)
    return "unclear", f"{because}, and the ticket does not say which of its hubs it is about ({hubs})"

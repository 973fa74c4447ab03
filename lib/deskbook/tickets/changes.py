"""Tell what happened on a ticket between two readings of it, and who did it: why a plan no longer holds."""

from __future__ import annotations

from deskbook.language.text import shorten
from deskbook.model.case import Case
from deskbook.model.records import Entry
from deskbook.schedule.working_time import spell


def meanwhile(before: Case, after: Case) -> list[str]:
    """One sentence for each thing that is new, without its full stop; what people wrote first."""
    seen = {entry.id for entry in before.entries}
    told = [_wrote(after, entry) for entry in after.entries if entry.id not in seen]
    old, new = before.ticket, after.ticket
    if old.agent != new.agent:
        holder = after.agent(new.agent)
        told.append(f"{holder.name} has the ticket now" if holder else "nobody has the ticket now")
    if old.status != new.status:
        told.append(f"the ticket is {new.status}, no longer {old.status}")
    if old.type != new.type:
        told.append(f"its type is {new.type or 'empty'} now")
    if old.community != new.community:
        community = after.community(new.community)
        told.append(f"its community is {community.name if community else 'another one'} now")
    known = {issue.number: issue.state for issue in before.issues}
    for issue in after.issues:
        if issue.number not in known:
            told.append(f"issue {issue.number} speaks of it")
        elif issue.state != known[issue.number]:
            told.append(f"issue {issue.number} is {issue.state} now")
    up = {probe.hub.name: probe.up for probe in before.probes}
    for probe in after.probes:
        if up.get(probe.hub.name, probe.up) != probe.up:
            told.append(f"{probe.hub.title} {'answers again' if probe.up else 'is down'}")
    return told


def _wrote(case: Case, entry: Entry) -> str:
    author = case.agent(entry.author)
    name = author.name if author else case.requester.name if entry.author == case.requester.id else "somebody else"
    what = "wrote a private note" if entry.private else "replied" if entry.incoming or author else "wrote"
    return f"{shorten(name, 60)} {what} on {spell(entry.at, case.organization.clock.zone)}"

"""Tell what happened on a ticket between two readings of it, and who did it: why a plan no longer holds."""

from __future__ import annotations

from collections.abc import Iterator

from deskbook.model.case import Case
from deskbook.schedule.working_time import spell


def since_then(was: Case, now: Case, claim: int | None = None) -> list[str]:
    """What others did between two readings of a ticket, in words: runs of ours, people who wrote, fields they changed,
    issues and hubs.

    `claim` is the note of the run that asks.
    """
    known = {claim, *(entry.id for entry in was.entries)}
    runs = {ref.entry.id: ref.key.partition(".")[0] for ref in now.references()}
    new = [entry for entry in now.entries if entry.id not in known]
    told = []
    for entry in new:
        who = now.requester.name if entry.author == now.requester.id else name_of(now, entry.author)
        what = f"{who}'s run of {runs[entry.id]} wrote" if entry.id in runs else f"{who} wrote"
        note = " a private note" if entry.private and entry.id not in runs else ""
        told.append(f"{what}{note} on {spell(entry.at, now.organization.clock.zone)} (conversation {entry.id})")
    if new and all(entry.id in runs for entry in new):
        told = told[:1]  # the fields and the issue are its doing
    else:
        told += [*_fields(was, now), *_issues(was, now)]
    return [*told, *_hubs(was, now)]


def _fields(was: Case, now: Case) -> Iterator[str]:
    at = f" on {spell(now.ticket.updated, now.organization.clock.zone)}" if now.ticket.updated else ""
    if now.ticket.deleted and not was.ticket.deleted:
        yield f"the ticket was deleted{at}"
    for name in ("status", "agent", "type", "community", "tags"):
        before, after = getattr(was.ticket, name), getattr(now.ticket, name)
        if before != after:
            yield f"the ticket's {name} went from {word_for(now, name, before)} to {word_for(now, name, after)}{at}"


def _issues(was: Case, now: Case) -> Iterator[str]:
    known = {issue.number: issue.state for issue in was.issues}
    for issue in now.issues:
        if issue.number not in known:
            yield f"issue {issue.number} speaks of it"
        elif issue.state != known[issue.number]:
            yield f"issue {issue.number} is {issue.state} now"


def _hubs(was: Case, now: Case) -> Iterator[str]:
    up = {probe.hub.name: probe.up for probe in was.probes}
    for probe in now.probes:
        if up.get(probe.hub.name, probe.up) != probe.up:
            yield f"{probe.hub.title} {'answers again' if probe.up else 'is down'}"


def name_of(case: Case, author: int) -> str:
    """Of an agent; whoever is none is somebody."""
    agent = case.agent(author)
    return agent.name if agent else "Somebody"


def word_for(case: Case, name: str, value: object) -> str:
    """A field's value as people say it."""
    if name == "agent" and isinstance(value, int):
        return name_of(case, value)
    if name == "community" and isinstance(value, int):
        community = case.community(value)
        return community.name if community else f"company {value}"
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return str(value) if value is not None else "nothing"

"""What cannot wait for the morning is told in chat at once, once: a hub that is down, a possible incident, a critical
ticket that nobody has. The message names who is at work, and nobody's words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskbook.engine.actions import Post
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.plan import Finding, Plan
from deskbook.model.case import Case
from deskbook.runbooks.sweep.lines import TOLD_AT_ONCE
from deskbook.schedule.working_time import spell
from deskbook.tickets.classification import classify, hubs_down
from deskbook.tickets.coverage import at_work, next_at_work
from deskbook.tickets.incident import started
from deskbook.tickets.noise import recognise

STEP = "sweep.alert"
ON_RECORD = "Told at once"  # with the kinds that chat knows of
ROLES = {"triager", "agent", "manager", "technology-lead"}  # who can do something about it


@dataclass(frozen=True)
class Urgent:
    """Why it cannot wait: `kind` is told once, `text` is the message, `people` the mails of those it calls.

    `ref` is what the message carries where several tickets share it: a hub that is down is told of once a day.
    """

    kind: str
    ref: str
    text: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Shared(Post):
    """A message that several tickets have in common. The ticket's own word that chat knows of it is enough: this ticket
    is worked on, and its channel is not read."""

    kind: str = ""

    def landed(self, case: Case) -> str | None:
        return super().landed(case) or (f"{self.channel}, by the ticket's record" if self.kind in _told(case) else None)


def urgent(case: Case, step: str) -> tuple[str, str] | None:
    """What kind of urgency it is, and in words; None where it can wait. `step` is what comes next on the ticket."""
    if started(case) or recognise(case):
        return None  # everybody knows; or a machine wrote it, and people who are affected write for themselves
    if down := hubs_down(case):
        return "down", f"{', '.join(probe.hub.title for probe in down)} is down ({down[0].seen})"
    decided = case.ticket.type or "Incident decided" in case.statements()
    if step.startswith("triage.") and not decided and classify(case).outage:
        return "outage", "it may be an incident"
    if step == TOLD_AT_ONCE:
        return "critical", "it is critical and has nobody"
    return None


def alert(case: Case, step: str) -> Plan | None:
    """The plan that tells of it; None where it can wait, or the ticket says that chat knows."""
    found = urgent(case, step)
    told = _told(case)
    if found is None or found[0] in told or (found[0] == "outage" and "down" in told):  # that one says it already
        return None
    kind, words = found
    community = case.community(case.ticket.community)
    who = f" of {community.name}" if community else ""
    people, there = _there(case)
    text = f"Ticket {case.ticket.id}{who} cannot wait: {words}. {case.ticket.url}\n{there}"
    hub = f"Ref 0-1-{STEP}#down.{hubs_down(case)[0].hub.name}.{case.now:%Y%m%d}" if kind == "down" else ""
    return _tell(case, Urgent(kind, hub, text, people))


def _tell(case: Case, urgent: Urgent) -> Plan:
    """One message, and its record on the ticket. Who is at work stays as it was when the message was written."""
    builder, channel, told = TicketPlanBuilder(case, urgent), case.organization.chat.support, _told(case)
    builder.findings.append(Finding(STEP, "told", f"{channel} is told at once"))
    key, settled = f"{STEP}#{urgent.kind}", urgent.kind in told
    shared = urgent.ref and case.chat_reads
    if shared:
        builder.do(Shared(key, urgent.ref, channel, urgent.text, urgent.people, shared=True, kind=urgent.kind))
    if shared or builder.post(key, channel, urgent.text, settled=settled, people=urgent.people):
        builder.state(ON_RECORD, ", ".join(dict.fromkeys([*told, urgent.kind])))
    return replace(builder.finish(lambda newer: _tell(newer, urgent), {}), light=True)


def _told(case: Case) -> list[str]:
    """The kinds of which chat knows."""
    return [kind for kind in case.statements().get(ON_RECORD, "").split(", ") if kind]


def _there(case: Case) -> tuple[tuple[str, ...], str]:
    """The mails of who is at work now, and the sentence about them."""
    staff = tuple(person for person in case.organization.people if ROLES & set(person.roles))
    rules, now = case.organization.clock, case.now
    people = at_work(staff, rules, now)
    if people:
        return tuple(person.mail for person in people), f"At work now: {', '.join(person.name for person in people)}."
    following = next_at_work(staff, rules, now)
    if following is None:
        return (), "Nobody is at work now, nor for a month."
    person, at = following
    return (person.mail,), f"Nobody is at work now; {person.name} is next, from {spell(at, rules.zone)}."

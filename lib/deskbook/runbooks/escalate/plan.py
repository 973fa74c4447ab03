"""Planner of the escalate runbook: a critical request finds an engineer today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deskbook.engine.actions import Change
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.parameters import agent_named
from deskbook.engine.plan import Finding, Plan
from deskbook.language.text import sentence, shorten
from deskbook.model.case import RECORD, Case, reference
from deskbook.model.records import Agent
from deskbook.runbooks.escalate.decision import Decision
from deskbook.schedule.working_time import in_hours
from deskbook.services.ports import Desk
from deskbook.tickets.eligibility import category_of, refused
from deskbook.tickets.sprint import impact_of
from deskbook.tickets.tracking import Assign, Found, issue_of, told

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "escalate.ping": "capacity no-capacity not-critical waiting untriaged returned incident ended not-ours",
    "escalate.take": "taken untracked",
    "escalate.manager": "handed workshop untracked",
}
WORKSHOP = "a workshop has no timebox; it stays with the Triager"


@dataclass(frozen=True)
class Advice:
    """Who has the ticket, whether they have capacity by the rules, and why."""

    agent: Agent
    capacity: tuple[bool, str]
    found: Found


def read(desk: Desk, ticket_id: int | str, agent: object = "") -> Case:
    """The facts of a ticket; `agent` is whose open issues are read, in the place of the ticket's agent."""
    return desk.case(ticket_id, agent=agent)


def assess(case: Case, decision: Decision) -> Advice:
    """Capacity means no other open critical, and a moment inside the agent's declared hours."""
    agent = agent_named(case, decision.agent) if decision.agent else case.agent(case.ticket.agent) or case.me
    found = issue_of(case)
    number = found.issue.number if found.issue else 0
    read = agent.id == case.holder.id  # in the form, another agent may be named after the case was read
    own = case.assigned if read else ()
    person = agent.person
    others = [issue for issue in own if issue.number != number and impact_of(case, issue, alone=True) == "Critical"]
    if found.issue and person and person.among(found.issue.assignees):
        capacity = (True, f"{agent.name} has taken issue {number}")
    elif others:
        capacity = (False, f"{agent.name} has another open critical, issue {others[0].number}")
    elif person is None:
        capacity = (False, f"nobody knows the hours of {agent.name}")
    elif not in_hours(person.hours, person.zone, case.now):
        capacity = (False, f"{agent.name} is off hours ({person.hours} in {person.zone})")
    else:
        seen = "has no other open critical" if read else "may have other criticals: look"
        capacity = (True, f"{agent.name} is at work and {seen}")
        asked = case.landed("escalate.manager#intent") or _settled(case, "manager")
        if reference(case, "escalate.manager") in case.announced or asked:
            capacity = (False, "the manager was asked already")  # last: the message as it was sent gives its own reason
    return Advice(agent, capacity, found)


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    builder, advice = TicketPlanBuilder(case, decision), assess(case, decision)
    able, because = advice.capacity
    if decision.capacity:
        able = decision.capacity == "yes"
        said = "" if decision.capacity in ("yes", "no") else f": {decision.capacity}"
        because = f"{advice.agent.name} says {'yes' if able else 'no'}{said}" + (
            f", though {advice.capacity[1]}" if able != advice.capacity[0] and not said else ""
        )
    steps: dict[str, Callable[[], Finding]] = {
        "escalate.ping": lambda: _ping(case, decision, advice, able, because, builder),
        "escalate.take": lambda: _take(case, advice, builder),
        "escalate.manager": lambda: _manager(case, advice, builder.findings[-1].because, builder),
    }
    builder.follow("escalate.ping", steps)
    issue = advice.found.issue
    facts = {
        "the issue": [issue.number, issue.state] if issue else "",
        "the agent": advice.agent.id,
        "the replies": [entry.id for entry in case.replies()],
    }
    return builder.finish(lambda newer: plan(newer, decision), facts, issue=told(issue) if issue else "")


# The steps, in the order of the process.


def _ping(
    case: Case, decision: Decision, advice: Advice, able: bool, because: str, builder: TicketPlanBuilder
) -> Finding:
    step = "escalate.ping"
    no = refused(case, step, builder)
    if no:
        return no
    impact = impact_of(case, advice.found.issue)
    if not impact and _untriaged(case):
        builder.ask("Nobody has triaged it yet: triage says what it is and how grave it is.")
        if not (decision.agent or decision.capacity):  # whoever takes it, or says that they cannot, has looked
            return Finding(step, "untriaged", "neither its type nor its impact is on record, and nobody has it")
    if impact and impact != "Critical":
        builder.ask(
            f"Its impact is {impact} on record, and only Critical is escalated. If it is critical, say so first."
        )
        return Finding(step, "not-critical", f"impact {impact}")
    builder.state("Impact confirmed", "Critical")  # running this says so, where nothing on record does
    text = f"Critical: {_what(case, advice)} {advice.agent.name} has it."
    # Where it is uncertain whether an earlier run posted it, a person looks; the ticket goes on all the same.
    builder.post(step, case.organization.chat.support, text, settled=_settled(case, "ping", "take", "manager"))
    if category_of(case) == "workshop" and advice.found.issue is None:
        return Finding(step, "no-capacity", WORKSHOP)
    return Finding(step, "capacity" if able else "no-capacity", because)


def _untriaged(case: Case) -> bool:
    """Whether triage has left nothing on it: no type, nobody who has it, no acknowledgement."""
    return case.ticket.type is None and case.ticket.agent is None and case.first_answer() is None


def _take(case: Case, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, agent, found = "escalate.take", advice.agent, advice.found
    if case.ticket.agent in (None, agent.id):  # planned also once it is done, so that the plan stays the same
        said = f"Assign {agent.name}, who takes it"
        builder.do(Change(key=f"{step}#agent", ticket=case.ticket.id, agent=agent.id, summary=said))
    if found.issue is None:
        builder.ask(
            found.doubt or "No issue tracks it yet: end the timebox as unsolved, impact Critical. Work on it at once."
        )
        return Finding(step, "untracked", found.doubt or "no issue yet")
    if not (agent.person and agent.person.login):
        builder.ask(
            f"organization.yaml has no tracker login of {agent.name}. Assign issue {found.issue.number} by hand."
        )
        return Finding(step, "taken", f"{agent.name} works on it at once")
    said = f"Assign issue {found.issue.number} to {agent.name}, to work on at once, outside the timebox"
    builder.do(Assign(step, agent.person.login, said, found.issue.assignees))
    return Finding(step, "taken", f"{agent.name} works on it at once")


def _manager(case: Case, advice: Advice, because: str, builder: TicketPlanBuilder) -> Finding:
    step, managers = "escalate.manager", case.organization.with_role("manager")
    names = ", ".join(person.name for person in managers) or "Engineering Manager"
    text = f"{names}: please find somebody now. {sentence(_what(case, advice))} No capacity: {_said(because, 200)}."
    mails = tuple(person.mail for person in managers)
    if not builder.post(step, case.organization.chat.support, text, settled=_settled(case, "manager"), people=mails):
        return Finding(step, "handed", "an earlier run may have posted it")
    if advice.found.issue is None and category_of(case) == "workshop":
        return Finding(step, "workshop", f"{names} finds people now; the event issue is opened by the workshop runbook")
    if advice.found.issue is None:
        return Finding(step, "untracked", f"{names} finds people now; no issue tracks it yet")
    return Finding(step, "handed", f"{names} finds people now; the ticket stays with {advice.agent.name}")


def _what(case: Case, advice: Advice) -> str:
    """What the ping is about. The subject of a private ticket may be read in the staff's own channel."""
    issue = advice.found.issue
    where = f", {issue.url}" if issue else ""
    return f"ticket {case.ticket.id} ({_said(case.ticket.subject, 80)}), {case.ticket.url}{where}."


def _said(text: str, most: int) -> str:
    """Words of a person, in which our symbol for an issue is none: it would be replaced, or stop the post."""
    return shorten(text.replace("‹", "<").replace("›", ">"), most)


def _settled(case: Case, *steps: str) -> bool:
    """Whether a record tells that the message was posted. The manager is called by one kind of record only."""
    return any(case.landed(f"escalate.{step}{RECORD}") for step in steps)

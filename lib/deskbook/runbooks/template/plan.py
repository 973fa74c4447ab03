"""The template runbook: advice, and a plan that is pure."""

from __future__ import annotations

from dataclasses import dataclass

from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.plan import Finding, Plan
from deskbook.model.case import Case
from deskbook.runbooks.template.decision import Decision
from deskbook.services.ports import Desk
from deskbook.tickets.eligibility import not_ours

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "template.look": "looked not-ours",
}


@dataclass(frozen=True)
class Advice:
    """What the rules advise, and why."""

    because: str


def read(desk: Desk, ticket_id: int | str) -> Case:
    """The facts of a ticket."""
    return desk.case(ticket_id)


def assess(case: Case) -> Advice:
    """What stands on the ticket."""
    return Advice(f"{len(case.entries)} messages and notes stand on the ticket")


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    builder = TicketPlanBuilder(case, decision)
    builder.follow("template.look", {"template.look": lambda: _look(case, decision, builder)})
    return builder.finish(lambda newer: plan(newer, decision), {"the requester": case.requester.id}, recorded=False)


# The steps, in the order of the process.


def _look(case: Case, decision: Decision, builder: TicketPlanBuilder) -> Finding:
    step = "template.look"
    if no := not_ours(case, step, builder):
        return no
    if decision.found:
        builder.plain_note(step, "What was found", decision.found)
    return Finding(step, "looked", assess(case).because)

"""The queue as a runbook: it reads, and changes nothing."""

from __future__ import annotations

from deskbook.engine.builder import PlanBuilder
from deskbook.engine.plan import Finding, Plan
from deskbook.runbooks.queue.decision import Decision
from deskbook.services.ports import Desk
from deskbook.tickets.next_step import Item
from deskbook.tickets.queue import Queue, of_person, read_queue

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "queue.read": "read",
}


def read(desk: Desk) -> Queue:
    """Every unfinished ticket, from lists alone; about one call per hundred tickets, and one per hundred issues."""
    return read_queue(desk)


def assess(queue: Queue, decision: Decision) -> tuple[Item, ...]:
    """What comes next on each ticket, late ones first."""
    return of_person(queue.items, decision.person)


def plan(queue: Queue, decision: Decision) -> Plan:
    """The queue has been read; each of its lines names the runbook that goes on."""
    builder, items = PlanBuilder(queue, decision), assess(queue, decision)
    late = [item for item in items if item.late]
    builder.findings.append(Finding("queue.read", "read", f"{len(items)} tickets, {len(late)} of them late"))
    if late:
        builder.ask(f"{len(late)} tickets are late, first of them {late[0].ticket.id}: {late[0].command}")
    return builder.finish(lambda newer: plan(newer, decision), {})

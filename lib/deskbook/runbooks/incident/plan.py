"""Planner of the incident runbook: one stage a run, told by the facts where none is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.parameters import agent_named
from deskbook.engine.plan import Finding, Plan
from deskbook.model.case import RECORD, Case
from deskbook.model.records import OVER, Agent
from deskbook.runbooks.incident.decision import Decision
from deskbook.runbooks.incident.followups import STEP as FOLLOW_UP
from deskbook.runbooks.incident.open import DECLARE, VALIDATE, declare, told, validate
from deskbook.runbooks.incident.running import HAND_OVER, follow_ups, hand_over, update, validate_fix, watch
from deskbook.services.ports import Desk
from deskbook.tickets.incident import (
    TELL,
    UPDATE,
    VALIDATE_FIX,
    Condition,
    conditions,
    due,
    leader,
    started,
    validated_by,
)

STARTS = {"open": VALIDATE, "update": UPDATE, "hand-over": HAND_OVER, "resolve": VALIDATE_FIX, "follow-up": FOLLOW_UP}

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "incident.validate": "outage joins not-reproduced unclear ended not-ours",
    "incident.declare": "declared",
    "incident.tell": "started incomplete",
    "incident.update": "running hand-over fixed unclear ended not-ours",
    "incident.hand-over": "accepted not-accepted unclear ended not-ours",
    "incident.validate-fix": "valid not-yet unclear ended not-ours",
    "incident.follow-up": "opened unclear not-ours",
}


@dataclass(frozen=True)
class Advice:
    """How far the incident is, who leads it, and which stage the facts speak for; empty while it simply runs."""

    conditions: tuple[Condition, ...]
    responder: Agent | None
    validated: str
    due: datetime | None
    stage: tuple[str, str]


def read(desk: Desk, ticket_id: int | str) -> Case:
    """The facts of a ticket."""
    return desk.case(ticket_id)


def assess(case: Case) -> Advice:
    return Advice(conditions(case), leader(case), validated_by(case), due(case), _stage(case))


def _stage(case: Case) -> tuple[str, str]:
    """The stage that is certain. Updates and the end need a person's words, and so are never begun by the facts."""
    if case.landed(VALIDATE_FIX) or (case.ticket.status in OVER and case.landed(TELL)):
        return "follow-up", "the incident is over"
    if case.landed(TELL) is None:
        return "open", "the community has not been told of an incident"
    if case.landed(f"{TELL}{RECORD}") is None:
        return "open", "a run stopped before its end"
    if case.incident and case.incident.open and not started(case):
        lacking = "; ".join(name for name, holds, _ in conditions(case) if not holds)
        return "open", f"not everything is there: {lacking}"
    return "", "the incident runs"


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    builder, stage = TicketPlanBuilder(case, decision), decision.stage or _stage(case)[0]
    chosen = agent_named(case, decision.responder, "responder") if decision.responder else None
    opening: dict[str, Callable[[], Finding]] = {
        VALIDATE: lambda: validate(case, decision.message, builder),
        DECLARE: lambda: declare(case, chosen, decision.message, builder),
        TELL: lambda: told(case, chosen, builder),
    }
    running: dict[str, Callable[[], Finding]] = {
        UPDATE: lambda: watch(case, chosen, decision.message, builder),
        HAND_OVER: lambda: hand_over(case, chosen, builder),
    }
    alone: dict[str, dict[str, Callable[[], Finding]]] = {
        "update": {UPDATE: lambda: update(case, decision.message, builder)},
        "hand-over": {HAND_OVER: running[HAND_OVER]},
        "resolve": {VALIDATE_FIX: lambda: validate_fix(case, decision.message, builder)},
        "follow-up": {FOLLOW_UP: lambda: follow_ups(case, builder)},
    }
    steps = opening if stage == "open" else alone.get(stage, running)
    builder.follow(STARTS.get(stage, UPDATE), steps)
    facts: dict[str, object] = {"the requester": [case.requester.id, case.requester.mail]}
    if stage in ("open", "resolve"):
        facts["the hubs"] = [(probe.hub.name, probe.up) for probe in case.probes]
    return builder.finish(lambda newer: plan(newer, decision), facts)

"""A ticket on its road over the sandbox: planning and running, the clock moved on, mail from outside, and all that is there."""

from __future__ import annotations

from typing import Any

from talking import get, post

from deskbook.engine.plan import Plan, Receipt
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.services.ports import Desk


def planned(desk: Desk, name: str, ticket: int, **decision: object) -> Plan:
    case, planner = desk.case(ticket), RUNBOOKS[name]
    plan: Plan = planner.plan(case, planner.decide(case, **decision))
    return plan


def run(desk: Desk, runbook: str, ticket: int, **decision: object) -> Receipt:
    receipt = planned(desk, runbook, ticket, **decision).run(desk, apply=True)
    assert not receipt.failure
    return receipt


def advance(url: str, **amounts: int) -> None:
    seconds = {"days": 86_400, "hours": 3_600, "minutes": 60}
    post(url, "/sandbox/clock", {"advance": sum(seconds[name] * amount for name, amount in amounts.items())})


def writes_in(url: str, desk: Desk, ticket: int, body: str) -> None:
    post(
        url,
        "/sandbox/incoming",
        {"from": desk.case(ticket).requester.mail, "ticket_id": ticket, "subject": "", "body": body},
    )


def world(url: str) -> dict[str, Any]:
    """Everything the sandbox holds, without the count of what was asked of it."""
    state = get(url, "/sandbox/state")
    return {name: v for name, v in state.items() if name != "requests"} | {"outbox": get(url, "/sandbox/outbox")}


def mails(url: str, kind: str = "reply") -> list[str]:
    return [mail["body"] for mail in get(url, "/sandbox/outbox") if mail["kind"] == kind]


def references(desk: Desk, ticket: int) -> list[str]:
    return [f"{ref.cycle} {ref.key}" for ref in desk.case(ticket).references()]

"""The form of the resolve runbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.model.case import Case
from deskbook.runbooks.resolve import plan as resolve
from deskbook.services.ports import Desk
from deskbook.ui.forms import Field, Form, Onward


def resolve_form(desk: Desk, case: Case, decision: resolve.Decision, onward: Onward) -> Form:
    """How the ticket ends, what the community reads, and an exception to the one sprint."""
    advice = resolve.assess(case)
    outcome, because = advice.outcome
    people = [(person.name, person.mail) for person in case.organization.people]
    managers = ", ".join(person.name for person in case.organization.with_role("manager"))
    fields = (
        Field("outcome", "Outcome", [(word, word) for word in resolve.OUTCOMES], outcome or "nothing yet"),
        Field("message", "Message", hint="What was done, or how it stands; for no-survey, why", long=True),
        Field("exception_until", "Until iteration", advised="0: one sprint, no exception", whole=9_999),
        Field("exception_by", "Approved by", people, managers),
    )
    issue, sprint = advice.found.issue, advice.sprint
    reasons = [
        f"Issue: {issue.number}, {issue.state} ({advice.found.because})."
        if issue
        else "Issue: none tracks this ticket.",
        f"Sprint: {sprint.because}, until {sprint.ends:%A %d %B %Y}." if sprint else "",
        f"Their answer: {advice.reading.meaning.replace('-', ' ')} ({because})."
        if advice.reading
        else "No answer yet.",
    ]

    def draw(newer: Case, values: Mapping[str, Any]) -> Plan:
        return resolve.plan(newer, resolve.decide(newer, **values))

    return Form(desk, case, fields, asdict(decision), draw, [r for r in reasons if r], onward)

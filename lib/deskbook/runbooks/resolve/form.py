"""The form of the resolve runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.resolve.decision import Decision, decide
from deskbook.runbooks.resolve.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.forms import Form, Onward, sheet_of


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """How the ticket ends, what the community reads, and an exception from the sprint."""
    advice = assess(case)
    issue, sprint = advice.found.issue, advice.sprint
    advised = {
        "outcome": advice.outcome[0] or "nothing yet",
        "exception_until": "0: no exception",
        "exception_by": ", ".join(person.name for person in case.organization.with_role("manager")),
    }
    reasons = [
        f"Issue: {issue.number}, {issue.state} ({advice.found.because})."
        if issue
        else "Issue: none tracks this ticket.",
        f"Sprint: {sprint.because}, until {sprint.ends:%A %d %B %Y}." if sprint else "",
        f"Their answer: {advice.reading.meaning.replace('-', ' ')} ({advice.outcome[1]})."
        if advice.reading
        else "No answer yet.",
    ]
    sheet = sheet_of(case, decision, advised, reasons)
    return Form(desk, case, sheet, lambda newer, values: plan(newer, decide(newer, **values)), onward)

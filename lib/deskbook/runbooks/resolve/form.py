"""The form of the resolve runbook."""

from __future__ import annotations

from deskbook.model.case import Case
from deskbook.runbooks.resolve.decision import Decision, decide
from deskbook.runbooks.resolve.plan import assess, plan
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """How the ticket ends, what the community reads, and an exception from the sprint."""
    return Form(desk, case, decision, decide=decide, sheet=_sheet, plan=plan, onward=onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
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
    return sheet_of(case, decision, advised, reasons)

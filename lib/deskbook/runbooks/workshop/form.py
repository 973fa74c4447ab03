"""The form of a workshop request: what was read of the event, and from where, for a person to correct."""

from __future__ import annotations

from deskbook.engine.parameters import declared
from deskbook.language import dates as eventdates
from deskbook.language.text import counted
from deskbook.model.case import Case
from deskbook.runbooks.workshop import issue as eventissue
from deskbook.runbooks.workshop import plan as workshop
from deskbook.runbooks.workshop.decision import Decision, decide
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, case: Case, decision: Decision, onward: Onward | None = None) -> Form:
    """Every answer of the event's form, with what was read and where; declining is a person's choice alone."""
    return Form(desk, case, decision, decide=decide, sheet=_sheet, plan=workshop.plan, onward=onward)


def _sheet(case: Case, decision: Decision) -> Sheet:
    advice = workshop.assess(case, decision)
    asked = _read(advice)
    advised = {
        each.name: asked.get(each.name, "not known yet") for each in declared(Decision) if each.name != "decline"
    }
    return sheet_of(case, decision, advised, reasons(case, advice))


def reasons(case: Case, advice: workshop.Advice) -> list[str]:
    """The days of notice, what was concluded, what is asked for, and who is at work in the event's hours."""
    event, rules = advice.event, case.organization.workshop
    notice = (
        f"Notice: {counted(advice.notice, 'day')} from the ticket to the first day; under {rules.warn_days} is short."
        if advice.notice is not None
        else ""
    )
    found = [
        "Only a shared password is asked for: no answers about an event are needed." if event.password_only else notice,
        f"Days: {eventdates.spelled(event.spans)}." if event.spans else "",
        f"Representative: {advice.representative or 'nobody on file'}.",
        *(f"Read so: {told}." for told in event.told),
        *(f"To ask: {question}" for question in event.missing),
        *(f"At work: {line}." for line in eventissue.cover_lines(advice.cover)),
    ]
    return [reason for reason in found if reason]


def _read(advice: workshop.Advice) -> dict[str, str]:
    read = {name: f"{fact.value} ({fact.where})" for name, fact in advice.event.facts.items()}
    return {"shared_password_change": "no", "due": "only with a shared password", **read}

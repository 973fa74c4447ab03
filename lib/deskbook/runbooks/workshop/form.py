"""The form of a workshop request: what was read of the event, and from where, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.language import dates as eventdates
from deskbook.model.case import Case
from deskbook.runbooks.workshop import issue as eventissue
from deskbook.runbooks.workshop import plan as workshop
from deskbook.runbooks.workshop.event import NO, YES
from deskbook.services.ports import Desk
from deskbook.ui.forms import Field, Form, Onward

LABELS = {
    "begin": "First day",
    "end": "Last day",
    "active_hours": "Active hours",
    "timezone": "Time zone",
    "attendees": "Attendees",
    "hub_url": "Hub",
    "hub_exists": "Hub exists?",
    "decommission": "Take it down?",
    "shared_password_change": "New password?",
    "due": "Password due",
}
CHOICES = ("hub_exists", "decommission", "shared_password_change")


def workshop_form(desk: Desk, case: Case, decision: workshop.Decision, onward: Onward | None = None) -> Form:
    """Every answer of the event's form, with what was read and where; declining is a person's choice alone."""
    advice = workshop.assess(case, decision)
    asked = _read(advice)
    fields = (
        *(
            Field(name, label, [("yes", YES), ("no", NO)] if name in CHOICES else (), asked.get(name, "not known yet"))
            for name, label in LABELS.items()
        ),
        Field("decline", "Decline", hint="Only if you decline: why, as the community reads it", long=True),
    )

    def draw(newer: Case, values: Mapping[str, Any]) -> Plan:
        return workshop.plan(newer, workshop.decide(newer, **values))

    return Form(desk, case, fields, asdict(decision), draw, reasons(case, advice), onward)


def reasons(case: Case, advice: workshop.Advice) -> list[str]:
    """The days of notice, what was concluded, what is asked for, and who is at work in the event's hours."""
    event, rules = advice.event, case.organization.workshop
    notice = (
        f"Notice: {workshop.counted(advice.notice, 'day')} from the ticket to the first day; under {rules.warn_days} is short."
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

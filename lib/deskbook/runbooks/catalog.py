"""The form of each runbook: what there is to decide, the advice, and the reasons for it."""

from __future__ import annotations

from typing import Any

import ipywidgets

from deskbook.errors import ParameterError
from deskbook.model.case import Case
from deskbook.runbooks.escalate import form as escalateform
from deskbook.runbooks.escalate import plan as escalate
from deskbook.runbooks.incident import form as incidentform
from deskbook.runbooks.incident import plan as incident
from deskbook.runbooks.resolve import form as resolveform
from deskbook.runbooks.resolve import plan as resolve
from deskbook.runbooks.timebox import form as timeboxform
from deskbook.runbooks.timebox import plan as timebox
from deskbook.runbooks.triage import form as triageform
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.workshop import form as workshopform
from deskbook.runbooks.workshop import plan as workshop
from deskbook.services.ports import Desk
from deskbook.ui.forms import Form


def triage_form(desk: Desk, case: Case, decision: triage.Decision) -> Form:
    """The form of the triage runbook: whose ticket it is, who takes it, what kind it is, how grave, incident or not."""
    return triageform.triage_form(desk, case, decision, open_form)


def escalate_form(desk: Desk, case: Case, decision: escalate.Decision) -> Form:
    """Who has the critical ticket, and whether they can take it now."""
    return escalateform.escalate_form(desk, case, decision, open_form)


def resolve_form(desk: Desk, case: Case, decision: resolve.Decision) -> Form:
    """How the ticket ends, what the community reads, and an exception to the one sprint."""
    return resolveform.resolve_form(desk, case, decision, open_form)


def timebox_form(desk: Desk, case: Case, decision: timebox.Decision) -> Form:
    """The stopwatch, the worksheet, and how the timebox ends."""
    return timeboxform.timebox_form(desk, case, decision, open_form)


def incident_form(desk: Desk, case: Case, decision: incident.Decision) -> Form:
    """How far the incident is, and its next stage."""
    return incidentform.incident_form(desk, case, decision, open_form)


def workshop_form(desk: Desk, case: Case, decision: workshop.Decision) -> Form:
    """What was read of the event, for a person to correct."""
    return workshopform.workshop_form(desk, case, decision, open_form)


# What opens from the queue, or from the receipt of the runbook before: planner and form by the runbook's name.
FORMS: dict[str, tuple[Any, Any]] = {
    "triage": (triage, triage_form),
    "timebox": (timebox, timebox_form),
    "escalate": (escalate, escalate_form),
    "resolve": (resolve, resolve_form),
    "workshop": (workshop, workshop_form),
    "incident": (incident, incident_form),
}


def open_form(desk: Desk, runbook: str, ticket_id: int) -> ipywidgets.Widget:
    """The form of a runbook for a ticket, with its plan, as one widget; ParameterError where it has none."""
    if runbook not in FORMS:
        raise ParameterError(f"The {runbook} runbook does not open from here: run it with ticket_id={ticket_id}.")
    planner, form = FORMS[runbook]
    case = desk.case(ticket_id)
    opened: Form = form(desk, case, planner.decide(case))
    return opened.boxed()

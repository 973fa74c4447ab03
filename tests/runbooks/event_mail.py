"""An event as it is read in a ticket that asks for one."""

from __future__ import annotations

from datetime import date

from building import build_case

from deskbook.runbooks.workshop import plan as workshop
from deskbook.runbooks.workshop.event import Event

ASKED = date(2026, 11, 23)  # a Monday


def event(body: str, subject: str = "Workshop in January") -> Event:
    case = build_case({"ticket": {"subject": subject, "body": body, "type": "Workshop Request"}})
    return workshop.assess(case, workshop.Decision()).event

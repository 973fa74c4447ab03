"""What a person may decide in a workshop request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from deskbook.engine.cycles import OfTicket
from deskbook.engine.parameters import Parameter, decided, one_of, same, words
from deskbook.errors import ParameterError
from deskbook.language import attendees as eventpeople
from deskbook.language import dates as eventdates
from deskbook.language.hours import hours_in
from deskbook.language.redaction import redact
from deskbook.language.text import shorten
from deskbook.language.zones import zone_named
from deskbook.model.case import Case
from deskbook.runbooks.workshop.facts import NO, YES

PRACTICE = 122


def _day(name: str, case: Case, value: object) -> str:
    text = words(name, value)
    if not text:
        return ""
    span = eventdates.day_of(text, case.ticket.created.date())
    if span is None or span.begin != span.end:
        raise ParameterError(f"{name}: '{shorten(text)}' is not one plain day; write it as 2027-01-31")
    return span.begin.isoformat()


def _hours(name: str, case: Case, value: object) -> str:
    text = words(name, value)
    if text and not hours_in(f"hours: {text}").windows:
        raise ParameterError(
            f"{name}: '{shorten(text)}' are not hours of a day; write them as 09:00-17:00 Europe/Berlin"
        )
    return text


def _zone(name: str, case: Case, value: object) -> str:
    text = words(name, value)
    zone = zone_named(text) if text else ""
    if text and not zone:
        raise ParameterError(f"{name}: '{shorten(text)}' is not known; use a name such as Europe/Berlin or UTC")
    return zone


def _attendees(name: str, case: Case, value: object) -> str:
    text = words(name, value)
    number = eventpeople.number_of(text) if text else ""
    if text and number in ("", "0"):
        raise ParameterError(f"{name}: '{shorten(text)}' is no number of people; write 50, 40-50 or TBD")
    return number


def _address(name: str, case: Case, value: object) -> str:
    text = words(name, value)
    host = re.fullmatch(r"(?:https?://)?([\w-]{1,63}(?:\.[\w-]{1,63}){0,9})(?::\d{1,5})?(?:/\S{0,200})?", text)
    if text and host is None:
        raise ParameterError(f"{name}: '{shorten(redact(text))}' is no address; write it as https://hub.example.org")
    return text if not host or "." not in host[1] else f"https://{host[1].lower()}"


def _yes_no(name: str, case: Case, value: object) -> str:
    """Yes or no in several spellings. What else was given is not repeated: it might be a password."""
    if isinstance(value, bool):
        return YES if value else NO
    text = {"true": YES, "false": NO}.get(words(name, value).lower(), words(name, value).lower())
    if text not in ("", YES, NO):
        raise ParameterError(f"{name}: write yes or no, or leave it empty; a password stands nowhere")
    return one_of(name, text, (YES, NO))


def _decline(name: str, case: Case, value: object) -> str:
    text = (YES if value else "") if isinstance(value, bool) else words(name, value)
    if text.lower() in ("true", YES):
        return YES
    return "" if text.lower() in ("false", NO) else text


_ASKED = same((YES, NO))


@dataclass(frozen=True)
class Decision(OfTicket):
    """What a person says of the event; what is empty is read. Days are ISO dates, `decline` is the reason or `yes`."""

    begin: Annotated[str, Parameter("First day", "the event's first day, such as 2027-01-31", _day)] = ""
    end: Annotated[str, Parameter("Last day", "its last day", _day)] = ""
    active_hours: Annotated[
        str, Parameter("Active hours", "when people work on the hub each day, such as 09:00-17:00", _hours)
    ] = ""
    timezone: Annotated[str, Parameter("Time zone", "the zone of these hours, such as Europe/Berlin", _zone)] = ""
    attendees: Annotated[str, Parameter("Attendees", "50, 40-50 or TBD", _attendees)] = ""
    hub_url: Annotated[str, Parameter("Hub", "the address of the hub", _address)] = ""
    hub_exists: Annotated[str, Parameter("Hub exists?", "yes or no", _yes_no, _ASKED)] = ""
    decommission: Annotated[
        str, Parameter("Take it down?", "yes or no: is the hub taken down afterwards?", _yes_no, _ASKED)
    ] = ""
    shared_password_change: Annotated[
        str, Parameter("New password?", "yes or no; the password itself stands nowhere", _yes_no, _ASKED)
    ] = ""
    due: Annotated[
        str,
        Parameter("Password due", "the day by which the password is changed; empty: the day before the event", _day),
    ] = ""
    decline: Annotated[
        str,
        Parameter(
            "Decline",
            "why we cannot prepare it, as the community reads it; only a person declines",
            _decline,
            hint="Only if you decline: why, as the community reads it",
            long=True,
            mailed=True,
        ),
    ] = ""


def decide(case: Case, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    decision = decided(Decision, case, given)
    if decision.begin and decision.end and decision.begin > decision.end:
        raise ParameterError(f"end: {decision.end} is before the event begins ({decision.begin}); swap the two")
    return decision

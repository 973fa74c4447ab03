"""Reads whether a shared password has to change, by which day, and whether nothing else is asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta

from deskbook.language.dates import Days
from deskbook.language.redaction import redact
from deskbook.language.requests import asks_for_password, names_event
from deskbook.language.text import shorten
from deskbook.runbooks.workshop.facts import YES, Fact, Notes
from deskbook.runbooks.workshop.sources import YOU, Said

WHICH_DAY = "By which day must the shared password be changed?"
_HOLDS = re.compile(
    r"\b(?:we|i)\b(?:['’]\w{1,2}| are| will| shall| plan to| want to| would like to| am)?(?: \w+){0,2} (?:run|running|hold|holding|teach|teaching|host|hosting|organi[sz]e|organi[sz]ing|plan|planning)\b",
    re.IGNORECASE,
)
# Wishes beside a shared password, and a password that is changed when the event is over.
_MORE = re.compile(
    r"\b(?:clear|clean|wipe|empty|delete|remove|reset|restart|update|install|increase|raise|add)\b(?:(?!password)[^.\n]){0,40}"
    r"\b(?:hubs?|home director(?:y|ies)|homes|files|data|images?|packages?|memory|storage|users|nodes)\b(?! password)",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\bpassword\b[^.\n]{0,60}\b(?:after (?:the|our|this) (?:\w+ )?(?:workshop|event|course|class|school|hackathon|exam|training)|afterwards|once (?:it|the \w+) is over)\b",
    re.IGNORECASE,
)


def wanted(said: Said, notes: Notes) -> bool:
    """Whether the shared password has to change: a person says so, or they ask for it."""
    own = said.given.get("shared_password_change")
    asks = own == YES if own else asks_for_password(said.text)
    if asks:
        notes.facts["shared_password_change"] = Fact(YES, YOU if own else "they ask for it")
    elif said.given.get("due"):
        notes.look(
            "due", "due is the day of a shared password, and nobody asks for one: say shared_password_change=yes."
        )
    return asks


def alone(said: Said, notes: Notes) -> bool:
    """Whether nothing but a shared password is asked for: no event's facts, and nobody says that they hold one."""
    event = ("begin", "end", "active_hours", "attendees", "hub_exists", "decommission")
    subject = said.case.ticket.subject
    about = names_event(subject) and "password" not in subject.lower()
    told = "active_hours" in notes.facts or "attendees" in notes.facts
    more = any(said.given.get(name) for name in event) or _HOLDS.search(said.text) or _MORE.search(said.text)
    return not (about or told or more)


def due(said: Said, notes: Notes, days: Days, only: bool) -> date | None:
    """The day by which the shared password is changed: before the event. Asks where nothing says it."""
    begin = days.spans[0].begin if days.spans else None
    text, day, where = said.text, None, ""
    if said.given.get("due"):
        day, where = date.fromisoformat(said.given["due"]), YOU
    if day and begin and day >= begin and not only:
        notes.look(
            "due", f"due={day} is not before the event, which begins on {begin}. The day before it stands instead."
        )
        day = None
    if day is None and not _AFTERWARDS.search(text):
        day, where = _day(text, days, only)
    if day:
        notes.facts["due"] = Fact(day.isoformat(), where)
    elif only or begin:
        notes.ask("due", WHICH_DAY)
    if not only and (more := _MORE.search(text)):
        notes.look("due", f"It asks for more than a password: '{shorten(redact(more[0], text))}'. Say it in the issue.")
    return day


def _day(text: str, days: Days, only: bool) -> tuple[date | None, str]:
    """The day that is named for it, else the one before the event begins."""
    if only and days.due:
        words = re.escape(days.due.words[:40])
        early = re.search(rf"\b(?:before|prior to)\b[^.\n]{{0,12}}{words}", text, re.IGNORECASE) is not None
        return days.due.begin - timedelta(days=early), f"the ticket: '{days.due.words}'"
    if not days.spans:
        return None, ""
    span = days.spans[0]
    if not only or names_event(text):
        return span.begin - timedelta(days=1), "the day before it begins"
    return span.begin, f"the ticket: '{span.words}'"

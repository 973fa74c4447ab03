"""An event's issue, as far as others than its own runbook read it: its days, its hours, and a password's day."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from deskbook.language.dates import Span
from deskbook.language.hours import Window, hours_in
from deskbook.model.records import Issue
from deskbook.tickets.issue_form import EVENT, read

PASSWORD = "The shared password is changed by"  # begins an item of the list of tasks; then comes the day


def days_and_hours(issue: Issue) -> tuple[tuple[date, ...], tuple[Window, ...]]:
    """The days of the event and its hours on each, as the form has them; none where it does not say."""
    known = read(EVENT, issue.body)
    pairs = zip(known["begin"].split(";"), (known["end"] or known["begin"]).split(";"), strict=False)
    days: list[date] = []
    for begin, end in pairs:
        with suppress(ValueError):  # somebody wrote it in other words
            days += Span(date.fromisoformat(begin.strip()), date.fromisoformat(end.strip()), "").days()
    return tuple(days), hours_in(f"hours: {known['active_hours']}").windows


def password_day(issue: Issue) -> date | None:
    """By which day its shared password is to be changed; None where no such item is open, or it names no day."""
    for day in re.findall(rf"^- \[ \] {PASSWORD} (\d{{4}}-\d\d-\d\d)", issue.body, re.MULTILINE):
        with suppress(ValueError):
            return date.fromisoformat(day)
    return None

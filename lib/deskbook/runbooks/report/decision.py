"""What a person may ask of a report: the days it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from deskbook.config.organization import Organization
from deskbook.engine.parameters import Parameter, decided, words
from deskbook.errors import ParameterError
from deskbook.schedule.working_time import YEARS

DAY = timedelta(days=1)
LONGEST = 3 * 366 * DAY


def _first(name: str, facts: Any, value: object) -> date:
    """That of the facts: they are read for one period."""
    return _day(name, value) or facts.start


def _last(name: str, facts: Any, value: object) -> date:
    return _day(name, value) or facts.end


@dataclass(frozen=True)
class Decision:
    """The first and the last day."""

    start: Annotated[date, Parameter("First day", "the first day, such as 2026-10-01", _first)]
    end: Annotated[date, Parameter("Last day", "the last day, such as 2026-10-31", _last)]


def decide(facts: Any, **given: object) -> Decision:
    """The parameters as a decision; an empty one is the day that the facts were read from or to."""
    return decided(Decision, facts, {"start": "", "end": "", **given})


def period(organization: Organization, now: datetime, start: object, end: object) -> tuple[date, date]:
    """First and last day. Both empty: the last whole month; one empty: the month of the other. ParameterError otherwise."""
    today = now.astimezone(ZoneInfo(organization.clock.zone)).date()
    first, last = _day("start", start), _day("end", end)
    if first is None:
        first = (last or today.replace(day=1) - DAY).replace(day=1)
    if last is None:
        last = (first.replace(day=1) + 31 * DAY).replace(day=1) - DAY
    if last < first:
        raise ParameterError(f"end: {last} is before {first}; give the later day as end")
    if first > today:
        raise ParameterError(f"start: {first} has not come yet; give a day until {today}")
    if last - first > LONGEST:
        raise ParameterError(f"end: {last} is more than three years after {first}; report on a shorter time")
    return first, last


def _day(name: str, value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif text := words(name, value):
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
                raise ValueError
            day = date.fromisoformat(text)
        except ValueError:
            raise ParameterError(f"{name}: {text!r} is not a day; write it as 2026-10-01") from None
    else:
        return None
    if day.year not in YEARS:
        raise ParameterError(f"{name}: {day} is beyond the calendar ({YEARS[0]} to {YEARS[-1]}); use a nearer day")
    return day

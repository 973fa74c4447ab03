"""Worked examples for the handbook: deadlines, sprints and letters, computed for a day that stays the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deskbook.config.organization import ClockRules, Organization
from deskbook.config.process import Process
from deskbook.engine import messages
from deskbook.handbook.chapters import Chapter, table, ways
from deskbook.language.text import plain_markdown as plain
from deskbook.schedule.working_time import WorkingClock, deadline, iteration, iteration_dates, next_planning

MONDAY = date(2026, 11, 23)  # the examples stand around this day, so that a rebuilt page is the same page
SUMMER_TIME = "Europe/Berlin"  # an example needs a zone that changes its clocks; UTC never does


def clock_examples(process: Process, organization: Organization, _: str) -> str:
    """Deadlines computed by the clock itself, each with its own explanation."""
    rules = organization.clock
    clock = next(clock for clock in process.clocks.values() if clock.until)
    reader = next((p.zone for p in organization.people if p.zone != rules.zone), rules.zone)
    with_day_off = rules.model_copy(update={"days_off": (*rules.days_off, MONDAY + timedelta(days=3))})
    spring = ClockRules(zone=SUMMER_TIME)

    def example(title: str, day: date, hour: int, using: ClockRules, waits: bool = False) -> str:
        start = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(using.zone))
        running = WorkingClock.of(using, waits_for_time_off=waits)
        due = deadline(running, clock.name, start, clock.hours)
        return f"**{title}**\n: {plain(due.explain(reader))}"

    parts = [
        example("Written on a Monday morning", MONDAY, 9, rules),
        example("Written on a Friday at 17:00", MONDAY - timedelta(days=3), 17, rules),
        example("Written on a Saturday", MONDAY - timedelta(days=2), 11, rules),
        example("The day after is a day off", MONDAY + timedelta(days=2), 15, with_day_off),
        example(f"Where the reference zone changes its clocks ({SUMMER_TIME})", date(2026, 3, 27), 17, spring),
    ]
    for off in rules.time_off[:1]:
        before = off.days(MONDAY.year)[0] - timedelta(days=1)
        parts.append(example("A change request, just before the expected time off", before, 12, rules, waits=True))
        parts.append(example("Anything else, at the same moment", before, 12, rules))
    return "\n\n".join(parts)


def sprints(process: Process, organization: Organization, _: str) -> str:
    number = iteration(organization.sprint, max(MONDAY, organization.sprint.first))
    rows = []
    for each in range(number, number + 5):
        first, last = iteration_dates(organization.sprint, each)
        rows.append((str(each), f"{first:%a} {first}", f"{last:%a} {last}"))
    return table(("Iteration", "First day", "Last day"), rows)


def letters(process: Process, organization: Organization, _: str) -> str:
    """Each message in full, filled with sample values."""
    values = _samples(process, organization)
    parts = []
    for name, message in process.messages.items():
        senders = ways(process, (step for step in process.steps() if name in step.sends))
        parts.append(
            f"{{#message-{name} .card-like}}\n## {plain(message.title)}\n\n"
            f"*To* {plain(message.to)}. *Must say:* {plain(message.says)}. *Sent by* {senders}. `messages/{name}.md`\n\n"
            f"::::{{div}} letter\n{messages.body(name, values)}\n::::"
        )
    return "\n\n".join(parts)


def _samples(process: Process, organization: Organization) -> dict[str, object]:
    """One value for everything a message may name; the people and places are the organisation's own."""
    agent = organization.with_role("agent")[0].name
    hub = organization.hubs[0] if organization.hubs else None
    threshold = next((rule.threshold_percent for rule in organization.noise if rule.threshold_percent), 0)
    off = organization.clock.time_off[0].days(MONDAY.year) if organization.clock.time_off else None
    plan = next_planning(organization.sprint, max(MONDAY, organization.sprint.first))
    return {
        "again": False,
        "agent": agent,
        "answer": "“We have settled it among us.” (Ada Example)",
        "baseline": "1,000.00",
        "cluster": hub.cluster if hub else "example-cluster",
        "closing": False,
        "community": hub.community if hub else "Example Community",
        "dashboard": "https://costs.example.org/november",
        "first": f"{off[0]:%d %B %Y}" if off else "a first day",
        "forecast": "1,300.00",
        "hub": hub.url if hub else "the hub",
        "within": process.clocks["update"].span,
        "issue": f"{organization.tracker.repository}#1234",
        "last": f"{off[1]:%d %B %Y}" if off else "a last day",
        "message": ("The broken nodes are replaced.", "Servers start again for everybody."),
        "month": "November 2026",
        "next_bill": "1 December 2026",
        "outage": "",
        "password": False,
        "planning": f"{plan:%A %d %B %Y}",
        "possible": "the hub as it is, for up to ten people.",
        "questions": ("Which hub is it? Its address, please.", "Which message did you see?"),
        "reason": "it begins in three days, and its nodes need a week.",
        "representatives": "Ada Example and Ben Example",
        "request": ("Could you add the package xarray to our hub?",),
        "requester": "Cleo Example",
        "responder": agent,
        "rise": "30.0 %",
        "state": ("servers start again for most people.",),
        "subject": "A new package, please",
        "threshold": f"{threshold:g} %",
    }


EXAMPLES: dict[str, Chapter] = {
    "clock-examples": clock_examples,
    "sprints": sprints,
    "process-messages": letters,
}

"""The three follow-ups of an incident, opened once for its page, whichever of its tickets they are opened from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from deskbook.model.case import Case, reference
from deskbook.model.records import Page
from deskbook.schedule.working_time import iteration, iteration_dates
from deskbook.services.ports import Desk
from deskbook.tickets.incident import VALIDATE_FIX, channel_of, hubs_of, marker, name_of, since
from deskbook.tickets.issue_form import neutral, neutral_title
from deskbook.tickets.tracking import Open, told

STEP = "incident.follow-up"
LABEL = "incident"
PLAIN = re.compile(r"https?://[A-Za-z0-9.:/-]+")  # an address that can stay one, to be followed
WHAT = ("outage", "report", "review")
TITLES = {"outage": "outage", "report": "report", "review": "final review"}
TASKS = {
    "outage": "Find out why it happened, and what keeps it from happening again. Add what is to be done as a list.",
    "report": "Write the report from the channel: what happened, when, who was affected, what helped.",
    "review": "Look at outage and report together, agree on the action items, then close all three.",
}


@dataclass(frozen=True)
class FollowUp(Open):
    """One of the three. It is there already if it was opened from another ticket of the same page."""

    mark: str = ""

    def landed(self, case: Case) -> str | None:
        found = [issue for issue in case.issues if self.reference in issue.refs or self.mark in issue.hidden]
        return told(found[0]) if found else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        there = [issue for issue in desk.tracker.issues(self.since) if self.mark in issue.hidden]
        return told(there[0]) if there else super().apply(desk, results)


def follow_up(case: Case, page: Page, what: str) -> FollowUp:
    """The issue, from facts alone: nothing that is written on the ticket goes into it."""
    key = f"{STEP}#{what}"
    hubs, ref = hubs_of(case), reference(case, key)
    names = " and ".join(hub.name for hub in hubs)
    mark = f"<!-- {what} {marker(page)}"
    facts = [
        f"- Hub: {neutral(names)}",
        f"- Page: {neutral(page.title)} ({page.url if PLAIN.fullmatch(page.url) else neutral(page.url or page.id)})",
        f"- Began: {_day(case, page)}",
        f"- Led by: {neutral(_led_by(case, page))}",
        f"- Channel: {neutral(channel_of(case))}",
        f"- Ticket: {case.ticket.id}",
    ]
    body = "\n\n".join([TASKS[what], "\n".join(facts), _sprint(case), f"<!-- {ref} -->\n{mark}"])
    return FollowUp(
        key=key,
        ticket=case.ticket.id,
        title=neutral_title(f"[Incident] {_day(case, page)} {names}: {TITLES[what]}"),
        body=body,
        labels=(LABEL,),
        reference=ref.removeprefix("Ref "),
        summary=f"Open the follow-up issue: {TITLES[what]}",
        since=since(case.ticket, page),
        mark=mark,
    )


def _day(case: Case, page: Page) -> str:
    began = page.created or case.ticket.created
    return f"{began.astimezone(ZoneInfo(case.organization.clock.zone)):%Y-%m-%d}"


def _led_by(case: Case, page: Page) -> str:
    """Who led it: a page that is resolved has nobody any more, so the records say."""
    assigned = ", ".join(name_of(case, one) for one in page.assigned)
    return assigned or case.statements().get("Incident Responder", "") or "see the page"


def _sprint(case: Case) -> str:
    """Where its action items go: the sprint after the one in which the incident ended."""
    over = case.landed(VALIDATE_FIX)
    ended = over.entry.at if over else (case.incident.resolved if case.incident else None) or case.ticket.created
    day = ended.astimezone(ZoneInfo(case.organization.clock.zone)).date()
    if day < case.organization.sprint.first:
        return "Action items go into the first sprint."
    number = iteration(case.organization.sprint, day) + 1
    first, last = iteration_dates(case.organization.sprint, number)
    return f"Action items go into iteration {number}, {first:%d %B %Y} to {last:%d %B %Y}."

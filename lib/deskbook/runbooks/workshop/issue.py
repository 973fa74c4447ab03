"""The issue of an event: its title, the answers of its form, and what has to be prepared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from deskbook.language import dates as eventdates
from deskbook.model.case import Case
from deskbook.model.records import representatives
from deskbook.runbooks.workshop.event import Event
from deskbook.runbooks.workshop.facts import YES, Fact
from deskbook.runbooks.workshop.sources import THEIR_REPLY, YOU
from deskbook.tickets.coverage import Cover
from deskbook.tickets.event_issue import PASSWORD
from deskbook.tickets.issue_form import neutral, neutral_title

NO_DATES, NO_DUE, NO_HUB, NEW_HUB = "dates not known yet", "password", "hub not named yet", "new hub"
EXAM_HOURS = 12  # guaranteed resources begin no earlier than this before an exam
# Answers of the form that a community, or a person, may change after the issue was opened.
ANSWERS = {
    "begin": "First day",
    "end": "Last day",
    "active_hours": "Active hours",
    "attendees": "Number of attendees",
    "hub_url": "Hub URL",
    "hub_exists": "The hub exists already",
    "decommission": "Taken down afterwards",
}


def title(event: Event) -> str:
    """`[EVENT][12-14 January 2027] workshop.example.org`."""
    hub = event.hub.host if event.hub else event.value("hub_url").removeprefix("https://")
    if event.password_only:
        by = f"{NO_DUE} by {event.due}" if event.due else NO_DUE
        return f"[EVENT][{by}] {neutral_title(hub or NO_HUB)}"
    dates = eventdates.spelled(event.spans) or NO_DATES
    new = NEW_HUB if event.value("hub_exists") == "no" else NO_HUB
    return f"[EVENT][{dates}] {neutral_title(hub or new)}"


def retitled(event: Event, title_now: str) -> str:
    """The issue's title with what became known since it was opened; the same where that is nothing, or a person named it otherwise.

    Days and hub are changed where a reply or a person says them, or where the title says that they are not known.
    """
    there = re.fullmatch(r"\[EVENT\]\[([^\]]*)\] (.+)", title_now)
    named = re.fullmatch(r"\[EVENT\]\[([^\]]*)\] (.+)", title(event))
    if there is None or named is None:
        return title_now
    day = event.facts.get("due" if event.password_only else "begin")
    hub = event.facts.get("hub_url")
    dates = named[1] if there[1] in (NO_DATES, NO_DUE) or (day and newer(day)) else there[1]
    place = named[2] if there[2] in (NO_HUB, NEW_HUB) or (hub and newer(hub)) else there[2]
    return f"[EVENT][{dates}] {place}"


def newer(fact: Fact) -> bool:
    """Whether a value comes from a person or a reply, and so counts more than the ticket that the issue was made of."""
    return fact.where == YOU or fact.where.startswith(THEIR_REPLY)


def representative(case: Case) -> str:
    """Who speaks for the community: who asked, if they represent it, else the first on its list; may be empty."""
    community = case.community(case.ticket.community)
    people = [entry.contact for entry in representatives(community) if entry.contact] if community else []
    own = [contact for contact in people if contact.id == case.requester.id]
    return next((contact.name for contact in [*own, *people]), "")


def answers(event: Event) -> dict[str, str]:
    """What the form's fields say of the event, empty where nothing is known. They hold no words of the ticket, only what was understood."""
    yes_no = {"yes": "Yes", "no": "No", "": ""}
    said = {name: event.value(name) for name in ANSWERS}
    return {**said, "hub_exists": yes_no[said["hub_exists"]], "decommission": yes_no[said["decommission"]]}


def values(case: Case, event: Event, notice: int | None, cover: Sequence[Cover]) -> dict[str, str]:
    """The whole form, filled in."""
    enough = "" if notice is None else "Yes" if notice >= case.organization.workshop.warn_days else "No"
    said = {
        "ticket": case.ticket.url,
        "representative": neutral(representative(case)) or "not named yet",
        **answers(event),
        "enough_notice": enough,
        "on_calendar": "" if event.password_only else "No",
        "tasks": "\n".join([*tasks(case, event), *_open(event), *_cover(event, cover)]),
    }
    if event.password_only:
        said["definition_of_done"] = "- [ ] The password is changed, and the community knows it from us, not from here"
    return said


def tasks(case: Case, event: Event) -> list[str]:
    """What has to be ready, as a list to tick."""
    items = []
    if not event.password_only:
        people = event.value("attendees")
        crowd = f"{people} people" if people not in ("", "TBD") else "the expected number of people"
        items += [
            f"The cloud quota covers {crowd}",
            "A node pool of the right size is there",
            "Big images are pulled ahead",
            "Nodes are warm before the event begins",
            f"Home directories have their quota: {case.organization.workshop.home_gigabytes} GB each",
            "Somebody is awake during the active hours",
            "The event is on our calendar",
        ]
    if event.value("hub_exists") == "no" and not event.password_only:
        items.append("The hub is there, and the community has its address")
    if event.ready:
        items.append(f"All this is ready by {event.ready}, as the community asks")
    if event.exam:
        items += [
            "Two engineers are named for the exam",
            f"Guaranteed resources begin no earlier than {EXAM_HOURS} hours before the exam",
            "After the instructor's test nothing is changed until the exam is over",
        ]
    if event.password:
        items.append(password_item(event))
    if event.value("decommission") == YES and event.end:
        items.append(f"The hub is taken down after {event.end}")
    return [f"- [ ] {item}" for item in items]


def password_item(event: Event) -> str:
    """The day alone: the password itself is written down nowhere."""
    by = f"{event.due}" if event.due else "a day that is not known yet"
    return f"{PASSWORD} {by}; the password itself is never written here"


def changed(event: Event, known: Mapping[str, str], body: str) -> list[str]:
    """What the community, or a person, says by now and the issue does not, a line each."""
    said = answers(event)
    found = []
    for name, label in ANSWERS.items():
        fact = event.facts.get(name)
        says = fact is not None and (newer(fact) or (not known.get(name) and fact.where != "the issue"))
        if said[name] and said[name] != known.get(name) and says:
            found.append(f"{label}: {said[name]}")
    if event.password and event.due and f"changed by {event.due}" not in body:
        found.append(password_item(event))
    return found


def _open(event: Event) -> list[str]:
    if not event.missing:
        return []
    return [
        "",
        "**Incomplete.** We have asked the community:",
        *(f"- {neutral(question)}" for question in event.missing),
    ]


def _cover(event: Event, cover: Sequence[Cover]) -> list[str]:
    if event.password_only:
        return []
    if not cover:
        return ["", "Who is at work during the event cannot be said before its days and hours are known."]
    return [
        "",
        "At work during the active hours, by their own hours:",
        *(f"- {line}" for line in cover_lines(cover)),
    ]


def cover_lines(cover: Sequence[Cover]) -> list[str]:
    """Days alike in a row are one line."""
    found = []
    for said, run in groupby(cover, key=lambda c: c.sentence()):
        days = [c.day for c in run]
        first, last = days[0], days[-1]
        row = last - first == timedelta(days=len(days) - 1)
        dates = f"{first:%a} {first}" if first == last else f"{first} to {last}" if row else ", ".join(map(str, days))
        found.append(f"{dates}: {said}")
    return found

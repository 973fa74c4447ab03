"""The issue of an event: its title, the answers of its form, and what has to be prepared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from deskbook.language import dates as eventdates
from deskbook.model.case import Case, representatives
from deskbook.runbooks.workshop.event import Event
from deskbook.runbooks.workshop.facts import YES
from deskbook.tickets.coverage import Cover
from deskbook.tickets.issue_form import neutral, neutral_title

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
        by = f"password by {event.due}" if event.due else "password"
        return f"[EVENT][{by}] {neutral_title(hub or 'hub not named yet')}"
    dates = eventdates.spelled(event.spans) or "dates not known yet"
    new = "new hub" if event.value("hub_exists") == "no" else "hub not named yet"
    return f"[EVENT][{dates}] {neutral_title(hub or new)}"


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
    by = f"by {event.due}" if event.due else "by a day that is not known yet"
    return f"The shared password is changed {by}; the password itself is never written here"


def changed(event: Event, known: Mapping[str, str], body: str) -> list[str]:
    """What the community, or a person, says by now and the issue does not, a line each."""
    said = answers(event)
    found = []
    for name, label in ANSWERS.items():
        where = event.facts[name].where if name in event.facts else ""
        newer = where == "you say so" or where.startswith("their reply") or not known.get(name)
        if said[name] and said[name] != known.get(name) and newer and where != "the issue":
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

"""What is disturbed: for each runbook of the catalogue a few runs that write. A new runbook gets one of its own accord.

`ROADS` has the runs that need words of ours or a road before them. Beside these, each runbook is tried on the ticket it
is practised on, with its defaults and with each value that its form offers, until a plan has something to do.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import building

from deskbook.errors import DeskbookError
from deskbook.runbooks.catalog import NAMES, RUNBOOKS, Runbook
from deskbook.services.ports import Desk
from torture import acts
from torture.seen import Item
from torture.wire import Call
from torture.world import World, world

Run = tuple[str, Mapping[str, object]]


@dataclass(frozen=True)
class Scenario:
    """A run, and the runs that lead to it."""

    name: str
    runbook: str
    given: Mapping[str, object]
    before: tuple[Run, ...] = ()

    @property
    def ticket(self) -> int:
        """Of a run without a ticket: 0."""
        return int(str(self.given.get("ticket_id", 0)))


UNSOLVED = ("timebox", {"ticket_id": 102, "minutes": 25, "outcome": "unsolved", "findings": "Nothing larger there"})
OPENED = ("incident", {"ticket_id": 111, "stage": "open"})
UP = ("@hub", {"name": "ember", "up": True})
ACCEPTED = ("@note", {"ticket": 111, "by": "mei.tanaka@staff.example.org", "body": "Hand-over accepted"})
VALID = ("@note", {"ticket": 111, "by": "noor.haddad@staff.example.org", "body": "Fix validated"})
FIXED = ("incident", {"ticket_id": 111, "stage": "resolve", "message": "The node is back"})
SPRINT = ("prioritize", {"iteration": 55, "give": "4 Mei"})
FEW = ("@only", {"tickets": (105, 109, 117)})  # a sweep of all makes 480 calls, of which most are alike
THREE_WEEKS = ("@clock", {"advance": 21 * 86_400})
THANKS = ("@answer", {"ticket": 131, "by": "dev@delta.example.org", "body": "That works now, thank you!"})
NO = ("@answer", {"ticket": 131, "by": "dev@delta.example.org", "body": "No, it still does not work."})
# By name: the runbook, its parameters, and what happened before it.
ROADS: dict[str, tuple[str, Mapping[str, object], tuple[Run, ...]]] = {
    "triage": ("triage", {"ticket_id": 101, "agent": "Mei"}, ()),
    "triage-stranger": ("triage", {"ticket_id": 105}, ()),
    "triage-approved": ("triage", {"ticket_id": 106}, ()),
    "triage-settled": ("triage", {"ticket_id": 107}, ()),
    "triage-notice": ("triage", {"ticket_id": 116}, ()),
    "triage-spam": ("triage", {"ticket_id": 117}, ()),
    "triage-down": ("triage", {"ticket_id": 127}, ()),
    "timebox": (*UNSOLVED, ()),
    "timebox-solved": (
        "timebox",
        {"ticket_id": 102, "minutes": 12, "outcome": "solved", "findings": "It is documented"},
        (),
    ),
    "escalate": ("escalate", {"ticket_id": 103, "agent": "Noor", "capacity": "true"}, ()),
    "escalate-manager": ("escalate", {"ticket_id": 103, "agent": "Noor", "capacity": "I am on leave"}, ()),
    "resolve": ("resolve", {"ticket_id": 110, "outcome": "fixed", "message": "The guide is linked"}, ()),
    "resolve-not-fixed": (
        "resolve",
        {"ticket_id": 102, "outcome": "not-fixed", "message": "It takes longer"},
        (UNSOLVED, SPRINT, THREE_WEEKS),
    ),
    "resolve-no-survey": ("resolve", {"ticket_id": 110, "outcome": "no-survey", "message": "Told by phone"}, ()),
    "resolve-confirmed": ("resolve", {"ticket_id": 131, "outcome": "confirmed"}, (THANKS,)),
    "resolve-refuted": ("resolve", {"ticket_id": 131, "outcome": "refuted"}, (NO,)),
    "workshop": ("workshop", {"ticket_id": 122, "attendees": "40-50"}, ()),
    "workshop-declined": ("workshop", {"ticket_id": 122, "decline": "We have nobody in that week"}, ()),
    "incident": (*OPENED, ()),
    "incident-update": (
        "incident",
        {"ticket_id": 111, "stage": "update", "message": "We look at the node"},
        (OPENED,),
    ),
    "incident-hand-over": (
        "incident",
        {"ticket_id": 111, "stage": "hand-over", "responder": "Mei"},
        (OPENED, ACCEPTED),
    ),
    "incident-resolve": (*FIXED, (OPENED, UP, VALID)),
    "incident-follow-up": ("incident", {"ticket_id": 111, "stage": "follow-up"}, (OPENED, UP, VALID, FIXED)),
    "sweep": ("sweep", {}, (FEW,)),
    "prioritize": ("prioritize", {"iteration": 56, "give": "4 Mei"}, (UNSOLVED,)),
    "onboard": (
        "onboard",
        {"community": "Glacier", "representatives": "Gro Isaksen <gro@glacier.example.org>"},
        (),
    ),
    "onboard-update": (
        "onboard",
        {
            "community": "Fjord Data School",
            "representatives": "Finn Aasen <finn@fjord.example.org>; Frida Moen <frida@fjord.example.org>",
        },
        (),
    ),
}


@dataclass(frozen=True)
class Road:
    """A scenario at hand: the sandbox before it, what an undisturbed run leaves, and the calls it made."""

    scenario: Scenario
    kept: sqlite3.Connection
    before: Counter[Item]
    after: Counter[Item]
    calls: tuple[Call, ...]
    hidden: tuple[str, ...]  # marks that it left in the tracker, as they stand there

    @property
    def positions(self) -> range:
        return range(1, len(self.calls) + 1)


@cache
def scenarios() -> dict[str, Scenario]:
    """All of them by name; the derived ones bear their runbook's name and what was chosen."""
    found = {name: Scenario(name, *road) for name, road in ROADS.items()}
    covered = {scenario.runbook for scenario in found.values()}
    for name in NAMES:
        if name not in covered and writes(name) and (made := derived(name)):
            found[made.name] = made
    return found


def derived(name: str) -> Scenario | None:
    """The first run of this runbook on its ticket of practice whose plan has something to do."""
    world().back(seed())
    practice = import_module(f"deskbook.runbooks.{name}.decision").PRACTICE if RUNBOOKS[name].of_ticket else 0
    given = first_run(name, {"ticket_id": practice} if practice else {})
    if given is None:
        return None
    chosen = [str(value) for key, value in given.items() if key != "ticket_id"]
    return Scenario("-".join((name, *chosen)).replace(" ", "-"), name, given)


def first_run(name: str, ticket: Mapping[str, object]) -> dict[str, object] | None:
    """The first parameters with which this runbook has something to do on that ticket, as all stands now.

    They are looked for among one reading of the ticket; what was found is read for itself.
    """
    desk, book = world().desk(), RUNBOOKS[name]
    facts = book.read(desk, **ticket) if book.of_ticket else None
    runs = ({**ticket, **given} for given in _given(book, desk, ticket))
    return next((given for given in runs if does(book, desk, given, facts) and does(book, desk, given, None)), None)


def _given(book: Runbook, desk: Desk, ticket: Mapping[str, object]) -> Iterable[dict[str, object]]:
    """Nothing; each value a form offers, for one parameter at a time; a word for each that takes any; all words at once."""
    yield {}
    facts = book.read(desk, **ticket)
    for each in book.parameters:
        for _, value in each.parameter.options(facts) if each.parameter.options else ():
            yield {each.name: value}
    texts = {
        each.name: "word"
        for each in book.parameters
        if each.type == "str" and each.parameter.read is None and not each.parameter.options and each.name != "approve"
    }
    yield from ({name: word} for name, word in texts.items())
    yield dict(texts)


def does(book: Runbook, desk: Desk, given: Mapping[str, object], facts: Any) -> bool:
    """Whether a run has something to do, as these facts say, or as all is read now."""
    try:
        facts = facts or book.read(desk, **given)
        own = {key: value for key, value in given.items() if key != "ticket_id"}
        return bool(book.plan(facts, book.decide(facts, **own)).actions)
    except DeskbookError:
        return False


def writes(name: str) -> bool:
    """Whether any case of this runbook expects an action; queue and report only show."""
    expected = (building.read(path)["expect"] for path in building.plan_files(name))
    return any(isinstance(said, dict) and said.get("actions") for said in expected)


@cache
def seed() -> sqlite3.Connection:
    return world().keep()


@cache
def road(name: str) -> Road:
    """The scenario, prepared and run once without disturbance."""
    scenario, here = scenarios()[name], world()
    seed()
    here.back(seed())
    for happened, given in scenario.before:
        if happened.startswith("@"):
            acts.happen(happened, given)
            continue
        ran = here.run(happened, given)
        assert not ran.failure, f"{name}: the road to it is blocked by {happened}: {ran.failure}"
    kept, before, there = here.keep(), here.seen(), _hidden(here)
    ran = here.run(scenario.runbook, scenario.given)
    assert not ran.failure, f"{name}: undisturbed, it fails: {ran.failure}"
    return Road(
        scenario, kept, before, here.seen(), ran.calls, tuple(mark for mark in _hidden(here) if mark not in there)
    )


def _hidden(here: World) -> list[str]:
    """Everything that the tracker holds and nobody sees, oldest first."""
    query = (
        "SELECT body, created_at FROM gh_issues UNION ALL SELECT body, created_at FROM gh_comments ORDER BY created_at"
    )
    return [mark for row in here.store.rows(query) for mark in re.findall(r"<!--.*?-->", row["body"] or "", re.DOTALL)]

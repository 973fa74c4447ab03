"""Rank the agents who could take a ticket, with the reasons; the Triager decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deskbook.config.organization import Person
from deskbook.model.case import Case
from deskbook.model.records import Agent, HubChange
from deskbook.schedule.working_time import in_hours
from deskbook.tickets.classification import classify

# How a matter shows in a ticket's words. A skill that is not listed here is looked for by its own name.
SIGNS = {
    "authentication": r"log ?in|sign ?in|oauth|password|permission|403",
    "documentation": r"document|how (?:do|can|to)|where (?:do|can|is)",
    "images": r"packages?|import(?:ing)?|modules?|images?|conda|pip|environments?|kernel",
    "kubernetes": r"spawn|pods?|nodes?|autoscal\w+|server start\w*|memory|profiles?",
    "monitoring": r"grafana|prometheus|metrics|dashboards?",
    "networking": r"unreachable|timed? ?out|dns|certificate|503|502",
    "storage": r"disk|space|home director\w+|quota|bucket|shared drive|files?",
    "education": r"class|students?|course|lecture|nbgrader",
    "r": r"rstudio|r studio|tidyverse|cran",
}
TIMEBOX_HOURS = 0.5  # what an open ticket is counted to cost, for the sake of comparing loads


@dataclass(frozen=True)
class Candidate:
    """One agent with a score that only orders, and the reasons for it, weightiest first."""

    agent: Agent
    score: float
    reasons: tuple[str, ...]

    def sentence(self) -> str:
        return f"{self.agent.name}: {', '.join(self.reasons) or 'nothing speaks for or against'}"


def rank(case: Case, first: str = "") -> tuple[Candidate, ...]:
    """Every agent of the organisation who has an account in the helpdesk, best first (`first` before all); ties by name."""
    found = [
        _weigh(case, agent, agent.person) for agent in case.staff() if agent.person and "agent" in agent.person.roles
    ]
    return tuple(sorted(found, key=lambda c: (c.agent.mail != first, -c.score, c.agent.name)))


def _weigh(case: Case, agent: Agent, person: Person) -> Candidate:
    words = case.own_words
    weights: list[tuple[float, str]] = []
    hub_changes = [change for cluster in case.hub_changes.values() for change in cluster]
    hub_changes.sort(key=lambda change: change.at, reverse=True)
    own = [index for index, change in enumerate(hub_changes) if _wrote(change, person)]
    if own:
        day = f"{hub_changes[own[0]].at:%d %b}"
        weights.append(
            (3.0, f"touched this hub last, on {day}") if own[0] == 0 else (1.0, f"touched this hub on {day}")
        )
    for skill in person.skills:
        if skill == "documentation" and classify(case).category == "guidance":
            weights.append((2.0, "it is a documentation question"))
        elif skill != "documentation" and _shows(skill, words):
            weights.append((2.0, f"knows {skill}"))
    weights += [(1.0, f"would learn about {topic}") for topic in person.learning if _shows(topic, words)]
    spare = max(person.support_hours - agent.open_tickets * TIMEBOX_HOURS, 0.0)
    load = f"{agent.open_tickets} open ticket{'' if agent.open_tickets == 1 else 's'}, about {spare:g} h to spare this week"
    weights.append((min(spare, 8.0) / 4 - (0.0 if spare else 2.0), load))
    if in_hours(person.hours, person.zone, case.now):
        weights.append((1.0, "at work now"))
    weights.sort(key=lambda weight: -weight[0])
    return Candidate(agent, sum(value for value, _ in weights), tuple(reason for _, reason in weights))


def _wrote(change: HubChange, person: Person) -> bool:
    return person.among([change.author]) or change.author.lower() == person.mail.lower()


def _shows(topic: str, words: str) -> bool:
    return re.search(rf"\b(?:{SIGNS.get(topic, re.escape(topic))})\b", words, re.IGNORECASE) is not None

"""What the community wrote about its event, with the questions of a form told apart from its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from deskbook.language.asides import matter
from deskbook.language.changed_days import as_it_is_now
from deskbook.language.date_pieces import written_out
from deskbook.language.forms import Answer, Filled, filled
from deskbook.model.case import Case
from deskbook.model.records import representatives
from deskbook.runbooks.workshop.facts import NO, YES

LONGEST = 20_000  # characters of one message that are read for an event
YOU, THEIR_REPLY = "you say so", "their reply"  # where a person's parameter, or a later mail of theirs, stands

# What a question asks for, and how it is written before its answer for the readers. The first that fits counts.
NOT_ASKED = (
    r"\b(?:timestamp|submitted|created|today|memory|ram|storage|disk|cpus?|gpus?|version|phone|fax|budget|ticket|e-?mail|per (?:person|student|user|participant)|how (?:long|many days)"
    r"|number of (?:days|hours|sessions|nodes|staff))\b"
)
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("timezone", "Time zone", r"\btime ?-?zone|\btz\b|\bzeitzone|\bfuseau|\bzona horaria|\bhuso"),
    ("decommission", "", r"\b(?:decommission|ta?ken? down|delete|remove|torn|tear|keep|shut down|still needed|abgeschaltet|gelöscht)\b"),
    ("password", "", r"\bpassword|\bpasswort|\bmot de passe|\bcontraseña"),
    ("other", "Deadline", r"\b(?:deadline|due|needed by|ready|by when|until when|registration|regist\w+|test\w*|rehears\w+|anmelde\w+|setup|set-up|available|previous|last (?:year|time))\b"),
    ("active_hours", "Active hours", r"\b(?:hours|times?|daily|schedule|uhrzeit(?:en)?|zeiten|zeit|horaires?|heures?|horas?|horarios?)\b"),
    ("dates", "Dates", r"\b(?:begins?|starts?) and (?:ends?|finish)|\bdates? and times?\b"),
    ("begin", "Begin", r"\b(?:begins?|beginning|starts?|starting|first day|from|beginn|anfang|début|inicio|comienzo|erster tag|premier jour|primer día)\b"),
    ("end", "End", r"\b(?:ends?|ending|last day|until|finish\w*|to|ende|fin|letzter tag|dernier jour|último día|bis)\b"),
    ("attendees", "Number of attendees", r"\b(?:attend\w+|participants?|participantes|teilnehm\w+|people|persons|personen|personnes|personas|students?|learners|users|seats|pax|ppl|heads|turnout|audience|head ?count|enrol\w+"
     r"|class size|size|how many|wie viele|combien|cuánt[oa]s|studierende|étudiants|asistentes|alumnos|estudiantes)\b"),
    ("dates", "Dates", r"\b(?:dates?|when|days?|wann|datum|daten|termine?|zeitraum|quand|jours?|fechas?|cuándo|días?|week)\b"),
    ("hub_exists", "", r"\b(?:exists?|existing|already|new hub)\b"),
    ("hub_url", "Hub", r"\b(?:hub|url|address|jupyterhub)\b"),
)  # fmt: skip


def asked_for(question: str) -> tuple[str, str]:
    """The field that a question of a form asks for, and its label; both empty for any other question."""
    text = question.lower()
    if re.search(NOT_ASKED, text):
        return "", ""
    return next(((name, label) for name, label, pattern in FIELDS if re.search(pattern, text)), ("", ""))


@dataclass(frozen=True)
class Source:
    """A message, the ticket or the issue. `where` is ours to show."""

    where: str
    form: Filled
    is_ticket: bool = True

    @cached_property
    def text(self) -> str:
        """What is said in it, and what a form's answers say, each with the label that the readers know."""
        return as_it_is_now(
            written_out(matter("\n".join(line for part in self.form.parts if (line := _line(part)))[:LONGEST]))
        )

    def told(self, *names: str) -> str:
        """The answers of a form to the questions that ask for these fields, with their labels; empty where none asks."""
        own = [part for part in self.form.answers if part.value and asked_for(part.question)[0] in names]
        return "\n".join(_line(part) for part in own)[:LONGEST]


def _line(part: Answer | str) -> str:
    if isinstance(part, str):
        return part
    name, label = asked_for(part.question)
    if re.search(r"\b(?:timestamp|submitted|created|today)\b", part.question, re.IGNORECASE):
        return ""  # the day on which the form was sent
    if re.search(r"\bnumber of days|\bhow many days", part.question, re.IGNORECASE):
        return f"Number of days: {part.value}"
    if name in ("active_hours",) and re.search(r"\bstart|\bend|\bbegin", part.question, re.IGNORECASE):
        label = part.question  # Start time, End time
    if part.affirmed and name not in ("hub_exists",):
        return f"{part.question} {part.value}"
    return f"{label}: {part.value}" if label and part.value else part.value


@dataclass(frozen=True)
class Said:
    """All there is to read: messages from the newest to the ticket, a person's parameters, the issue's answers."""

    case: Case
    sources: tuple[Source, ...]
    given: Mapping[str, str]
    known: Mapping[str, str]
    asked: date  # the day of the ticket

    @cached_property
    def text(self) -> str:
        """Everything the community said, the ticket first."""
        return "\n".join(source.text for source in reversed(self.sources))

    def answered(self, name: str) -> str:
        """Yes or no to a form's question about one field, the newest answer first; empty where it is neither.

        Whoever wants to keep a hub, or needs a new one, says the opposite of taking it down, and of its being there.
        """
        for source in self.sources:
            for answer in source.form.answers:
                turned = re.search(r"\b(?:keep|needed|new)\b", answer.question, re.IGNORECASE) is not None
                denied = re.match(r"(?:no|nein|non|n)\b(?! (?:idea|answer))", answer.value, re.IGNORECASE) is not None
                if asked_for(answer.question)[0] == name and (answer.affirmed or denied):
                    return YES if answer.affirmed != turned else NO
        return ""


def sources(case: Case) -> tuple[Source, ...]:
    """What the community wrote, newest first: replies of who asked or represents it, then the ticket itself."""
    community = case.community(case.ticket.community)
    people = {r.contact.id for r in representatives(community) if r.contact} if community else set()
    form = filled(case.ticket.body)
    found = [Source("the ticket", Filled((case.ticket.subject, *form.parts), form.ticked))]
    for entry in case.replies():
        if entry.author in people | {case.requester.id}:
            where = f"{THEIR_REPLY} of {entry.at.day} {entry.at:%B}"
            found.append(Source(where, filled(entry.body), is_ticket=False))
    return tuple(reversed(found))

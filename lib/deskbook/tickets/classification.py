"""Classify a ticket: what kind of request it is, whether several are cut off, how grave it is, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from deskbook.config.organization import Category, Organization
from deskbook.language import machine_mail, requests
from deskbook.language.phrase_search import Match
from deskbook.language.redaction import redact
from deskbook.language.text import words_of
from deskbook.model.case import Alike, Case, mentions
from deskbook.model.records import Page, Probe

PAST = 4  # closed tickets that are named
IMPACTS = ("Low", "Medium", "High", "Critical")
_SAYS = {
    "broken": "it speaks of",
    "change": "it asks for",
    "guidance": "it asks",
    "workshop": "it speaks of an event, or of what one needs:",
}
_READS = {  # where no pattern is found, and single words speak for a kind
    "broken": "it reads like a report of something broken",
    "change": "it reads like a wish for a change",
    "guidance": "it reads like a question",
    "workshop": "it reads like the announcement of an event",
}

# What a ticket tells already: a message it quotes, and since when it fails.
_MESSAGE = re.compile(
    r"Traceback|\w*Error\b|\w+: |\berror:|\b[45]\d\d\b|[\"“„«`'‘][^\"“”„«»`'‘’\n]{3,}\s[^\"“”„«»`'‘’\n]{2,}[\"”“»`'’]"
)
_ERROR = re.compile(r"Traceback|\w*Error\b|\b[45]\d\d\b")  # also in what the ticket quotes
_SINCE = re.compile(
    r"\b(?:since|today|yesterday|this (?:morning|afternoon|week)|last night|minutes? ago|hours? ago|\d{1,2}[:.]\d\d|\d{1,2} ?(?:am|pm)"
    r"|seit|heute|gestern|depuis|ce matin|hier|desde|hoy|ayer|esta mañana)\b",
    re.IGNORECASE,
)
_STILL = re.compile(  # or no longer
    r"\b(?:still|works? (?:again|now)|(?:is|are) back|immer noch|weiterhin|geht wieder|toujours|remarche|todavía|sigue)\b",
    re.IGNORECASE,
)
_LONG, _SHORT = 60, 12  # words: enough to tell what happened, and too few to tell what is wanted


@dataclass(frozen=True)
class Classification:
    """What a ticket asks for, or None where its words do not say; with the reason for each sign.

    `outage` holds the words of a possible incident, `critical` those of an example of the impact Critical, `depends`
    those that make it critical or not, depending on what they do not say; each is empty where there are none.
    """

    category: Category | None
    because: str
    outage: str = ""
    critical: str = ""
    depends: str = ""
    several: str = ""


def classify(case: Case) -> Classification:
    """What the ticket asks for. Words that speak for two kinds alike are no answer: a person reads them."""
    found = _classified(_signs(case), case.text)
    if found.category or found.outage or not case.alike:
        return found
    return replace(found, because=f"{found.because}; {_past(case.alike, case.organization)}")


def _past(alike: Alike, organization: Organization) -> str:
    """What a person may go by: the kind of most closed tickets that are like this one, and which these are."""
    shown = ", ".join(str(number) for number in alike.tickets[:PAST]) + (", …" if len(alike.tickets) > PAST else "")
    kind = organization.ticket_types[alike.kind]
    return f"{len(alike.tickets)} of the {alike.of} closed tickets most like it were '{kind}' ({shown})"


def reports_outage(case: Case) -> bool:
    return bool(classify(case).outage)


def subject_reports_outage(subject: str, organization: Organization) -> bool:
    """Whether a subject alone speaks of an outage, for a list that shows nothing else."""
    return _read(subject, "", tuple(organization.words.requests.items())).outage is not None


def subject_category(subject: str, organization: Organization) -> Category | None:
    """What a subject alone asks for, or None where it does not say."""
    return _read(subject, "", tuple(organization.words.requests.items())).kind


def _signs(case: Case) -> requests.Signs:
    subject, _, body = case.own_words.partition("\n")
    if machine_mail.passes_on(case.ticket.subject) and len(body.split()) < _SHORT and "?" not in body:
        body = words_of(case.ticket.body)  # they say next to nothing of their own: what they forward is the request
    return _read(subject, body, tuple(case.organization.words.requests.items()))


@lru_cache(maxsize=256)
def _read(subject: str, body: str, own: tuple[tuple[str, tuple[str, ...]], ...]) -> requests.Signs:
    return requests.read(subject, body, dict(own))


def _classified(signs: requests.Signs, text: str) -> Classification:
    def words(match: Match | None) -> str:
        return redact(match.words, text) if match else ""

    return Classification(
        category=signs.kind,
        because=redact(_because(signs), text),
        outage=words(signs.outage),
        critical=words(signs.critical),
        depends=words(signs.depends),
        several=words(signs.several),
    )


def _because(signs: requests.Signs) -> str:
    if signs.outage:
        return f"it may report an outage: '{signs.outage.words}'"
    if signs.kind and signs.kind not in signs.kinds:
        return f"{_READS[signs.kind]} ({', '.join(map(repr, signs.telling))})"
    if signs.kind:
        return f"{_SAYS[signs.kind]} '{signs.kinds[signs.kind].words}'"
    if not signs.kinds:
        return "its words do not say"
    said = ", and ".join(f"{_SAYS[kind]} '{match.words}'" for kind, match in signs.kinds.items())
    return f"{said}, perhaps for several: '{signs.doubt.words}'" if signs.doubt else said


def impact_of(case: Case, category: Category | None) -> tuple[str, str]:
    """A first view of the impact and why; one of `IMPACTS`. What may be an incident is High at least."""
    found = classify(case)
    if found.critical and category in ("broken", "change") and not found.outage:
        return "Critical", f"'{found.critical}' needs a fix inside the sprint"
    if found.outage and category not in ("change", "guidance", "workshop"):
        return "High", f"it may be an incident ('{found.outage}')"
    if category in ("broken", "incident"):
        if found.several:
            return "High", f"it affects several ('{found.several}')"
        return "Medium", "one workflow is broken"
    return "Low", "nothing is broken"


def may_be_critical(case: Case, category: Category | None) -> str:
    """The words that make a fault or a change critical, depending on who is kept from what; empty where none do."""
    found = classify(case)
    asked = category in ("broken", "change") and not found.critical and not found.outage
    return found.depends if asked else ""


def pages_about(case: Case) -> tuple[Page, ...]:
    """Open pages that speak of a hub of this ticket."""
    hubs = [probe.hub for probe in case.probes]
    return tuple(p for p in case.pages if any(mentions(p.about, h.host) or mentions(p.about, h.name) for h in hubs))


def hubs_down(case: Case) -> tuple[Probe, ...]:
    return tuple(probe for probe in case.probes if probe.up is False)


def missing(case: Case, category: Category | None) -> tuple[str, ...]:
    """The questions to ask, in the words of the mail; none where the ticket or a reply on it answers them."""
    replies = case.replies()
    later = "\n".join(words_of(reply.body, quotes=False) for reply in replies)
    words, found = f"{case.own_words}\n{later}", classify(case)
    hub = case.hubs_named() or any(mentions(later, each.host) for each in case.organization.hubs)
    shown = _MESSAGE.search(words) or _ERROR.search(case.text) or any(reply.files for reply in replies)
    questions = []
    if category in ("broken", "incident") and not hub and len(case.probes) != 1:
        questions.append("Which hub is it? Its address, please.")
    if category == "broken" and not shown and len(words.split()) < _LONG and not hubs_down(case):
        questions.append("What exactly did you do, and which message did you see? The full text helps most.")
    if category in ("broken", "incident") and found.outage and case.probes and not hubs_down(case):
        since = _read("", later, tuple(case.organization.words.requests.items()))
        if not (since.outage or _STILL.search(later)):
            questions.append(_still(words, several=bool(found.several or since.several)))
    if category == "change" and len(words.split()) < _SHORT:
        questions.append("What should be different, and by when do you need it?")
    return tuple(questions)


def _still(words: str, *, several: bool) -> str:
    """Whether it still fails, and what the ticket does not tell of that."""
    left: Sequence[str] = [
        *(["for whom"] if not several else []),
        *(["since when"] if not _SINCE.search(words) else []),
    ]
    asked = {0: "", 1: ", and "}.get(len(left), ", ") + ", and ".join(left)
    return f"We can reach the hub at the moment. Does it still fail{asked}?"

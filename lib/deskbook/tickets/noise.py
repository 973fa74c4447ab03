"""Recognise mail that needs no answer: the organisation's rules, and the marks of a machine, on one ticket.

In the organisation's rules the sender decides, never the words: people quote alerts when they ask about them. Whether a
mail is an automatic one at all, such as an absence or a delivery failure, `language.machine_mail` reads from all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from deskbook.config.organization import Hub, NoiseRule, is_of
from deskbook.language import machine_mail
from deskbook.language.redaction import redact
from deskbook.language.text import sentence, words_of
from deskbook.model.case import Case
from deskbook.model.records import representatives
from deskbook.tickets.classification import reports_outage


@dataclass(frozen=True)
class Noise:
    """A rule that holds for a ticket, and what it read from its text."""

    rule: NoiseRule
    read: Mapping[str, str]

    @property
    def rise(self) -> float | None:
        """By how many per cent the forecast exceeds the baseline; None where the mail does not say."""
        forecast, baseline = amount(self.read.get("forecast", "")), amount(self.read.get("baseline", ""))
        # In decimals: a rise of exactly the threshold must not come out as a hair more.
        return None if forecast is None or not baseline else float((forecast - baseline) * 100 / baseline)


def recognise(case: Case) -> Noise | None:
    """The first rule that holds, else what the mail itself gives away; None for what a person wrote."""
    return _by_rule(case) or _by_machine(case)


def _by_machine(case: Case) -> Noise | None:
    """A rule made for a mail that a machine wrote: it is closed where that is certain and no outage is spoken of."""
    ticket, requester = case.ticket, case.requester
    if ticket.source != "Email":
        return None
    sender = f"{requester.name} <{requester.mail}>" if requester.mail else requester.name
    mail = machine_mail.Mail(sender, ticket.subject, ticket.body, ticket.headers, ticket.automatic)
    found = machine_mail.read(mail, case.organization.support.mail)
    if found is None:
        return None
    closes = found.certain and not reports_outage(case)
    return Noise(
        NoiseRule(
            name=f"machine-{found.kind}",
            then="close" if closes else "ask",
            because=f"{sentence(redact(found.because))}.",
        ),
        {},
    )


def _by_rule(case: Case) -> Noise | None:
    """The first rule of the organisation that holds.

    None for people: a representative, and words or a domain alone from a community's side.
    """
    known = any(
        match.id == case.requester.id
        for community in case.communities
        for entry in representatives(community)
        for match in entry.matches
    )
    if known:
        return None
    for rule in case.organization.noise:
        by_sender = bool(rule.from_domains or rule.from_addresses)
        if not by_sender and _from_a_community(case):
            continue
        if by_sender and not _sent_by(rule, case.requester.mail or "", person=bool(case.requester.communities)):
            continue
        if rule.subject and not re.search(rule.subject, case.ticket.subject):
            continue
        return Noise(rule, _extract(rule, words_of(case.ticket.body)))
    return None


def reads_nobody(case: Case, mail: str) -> bool:
    """Whether an address is a machine's, by its own words or by a rule of the organisation."""
    return machine_mail.machines_address(mail) or any(
        _sent_by(rule, mail, person=False) for rule in case.organization.noise
    )


def affected(case: Case, noise: Noise) -> tuple[Hub, ...]:
    """The hubs on the clusters that the mail names."""
    named = set(re.split(r"[\s,;]+", noise.read.get("cluster", "")))
    return tuple(hub for hub in case.organization.hubs if hub.cluster in named)


def amount(text: str) -> Decimal | None:
    """A sum of money as written in mails: 1,260.00 or 1.260,00 or 1260; None where it is none, or could be two."""
    found = re.fullmatch(
        r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:([.,])(\d{1,2}))?", text.strip().strip(".,"), re.ASCII
    )
    if found is None or (found[2] and (found[2] == found[3] or found[1].startswith("0"))):
        return None
    return Decimal(f"{re.sub('[.,]', '', found[1])}.{found[4] or 0}")


def _from_a_community(case: Case) -> bool:
    domain = (case.requester.mail or "@").rpartition("@")[2].lower()
    ours = any(domain in community.domains for community in case.communities)
    return bool(case.requester.communities or case.ticket.community or ours)


def _sent_by(rule: NoiseRule, mail: str, *, person: bool) -> bool:
    """Whether the rule names this address, or its domain; the latter says nothing of a `person` on file."""
    named = rule.from_addresses if person else (*rule.from_addresses, *rule.from_domains)
    return any(is_of(mail, each) for each in named)


def _extract(rule: NoiseRule, text: str) -> dict[str, str]:
    found = {name: re.search(pattern, text) for name, pattern in rule.extract.items()}
    return {name: match[1].strip() for name, match in found.items() if match and not _cut_short(match)}


def _cut_short(match: re.Match[str]) -> bool:
    """Whether a number goes on where the pattern ended, as in 1 260,00 or 1'260.00 or 1.2K: then it was misread."""
    return (
        re.fullmatch(r"[\d.,]+", match[1]) is not None
        and re.match(r"['’ ]\d|[kKmM]\b", match.string[match.end(1) :]) is not None
    )

"""Limit mails: none to some addresses, so many a run, so many an hour to one address; then a person is asked.

The last ends any loop of two machines that answer each other; the others end what a mistake of ours could begin. That
no more than so many go out in an hour, whoever gets them, is counted where mails are sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from deskbook.engine.actions import Action, Change, Reply
from deskbook.errors import Refused, ServiceError
from deskbook.model.case import Case
from deskbook.services.ports import Desk

WITHIN = timedelta(hours=1)
COUNT = "mails"  # the name under which the mails of the last hour are counted
EXEMPT = "incident"  # a runbook: what a community hears of an outage is written by a person, and no number holds it up


def held(case: Case, actions: Iterable[Action]) -> tuple[Action, str] | None:
    """The first action that would send a mail that may not go, and why; None where all may go."""
    rules, planned = case.organization.mail, Counter[str]()
    for action in actions:
        addresses = _mailed_by(case, action)
        if not addresses or action.landed(case):
            continue
        if forbidden := next((mail for mail in addresses if rules.forbids(mail)), None):
            return action, (
                f"nothing is ever mailed to {forbidden} (mail/never in organization.yaml). Say it in another way, or take "
                "the address off that list."
            )
        if not isinstance(action, Reply) or action.key.startswith(f"{EXEMPT}."):
            continue
        planned.update(addresses)
        if planned.total() > rules.most_per_run:
            return action, (
                f"this run would send {planned.total()} mails, and no more than {rules.most_per_run} may go "
                "(mail/most_per_run in organization.yaml). Take people out of copy, or write to them by hand."
            )
        for address in addresses:
            sent = mailed(case, address)
            if len(sent) + planned[address] > rules.most_per_hour:
                oldest = sent[-rules.most_per_hour] if len(sent) >= rules.most_per_hour else case.now
                return action, (
                    f"{address} would get more than {rules.most_per_hour} mails within an hour, and two machines may be "
                    f"answering each other. Read what came; if it is no loop, run again after {oldest + WITHIN:%H:%M} UTC."
                )
    return None


def spend(desk: Desk, action: Reply) -> None:
    """Count a mail that is about to be sent; Refused where this machine has sent as many within the hour as may go.

    Practice counts for nothing. The count is a cache: who deletes it begins to count anew.
    """
    most, now = desk.organization.mail.most_in_all, desk.helpdesk.now()
    if desk.sandbox or action.key.startswith(f"{EXEMPT}."):
        return
    with desk.memory.alone(COUNT):
        told = desk.memory.recall(COUNT).get("sent")
        sent = [at for at in told if isinstance(at, float) and at > (now - WITHIN).timestamp()] if told else []
        if len(sent) >= most:
            again = datetime.fromtimestamp(sent[-most], now.tzinfo) + WITHIN
            raise Refused(
                f"{len(sent)} mails went out from here within an hour, and no more than {most} may (mail/most_in_all in "
                f"organization.yaml). If that is no mistake, run again after {again:%H:%M} UTC."
            )
        with suppress(ServiceError):  # a full disk holds up no answer
            desk.memory.keep(COUNT, {"sent": [*sent, now.timestamp()]})


def _mailed_by(case: Case, action: Action) -> tuple[str, ...]:
    """Who gets a mail by an action, in small letters: of an answer, and of the survey that the helpdesk sends."""
    requester = case.requester.mail or ""
    if isinstance(action, Reply):
        mails: tuple[str, ...] = (requester, *action.cc)
    else:
        mails = (requester,) if isinstance(action, Change) and action.status == "Resolved" else ()
    return tuple(dict.fromkeys(mail.lower() for mail in mails if mail))


def mailed(case: Case, address: str) -> list[datetime]:
    """When we mailed that address within the last hour, oldest first.

    Other tickets count where they are known anyway: each open one that its requester sent in that hour and an agent
    has was acknowledged.
    """
    since = case.now - WITHIN
    here = [e.at for e in case.entries if not e.incoming and address in {_bare(mail) for mail in e.to}]
    theirs = address == (case.requester.mail or "").lower()
    elsewhere = [other.created for other in case.others if other.agent] if theirs else []
    return sorted(at for at in (*here, *elsewhere) if at > since)


def _bare(mail: str) -> str:
    return mail.rpartition("<")[2].rstrip("> ").strip().lower()

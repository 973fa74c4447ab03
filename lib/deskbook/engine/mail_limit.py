"""Limit mails to one address: so many an hour, then a person is asked. It ends any loop of two machines that answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from deskbook.engine.actions import Action, Reply
from deskbook.model.case import Case

WITHIN = timedelta(hours=1)
EXEMPT = "incident"  # a runbook: what a community hears of an outage is written by a person, and nothing may hold it up


def one_too_many(case: Case, actions: Iterable[Action]) -> tuple[Reply, str] | None:
    """The first mail that would be one too many for somebody who gets it, and why; None where all may go."""
    most = case.organization.mail.most_per_hour
    planned: dict[str, int] = {}
    for action in actions:
        if not isinstance(action, Reply) or action.key.startswith(f"{EXEMPT}.") or action.landed(case):
            continue
        for address in dict.fromkeys(mail.lower() for mail in (case.requester.mail or "", *action.cc) if mail):
            sent = mailed(case, address)
            planned[address] = planned.get(address, 0) + 1
            if len(sent) + planned[address] > most:
                again = f"{(sent[-most] if len(sent) >= most else case.now) + WITHIN:%H:%M} UTC"
                return action, (
                    f"{address} would get more than {most} mails within an hour, and two machines may be answering each "
                    f"other. Read what came; if it is no loop, run again after {again}."
                )
    return None


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

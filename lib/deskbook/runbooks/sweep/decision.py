"""What a sweep may be told: since when changes are news, whether somebody watches, and which processes do the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from deskbook.engine.parameters import Parameter, decided, truth, words
from deskbook.errors import ParameterError
from deskbook.runbooks.sweep.facts import Facts
from deskbook.schedule.working_time import parse_moment
from deskbook.services.executors import checked
from deskbook.tickets.budgets import begin_of


def _since(name: str, facts: Facts, value: object) -> str:
    """A day, from its beginning in the clock's zone, or a moment; as an ISO moment, empty where nothing was said."""
    said = words(name, value)
    if not said:
        return ""
    try:
        return begin_of(date.fromisoformat(said), facts.organization.clock.zone).isoformat()
    except ValueError:
        pass
    try:
        return parse_moment(said).isoformat()
    except ParameterError:
        raise ParameterError(
            f"{name}: '{said}' is neither a day nor a moment; write 2026-11-23 or 2026-11-23T17:55:00Z"
        ) from None


def _unattended(name: str, facts: Facts, value: object) -> bool:
    return value in ("", None) or truth(name, value)


def _executor(name: str, facts: Facts, value: object) -> str:
    return checked(words(name, value))


@dataclass(frozen=True)
class Decision:
    """`since` is an ISO moment; empty: since the last digest. `unattended` is what a sweep is, unless somebody says no.

    `executor` says who works, and nothing of what is done; empty: this process, on one ticket after another.
    """

    since: Annotated[
        str, Parameter("Since", "the day or moment since when a change is news, if not the last digest", _since)
    ] = ""
    unattended: Annotated[
        bool,
        Parameter("Unattended", "false where somebody watches, so that proposals are carried out as well", _unattended),
    ] = True
    executor: Annotated[
        str,
        Parameter(
            "Executor", "processes:4 or dask://host:8786, where several processes share the communities", _executor
        ),
    ] = field(default="", compare=False)

    @property
    def moment(self) -> datetime | None:
        return datetime.fromisoformat(self.since) if self.since else None


def decide(facts: Facts, **given: object) -> Decision:
    """The parameters as a decision; ParameterError names the one that cannot be used, and what can."""
    return decided(Decision, facts, given)

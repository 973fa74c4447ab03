"""Checks: what a service is asked, without writing anything, to know whether runs will be able to do their work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from deskbook.errors import DeskbookError

MOST_OFF = timedelta(minutes=1)  # of a clock: deadlines are in hours, and a running stopwatch counts minutes


class Lacking(DeskbookError):
    """Something that runs need is not there; the text says what."""


class Untold(DeskbookError):
    """The service does not tell it without being written to; the text says what then tells."""


@dataclass(frozen=True)
class Check:
    """`look` says in words what was found; it raises Lacking, Untold, or the ServiceError of its call.

    `remedy` says what to do where it is lacking.
    """

    name: str
    look: Callable[[], str]
    remedy: str


def untold(text: str) -> Callable[[], str]:
    """A look at what only a write would tell."""

    def look() -> str:
        raise Untold(text)

    return look


def among(what: str, wanted: Iterable[str], there: Iterable[str]) -> str:
    """That all of these are there, in any case of letters; Lacking names those that are not, and what is."""
    known = {name.lower(): name for name in there}
    wanted = tuple(dict.fromkeys(name for name in wanted if name))
    missing = [name for name in wanted if name.lower() not in known]
    if missing:
        raise Lacking(f"no {what} {listed(missing)}; there is {listed(known.values()) or 'none'}")
    return listed(wanted) or "nothing is needed"


def listed(names: Iterable[str], most: int = 12) -> str:
    some = [str(name) for name in names]
    return ", ".join([*some[:most], *(["and others"] if len(some) > most else [])])


def scopes_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The scopes of a token, as X-OAuth-Scopes tells them; none where the header is missing or empty."""
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    return tuple(scope for part in told.split(",") if (scope := part.strip()))

"""When runs that nobody watches are expected, and which of them did not come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cronsim import CronSim

from deskbook.config.organization import NightRules
from deskbook.schedule.working_time import spell

EARLY = timedelta(minutes=10)  # so far a machine's clock may be off
MANY = 1000  # times that are counted; whoever was away for longer knows without a number


class Began(Protocol):
    """A run: of what, when it began, and when it ended, None while it goes on or where it died."""

    @property
    def runbook(self) -> str: ...
    @property
    def began(self) -> datetime: ...
    @property
    def ended(self) -> datetime | None: ...


@dataclass(frozen=True)
class Missed:
    """A run that did not come, `times` of them since `first`; `last` is when the last that ended had begun."""

    runbook: str
    first: datetime
    times: int
    last: datetime

    def __str__(self) -> str:
        more = f", nor {self.times - 1} more times since" if self.times > 1 else ""
        return (
            f"{self.runbook} did not run at {spell(self.first, 'UTC')}{more}; it last began {spell(self.last, 'UTC')}"
        )


def times(at: str, after: datetime) -> Iterator[datetime]:
    """Every time that a cron expression names after a moment, in UTC."""
    yield from CronSim(at, after.astimezone(UTC))


def missed(rules: NightRules, known: Iterable[Began], now: datetime) -> tuple[Missed, ...]:
    """The runs that did not come since the last that ended. What never ran is not missed: nobody has scheduled it yet."""
    runs = list(known)
    found = (_missed(each.runbook, each.at, timedelta(minutes=rules.late_minutes), runs, now) for each in rules.runs)
    return tuple(each for each in found if each)


def _missed(runbook: str, at: str, late: timedelta, known: Sequence[Began], now: datetime) -> Missed | None:
    began = sorted(run.began for run in known if run.runbook == runbook)
    if not began:
        return None
    since = max((run.began for run in known if run.runbook == runbook and run.ended), default=began[0])
    open_ = [moment for moment in began if moment >= since]
    gone: list[datetime] = []
    for time in times(at, since):
        if time + late > now or len(gone) == MANY:
            break
        if not any(time - EARLY <= moment <= time + late for moment in open_):
            gone.append(time)
    return Missed(runbook, gone[0], len(gone), since) if gone else None

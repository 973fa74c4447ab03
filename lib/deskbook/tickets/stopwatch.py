"""The ticket's stopwatch: minutes of work in one cycle, over pauses and people, kept where everybody finds them.

They are time entries of the helpdesk. Where its plan has none, private notes take their place: one that starts, one
that stops, one that books minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from deskbook.language.text import lines, plain_markdown, to_html
from deskbook.model.case import Case, Reference, reference
from deskbook.model.records import TimeEntry
from deskbook.services.ports import Desk

STEP = "timebox.work"
OURS = re.compile(r"^Ref (\d+)-(\d+)-timebox\.work$", re.MULTILINE)


def sittings(case: Case) -> tuple[TimeEntry, ...]:
    """The time spent in this cycle, oldest first: what we booked, and what people booked by hand since it began."""
    if case.time_entries is None:
        return tuple(_noted(case))
    return tuple(entry for entry in case.time_entries if _cycle_of(case, entry) == case.cycle)


def seconds(case: Case, agent: int | None = None) -> int:
    """Seconds worked in this cycle until now, by everybody or by one agent."""
    return sum(entry.lasted(case.now) for entry in sittings(case) if agent in (None, entry.agent))


def running(case: Case, agent: int | None = None) -> tuple[TimeEntry, ...]:
    return tuple(entry for entry in sittings(case) if entry.running and agent in (None, entry.agent))


def _cycle_of(case: Case, entry: TimeEntry) -> int:
    ours = OURS.search(entry.note) if case.agent(entry.agent) else None
    if ours and int(ours[1]) == case.ticket.id:
        return int(ours[2])
    reopened = {ref.entry.id: ref.entry.at for ref in case.references() if ref.key.startswith("resolve.reopen")}
    return 1 + sum(1 for at in reopened.values() if at <= entry.started)


def _noted(case: Case) -> Iterator[TimeEntry]:
    """The sittings that notes tell of: from each start to the same agent's next stop, and what was booked."""
    begun: dict[int, Reference] = {}
    for ref in case.references():
        key, agent = ref.key.partition(".work")[2].partition(".")[0], ref.entry.author
        if ref.cycle != case.cycle or not ref.key.startswith(STEP):
            continue
        if key == "#minutes":
            yield _sitting(case, ref, _minutes_in(ref) * 60)
        elif key == "#start" and agent not in begun:
            begun[agent] = ref
        elif key in ("#stop", "#end"):
            for stopped in [agent] if key == "#stop" else list(begun):
                if stopped in begun:
                    start = begun.pop(stopped)
                    yield _sitting(case, start, max(0, int((ref.entry.at - start.entry.at).total_seconds())))
    for start in begun.values():
        yield replace(_sitting(case, start, 0), running=True)


def _sitting(case: Case, ref: Reference, lasted: int) -> TimeEntry:
    return TimeEntry(ref.entry.id, case.ticket.id, ref.entry.author, lasted, False, ref.entry.at, "")


def _minutes_in(ref: Reference) -> int:
    said = next((line for line in lines(ref.entry.body) if line.startswith("Minutes: ")), "Minutes: 0")
    number = said.removeprefix("Minutes: ")
    return int(number) if number.isdecimal() and len(number) < 6 else 0


@dataclass(frozen=True)
class Start:
    """Set the stopwatch going for one agent. The helpdesk stops that agent's stopwatch on any other ticket.

    One that was forgotten there has counted hours in which nobody worked: it is cut to `limit` minutes first.
    """

    key: str
    ticket: int
    agent: int
    summary: str = field(compare=False)
    note: str
    billable: bool
    limit: int = field(compare=False)
    noted: bool = field(default=False, compare=False)  # the helpdesk keeps no time, so a note tells it

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        going = running(case, self.agent)
        return f"time entry {going[0].id}" if going else None

    def apply(self, desk: Desk, results: object) -> str:
        if self.noted:
            return _note(desk, self.ticket, "The stopwatch runs.", self.note, "#start")
        going = desk.helpdesk.timers_of(self.agent)
        if here := [each for each in going if each.ticket == self.ticket]:
            return f"time entry {here[0].id}"  # it was set going in another window
        cut = [self._cut(desk, each) for each in going if self._forgotten(desk, each)]
        begun = desk.helpdesk.start_timer(self.ticket, self.agent, self.note, billable=self.billable)
        return f"time entry {begun}{''.join(cut)}"

    def _forgotten(self, desk: Desk, entry: TimeEntry) -> bool:
        ours = OURS.search(entry.note) and entry.ticket != self.ticket
        return bool(ours) and entry.lasted(desk.helpdesk.now()) > self.limit * 60

    def _cut(self, desk: Desk, entry: TimeEntry) -> str:
        desk.helpdesk.stop_timer(entry.id, self.limit)
        return f"; the one that was forgotten on ticket {entry.ticket} is cut to {self.limit} min"


@dataclass(frozen=True)
class Stop:
    """Stop every stopwatch that runs on the ticket; of one agent only, where `agent` is given.

    They keep `room` seconds in all: one that nobody stopped in time has counted hours in which nobody worked.
    """

    key: str
    ticket: int
    summary: str = field(compare=False)
    note: str
    room: int = field(compare=False)
    agent: int | None = None

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        return None if running(case, self.agent) else "no stopwatch runs"

    def apply(self, desk: Desk, results: object) -> str:
        entries = desk.helpdesk.time_entries(self.ticket)
        if entries is None:
            what = "#end" if self.agent is None else "#stop"
            return _note(desk, self.ticket, "The stopwatch stands still.", self.note, what)
        room, now = self.room, desk.helpdesk.now()
        stopped = []
        for entry in entries:
            if entry.running and self.agent in (None, entry.agent):
                counted = entry.lasted(now)
                most = -(-room // 60) if counted > room else None  # whole minutes, rounded up
                desk.helpdesk.stop_timer(entry.id, most)
                stopped.append(str(entry.id) if most is None else f"{entry.id} (cut to {most} min)")
                room = max(0, room - counted)
        return f"time entry {', '.join(stopped) or '(it stood still already)'}"


@dataclass(frozen=True)
class Book:
    """Bring an agent's minutes of this cycle up to a sum: only what is missing is booked, however often it is run."""

    key: str
    ticket: int
    agent: int
    minutes: int
    note: str
    billable: bool

    def sentence(self) -> str:
        return f"Book time: {self.minutes} min in all" + ("" if self.billable else ", not drawn from any budget")

    def landed(self, case: Case) -> str | None:
        booked = seconds(case, self.agent) // 60
        return f"{booked} min are on record" if booked >= self.minutes else None

    def apply(self, desk: Desk, results: object) -> str:
        case = desk.case(self.ticket)  # read anew: a colleague, or a run before this one, may have booked it
        missing = self.minutes - seconds(case, self.agent) // 60
        if missing <= 0:
            return f"{self.minutes} min are on record"
        if case.time_entries is None:
            return _note(desk, self.ticket, f"Minutes: {missing}", self.note, "#minutes")
        booked = desk.helpdesk.book(self.ticket, self.agent, missing, self.note, billable=self.billable)
        earlier = tuple(e for e in desk.helpdesk.time_entries(self.ticket) or () if e.id < int(booked))
        if seconds(replace(case, time_entries=earlier), self.agent) // 60 > self.minutes - missing:
            desk.helpdesk.unbook(int(booked))  # another run booked them at the same moment, and was first
            return self.apply(desk, results)
        return f"time entry {booked}, {missing} min"


def room(case: Case, most: int, agent: int | None = None) -> int:
    """Seconds that the stopwatches which run may keep, so that the cycle has `most` in all."""
    stopped = sum(entry.lasted(case.now) for entry in running(case, agent))
    return max(0, most - (seconds(case) - stopped))


def left_behind(case: Case, key: str) -> Stop | None:
    """What stops a stopwatch with its ticket, where somebody began a timebox and nobody said how it ended."""
    if "Timebox ended" in case.statements() or not sittings(case):
        return None
    most = int(case.process.clocks["timebox"].amount) * 60
    return Stop(key, case.ticket.id, "Stop the stopwatch", note_of(case), room(case, most))


def note_of(case: Case) -> str:
    """What a time entry of ours says: the cycle that it counts for."""
    return reference(case, STEP)


def _note(desk: Desk, ticket: int, said: str, note: str, what: str) -> str:
    said = plain_markdown(said)
    return f"conversation {desk.helpdesk.note(ticket, to_html(f'{said}{chr(10) * 2}{note}{what}'))}"

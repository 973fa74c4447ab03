"""Play a scenario in a sandbox: its clock goes on, and what is due happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.errors import DefinitionError, DeskbookError
from deskbook.rehearsal.scenario import Decided, Event, Scenario
from deskbook.runbooks.catalog import RUNBOOKS, runbook
from deskbook.services.ports import Desk

STEP = timedelta(minutes=5)  # how closely the clock is followed
EVERY = timedelta(minutes=29)  # how often the process itself looks at its queue
READING = timedelta(minutes=1)  # and how long it takes to read it
PATIENCE = 60  # seconds that the sandbox may take for an answer
ALONE = ("triage", "resolve")  # runbooks that go on without a decision, as far as what is written is plain
CHAIN = 6  # runbooks that follow on one another in one sitting


@dataclass
class Play:
    """One rehearsal while it goes on. `tickets` are the numbers of those that have arrived, by their names."""

    scenario: Scenario
    url: str
    desk: Desk
    now: datetime
    tickets: dict[str, int] = field(default_factory=dict)
    happened: dict[int, datetime] = field(default_factory=dict)  # events by their place in the scenario

    @property
    def over(self) -> bool:
        return self.now >= self.scenario.ends

    def move(self, by: timedelta) -> Iterator[str]:
        """Let so much time go by; what happens in it, in words, as it happens."""
        until = min(self.now + by, self.scenario.ends)
        while True:
            due = [(at, n) for n in range(len(self.scenario.events)) if (at := self._due(n)) and at <= until]
            if not due:
                break
            at, index = min(due)
            self._turn(max(at, self.now))
            self.happened[index] = self.now
            yield f"{self.now:%a %H:%M} UTC: {self._happen(self.scenario.events[index])}"
        self._turn(until)

    def _due(self, index: int) -> datetime | None:
        """When an event is due; None where it has happened, or waits for a mail of ours."""
        event = self.scenario.events[index]
        if index in self.happened:
            return None
        if event.at is not None:
            return self.scenario.begins + event.at
        number = self.tickets.get(event.answers or "")
        if number is None:
            return None
        earlier = [
            at for n, at in self.happened.items() if n < index and event.answers in (self.scenario.events[n].answers,)
        ]
        since = max(earlier, default=self.scenario.begins)
        case = self.desk.case(number)
        agents = {agent.id for agent in case.agents}
        wrote = [
            e.at for e in case.entries if e.author in agents and not e.private and not e.incoming and e.at >= since
        ]
        waiting = [n for n, each in enumerate(self.scenario.events) if each.answers == event.answers]
        first = all(n in self.happened for n in waiting if n < index)  # answers to one ticket come one after another
        return wrote[0] + (event.after or timedelta()) if wrote and first else None

    def _happen(self, event: Event) -> str:
        if event.arrives:
            mail = {"from": event.arrives.sender, "subject": event.arrives.subject, "body": event.arrives.body}
            number = int(self._say("incoming", mail)["ticket_id"])
            self.tickets[event.arrives.name] = number
            return f"ticket {number} arrives: {event.arrives.subject}"
        if event.answers:
            number = self.tickets[event.answers]
            sender = event.sender or self.desk.case(number).requester.mail
            self._say("incoming", {"from": sender, "ticket_id": number, "subject": "", "body": event.says})
            return f"{sender} writes on ticket {number}"
        if event.hub:
            self._say(f"hubs/{event.hub}", {"up": event.up})
            return f"the hub {event.hub} is {'up' if event.up else 'down'}"
        number, agents = self.tickets[event.takes or event.notes or ""], self.desk.helpdesk.agents()
        agent = next((each for each in agents if each.mail == event.colleague), None)
        if agent is None:
            raise DefinitionError(f"{event.colleague} has no account in the sandbox's helpdesk; name somebody who has")
        if event.takes:
            self.desk.helpdesk.update(number, {"agent": agent.id})
            return f"{agent.name} takes ticket {number}"
        self._helpdesk("POST", f"tickets/{number}/notes", {"body": event.says, "private": True, "user_id": agent.id})
        return f"{agent.name} leaves a note on ticket {number}"

    def _turn(self, to: datetime) -> None:
        self._say("clock", {"now": to.isoformat()})
        self.now = to

    def _say(self, path: str, body: Any) -> Any:
        return _answer(requests.post(f"{self.url}/sandbox/{path}", json=body, timeout=PATIENCE))

    def _helpdesk(self, method: str, path: str, body: Any) -> Any:
        key = ("sandbox", "X")
        return _answer(requests.request(method, f"{self.url}/api/v2/{path}", json=body, auth=key, timeout=PATIENCE))


def _answer(response: requests.Response) -> Any:
    if response.status_code >= 400:
        raise DefinitionError(f"the sandbox refuses what the scenario asks for: {response.text[:300]}")
    return response.json() if response.content else None


def begin(scenario: Scenario, url: str) -> Play:
    """The scenario at its beginning, in a sandbox that has nothing but its people."""
    play = Play(scenario, url, connect(Settings(sandbox_url=url)), scenario.begins)
    play._turn(scenario.begins)
    return play


def by_the_process(play: Play) -> None:
    """Play it as the process would have it: every runbook as soon as it is next, with the scenario's decisions."""
    left = list(play.scenario.decides)
    while not play.over:
        for _ in (*play.move(EVERY), *play.move(READING)):
            pass
        for item in RUNBOOKS["queue"].read(play.desk).items:
            if not item.waits and item.runbook in RUNBOOKS:
                _follow(play, item.ticket.id, item.runbook, left)


def _follow(play: Play, ticket: int, name: str | None, left: list[Decided]) -> None:
    """Go from runbook to runbook of a ticket as long as something is decided or nothing needs to be."""
    passed = play.now - play.scenario.begins
    for _ in range(CHAIN):
        if name is None or not (book := runbook(name)).of_ticket:
            return
        own = next(
            (d for d in left if d.runbook == name and play.tickets.get(d.ticket) == ticket and d.at <= passed), None
        )
        if own is None and name not in ALONE:
            return
        case = book.read(play.desk, ticket_id=ticket)
        receipt = book.plan(case, book.decide(case, **(own.says if own else {}))).run(play.desk, apply=True)
        if receipt.failure:
            raise DeskbookError(f"rehearsal: {name} on ticket {ticket} stopped: {receipt.failure}")
        if own:
            left.remove(own)
        name = receipt.next

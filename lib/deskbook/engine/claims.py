"""Claims: who is at a ticket. Of two runs at once, one does it, and the other is told who does.

The helpdesk has no lock, but its notes have an order. Before its first effect a run writes a private note; then it
reads the conversation again, and goes on only if no other claim that still holds stands before its own. At the end the
note becomes the record of what was done, or goes. A claim holds as long as its run lives, where that can be seen from
here, and from elsewhere for a few minutes: no run begins an effect later than half of them after its claim. A person may
take it away sooner, and waits until its run has seen that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError
from deskbook.language.text import lines, plain_markdown, to_html
from deskbook.model.case import CLAIM, Case, reference
from deskbook.model.records import Entry
from deskbook.services.place import RUNNING
from deskbook.services.ports import Desk

HOLDS = timedelta(minutes=10)  # as others count, by the helpdesk's clock
WORKS = HOLDS / 2  # as its own run counts; an effect that has begun has the other half to end
LOOKS = timedelta(seconds=20)  # whoever has not seen the own claim for so long looks before the next effect
STANDS = "The note “in progress”"  # begins what a receipt says of a claim that could not be taken away
TAKEN = "somebody took this run for dead and took the ticket over. Run again, and see what they did."
RUN = re.compile(r"^Run ([0-9a-f]{12}) ([0-9a-f]{8}) (\d{1,9}) (\d{1,20}), on (.{1,200})$")


@dataclass(frozen=True)
class Standing:
    """A claim as it stands in the conversation."""

    entry: Entry
    who: str
    runbook: str
    run: str
    machine: str
    process: int
    began: str
    host: str

    def holds(self, desk: Desk, now: datetime) -> bool:
        """Whether its run is still at it; `now` is the helpdesk's time."""
        lives = desk.place.lives(self.machine, self.process, self.began, self.run)
        return now - self.entry.at < HOLDS if lives is None else lives

    def told(self) -> str:
        """Who is at the ticket, for another run that is not."""
        return f"{self.who}'s run of {self.runbook} on {self.host}, begun {self.entry.at:%H:%M} UTC"


def standing(case: Case) -> Iterator[Standing]:
    """Every claim on the ticket, the first one first, whether it holds or not."""
    for ref in case.references():
        if not ref.key.endswith(CLAIM):
            continue
        agent = case.agent(ref.entry.author)
        for line in lines(ref.entry.body, quotes=False):
            if told := RUN.match(line):
                who, runbook = agent.name if agent else "somebody", ref.key.partition(".")[0]
                yield Standing(ref.entry, who, runbook, told[1], told[2], int(told[3]), told[4], told[5])


@dataclass
class Claim:
    """The claim of one run. `began` is the desk's time when it was written."""

    desk: Desk
    case: Case
    runbook: str
    run: str
    began: datetime
    entry: int | None = None  # the note, once it is known to stand
    kept: bool = False  # whether the note has become something that stays
    seen: datetime | None = None  # when it was last seen to stand

    def first(self, case: Case) -> Standing | None:
        """The claim that still holds and stands before this one; ServiceError where this one is not seen at all."""
        before: list[Standing] = []
        for each in standing(case):
            if each.run == self.run:
                self.entry, self.seen = each.entry.id, self.desk.helpdesk.now()
                return next((other for other in before if other.holds(self.desk, each.entry.at)), None)
            before.append(each)
        raise Refused(
            "the note that claims the ticket is not to be seen in the conversation: it comes late, or somebody took the "
            "ticket over. Run again in a minute."
        )

    def passes(self, case: Case) -> bool:
        """Whether it stands behind claims of others: none that holds, so their runs have ended. What they did last may have
        come after the case was read, and is seen when it is read once more."""
        return next(standing(case)).run != self.run

    def left(self, case: Case) -> list[int]:
        """The notes of runs that did not finish, which are in nobody's way any more."""
        own = next(each.entry for each in standing(case) if each.run == self.run)
        return [entry.id for entry in unfinished(case, self.desk, own.at) if entry.id != own.id]

    def look(self, case: Case) -> None:
        """Refused where a person has taken the claim away, as the conversation reads now."""
        if not self.kept and all(each.run != self.run for each in standing(case)):
            raise Refused(TAKEN)
        self.seen = self.desk.helpdesk.now()

    def unseen(self) -> bool:
        """Whether it is long since it was seen to stand."""
        return not self.kept and self.desk.helpdesk.now() - (self.seen or self.began) > LOOKS

    def over(self) -> bool:
        """Whether the run has taken so long that others may hold it for dead."""
        return self.desk.helpdesk.now() - self.began > WORKS

    def becomes(self, html: str) -> str:
        """The note now reads so, and stays; the conversation's id."""
        try:
            told = self.desk.helpdesk.edit_note(self.entry or 0, html)
        except NotFound:
            raise Refused(TAKEN) from None
        self.kept = True
        return told

    def settle(self, case: Case) -> None:
        """Whether the note has become what stays, as the conversation reads now: the answer that said so was lost."""
        self.kept = self.kept or self.entry in {
            ref.entry.id for ref in case.references() if not ref.key.endswith(CLAIM)
        }

    def stopped(self, failure: str, did: list[str]) -> str:
        """Say on the ticket that the run did not come to its end, and what it did; why that failed, else empty."""
        title = self.case.process.runbooks[self.runbook].title
        done = "\n".join(f"- {plain_markdown(sentence)}" for sentence in did)
        said = (
            f"**{plain_markdown(title)}: not finished**\n\n{done}\n\nIt stopped: {plain_markdown(failure)}\n\n"
            f"Run it again: it goes on from here.\n\n{reference(self.case, f'{self.runbook}{CLAIM}')}"
        )
        try:
            self.becomes(to_html(said))
        except ServiceError as error:
            return f"{STANDS} still stands on the ticket; the next run takes it away. {error}"
        return ""

    def end(self) -> None:
        """This run is at the ticket no more. What it wrote stays or goes by itself."""
        RUNNING.discard(self.run)


def take(desk: Desk, case: Case, runbook: str, plan: str) -> Claim:
    """Write the claim. It says nothing yet of who else claims: read the conversation again, and ask `first`."""
    claim = Claim(desk, case, runbook, uuid4().hex[:12], desk.helpdesk.now())
    at = desk.place
    title = case.process.runbooks[runbook].title
    said = (
        f"**{plain_markdown(title)}: in progress**\n\nBy {plain_markdown(case.me.name)}, {plan}\n\n"
        f"Run {claim.run} {at.machine} {at.process} {at.began}, on {plain_markdown(at.host)}\n\n"
        f"{reference(case, f'{runbook}{CLAIM}')}"
    )
    RUNNING.add(claim.run)
    try:
        claim.entry = int(desk.helpdesk.note(case.ticket.id, to_html(said)))
        claim.began = (
            desk.helpdesk.now()
        )  # a form may have stood open: only now is the time that it knows the present one
    except AnswerLost:
        pass  # whether it stands is seen when the conversation is read again
    except BaseException:
        claim.end()
        raise
    return claim


def unfinished(case: Case, desk: Desk, now: datetime) -> list[Entry]:
    """The notes of runs that ended without a record: their claims that hold no more, and what they said at their end."""
    held = {each.entry.id for each in standing(case) if each.holds(desk, now)}
    return [ref.entry for ref in case.references() if ref.key.endswith(CLAIM) and ref.entry.id not in held]


def clear(desk: Desk, notes: list[int]) -> str:
    """Take notes away that nobody needs; what could not be taken away, in words, else empty."""
    failed = ""
    for note in notes:
        with suppress(NotFound):
            try:
                desk.helpdesk.delete_note(note)
            except NotFound:
                raise
            except ServiceError as error:
                failed = f"{STANDS} (conversation {note}) could not be taken away; delete it by hand. {error}"
    return failed


def take_over(desk: Desk, ticket: int, wait: Callable[[float], None]) -> list[Standing]:
    """Take away every claim that stands on the ticket, by a person's word that those runs are dead; which they were.

    One that lives all the same notices before its next effect; `wait` is asked to let the seconds pass until then.
    """
    case = desk.case(ticket)
    found = list(standing(case))
    if failed := clear(desk, [each.entry.id for each in found]):
        raise Refused(failed)
    if any(each.holds(desk, case.now) for each in found):
        wait(LOOKS.total_seconds())
    return found

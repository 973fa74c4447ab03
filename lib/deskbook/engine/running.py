"""Carry out the actions of a plan, one after another, and say what became of each.

Before a mail and before a change of the ticket it looks at the ticket again: what a person did meanwhile is neither
overwritten nor answered with a mail that no longer fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from deskbook.engine.actions import LANDED, Action, Change, Message, Post, Record, Reply, intent_of, stands_apart
from deskbook.engine.claims import HOLDS, Claim, clear
from deskbook.engine.mail_limit import spend
from deskbook.engine.since import name_of, word_for
from deskbook.errors import AnswerLost, DeskbookError, Refused
from deskbook.model.case import Case
from deskbook.model.records import OVER, Ticket
from deskbook.schedule.working_time import spell
from deskbook.services.ports import Desk

INTERRUPTED = "interrupted; it may have landed. Run again: it looks first."

State = Literal["proposed", "done", "already done", "failed", "not reached"]


@dataclass(frozen=True)
class Line:
    """What became of one action."""

    key: str
    sentence: str
    state: State
    reason: str = ""


@dataclass
class Run:
    """One run while it goes on.

    `drawn` are the facts that the plan was drawn from, `case` what it read after its claim, and `results` what its
    actions said so far.
    """

    desk: Desk
    drawn: Any
    case: Any
    claim: Claim | None
    results: dict[str, str]
    fresh: bool = True  # the ticket was read last, and nothing was done since
    changed: dict[str, object] = field(default_factory=dict)  # fields of the ticket that this run set
    lines: list[Line] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)  # failures that hold up nothing else
    stopped: str = ""  # the failure that holds up everything after it

    def carry_out(self, actions: Sequence[Action]) -> None:
        """All of them, until one fails."""
        for some in together(actions):
            if self.stopped:
                self.lines += [idle(action, self.case, "not reached") for action in some]
                continue
            for action, line in zip(some, self._done(some, actions[-1] in some), strict=True):
                self._note(action, line)
        order = [action.key for action in actions]
        self.lines.sort(key=lambda line: order.index(line.key))

    def _note(self, action: Action, line: Line) -> None:
        self.lines.append(line)
        failed = f"{line.key}: {line.reason}" if line.state == "failed" else ""
        if failed and stands_apart(action) and line.reason != INTERRUPTED:
            self.beside.append(failed)
            return
        self.stopped = self.stopped or failed
        self.results[action.key] = line.reason
        self.results["issue"] = line.reason if LANDED.match(line.reason) else self.results["issue"]

    def _done(self, actions: Sequence[Action], last: bool) -> list[Line]:
        """What became of these, which are one call."""
        todo = [action for action in actions if not action.landed(self.case)]
        try:
            if todo and self.claim and self.claim.over():
                minutes = HOLDS.seconds // 120
                raise Refused(f"this run has taken more than {minutes} minutes, so others may be at it. Run again.")
            if todo and self.claim and self.claim.unseen():
                self.claim.look(self.desk.again(self.case, light=True))
            told = self._told(todo, last) if todo else []
            self.fresh = self.fresh and not todo
        except AnswerLost as lost:
            return self._looked_again(actions, lost)
        except DeskbookError as error:
            self._take_back(todo)
            return self._failed(actions, str(error))
        except KeyboardInterrupt:
            return self._failed(actions, INTERRUPTED)
        except Exception as error:  # a mistake of ours must not swallow the receipt of what was done before it
            return self._failed(actions, f"{type(error).__name__}: {error}")
        new = dict(zip((action.key for action in todo), told, strict=True))
        return [
            Line(
                action.key,
                action.sentence(),
                *(new.get(action.key) or ("already done", action.landed(self.case) or "")),
            )
            for action in actions
        ]

    def _told(self, todo: Sequence[Action], last: bool) -> list[tuple[State, str]]:
        """Do what is to be done in one call; for each, its state and where it landed."""
        changes = [action for action in todo if isinstance(action, Change)]
        if changes:
            return [("done", self._change(changes))] * len(changes)
        (action,) = todo
        if isinstance(action, Reply):
            self._look(self.case if self.fresh else self.desk.again(self.case, light=True))
            spend(self.desk, action)
        if isinstance(action, Record) and last and self.claim:  # what was in progress is done
            return [("done", f"conversation {self.claim.becomes(action.text(self.desk, self.results))}")]
        return [("done", action.apply(self.desk, self.results))]

    def _change(self, changes: Sequence[Change]) -> str:
        """Set what these want, in one call, where nobody else has set it since."""
        if any(change.status not in (None, "Open") for change in changes):  # over nothing that somebody wrote meanwhile
            now = self.case if self.fresh else self.desk.again(self.case, light=True)
            self._look(now)
            ticket = now.ticket
        else:
            ticket = self.case.ticket if self.fresh else self.desk.helpdesk.ticket(changes[0].ticket)
        wanted: dict[str, object] = {}
        for change in changes:
            wanted |= change.missing(ticket)
        self._compare(ticket, tuple(wanted))
        self.desk.helpdesk.update(ticket.id, wanted)
        self.changed |= wanted
        return f"ticket {ticket.id} changed"

    def _look(self, now: Case) -> None:
        """Refused where a mail would no longer fit: the ticket was taken, or ended, or somebody wrote."""
        if self.claim:
            self.claim.look(now)
        self._compare(now.ticket, ("agent",))
        known = {entry.id for entry in self.drawn.entries} | {ref.entry.id for ref in now.references()}
        for entry in now.entries:
            if entry.id not in known and not (entry.private or entry.survey or entry.automatic):
                who = now.requester.name if entry.author == now.requester.id else name_of(now, entry.author)
                raise Refused(
                    f"{who} wrote on {spell(entry.at, now.organization.clock.zone)}, after this was planned (conversation {entry.id}). Read it, "
                    "and run again."
                )

    def _compare(self, ticket: Ticket, names: Sequence[str]) -> None:
        """Refused where one of these fields is not as this run knows it, or the ticket has ended meanwhile."""
        for name in ("status", *names):
            was, now = self.changed.get(name, getattr(self.drawn.ticket, name)), getattr(ticket, name)
            ended = name == "status" and now in OVER
            if name != "tags" and now != was and (ended or name in names):
                at = f" on {spell(ticket.updated, self.case.organization.clock.zone)}" if ticket.updated else ""
                raise Refused(
                    f"somebody changed the ticket's {name} from {word_for(self.case, name, was)} to "
                    f"{word_for(self.case, name, now)}{at}; it was left so. Look at the plan as it is now, and run again."
                )

    def _looked_again(self, actions: Sequence[Action], lost: AnswerLost) -> list[Line]:
        """A write whose answer was lost is never repeated: look whether it landed."""
        try:
            case = self.desk.again(self.case)
        except DeskbookError:
            return self._failed(actions, str(lost))
        if self.claim:
            self.claim.settle(case)
        found = [(action, action.landed(case), action.landed(self.case)) for action in actions]
        return [
            Line(action.key, action.sentence(), "already done", before)
            if before
            else Line(action.key, action.sentence(), "done", f"{where} (the answer was lost; found on looking again)")
            if where
            else Line(
                action.key,
                action.sentence(),
                "failed",
                str(lost),
            )
            for action, where, before in found
        ]

    def _failed(self, actions: Sequence[Action], reason: str) -> list[Line]:
        """The first that was not there yet failed, and what stands behind it was not reached."""
        told: list[Line] = []
        for action in actions:
            line = idle(action, self.case, "not reached")
            if line.state != "already done" and not any(each.state == "failed" for each in told):
                line = Line(action.key, action.sentence(), "failed", reason)
            told.append(line)
        return told

    def _take_back(self, actions: Sequence[Action]) -> None:
        """A message that certainly was not posted is not said to be about to be: the next run may post it."""
        said = {intent_of(action.key) for action in actions if isinstance(action, Post)}
        for at, line in enumerate(self.lines):
            note = re.match(r"conversation (\d+)", line.reason) if line.key in said and line.state == "done" else None
            if note and not clear(self.desk, [int(note[1])]):
                self.lines[at] = replace(line, state="not reached", reason="taken back, since nothing was posted")

    @property
    def did(self) -> Iterator[Line]:
        return (line for line in self.lines if line.state == "done")


def together(actions: Sequence[Action]) -> list[list[Action]]:
    """The actions as calls: in their order, but changes of the ticket that stand side by side are one call.

    So is one that only says what the ticket is, with the change before it: nothing that is written between leans on that.
    """
    calls: list[list[Action]] = []
    joined: list[Action] | None = None  # the change that a later one may go with
    for action in actions:
        if isinstance(action, Change) and joined and (calls[-1] is joined or action.classifies):
            joined.append(action)
            continue
        calls.append([action])
        if isinstance(action, Change):
            joined = calls[-1]
        elif not isinstance(action, Message | Record):
            joined = None
    return calls


def idle(action: Action, case: Any, state: State) -> Line:
    """The line of an action that is not carried out: `already done` where it was, else that state."""
    where = action.landed(case)
    return Line(action.key, action.sentence(), "already done" if where else state, where or "")

"""Planner of the sweep: every unfinished ticket from lists, a plan of its own for those on which something is to be done.

A sweep is a plan over many tickets. What it does on each is that ticket's own plan, made when its turn comes and carried
out as far as the process lets a run go alone; so a sweep that was killed is simply started again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any

from deskbook.engine.builder import PlanBuilder
from deskbook.engine.parameters import approval, truth
from deskbook.engine.plan import Finding, Plan, Receipt
from deskbook.engine.running import Line as Effect
from deskbook.errors import DeskbookError, ServiceError
from deskbook.language.text import counted
from deskbook.runbooks.sweep import facts as reading
from deskbook.runbooks.sweep.decision import Decision
from deskbook.runbooks.sweep.digest import Entry, closed, day_of, entries, signature, tell, text
from deskbook.runbooks.sweep.facts import Facts
from deskbook.runbooks.sweep.lines import Line, lines
from deskbook.runbooks.sweep.shares import worked
from deskbook.runbooks.sweep.work import Done, take_up
from deskbook.services.ports import Desk
from deskbook.tickets.left import NAME

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "sweep.look": "looked",
    "sweep.alert": "told",
    "sweep.work": "worked nothing",
    "sweep.tell": "told",
}


def read(desk: Desk) -> Facts:
    """Lists alone: about one call for each hundred tickets, issues and bookings."""
    return reading.read(desk)


def assess(facts: Facts) -> tuple[Line, ...]:
    """Each unfinished ticket: what comes next, until when, and what does not fit together."""
    return lines(facts)


def plan(facts: Facts, decision: Decision) -> Plan:
    """Which tickets are worked on. Pure; their own plans are made when their turn comes."""
    builder, found = PlanBuilder(facts, decision), assess(facts)
    late = sum(line.item.late for line in found)
    todo = tuple(line for line in found if line.worked)
    odd = sum(bool(line.faults) for line in found)
    looked = f"{counted(len(found), 'unfinished ticket')}, {late} late, {odd} with something that does not fit together"
    builder.findings.append(Finding("sweep.look", "looked", looked))
    words = ", ".join(f"{line.runbook or line.item.runbook} {line.ticket}" for line in todo)
    more = sum(line.begun and not line.worked for line in found)
    again = f"; {more} more are looked at, since a run may have died there" if more else ""
    words = f"{words or 'nothing is to be done'}{again}"
    builder.findings.append(Finding("sweep.work", "worked" if todo else "nothing", words))
    made = builder.finish(
        lambda newer: plan(newer, decision), {"the tickets": [[line.ticket, line.signature] for line in todo]}
    )
    return Sweep(**{each.name: getattr(made, each.name) for each in fields(Plan)}, lines=found)


@dataclass(frozen=True)
class Night(Receipt):
    """The receipt of a sweep, with what it told of each ticket."""

    entries: tuple[Entry, ...] = ()
    said: str = ""

    def as_json(self) -> dict[str, Any]:
        return Receipt(**{each.name: getattr(self, each.name) for each in fields(Receipt)}).as_json()


@dataclass(frozen=True)
class Sweep(Plan):
    """The plan of a sweep; `lines` are all tickets, in the order of the queue."""

    lines: tuple[Line, ...] = ()

    def run(
        self, desk: Desk, *, apply: bool | str = False, approve: str = "", unattended: bool | None = None
    ) -> Receipt:
        """Work on each ticket in its turn, then tell. The receipt has every effect, its key followed by the ticket.

        A ticket that fails stops no other; the failures are told together, apart from what needs a person.
        """
        approve = approval(approve)
        doing = truth("apply", apply) or bool(approve)
        if approve and approve != self.digest:
            return self._refused(desk, approve)
        watched = not (self.decision.unattended or desk.unattended)  # type: ignore[attr-defined]
        alone = not watched if unattended is None else unattended
        if not doing:
            return self._worked(desk, doing=False, alone=alone)
        facts: Facts = self.case
        try:
            begun = facts.begun if facts.kept.now else reading.begun_anywhere(desk, facts.now)
        except ServiceError as error:
            return self._stopped(desk, f"nothing was done: {error}")
        lines = tuple(replace(line, begun=line.ticket in begun) for line in self.lines)
        _begun(desk, replace(facts, begun=begun), lines)
        return replace(self, case=replace(facts, begun=begun), lines=lines)._worked(desk, doing=True, alone=alone)

    def _worked(self, desk: Desk, *, doing: bool, alone: bool) -> Receipt:
        facts, since, executor = self.case, self.decision.moment, self.decision.executor  # type: ignore[attr-defined]
        try:
            going = worked(desk, self.lines, apply=doing, unattended=alone, executor=executor)
            found = {each.ticket: each for each in going}
            done = {line.ticket: found[line.ticket] for line in self.lines if line.ticket in found}
            if not any(each.unavailable for each in done.values()):
                rest = sorted(facts.begun - {line.ticket for line in self.lines})
                done |= {ticket: take_up(desk, ticket, apply=doing, unattended=alone) for ticket in rest}
        except ServiceError as error:  # nobody was there to work
            return self._stopped(desk, f"nothing was done: {error}")
        made = entries(self.lines, done, facts, since)
        said = text(made, facts)
        failures = [f"ticket {each.ticket}: {each.error}" for each in done.values() if each.error]
        failures += [facts.off] if facts.off else []
        posted = self._post(desk, said) if doing else None
        failures += [posted.failure] if posted and posted.failure else []
        if doing:
            failures += _kept(desk, facts, made, done, posted)
        return Night(
            runbook=self.runbook,
            subject=self.subject,
            where=desk.where,
            sandbox=desk.sandbox,
            applied=doing,
            digest=self.digest,
            actions=tuple(_effects(done, posted)),
            needs_human=tuple(_needs(self.lines, done)),
            outcome="failed" if failures else "told" if posted else self.outcome,
            next=None,
            failure=f"{counted(len(failures), 'failure')}: {'; '.join(failures)}" if failures else "",
            entries=made,
            said=said,
        )

    def _post(self, desk: Desk, said: str) -> Receipt | None:
        at = day_of(self.case)
        return tell(self.case, said, at).run(desk, apply=True, unattended=True) if at else None


def _effects(done: Mapping[int, Done], posted: Receipt | None) -> Iterator[Effect]:
    for ticket, became in done.items():
        for receipt in became.receipts:
            for effect in receipt.actions:
                parted = "-" if "#" in effect.key else "#"
                yield replace(effect, key=f"{effect.key}{parted}{ticket}")
        if became.error and not any(receipt.failure for receipt in became.receipts):
            yield Effect(f"sweep.work#{ticket}", f"Work on ticket {ticket}", "failed", became.error)
    yield from posted.actions if posted else ()


def _needs(found: Sequence[Line], done: Mapping[int, Done]) -> Iterator[str]:
    """What needs a person, by ticket: what was found now, or by the last sweep and stands; else what does not fit together."""
    for line in found:
        became = done.get(line.ticket)
        needs = list(line.left.needs) if line.left else []
        for receipt in became.receipts if became else ():
            needs += [need for need in receipt.needs_human if need != receipt.failure]
        for need in dict.fromkeys(needs or [fault.says for fault in line.faults]):
            yield f"Ticket {line.ticket}: {need}"


def _begun(desk: Desk, facts: Facts, found: Sequence[Line]) -> None:
    """Leave word of the tickets that are worked on: if this sweep dies, the next digest tells of those that it closed, and
    the next sweep looks again whether chat knows what could not wait, and ends what was begun."""
    if todo := {line.ticket: line.step for line in found if line.read}:
        closed, untold = (*facts.kept.closed, *todo), {**facts.kept.untold, **todo}
        begun = tuple(sorted({*facts.begun, *todo}))
        kept = facts.kept.model_copy(update={"now": facts.now, "closed": closed, "untold": untold, "begun": begun})
        with suppress(DeskbookError):  # that nothing can be kept is told at the end
            desk.memory.keep(NAME, kept.model_dump(mode="json"))


def _kept(
    desk: Desk, facts: Facts, made: Sequence[Entry], done: Mapping[int, Done], posted: Receipt | None
) -> list[str]:
    """Leave for the next sweep what this one knows; why that failed, if it did."""
    left = {entry.line.ticket: entry.line.left for entry in made if entry.line.left}
    left |= {each.ticket: each.left for each in done.values() if each.left}
    waiting = {ticket: step for ticket, step in facts.kept.untold.items() if ticket in done and done[ticket].error}
    untold = waiting | {each.ticket: each.untold for each in done.values() if each.untold}
    begun = tuple(sorted(each for each in {*facts.begun, *done} if each not in done or not done[each].ended))
    kept = facts.kept.model_copy(
        update={"now": facts.now, "rules": facts.rules, "left": left, "untold": untold, "begun": begun}
    )
    if posted and not posted.failure:
        became = {entry.line.ticket: done.get(entry.line.ticket) for entry in made}
        told = {
            entry.line.ticket: signature(
                entry.line, became[entry.line.ticket] or Done(entry.line.ticket, left=entry.line.left)
            )
            for entry in made
        }
        kept = kept.model_copy(update={"told_at": facts.now, "told": told, "closed": ()})
    else:
        kept = kept.model_copy(update={"closed": tuple(closed(made, facts))})
    try:
        desk.memory.keep(NAME, kept.model_dump(mode="json"))
    except DeskbookError as error:
        return [str(error)]
    return []

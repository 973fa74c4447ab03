"""One ticket of a sweep: its plans, which are pure, and what became of them. Tickets know nothing of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskbook.config.process import HELD, SOMEONE
from deskbook.engine.claims import STANDS
from deskbook.engine.plan import Plan, Receipt
from deskbook.engine.policy import LEFT, PROPOSED
from deskbook.errors import DeskbookError, NotFound, Unavailable
from deskbook.model.case import CLAIM, Case, references
from deskbook.model.records import Entry
from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.sweep.alert import alert
from deskbook.runbooks.sweep.lines import WORKED, Line
from deskbook.services.ports import Desk
from deskbook.tickets.left import Left, told_after

ALERT = "sweep"  # whose plan an alert is; the ticket's own is another runbook's
MOVED = ("refused", "busy")  # how a plan ends where somebody is at the ticket
PLANNED = {step.partition(".")[0] for step in WORKED}


@dataclass(frozen=True)
class Done:
    """What became of one ticket. `left` is what is kept of it; `now` is where it stands, if all of its plan was done;
    `gone` says that it is not there any more, `moved` that somebody changed it meanwhile, `unavailable` that a service
    answered nobody. `untold`: it could not wait at that step, and chat did not take it; the next sweep tells it again.
    `claimed`: a run's note “in progress” stood there, or could not be taken away; the next sweep looks whether it went."""

    ticket: int
    receipts: tuple[Receipt, ...] = ()
    left: Left | None = None
    now: str = ""
    gone: bool = False
    moved: bool = False
    error: str = ""
    unavailable: bool = False
    untold: str = ""
    claimed: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing that was begun there is left for the next sweep."""
        stands = any(need.startswith(STANDS) for receipt in self.receipts for need in receipt.needs_human)
        return not (self.error or self.moved or self.claimed or stands)


def plans(case: Case, line: Line, name: str) -> tuple[Plan, ...]:
    """What is done about a ticket, in this order: what cannot wait is told, then its runbook's plan with the first advice."""
    found = [alert(case, line.step)]
    if name:
        book = runbook(name)
        found.append(book.plan(case, book.decide(case)))
    return tuple(plan for plan in found if plan)


def died(desk: Desk, ticket: int) -> str:
    """The runbook of which a run of ours has left a note on the ticket that it did not come to its end, if the sweep
    itself makes its plans; else empty. One call."""
    return _claimed(ticket, desk.helpdesk.entries(ticket), desk)


def _claimed(ticket: int, entries: Sequence[Entry], desk: Desk) -> str:
    """The same, of a conversation that is at hand."""
    left = references(ticket, entries, {desk.helpdesk.me().id})
    names = (ref.key.partition(".")[0] for ref in left if ref.key.endswith(CLAIM))
    return next((name for name in names if name in PLANNED), "")


def take_up(desk: Desk, ticket: int, *, apply: bool, unattended: bool) -> Done:
    """End on a ticket that is closed, or nobody's work any more, what a run began there that died. It never raises."""
    receipts: list[Receipt] = []
    name = ""
    try:
        if name := died(desk, ticket):
            book = runbook(name)
            case = book.read(desk, ticket_id=ticket)
            receipts.append(book.plan(case, book.decide(case)).run(desk, apply=apply, unattended=unattended))
    except NotFound:
        return Done(ticket)
    except DeskbookError as error:
        return Done(ticket, error=str(error), unavailable=isinstance(error, Unavailable))
    except Exception as error:  # a mistake of ours in one planner
        return Done(ticket, error=f"{type(error).__name__}: {error}")
    failed = [each.failure for each in receipts if each.failure and each.outcome not in MOVED]
    return Done(ticket, tuple(receipts), error="; ".join(failed), claimed=bool(name))


def work(desk: Desk, line: Line, *, apply: bool, unattended: bool) -> Done:
    """Read a ticket, plan, and carry out what may be. It never raises: one broken ticket stops no other."""
    receipts: list[Receipt] = []
    try:
        name = line.runbook or (died(desk, line.ticket) if line.begun else "")
        if not (name or line.waits_for_chat):
            return Done(line.ticket, left=line.left)
        case = runbook(name).read(desk, ticket_id=line.ticket) if name else desk.case(line.ticket)
        claimed = bool(_claimed(line.ticket, case.entries, desk))
        made = plans(case, line, name)
        receipts.extend(plan.run(desk, apply=apply, unattended=unattended) for plan in made)
    except NotFound:
        return Done(line.ticket, tuple(receipts), gone=True)
    except DeskbookError as error:
        silent = isinstance(error, Unavailable)
        return Done(line.ticket, tuple(receipts), error=str(error), unavailable=silent, untold=line.untold)
    except Exception as error:  # a mistake of ours in one planner
        return Done(line.ticket, tuple(receipts), error=f"{type(error).__name__}: {error}", untold=line.untold)
    failed = {plan.runbook: receipt for plan, receipt in zip(made, receipts, strict=True) if receipt.failure}
    why = "; ".join(receipt.failure for receipt in failed.values())
    alarm = failed.pop(ALERT, None)
    untold = line.step if alarm else ""
    if any(each.outcome in MOVED for each in (*failed.values(), *([alarm] if alarm else []))):
        return Done(
            line.ticket, tuple(receipts), moved=True, untold=untold
        )  # somebody is at it; the next sweep looks again
    if failed:
        return Done(line.ticket, tuple(receipts), error=why, untold=untold)
    if not line.planned:
        return Done(line.ticket, tuple(receipts), line.left, error=why, untold=untold, claimed=claimed)
    left = _left(line, case, made, receipts, unattended)
    now = _now(made[-1], receipts[-1]) if made and made[-1].runbook == line.runbook else ""
    return Done(line.ticket, tuple(receipts), left, now, error=why, untold=untold, claimed=claimed)


def _now(plan: Plan, receipt: Receipt) -> str:
    """Where the process leads a ticket whose plan was done: an end, or a step that is next."""
    if receipt.outcome in (PROPOSED, LEFT) or not any(effect.state == "done" for effect in receipt.actions):
        return ""
    last, process = plan.steps_taken[-1], plan.case.process
    target = process.target(last.step, last.outcome)
    if "." in target:
        return f"next is “{process.step(target).title}”"
    return "" if target == SOMEONE else target.replace("-", " ")


def _left(line: Line, case: Case, made: Sequence[Plan], receipts: Sequence[Receipt], unattended: bool) -> Left | None:
    """What is to be remembered of it, so that it is not worked again before it changes."""
    if any(finding.outcome == HELD for plan in made for finding in plan.steps_taken):
        return None  # a mail waits for its hour, not for a change
    landed = {(r.runbook, each.key) for r in receipts for each in r.actions if each.state in ("done", "already done")}
    done = [action for plan in made for action in plan.actions if (plan.runbook, action.key) in landed]
    said, command, does = "", "", ""
    for plan in made:
        outcome = plan.alone().outcome if unattended else ""
        if outcome == PROPOSED:
            asked = plan.proposal
            command = f"{asked.command} --approve {asked.digest}"
            rest = (each for each in plan.actions if each not in done and not each.landed(case))
            does = "; ".join(each.sentence() for each in rest)
        if outcome == LEFT or (plan.needs_human and plan.runbook == line.runbook):
            said = f"a person decides: {case.process.step(_stops(plan, outcome)).title}"
    needs = tuple(need for receipt in receipts for need in receipt.needs_human if need != receipt.failure)
    told = told_after(line.view, done)
    return Left(told=told, at=case.now, said=said, command=command, does=does, needs=needs, down=line.down)


def _stops(plan: Plan, outcome: str) -> str:
    """The step at which a person is needed: the first that is never done without one, else where the plan ends."""
    taken, alone = plan.steps_taken, plan.case.process.alone
    never = [each.step for each in taken if outcome == LEFT and alone(each.step, each.outcome) == "never"]
    return never[0] if never else taken[-1].step

"""Plan and receipt: what a run would do, the one place where it is done, and what became of it.

A plan is made of facts and a decision, by a pure planner. Running it claims the ticket, reads the facts again, refuses
if they have moved, then carries its actions out in order and stops at the first failure. Whether an action is done
already is read from where it lands, so a run that was killed can simply be run again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from html import escape
from typing import Any

from deskbook.engine import claims, policy
from deskbook.engine.actions import Action, resolved
from deskbook.engine.claims import Claim, Standing
from deskbook.engine.parameters import approval, truth
from deskbook.engine.running import Line, Run, idle
from deskbook.engine.since import since_then
from deskbook.errors import DeskbookError, RunFailed
from deskbook.model.case import Case
from deskbook.services.ports import Desk


@dataclass(frozen=True)
class Finding:
    """A step that was passed, the outcome found there, and the reason in words."""

    step: str
    outcome: str
    because: str


@dataclass(frozen=True)
class Receipt:
    """What a run did. `failure` is empty unless it was refused or stopped."""

    runbook: str
    subject: str
    where: str
    sandbox: bool
    applied: bool
    digest: str
    actions: tuple[Line, ...]
    needs_human: tuple[str, ...]
    outcome: str
    next: str | None
    failure: str = ""

    @property
    def landed(self) -> bool:
        """Whether all of it was done before, so that nothing is left to apply."""
        return bool(self.actions) and all(line.state == "already done" for line in self.actions)

    def as_json(self) -> dict[str, Any]:
        """What a notebook shows to programs and `--json` prints: these fields without `where` and `failure`."""
        data = asdict(self)
        return {name: data[name] for name in RECEIPT_KEYS} | {"actions": [asdict(line) for line in self.actions]}

    def raise_for_failure(self) -> None:
        """RunFailed if the run was refused or stopped; call it after the receipt is shown."""
        if self.failure:
            raise RunFailed(self.failure)


RECEIPT_KEYS = ("runbook", "subject", "sandbox", "applied", "digest", "actions", "needs_human", "outcome", "next")


@dataclass(frozen=True)
class Plan:
    """What a run would do. `facts` are those outside that it leans on, by name; `again` plans from newer facts.

    `case` is what was read: a Case, or what a runbook reads that is about no ticket. Such a one has the `process`, a
    `subject`, and `reread(desk)`.
    """

    runbook: str
    case: Any
    decision: object
    actions: tuple[Action, ...]
    facts: Mapping[str, object]
    steps_taken: tuple[Finding, ...]
    needs_human: tuple[str, ...]
    outcome: str
    next: str | None
    again: Callable[[Any], Plan] = field(repr=False, compare=False)
    issue: str = field(default="", compare=False)  # the ticket's issue, where there is one: its number and address
    mark: str = field(default="", compare=False)  # how a note names the decision, so that a later cycle knows it again
    # The same with what was advised said outright: it waits for a person longer than the advice stays the same.
    settled: Callable[[], Plan] | None = field(default=None, repr=False, compare=False)
    light: bool = field(default=False, compare=False)  # leans on the ticket alone, so only that is read again
    # Writes what is the agent's own alone, each action over nothing that it was not planned over: it claims no ticket.
    own: bool = field(default=False, compare=False)

    @property
    def subject(self) -> str:
        """What it is about, such as `ticket 101`."""
        return str(self.case.subject)

    @property
    def digest(self) -> str:
        """`p-`, ten characters for the whole, then three for each fact, so that a refusal can name what moved."""
        parts = {name: _hash(value) for name, value in self._parts().items()}
        return f"p-{_hash([self.runbook, parts])[:10]}-" + "".join(parts[name][:3] for name in sorted(parts))

    def written(self, action: Action) -> str:
        """The HTML of what an action would write for people to read; empty where it writes nothing of that kind."""
        if isinstance(html := getattr(action, "html", None), str):
            return self._resolved(html)
        if isinstance(body := getattr(action, "body", None), str):
            shown = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL).strip()
            return f'<pre style="white-space:pre-wrap">{escape(self._resolved(shown))}</pre>'
        return ""

    def _resolved(self, text: str) -> str:
        return resolved(text, {"issue": self.issue}) if self.issue else text

    def _parts(self) -> dict[str, object]:
        return {
            "the decision": _goal(self.decision),
            "the actions": [_goal(action) for action in self.actions],
            **self.facts,
        }

    def moved(self, digest: str) -> tuple[str, ...]:
        """The facts in which this plan differs from the one of that digest, by name."""
        names = sorted(self._parts())
        mine, theirs = self.digest.split("-"), digest.split("-")
        if len(theirs) != 3 or len(theirs[2]) != len(mine[2]):
            return ()
        return tuple(n for i, n in enumerate(names) if mine[2][3 * i : 3 * i + 3] != theirs[2][3 * i : 3 * i + 3])

    def run(
        self, desk: Desk, *, apply: bool | str = False, approve: str = "", unattended: bool | None = None
    ) -> Receipt:
        """Carry the plan out if `apply` (or `approve`, the digest a person agreed to) says so; else show what it would do.

        Where nobody watches, only what the process lets a run do alone is done; `unattended` says so, else the desk does.
        The receipt says what was done; it never raises for what a service did. ParameterError for a wrong parameter.
        """
        approve = approval(approve)
        if not (truth("apply", apply) or approve):
            return self._receipt(desk, [idle(action, self.case, "proposed") for action in self.actions], applied=False)
        if approve and approve != self.digest:
            return self._refused(desk, approve)
        alone = (desk.unattended if unattended is None else unattended) and not approve
        try:
            if not self._todo(alone):
                return self._nothing_left(desk, alone)
            claimed = isinstance(self.case, Case) and not self.own
            claim = claims.take(desk, self.case, self.runbook, self.told) if claimed else None
        except DeskbookError as error:
            return self._stopped(desk, f"nothing was done: it could not be begun. {error}")
        try:
            return self._claimed(desk, claim, alone)
        finally:
            if claim:
                claim.end()

    @property
    def command(self) -> str:
        """How a person runs this plan: its runbook with the same decision."""
        return policy.command_of(self.runbook, self.case, self.decision)

    @property
    def proposal(self) -> Plan:
        """This plan as a person is asked to approve it."""
        return self.settled() if self.settled else self

    def alone(self) -> policy.Share:
        """What of it is done where nobody watches."""
        outcomes = {finding.step: finding.outcome for finding in self.steps_taken}
        asked = self.proposal
        return policy.share(self.actions, outcomes, self.case, command=asked.command, digest=asked.digest)

    def _share(self, alone: bool) -> policy.Share:
        return self.alone() if alone else policy.Share(self.actions)

    def _shared(self, share: policy.Share) -> Plan:
        """The same, which ends as its share does where something is left to a person."""
        if not share.held:
            return self
        return replace(self, needs_human=(*self.needs_human, share.need), outcome=share.outcome, next=None)

    def _todo(self, alone: bool) -> list[Action]:
        return [action for action in self._share(alone).actions if not action.landed(self.case)]

    def _nothing_left(self, desk: Desk, alone: bool) -> Receipt:
        """All of it is done already, if the facts have not moved; what runs that died have left behind goes."""
        fresh = self.again(desk.again(self.case, light=self.light))
        if fresh.digest != self.digest:
            return fresh._refused(desk, self.digest, self.case)
        left = claims.unfinished(fresh.case, desk, desk.helpdesk.now()) if isinstance(fresh.case, Case) else []
        failed = claims.clear(desk, [entry.id for entry in left])
        fresh = replace(fresh, needs_human=(*fresh.needs_human, *([failed] if failed else [])))
        lines = [idle(action, fresh.case, "not reached") for action in fresh.actions]
        return fresh._shared(fresh._share(alone))._receipt(desk, lines, applied=True)

    def _claimed(self, desk: Desk, claim: Claim | None, alone: bool) -> Receipt:
        """What became of it, now that nobody else is at it; without a claim where no ticket is there to be claimed."""
        left: list[int] = []
        try:
            fresh = self.again(desk.again(self.case, light=self.light))
            other = claim.first(fresh.case) if claim else None
            if claim and not other and claim.passes(fresh.case):
                fresh = self.again(desk.again(self.case, light=self.light))
                other = claim.first(fresh.case)
            left = claim.left(fresh.case) if claim else []
        except DeskbookError as error:
            return self._given_up(
                desk, claim, f"nothing was done: what the plan leans on could not be read again. {error}"
            )
        if other:
            return fresh._given_up(desk, claim, _busy(fresh.subject, other), outcome="busy")
        if fresh.digest != self.digest:
            return fresh._given_up(desk, claim, fresh._why_refused(self.digest, self.case, claim), outcome="refused")
        run = Run(desk, self.case, fresh.case, claim, {"plan": self.told, "issue": fresh.issue})
        share = (self if self.own else fresh)._share(alone)
        run.carry_out(share.actions)
        needs = [*fresh.needs_human, *run.beside]
        if claim and not claim.kept:
            if run.stopped and any(run.did):
                needs.append(claim.stopped(run.stopped, [line.sentence for line in run.did]))
            else:
                needs.append(claims.clear(desk, [claim.entry or 0]))
        if not run.stopped:
            needs.append(claims.clear(desk, left))
        fresh = replace(fresh, needs_human=tuple(need for need in needs if need))
        lines = [*run.lines, *(idle(action, fresh.case, "not reached") for action in share.held)]
        return fresh._shared(share)._receipt(desk, lines, applied=True, failure=run.stopped)

    def _given_up(self, desk: Desk, claim: Claim | None, failure: str, *, outcome: str = "failed") -> Receipt:
        """The receipt of a run that did nothing but claim the ticket, and takes that back."""
        failed = claims.clear(desk, [claim.entry]) if claim and claim.entry else ""
        because = (
            "" if outcome == "failed" else f"the plan was {outcome}" if outcome == "refused" else "somebody is at it"
        )
        stopped = self._stopped(desk, failure, outcome=outcome, because=because)
        return replace(stopped, needs_human=(*stopped.needs_human, failed)) if failed else stopped

    @property
    def told(self) -> str:
        """What a note says of this plan: its digest, and what was decided, so that a later cycle knows it again."""
        return f"plan {self.digest}" + (f", {self.mark}" if self.mark else "")

    def _refused(self, desk: Desk, approved: str, drawn: Any = None) -> Receipt:
        """The receipt of a plan that is not the one agreed to; `self` is the plan as it would be now."""
        return self._stopped(
            desk, self._why_refused(approved, drawn), outcome="refused", because="the plan was refused"
        )

    def _why_refused(self, approved: str, drawn: Any = None, claim: Claim | None = None) -> str:
        """`drawn` are the facts that the approved plan was made of, where they are at hand."""
        moved = self.moved(approved)
        what = f"these have changed since: {', '.join(moved)}" if moved else "it is the digest of another plan"
        told = (
            since_then(drawn, self.case, claim.entry if claim else None)
            if isinstance(drawn, Case) and isinstance(self.case, Case)
            else []
        )
        # Nothing but a ticket tells who did what to it.
        told = told or ([] if drawn is None or isinstance(drawn, Case) else ["by another run, or by hand"])
        by = f" ({'; '.join(told)})" if told else ""
        return (
            f"not done: {approved} was approved, but {what}{by}. Read the plan as it is now and approve {self.digest}."
        )

    def _stopped(self, desk: Desk, failure: str, *, outcome: str = "failed", because: str = "") -> Receipt:
        """The receipt of a run that ended before its first action."""
        lines = [Line(a.key, a.sentence(), "not reached", because) for a in self.actions]
        return self._receipt(desk, lines, applied=False, outcome=outcome, failure=failure)

    def _receipt(
        self, desk: Desk, lines: list[Line], *, applied: bool, outcome: str = "failed", failure: str = ""
    ) -> Receipt:
        """`outcome` is that of a failure."""
        return Receipt(
            runbook=self.runbook,
            subject=self.subject,
            where=desk.where,
            sandbox=desk.sandbox,
            applied=applied,
            digest=self.digest,
            actions=tuple(lines),
            needs_human=self.needs_human + ((failure,) if failure else ()),
            outcome=outcome if failure else self.outcome,
            next=None if failure else self.next,
            failure=failure,
        )


def _busy(subject: str, other: Standing) -> str:
    minutes = claims.HOLDS.seconds // 60
    return (
        f"nothing was done: {other.told()}, is at {subject}. Run again when it has ended. If it died, its claim lapses "
        f"{minutes} minutes after it began; to take over at once: deskbook take-over {subject.rpartition(' ')[2]}"
    )


def _goal(thing: Any) -> dict[str, object]:
    return {"is": type(thing).__name__} | {f.name: getattr(thing, f.name) for f in fields(thing) if f.compare}


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()

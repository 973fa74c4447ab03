"""Plan and receipt: what a run would do, the one place where it is done, and what became of it.

A plan is made of facts and a decision, by a pure planner. Running it reads the facts again, refuses if they have
moved, then carries its actions out in order and stops at the first failure. Whether an action is done already is
read from where it lands, so a run that was killed can simply be run again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from html import escape
from typing import Any, Literal

from deskbook.engine.actions import LANDED, Action, Reply, resolved, stands_apart
from deskbook.engine.parameters import approval, truth
from deskbook.errors import AnswerLost, DeskbookError, RunFailed
from deskbook.services.ports import Desk

MIME = "application/vnd.deskbook.receipt+json"

INTERRUPTED = "interrupted; it may have landed. Run again: it looks first."

State = Literal["proposed", "done", "already done", "failed", "not reached"]


@dataclass(frozen=True)
class Finding:
    """A step that was passed, the outcome found there, and the reason in words."""

    step: str
    outcome: str
    because: str


@dataclass(frozen=True)
class Line:
    """What became of one action."""

    key: str
    sentence: str
    state: State
    reason: str = ""


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
    light: bool = field(default=False, compare=False)  # leans on the ticket alone, so only that is read again

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

    def run(self, desk: Desk, *, apply: bool | str = False, approve: str = "") -> Receipt:
        """Carry the plan out if `apply` (or `approve`, the digest a person agreed to) says so; else show what it would do.

        The receipt says what was done; it never raises for what a service did. ParameterError for a wrong parameter.
        """
        approve = approval(approve)
        if not (truth("apply", apply) or approve):
            return self._receipt(desk, [self._idle(action, "proposed") for action in self.actions], applied=False)
        if approve and approve != self.digest:
            return self._refused(desk, approve)
        try:
            fresh = self.again(desk.again(self.case, light=self.light))
        except DeskbookError as error:
            return self._stopped(desk, f"nothing was done: what the plan leans on could not be read again. {error}")
        if fresh.digest != self.digest:
            return fresh._refused(desk, self.digest)
        done: list[Line] = []
        results = {"plan": fresh.digest, "issue": fresh.issue}
        beside: list[str] = []  # failures that hold up nothing else
        stopped = ""
        for action in fresh.actions:
            if stopped:
                done.append(fresh._idle(action, "not reached"))
                continue
            line = _carry_out(action, fresh.case, desk, results)
            done.append(line)
            failed = f"{line.key}: {line.reason}" if line.state == "failed" else ""
            if failed and stands_apart(action) and line.reason != INTERRUPTED:
                beside.append(failed)
                continue
            stopped = failed
            results[action.key] = line.reason
            results["issue"] = line.reason if LANDED.match(line.reason) else results["issue"]
        fresh = replace(fresh, needs_human=(*fresh.needs_human, *beside))
        return fresh._receipt(desk, done, applied=True, failure=stopped)

    def _idle(self, action: Action, state: State) -> Line:
        where = action.landed(self.case)
        return Line(action.key, action.sentence(), "already done" if where else state, where or "")

    def _refused(self, desk: Desk, approved: str) -> Receipt:
        """The receipt of a plan that is not the one agreed to; `self` is the plan as it would be now."""
        moved = self.moved(approved)
        what = f"these have changed since: {', '.join(moved)}" if moved else "it is the digest of another plan"
        failure = (
            f"not done: {approved} was approved, but {what}. Read the plan as it is now and approve {self.digest}."
        )
        return self._stopped(desk, failure, outcome="refused", because="the plan was refused")

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


def _carry_out(action: Action, case: Any, desk: Desk, results: Mapping[str, str]) -> Line:
    sentence = action.sentence()
    where = action.landed(case)
    try:
        if not where and isinstance(action, Reply):  # a mail cannot be taken back, and a colleague may be running this
            where = action.landed(desk.again(case, light=True))
        if where:
            return Line(action.key, sentence, "already done", where)
        return Line(action.key, sentence, "done", action.apply(desk, results))
    except AnswerLost as error:
        return _look_again(action, case, desk, error)
    except DeskbookError as error:
        return Line(action.key, sentence, "failed", str(error))
    except KeyboardInterrupt:
        return Line(action.key, sentence, "failed", INTERRUPTED)
    except Exception as error:  # a mistake of ours must not swallow the receipt of what was done before it
        return Line(action.key, sentence, "failed", f"{type(error).__name__}: {error}")


def _look_again(action: Action, case: Any, desk: Desk, lost: AnswerLost) -> Line:
    """A write whose answer was lost is never repeated: look whether it landed."""
    try:
        where = action.landed(desk.again(case))
    except DeskbookError:
        where = None
    if where:
        return Line(action.key, action.sentence(), "done", f"{where} (the answer was lost; found on looking again)")
    return Line(action.key, action.sentence(), "failed", f"{lost} Run again: it looks before it repeats anything.")


def _goal(thing: Any) -> dict[str, object]:
    return {"is": type(thing).__name__} | {f.name: getattr(thing, f.name) for f in fields(thing) if f.compare}


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()

"""The list of runbooks, and how each is used: read, assess, decide, plan, and a form.

A runbook is a folder of its name beside this file, with fixed file names: `decision.py` has what a person may decide
(`Decision`, `decide`), `plan.py` has `read`, `assess` and `plan`, `form.py` has
`form`, and where the facts are no ticket `view.py` has how they look (`View`). The notebook `runbooks/<name>.ipynb`,
the page `book/process/<name>.md`, the steps of `process.yaml` and the case files `tests/plans/<name>/` bear the same name.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deskbook.engine.parameters import APPLY, APPROVE, TICKET, Declared, declared, unknown
from deskbook.errors import ParameterError
from deskbook.loading import uncollected

if TYPE_CHECKING:  # the command only looks for a name here
    from deskbook.engine.plan import Plan
    from deskbook.services.ports import Desk
    from deskbook.ui.forms import Form

NEXT = 3  # tickets that are named to somebody who gave no number

# In the order of the handbook: the queue, the sweep over it, a ticket's road, the side roads.
NAMES = (
    "queue",
    "sweep",
    "triage",
    "timebox",
    "escalate",
    "resolve",
    "workshop",
    "incident",
    "prioritize",
    "report",
    "onboard",
)
DESK = (
    "desk"  # the notebook that one begins at: the queue with a way into each ticket; no runbook, it carries nothing out
)


@dataclass(frozen=True)
class Runbook:
    """One runbook. Its facts are a Case where it is about a ticket, else what its `read` says."""

    name: str

    @uncollected()
    def read(self, desk: Desk, **given: object) -> Any:
        """The facts, read now. Of the runbook's parameters it takes those that say what is to be read; others are left.

        Without a ticket number a sandbox has one to practise on. ServiceError where a service fails, ParameterError for a
        parameter that cannot be used, NotFound for no such ticket.
        """
        if self.of_ticket and given.get(TICKET.name) in (None, "", 0, "0"):
            given = {**given, TICKET.name: self._practice(desk)}
        takes = inspect.signature(self._plan.read).parameters
        every = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in takes.values())
        return self._plan.read(desk, **{name: value for name, value in given.items() if every or name in takes})

    def assess(self, facts: Any, decision: Any = None) -> Any:
        """What the rules advise, with reasons. Pure."""
        takes = inspect.signature(self._plan.assess).parameters
        return (
            self._plan.assess(facts, decision or self.decide(facts))
            if "decision" in takes
            else self._plan.assess(facts)
        )

    def decide(self, facts: Any, **given: object) -> Any:
        """The parameters as a decision; what is empty takes the advice. ParameterError names the one that is wrong."""
        return self._decision.decide(facts, **given)

    @uncollected()
    def plan(self, facts: Any, decision: Any = None) -> Plan:
        """What this decision does with these facts. Pure: the same two give the same plan."""
        made: Plan = self._plan.plan(facts, decision or self.decide(facts))
        return made

    def view(self, facts: Any, decision: Any = None) -> Any:
        """The facts as a notebook shows them."""
        if self.of_ticket:
            return facts
        return import_module(f"{self._package}.view").View(facts, decision or self.decide(facts))

    def form(self, desk: Desk, facts: Any, decision: Any = None) -> Form:
        """The form over these facts, with its plan; its receipts lead on to the forms of other runbooks."""
        shown: Form = import_module(f"{self._package}.form").form(
            desk, facts, decision or self.decide(facts), open_form
        )
        return shown

    @cached_property
    def parameters(self) -> tuple[Declared, ...]:
        """Every parameter of the notebook, in its order."""
        ticket = (TICKET,) if self.of_ticket else ()
        return (*ticket, *declared(self._decision.Decision), APPLY, APPROVE)

    @property
    def steps(self) -> Mapping[str, Sequence[str]]:
        """Every step of the planner, with what may be found at it."""
        return {step: outcomes.split() for step, outcomes in self._plan.STEPS.items()}

    @property
    def of_ticket(self) -> bool:
        """Whether it is about one ticket; its facts are a Case then."""
        return hasattr(self._decision, "PRACTICE")

    def _practice(self, desk: Desk) -> int:
        """The ticket of the sandbox on which this runbook can be practised; ParameterError, with what is next, elsewhere."""
        if desk.sandbox:
            number: int = self._decision.PRACTICE
            print(f"No ticket number was given: this is practice ticket {number}.")
            return number
        from deskbook.tickets.queue import read_queue

        items = read_queue(desk).items
        own = [item for item in items if item.runbook == self.name] or list(items)
        ahead = ", ".join(f"{item.ticket.id} ({item.title})" for item in own[:NEXT]) or "nothing"
        raise ParameterError(
            f"{TICKET.name}: no ticket number was given. Next in the queue: {ahead}. Give one of these."
        )

    @property
    def _package(self) -> str:
        return f"{__package__}.{self.name}"

    @cached_property
    def _decision(self) -> Any:
        return import_module(f"{self._package}.decision")

    @cached_property
    def _plan(self) -> Any:
        return import_module(f"{self._package}.plan")


RUNBOOKS = {name: Runbook(name) for name in NAMES}


def runbook(name: str) -> Runbook:
    """The runbook of that name; ParameterError, with the nearest name, where there is none."""
    if name not in RUNBOOKS:
        raise unknown(name, RUNBOOKS, "there is no runbook")
    return RUNBOOKS[name]


def open_form(desk: Desk, name: str, ticket_id: int, proposed: str = "") -> Any:
    """The form of a runbook for a ticket, with its plan, as one widget; ParameterError where it is about no ticket.

    With the command of a proposal, that is carried out as it was proposed, or refused; then its receipt is shown.
    """
    book = runbook(name)
    if not book.of_ticket:
        raise ParameterError(f"The {name} runbook does not open from here: run it with ticket_id={ticket_id}.")
    if proposed:
        from deskbook.engine.policy import proposal_in

        given, digest = proposal_in(proposed)
        facts = book.read(desk, **given)
        own = {key: value for key, value in given.items() if key != "ticket_id"}
        return book.plan(facts, book.decide(facts, **own)).run(desk, approve=digest)
    case = book.read(desk, ticket_id=ticket_id)
    return book.form(desk, case).boxed()

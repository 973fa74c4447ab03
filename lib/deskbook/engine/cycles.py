"""Decisions belong to a cycle: what was decided in one does nothing by itself in the next.

A decision may say which cycle it is for. One that does not is for the cycle that runs, unless the very same is on
record in an earlier one: then it is a notebook or a command of that time, run again, and a person is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, TypeVar

from deskbook.engine.parameters import Parameter, words
from deskbook.errors import ParameterError
from deskbook.language.text import lines, shorten
from deskbook.model.case import CLAIM, RECORD, Case

D = TypeVar("D", bound="OfTicket")

MOST = 999  # cycles of a ticket
LONGEST = 20_000  # characters of a text


def _texts(name: str, case: object, value: object) -> str:
    """The texts in one spelling, so that the same ones are the same decision."""
    if not (said := words(name, value)):
        return ""
    how = """write JSON such as {"triage.acknowledge": "Hello Ada, …"}"""
    try:
        told = json.loads(said)
    except (ValueError, RecursionError):
        raise ParameterError(f"{name}: {shorten(said, 60)!r} is no JSON; {how}") from None
    if not isinstance(told, dict) or not all(isinstance(text, str) and text.strip() for text in told.values()):
        raise ParameterError(f"{name}: each step needs a text of its own; {how}")
    if any(len(text) > LONGEST for text in told.values()):
        raise ParameterError(f"{name}: a text has {LONGEST:,} characters at most; shorten it")
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class OfTicket:
    """What every decision about a ticket may say besides."""

    cycle: Annotated[
        int, Parameter("Cycle", "the cycle of the ticket that this is decided for; 0: the one that runs", most=MOST)
    ] = 0
    texts: Annotated[
        str, Parameter("Texts", "mails and notes in your own words, as JSON: the step, and its text", _texts)
    ] = ""

    @property
    def own_words(self) -> Mapping[str, str]:
        """By key of the action, what it says in the place of our text."""
        return json.loads(self.texts) if self.texts else {}


OWN = tuple(field.name for field in fields(OfTicket))


def meant_for(case: Case, decision: D) -> D:
    """The decision, with the cycle that it is for."""
    return replace(decision, cycle=decision.cycle or case.cycle)


def mark(decision: object) -> str:
    """How a note names a decision that says something; empty for one that leaves all to the advice."""
    if not isinstance(decision, OfTicket):
        return ""
    bare = replace(decision, cycle=0)
    if bare == type(decision)():
        return ""
    said = {field.name: getattr(bare, field.name) for field in fields(bare)}
    return f"decision {hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:10]}"


def of_another(case: Case, runbook: str, decision: Any) -> str:
    """Why the decision is not for the cycle that runs, and what to do; empty where it is."""
    if not isinstance(decision, OfTicket):
        return ""
    if decision.cycle and decision.cycle != case.cycle:
        return f"It was decided for cycle {decision.cycle}, and {_runs(case)}"
    named = mark(decision)
    if decision.cycle or not named:
        return ""
    for ref in case.references():
        ours = ref.key.startswith(f"{runbook}.") and ref.key.endswith((RECORD, CLAIM))
        if ours and ref.cycle < case.cycle and any(named in line for line in lines(ref.entry.body, quotes=False)):
            return (
                f"The very same was decided in cycle {ref.cycle}, on {ref.entry.at:%d %B %Y}, and {_runs(case)} If you "
                f"mean it for this one as well, say cycle={case.cycle}."
            )
    return ""


def _runs(case: Case) -> str:
    return f"the ticket is in cycle {case.cycle} since {case.began:%d %B %Y}: read it anew."

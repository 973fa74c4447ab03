"""The form of the onboard runbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook.engine.plan import Plan
from deskbook.runbooks.onboard.decision import Decision, decide
from deskbook.runbooks.onboard.facts import Onboarding
from deskbook.runbooks.onboard.plan import assess, plan, read
from deskbook.services.ports import Desk
from deskbook.ui.forms import Form, Onward, sheet_of


def form(desk: Desk, facts: Onboarding, decision: Decision | None = None, onward: Onward | None = None) -> Form:
    """Which community, its domains, who speaks for it, and what it is."""
    found, asked = facts.community, decision or facts.decision
    listed = ", ".join(found.listed) if found and found.listed else "nobody yet"
    domains = ", ".join(found.domains) if found and found.domains else "none yet"
    kept = {"domains": f"as they are: {domains}", "representatives": f"as listed: {listed}", "description": "as it is"}
    advised = {"community": "all of them are looked at"} | (kept if found else {})
    reasons = [f"{fault.community}: {fault.says}" for fault in assess(facts)][:10]

    def draw(newer: Any, values: Mapping[str, Any]) -> Plan:
        wish = decide(**values)
        return plan(newer if newer.decision == wish else read(desk, **values))

    return Form(desk, facts, sheet_of(facts, asked, advised, reasons, values=_texts(asked)), draw, onward)


def _texts(decision: Decision) -> dict[str, str]:
    """The decision as somebody would write it into the fields."""
    return {
        "community": decision.community,
        "domains": ", ".join(decision.domains),
        "representatives": "; ".join(str(who) for who in decision.representatives),
        "description": decision.description,
    }

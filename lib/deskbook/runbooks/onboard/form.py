"""The form of the onboard runbook."""

from __future__ import annotations

from deskbook.engine.plan import Plan
from deskbook.runbooks.onboard.decision import Decision, decide
from deskbook.runbooks.onboard.facts import Onboarding
from deskbook.runbooks.onboard.plan import assess, plan, read
from deskbook.services.ports import Desk
from deskbook.ui.fields import Sheet, sheet_of
from deskbook.ui.forms import Form, Onward


def form(desk: Desk, facts: Onboarding, decision: Decision | None = None, onward: Onward | None = None) -> Form:
    """Which community, its domains, who speaks for it, and what it is."""

    def draw(newer: Onboarding, wish: Decision) -> Plan:
        return plan(newer if newer.decision == wish else read(desk, **_texts(wish)))

    return Form(desk, facts, decision or facts.decision, decide=decide, sheet=_sheet, plan=draw, onward=onward)


def _sheet(facts: Onboarding, decision: Decision) -> Sheet:
    found = facts.community
    listed = ", ".join(found.listed) if found and found.listed else "nobody yet"
    domains = ", ".join(found.domains) if found and found.domains else "none yet"
    kept = {"domains": f"as they are: {domains}", "representatives": f"as listed: {listed}", "description": "as it is"}
    advised = {"community": "all of them are looked at"} | (kept if found else {})
    reasons = [f"{fault.community}: {fault.says}" for fault in assess(facts)][:10]
    return sheet_of(facts, decision, advised, reasons, values=_texts(decision))


def _texts(decision: Decision) -> dict[str, str]:
    """The decision as somebody would write it into the fields."""
    return {
        "community": decision.community,
        "domains": ", ".join(decision.domains),
        "representatives": "; ".join(str(who) for who in decision.representatives),
        "description": decision.description,
        "new": decision.new,
    }

"""How the facts of onboarding look: each community with what is wrong, and who mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deskbook.language.text import shorten
from deskbook.model.records import representatives
from deskbook.runbooks.onboard.decision import Decision
from deskbook.runbooks.onboard.facts import Onboarding
from deskbook.runbooks.onboard.lint import Fault
from deskbook.runbooks.onboard.plan import assess
from deskbook.ui import blocks as ui

MOST = 200  # rows on a page; nobody reads on
HEAD = ("Community", "What is wrong", "Who mends it")
WHO = {"person": "a person", "tidied": "this runbook", "better": "nobody has to"}


@dataclass(frozen=True)
class View:
    """The facts for people: one community with its people, or a table of what is wrong with all of them."""

    facts: Onboarding
    decision: Decision | None = None  # the facts are read for it

    def blocks(self) -> list[ui.Block]:
        facts, found = self.facts, assess(self.facts)
        kept = "; kept in the CRM, and only read here" if facts.from_crm else ""
        if facts.decision.community:
            table = _table(found) if facts.community else []
            return [ui.Title(facts.subject, f"as it stands{kept}"), *self._one(), *table]
        names = {fault.community for fault in found if fault.remedy != "better"}
        counts = f"{len(facts.communities)} communities, {len(names)} with something wrong{kept}"
        return [ui.Title("All communities", counts), *_table(found)]

    def _one(self) -> list[ui.Block]:
        found = self.facts.community
        if found is None:
            several = len(self.facts.namesakes)
            return [ui.Says("Several companies have this name." if several else "It has no company yet.")]
        people = [
            f"{entry.listed} <{entry.contact.mail or 'no address'}>"
            if entry.contact
            else f"{entry.listed} ({len(entry.matches)} contacts of that name)"
            for entry in representatives(found)
        ]
        rows = [
            ("Domains", ", ".join(found.domains) or "none"),
            ("Representatives", "; ".join(people) or "none on file"),
            ("Contacts", str(len(found.contacts))),
            ("Description", shorten(found.description, 200) or "none"),
        ]
        return [ui.Rows(rows)]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return ui.bundle(self.blocks())


def _table(found: tuple[Fault, ...]) -> list[ui.Block]:
    if not found:
        return [ui.Says("Nothing is wrong.")]
    rows = [(fault.community, fault.says, WHO[fault.remedy]) for fault in found[:MOST]]
    rest = [ui.Says(f"And {len(found) - MOST} more; the receipt names all.")] if len(found) > MOST else []
    return [ui.Rows(rows, HEAD), *rest]

"""Deskbook: the support handbook that runs.

    import deskbook

    desk = deskbook.connect()
    triage = deskbook.runbook("triage")
    case = triage.read(desk, ticket_id=101)
    plan = triage.plan(case, triage.decide(case, agent="mei@staff.example.org"))
    receipt = plan.run(desk, apply=True)

These names stay as they are; the page *Python* of the handbook (`book/reference/api.md`) describes them.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deskbook.config.moved import tell_new_names

if TYPE_CHECKING:
    from deskbook import language
    from deskbook.assembly import connect
    from deskbook.runbooks.catalog import runbook
    from deskbook.tickets.classification import classify

__all__ = ["classify", "connect", "language", "runbook"]
__version__ = "0.1.0"

_HOMES = {
    "connect": "deskbook.assembly",
    "runbook": "deskbook.runbooks.catalog",
    "classify": "deskbook.tickets.classification",
}


def __getattr__(name: str) -> Any:
    """Public names are loaded when they are asked for, so that `import deskbook` stays light."""
    if name in _HOMES:
        if _HOMES[name] in sys.modules:
            return getattr(sys.modules[_HOMES[name]], name)
        with import_module("deskbook.loading").at_once():
            return getattr(import_module(_HOMES[name]), name)
    if name == "language":
        return import_module("deskbook.language")
    raise AttributeError(f"module 'deskbook' has no attribute '{name}'")


tell_new_names()

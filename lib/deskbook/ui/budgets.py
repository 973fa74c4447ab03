"""The table of budgets: which community has used how much of its hours."""

from __future__ import annotations

from deskbook.tickets.budgets import Budget, hours
from deskbook.ui import blocks as ui

MOST = 200  # rows of one table; nobody reads on


def budget_table(rows: list[Budget]) -> list[ui.Block]:
    """Who has used how much; the one with least left on top."""
    least = sorted(rows, key=lambda row: (not row.used_up, row.left, row.community.name.casefold()))
    table = [
        (
            row.community.name,
            f"{hours(row.hours)}{'' if row.own else ' (for all alike)'}",
            hours(row.used),
            hours(row.left),
            "–" if row.share is None else f"{row.share:.0%}",
            hours(row.free / 3600),
            "its own" if row.community.own_funding else "",
        )
        for row in least[:MOST]
    ]
    head = ("Community", "Budget", "Used", "Left", "Share", "Not charged", "Funding")
    return [ui.Rows(table, head)] if table else []

"""Whether a ticket was merged into another by hand, as the helpdesk's note on it tells."""

from __future__ import annotations

import re

from deskbook.language.text import lines
from deskbook.model.case import Case

MERGED = re.compile(
    r"\bmerged\s+(?:in ?to|with)\s+(?:the\s+)?(?:ticket|request)\s*(?:with\s+(?:the\s+)?id|number|no\.?|id)?\s*[:#(]?\s*#?(\d{1,12})\b",
    re.IGNORECASE,
)


def merged_into(case: Case) -> int | None:
    """The ticket that this one was merged into: an agent's note says so, and nobody of us wrote to its people since."""
    agents = {agent.id for agent in case.agents}
    into = None
    for entry in case.entries:
        if entry.incoming or entry.author not in agents:
            continue
        found = MERGED.search(" ".join(lines(entry.body, quotes=False)))
        if found and int(found[1]) != case.ticket.id:
            into = int(found[1])
        elif not entry.private:
            into = None
    return into


def replied_since(case: Case) -> bool:
    """Whether somebody wrote here after it was merged."""
    own = [e.position for e in case.entries if not e.incoming and MERGED.search(" ".join(lines(e.body, quotes=False)))]
    return bool(own) and bool(case.replies(own[-1]))

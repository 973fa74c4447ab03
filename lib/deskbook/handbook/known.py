"""What the handbook says of the work in a timebox: its checklists, and what we have seen before."""

from __future__ import annotations

import re

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.handbook.chapters import Chapter
from deskbook.language.text import plain_markdown as plain
from deskbook.tickets.known import Known, load_known, marked

CODE = re.compile(r"\b[45]\d\d\b")  # of HTTP: people search for the number alone


def checklists(process: Process, organization: Organization, _: str) -> str:
    """Each kind's list, in its order, with the reasons."""
    names = {str(kind): name for kind, name in organization.ticket_types.items()}
    parts = []
    for kind, items in process.checklists.items():
        lines = [f"{number}. {plain(item.does)}{_why(item.why)}" for number, item in enumerate(items, 1)]
        parts.append(f"{{#checklist-{kind}}}\n### {plain(names[kind])}\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def known_problems(process: Process, organization: Organization, _: str) -> str:
    """Every error with the logs to read, then every problem with what fixes it."""
    knowledge = load_known()
    errors = [_card(known, "Then") for known in knowledge.known if known.kind == "error"]
    problems = [_card(known, "Fix") for known in knowledge.known if known.kind == "problem"]
    logs = f"An error says which log to read. The consoles of the clouds keep logs for about {knowledge.logs_kept_days} days."
    parts = ["## Errors, and where to look", logs, *errors, "## Problems, and what fixes them", *problems]
    return "\n\n".join(parts)


def _card(known: Known, after: str) -> str:
    look = "\n".join(f"- {marked(sentence)}" for sentence in known.look)
    fix = "\n".join(f"{number}. {marked(step)}" for number, step in enumerate(known.fix, 1))
    caution = f"\n\n**Take care.** {marked(known.caution)}" if known.caution else ""
    # A search for one of these leads right here.
    entries = dict.fromkeys((*known.heard, *(code for message in known.heard for code in CODE.findall(message))))
    found = "\n\n".join(f"```{{index}} ! single: {entry}\n```" for entry in entries)
    heard = ", ".join(f"“{plain(message)}”" for message in known.heard)
    signs = "\n".join(f"- `` {sign} ``" for sign in known.signs)
    return (
        f"{{#known-{known.id} .card-like}}\n### {plain(known.title)}\n\n{found}\n\n"
        f"**It reads as** {heard}\n\n**Look at**\n\n{look}\n\n**{after}**\n\n{fix}{caution}"
        f"\n\n:::{{dropdown}} What it is recognised by\n{signs}\n:::"
    )


def _why(why: str) -> str:
    return f" *{plain(why)}*" if why else ""


KNOWLEDGE: dict[str, Chapter] = {"checklists": checklists, "known-problems": known_problems}

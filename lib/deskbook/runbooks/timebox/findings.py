"""What a timebox found, as the ticket's issue tells it: the end of it where it is long, and later what is new."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from deskbook.model.case import Case, reference
from deskbook.model.records import Issue
from deskbook.runbooks.timebox.decision import Decision
from deskbook.tickets import worksheet
from deskbook.tickets.issue_form import neutral
from deskbook.tickets.tracking import Comment

SHOWN = 20_000  # characters of all findings as an issue has them; a form holds as much again beside them


def found(case: Case, decision: Decision) -> tuple[str, ...]:
    """Everybody's findings of this cycle, with what the agent's sheet is about to say in the place of what it says now."""
    own = worksheet.kept(decision.findings) or worksheet.sheet_of(case, case.me.id).findings
    others = [sheet.findings for sheet in worksheet.sheets(case) if sheet.agent != case.me.id]
    return tuple(text for text in (*others, own) if text)


def told(texts: Sequence[str]) -> str:
    """Findings for an issue, each person's with the same room. An error stands at the end of a log, so the end is kept."""
    return "\n\n".join(_end(text.splitlines(), SHOWN // len(texts)) for text in texts)


def mark(case: Case, step: str, texts: Sequence[str]) -> str:
    """The hidden line that tells which findings stand above it; empty where nothing was found."""
    return f"<!-- {_reference(case, f'{step}#found', texts)} -->" if texts else ""


def later(case: Case, step: str, texts: Sequence[str], issue: Issue) -> Comment | None:
    """What was found since this cycle told the issue what it found, as a comment on it; None where there is nothing new.

    Hidden lines tell what the issue knows, not its words: what somebody took out of it stays out.
    """
    if not texts or _reference(case, f"{step}#found", texts).removeprefix("Ref ") in issue.refs:
        return None
    known = set(issue.body.splitlines())
    new = [[line for line in text.splitlines() if neutral(line) not in known] for text in texts]
    said = told(["\n".join(lines) for lines in new if lines])
    if not said:
        return None
    ref = _reference(case, f"{step}#more", texts)
    body = f"Found since:\n\n{said}\n\n<!-- {ref} -->"
    return Comment(
        f"{step}#more", body, ref.removeprefix("Ref "), f"Comment on issue {issue.number}: what was found since"
    )


def _reference(case: Case, key: str, texts: Sequence[str]) -> str:
    """The same for the same words, whoever runs it."""
    return reference(case, f"{key}.{crc32(chr(10).join(texts).encode())}")


def _end(lines: Sequence[str], most: int) -> str:
    """The last lines that have room, made harmless; what stood before them is counted, and where it is."""
    shown: list[str] = []
    for line in reversed(lines):
        harmless = neutral(line, len(line) or 1)
        if sum(map(len, shown)) + len(shown) + len(harmless) > most:
            break
        shown.insert(0, harmless)
    if not shown:  # one endless line
        shown = [f"…{neutral(lines[-1][-most // 8 :])}"]
    left = len(lines) - len(shown)
    if left:
        shown.insert(
            0, f"({left} earlier line{' is' if left == 1 else 's are'} left out; see the worksheet on the ticket.)"
        )
    return "\n".join(shown)

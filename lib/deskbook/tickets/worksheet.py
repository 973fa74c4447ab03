"""The worksheet of a timebox: what was ticked and found, kept on the ticket, so that a colleague goes on from there.

Each agent has one private note a cycle, edited in place, so that two agents at once never overwrite one another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deskbook.errors import Refused
from deskbook.language.text import lines, plain_markdown, printable, to_html
from deskbook.model.case import Case
from deskbook.model.records import Entry
from deskbook.services.ports import Desk

KEY = "timebox.work#sheet"
TICK = re.compile(r"^✔ ([a-z-]+):(?: |$)")
FOUND = "Found:"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # a log may hold them, a note does not
LINE = "· "  # before each line that was found: nothing a person pastes is then taken for a quotation or a reference
MOST, LONGEST = 400, 40_000  # lines and characters kept of what somebody pastes: the last ones, where the error is
LEFT_OUT = re.compile(r"\(([0-9]{1,9}) earlier lines? not kept\)(?=\n|\Z)")


@dataclass(frozen=True)
class Sheet:
    """What one agent ticked (ids of checklist items) and found, in one cycle."""

    agent: int
    ticks: tuple[str, ...] = ()
    findings: str = ""
    entry: int | None = None  # the note that holds it


def sheets(case: Case) -> tuple[Sheet, ...]:
    """The sheets of this cycle, one for each agent who has one, oldest first."""
    found: dict[int, Sheet] = {}
    for ref in case.references():
        if ref.key == KEY and ref.cycle == case.cycle:
            found[ref.entry.author] = _read(ref.entry)
    return tuple(found.values())


def sheet_of(case: Case, agent: int) -> Sheet:
    return next((sheet for sheet in sheets(case) if sheet.agent == agent), Sheet(agent))


def ticks(case: Case) -> tuple[str, ...]:
    """Everything that somebody ticked in this cycle."""
    return tuple(dict.fromkeys(tick for sheet in sheets(case) for tick in sheet.ticks))


def findings(case: Case) -> str:
    """What was found in this cycle, by everybody, in the order of the sheets."""
    return "\n\n".join(sheet.findings for sheet in sheets(case) if sheet.findings)


def _read(entry: Entry) -> Sheet:
    ticked, found, after = [], [], False
    for line in lines(entry.body):
        tick = TICK.match(line)
        if tick and not after:
            ticked.append(tick[1])
        elif line.startswith(LINE) and after:
            found.append(line.removeprefix(LINE))
        after = after or line == FOUND
    return Sheet(entry.author, tuple(ticked), "\n".join(found), entry.id)


@dataclass(frozen=True)
class Keep:
    """Write one agent's sheet as it should read: edit the note that is there, or add it."""

    key: str
    ticket: int
    agent: int
    ticks: tuple[str, ...]
    findings: str
    titles: Mapping[str, str] = field(compare=False)  # what each item of the checklist says
    reference: str = field(compare=False)
    was: Sheet = field(default=Sheet(0), compare=False)  # the sheet as it was when this was planned

    def sentence(self) -> str:
        text = kept(self.findings)
        found = len(text.splitlines()) - bool(left_out(text))
        return f"Worksheet: {len(self.ticks)} ticked, {found} line{'' if found == 1 else 's'} found"

    def landed(self, case: Case) -> str | None:
        sheet = sheet_of(case, self.agent)
        same = set(sheet.ticks) == set(self.ticks) and sheet.findings == kept(self.findings)
        return f"conversation {sheet.entry}" if sheet.entry and same else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        html = self.note()
        own = [e for e in desk.helpdesk.entries(self.ticket) if e.author == self.agent and self._is_mine(e)]
        if own:
            now = _read(own[-1])
            if (
                self.was.entry
                and now != self.was
                and now != replace(now, ticks=self.ticks, findings=kept(self.findings))
            ):
                raise Refused(
                    f"the worksheet (conversation {own[-1].id}) was written anew after this was planned, in another window "
                    "or by hand; it was left so. Read the ticket again."
                )
            return f"conversation {desk.helpdesk.edit_note(own[-1].id, html)}"
        return f"conversation {desk.helpdesk.note(self.ticket, html)}"

    def _is_mine(self, entry: Entry) -> bool:
        said = lines(entry.body)
        return entry.private and not entry.incoming and bool(said) and said[-1] == self.reference

    def note(self) -> str:
        ticked = [f"✔ {tick}: {plain_markdown(self.titles.get(tick, ''))}" for tick in self.ticks]
        found = [LINE + plain_markdown(line) for line in kept(self.findings).splitlines()]
        parts = ["**Timebox worksheet**", *ticked, *([FOUND, *found] if found else []), self.reference]
        return to_html("\n\n".join(parts))


def kept(findings: str) -> str:
    """What is kept of a text: its last lines without the blank ones, each as a note gives it back.

    Where lines before them are left out, a first line says how many.
    """
    found = [line for each in findings.splitlines() if (line := " ".join(printable(_UNSEEN.sub(" ", each)).split()))]
    left = left_out(found[0]) if found else 0
    found = found[1:] if left else found
    if found and len(found[-1]) > LONGEST:
        found[-1] = "…" + found[-1][1 - LONGEST :]
    size, end = 0, len(found)
    while end and len(found) - end < MOST and size + len(found[end - 1]) <= LONGEST:
        end -= 1
        size += len(found[end])
    left += end
    notice = [f"({left} earlier line{'' if left == 1 else 's'} not kept)"] if left else []
    return "\n".join([*notice, *found[end:]])


def left_out(findings: str) -> int:
    """How many lines before its beginning a kept text says that it lost."""
    said = LEFT_OUT.match(findings)
    return int(said[1]) if said else 0

"""The issue that tracks a ticket: which one it is, and the actions that open it, speak on it and link it.

One ticket has one issue, through all its cycles. The number of a new one is known only when it is opened; until then
it stands in texts as a symbol.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from deskbook.config.organization import Tracker
from deskbook.engine.actions import LANDED, Note, resolved
from deskbook.errors import Refused
from deskbook.language.text import LONGEST, QUOTES, lines
from deskbook.model.case import Case
from deskbook.model.records import Entry, Issue
from deskbook.services.ports import Desk
from deskbook.tickets import worksheet


@dataclass(frozen=True)
class Found:
    """The ticket's issue, how we know it, and what a person must look at first (empty where it is plain)."""

    issue: Issue | None
    because: str
    doubt: str = ""

    @property
    def adopted(self) -> bool:
        return self.issue is not None and self.because != OPENED


_QUOTATION = re.compile(rf"<blockquote|class=[\"'][^\"'<>]{{0,200}}\b(?:{'|'.join(sorted(QUOTES))})", re.IGNORECASE)

TRACKED = re.compile(r"(?<!not )\btracked (?:by|in)\b", re.IGNORECASE)
OPENED = "Deskbook opened it for this ticket"


def issue_of(case: Case) -> Found:
    """The one issue of a ticket: ours, else the one a person linked on the ticket, else the one that links the ticket."""
    ticket = case.ticket.id
    ours = [issue for issue in case.issues if any(ref.startswith(f"{ticket}-") for ref in issue.refs)]
    by_hand = linked_by_hand(case)
    noted = [issue for issue in case.issues if issue.number in by_hand]
    spoken = [issue for issue in case.issues if ticket in issue.tickets]
    naming = [issue for issue in spoken if any(p.among([issue.author]) for p in case.organization.people)]
    opened = [issue for issue in ours if _opened_for(issue, ticket)]
    said = [issue for issue in noted if issue.number == _said_to_track(case)]
    on_ticket = (said or noted, "linked on the ticket")
    for candidates, because in ((opened, OPENED), on_ticket, (naming, "it links to the ticket")):
        live = [issue for issue in candidates if issue.state == "open"] or candidates
        if len(live) == 1 or (because == OPENED and live):
            return Found(live[0], because)
        if live:
            numbers = " and ".join(f"#{issue.number}" for issue in live)
            text = f"Issues {numbers} both speak of this ticket. Say which one tracks it, in a note of its own:"
            return Found(None, "", f"{text} “Tracked by”, and its link.")
    if gone := [number for number in case.lost if number in by_hand]:
        return Found(None, "", _gone(case, gone[-1]))
    if spoken:
        text = f"Issue #{spoken[0].number} links to this ticket, and its author ({spoken[0].author}) is none of ours."
        return Found(None, "", f"{text} If it tracks the ticket, put its link in a note on it.")
    contact = [i for i in case.issues if case.requester.id in i.contacts and not i.tickets and not i.refs]
    if contact:
        text = f"Issue #{contact[0].number} links to {case.requester.name}, not to a ticket. If it is about this one,"
        return Found(None, "", f"{text} put its link in a note on the ticket; if not, link there what it is about.")
    return Found(None, "no issue yet")


def _gone(case: Case, number: int) -> str:
    """What a person has to settle where an issue was deleted or moved, with the link that the customer holds."""
    text = f"Issue #{number} is linked on the ticket, and it is not there: it was deleted or moved. Find out which."
    mailed = [entry for entry in _by_agents(case) if number in entry.issues and not entry.private]
    if mailed:
        link = re.search(rf"https?://[^\s\"'<>]{{1,200}}/issues/{number}\b", mailed[-1].body)
        text += f" They hold a dead link, {link[0] if link else f'#{number}'}, mailed on {mailed[-1].at:%d %B %Y}: tell them."
    return f"{text} No second issue is opened: link the one that tracks it now in a note of its own, “Tracked by”."


def linked_by_hand(case: Case) -> frozenset[int]:
    """Issues whose address an agent put on the ticket. What a worksheet names was found, and what is quoted was said by
    somebody else: neither tells that the issue tracks this ticket."""
    return frozenset(number for entry in _by_agents(case) for number in entry.issues)


def _said_to_track(case: Case) -> int | None:
    """The issue of the latest entry that says `tracked by` (or `in`) and links one issue alone."""
    found = None
    for entry in _by_agents(case):
        if len(entry.issues) == 1 and TRACKED.search(own_part(entry.body)):
            found = entry.issues[0]
    return found


def _by_agents(case: Case) -> tuple[Entry, ...]:
    """What our agents wrote, without worksheets."""
    agents = {agent.id for agent in case.agents}
    sheets = {ref.entry.id for ref in case.references() if ref.key == worksheet.KEY}
    return tuple(e for e in case.entries if not e.incoming and e.author in agents and e.id not in sheets)


def own_part(body: str) -> str:
    """What comes before a quotation, with the addresses behind its links, and all lines that are no quotation."""
    head, *rest = _QUOTATION.split(body[:LONGEST], maxsplit=1)
    unquoted = lines(head, quotes=False)
    plain = unquoted if len(unquoted) < len(lines(head)) else ()
    return "\n".join([*(plain or [head]), *(lines(body[:LONGEST], quotes=False) if rest else ())])


def _opened_for(issue: Issue, ticket: int) -> bool:
    """Whether the reference is the one of the body: a comment of ours may stand on an issue of another ticket."""
    opening = re.compile(rf"<!-- Ref {ticket}-\d+-[a-z]+\.(?:track|issue) -->")
    return any(opening.fullmatch(line) for line in issue.hidden)


def issue_in(results: Mapping[str, str]) -> int:
    """The number of the ticket's issue: the one this run opened, else the one that was there."""
    told = LANDED.match(results.get("issue", ""))
    if told is None:
        raise Refused("this ticket has no issue yet; the step that opens it comes first.")
    return int(told[1])


def told(issue: Issue) -> str:
    """Where an issue is, as results tell it to later actions."""
    return f"issue {issue.number}, {issue.url}"


@dataclass(frozen=True)
class Open:
    """Open the issue. Of two runs at the same moment, the one whose issue came second gives way."""

    effect: ClassVar[str] = "issue"
    key: str
    ticket: int
    title: str
    body: str  # ends with its reference, hidden from readers
    labels: tuple[str, ...]
    reference: str
    summary: str = field(compare=False)
    since: datetime = field(compare=False)  # when the ticket was created: its issue cannot be older

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        return next((told(issue) for issue in case.issues if self.reference in issue.refs), None)

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        number = desk.tracker.open(self.title, self.body, self.labels)
        twins = [issue.number for issue in desk.tracker.issues(self.since) if self.reference in issue.refs]
        first = min([*twins, number])
        if first != number:
            desk.tracker.close_as_duplicate(number, first)
            raise Refused(
                f"somebody opened issue {first} for this ticket at the same moment; ours ({number}) is closed "
                "as its duplicate. Run again: it goes on from there."
            )
        return told(desk.tracker.issue(number))


@dataclass(frozen=True)
class Comment:
    """A comment on the ticket's issue, which is opened again where it was closed."""

    effect: ClassVar[str] = "comment"
    key: str
    body: str
    reference: str
    summary: str = field(compare=False)
    reopens: bool = False
    open: bool = field(default=False, compare=False)  # whether it was, when this was planned

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        issue = issue_of(case).issue
        if issue is None or self.reference not in issue.refs:
            return None
        return f"comment on issue {issue.number}"

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        issue = desk.tracker.issue(issue_in(results))
        if self.reference in issue.refs:  # what was closed since our comment stays closed
            return f"comment on issue {issue.number}"
        if self.reopens and issue.state == "closed":
            if self.open:
                at = f" at {issue.closed:%H:%M} UTC" if issue.closed else ""
                raise Refused(
                    f"{issue.closed_by or 'somebody'} closed issue {issue.number}{at}, after this was planned; it was left "
                    "closed. Look at the plan as it is now, and run again."
                )
            desk.tracker.reopen(issue.number)
        desk.tracker.comment(issue.number, self.body)
        return f"comment on issue {issue.number}"


@dataclass(frozen=True)
class Retitle:
    """Give the ticket's issue the title that says what is known by now."""

    key: str
    title: str
    summary: str = field(compare=False)
    was: str = field(compare=False)

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        issue = issue_of(case).issue
        return f"issue {issue.number}: {issue.title}" if issue and issue.title == self.title else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        number = issue_in(results)
        desk.tracker.retitle(number, self.title, self.was)
        return f"issue {number}: {self.title}"


@dataclass(frozen=True)
class OnBoard:
    """Put the issue on the project board with these values, and see that they stand there.

    A board that the key may not see, or that lacks a field, needs a person; link, status and mail do not wait for it.
    """

    key: str
    values: tuple[tuple[str, str], ...]
    summary: str = field(compare=False)
    was: Mapping[str, str] | None = field(default=None, compare=False)  # what it said; None: it did not have the issue
    apart: ClassVar[bool] = True

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        issue = issue_of(case).issue
        if issue is None or issue.board is None:
            return None
        board = {name.lower(): value.lower() for name, value in issue.board.items()}
        there = all(board.get(name.lower()) == value.lower() for name, value in self.values)
        return "the board says so" if there else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        number = issue_in(results)
        desk.tracker.set_board(number, dict(self.values), self.was)
        return f"issue {number} on the board"


def on_board(step: str, tracker: Tracker, issue: Issue | None, kind: str, impact: str = "") -> tuple[OnBoard, ...]:
    """The issue onto the board, with those of the two that the board has a field for; nothing where there is no board."""
    board = tracker.board
    if board is None:
        return ()
    wanted = [("type", board.type_field, kind), ("impact", board.impact_field, impact)]
    known = [(what, name, value) for what, name, value in wanted if name and value]
    said = ", ".join(f"{what} {value}" for what, _, value in known)
    summary = f"On the board {board.name}: {said}" if said else f"On the board {board.name}"
    values = tuple((name, value) for _, name, value in known)
    return (OnBoard(f"{step}#board", values, summary, issue.board if issue else None),)


@dataclass(frozen=True)
class Assign:
    """Give the issue to somebody."""

    key: str
    login: str
    summary: str = field(compare=False)
    was: tuple[str, ...] = field(compare=False)  # who had it

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        issue = issue_of(case).issue
        there = issue is not None and self.login.lower() in {login.lower() for login in issue.assignees}
        return "the issue has it" if there else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        number = issue_in(results)
        desk.tracker.assign(number, self.login, self.was)
        return f"issue {number}"


@dataclass(frozen=True)
class Link(Note):
    """The private note with the issue's address; a link that a person put there stands."""

    def landed(self, case: Case) -> str | None:
        issue = issue_of(case).issue
        linked_already = issue is not None and issue.number in linked_by_hand(case)
        return f"issue {issue.number} is linked" if issue and linked_already else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        return f"conversation {desk.helpdesk.note(self.ticket, resolved(self.html, results))}"

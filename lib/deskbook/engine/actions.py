"""Actions: the effects of a plan. Each tells from the place where it lands whether it is done already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol, Self

from deskbook.errors import Refused, ServiceError
from deskbook.language.text import plain_markdown, shorten, to_html
from deskbook.model.case import Case
from deskbook.model.records import Ticket
from deskbook.services.ports import Desk

SYMBOL = "‹the new issue›"  # stands in a text until the issue has its number
LANDED = re.compile(r"issue (\d+), (\S+)")  # what the action that opens it says; later actions read it there


class Action(Protocol):
    """One effect. Its key is the step it belongs to, with `#what` where a step has several.

    Its class may say as `effect` what that is for people outside; without one it is a change.
    """

    @property
    def key(self) -> str: ...
    def sentence(self) -> str: ...
    def landed(self, case: Any) -> str | None:
        """Where it landed, in words, read from the facts; None where it has not."""

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        """Do it, and say where it landed. `results` holds what earlier actions said, and the digest as `plan`."""


def intent_of(key: str) -> str:
    """The key of the note that says what a message in the chat is about to be, where the chat cannot be read back."""
    return f"{key.partition('#')[0]}#intent"


def stands_apart(action: Action) -> bool:
    """Whether its failure needs a person, and holds up nothing that comes after it."""
    return getattr(action, "apart", False) is True


def resolved(text: str, results: Mapping[str, str]) -> str:
    """A text with the issue's address in place of its symbol; Refused where there is no issue yet."""
    if SYMBOL not in text:
        return text
    opened = LANDED.match(results.get("issue", ""))
    if opened is None:
        raise Refused("the issue that this text speaks of is not open yet; the step that opens it comes first.")
    return text.replace(SYMBOL, opened[2])


@dataclass(frozen=True)
class Message:
    """Something written on the ticket for people to read. `text` is Markdown; its last paragraph is its reference."""

    effect: ClassVar[str] = "mail"
    key: str
    ticket: int
    summary: str = field(compare=False)  # "Reply to Ada: received, Grace has it"; reasons are no part of the goal
    text: str

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        return _said(case, self.key)

    @property
    def html(self) -> str:
        return to_html(self.text)

    @property
    def words(self) -> str:
        """The text without its reference: what a person may write anew."""
        return self.text.rpartition("\n\n")[0]

    def saying(self, words: str) -> Self:
        """The same in other words."""
        return replace(self, text=f"{words}\n\n{self.text.rpartition(chr(10) * 2)[2]}")


@dataclass(frozen=True)
class Reply(Message):
    """A public answer on the ticket: a mail to the requester, and to `cc`."""

    effect: ClassVar[str] = "mail"

    cc: tuple[str, ...] = ()

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        return f"conversation {desk.helpdesk.reply(self.ticket, resolved(self.html, results), self.cc)}"


@dataclass(frozen=True)
class Note(Message):
    """A private note on the ticket."""

    effect: ClassVar[str] = "note"

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        return f"conversation {desk.helpdesk.note(self.ticket, resolved(self.html, results))}"


def _said(case: Case, key: str) -> str | None:
    found = case.landed(key)
    return f"conversation {found.entry.id}" if found else None


@dataclass(frozen=True)
class Record:
    """The one private note that says what a plan did, by whom. `statements` are decisions the ticket keeps nowhere else.

    `others` are the actions it tells of: where all of them are done and on record, nothing is written again.
    """

    effect: ClassVar[str] = "note"
    key: str
    ticket: int
    markdown: str = field(compare=False)
    reference: str
    statements: tuple[tuple[str, str], ...] = ()
    others: tuple[Action, ...] = field(default=(), compare=False)

    def sentence(self) -> str:
        return "Private note: what was done, and why"

    def landed(self, case: Case) -> str | None:
        written = case.landed(self.key)
        stated = case.statements()
        told = all(stated.get(name) == value for name, value in self.statements)
        done = all(other.landed(case) for other in self.others if not stands_apart(other))
        return f"conversation {written.entry.id}" if written and told and done else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        return f"conversation {desk.helpdesk.note(self.ticket, self.text(desk, results))}"

    def text(self, desk: Desk, results: Mapping[str, str]) -> str:
        """What the note says, as HTML."""
        stated = "".join(f"\n\n{name}: {plain_markdown(value)}" for name, value in self.statements)
        by = f"By {plain_markdown(desk.helpdesk.me().name)}, {results['plan']}"
        return resolved(to_html(f"{self.markdown}{stated}\n\n{by}\n\n{self.reference}"), results)


@dataclass(frozen=True)
class Change:
    """New values of the ticket's own fields, by our names; `add` and `drop` are tags."""

    key: str
    ticket: int
    summary: str = field(compare=False)
    status: str | None = None
    agent: int | None = None
    community: int | None = None
    type: str | None = None
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    @property
    def classifies(self) -> bool:
        """Whether it only says what the ticket is: that tells of nothing that was done, and nobody is written to by it."""
        return bool(self.type or self.community) and not (self.status or self.agent or self.add or self.drop)

    def sentence(self) -> str:
        return self.summary

    def landed(self, case: Case) -> str | None:
        return None if self.missing(case.ticket) else "the ticket has it"

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        desk.helpdesk.update(self.ticket, self.missing(desk.helpdesk.ticket(self.ticket)))
        return f"ticket {self.ticket} changed"

    def missing(self, ticket: Ticket) -> dict[str, object]:
        """What the ticket does not have yet. Tags are merged with those of this moment: somebody may have added one."""
        there = self.status == "Pending" and ticket.waits  # a person chose that other status of waiting
        wanted = {
            "status": None if there else self.status,
            "agent": self.agent,
            "community": self.community,
            "type": self.type,
        }
        changes: dict[str, object] = {
            name: value for name, value in wanted.items() if value not in (None, getattr(ticket, name))
        }
        tags = tuple(tag for tag in dict.fromkeys((*ticket.tags, *self.add)) if tag not in self.drop)
        return changes if set(tags) == set(ticket.tags) else {**changes, "tags": tags}


@dataclass(frozen=True)
class Post:
    """A message in the chat, once. Its reference travels with it, where the chat can be read back. `people` are mails.

    `shared`: no claim keeps others from posting it at the same moment, on a machine that shares no lock with this one. So
    it is looked for once it is posted, and of several the first stays.
    """

    effect: ClassVar[str] = "post"
    key: str
    ref: str
    channel: str
    text: str
    people: tuple[str, ...] = ()
    shared: bool = field(default=False, compare=False)

    def sentence(self) -> str:
        return f"Post in {self.channel}: {shorten(self.text)}"

    def landed(self, case: Case) -> str | None:
        return f"{self.channel}, {self.ref}" if self.ref in case.announced else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        text = resolved(self.text, results)
        with desk.memory.alone("chat"):  # runs on two tickets may have one thing to say
            if desk.chat.reads and self.ref in desk.chat.posted(self.channel):
                return f"{self.channel}, {self.ref}"
            told = desk.chat.post(self.channel, text, self.ref, self.people)
        if self.shared and desk.chat.reads:
            with suppress(ServiceError):  # it is posted, whatever else is there
                if not desk.chat.first(self.channel, told, self.ref):
                    return f"{self.channel}, {self.ref}"
        return f"{self.channel}, message {told}"

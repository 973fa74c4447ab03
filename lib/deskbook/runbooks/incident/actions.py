"""What an incident does in the pager and in the chat: the page, its channel, and the updates that the community reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deskbook.engine.actions import Post, Reply
from deskbook.errors import ParameterError, Refused
from deskbook.model.case import Case, reference
from deskbook.model.records import Agent, Page
from deskbook.services.ports import Desk
from deskbook.tickets.incident import is_same, our_notes


@dataclass(frozen=True)
class OnPage:
    """Something that is done to one page, in the name of `by` (a mail)."""

    key: str
    page: str  # what it is called by in the pager: its id is known only once it is made
    by: str = field(compare=False)
    summary: str = field(compare=False)

    def sentence(self) -> str:
        return self.summary

    def found(self, desk: Desk) -> Page:
        """The page as it is at this moment: another agent may have changed it since the case was read."""
        page = desk.pager.latest(self.page)
        if page is None:
            raise Refused(f"PagerDuty: there is no page {self.page}; the step that makes it comes first.")
        return page


@dataclass(frozen=True)
class Declare(OnPage):
    """Create the P1. Of two runs at the same moment, the pager lets one through; the other takes that one's page."""

    title: str
    details: str = field(compare=False)  # what was seen may have changed by the time a run is resumed
    hubs: tuple[str, ...]
    responder: str  # mail

    def landed(self, case: Case) -> str | None:
        page = case.incident
        return f"page {page.id}" if page and page.open and page.p1 and page.key == self.page else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        page = desk.pager.declare(self.page, self.title, self.details, hubs=self.hubs, to=self.responder, by=self.by)
        if not page.p1:
            desk.pager.raise_to_p1(page.id, by=self.by)
        return f"page {page.id}"


@dataclass(frozen=True)
class RaisePage(OnPage):
    """Make a page that somebody else opened, such as a monitor, the P1 of this outage: there is never a second page."""

    def landed(self, case: Case) -> str | None:
        return "it is a P1" if case.incident and case.incident.p1 else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        page = self.found(desk)
        desk.pager.raise_to_p1(page.id, by=self.by)
        return f"page {page.id}"


@dataclass(frozen=True)
class Acknowledge(OnPage):
    def landed(self, case: Case) -> str | None:
        page = case.incident
        return f"page {page.id} is {page.status}" if page and page.status != "triggered" else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        page = self.found(desk)
        if page.status == "triggered":
            desk.pager.acknowledge(page.id, by=self.by)
        return f"page {page.id}"


@dataclass(frozen=True)
class Reassign(OnPage):
    """Give the page to the new Responder, who has accepted."""

    to: Agent = field(kw_only=True)
    was: tuple[str, ...] = field(kw_only=True, compare=False)  # who had it, as the pager calls them

    def landed(self, case: Case) -> str | None:
        page = case.incident
        there = page is not None and any(is_same(self.to, one) for one in page.assigned)
        return f"{self.to.name} has page {page.id}" if page and there else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        page = self.found(desk)
        now = [one for one in page.assigned if one not in self.was and not is_same(self.to, one)]
        if now or not page.open:
            what = f"was given to {now[0]}" if now else "was resolved"
            raise Refused(
                f"page {page.id} {what} after this was planned; it was left so. Look at the plan as it is now."
            )
        desk.pager.reassign(page.id, to=self.to.mail, by=self.by)
        return f"page {page.id}"


@dataclass(frozen=True)
class ResolvePage(OnPage):
    said: str

    def landed(self, case: Case) -> str | None:
        page = case.incident
        return f"page {page.id} is resolved" if page and not page.open else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        page = self.found(desk)
        if page.open:
            desk.pager.resolve(page.id, said=self.said, by=self.by)
        return f"page {page.id}"


@dataclass(frozen=True)
class PageNote(OnPage):
    """Tell on the page that this ticket belongs to it."""

    said: str  # ends with its reference

    def landed(self, case: Case) -> str | None:
        mark, page = reference(case, self.key), case.incident
        told = any(mark in note.splitlines() for note in our_notes(case))
        return f"note on page {page.id}" if page and told else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        page = self.found(desk)
        desk.pager.note(page.id, self.said, by=self.by)
        return f"note on page {page.id}"


@dataclass(frozen=True)
class OpenChannel:
    """The incident's own channel: one, found again by its name."""

    key: str
    channel: str
    purpose: str

    def sentence(self) -> str:
        return f"Open the channel {self.channel}, without threads"

    def landed(self, case: Case) -> str | None:
        return case.channel if case.channel == self.channel else None

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        desk.chat.open(self.channel, self.purpose)
        return self.channel


@dataclass(frozen=True)
class Gather(Post):
    """The first message in the channel, for which the people it needs are brought in."""

    people: tuple[str, ...] = ()  # mails
    purpose: str = ""  # the channel's

    def apply(self, desk: Desk, results: Mapping[str, str]) -> str:
        missed = desk.chat.invite(self.channel, self.people, self.purpose)
        where = super().apply(desk, results)
        return f"{where}; invite by hand: {', '.join(missed)}" if missed else where


@dataclass(frozen=True)
class Update(Reply):
    """One of several updates of a cycle: its reference carries its number, its key is the step."""

    number: int = 1

    def saying(self, words: str) -> Update:
        raise ParameterError(f"texts: {self.key} tells what message=… says; write it there")

    def landed(self, case: Case) -> str | None:
        found = case.landed(f"{self.key}.{self.number}")
        return f"conversation {found.entry.id}" if found else None

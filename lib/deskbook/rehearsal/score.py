"""Score a rehearsal: what the process would have done, what was done, and which promises were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from deskbook.model.case import Case
from deskbook.rehearsal.play import Play
from deskbook.runbooks.report.metrics import cycles
from deskbook.schedule.working_time import spell
from deskbook.tickets import promises
from deskbook.tickets.tracking import issue_of
from deskbook.ui import blocks as ui

# What a ticket has come to before anybody has touched it; what stays so gives no points. The helpdesk fills in a
# community by itself, so that it is the right one gives none either, and only a wrong one counts.
UNTOUCHED = {
    "Kind": "none",
    "Agent": "nobody",
    "Status": "Open",
    "The requester has a mail of ours": "no",
    "A representative was written to": "no",
    "Tracked by an issue": "no",
    "Page": "none",
}
VERDICTS = {"kept": "kept", "missed": "late", "running": "still open, in time", "untold": "cannot be told"}


@dataclass(frozen=True)
class Promised:
    """One promise to one ticket, and what became of it."""

    name: str
    due: str
    verdict: str

    @property
    def kept(self) -> bool:
        return self.verdict == "kept"

    @property
    def counts(self) -> bool:
        """What is still open, or cannot be told, gives and takes no points."""
        return self.verdict in ("kept", "missed")


@dataclass(frozen=True)
class Scored:
    """One ticket: what the process would have come to, what you came to, by name; and its promises."""

    ticket: int
    subject: str
    process: Mapping[str, str]
    yours: Mapping[str, str]
    promised: tuple[Promised, ...]

    def _at_first(self, name: str) -> str:
        return UNTOUCHED.get(name, self.process[name])

    @property
    def points(self) -> tuple[int, int]:
        """Points, and how many there were to be had."""
        moved = [name for name, wanted in self.process.items() if {wanted, self.yours[name]} != {self._at_first(name)}]
        same = sum(self.process[name] == self.yours[name] for name in moved)
        told = [promise for promise in self.promised if promise.counts]
        return same + sum(promise.kept for promise in told), len(moved) + len(told)


def came_to(case: Case) -> dict[str, str]:
    """What a ticket has come to, however it was done: by runbooks, or by hand."""
    ticket, community = case.ticket, case.community(case.ticket.community)
    representatives = {c.id for each in case.communities for c in each.contacts if c.name in each.listed}
    mails = {contact.mail for each in case.communities for contact in each.contacts if contact.id in representatives}
    told = [entry for entry in case.entries if not entry.incoming and not entry.private and case.agent(entry.author)]
    answered = [entry for entry in told if case.requester.mail in {_bare(mail) for mail in entry.to}]
    asked = any({_bare(mail) for mail in entry.to} & mails - {case.requester.mail} for entry in told)
    issue = issue_of(case).issue
    page = case.incident
    return {
        "Community": community.name if community else "none",
        "Kind": ticket.type or "none",
        "Agent": "somebody" if ticket.agent else "nobody",
        "Status": ticket.status,
        "The requester has a mail of ours": "yes" if answered else "no",
        "A representative was written to": "yes" if asked else "no",
        "Tracked by an issue": "yes" if issue else "no",
        "Page": ("open" if page.open else "resolved") if page and page.p1 else "none",
    }


def _bare(mail: str) -> str:
    return mail.rpartition("<")[2].rstrip("> ").strip().lower()


def score(yours: Play, process: Play) -> tuple[Scored, ...]:
    """Ticket by ticket, in the order of their arrival. Both plays are of one scenario, and over."""
    desk, found = yours.desk, []
    listed = desk.helpdesk.tickets_since(yours.scenario.begins)
    for name, number in yours.tickets.items():
        case, other = desk.case(number), process.desk.case(process.tickets[name])
        passages = cycles((each for each in listed if each.ticket.id == number), desk.organization)
        promised = tuple(
            Promised(each.name, spell(each.due.due, desk.organization.clock.zone), each.verdict)
            for passage in passages
            for each in promises.of(passage, desk.process, desk.organization, case.now)
        )
        found.append(Scored(number, case.ticket.subject, came_to(other), came_to(case), promised))
    return tuple(found)


def total(scored: Sequence[Scored]) -> tuple[int, int]:
    """All points, and all there were to be had."""
    return sum(each.points[0] for each in scored), sum(each.points[1] for each in scored)


def shown(scored: Sequence[Scored]) -> list[ui.Block]:
    """The score, for a page or a terminal."""
    got, most = total(scored)
    found: list[ui.Block] = [ui.Title("Your rehearsal", f"{got} of {most} points")]
    for each in scored:
        points, of = each.points
        found.append(ui.Title(f"Ticket {each.ticket}: {each.subject}", f"{points} of {of}"))
        rows = [
            (name, each.yours[name], "" if each.yours[name] == wanted else f"the process: {wanted}")
            for name, wanted in each.process.items()
        ]
        found.append(ui.Rows(rows, ("What it came to", "Yours", "Otherwise")))
        told = [(promise.name, promise.due, VERDICTS[promise.verdict]) for promise in each.promised]
        if told:
            found.append(ui.Rows(told, ("Promise", "Due", "It was")))
    return found


def page(scored: Sequence[Scored], title: str) -> str:
    """The score as a page of its own, that needs no other host and no JavaScript."""
    return (
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width, initial-scale=1"><title>{escape(title)}</title><style>:root {{ color-scheme: '
            "light dark }} body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 "
            f"1rem }}</style></head><body><main>{ui.html(shown(scored))}</main></body></html>\n"
        )
        .replace("{{", "{")
        .replace("}}", "}")
    )

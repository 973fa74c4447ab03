"""The digest of a day: late first, one line a ticket with its link and next step; what changed since the last one, what is
still late, what waits for a click. Nobody's words stand in it, since chat is read by more people than a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbook.engine.actions import Post
from deskbook.engine.builder import PlanBuilder
from deskbook.engine.plan import Finding, Plan
from deskbook.language.text import counted
from deskbook.runbooks.sweep.decision import Decision
from deskbook.runbooks.sweep.facts import Facts
from deskbook.runbooks.sweep.faults import last_touched
from deskbook.runbooks.sweep.lines import Line
from deskbook.runbooks.sweep.work import Done
from deskbook.schedule.working_time import spell

STEP = "sweep.tell"
SETTLED = "settled "  # begins what is kept of a ticket whose plan was done when it was told of
MOST = 40  # lines in chat; nobody reads on there


@dataclass(frozen=True)
class Entry:
    """One ticket as the digest tells of it. `said` is what the sweep came to, `now` where it stands if all was done,
    `news` whether it is new since the last digest."""

    line: Line
    said: str = ""
    command: str = ""
    now: str = ""
    failed: bool = False
    gone: bool = False
    news: bool = False
    untold: bool = False  # it could not wait, and chat did not take it

    @property
    def closed(self) -> bool:
        return self.now == "closed" or self.gone

    @property
    def late(self) -> bool:
        return self.line.item.late and not self.now

    @property
    def told(self) -> bool:
        matters = self.line.state != "waits" or self.line.faults or self.now or self.said
        wanted = bool(self.command) or self.failed or self.untold
        return (self.late or bool(self.news and matters) or wanted) and not self.closed

    def sentence(self, zone: str) -> str:
        """`101 late since Mon 23 Nov 2026 17:00 UTC: Triage it, Priya Raman. <link>`, and what else is to be
        known."""
        item, watch = self.line.item, self.line.watch
        when = f" {'late since' if item.late else 'due'} {spell(item.due_at, zone)}" if item.due_at else ""
        next_ = f"{item.ticket.id}{when}: {'critical, ' if item.critical else ''}{item.what}, {item.who}."
        parts = [f"{item.ticket.id}: {self.now}." if self.now else next_, item.ticket.url]
        parts += [fault.says for fault in self.line.faults if not self.now]
        parts += ["Nobody is at work before it is due."] if watch and not watch.people and not self.now else []
        parts += ["It could not be worked on; the record says why."] if self.failed else []
        parts += (
            ["It could not wait, and chat was not told of it at once: the next sweep tells it."] if self.untold else []
        )
        parts += [_sentence(self.said)] if self.said else []
        parts += [self._proposal()] if self.command else []
        return " ".join(parts)

    def _proposal(self) -> str:
        """As chat leaves it: an address would be parted there, so an agent is named by number."""
        for agent in self.line.view.agents.values():
            if (said := f"agent={agent.mail}") in self.command:
                return f"Proposed, with {agent.name}: {self.command.replace(said, f'agent={agent.id}')}"
        return f"Proposed: {self.command}"


def entries(found: Sequence[Line], done: Mapping[int, Done], facts: Facts, since: datetime | None) -> tuple[Entry, ...]:
    """Late ones first, then failures, then what a click is wanted for; each in the order of the queue."""
    told = facts.kept.told

    def entry(line: Line) -> Entry:
        became = done.get(line.ticket) or Done(line.ticket, left=line.left)
        return Entry(
            line,
            said="somebody changed it meanwhile" if became.moved else became.left.said if became.left else "",
            command=became.left.command if became.left else "",
            now=became.now,
            failed=bool(became.error) and not (became.left or became.now),
            gone=became.gone,
            news=last_touched(line.view) >= since if since else _news(line, became, told.get(line.ticket)),
            untold=bool(became.untold),
        )

    made = [entry(line) for line in found]
    return tuple(sorted(made, key=lambda each: (not each.late, not each.failed, not each.command)))


def signature(line: Line, became: Done) -> str:
    """What a digest tells of it; another one is news. Of what was done with it just then, only a later word is."""
    if became.now:
        return f"{SETTLED}{line.view.now.isoformat()}"
    left = became.left.said if became.left else ""
    return " ".join(filter(None, [line.signature, left, "failed" if became.error else ""]))


def _news(line: Line, became: Done, told: str | None) -> bool:
    if told and told.startswith(SETTLED) and not became.now:
        replied = line.view.listed.replied
        return replied is not None and replied > datetime.fromisoformat(told.removeprefix(SETTLED))
    return told != signature(line, became)


def text(made: Sequence[Entry], facts: Facts) -> str:
    """The digest for chat; a quiet day is one line."""
    name, zone, unseen = facts.organization.name, facts.organization.clock.zone, facts.queue.unseen
    shown, waiting = [entry for entry in made if entry.told], sum(entry.line.state == "waits" for entry in made)
    shut = closed(made, facts)
    notices = [*facts.nights, *filter(None, [facts.clock])]
    if not (shown or unseen or shut or notices):
        return f"{name} support: a quiet day. Nothing is late, nothing has changed; {waiting} waiting for others."
    late, proposed = sum(entry.late for entry in shown), sum(bool(entry.command) for entry in shown)
    failed = sum(entry.failed for entry in shown)
    numbers = {"late": late, "proposed": proposed, "could not be worked on": failed, "waiting for others": waiting}
    counts = ", ".join(f"{number} {what}" for what, number in numbers.items() if number) or "nothing is late"
    rows = [f"• {entry.sentence(zone)}" for entry in shown[:MOST]]
    if len(shown) > MOST:
        rows.append(f"And {len(shown) - MOST} more: deskbook due")
    rows += [_sentence(each) for each in notices]
    if shut:
        rows.append(f"Closed while nobody watched, or gone: {', '.join(map(str, shut))}.")
    if unseen:
        rows.append(f"{counted(unseen, 'older ticket')} not shown: the helpdesk's search ends at 300.")
    return "\n".join([f"{name} support, {spell(facts.now, zone)}: {counts}.", *rows])


def closed(made: Sequence[Entry], facts: Facts) -> list[int]:
    """The tickets that a sweep closed, or did not find any more, since the last digest; one that died closed some, too."""
    standing = {entry.line.ticket for entry in made if not entry.closed}
    return sorted({*facts.kept.closed, *(entry.line.ticket for entry in made if entry.closed)} - standing)


def _sentence(said: str) -> str:
    """With a capital, and with its stop."""
    return f"{said[0].upper()}{said[1:]}{'' if said.endswith('?') else '.'}"


def day_of(facts: Facts) -> datetime | None:
    """The moment of today's digest, where it has come and none was posted since; None where it is not yet, or no longer, due."""
    zone = ZoneInfo(facts.organization.clock.zone)
    here = facts.now.astimezone(zone)
    at = datetime.combine(here.date(), time.fromisoformat(facts.organization.sweep.digest_at), zone)
    at = at if at <= here else at - timedelta(days=1)
    told = facts.kept.told_at
    return None if told and told >= at else at


def tell(facts: Facts, words: str, at: datetime) -> Plan:
    """The plan that posts it: once for each day, however many sweeps there are."""
    builder = PlanBuilder(facts, Decision())
    ref = f"Ref 0-1-{STEP}.{at:%Y%m%d}"  # no ticket has the number 0
    builder.findings.append(Finding(STEP, "told", f"the digest of {at:%d %B}"))
    builder.do(Post(key=STEP, ref=ref, channel=facts.organization.chat.support, text=words))
    return builder.finish(lambda newer: tell(newer, words, at), {})

"""Build a plan: follow the process from step to step, gather findings, actions and what needs a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from deskbook.config.process import ANOTHER, HELD
from deskbook.engine.actions import Action, Message, Note, Post, Record, intent_of
from deskbook.engine.cycles import OfTicket, mark, meant_for, of_another
from deskbook.engine.mail_limit import held
from deskbook.engine.messages import body
from deskbook.engine.parameters import by_labels, declared
from deskbook.engine.plan import Finding, Plan
from deskbook.errors import DefinitionError, ParameterError
from deskbook.language.text import plain_markdown
from deskbook.model.case import CLAIM, RECORD, STATEMENTS, Case, reference
from deskbook.services.ports import READ_BACK


@dataclass
class PlanBuilder:
    """Filled step by step while one plan is made, and thrown away after. `facts` are what the runbook read."""

    facts: Any
    decision: object = None
    findings: list[Finding] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    needs_human: list[str] = field(default_factory=list)

    def do(self, action: Action) -> None:
        self.actions.append(action)

    def ask(self, need: str) -> None:
        self.needs_human.append(need)

    def follow(self, start: str, steps: Mapping[str, Callable[[], Finding]]) -> str:
        """Go from step to step as the process leads, through each once; the last outcome."""
        step, ahead = start, dict(steps)
        while step in ahead:
            finding = ahead.pop(step)()
            self.findings.append(finding)
            step = self.facts.process.target(finding.step, finding.outcome)
        return self.findings[-1].outcome

    def leads_to(self, runbook: str) -> bool:
        """Whether that runbook is next, after what was found so far."""
        last = self.findings[-1]
        return bool(self.facts.process.target(last.step, last.outcome).split(".")[0] == runbook)

    def finish(self, again: Callable[[Any], Plan], leans_on: Mapping[str, object], *, issue: str = "") -> Plan:
        """The plan of what was gathered.

        `leans_on` are the outside facts whose change makes it another plan, by name; `again` plans from newer facts;
        `issue` is the ticket's, as told.
        """
        last = self.findings[-1]
        target = self.facts.process.target(last.step, last.outcome)
        return Plan(
            runbook=last.step.split(".")[0],
            case=self.facts,
            decision=self.decision,
            actions=tuple(self.actions),
            facts=leans_on,
            steps_taken=tuple(self.findings),
            needs_human=tuple(self.needs_human),
            outcome=last.outcome,
            next=target.split(".")[0] if "." in target else None,
            again=again,
            issue=issue,
        )


@dataclass
class TicketPlanBuilder(PlanBuilder):
    """The plan of a ticket: it also writes notes, posts in the chat, and leaves a record."""

    statements: list[tuple[str, str]] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.facts  # type: ignore[no-any-return]

    def follow(self, start: str, steps: Mapping[str, Callable[[], Finding]]) -> str:
        """As for any plan. Where a mail may not go, the way ends there and nothing is done."""
        super().follow(start, steps)
        if stopped := held(self.case, self.actions):
            mail, because = stopped
            step = mail.key.partition("#")[0]
            passed = [finding.step for finding in self.findings].index(step)
            self.findings[passed:] = [Finding(step, HELD, because)]
            self.actions, self.statements, self.needs_human = [], [], [f"Nothing was done: {because}"]
        return self.findings[-1].outcome

    def do(self, action: Action) -> None:
        """As for any plan; a text that a person wrote anew stands in the place of ours."""
        own = getattr(self.decision, "own_words", {})
        if action.key in own and isinstance(action, Message):
            action = action.saying(own[action.key])
        super().do(action)

    def state(self, name: str, value: str) -> None:
        """Put a decision on record that the ticket keeps nowhere else, in one line, so that later runs find it."""
        if name not in STATEMENTS:
            raise DefinitionError(
                f"'{name}' is no statement that later runs read; add it to STATEMENTS in model/case.py"
            )
        self.statements.append((name, " ".join(value.split())))

    def note(self, key: str, summary: str, message: str, values: Mapping[str, object]) -> None:
        """A private note with the text of one of our messages, for a person to send."""
        self.plain_note(key, summary, f"**{plain_markdown(summary)}**\n\n{body(message, values)}", markdown=True)

    def plain_note(self, key: str, summary: str, said: str, *, markdown: bool = False) -> None:
        text = f"{said if markdown else plain_markdown(said)}\n\n{reference(self.case, key)}"
        self.do(Note(key=key, ticket=self.case.ticket.id, summary=summary, text=text))

    def post(self, key: str, channel: str, text: str, *, settled: bool, people: tuple[str, ...] = ()) -> bool:
        """A message in the chat, once; False where it is uncertain whether an earlier run posted it.

        A webhook cannot be read back, nor a chat to where a long cycle began: there the intent stands on the ticket first,
        and what is uncertain is not repeated. `settled` tells that the record which follows it is on the ticket.
        """
        intent, ref = intent_of(key), reference(self.case, key)
        seen = self.case.chat_reads and self.case.now - self.case.began < READ_BACK
        if not seen and (self.case.landed(intent) or not settled):
            tried = self.case.landed(intent) or self._tried_long_ago(key)
            if tried and not settled and ref not in self.case.announced:
                self.ask(
                    f"It is not certain that the notice reached {channel}. Look there, and post it if it is missing: {text}"
                )
                return False
            summary = f"Note that a message is about to be posted in {channel}"
            self.plain_note(intent, summary, f"About to post in {channel}: {text}")
        if not settled or ref in self.case.announced:  # the chat is read back for so long, the record stays
            self.do(Post(key=key, ref=ref, channel=channel, text=text, people=people))
        return True

    def _tried_long_ago(self, key: str) -> bool:
        """Whether a run of this cycle did not finish, so long ago that the chat does not tell what it posted."""
        claims = (ref for ref in self.case.references() if ref.key == f"{key.partition('.')[0]}{CLAIM}")
        return any(ref.cycle == self.case.cycle and self.case.now - ref.entry.at >= READ_BACK for ref in claims)

    def record(self, step: str, said: str, *, first: bool = False, markdown: bool = False) -> None:
        """The note on what this plan does. `first`: it stands before a closing, which it announces."""
        key = f"{step}{RECORD}"
        others = () if first else tuple(self.actions)
        self.do(
            Record(
                key=key,
                ticket=self.case.ticket.id,
                markdown=said if markdown else plain_markdown(said),
                reference=reference(self.case, key),
                statements=tuple(self.statements),
                others=others,
            )
        )

    def finish(
        self,
        again: Callable[[Any], Plan],
        leans_on: Mapping[str, object],
        *,
        issue: str = "",
        recorded: bool = True,
    ) -> Plan:
        """As for any plan; `recorded` puts a note on what it does at its end, unless one stands before a closing."""
        runbook = self.findings[-1].step.partition(".")[0]
        if another := of_another(self.case, runbook, self.decision):
            self.findings[:] = [Finding(self.findings[0].step, ANOTHER, another)]
            self.actions, self.statements, self.needs_human = [], [], [f"Nothing was done: {another}"]
        self._check_texts()
        said = self.actions or self.statements
        if recorded and said and not any(action.key.endswith(RECORD) for action in self.actions):
            last = self.findings[-1]
            title = self.case.process.runbooks[last.step.split(".")[0]].title
            told = "\n".join(f"- {plain_markdown(action.sentence())}" for action in self.actions)
            kind: Any = type(self.decision) if is_dataclass(self.decision) else None
            declarations = declared(kind) if kind else ()
            labels = {each.name: each.parameter.label for each in declarations}
            asked = [by_labels(need, labels) for need in self.needs_human]  # the note is read by people
            needs = "".join(f"\n- To be decided: {plain_markdown(need)}" for need in asked)
            self.record(last.step, f"**{title}**\n\n{told}{needs}".rstrip(), markdown=True)
        made = super().finish(again, leans_on, issue=issue)
        decided = meant_for(self.case, made.decision) if isinstance(made.decision, OfTicket) else made.decision
        return replace(made, decision=decided, mark=mark(self.decision))

    def _check_texts(self) -> None:
        """ParameterError for own words that would go nowhere; a plan that ends before its mails may have some."""
        written = [action.key for action in self.actions if isinstance(action, Message)]
        lost = [key for key in getattr(self.decision, "own_words", {}) if key not in written]
        if lost and written:
            raise ParameterError(f"texts: nothing called '{lost[0]}' is written here; these are: {', '.join(written)}")
        if lost and not self.needs_human:
            self.ask(f"Your text for {lost[0]} was not used: nothing is written here.")

    def away(self, category: str | None, day: date | None = None) -> dict[str, object] | None:
        """First and last day of the time off that runs now, or on that day, for tickets that may wait for its end."""
        clock = self.case.process.clocks["acknowledge"]
        if category not in clock.waits:
            return None
        today = day or self.case.now.astimezone(ZoneInfo(self.case.organization.clock.zone)).date()
        for rule in self.case.organization.clock.time_off:
            for year in (today.year - 1, today.year):
                first, last = rule.days(year)
                if first <= today <= last:
                    return {"first": f"{first:%d %B %Y}", "last": f"{last:%d %B %Y}"}
        return None

"""Planner of the resolve runbook: resolve, close or reopen a ticket, by the community's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from deskbook.engine.actions import SYMBOL, Change, Record
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import Part, paragraphs
from deskbook.engine.plan import Finding, Plan
from deskbook.language.redaction import redact
from deskbook.language.replies import Reading
from deskbook.language.text import plain_markdown, sentence, shorten
from deskbook.model.case import Case, reference
from deskbook.model.records import OVER, Entry, Issue
from deskbook.runbooks.resolve.decision import Decision
from deskbook.schedule.working_time import WorkingClock, span
from deskbook.services.ports import Desk
from deskbook.tickets import sprint as sprints
from deskbook.tickets.confirmation import REOPEN, answers, answers_by_hand, before_reopening, cause, meaning, told
from deskbook.tickets.eligibility import not_ours
from deskbook.tickets.incident import TELL, VALIDATE_FIX, validated_by
from deskbook.tickets.noise import recognise
from deskbook.tickets.replying import tell
from deskbook.tickets.sprint import Sprint
from deskbook.tickets.stopwatch import left_behind
from deskbook.tickets.tracking import Comment, Found, issue_of
from deskbook.tickets.tracking import told as where

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "resolve.plan": "planned waiting decided ended not-ours refused",
    "resolve.work": "fixed not-fixed running excepted over refused unclear",
    "resolve.confirm": "confirmed refuted waiting no-survey silent unclear refused",
    "resolve.close": "closed refused",
    "resolve.reopen": "reopened refused",
}


@dataclass(frozen=True)
class Advice:
    """What we would choose, and why. `outcome` is empty where a person must say, or nothing is to be done."""

    outcome: tuple[str, str]
    found: Found
    sprint: Sprint | None
    answers: tuple[Entry, ...]  # what the community wrote since we last told them
    reading: Reading | None


@dataclass(frozen=True)
class Reopening(Record):
    """The note that ends one cycle and begins the next. It names the reply that caused it."""

    cycle: int = 1

    def sentence(self) -> str:
        return f"Private note: reopened, cycle {self.cycle + 1} begins"

    def landed(self, case: Case) -> str | None:
        written = [ref for ref in case.references() if ref.key == REOPEN and ref.cycle == self.cycle]
        return f"conversation {written[-1].entry.id}" if written else None


def read(desk: Desk, ticket_id: int | str) -> Case:
    """The facts of a ticket."""
    return desk.case(ticket_id)


def assess(case: Case) -> Advice:
    """What the issue, the sprint and the replies say."""
    found = issue_of(case)
    said = answers(case)
    reading = meaning(case, said)
    outcome = {"thanks": "confirmed", "refusal": "refuted"}.get(reading.meaning, "") if reading else ""
    return Advice(
        outcome=(outcome, reading.because if reading else ""),
        found=found,
        sprint=sprints.of(case, found.issue) if found.issue else None,
        answers=said,
        reading=reading,
    )


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    past = before_reopening(case) if decision.outcome in ("", "refuted") else case
    builder, advice = TicketPlanBuilder(past, decision), assess(past)
    outcome = decision.outcome or ("" if decision.exception_until else advice.outcome[0])
    if past is not case and outcome != "refuted":
        past, builder, advice = case, TicketPlanBuilder(case, decision), assess(case)
        outcome = decision.outcome
    steps: dict[str, Callable[[], Finding]] = {
        "resolve.plan": lambda: _plan(past, decision, outcome, advice, builder),
        "resolve.confirm": lambda: _confirm(past, decision, outcome, advice, builder),
        "resolve.close": lambda: _close(past, advice, builder),
        "resolve.reopen": lambda: _reopen(past, case, decision, advice, builder),
    }
    issue, sprint = advice.found.issue, advice.sprint
    if issue and sprint:  # the step before finds them, or leads elsewhere
        steps["resolve.work"] = lambda: _work(past, decision, outcome, issue, sprint, builder)
    ended = builder.follow("resolve.plan", steps)
    facts = {
        "the requester": [case.requester.id, case.requester.mail],
        "the replies": [entry.id for entry in past.replies()],
        "the issue": [issue.number, issue.state] if issue else "",
        "the sprint": advice.sprint.first if advice.sprint else "",
    }
    made = builder.finish(
        lambda newer: plan(newer, decision), facts, issue=where(issue) if issue else "", recorded=ended != "reopened"
    )
    return replace(made, case=case)


# The steps, in the order of the process.


def _plan(case: Case, decision: Decision, outcome: str, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, ticket, found = "resolve.plan", case.ticket, advice.found
    if no := not_ours(case, step, builder):
        return no
    settled = bool(ticket.status in OVER or advice.answers or case.landed("resolve.confirm"))
    if decision.exception_until and settled:
        builder.ask(
            f"The ticket is {ticket.status}, and they were told how it ended: more time is for work that goes on."
        )
        return Finding(step, "refused", "there is no work to which an exception could give time")
    if ticket.status == "Closed" and not outcome and not advice.answers:
        return Finding(step, "ended", "the ticket is Closed, and nobody wrote since")
    told_before = _said_not_fixed(case) and not advice.answers and ticket.status != "Closed"
    if outcome == "not-fixed" and advice.sprint and told_before:
        return Finding(step, "planned", advice.sprint.because)
    if outcome in ("no-survey", "confirmed", "refuted") or settled:
        return Finding(step, "decided", f"the ticket is {ticket.status}; nothing is left to plan")
    if found.issue is None:
        if outcome == "fixed":
            return Finding(step, "decided", "solved without an issue")
        builder.ask(
            found.doubt or "No issue tracks this ticket. Run the timebox; or say outcome=fixed and what was done."
        )
        return Finding(step, "refused", found.doubt or "no issue tracks it")
    return _scheduled(case, decision, outcome, found.issue, advice.sprint, builder)


def _scheduled(
    case: Case, decision: Decision, outcome: str, issue: Issue, sprint: Sprint | None, builder: TicketPlanBuilder
) -> Finding:
    """Whether a sprint has the issue. Below Critical, nobody works on it before."""
    step, number = "resolve.plan", issue.number
    if sprint:
        return Finding(step, "planned", f"issue {number}: {sprint.because}")
    if outcome == "fixed":
        return Finding(step, "decided", f"issue {number} was not scheduled, and it is done all the same")
    if outcome == "not-fixed" or decision.exception_until:
        builder.ask(
            f"No sprint has planned issue {number}, so none is over and it needs no more time: it does not expire."
        )
    elif sprints.impact_of(case, issue) != "Critical":
        builder.ask(
            f"Do not work on issue {number} yet: no sprint has planned it, and its impact is below Critical. "
            f"Planning is next on {sprints.planning(case):%A %d %B %Y}."
        )
    return Finding(step, "waiting", f"issue {number} has no engineer in a sprint yet")


def _work(
    case: Case, decision: Decision, outcome: str, issue: Issue, sprint: Sprint, builder: TicketPlanBuilder
) -> Finding:
    step = "resolve.work"
    if outcome == "fixed":
        return Finding(step, "fixed", f"done in {sprint.words}")
    if decision.exception_until:
        return _except(case, decision, sprint, issue, builder)
    if not sprint.over and not (outcome == "not-fixed" and _said_not_fixed(case)):
        until = f"{sprint.words} runs until {sprint.ends:%A %d %B %Y}"
        if outcome == "not-fixed":
            builder.ask(f"Its sprint is not over: {until}. Nothing was done.")
            return Finding(step, "refused", until)
        if sprint.ahead and sprints.impact_of(case, issue) != "Critical":
            builder.ask(
                f"Do not work on issue {issue.number} yet: it is planned for iteration {sprint.first}, {sprint.now} runs "
                "now, and its impact is below Critical."
            )
        hint = "; the issue is closed: outcome=fixed?" if issue.state == "closed" else ""
        return Finding(step, "running", f"{until}{hint}")
    if outcome != "not-fixed":
        hint = " The issue is closed: outcome=fixed?" if issue.state == "closed" else ""
        builder.ask(
            f"{sentence(sprint.words)} ended on {sprint.ends:%A %d %B %Y}.{hint} Say outcome=fixed and what was done, "
            "outcome=not-fixed and how it stands, or exception_until with who approved it."
        )
        return Finding(step, "over", f"{sprint.words} is over")
    if not decision.message and not _said_not_fixed(case):
        builder.ask(f"Say how it stands: message=…; the community reads it.{_by_hand(case)}")
        return Finding(step, "unclear", "nobody has said how it stands")
    part = ("sprint-over", {"state": paragraphs(decision.message), "issue": SYMBOL})
    _told(case, decision, part, "not finished in its sprint; how to reopen it", builder, step)
    builder.state("Ended", "not fixed")
    builder.do(_status(case, f"{step}#resolved", "Resolved", "not fixed; the issue stays open"))
    return Finding(step, "not-fixed", f"{sprint.words} is over; issue {issue.number} stays open")


def _except(case: Case, decision: Decision, sprint: Sprint, issue: Issue, builder: TicketPlanBuilder) -> Finding:
    """More time: somebody else than those who work on it approved it, and until when."""
    step, agent = "resolve.work", case.agent(case.ticket.agent)
    managers = case.organization.with_role("manager")
    by = case.organization.person(decision.exception_by) if decision.exception_by else next(iter(managers), None)
    if by is None:
        builder.ask("Nobody is the Engineering Manager in organization.yaml. Say who approved: exception_by=…")
        return Finding(step, "refused", "nobody approved it")
    has_ticket = agent is not None and by.mail.lower() == agent.mail.lower()
    if has_ticket or by.among(issue.assignees):
        builder.ask(f"{by.name} works on it and cannot approve more time alone. Name somebody else: exception_by=…")
        return Finding(step, "refused", "nobody grants an exception to themself")
    if decision.exception_until <= sprint.usual or decision.exception_until < sprint.now:
        builder.ask(
            f"exception_until: name one after iteration {sprint.usual} that is not over; {sprint.now} runs now."
        )
        return Finding(step, "refused", f"iteration {decision.exception_until} gives no more time")
    builder.state("Sprint exception", f"until iteration {decision.exception_until}, approved by {by.mail}")
    builder.record(step, f"More time for it, until iteration {decision.exception_until}, approved by {by.name}.")
    return Finding(step, "excepted", f"until iteration {decision.exception_until}, approved by {by.name}")


def _confirm(case: Case, decision: Decision, outcome: str, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, status = "resolve.confirm", case.ticket.status
    if outcome in ("fixed", "no-survey") and status not in OVER and _incident_runs(case):
        builder.ask(
            "They were told of an incident, which ends by the incident runbook, stage=resolve: validated, page resolved."
        )
        return Finding(step, "refused", "its fix is not validated, or its page is open")
    if outcome == "fixed":
        return _fixed(case, decision, advice, builder)
    if outcome == "no-survey":
        return _without_survey(case, decision, builder)
    if outcome in ("confirmed", "refuted"):
        return Finding(step, outcome, "you read it so" if decision.outcome else advice.outcome[1])
    if outcome == "not-fixed" and status == "Resolved":
        builder.ask(
            "The ticket is Resolved already, so nothing was mailed. If it is not done after all: outcome=refuted."
        )
        return Finding(step, "waiting", "it is Resolved already")
    if outcome == "not-fixed":
        builder.ask(
            f"The ticket is {status}, and they were told how it ended: not-fixed comes too late. Or outcome=refuted?"
        )
        return Finding(step, "refused", "not-fixed is for work whose sprint is over")
    if advice.reading:
        read_as = advice.reading
        more = " Setting it to Resolved again sends another survey." if read_as.meaning == "out-of-office" else ""
        builder.ask(f"Their answer needs a person ({read_as.meaning.replace('-', ' ')}: {read_as.because}).{more}")
        return Finding(step, "unclear", f"{read_as.meaning.replace('-', ' ')}: {read_as.because}")
    return _silent(case, builder)


def _fixed(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, status, landed = "resolve.confirm", case.ticket.status, case.landed("resolve.confirm")
    if status == "Closed":
        builder.ask("The ticket is Closed. If it is not done after all, say outcome=refuted.")
        return Finding(step, "refused", "a Closed ticket is not resolved again")
    if status != "Resolved" and advice.reading and advice.reading.meaning == "refusal":
        builder.ask("They say that it is not done. Run with outcome=refuted first; the next cycle confirms anew.")
        return Finding(step, "refused", advice.reading.because)
    answered = advice.reading is not None and advice.reading.meaning != "out-of-office"
    if status != "Resolved" and landed and decision.message and answered:
        builder.ask(
            "They were told in this cycle and have answered since, so this message would not be mailed. Answer them by "
            "hand, then outcome=fixed without a message; or outcome=refuted, and the next cycle confirms anew."
        )
        return Finding(step, "refused", "one confirmation a cycle")
    if status == "Resolved" and not told(case):
        if decision.message:
            builder.ask(
                "A person has resolved it already, so nothing was mailed. If they must know more, write to them."
            )
        return Finding(step, "waiting", "a person has resolved it already")
    if not decision.message and not landed:
        builder.ask(f"Say what was done: message=…; the community reads it.{_by_hand(case)}")
        return Finding(step, "unclear", "nobody has said what was done")
    part = ("confirm-resolution", {"message": paragraphs(decision.message), "closing": False})
    _told(case, decision, part, "it should be done now, and what was done", builder, step)
    builder.state("Ended", "fixed")
    if left := left_behind(case, f"{step}#stop"):
        builder.do(left)
    builder.do(_status(case, f"{step}#resolved", "Resolved", "the helpdesk sends its survey"))
    return Finding(step, "waiting", "the community is asked whether it is done")


def _without_survey(case: Case, decision: Decision, builder: TicketPlanBuilder) -> Finding:
    step, status, noise = "resolve.confirm", case.ticket.status, recognise(case)
    if status == "Resolved":
        builder.ask("The ticket is Resolved, so the survey is on its way. Say outcome=confirmed, or leave it.")
        return Finding(step, "refused", "the survey was sent already")
    reason = redact(decision.message)  # on record, not mailed
    ours = bool(reason) and case.statements().get("Reason") == reason
    if status == "Closed" and not ours:
        return Finding(step, "no-survey", "it is Closed already")
    if not reason:
        builder.ask("Say why no survey applies: message=…; it is put on record, not mailed.")
        return Finding(step, "unclear", "nobody has said why")
    if noise is None and not case.requester.mail:
        builder.ask(f"{case.requester.name} has no mail address. Tell them that it should be done.")
    elif noise is None:
        part = ("confirm-resolution", {"message": (), "closing": True})
        tell(case, step, [part], "it should be done now; closed with this", builder)
    builder.state("Reason", reason)
    if left := left_behind(case, f"{step}#stop"):
        builder.do(left)
    builder.record(step, f"Closed without a survey: {reason}", first=True)
    builder.do(_status(case, f"{step}#close", "Closed", "no survey applies"))
    return Finding(step, "no-survey", reason)


def _silent(case: Case, builder: TicketPlanBuilder) -> Finding:
    """Nobody answered. The ticket stays Resolved, unless the organisation closes such tickets after a while."""
    step, status, asked = "resolve.confirm", case.ticket.status, told(case)
    hours = case.organization.resolve.close_after_hours
    if status != "Resolved":
        builder.ask(f"They were told that it is done, but the ticket is {status}. outcome=fixed makes it Resolved.")
        return Finding(step, "unclear", f"told, and {status} all the same")
    if hours and asked:
        ticked = WorkingClock.of(case.organization.clock).ticked(asked.entry.at, case.now)
        if ticked.total_seconds() >= hours * 3600:
            builder.do(_status(case, f"{step}#close", "Closed", f"no answer in {span(ticked)} of working time"))
            return Finding(step, "silent", f"no answer in {span(ticked)} of working time")
    return Finding(step, "waiting", "no answer yet; it stays Resolved")


def _close(case: Case, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, status = "resolve.close", case.ticket.status
    if status not in OVER and not (told(case) or answers_by_hand(case)):
        builder.ask(f"The ticket is {status}, and nobody told them that it is done. Say outcome=fixed first.")
        return Finding(step, "refused", f"{status} to Closed needs a confirmation of something")
    if status == "Closed" and not case.landed(f"{step}#record"):
        return Finding(step, "closed", "it is Closed already")
    said = advice.answers or answers_by_hand(case)
    because = f"reply {said[-1].id}" if said else "a person's word"
    builder.record(step, f"Closed by {because}: the community has confirmed.", first=True)
    builder.do(_status(case, step, "Closed", "the community has confirmed"))
    return Finding(step, "closed", "the community has confirmed")


def _reopen(past: Case, case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    """The note comes last, so where it stands all is done: a run that was killed before finds the old cycle."""
    step, status = REOPEN, past.ticket.status
    said = advice.answers or answers_by_hand(past)
    if past is case and status not in OVER and not (told(past) or said):
        builder.ask(
            f"The ticket is {status} and was not resolved in this cycle: there is nothing to reopen. Just answer."
        )
        return Finding(step, "refused", f"a ticket that is {status} is not reopened")
    reply = cause(said)
    because = f"reply {reply.id}" if reply else "a person's word"
    builder.do(_status(past, f"{step}#open", "Open", "the community says that it is not fulfilled"))
    issue, doubt = advice.found.issue, advice.found.doubt
    if issue:
        ref = reference(past, f"{step}#issue")
        body = f"The community says that this is not fulfilled. Ticket: {case.ticket.url}\n\n<!-- {ref} -->"
        summary = f"Comment on issue {issue.number}, and open it again if it is closed"
        was_open = issue.state == "open"
        builder.do(Comment(f"{step}#issue", body, ref.removeprefix("Ref "), summary, reopens=True, open=was_open))
    elif doubt:
        builder.ask(f"{doubt} Then tell there that it is not fulfilled.")
    builder.do(
        Reopening(
            key=step,
            ticket=case.ticket.id,
            markdown=plain_markdown(
                f"Reopened by {because}: not fulfilled. The process starts again, with new clocks."
            ),
            reference=reference(past, step),
            cycle=past.cycle,
        )
    )
    return Finding(step, "reopened", f"by {because}; cycle {past.cycle + 1} begins")


# What the steps are made of.


def _told(case: Case, decision: Decision, part: Part, says: str, builder: TicketPlanBuilder, step: str) -> None:
    """Tell them. Where no mail can go, a person does, and the message says how: it stands in a note."""
    name, said = case.requester.name, decision.message
    if case.requester.mail:
        tell(case, step, [part], says, builder)
    else:
        builder.plain_note(
            step, f"Private note: {name}, who has no mail address, was told by hand: {shorten(said)}", said
        )


def _by_hand(case: Case) -> str:
    name = case.requester.name
    return "" if case.requester.mail else f" {name} has no mail address: tell them, and say here how they were told."


def _status(case: Case, key: str, status: str, because: str) -> Change:
    return Change(key=key, ticket=case.ticket.id, status=status, summary=f"Set to {status}: {because}")


def _incident_runs(case: Case) -> bool:
    """Whether they know of an incident that is not over by its own rules."""
    over = validated_by(case) and not (case.incident and case.incident.open)
    return case.landed(TELL) is not None and case.landed(VALIDATE_FIX) is None and not over


def _said_not_fixed(case: Case) -> bool:
    """Whether an earlier run told them that the sprint is over."""
    return case.landed("resolve.work") is not None

"""Resolve, close, reopen: every ticket ends with the community's word, or begins again. Advice, and a plan that is pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from deskbook import sprints
from deskbook.actions import SYMBOL, Change, Record
from deskbook.cases import Case, Entry, Reference, reference, representatives
from deskbook.choices import one_of, whole
from deskbook.clocks import WorkingClock, span
from deskbook.errors import ParameterError
from deskbook.mailing import tell
from deskbook.noise import recognise
from deskbook.plans import Finding, Plan, words
from deskbook.replies import Reading, read
from deskbook.roads import Road, travel
from deskbook.sprints import Sprint
from deskbook.text import plain_markdown, sentence
from deskbook.tracking import Comment, Found, issue_of, told

RUNBOOK = "resolve"
OUTCOMES = ("fixed", "not-fixed", "no-survey", "confirmed", "refuted")
REOPEN = "resolve.reopen"
OVER = ("Resolved", "Closed")


@dataclass(frozen=True)
class Decision:
    """What a person chose. With no-survey the message is the reason on record, and is not mailed."""

    outcome: str = ""
    message: str = ""
    exception_by: str = ""
    exception_until: int = 0


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


def decide(
    case: Case, *, outcome: object = "", message: object = "", exception_by: object = "", exception_until: object = 0
) -> Decision:
    """The parameters of the runbook as a decision; ParameterError names the one that cannot be used, and what can."""
    until = whole("exception_until", exception_until, 9999)
    by = words("exception_by", exception_by)
    chosen = one_of("outcome", words("outcome", outcome), OUTCOMES)
    if until and chosen:
        raise ParameterError(f"exception_until: an exception goes on with the work; leave outcome={chosen} away")
    if by and not until:
        raise ParameterError("exception_until: say until which iteration the exception holds")
    if by and case.organization.person(by) is None:
        raise ParameterError(f"exception_by: '{by}' is nobody's mail in organization.yaml; use the approver's")
    return Decision(chosen, words("message", message), by, until)


def assess(case: Case) -> Advice:
    """What the issue, the sprint and the replies say."""
    found = issue_of(case)
    answers = _answers(case)
    reading = _reading(case, answers)
    outcome = {"thanks": "confirmed", "refusal": "refuted"}.get(reading.meaning, "") if reading else ""
    return Advice(
        outcome=(outcome, reading.because if reading else ""),
        found=found,
        sprint=sprints.of(case, found.issue) if found.issue else None,
        answers=answers,
        reading=reading,
    )


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    past = _before_reopening(case) if decision.outcome in ("", "refuted") else case
    road, advice = Road(past), assess(past)
    outcome = decision.outcome or ("" if decision.exception_until else advice.outcome[0])
    if past is not case and outcome != "refuted":
        past, road, advice = case, Road(case), assess(case)
        outcome = decision.outcome
    steps: dict[str, Callable[[], Finding]] = {
        "resolve.plan": lambda: _plan(past, outcome, advice, road),
        "resolve.work": lambda: _work(past, decision, outcome, advice, road),
        "resolve.confirm": lambda: _confirm(past, decision, outcome, advice, road),
        "resolve.close": lambda: _close(past, advice, road),
        "resolve.reopen": lambda: _reopen(past, case, decision, advice, road),
    }
    ended, following = travel(case.process, "resolve.plan", steps, road)
    issue = advice.found.issue
    return Plan(
        runbook=RUNBOOK,
        case=case,
        decision=decision,
        actions=tuple(road.actions) if ended == "reopened" else road.finished(),
        facts={
            "the requester": [case.requester.id, case.requester.mail],
            "the replies": [entry.id for entry in past.replies()],
            "the issue": issue.number if issue else "",
            "the sprint": advice.sprint.first if advice.sprint else "",
        },
        road=tuple(road.findings),
        needs_human=tuple(road.needs_human),
        outcome=ended,
        next=following,
        again=lambda newer: plan(newer, decision),
        issue=told(issue) if issue else "",
    )


# The steps, in the order of the process.


def _plan(case: Case, outcome: str, advice: Advice, road: Road) -> Finding:
    step, ticket, found = "resolve.plan", case.ticket, advice.found
    if ticket.deleted or ticket.spam or ticket.group not in (None, case.organization.support.group):
        return Finding(step, "not-ours", "the ticket is deleted, spam, or another group's")
    if ticket.status == "Closed" and not outcome and not advice.answers:
        return Finding(step, "ended", "the ticket is Closed, and nobody wrote since")
    if outcome in ("no-survey", "confirmed", "refuted") or ticket.status in OVER or advice.answers:
        return Finding(step, "decided", f"the ticket is {ticket.status}; nothing is left to plan")
    if found.issue is None:
        if outcome == "fixed":
            return Finding(step, "decided", "solved without an issue")
        road.ask(found.doubt or "No issue tracks this ticket. Run the timebox; or say outcome=fixed and what was done.")
        return Finding(step, "refused", found.doubt or "no issue tracks it")
    number = found.issue.number
    if advice.sprint:
        return Finding(step, "planned", f"issue {number}: {advice.sprint.because}")
    if outcome == "fixed":
        return Finding(step, "decided", f"issue {number} was never scheduled, and it is done all the same")
    if outcome == "not-fixed":
        road.ask(f"Issue {number} was never scheduled, so no sprint of it is over: it does not expire.")
    elif sprints.impact_of(case, found.issue) != "Critical":
        road.ask(
            f"Do not work on issue {number} yet: no sprint has planned it, and its impact is below Critical. "
            f"Planning is next on {sprints.planning(case):%A %d %B %Y}."
        )
    return Finding(step, "waiting", f"issue {number} has no engineer in a sprint yet")


def _work(case: Case, decision: Decision, outcome: str, advice: Advice, road: Road) -> Finding:
    step, sprint, issue = "resolve.work", advice.sprint, advice.found.issue
    if sprint is None or issue is None:
        raise AssertionError("the step before finds the sprint")
    if outcome == "fixed":
        return Finding(step, "fixed", f"done in {sprint.words}")
    if decision.exception_until:
        return _except(case, decision, sprint, road)
    if not sprint.over:
        if outcome == "not-fixed":
            road.ask(f"Its sprint is not over: {sprint.words} runs until {sprint.ends:%A %d %B %Y}. Nothing was done.")
            return Finding(step, "refused", f"{sprint.words} still runs")
        return Finding(step, "running", f"{sprint.words} runs until {sprint.ends:%A %d %B %Y}")
    if outcome != "not-fixed":
        hint = " The issue is closed: outcome=fixed?" if issue.state == "closed" else ""
        road.ask(
            f"{sentence(sprint.words)} ended on {sprint.ends:%A %d %B %Y}.{hint} Say outcome=fixed and what was done, "
            "outcome=not-fixed and how it stands, or exception_until with who approved it."
        )
        return Finding(step, "over", f"{sprint.words} is over")
    if not decision.message and not case.landed(step):
        road.ask("Say how it stands: message=…; the community reads it.")
        return Finding(step, "unclear", "nobody has said how it stands")
    part = ("sprint-over", {"state": decision.message, "issue": SYMBOL})
    if tell(case, step, [part], "not finished in its sprint; how to reopen it", road):
        road.state("Ended", "not fixed")
        road.do(_status(case, f"{step}#resolved", "Resolved", "not fixed; the issue stays open"))
        return Finding(step, "not-fixed", f"{sprint.words} is over; issue {issue.number} stays open")
    return Finding(step, "unclear", "no mail address")


def _except(case: Case, decision: Decision, sprint: Sprint, road: Road) -> Finding:
    """More than one sprint: somebody else than the ticket's agent approved it, and until when."""
    step, agent = "resolve.work", case.agent(case.ticket.agent)
    managers = case.organization.with_role("manager")
    by = case.organization.person(decision.exception_by) if decision.exception_by else next(iter(managers), None)
    if by is None:
        road.ask("Nobody is the Engineering Manager in organization.yaml. Say who approved: exception_by=…")
        return Finding(step, "refused", "nobody approved it")
    if agent is not None and by.mail.lower() == agent.mail.lower():
        road.ask(f"{by.name} has the ticket and cannot approve more time for it alone. Ask the Engineering Manager.")
        return Finding(step, "refused", "nobody grants an exception to themself")
    if decision.exception_until <= sprint.first or decision.exception_until < sprint.now:
        road.ask(f"exception_until: name one after iteration {sprint.first} that is not over; {sprint.now} runs now.")
        return Finding(step, "refused", f"iteration {decision.exception_until} gives no more time")
    road.state("Sprint exception", f"until iteration {decision.exception_until}, approved by {by.mail}")
    road.record(step, f"More than one sprint, until iteration {decision.exception_until}, approved by {by.name}.")
    return Finding(step, "excepted", f"until iteration {decision.exception_until}, approved by {by.name}")


def _confirm(case: Case, decision: Decision, outcome: str, advice: Advice, road: Road) -> Finding:
    step, status = "resolve.confirm", case.ticket.status
    if outcome == "fixed":
        return _fixed(case, decision, road)
    if outcome == "no-survey":
        return _without_survey(case, decision, road)
    if outcome == "confirmed":
        return Finding(step, "confirmed", advice.outcome[1] if not decision.outcome else "you read it so")
    if outcome == "refuted":
        return Finding(step, "refuted", advice.outcome[1] if not decision.outcome else "you read it so")
    if outcome == "not-fixed":
        road.ask(f"The ticket is {status}: not-fixed is for work whose sprint is over.")
        return Finding(step, "refused", f"the ticket is {status}")
    if advice.reading:
        read_as = advice.reading
        more = " Setting it to Resolved again sends another survey." if read_as.meaning == "out-of-office" else ""
        road.ask(f"Their answer needs a person ({read_as.meaning.replace('-', ' ')}: {read_as.because}).{more}")
        return Finding(step, "unclear", f"{read_as.meaning.replace('-', ' ')}: {read_as.because}")
    return _silent(case, road)


def _fixed(case: Case, decision: Decision, road: Road) -> Finding:
    step, status, landed = "resolve.confirm", case.ticket.status, case.landed("resolve.confirm")
    if status == "Closed":
        road.ask("The ticket is Closed. If it is not done after all, say outcome=refuted.")
        return Finding(step, "refused", "a Closed ticket is not resolved again")
    if status == "Resolved" and not landed:
        return Finding(step, "waiting", "a person has resolved it already")
    if not decision.message and not landed:
        road.ask("Say what was done: message=…; the community reads it.")
        return Finding(step, "unclear", "nobody has said what was done")
    part = ("confirm-resolution", {"message": decision.message, "closing": False})
    if not tell(case, step, [part], "it should be done now, and what was done", road):
        return Finding(step, "unclear", "no mail address")
    road.state("Ended", "fixed")
    road.do(_status(case, f"{step}#resolved", "Resolved", "the helpdesk sends its survey"))
    return Finding(step, "waiting", "the community is asked whether it is done")


def _without_survey(case: Case, decision: Decision, road: Road) -> Finding:
    step, status, noise = "resolve.confirm", case.ticket.status, recognise(case)
    if status == "Resolved":
        road.ask("The ticket is Resolved, so the survey is on its way. Say outcome=confirmed, or leave it.")
        return Finding(step, "refused", "the survey was sent already")
    if not decision.message:
        road.ask("Say why no survey applies: message=…; it is put on record, not mailed.")
        return Finding(step, "unclear", "nobody has said why")
    if status == "Closed" and not case.landed("resolve.confirm#record"):
        return Finding(step, "no-survey", "it is Closed already")
    if noise is None and not case.requester.mail:
        road.ask(f"{case.requester.name} has no mail address. Tell them that it should be done.")
    elif noise is None:
        part = ("confirm-resolution", {"message": "", "closing": True})
        tell(case, step, [part], "it should be done now; closed with this", road)
    road.state("Reason", decision.message)
    road.record(step, f"Closed without a survey: {decision.message}", first=True)
    road.do(_status(case, f"{step}#close", "Closed", "no survey applies"))
    return Finding(step, "no-survey", decision.message)


def _silent(case: Case, road: Road) -> Finding:
    """Nobody answered. The ticket stays Resolved, unless the organisation closes such tickets after a while."""
    step, hours = "resolve.confirm", case.organization.resolve.close_after_hours
    asked = case.landed(step) or case.landed("resolve.work")
    if hours and asked and case.ticket.status == "Resolved":
        ticked = WorkingClock.of(case.organization.clock).ticked(asked.entry.at, case.now)
        if ticked.total_seconds() >= hours * 3600:
            road.do(_status(case, f"{step}#close", "Closed", f"no answer in {span(ticked)} of working time"))
            return Finding(step, "silent", f"no answer in {span(ticked)} of working time")
    return Finding(step, "waiting", "no answer yet; it stays Resolved")


def _close(case: Case, advice: Advice, road: Road) -> Finding:
    step, status = "resolve.close", case.ticket.status
    if status not in OVER and not _was_told(case):
        road.ask(f"The ticket is {status}, and nobody told them that it is done. Say outcome=fixed first.")
        return Finding(step, "refused", f"{status} to Closed needs a confirmation of something")
    if status == "Closed" and not case.landed(f"{step}#record"):
        return Finding(step, "closed", "it is Closed already")
    road.do(_status(case, step, "Closed", "the community has confirmed"))
    return Finding(step, "closed", "the community has confirmed")


def _reopen(past: Case, case: Case, decision: Decision, advice: Advice, road: Road) -> Finding:
    step, status = REOPEN, past.ticket.status
    done = past is not case
    if not done and status not in OVER and not _was_told(past):
        road.ask(f"The ticket is {status} and was not resolved in this cycle: there is nothing to reopen. Just answer.")
        return Finding(step, "refused", f"a ticket that is {status} is not reopened")
    cause = advice.answers[-1] if advice.answers else None
    because = f"reply {cause.id}" if cause else "a person's word"
    road.do(
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
    road.do(_status(past, f"{step}#open", "Open", "the community says that it is not fulfilled"))
    issue = advice.found.issue
    if issue:
        ref = reference(past, f"{step}#issue")
        body = f"The community says that this is not fulfilled. Ticket: {case.ticket.url}\n\n<!-- {ref} -->"
        summary = f"Comment on issue {issue.number}, and open it again if it is closed"
        road.do(Comment(f"{step}#issue", body, ref.removeprefix("Ref "), summary, reopens=True))
    return Finding(step, "reopened", f"by {because}; cycle {past.cycle + 1} begins")


# What the steps are made of.


def _status(case: Case, key: str, status: str, because: str) -> Change:
    return Change(key=key, ticket=case.ticket.id, status=status, summary=f"Set to {status}: {because}")


def _told(case: Case) -> Reference | None:
    """Our latest word in this cycle that it is done, or over."""
    found = [ref for ref in (case.landed("resolve.confirm"), case.landed("resolve.work")) if ref]
    return max(found, key=lambda ref: ref.entry.position, default=None)


def _was_told(case: Case) -> bool:
    """Whether somebody of us wrote before the community answered: then the helpdesk may have reopened it by itself."""
    answers = [e for e in case.entries if not (e.incoming or e.private) and case.agent(e.author)]
    return _told(case) is not None or bool(answers and _answers_after(case, answers[-1].position))


def _answers(case: Case) -> tuple[Entry, ...]:
    """What the community wrote since it was told that its request is done."""
    told_in = _told(case)
    if told_in:
        return _answers_after(case, told_in.entry.position)
    if case.ticket.status not in OVER:
        return ()
    public = [e.position for e in case.entries if not (e.incoming or e.private) and case.agent(e.author)]
    return _answers_after(case, public[-1]) if public else ()


def _answers_after(case: Case, position: int) -> tuple[Entry, ...]:
    return case.replies(position)


def _reading(case: Case, answers: tuple[Entry, ...]) -> Reading | None:
    """What the answers say together; where two of them differ, or a stranger wrote, a person reads them."""
    if not answers:
        return None
    people = {entry.contact.id for c in case.communities for entry in representatives(c) if entry.contact}
    strange = [e for e in answers if e.author not in people | {case.requester.id}]
    if strange:
        return Reading("unclear", "somebody wrote who is neither the requester nor a representative")
    readings = [read(entry.body) for entry in answers]
    telling = [reading for reading in readings if reading.meaning != "out-of-office"]
    if len({reading.meaning for reading in telling}) > 1:
        return Reading("unclear", "their answers do not say the same")
    return (telling or readings)[-1]


def _before_reopening(case: Case) -> Case:
    """The case as it was when it was reopened last, if nothing was resolved since: a run that is repeated plans the same."""
    reopened = [ref for ref in case.references() if ref.key == REOPEN]
    if not reopened or _told(case) or case.ticket.status in OVER:
        return case
    before = tuple(e for e in case.entries if e.position < reopened[-1].entry.position)
    return replace(case, entries=before)

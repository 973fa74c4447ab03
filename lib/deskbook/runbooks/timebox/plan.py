"""Planner of the timebox runbook: work for one timebox, then solved, or tracked by an issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from deskbook.config.organization import Category
from deskbook.engine.actions import SYMBOL, Change
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import Part
from deskbook.engine.parameters import agent_named
from deskbook.engine.plan import Finding, Plan
from deskbook.model.case import Case, reference
from deskbook.model.records import Agent, Issue
from deskbook.runbooks.timebox import findings
from deskbook.runbooks.timebox.decision import OUTCOMES, Decision
from deskbook.runbooks.timebox.unread import READ, asks, unread
from deskbook.schedule.working_time import next_planning
from deskbook.services.ports import Desk
from deskbook.tickets import sprint as sprints
from deskbook.tickets import stopwatch, worksheet
from deskbook.tickets.classification import IMPACTS, impact_of, missing
from deskbook.tickets.eligibility import category_of, refused
from deskbook.tickets.issue_form import SUPPORT, neutral, neutral_title, render
from deskbook.tickets.issue_form import read as read_form
from deskbook.tickets.replying import tell
from deskbook.tickets.tracking import Comment, Link, Open, issue_of, on_board, told

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "timebox.evaluate": "understood asked waiting untriaged returned incident workshop ended not-ours",
    "timebox.work": "solved unsolved working unread",
    "timebox.track": "tracked unclear",
    "timebox.link": "linked",
    "timebox.tell": "told critical by-hand",
}


UNSAID = "The ticket says what is wanted; it is private."  # as long as nobody has described it for others


@dataclass(frozen=True)
class Advice:
    """What we would choose, and why. `seconds` were worked in this cycle, by everybody."""

    agent: Agent
    category: Category | None
    seconds: int
    limit: int  # minutes
    outcome: tuple[str, str]
    request_type: str
    impact: tuple[str, str]


def read(desk: Desk, ticket_id: int | str) -> Case:
    """The facts of a ticket."""
    return desk.case(ticket_id)


def assess(case: Case, decision: Decision) -> Advice:
    """Who works, how much of the timebox is used, and how the issue would be filled in."""
    category = category_of(case)
    agent = agent_named(case, decision.agent) if decision.agent else case.agent(case.ticket.agent) or case.me
    worker = case.me if case.time_entries is None else agent  # a note carries the minutes of whoever writes it
    worked = _worked(case, worker, decision)
    limit = int(case.process.clocks["timebox"].amount)
    ended = case.statements().get("Timebox ended", "")
    outcome = (ended, "it ended so, as the ticket says") if ended in OUTCOMES else ("", "the timebox runs")
    if not outcome[0] and worked >= limit * 60:
        outcome = ("unsolved", f"the {limit} minutes are used")
    return Advice(
        agent=worker,
        category=category,
        seconds=worked,
        limit=limit,
        outcome=outcome,
        request_type=getattr(case.organization.request_types, category or "", case.organization.request_types.other),
        impact=_impact(case, decision, category),
    )


def plan(case: Case, decision: Decision) -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan."""
    builder, advice = TicketPlanBuilder(case, decision), assess(case, decision)
    outcome = decision.outcome or advice.outcome[0]
    steps: dict[str, Callable[[], Finding]] = {
        "timebox.evaluate": lambda: _evaluate(case, advice, outcome, builder),
        "timebox.work": lambda: _work(case, decision, advice, outcome, builder),
        "timebox.track": lambda: _track(case, decision, advice, builder),
        "timebox.link": lambda: _link(case, builder),
        "timebox.tell": lambda: _tell(case, advice, builder),
    }
    ended = builder.follow("timebox.evaluate", steps)
    found = issue_of(case)
    facts = {
        "the ticket's text": [case.ticket.subject, case.ticket.body],
        "the requester": [case.requester.id, case.requester.mail],
        "the replies": [entry.id for entry in case.replies()],
        "the issue": found.issue.number if found.issue and found.adopted else "",
    }
    issue = told(found.issue) if found.issue else ""
    return builder.finish(lambda newer: plan(newer, decision), facts, issue=issue, recorded=ended != "working")


def start(case: Case, decision: Decision) -> Plan:
    """Set the stopwatch going for the agent; on a ticket that has no timebox, nothing, and the reason."""
    no = refused(case, "timebox.evaluate", TicketPlanBuilder(case, decision))
    begun = _only(case, decision, lambda newer, advice: () if no else (_start(newer, advice),), start)
    return replace(begun, steps_taken=(no,), needs_human=(no.because,), outcome=no.outcome) if no else begun


def pause(case: Case, decision: Decision) -> Plan:
    """Stop the agent's stopwatch; what it counted stays."""

    def stop(newer: Case, advice: Advice) -> tuple[stopwatch.Stop, ...]:
        note = stopwatch.note_of(newer)
        said = f"Pause: {advice.agent.name}'s stopwatch stands still"
        room = _room(newer, decision, advice, advice.agent.id)
        return (stopwatch.Stop("timebox.work#stop", newer.ticket.id, said, note, room, advice.agent.id),)

    return _only(case, decision, stop, pause)


def keep(case: Case, decision: Decision) -> Plan:
    """Write the agent's ticks and findings onto the ticket, over none that were written in another window meanwhile."""
    return _only(case, decision, lambda newer, advice: (_sheet(newer, decision, advice),), keep)


def _only(case: Case, decision: Decision, actions: Callable[..., tuple], again: Callable[..., Plan]) -> Plan:  # type: ignore[type-arg]
    """A plan of the agent's own small steps while they work. It leans on nothing but the ticket's cycle, and is about nothing
    of anybody else's; so it is made in few calls, and no colleague's run holds it up."""
    case = replace(
        case, without=case.without | {"time"}
    )  # what the stopwatches say, they read when they are carried out
    builder = TicketPlanBuilder(case, decision)
    for action in actions(case, assess(case, decision)):
        builder.do(action)
    builder.findings.append(Finding("timebox.work", "working", "while the timebox runs"))
    made = builder.finish(lambda newer: again(newer, decision), {"the cycle": case.cycle}, recorded=False)
    return replace(made, light=True, own=True)


# The steps, in the order of the process.


def _evaluate(case: Case, advice: Advice, outcome: str, builder: TicketPlanBuilder) -> Finding:
    step = "timebox.evaluate"
    no = refused(case, step, builder)
    if no:
        return no
    if advice.category == "workshop":
        return Finding(step, "workshop", "it asks for a workshop, which stays with the Triager")
    questions = missing(case, advice.category)
    answered = any(not (e.incoming or e.private) for e in case.entries) and not case.landed(step)
    if questions and not outcome and not answered:
        part: Part = ("ask-information", {"questions": questions})
        tell(case, step, [part], "what we still need to know", builder)
        return Finding(step, "asked", "; ".join(questions))
    return Finding(step, "understood", "it says what is needed" if not questions else "we have answered already")


def _work(case: Case, decision: Decision, advice: Advice, outcome: str, builder: TicketPlanBuilder) -> Finding:
    step, ticket = "timebox.work", case.ticket.id
    minutes = advice.seconds // 60
    used = f"{minutes} of {advice.limit} minutes used"
    owner = agent_named(case, decision.agent) if decision.agent else advice.agent
    if case.ticket.agent in (None, owner.id):  # planned also once it is done, so that the plan stays the same
        said = f"Assign {owner.name}, who works on it"
        builder.do(Change(key=f"{step}#agent", ticket=ticket, agent=owner.id, summary=said))
    if decision.findings or decision.ticks is not None:
        sheet = _sheet(case, decision, advice)
        builder.do(sheet)
        if left := worksheet.left_out(worksheet.kept(sheet.findings)):
            builder.ask(
                f"The findings are longer than a worksheet: {left} lines before their end were not kept. Attach the whole "
                "log to the ticket, if somebody may need it."
            )
    new = unread(case, decision.read_reply)
    if new:
        builder.ask(asks(case, new))
    if decision.read_reply:
        builder.state(READ, decision.read_reply)
    if decision.minutes and not (outcome and new):  # booked once the end is certain: they may give more to do
        builder.do(_book(case, decision, advice))
    elif not outcome:
        builder.do(_start(case, advice))
    if outcome:
        note, room = stopwatch.note_of(case), _room(case, decision, advice)
        builder.do(stopwatch.Stop(f"{step}#stop", ticket, "Stop the stopwatch: the timebox ends", note, room))
        if new:
            return Finding(step, "unread", "nobody has said that their reply was read")
        builder.state("Timebox ended", outcome)
        return Finding(step, outcome, used if decision.outcome else advice.outcome[1])
    nudge = int(case.process.clocks["nudge"].amount)
    if minutes >= nudge:
        builder.ask(f"{used}. Solve it in the time that is left, or end it with outcome=unsolved.")
    return Finding(step, "working", used)


def _track(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, organization, ticket = "timebox.track", case.organization, case.ticket
    found = issue_of(case)
    if found.doubt:
        builder.ask(found.doubt)
        return Finding(step, "unclear", found.doubt)
    impact, because = advice.impact
    builder.state("Impact confirmed", impact)
    texts = findings.found(case, decision)
    facts = findings.told(texts)
    ref = reference(case, step)
    marker = "\n".join(filter(None, [findings.mark(case, step, texts), f"<!-- {ref} -->"]))
    if found.issue is None or _opened_now(case, found.issue):
        body = render(
            SUPPORT,
            {
                "ticket": ticket.url,
                "request_type": decision.request_type or advice.request_type,
                "impact": impact,
                "description": neutral(decision.description) or UNSAID,
                "investigation": facts,
            },
            {"request_type": tuple(organization.request_types.model_dump().values())},
        )
        builder.do(
            Open(
                key=step,
                ticket=ticket.id,
                title=f"[Support] {neutral_title(ticket.subject) or f'Ticket {ticket.id}'}",
                body=f"{body.rstrip()}\n\n{marker}",
                labels=(organization.tracker.support_label,),
                reference=ref.removeprefix("Ref "),
                summary=f"Open an issue: {decision.request_type or advice.request_type}, impact {impact} ({because})",
                since=ticket.created,
            )
        )
        outcome = "a new issue"
    else:
        said = [f"Ticket: {ticket.url}", f"Impact: {impact}", neutral(decision.description), facts]
        comment = "\n\n".join([part for part in said if part] + [marker])
        summary = f"Comment on issue {found.issue.number} ({found.because}): impact {impact} ({because})"
        was_open = found.issue.state == "open"
        builder.do(Comment(step, comment, ref.removeprefix("Ref "), summary, reopens=True, open=was_open))
        outcome = f"issue {found.issue.number}: {found.because}"
    told_before = found.issue is not None and ref.removeprefix("Ref ") in found.issue.refs
    if found.issue and told_before and (more := findings.later(case, step, texts, found.issue)):
        builder.do(more)
    _describe(case, step, found.issue, decision, builder)
    for placed in on_board(step, organization.tracker, found.issue, organization.tracker.support_label, impact):
        builder.do(placed)
    return Finding(step, "tracked", f"{outcome}; impact {impact}: {because}")


def _describe(case: Case, step: str, issue: Issue | None, decision: Decision, builder: TicketPlanBuilder) -> None:
    """Others read the issue, so it should say what is wanted, in words that somebody chose for them: until it does that is
    asked, and what is said later joins it."""
    ref = reference(case, f"{step}#wanted")
    if issue and (read_form(SUPPORT, issue.body)["description"] != UNSAID or not _opened_now(case, issue)):
        return
    if issue and decision.description:
        body = f"What is wanted:\n\n{neutral(decision.description)}\n\n<!-- {ref} -->"
        said = f"Comment on issue {issue.number}: what is wanted"
        builder.do(Comment(f"{step}#wanted", body, ref.removeprefix("Ref "), said))
    elif not decision.description and not (issue and ref.removeprefix("Ref ") in issue.refs):
        builder.ask("Say what is wanted: description=…; everybody can read the issue, and nobody the ticket.")


def _link(case: Case, builder: TicketPlanBuilder) -> Finding:
    step, ticket = "timebox.link", case.ticket.id
    text = f"Tracked by {SYMBOL}\n\n{reference(case, step)}"
    builder.do(Link(key=step, ticket=ticket, summary="Private note: the issue's link", text=text))
    builder.do(Change(key=f"{step}#pending", ticket=ticket, status="Pending", summary="Make the ticket Pending"))
    return Finding(step, "linked", f"by {case.me.name}")


def _tell(case: Case, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, waits = "timebox.tell", advice.category if advice.impact[0] != "Critical" else None
    day = sprints.planning(case)
    while builder.away(waits, day):  # what waits for the end of the time off is not planned in it
        day = next_planning(case.organization.sprint, day)
    parts: list[Part] = [("status", {"issue": SYMBOL, "planning": f"{day:%A %d %B %Y}"})]
    if away := builder.away(waits):
        parts.append(("reduced-capacity", away))
    sent = tell(case, step, parts, f"an issue tracks it; next planning {day:%d %B}", builder)
    if advice.impact[0] == "Critical":
        return Finding(step, "critical", "its impact is Critical: escalate as well")
    if not sent:
        return Finding(step, "by-hand", "no mail address")
    return Finding(step, "told", f"planning is on {day:%d %B}")


# What the steps are made of.


def _start(case: Case, advice: Advice) -> stopwatch.Start:
    summary = f"Start the stopwatch for {advice.agent.name}"
    note, billable = stopwatch.note_of(case), advice.category != "incident"
    noted = case.time_entries is None
    return stopwatch.Start(
        "timebox.work#start", case.ticket.id, advice.agent.id, summary, note, billable, advice.limit, noted
    )


def _book(case: Case, decision: Decision, advice: Advice) -> stopwatch.Book:
    note, billable = stopwatch.note_of(case), advice.category != "incident"
    return stopwatch.Book("timebox.work", case.ticket.id, advice.agent.id, decision.minutes, note, billable)


def _sheet(case: Case, decision: Decision, advice: Advice) -> worksheet.Keep:
    sheet = worksheet.sheet_of(case, case.me.id)  # a note belongs to whoever writes it
    items = case.process.checklists.get(advice.category or "", ())
    return worksheet.Keep(
        key=worksheet.KEY,
        ticket=case.ticket.id,
        agent=case.me.id,
        ticks=sheet.ticks if decision.ticks is None else decision.ticks,
        findings=decision.findings or sheet.findings,
        titles={item.id: item.does for item in items},
        reference=reference(case, worksheet.KEY),
        was=sheet,
    )


def _opened_now(case: Case, issue: Issue) -> bool:
    """Whether it is the issue that this cycle opened: its body ends with the reference of the step."""
    return f"<!-- {reference(case, 'timebox.track')} -->" in issue.hidden


def _worked(case: Case, agent: Agent, decision: Decision) -> int:
    """Seconds of this cycle, with the minutes that the decision adds."""
    mine = stopwatch.seconds(case, agent.id)
    return stopwatch.seconds(case) - mine + max(mine, decision.minutes * 60)


def _room(case: Case, decision: Decision, advice: Advice, agent: int | None = None) -> int:
    """Seconds that the stopwatches to be stopped may keep: to the limit, or to the minutes that a person says."""
    standing = [entry for entry in stopwatch.sittings(case) if not entry.running and entry.agent != advice.agent.id]
    said = decision.minutes * 60 + sum(entry.seconds for entry in standing) if decision.minutes else 0
    return stopwatch.room(case, max(advice.limit * 60, said), agent)


def _impact(case: Case, decision: Decision, category: Category | None) -> tuple[str, str]:
    """The highest of what the Triager proposed, the agent says and an issue that was there says, and who said what."""
    stated, issue = case.statements(), issue_of(case).issue
    views = {"the Triager": stated.get("Impact proposed", "")}
    views["the agent"] = decision.impact or stated.get("Impact confirmed", "")
    if issue and not _opened_now(case, issue):
        views[f"issue {issue.number}"] = sprints.impact_of(case, issue, alone=True)
    known = {who: view for who, view in views.items() if view in IMPACTS}
    if not known:
        return impact_of(case, category)
    highest = max(known.values(), key=IMPACTS.index)
    if len(set(known.values())) > 1:
        return highest, "the higher of " + " and ".join(f"{view} ({who})" for who, view in known.items())
    return highest, f"said {' and '.join(known)}"

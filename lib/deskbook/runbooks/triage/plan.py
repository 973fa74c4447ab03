"""Planner of the triage runbook: a new ticket gets its community, its agent and its kind.

Each step of `process.yaml` has a function here that says which of its outcomes holds; the process says what comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from deskbook.config.organization import Category
from deskbook.engine.actions import Change, Reply
from deskbook.engine.builder import TicketPlanBuilder
from deskbook.engine.messages import Part, compose, first_name
from deskbook.engine.parameters import agent_named, find_community
from deskbook.engine.plan import Finding, Plan
from deskbook.language.text import sentence, words_of
from deskbook.model.case import Case, Unread
from deskbook.model.records import OVER, Agent, Community, Entry
from deskbook.runbooks.triage.advice import advise_community, advise_incident, confirmed, of_its_hub, possible
from deskbook.runbooks.triage.candidates import Candidate, rank
from deskbook.runbooks.triage.decision import Decision
from deskbook.runbooks.triage.screen import screen
from deskbook.services.ports import Desk
from deskbook.tickets.authority import agreed, authorise, closed_by_answer, mails_of, represents
from deskbook.tickets.classification import (
    IMPACTS,
    Classification,
    classify,
    hubs_down,
    impact_of,
    may_be_critical,
    missing,
    pages_about,
)
from deskbook.tickets.confirmation import came_back
from deskbook.tickets.eligibility import RETURNED, not_ours
from deskbook.tickets.next_step import SOURCES
from deskbook.tickets.noise import Noise, recognise
from deskbook.tickets.replying import copies

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "triage.watch": "ticket returned not-ours ended",
    "triage.screen": "request noise announced budget-draft unclear",
    "triage.associate": "known unclear",
    "triage.authorise": "authorised asked waiting refused outage unclear",
    "triage.assign": "assigned workshop unclear",
    "triage.acknowledge": "told by-hand",
    "triage.evaluate": "understood asked",
    "triage.decide": "incident joins ordinary unclear",
    "triage.categorise": "incident workshop ordinary unclear",
}
UNREAD: tuple[Unread, ...] = ("time", "issues", "chat", "load")
_BEFORE_IT_IS_DECIDED = ("triage.associate", "triage.authorise", "triage.assign")


@dataclass(frozen=True)
class Advice:
    """What we would choose, and why."""

    noise: Noise | None
    communities: tuple[Community, ...]
    community: tuple[Community | None, str]
    candidates: tuple[Candidate, ...]
    kind: Classification
    impact: tuple[str, str]
    incident: tuple[str, str]
    questions: tuple[str, ...]


def read(desk: Desk, ticket_id: int | str, community: object = "") -> Case:
    """The facts of a ticket; `community` names one that it may belong to, though nothing on it says so."""
    return desk.case(ticket_id, community, without=UNREAD)


def assess(case: Case, first: str = "") -> Advice:
    """Everything the rules can say about a ticket, with reasons."""
    kind = classify(case)
    return Advice(
        noise=recognise(case),
        communities=case.communities,
        community=advise_community(case),
        candidates=rank(case, first),
        kind=kind,
        impact=impact_of(case, kind.category),
        incident=of_its_hub(case, advise_incident(case)),
        questions=missing(case, kind.category),
    )


def plan(case: Case, decision: Decision, first: str = "") -> Plan:
    """What this decision does with these facts. Pure: the same case and decision give the same plan.

    `first` is the mail of the candidate who came first when the plan was drawn: loads change from minute to minute,
    and what is carried out is the plan that was drawn.
    """
    builder, advice = TicketPlanBuilder(case, decision), assess(case, first)
    community, agent = _community(case, decision, advice)[0], _agent(case, decision, advice)[0]
    noise = None if decision.community or case.cycle > 1 else advice.noise  # a person saw it and wants it to go on
    steps: dict[str, Callable[[], Finding]] = {
        "triage.watch": lambda: _watch(case, builder),
        "triage.screen": lambda: screen(case, noise, builder),
        "triage.associate": lambda: _associate(case, decision, advice, builder),
        "triage.assign": lambda: _assign(case, decision, advice, builder),
        "triage.evaluate": lambda: _evaluate(case, decision, advice, builder),
        "triage.decide": lambda: _decide(case, decision, advice, builder),
        "triage.categorise": lambda: _categorise(case, decision, advice, builder),
    }
    if community:  # where nobody knows it, the way ends before
        steps["triage.authorise"] = lambda: authorise(case, community, builder, decision.approved)
        steps["triage.acknowledge"] = lambda: _acknowledge(case, decision, advice, community, builder)
    builder.follow("triage.watch", steps)
    if not builder.leads_to("incident"):
        _what_cannot_wait(case, decision, builder)
    made = builder.finish(lambda newer: plan(newer, decision, agent.mail if agent else ""), _facts(case))
    if agent and any(action.key == "triage.assign" for action in made.actions):
        return replace(made, settled=lambda: plan(case, replace(decision, agent=agent.mail)))
    return made


def _what_cannot_wait(case: Case, decision: Decision, builder: TicketPlanBuilder) -> None:
    """A hub that is down is seen to first, whatever the ticket asks for; and a possible incident, whatever it waits for."""
    decided = decision.incident or case.statements().get("Incident decided")
    if decided or builder.findings[-1].step not in _BEFORE_IT_IS_DECIDED:
        return
    if down := hubs_down(case):
        builder.ask(f"{down[0].hub.title} is down ({down[0].seen}). Do not wait for the rest: see to that first.")
    elif classify(case).outage:
        builder.ask(f"It may be an incident: {possible(case)}. Do not wait for the rest: find out first.")


def _facts(case: Case) -> dict[str, object]:
    """The outside facts a plan leans on; nothing here changes by our own doing."""
    return {
        "the requester": [case.requester.id, case.requester.mail, case.requester.communities],
        "the representatives": [[c.name, c.listed, [(m.id, m.mail) for m in c.contacts]] for c in case.communities],
        "the ticket's text": [case.ticket.subject, case.ticket.body],
        "the replies": [entry.id for entry in case.replies()],
        "the hubs": [[probe.hub.name, probe.up] for probe in case.probes],
        "the pages": sorted(page.id for page in pages_about(case)),
    }


# The steps, in the order of the process.


def _watch(case: Case, builder: TicketPlanBuilder) -> Finding:
    ticket, step = case.ticket, "triage.watch"
    if no := not_ours(case, step, builder):
        return no
    if ticket.source not in SOURCES:
        builder.ask(f"The ticket came by {ticket.source}, not by mail or widget: check that it is a support request.")
    if ticket.status in OVER and not _closed_by_us(case):
        return Finding(step, "ended", f"the ticket is {ticket.status}; reopening is for the resolve runbook")
    if came_back(case):
        return Finding(step, "returned", RETURNED)
    return Finding(step, "ticket", f"a ticket of {ticket.group or 'no group'}, by {ticket.source}")


def _closed_by_us(case: Case) -> bool:
    """Whether a plan of this runbook closed it: then running again says what was already done."""
    return case.landed("triage.screen#record") is not None or closed_by_answer(case)


def _associate(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step = "triage.associate"
    if decision.impact:  # said before anybody asks who may want it, so that it stands wherever the way ends
        builder.state("Impact proposed", _higher(case, decision, advice))
    chosen, because = _community(case, decision, advice)
    if chosen is None:
        names = " or ".join(c.name for c in case.communities)
        builder.ask(f"Which community is this ticket for{f': {names}' if names else ''}? {sentence(because)}.")
        return Finding(step, "unclear", because)
    if decision.community or len(case.requester.communities) > 1:
        builder.state("Community confirmed", chosen.name)
    foreign = [hub for hub in case.hubs_spoken_of() if hub.community != chosen.name]
    if foreign and not (decision.community or confirmed(case)):
        names = ", ".join(f"{hub.host} ({hub.community})" for hub in foreign)
        builder.ask(f"The ticket names a hub of another community: {names}. It is taken for {chosen.name}'s; is it?")
    builder.do(
        Change(key=step, ticket=case.ticket.id, community=chosen.id, summary=f"Community {chosen.name}: {because}")
    )
    return Finding(step, "known", f"{chosen.name}: {because}")


def _community(case: Case, decision: Decision, advice: Advice) -> tuple[Community | None, str]:
    """Whose ticket it is, and why: the person's word, else the advice."""
    if decision.community:
        return find_community(case.communities, decision.community), "you chose it"
    return advice.community


def _assign(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step = "triage.assign"
    if _category_now(case, decision, advice) == "workshop":
        if decision.agent:
            builder.ask(
                f"A workshop request stays with the Triager, so {decision.agent} was not assigned. Assign by hand if you mean it."
            )
        return Finding(step, "workshop", "a workshop request stays with the Triager")
    chosen, because = _agent(case, decision, advice)
    if chosen is None:
        builder.ask("Nobody who could take the ticket has an account in the helpdesk. Assign it by hand.")
        return Finding(step, "unclear", because)
    builder.do(Change(key=step, ticket=case.ticket.id, agent=chosen.id, summary=f"Assign {chosen.name}: {because}"))
    return Finding(step, "assigned", f"{chosen.name}: {because}")


def _agent(case: Case, decision: Decision, advice: Advice) -> tuple[Agent | None, str]:
    """Who takes it, and why: the person's word, else who has it, else the first candidate."""
    present = case.agent(case.ticket.agent)
    if decision.agent:
        return agent_named(case, decision.agent), "you chose"
    if present and present.active:
        return present, "has it already"
    if advice.candidates:
        return advice.candidates[0].agent, ", ".join(advice.candidates[0].reasons)
    return None, "no agent of the organisation is known to the helpdesk"


def _acknowledge(
    case: Case, decision: Decision, advice: Advice, community: Community, builder: TicketPlanBuilder
) -> Finding:
    step, requester, agent = "triage.acknowledge", case.requester, _agent(case, decision, advice)[0]
    answered = _first_answer(case, community)
    if answered and not case.landed(step):
        author = case.agent(answered.author)
        return Finding(step, "told", f"{author.name if author else 'An agent'} has answered already")
    if not requester.mail:
        builder.ask(
            f"{requester.name} has no mail address. Call them: the ticket is received, and {agent.name if agent else 'we'} has it."
        )
        return Finding(step, "by-hand", "no mail address")
    parts: list[Part] = [("acknowledge", {"agent": agent.name if agent else "", "again": case.cycle > 1})]
    questions = _questions(case, decision, advice)
    if questions:
        parts.append(("ask-information", {"questions": questions}))
    away = builder.away(_category_now(case, decision, advice))
    if away:
        parts.append(("reduced-capacity", away))
    others = copies(case, () if represents(case, community) else mails_of(community))
    name = first_name(requester.name) or "the requester"
    told = announced(case)
    if told and agent and told.id != agent.id and not told.active:
        builder.ask(
            f"They were told that {told.name} has it, who has left; {agent.name} has it now. Tell them when you write."
        )
    has = told or agent
    says = f"Reply to {name}: received, {has.name if has else ''} has it" + (
        ", and what we still need to know" if questions else ""
    )
    builder.do(
        Reply(
            key=step, ticket=case.ticket.id, summary=says, text=compose(case, step, parts, to=requester.name), cc=others
        )
    )
    return Finding(step, "told", says)


def announced(case: Case) -> Agent | None:
    """Whom our acknowledgement of this cycle named as having it. Who has left is named all the same."""
    landed = case.landed("triage.acknowledge")
    said = words_of(landed.entry.body, quotes=False) if landed else ""
    named = [agent for agent in case.agents if agent.name in said]
    return max(named, key=lambda agent: len(agent.name), default=None)


def _first_answer(case: Case, community: Community) -> Entry | None:
    """What an agent wrote by hand before us. What was written before the representatives agreed is no answer yet."""
    yes = None if represents(case, community) else agreed(case, community)
    if yes is None:
        return case.first_answer(besides="triage.authorise")
    later = (e for e in case.entries if e.position > yes.position and not (e.incoming or e.private))
    return next((entry for entry in later if case.agent(entry.author)), None)


def _questions(case: Case, decision: Decision, advice: Advice) -> tuple[str, ...]:
    category = _category_now(case, decision, advice)
    return advice.questions if category == advice.kind.category else missing(case, category)


def _evaluate(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    questions = _questions(case, decision, advice)
    if questions and any(action.key == "triage.acknowledge" for action in builder.actions):
        return Finding("triage.evaluate", "asked", "; ".join(questions))
    return Finding("triage.evaluate", "understood", advice.kind.because)


def _decide(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step = "triage.decide"
    verdict, because = _incident(case, decision, advice)
    if decision.incident:
        builder.state("Incident decided", verdict)
    if verdict == "unclear":
        if advice.kind.outage and not decision.impact:
            builder.state("Impact proposed", _proposed(case, "broken"))
        builder.ask(
            f"Is it an incident? {sentence(because)}. Find out, then run again with incident=yes or incident=no."
        )
        return Finding(step, "unclear", because)
    outcome = {"yes": "incident", "no": "ordinary"}.get(verdict, "joins")
    return Finding(step, outcome, because)


def _incident(case: Case, decision: Decision, advice: Advice) -> tuple[str, str]:
    """Yes, no, unclear, or the page that it joins, and why: the person's word, else the advice, else its type."""
    if decision.incident:
        return decision.incident, "you decided"
    open_question = advice.incident[0] in ("no", "unclear") and "Incident decided" not in case.statements()
    if open_question and _category_now(case, decision, advice) == "incident":
        return "yes", "its type says so"
    return advice.incident


def _categorise(case: Case, decision: Decision, advice: Advice, builder: TicketPlanBuilder) -> Finding:
    step, types = "triage.categorise", case.organization.ticket_types
    incident = _incident(case, decision, advice)[0] != "no"
    category = _category_now(case, decision, advice)
    if category is None and incident:
        builder.ask(f"The type '{case.ticket.type}' is none of ours; it is an incident all the same.")
        return Finding(step, "incident", advice.incident[1])
    if category is None:
        known = f"the type '{case.ticket.type}' is none of ours" if case.ticket.type else advice.kind.because
        builder.ask(f"What kind of request is it: {', '.join(types.values())}? {sentence(known)}.")
        return Finding(step, "unclear", known)
    if category != "workshop" and not decision.impact:
        depends = may_be_critical(case, category)
        if depends and not incident and "Impact proposed" not in case.statements():
            builder.ask(
                f"Is it critical, so that it needs a fix inside the running sprint? It speaks of '{depends}', and that depends "
                f"on who is kept from what. If so, run again with impact=Critical."
            )
        builder.state("Impact proposed", _proposed(case, category))
    because = (
        "you chose it" if decision.category else "as the ticket has it" if case.ticket.type else advice.kind.because
    )
    summary = f"Type {types[category]}: {because}"
    builder.do(Change(key=step, ticket=case.ticket.id, type=types[category], summary=summary))
    if incident:
        return Finding(step, "incident", f"{types[category]}: {advice.incident[1]}")
    return Finding(step, "workshop" if category == "workshop" else "ordinary", f"{types[category]}: {because}")


def _proposed(case: Case, category: Category | None) -> str:
    return case.statements().get("Impact proposed") or impact_of(case, category)[0]


def _higher(case: Case, decision: Decision, advice: Advice) -> str:
    """The higher of what a person says now and what one said before; what the rules proposed gives way to a person."""
    stated = case.statements().get("Impact proposed", "")
    kinds: tuple[Category | None, ...] = (
        _category_now(case, decision, advice),
        "broken" if advice.kind.outage else None,
    )
    if stated not in IMPACTS or stated in {impact_of(case, kind)[0] for kind in kinds if kind}:
        return decision.impact
    return max(decision.impact, stated, key=IMPACTS.index)


def _category_now(case: Case, decision: Decision, advice: Advice) -> Category | None:
    """The person's word, else the ticket's type, else an incident that is known, else what its words say."""
    if decision.category:
        return decision.category  # type: ignore[return-value]
    if decision.incident not in ("", "no"):
        return "incident"
    present = case.organization.category_of(case.ticket.type)
    denied = decision.incident == "no" or case.statements().get("Incident decided") == "no"
    if case.ticket.type is not None and not (present == "incident" and denied):
        return present
    return "incident" if advice.incident[0] not in ("no", "unclear") and not denied else advice.kind.category

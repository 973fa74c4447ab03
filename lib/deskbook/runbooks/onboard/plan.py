"""Planner of the onboard runbook: a community gets its company, its list of representatives, and their contacts.

Without a community all of them are looked at. Removing a name from a list never removes the contact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from deskbook.engine.builder import PlanBuilder
from deskbook.engine.plan import Finding, Plan
from deskbook.errors import ParameterError
from deskbook.language.text import same_name, shorten
from deskbook.model.records import Community, Contact
from deskbook.runbooks.onboard.actions import COMPANY, Company, Join, Listing, TidyLists
from deskbook.runbooks.onboard.decision import Decision, NewRepresentative, decide
from deskbook.runbooks.onboard.facts import Onboarding, faults
from deskbook.runbooks.onboard.facts import read as facts_of
from deskbook.runbooks.onboard.lint import PUBLIC, Fault, around, is_tidy, lint, tidy
from deskbook.services.ports import Desk

FEW = 5  # names in one sentence
ALIKE, SAME_WORDS = 85, 100  # of 100: two names that close may be one, and one that has all words of the other

# What may be found at each step; the process says where each outcome leads.
STEPS = {
    "onboard.company": "created exists all unclear",
    "onboard.representatives": "listed nobody",
    "onboard.contacts": "made unclear",
    "onboard.update": "updated checked unclear",
}


@dataclass
class _Builder(PlanBuilder):
    """What was found step by step while one plan is made, and thrown away after."""

    domains: tuple[str, ...] = ()  # those the company can have
    sure: tuple[NewRepresentative, ...] = ()  # people of whom it is certain who they are
    names: tuple[str, ...] = ()  # the list as it shall be


def read(desk: Desk, **asked: object) -> Onboarding:
    """The facts for what is asked (the parameters of `decide`): companies, contacts, agents."""
    return facts_of(desk, decide(**asked))


def assess(facts: Onboarding, decision: Decision | None = None) -> tuple[Fault, ...]:
    """What is wrong as things stand: with the community, or with each of them by name."""
    return faults(facts)


def plan(facts: Onboarding, decision: Decision | None = None) -> Plan:
    """What has to be written, and what a person has to settle. Pure: the same facts give the same plan.

    The facts are read for one decision, which says whose addresses are looked up; ParameterError for another one.
    """
    if decision not in (None, facts.decision):
        raise ParameterError("these facts were read for something else: read them anew for what is asked now")
    way = _Builder(facts, facts.decision)
    _weigh(way)
    steps: dict[str, Callable[[], Finding]] = {
        COMPANY: lambda: _company(way),
        "onboard.update": lambda: _update(way),
        "onboard.representatives": lambda: _representatives(way),
        "onboard.contacts": lambda: _contacts(way),
    }
    way.follow(COMPANY, steps)
    # Whoever agrees to a plan agrees to who leaves; nothing tells that any more once they have left.
    leaving = {"who leaves the list": _leaving(way), "the domains that go": _going(way)}
    return way.finish(plan, leaving)


# What is certain.


def _weigh(way: _Builder) -> None:
    """Which of the wanted people and domains are certain; the others need a person."""
    facts, decision = way.facts, way.facts.decision
    doubts = [(who, _doubt(facts, who)) for who in decision.representatives]
    way.sure = tuple(who for who, doubt in doubts if not doubt)
    way.needs_human += [doubt for _, doubt in doubts if doubt]
    for domain in decision.domains:
        wrong = _disputed(facts, domain)
        if wrong:
            way.needs_human.append(wrong)
        else:
            way.domains += (domain,)
    listed = tidy(facts.community.listed) if facts.community else ()
    if not decision.representatives:
        way.names = listed
        return
    # A doubt removes nobody, not even who is meant by the address alone; and who is listed keeps that spelling.
    spelled = [(who, _listed_as(facts, who, listed)) for who in decision.representatives]
    way.names = tidy([listed_as or who.name for who, listed_as in spelled if listed_as or who in way.sure])


def _listed_as(facts: Onboarding, who: NewRepresentative, listed: Sequence[str]) -> str:
    """How somebody stands on the list already, by their name or by that of the contact with their address."""
    contact = facts.contact(who.mail)
    called = (who.name, contact.name if contact else "")
    return next((name for each in called for name in listed if each and same_name(name, each)), "")


def _doubt(facts: Onboarding, who: NewRepresentative) -> str:
    """Why it is not certain who this is; empty where it is."""
    agent = next((agent for agent in facts.agents if agent.mail.lower() == who.mail), None)
    if agent:
        return (
            f"{who.mail} is the address of {agent.name}, an agent of ours, who cannot be a contact. Give another one."
        )
    if who.mail == facts.organization.support.mail.lower():
        return (
            f"{who.mail} is where communities write to us, so our answers would come back. Give a person's own address."
        )
    contact = facts.contact(who.mail)
    if contact and contact.hidden:
        return f"The contact {who.mail} is {contact.hidden} in the helpdesk. Decide whether to bring it back, then run again."
    if contact and not same_name(contact.name, who.name):
        called = shorten(contact.name) or "nothing"
        return f"The contact {who.mail} is called {called}, not {who.name}. Correct one of the two, then run again."
    there = facts.community.contacts if facts.community else ()
    others = [c for c in there if contact is None or c.id != contact.id]
    same = [c.mail or "no address" for c in others if same_name(c.name, who.name)]
    if same:
        told = f"{facts.subject} has a contact {who.name} already, with {', '.join(same[:3])} in place of {who.mail}"
        return f"{told}. If they are one person, correct the address; if not, one needs a middle name."
    return ""


def _disputed(facts: Onboarding, domain: str) -> str:
    others = [c.name for c in facts.communities if domain in c.domains and c not in facts.namesakes]
    if others:
        return f"The domain {domain} is that of {', '.join(others[:3])} already. Decide who has it; it is left there."
    if domain in PUBLIC:
        return (
            f"The domain {domain} is open to everybody, so strangers would belong to {facts.subject}. It is left out."
        )
    return ""


# The steps, in the order of the process.


def _company(way: _Builder) -> Finding:
    facts, decision, found = way.facts, way.facts.decision, way.facts.community
    if not decision.community:
        return Finding(COMPANY, "all", f"{len(facts.communities)} companies")
    if len(facts.namesakes) > 1:
        names = ", ".join(f"{c.name} ({c.id})" for c in facts.namesakes[:FEW])
        way.needs_human = [
            f"Several companies have this name, accents and spaces aside: {names}. Merge or rename them."
        ]
        return Finding(COMPANY, "unclear", "several companies have this name")
    alike = _alike(facts) if found is None and not decision.new else []
    if alike:
        way.needs_human = [
            f"The helpdesk has {', '.join(alike[:FEW])}, a name like {decision.community}. If it is meant, use that name; "
            "if it is another community, run again with new=yes."
        ]
        return Finding(COMPANY, "unclear", "another company has a name like it")
    if facts.from_crm:
        if found:
            return Finding(COMPANY, "exists", f"company {found.id}, kept in the CRM")
        way.needs_human += [f"In the CRM: {_making(way)}", *_in_the_crm(way)]
        return Finding(COMPANY, "unclear", "it has no company, and companies are made in the CRM")
    said = _setting(way) if found else _making(way)
    way.actions.append(Company(COMPANY, decision.community, way.domains, decision.description, said, found))
    if found:
        return Finding(COMPANY, "exists", f"company {found.id}")
    return Finding(COMPANY, "created", "the helpdesk has no company of this name")


def _alike(facts: Onboarding) -> list[str]:
    """Names of companies that may be the same one: mistyped, its words in another order, or one of them left out."""
    asked, found = default_process(facts.subject), []
    for name in (community.name for community in facts.communities):
        there = default_process(name)
        whole = min(len(asked.split()), len(there.split())) > 1 and fuzz.token_set_ratio(asked, there) == SAME_WORDS
        if whole or fuzz.token_sort_ratio(asked, there) >= ALIKE:
            found.append(name)
    return found


def _update(way: _Builder) -> Finding:
    step, facts = "onboard.update", way.facts
    if not facts.decision.community:
        return _all(way)
    if facts.from_crm:
        changes = _in_the_crm(way)
        way.needs_human += [*changes, *(fault.says for fault in faults(facts) if fault.remedy != "better")]
        if way.needs_human:
            return Finding(step, "unclear", "only the CRM can be changed")
        return Finding(step, "checked", "all is as it should be")
    leaving, going = _leaving(way), _going(way)
    told = [f"{', '.join(leaving)} no longer represents it"] if leaving else []
    told += [f"{', '.join(going)} is no longer its domain"] if going else []
    return Finding(step, "updated", "; ".join(told) or "nobody leaves")


def _all(way: _Builder) -> Finding:
    """Look at every community; mend what needs no person."""
    step, facts, found = "onboard.update", way.facts, faults(way.facts)
    untidy = [c for c in facts.communities if not is_tidy(c)]
    if not facts.from_crm:
        names = ", ".join(shorten(c.name, 40) for c in untidy[:FEW]) + (" and others" if len(untidy) > FEW else "")
        said = f"Tidy the lists of representatives{f' of {len(untidy)} communities: {names}' if untidy else ''}"
        way.actions.append(TidyLists(step, said, tuple((c, tidy(c.listed)) for c in untidy)))
    grave = [f for f in found if f.remedy == "person" or (f.remedy == "tidied" and facts.from_crm)]
    way.needs_human += [f"{fault.community}: {fault.says}" for fault in grave]
    number = len({fault.community for fault in grave})
    if grave:
        return Finding(step, "unclear", f"{number} of {len(facts.communities)} communities need a person")
    return Finding(step, "checked", f"nothing is wrong with {len(facts.communities)} communities")


def _representatives(way: _Builder) -> Finding:
    step = "onboard.representatives"
    if not way.names:
        who = "whoever is meant is not certain" if way.facts.decision.representatives else "nobody is named or listed"
        way.needs_human.append(f"Find out who speaks for {way.facts.subject}, and list them: at least one, better two.")
        return Finding(step, "nobody", who)
    leaving = _leaving(way)
    gone = f" (no longer: {', '.join(leaving)})" if leaving else ""
    way.actions.append(
        Listing(step, way.names, f"List as representatives: {', '.join(way.names)}{gone}", way.facts.community)
    )
    more = "; two are better, since people go on holiday" if len(way.names) == 1 else ""
    return Finding(step, "listed", f"{', '.join(way.names)}{more}")


def _contacts(way: _Builder) -> Finding:
    step, facts = "onboard.contacts", way.facts
    for who in way.sure:
        contact, number = facts.contact(who.mail), facts.decision.representatives.index(who) + 1
        others = [c.name for c in facts.communities if contact and c.id in contact.communities]
        more = f", who stays in {', '.join(others)}" if others and facts.subject not in others else ""
        said = f"{f'Add the contact {who} to' if contact else f'Make {who} a contact of'} {facts.subject}{more}"
        way.actions.append(Join(f"{step}#{number}", who.name, who.mail, said))
    way.needs_human += [
        fault.says
        for fault in lint(_afterwards(way), around(facts.communities, facts.people))
        if fault.remedy == "person"
    ]
    if way.needs_human:
        return Finding(step, "unclear", "the rest needs a person")
    return Finding(step, "made", "each representative is one contact with an address")


def _in_the_crm(way: _Builder) -> list[str]:
    """What would have to change there for the wishes to come true."""
    facts, found = way.facts, way.facts.community
    changes: list[str] = []
    if found and Company("", facts.subject, way.domains, facts.decision.description, "").landed(facts) is None:
        changes.append(f"In the CRM: {_setting(way)}")
    if way.names and Listing("", way.names, "").landed(facts) is None:
        leaving = _leaving(way)
        gone = f" (no longer: {', '.join(leaving)})" if leaving else ""
        changes.append(f"In the CRM: list as representatives of {facts.subject}: {', '.join(way.names)}{gone}")
    missing = [who for who in way.sure if Join("", who.name, who.mail, "").landed(facts) is None]
    return changes + [f"In the CRM: make {who} a contact of {facts.subject}" for who in missing]


# Words and comparisons.


def _making(way: _Builder) -> str:
    domains = f" with {', '.join(way.domains)}" if way.domains else ""
    return f"Create the company {way.facts.decision.community}{domains}"


def _setting(way: _Builder) -> str:
    going = _going(way)
    told = [f"domains {', '.join(way.domains)}"] if way.domains else []
    told += [f"no longer {', '.join(going)}"] if going else []
    told += ["the description"] if way.facts.decision.description else []
    return f"Company {way.facts.subject}{': ' if told else ''}{', '.join(told)}"


def _leaving(way: _Builder) -> list[str]:
    found = way.facts.community
    return [name for name in tidy(found.listed) if not _among(name, way.names)] if found else []


def _going(way: _Builder) -> list[str]:
    found = way.facts.community
    return [domain for domain in found.domains if domain not in way.domains] if found and way.domains else []


def _afterwards(way: _Builder) -> Community:
    """The community as this plan leaves it."""
    facts = way.facts
    found = facts.community or Community(0, facts.decision.community)
    there = {contact.id for contact in found.contacts}
    known = [(who, facts.contact(who.mail)) for who in way.sure]
    joining = [who for who, contact in known if contact is None or contact.id not in there]
    added = tuple(Contact(-number, who.name, who.mail) for number, who in enumerate(joining, 1))
    return replace(
        found,
        domains=way.domains or found.domains,
        listed=way.names,
        written="\n".join(way.names),
        contacts=(*found.contacts, *added),
    )


def _among(name: str, names: Sequence[str]) -> bool:
    return any(same_name(name, other) for other in names)

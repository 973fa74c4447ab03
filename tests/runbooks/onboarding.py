"""Communities and people for onboarding: from plain data for its planner, and as a sandbox has them over HTTP."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from building import ORGANIZATION, PROCESS, plan_files

from deskbook.engine.plan import Plan, Receipt
from deskbook.model.records import Agent, Community, Contact
from deskbook.runbooks.onboard.decision import Decision, decide
from deskbook.runbooks.onboard.facts import Onboarding
from deskbook.runbooks.onboard.facts import read as read_facts
from deskbook.runbooks.onboard.plan import plan
from deskbook.services.freshdesk.fields import names_in
from deskbook.services.ports import Desk

FILES = plan_files("onboard")
CASE = {"communities", "people", "hidden", "crm"}
COMMUNITIES: dict[str, Any] = {
    "Aurora Climate Lab": {
        "domains": ["aurora.example.org"],
        "listed": ["Ada Lindgren", "Otto Berg"],
        "contacts": ["Ada Lindgren <ada@aurora.example.org>", "Otto Berg <otto@aurora.example.org>"],
    },
    "Borealis University": {
        "domains": ["borealis.example.org"],
        "listed": ["Bea Novak"],
        "contacts": ["Bea Novak <bea@borealis.example.org>"],
    },
}


def facts_of(said: Mapping[str, Any], decision: Decision) -> Onboarding:
    """What a desk would have read, from plain data: everybody, or the asked community and the given addresses."""
    assert not set(said) - CASE, f"a case here has {CASE}"
    communities: list[Community] = []
    people: list[Contact] = []
    for number, (name, entry) in enumerate({**COMMUNITIES, **said.get("communities", {})}.items(), 10):
        written = entry.get("written", "\n".join(entry.get("listed", ())))
        own = tuple(person(text, len(people) + i, number) for i, text in enumerate(entry.get("contacts", ())))
        people += own
        domains = tuple(entry.get("domains", ()))
        communities.append(Community(number, name, domains, names_in(written), contacts=own, written=written))
    hidden = said.get("hidden", {})
    strangers = [person(text, 900 + i) for i, text in enumerate(said.get("people", ()))]
    people += [replace(who, hidden=hidden.get(who.mail, "")) for who in strangers]
    support = {**ORGANIZATION.support.model_dump(), "representatives_from": "crm" if said.get("crm") else "helpdesk"}
    organization = ORGANIZATION.model_validate({**ORGANIZATION.model_dump(), "support": support})
    agents = tuple(Agent(900 + i, p.name, p.mail, p) for i, p in enumerate(organization.people))
    facts = Onboarding(PROCESS, organization, decision, tuple(communities), tuple(people), agents)
    if not decision.community:
        return facts
    mails, own = {who.mail for who in decision.representatives}, facts.community.contacts if facts.community else ()
    asked = tuple(c if c in facts.namesakes else replace(c, contacts=()) for c in facts.communities)
    others = tuple(who for who in people if who.mail in mails and who not in own)
    return replace(facts, communities=asked, people=(*own, *others))


def person(text: str, number: int, community: int | None = None) -> Contact:
    name, _, mail = text.rstrip(">").partition(" <")
    return Contact(100 + number, name, mail or None, (community,) if community else ())


def planned(said: Mapping[str, Any]) -> Plan:
    return plan(facts_of(said.get("case", {}), decide(**said["decision"])))


GLACIER = {
    "community": "Glacier Mapping Collective",
    "domains": "glacier.example.org",
    "representatives": "Gro Isaksen <gro@glacier.example.org>; Dana Okafor <dana@coral.example.org>; "
    "Walt Brenner <walt.brenner@postbox.example.net>",
    "description": "Maps glaciers",
}


def call(url: str, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": "Basic c2FuZGJveDpY"}
    with urllib.request.urlopen(urllib.request.Request(url + path, data, headers, method=method)) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def companies(url: str) -> list[Any]:
    return list(call(url, "GET", "/api/v2/companies?per_page=100"))


def contact(url: str, mail: str) -> Any:
    found = call(url, "GET", f"/api/v2/contacts?email={mail}")
    assert len(found) == 1
    return call(url, "GET", f"/api/v2/contacts/{found[0]['id']}")


def people(url: str) -> list[Any]:
    """Everybody, as far as onboarding may change them; numbers aside, since they depend on the order of making."""
    names = {company["id"]: company["name"] for company in companies(url)}
    found = [contact(url, each["email"]) for each in call(url, "GET", "/api/v2/contacts?per_page=100") if each["email"]]
    return [
        (
            p["name"],
            p["email"],
            names.get(p["company_id"]),
            sorted(names[o["company_id"]] for o in p["other_companies"]),
        )
        for p in found
    ]


def world(url: str) -> Any:
    kept = ("name", "description", "domains", "custom_fields")
    return [{name: company[name] for name in kept} for company in companies(url)], people(url)


def proposal(desk: Desk, **given: object) -> Plan:
    return plan(read_facts(desk, decide(**given)))


def run(desk: Desk, **given: object) -> Receipt:
    receipt = proposal(desk, **given).run(desk, apply=True)
    assert not receipt.failure
    return receipt


def calls(url: str) -> int:
    asked = call(url, "GET", "/sandbox/state")["requests"]
    return sum(count for name, count in asked.items() if "/api/v2/" in name)

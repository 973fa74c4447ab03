"""Onboarding: a file for each rule, and the same over HTTP on a sandbox, once, again, interrupted and by two at once."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from building import ORGANIZATION, PROCESS, plan_files, read

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.errors import ParameterError
from deskbook.model.records import Agent, Community, Contact
from deskbook.runbooks.onboard.decision import Decision, decide
from deskbook.runbooks.onboard.facts import Onboarding, faults
from deskbook.runbooks.onboard.facts import read as read_facts
from deskbook.runbooks.onboard.form import form as onboard_form
from deskbook.runbooks.onboard.lint import is_tidy
from deskbook.runbooks.onboard.plan import plan
from deskbook.runbooks.onboard.view import View
from deskbook.services.freshdesk.fields import names_in
from deskbook.services.ports import Desk
from deskbook.ui import blocks as ui
from deskbook_sandbox import server
from deskbook_sandbox.server import Running

FILES = plan_files("onboard")
CASE = {"communities", "people", "hidden", "crm"}
EXPECTED = {"outcome", "road", "actions", "landed", "needs_human", "because", "subject", "better"}
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_plan(path: Path) -> None:
    said = read(path)
    expect = said["expect"]
    assert not set(expect) - EXPECTED, f"a file may expect {EXPECTED}"
    found = planned(said)
    assert found.outcome == expect["outcome"], found.steps_taken
    assert [action.key for action in found.actions] == list(expect.get("actions", {}))
    for action in found.actions:
        assert expect["actions"][action.key] in action.sentence()
    assert [action.key for action in found.actions if action.landed(found.case)] == expect.get("landed", [])
    assert len(found.needs_human) == len(expect.get("needs_human", [])), found.needs_human
    for need, words in zip(found.needs_human, expect.get("needs_human", []), strict=True):
        assert words in need
    if "road" in expect:
        assert [f"{f.step} {f.outcome}" for f in found.steps_taken] == expect["road"]
    told = "\n".join(f.because for f in found.steps_taken)
    assert all(words in told for words in expect.get("because", []))
    assert found.subject == expect.get("subject", found.subject)
    if "better" in expect:
        hints = [f"{f.community}: {f.says}" for f in faults(found.case) if f.remedy == "better"]
        assert all(words in hint for words, hint in zip(expect["better"], hints, strict=True))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_road_is_one_of_the_process_and_planning_twice_gives_the_same_digest(path: Path) -> None:
    said = read(path)
    found = planned(said)
    for here, there in zip(found.steps_taken, found.steps_taken[1:], strict=False):
        assert PROCESS.target(here.step, here.outcome) == there.step
    assert "." not in PROCESS.target(found.steps_taken[-1].step, found.steps_taken[-1].outcome)
    assert {action.key.split("#")[0] for action in found.actions} <= {finding.step for finding in found.steps_taken}
    assert len({action.key for action in found.actions}) == len(found.actions)
    assert found.digest == planned(said).digest


def test_every_outcome_is_reached_by_some_file() -> None:
    steps = {step.id: set(step.outcomes) for step in PROCESS.steps() if step.runbook == "onboard"}
    seen: dict[str, set[str]] = {step: set() for step in steps}
    for path in FILES:
        for finding in planned(read(path)).steps_taken:
            seen[finding.step].add(finding.outcome)
    assert seen == steps


def test_a_company_that_is_there_already_keeps_the_digest_of_the_plan_that_began_to_make_it() -> None:
    decision = read(next(path for path in FILES if path.stem.startswith("killed")))["decision"]
    half = {"communities": {decision["community"]: {"domains": [decision["domains"]]}}}
    wish = decide(**decision)
    assert plan(facts_of({}, wish)).digest == plan(facts_of(half, wish)).digest


def test_an_approval_falls_when_somebody_joins_the_list_who_would_leave() -> None:
    wish = decide(community="Aurora Climate Lab", representatives="Ada Lindgren <ada@aurora.example.org>")
    seen = plan(facts_of({}, wish))
    more = {**COMMUNITIES["Aurora Climate Lab"], "listed": ["Ada Lindgren", "Otto Berg", "Uma Ek"]}
    assert plan(facts_of({"communities": {"Aurora Climate Lab": more}}, wish)).moved(seen.digest) == (
        "who leaves the list",
    )


def test_somebody_known_by_a_second_address_is_the_same_person() -> None:
    wish = decide(
        community="Aurora Climate Lab",
        representatives="Ada Lindgren <ada@home.example.org>; Otto Berg <otto@aurora.example.org>",
    )
    facts = facts_of({}, wish)
    ada = next(who for who in facts.people if who.name == "Ada Lindgren")
    found = plan(replace(facts, people=(*facts.people, replace(ada, mail="ada@home.example.org"))))
    assert (found.outcome, found.needs_human) == ("made", ())
    assert all(action.landed(found.case) for action in found.actions)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"domains": "https://a.org"}, "write the domain alone"),
        ({"domains": "a.org/x"}, "write the domain alone"),
        ({"domains": "ada@a.org"}, "is a mail address"),
        ({"domains": "a.org; b.org"}, "write them as a.org, b.org"),
        ({"domains": "localhost"}, "is no domain"),
        ({"representatives": "Ada Lindgren"}, "has no mail address"),
        ({"representatives": "ada@a.org"}, "has no name"),
        ({"representatives": "<ada@a.org>"}, "has no name"),
        ({"representatives": "Ada <ada@a>"}, "is no mail address"),
        ({"representatives": "Ada <ada@a.org"}, "is no mail address"),
        ({"representatives": "Ada <ada@a.org>, Ben <ben@a.org>"}, "put a semicolon between them"),
        ({"representatives": "Ada <ada@a.org>; Ben <ADA@a.org>"}, "ada@a.org is there twice"),
        ({"representatives": "Ada L <ada@a.org>; ADÁ L <ben@a.org>"}, "'ADÁ L' is there twice"),
        ({"representatives": "; ".join(f"P{i} <p{i}@a.org>" for i in range(21))}, "20 at most"),
        ({"community": ""}, "community: is empty"),
        ({"community": "A <b>"}, "is no name"),
        ({"community": "x" * 101}, "100 characters at most"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_to_write(given: dict[str, str], said: str) -> None:
    with pytest.raises(ParameterError, match=said.replace("'", ".")):
        decide(**{"community": "Glacier", "domains": "glacier.example.org", **given})


def test_parameters_are_read_as_people_write_them() -> None:
    found = decide(
        community=" Glacier   Mapping ",
        domains="Glacier.example.org., ice.example.org,\nglacier.example.org",
        representatives='"Gro  Isaksen" <Gro@Glacier.example.org>;\n Ivo Lund<ivo@ice.example.org>;',
    )
    assert found.community == "Glacier Mapping"
    assert found.domains == ("glacier.example.org", "ice.example.org")
    assert [str(who) for who in found.representatives] == [
        "Gro Isaksen <gro@glacier.example.org>",
        "Ivo Lund <ivo@ice.example.org>",
    ]
    assert decide(community=50).community == "50"


# Over HTTP.

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


def test_onboarding_makes_what_is_missing_once_and_nothing_without_apply(desk: Desk, running: Running) -> None:
    before = world(running.url)
    shown = proposal(desk, **GLACIER).run(desk)
    assert {line.state for line in shown.actions} == {"proposed"}
    assert world(running.url) == before
    first = run(desk, **GLACIER)
    assert [line.state for line in first.actions] == ["done"] * 5
    company = next(c for c in companies(running.url) if c["name"] == GLACIER["community"])
    assert company["domains"] == ["glacier.example.org"]
    assert company["description"] == "Maps glaciers"
    fields = company["custom_fields"]
    assert fields[ORGANIZATION.fields.representatives] == "Gro Isaksen\nDana Okafor\nWalt Brenner"
    assert contact(running.url, "gro@glacier.example.org")["company_id"] == company["id"]
    assert contact(running.url, "walt.brenner@postbox.example.net")["company_id"] == company["id"]  # he had none
    dana = contact(running.url, "dana@coral.example.org")
    assert len(dana["other_companies"]) == 2
    assert company["id"] in [other["company_id"] for other in dana["other_companies"]]
    after = world(running.url)
    second = run(desk, **GLACIER)
    assert {line.state for line in second.actions} == {"already done"}
    assert second.digest == first.digest
    assert world(running.url) == after


def test_the_same_plan_approved_again_is_already_done(desk: Desk, running: Running) -> None:
    digest = proposal(desk, **GLACIER).digest
    for state in ("done", "already done"):
        receipt = proposal(desk, **GLACIER).run(desk, approve=digest)
        assert {line.state for line in receipt.actions} == {state}


def test_a_company_that_a_contact_may_see_whole_stays_so(desk: Desk, running: Running) -> None:
    dana = contact(running.url, "dana@coral.example.org")
    seen = [{**dana["other_companies"][0], "view_all_tickets": True}]
    call(running.url, "PUT", f"/api/v2/contacts/{dana['id']}", {"other_companies": seen})
    run(desk, **GLACIER)
    assert seen[0] in contact(running.url, "dana@coral.example.org")["other_companies"]


def test_who_leaves_the_list_stays_a_contact(desk: Desk, running: Running) -> None:
    run(desk, community="Aurora Climate Lab", representatives="Ada Lindgren <ada@aurora.example.org>; Bo Ek <bo@a.org>")
    aurora = next(c for c in companies(running.url) if c["name"] == "Aurora Climate Lab")
    assert aurora["custom_fields"][ORGANIZATION.fields.representatives] == "Ada Lindgren\nBo Ek"
    assert aurora["custom_fields"][ORGANIZATION.fields.budget_hours] == 4.0
    assert contact(running.url, "oskar@aurora.example.org")["company_id"] == aurora["id"]


WRITES = [
    ("POST", "/api/v2/companies"),
    ("PUT", "/api/v2/companies/*"),
    ("POST", "/api/v2/contacts"),
    ("PUT", "/api/v2/contacts/*"),
]


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_connection_lost_at_any_write_is_resumed_without_doing_anything_twice(drop: str) -> None:
    with server.start(ORGANIZATION) as untouched:
        run(connect(Settings(sandbox_url=untouched.url)), **GLACIER)
        whole = world(untouched.url)
    for method, path in WRITES:
        with server.start(ORGANIZATION) as running:
            desk = connect(Settings(sandbox_url=running.url))
            seen = proposal(desk, **GLACIER)
            call(running.url, "POST", "/sandbox/faults", [{"method": method, "path": path, "drop": drop, "times": 1}])
            first = seen.run(desk, apply=True)
            call(running.url, "POST", "/sandbox/faults", [])
            assert bool(first.failure) == (drop == "before"), path
            second = proposal(desk, **GLACIER).run(desk, approve=seen.digest)
            assert not second.failure
            assert {line.state for line in second.actions} <= {"done", "already done"}
            assert world(running.url) == whole


def test_two_at_once_make_one_company_and_one_contact_each(running: Running) -> None:
    desks = [connect(Settings(sandbox_url=running.url)) for _ in range(2)]
    plans = [proposal(desk, **GLACIER) for desk in desks]
    with ThreadPoolExecutor(2) as pool:
        receipts = list(pool.map(lambda pair: pair[0].run(pair[1], apply=True), zip(plans, desks, strict=True)))
    assert [receipt.failure for receipt in receipts] == ["", ""]
    assert [c["name"] for c in companies(running.url)].count("Glacier Mapping Collective") == 1
    assert {line.state for line in run(desks[0], **GLACIER).actions} == {"already done"}


def test_what_somebody_makes_at_the_same_moment_is_taken(desk: Desk, running: Running) -> None:
    first = desk.helpdesk.create_community("Glacier", ("glacier.example.org",), "")
    assert desk.helpdesk.create_community("glacier", ("glacier.example.org",), "Ice") == first
    assert next(c for c in companies(running.url) if c["id"] == first)["description"] == "Ice"
    gro = desk.helpdesk.create_contact("Gro Isaksen", "gro@glacier.example.org", first)
    assert desk.helpdesk.create_contact("gro isaksen", "GRO@glacier.example.org", first) == gro
    ada = contact(running.url, "ada@aurora.example.org")["id"]
    assert desk.helpdesk.create_contact("Ada Lindgren", "ada@aurora.example.org", first) == ada
    assert first in [o["company_id"] for o in contact(running.url, "ada@aurora.example.org")["other_companies"]]


@pytest.mark.parametrize(
    ("name", "mail", "said"),
    [
        ("Somebody Else", "ada@aurora.example.org", "Ada Lindgren, a contact"),
        ("Priya Raman", "priya.raman@staff.example.org", "an agent"),
    ],
)
def test_a_taken_address_is_said_and_nobody_is_changed(
    desk: Desk, running: Running, name: str, mail: str, said: str
) -> None:
    before = world(running.url)
    company = companies(running.url)[-1]["id"]
    with pytest.raises(Exception, match=f"is taken: {said}"):
        desk.helpdesk.create_contact(name, mail, company)
    assert world(running.url) == before


def test_a_domain_of_another_company_is_left_there(desk: Desk, running: Running) -> None:
    receipt = run(desk, **{**GLACIER, "domains": "aurora.example.org"})
    assert "is that of Aurora Climate Lab already" in receipt.needs_human[0]
    domains = {company["name"]: company["domains"] for company in companies(running.url)}
    assert domains["Glacier Mapping Collective"] == []
    assert domains["Aurora Climate Lab"] == ["aurora.example.org"]


def test_a_deleted_contact_is_said_and_left_alone(desk: Desk, running: Running) -> None:
    run(desk, **GLACIER)
    number = contact(running.url, "gro@glacier.example.org")["id"]
    call(running.url, "DELETE", f"/api/v2/contacts/{number}")
    receipt = run(desk, **GLACIER)
    assert "gro@glacier.example.org is deleted" in receipt.needs_human[0]
    assert "Gro Isaksen is listed, but no contact" in receipt.needs_human[1]


def test_from_a_crm_nothing_is_written(desk: Desk, running: Running) -> None:
    support = {**ORGANIZATION.support.model_dump(), "representatives_from": "crm"}
    crm = replace(desk, organization=ORGANIZATION.model_validate({**ORGANIZATION.model_dump(), "support": support}))
    before = world(running.url)
    for given in (GLACIER, {"community": "Aurora Climate Lab", "domains": "lab.example.org"}, {}):
        receipt = run(crm, **given)
        assert receipt.actions == ()
        assert receipt.needs_human
    assert world(running.url) == before


def test_every_community_is_looked_at_and_untidy_lists_are_written_anew(desk: Desk, running: Running) -> None:
    aurora = next(c for c in companies(running.url) if c["name"] == "Aurora Climate Lab")
    written = {ORGANIZATION.fields.representatives: "Ada Lindgren\nada  lindgren \n\nOskar Nyberg"}
    call(running.url, "PUT", f"/api/v2/companies/{aurora['id']}", {"custom_fields": written})
    first, others = run(desk), people(running.url)
    assert [(line.state, line.reason) for line in first.actions] == [("done", "1 tidied")]
    assert [need.split(":")[0] for need in first.needs_human] == [
        "Delta Hydrology Network",
        "Gale Observatory",
        "Harbor Labs",
    ]
    mended = next(c for c in companies(running.url) if c["name"] == "Aurora Climate Lab")
    assert mended["custom_fields"][ORGANIZATION.fields.representatives] == "Ada Lindgren\nOskar Nyberg"
    second = run(desk)
    assert {line.state for line in second.actions} == {"already done"}
    assert (second.digest, second.needs_human) == (first.digest, first.needs_human)
    assert people(running.url) == others


def test_three_hundred_communities_are_looked_at_with_one_call_per_hundred(running: Running) -> None:
    call(running.url, "POST", "/sandbox/switches", {"limits": False})
    for number in range(292):
        call(running.url, "POST", "/api/v2/companies", {"name": f"Community {number}", "domains": [f"c{number}.org"]})
    desk = connect(Settings(sandbox_url=running.url))
    before = calls(running.url)
    facts = read_facts(desk, Decision())
    assert len(facts.communities) == 300
    assert calls(running.url) - before == 3 + 1 + 1  # companies, contacts, agents
    assert len(plan(facts).needs_human) == 295


# For people.


def test_the_overview_says_what_is_wrong_and_who_mends_it(desk: Desk) -> None:
    whole = ui.text(View(read_facts(desk, decide())).blocks())
    assert "8 communities, 3 with something wrong" in whole
    assert "Dorothea Finch has no mail address" in whole
    assert "a person" in whole
    one = ui.text(View(read_facts(desk, decide(community="harbor labs"))).blocks())
    assert "Hana Kim (2 contacts of that name)" in one
    new = ui.text(View(read_facts(desk, decide(community="Glacier"))).blocks())
    assert "It has no company yet." in new


def test_the_form_reads_anew_when_other_people_are_named(desk: Desk) -> None:
    form = onboard_form(desk, read_facts(desk, decide(**GLACIER)))
    assert {action.key for action in form.plan.actions} >= {"onboard.contacts#1", "onboard.contacts#3"}
    form._changed("representatives", "Bea Laurent <bea@borealis.example.org>; Gro Isaksen <gro@glacier.example.org>")
    assert "who stays in Borealis University" in form.plan.actions[2].sentence()
    form._apply(form.plan)
    assert all(action.landed(form.plan.case) for action in form.plan.actions)
    assert all(is_tidy(community) for community in form.plan.case.communities)

"""Onboarding on a sandbox: once, again, interrupted, by two at once, and beside what somebody else makes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from building import ORGANIZATION
from onboarding import GLACIER, call, companies, contact, proposal, run, world

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.server import Running


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

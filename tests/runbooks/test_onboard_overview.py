"""Every community is looked at: untidy lists are written anew, and what is wrong is told to who mends it."""

from __future__ import annotations

from building import ORGANIZATION
from onboarding import GLACIER, call, calls, companies, people, run

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.runbooks.onboard.decision import Decision, decide
from deskbook.runbooks.onboard.facts import read as read_facts
from deskbook.runbooks.onboard.form import form as onboard_form
from deskbook.runbooks.onboard.lint import is_tidy
from deskbook.runbooks.onboard.plan import plan
from deskbook.runbooks.onboard.view import View
from deskbook.services.ports import Desk
from deskbook.ui import blocks as ui
from deskbook_sandbox.server import Running


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

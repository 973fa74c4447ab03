"""Side roads on the sandbox from end to end, the clock advanced as in life; and no step of the process left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from backlogs import backlog, issue
from building import NOW, ORGANIZATION, PROCESS, plan_files, read
from months import facts, listed
from onboarding import FILES as ONBOARD_FILES
from onboarding import GLACIER, call, contact
from onboarding import planned as onboard_planned
from onboarding import run as onboard_run
from onboarding import world as onboard_world
from roads import advance, mails, world, writes_in
from roads import run as run_road
from talking import get, post
from test_incident import NOOR, TICKET, channels, goes_down, holding, note_by, outage, pages
from test_plans import FILES, planned
from test_queue import AGENTS, moment
from test_sweep import plans as sweep_plans

from deskbook.config.process import reached
from deskbook.engine.plan import Receipt
from deskbook.runbooks.catalog import NAMES, runbook
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize.decision import decide as decide_prioritize
from deskbook.runbooks.report import plan as report
from deskbook.services.ports import Desk
from deskbook.tickets.queue import Queue
from deskbook_sandbox.server import Running

MEI = "mei.tanaka@staff.example.org"


def run(desk: Desk, name: str, ticket: int, **decision: object) -> Receipt:
    case = desk.case(ticket)
    planner = runbook(name)
    receipt: Receipt = planner.plan(case, planner.decide(case, **decision)).run(desk, apply=True)
    assert not receipt.failure
    return receipt


def test_a_workshop_from_its_mail_to_its_end(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    sender = desk.case(122).requester.mail
    body = "We hold a workshop on 11 December 2026 on https://workshop.coral.hubs.example.org"
    post(url, "/sandbox/incoming", {"from": sender, "subject": "A workshop", "body": body})
    ticket = max(int(one["id"]) for one in get(url, "/sandbox/state")["tickets"])
    assert run_road(desk, "triage", ticket).next == "workshop"

    advance(url, days=2)  # the notice is the ticket's all the same
    first = run(desk, "workshop", ticket)
    assert any("18 days of notice, fewer than 21" in need for need in first.needs_human)
    assert first.outcome == "waiting"
    assert "How many people will take part?" in mails(url)[-1]
    assert desk.case(ticket).ticket.status == "Pending"

    advance(url, days=1)
    writes_in(url, desk, ticket, "60 people, from 9am to noon Eastern time. The hub is there, and may stay.")
    told = len(mails(url))
    second = run(desk, "workshop", ticket)
    assert any("Number of attendees: 60" in line.sentence for line in second.actions)
    assert (second.outcome, len(mails(url)), len(desk.case(ticket).issues)) == ("waiting", told, 1)
    assert desk.case(ticket).ticket.status == "Pending"

    advance(url, days=16)
    over = run(desk, "workshop", ticket)
    assert (over.outcome, over.next) == ("complete", "resolve")
    run(desk, "resolve", ticket, outcome="fixed", message="We hope that it was a good workshop.")
    assert desk.case(ticket).ticket.status == "Resolved"
    advance(url, hours=5)
    writes_in(url, desk, ticket, "Thank you!")
    assert run(desk, "resolve", ticket).outcome == "closed"
    assert desk.case(ticket).ticket.status == "Closed"


def test_an_incident_that_changes_hands(desk: Desk, running: Running) -> None:
    url = running.url
    outage(url, desk)
    assert run(desk, "incident", TICKET, stage="open").outcome == "started"
    assert holding(desk) == [True] * 4
    advance(url, hours=3)
    run(desk, "incident", TICKET, stage="update", message="No node starts.\nNext: another zone.")

    assert run(desk, "incident", TICKET, stage="hand-over", responder="Mei").outcome == "not-accepted"
    advance(url, minutes=10)
    note_by(url, desk, MEI, "<p>Hand-over accepted</p>")
    assert run(desk, "incident", TICKET, stage="hand-over", responder="Mei").outcome == "accepted"
    assert pages(url)[0]["assignments"][0]["assignee"]["summary"] == "Mei Tanaka"

    advance(url, hours=2)
    goes_down(url, "aurora", up=True)
    early = run(desk, "incident", TICKET, stage="resolve", message="The nodes are replaced.")
    assert (early.outcome, pages(url)[0]["status"]) == ("unclear", "acknowledged")
    assert "Noor Haddad validates the fix first" in early.needs_human[0]
    note_by(url, desk, NOOR, "<p>Fix validated</p>")
    assert run(desk, "incident", TICKET, stage="resolve", message="The nodes are replaced.").outcome == "valid"
    assert run(desk, "incident", TICKET).outcome == "opened"
    assert (len(pages(url)), len(channels(url))) == (1, 1)
    issues = [one for one in get(url, "/sandbox/state")["issues"] if one["title"].startswith("[Incident]")]
    assert len(issues) == 3
    assert all("Led by: Mei Tanaka" in one["body"] for one in issues)


def test_a_community_from_its_first_day_to_a_change_of_people(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    name = GLACIER["community"]
    assert onboard_run(desk, **GLACIER).outcome == "made"

    def asks(sender: str) -> Receipt:
        body = "Could you please add the package xarray to our hub?"
        post(url, "/sandbox/incoming", {"from": sender, "subject": "A package, please", "body": body})
        return run_road(desk, "triage", max(int(one["id"]) for one in get(url, "/sandbox/state")["tickets"]))

    assert asks("gro@glacier.example.org").outcome == "ordinary"
    assert asks("nia@glacier.example.org").outcome == "asked"  # a member, whom nobody has named
    advance(url, days=30)
    people = "Gro Isaksen <gro@glacier.example.org>; Nia Falk <nia@glacier.example.org>"
    # The helpdesk made her a contact when she wrote, and knew no name.
    assert "is called nia, not Nia Falk" in onboard_run(desk, community=name, representatives=people).needs_human[0]
    mail = "nia@glacier.example.org"
    call(url, "PUT", f"/api/v2/contacts/{contact(url, mail)['id']}", {"name": "Nia Falk"})
    assert onboard_run(desk, community=name, representatives=people).outcome == "made"
    assert asks("nia@glacier.example.org").outcome == "ordinary"
    assert asks("walt.brenner@postbox.example.net").outcome == "asked"  # no longer one
    before = onboard_world(url)
    assert {line.state for line in onboard_run(desk, community=name, representatives=people).actions} <= {
        "already done"
    }
    assert onboard_world(url) == before


def test_a_planning_meeting_from_the_request_to_a_sprint(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    run_road(desk, "triage", 102)
    findings = "Nothing larger there"
    run_road(desk, "timebox", 102, minutes=25, outcome="unsolved", findings=findings, request_type="Feature Request")
    (number,) = (one.number for one in desk.case(102).issues)
    assert "Do not work on issue" in run_road(desk, "resolve", 102).needs_human[0]

    ranked = prioritize.read(desk)
    assert number in [one.number for one in ranked.issues]
    asked = prioritize.plan(ranked).run(desk, apply=True)
    assert f"prioritize.ask#{number}" in [line.key for line in asked.actions]
    met = prioritize.read(desk)
    given = prioritize.plan(met, decide_prioritize(met, give=f"{number} Grace")).run(desk, apply=True)
    assert (given.outcome, given.next, given.failure) == ("given", "resolve", "")
    assert run_road(desk, "resolve", 102).outcome == "running"
    before = world(url)
    later = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert {line.state for line in later.actions} <= {"already done"}
    assert world(url) == before


# No step of the process is left out.


def roads() -> set[str]:
    """Every step that some planner finds something at."""
    plans = [
        *(planned(runbook, read(path)) for runbook, path in FILES),
        *(onboard_planned(read(path)) for path in ONBOARD_FILES),
        prioritize.plan(backlog([issue(7, 101)])),
        report.plan(facts([listed(101, "05 10:00")])),
        runbook("queue").plan(Queue((), PROCESS, ORGANIZATION, moment(NOW), AGENTS[0])),
        *sweep_plans(),
    ]
    return {finding.step for plan in plans for finding in plan.steps_taken}


STEPS = [step.id for step in PROCESS.steps()]


@pytest.fixture(scope="module")
def produced() -> set[str]:
    return roads()


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_produced_by_some_planner(step: str, produced: set[str]) -> None:
    assert step in produced


def test_every_step_is_reachable_from_triage_or_onboarding_or_begins_by_itself() -> None:
    """Where no other runbook leads, one begins with its first step: on a day, or when somebody runs it."""
    from_people = reached(PROCESS, starts := ["triage.watch", "onboard.company"])
    alone = [book.steps[0].id for book in PROCESS.runbooks.values() if book.steps[0].id not in from_people]
    assert sorted(PROCESS.starts) == sorted([*starts, *alone])


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_named_by_some_test(step: str) -> None:
    folder = Path(__file__).parents[1]
    cases = [path for name in NAMES for path in plan_files(name)]
    assert any(
        step in path.read_text(encoding="utf-8")
        for path in [*cases, *folder.rglob("test_*.py")]
        if path != Path(__file__)
    )

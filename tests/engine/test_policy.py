"""What a run that nobody watches does of a plan, and what it leaves to a person."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from backlogs import backlog, issue
from building import ORGANIZATION, build_case, plan_files, read
from onboarding import FILES as ONBOARD
from onboarding import planned as onboard_planned
from roads import writes_in
from test_digest import done

from deskbook.config.process import SHIPPED, Process, load_process
from deskbook.engine import policy
from deskbook.engine.actions import Record
from deskbook.engine.plan import Plan, Receipt
from deskbook.model.case import Case
from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running

SCREEN = {
    "from": "PagerDuty <alerts@acme.pagerduty.com>",
    "ticket": {"subject": "Resolved: node pressure", "body": "-"},
}
YES = {
    "from": "Otto Berg",
    "ticket": {"tags": ["waiting-approval"]},
    "entries": [
        {"by": "Priya Raman", "body": "<p>How shall we proceed?</p><p>Ref 101-1-triage.authorise</p>"},
        {"by": "Ada Lindgren", "body": "Yes, please go on."},
    ],
}
NO = {**YES, "entries": [YES["entries"][0], {"by": "Ada Lindgren", "body": "No, please close it."}]}


@cache
def process_with(**rules: str) -> Process:
    return load_process(SHIPPED, ORGANIZATION.model_copy(update={"unattended": rules}))


def allowed(case: Case, name: str = "triage", rules: Any = None, **given: object) -> tuple[Plan, policy.Share]:
    """A plan, and what of it is done unattended under the organisation's `rules`."""
    case = replace(case, process=process_with(**(rules or {})))
    book = runbook(name)
    plan = book.plan(case, book.decide(case, **given))
    return plan, plan.alone()


def keys(share: policy.Share) -> tuple[list[str], list[str]]:
    return [action.key for action in share.actions], [action.key for action in share.held]


def test_assigning_is_proposed_with_the_mail_and_what_stands_before_is_done_and_noted() -> None:
    plan, share = allowed(build_case({"ticket": {"community": None}}))
    assert keys(share) == (
        ["triage.associate", "triage.associate#record"],
        ["triage.assign", "triage.acknowledge", "triage.categorise", "triage.categorise#record"],
    )
    assert share.outcome == "proposed"
    assert (
        f"deskbook run triage ticket_id=101 agent={_chosen(plan)} cycle=1 --approve {plan.proposal.digest}"
        in share.need
    )


def _chosen(plan: Plan) -> str:
    return next(a.mail for a in plan.case.agents for do in plan.actions if getattr(do, "agent", None) == a.id)


def test_the_organisation_may_have_the_first_advised_assigned_and_told_of() -> None:
    plan, share = allowed(build_case({}), rules={"triage.assign": "apply"})
    assert (share.actions, share.held, share.need) == (plan.actions, (), "")


@pytest.mark.parametrize("word", ["apply", "propose", "never"])
def test_no_mail_names_somebody_who_is_not_assigned(word: str) -> None:
    for path in plan_files("triage"):
        said = read(path)
        plan, share = allowed(
            build_case(said.get("case", {})), rules={"triage.assign": word}, **said.get("decision", {})
        )
        wanted = {a.key for a in plan.actions if not a.landed(plan.case)}
        does = {action.key for action in share.actions}
        if {"triage.assign", "triage.acknowledge"} <= wanted:
            assert ("triage.assign" in does) is ("triage.acknowledge" in does), path.stem


def test_what_is_never_done_alone_is_no_proposal() -> None:
    _, share = allowed(build_case({}), rules={"triage.assign": "never"})
    assert share.outcome == "left"
    assert "--approve" not in share.need
    assert "Run it: deskbook run triage ticket_id=101" in share.need


def test_a_machines_mail_is_closed_and_the_representatives_are_asked() -> None:
    for case in (build_case(SCREEN), build_case({"from": "Otto Berg"})):
        plan, share = allowed(case)
        assert plan.actions
        assert share.held == ()


def test_upon_a_plain_no_the_closing_is_proposed_and_upon_a_yes_the_ticket_goes_on() -> None:
    plan, share = allowed(build_case(NO))
    assert plan.outcome == "refused"
    assert keys(share)[0] == ["triage.associate"]  # which the ticket has, so that no note tells of it
    assert "triage.authorise#close" in keys(share)[1]
    assert share.outcome == "proposed"
    _, share = allowed(build_case(YES))
    assert "triage.authorise#tag" in keys(share)[0]


@pytest.mark.parametrize(
    ("file", "outcome"),
    [("thanks_in_french_close", "proposed"), ("no_answer_closes_after_some_hours_where_that_is_wanted", "left")],
)
def test_closing_on_a_word_is_proposed_and_on_silence_never_done_alone(file: str, outcome: str) -> None:
    path = next(p for p in plan_files("resolve") if p.stem == file)
    plan, share = allowed(build_case(read(path)["case"]), "resolve")
    assert plan.outcome in ("closed", "silent")
    assert (share.actions, share.outcome) == ((), outcome)


def test_incidents_escalations_and_timeboxes_are_never_done_alone() -> None:
    for name in ("escalate", "incident", "timebox", "workshop"):
        made = 0
        for path in plan_files(name):
            said = read(path)
            plan, share = allowed(build_case(said.get("case", {})), name, **said.get("decision", {}))
            ahead = [action for action in plan.actions if not action.landed(plan.case)]
            made += len(ahead)
            assert [a for a in share.actions if a in ahead] == [], path.stem
        assert made


def test_colleagues_are_reminded_and_communities_are_left_to_people() -> None:
    asks = prioritize.plan(backlog([issue(7, 101)])).alone()
    assert [action.key.partition("#")[0] for action in asks.actions] == ["prioritize.ask"]
    assert asks.held == ()
    changes = onboard_planned(read(next(path for path in ONBOARD if path.stem == "a_new_community"))).alone()
    assert (changes.actions, changes.outcome) == ((), "left")
    assert changes.need.endswith(
        "Run it: deskbook run onboard 'community=Glacier Mapping Collective' 'domains=…' 'representatives=…' 'description=Maps glaciers'"
    )


FILES: list[tuple[str, Path]] = [(name, path) for name in ("triage", "resolve") for path in plan_files(name)]


@pytest.mark.parametrize(("name", "path"), FILES, ids=[f"{name}/{path.stem}" for name, path in FILES])
def test_what_is_done_alone_leaves_the_proposal_as_it_was(name: str, path: Path) -> None:
    """So that a person approves in the morning what was proposed at night; and a second night does nothing again."""
    said = read(path)
    case, decision = build_case(said.get("case", {})), said.get("decision", {})
    plan, share = allowed(case, name, **decision)
    if not share.held or any(not hasattr(a, "summary") and not isinstance(a, Record) for a in share.actions):
        return
    for action in share.actions:
        case = done(case, action)
    again, rest = allowed(case, name, **decision)
    assert again.proposal.digest == plan.proposal.digest
    assert keys(rest)[1] == keys(share)[1]
    assert all(action.landed(case) for action in rest.actions)


def run(desk: Desk, ticket: int, *, approve: str = "", **given: object) -> Receipt:
    book = runbook("triage")
    case = book.read(desk, ticket_id=ticket)
    return book.plan(case, book.decide(case, **given)).run(desk, apply=True, approve=approve)


def proposed(receipt: Receipt) -> tuple[str, str]:
    """The agent and the digest of the command that a person is given."""
    found = re.search(r"agent=(\S+) cycle=1 --approve (p-\S+)$", receipt.needs_human[-1])
    assert found, receipt.needs_human
    return found[1], found[2]


def test_a_desk_that_nobody_watches_proposes_and_the_command_that_it_names_does_the_rest(desk: Desk) -> None:
    at_night = run(replace(desk, unattended=True), 101)
    assert (at_night.outcome, at_night.next, at_night.failure) == ("proposed", None, "")
    assert {line.state for line in at_night.actions} == {"already done", "not reached"}
    agent, digest = proposed(at_night)
    morning = run(desk, 101, agent=agent, approve=digest)
    assert morning.failure == ""
    assert {line.state for line in morning.actions} == {"done", "already done"}
    assert proposal_is_gone(run(replace(desk, unattended=True), 101))


def proposal_is_gone(receipt: Receipt) -> bool:
    return receipt.outcome not in ("proposed", "left") and not any("--approve" in need for need in receipt.needs_human)


def test_a_person_who_approves_on_a_schedules_desk_is_a_person(desk: Desk) -> None:
    alone = replace(desk, unattended=True)
    agent, digest = proposed(run(alone, 101))
    assert {line.state for line in run(alone, 101, agent=agent, approve=digest).actions} == {"done", "already done"}


def test_a_proposal_outlives_the_load_of_whom_it_names_and_lapses_when_the_ticket_changes(
    running: Running, desk: Desk
) -> None:
    agent, digest = proposed(run(replace(desk, unattended=True), 101))
    case = desk.case(101)
    chosen = next(each.id for each in case.agents if each.mail == agent)
    for other in (102, 104, 105):
        desk.helpdesk.update(other, {"agent": chosen})
    book = runbook("triage")
    assert book.plan(case, book.decide(case, agent=agent)).digest == digest
    writes_in(running.url, desk, 101, "It works again for me, thank you, but please look all the same.")
    receipt = run(desk, 101, agent=agent, approve=digest)
    assert receipt.outcome == "refused"
    assert "the replies" in receipt.failure

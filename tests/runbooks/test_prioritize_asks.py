"""The technology and product leads are asked about what no sprint has: who, once, and with what in sight."""

from __future__ import annotations

from dataclasses import replace

import pytest
from backlogs import COAST, backlog, giving, issue, spent, ticket
from building import ORGANIZATION, PROCESS

from deskbook.config.organization import Organization
from deskbook.errors import ParameterError
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.services.ports import Desk

PLANNED = {"Iteration": "Iteration 56"}


def test_both_leads_are_asked_by_login_about_each_change_request_that_no_sprint_has() -> None:
    product = ORGANIZATION.people[1].model_copy(update={"roles": ("agent", "product-lead")})
    both = ORGANIZATION.model_copy(update={"people": (*ORGANIZATION.people, product)})
    waits, over = issue(7, 101), issue(8, 101, board={"Iteration": "Iteration 54"})
    others = [issue(9, 101, board=PLANNED), issue(10), issue(11, 103)]
    tickets = {101: ticket(101), 103: ticket(103, 12, "Guidance Request")}
    plan = prioritize.plan(backlog([waits, over, *others], both, tickets=tickets))
    assert [action.key for action in plan.actions] == ["prioritize.ask#7", "prioritize.ask#8"]
    (first, _) = plan.actions
    assert isinstance(first, prioritize.Question)
    assert first.body.startswith("@elif-demir @grace-holloway: ")
    assert "25 November 2026" in first.body
    assert plan.steps_taken[1].outcome == "asked"


def test_the_request_type_of_the_form_tells_a_change_request_without_a_ticket() -> None:
    plan = prioritize.plan(backlog([issue(7, body="### Request type\n\nFeature Request")]))
    assert [action.key for action in plan.actions] == ["prioritize.ask#7"]


def test_a_question_tells_others_nothing_of_the_community_or_its_budget() -> None:
    (action,) = prioritize.plan(backlog([issue(7, 101)], spent=(spent(101, 300),))).actions
    assert isinstance(action, prioritize.Question)
    for words in ("Aurora", "5 h", "4 h", "budget", "101"):
        assert words not in action.body.partition("<!--")[0]


def test_a_lead_with_a_vacant_other_seat_is_asked_alone_and_one_with_both_seats_once() -> None:
    assert [person.name for person in prioritize.leads(ORGANIZATION)] == ["Elif Demir"]
    assert [person.name for person in prioritize.leads(COAST)] == ["Jörg Ödegård"]


def vacant() -> Organization:
    people = tuple(person for person in ORGANIZATION.people if "project-manager" not in person.roles)
    return ORGANIZATION.model_copy(update={"people": people})


def test_where_both_seats_are_vacant_nobody_is_asked_and_a_person_is_told() -> None:
    plan = prioritize.plan(backlog([issue(7, 101)], vacant()))
    assert (plan.steps_taken[1].outcome, plan.actions) == ("nobody", ())
    assert "decides without their advice" in plan.needs_human[0]


def test_a_lead_without_a_login_is_named_and_somebody_has_to_tell_them() -> None:
    people = tuple(person.model_copy(update={"login": ""}) for person in ORGANIZATION.people)
    plan = prioritize.plan(backlog([issue(7, 101)], ORGANIZATION.model_copy(update={"people": people})))
    (action,) = plan.actions
    assert isinstance(action, prioritize.Question)
    assert action.body.startswith("Elif Demir: ")
    assert "Elif Demir has no tracker login" in plan.needs_human[0]


def test_every_outcome_of_the_runbook_is_reached() -> None:
    asking = backlog([issue(7, 101)])
    plans = [prioritize.plan(found) for found in (asking, backlog([]), backlog([issue(7, 101)], vacant()))]
    plans.append(giving(asking, "7 Grace"))
    steps = {step.id: set(step.outcomes) for step in PROCESS.steps() if step.runbook == "prioritize"}
    seen = {step: {f.outcome for plan in plans for f in plan.steps_taken if f.step == step} for step in steps}
    assert seen == steps
    assert {plan.next for plan in plans} == {"resolve"}


def test_the_digest_holds_after_the_question_was_asked_and_changes_with_what_is_asked() -> None:
    before = backlog([issue(7, 101)])
    after = replace(before, marks={7: (prioritize.REFERENCE,)})
    assert prioritize.plan(before).digest == prioritize.plan(after).digest
    assert prioritize.plan(after).actions[0].landed(after) == "comment on issue 7"
    assert prioritize.plan(backlog([issue(7, 101), issue(8, 101)])).digest != prioritize.plan(before).digest


@pytest.mark.parametrize(("given", "meant"), [(0, 56), ("", 56), (None, 56), ("57", 57), (55, 55), (58.0, 58)])
def test_an_empty_iteration_is_the_next_one(desk: Desk, given: object, meant: int) -> None:
    assert prioritize.read(desk, given).iteration == meant


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (54, "54 is over; use 55"),
        (60, "60 is too far ahead to be planned; use 55 to 59"),
        ("soon", "no"),
        (-1, "whole number"),
    ],
)
def test_an_iteration_that_is_over_or_none_is_refused(desk: Desk, given: object, says: str) -> None:
    with pytest.raises(ParameterError, match="iteration: ") as refused:
        prioritize.read(desk, given)
    assert says in str(refused.value)

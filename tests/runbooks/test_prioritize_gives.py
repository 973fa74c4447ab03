"""What the meeting gave goes into its sprint and is assigned, once; what cannot be given stops all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from backlogs import backlog, giving, issue
from building import ORGANIZATION
from roads import world

from deskbook.errors import ParameterError
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running


@pytest.mark.parametrize(
    "give",
    [
        "7 Grace; 8 Mei Tanaka",
        "7=grace-holloway\n#8: mei.tanaka@staff.example.org",
        " 7  GRACE ;; 8 mei ;",
        "7 grace; 8 mei; 7 Grace Holloway",
    ],
)
def test_what_the_meeting_gave_is_put_into_its_sprint_and_then_assigned(give: str) -> None:
    plan = giving(backlog([issue(7, 101), issue(8, 103)]), give)
    assert [action.sentence() for action in plan.actions] == [
        "Put issue 7 into iteration 56 on the board",
        "Put issue 8 into iteration 56 on the board",
        "Assign issue 7 to Grace Holloway (grace-holloway)",
        "Assign issue 8 to Mei Tanaka (mei-tanaka)",
    ]
    assert (plan.outcome, plan.next, plan.needs_human) == ("given", "resolve", ())


def test_what_is_given_is_no_longer_asked_about() -> None:
    plan = giving(backlog([issue(7, 101), issue(8, 103)]), "7 Grace")
    assert [action.key for action in plan.actions] == [
        "prioritize.ask#8",
        "prioritize.give#7-sprint",
        "prioritize.give#7-grace-holloway",
    ]


def test_the_digest_holds_after_it_was_given() -> None:
    before, board = backlog([issue(7, 101)]), {"Iteration": "Iteration 56"}
    after = backlog([issue(7, 101, board=board, assignees=("Grace-Holloway",))])
    assert giving(before, "7 Grace").digest == giving(after, "7 Grace").digest
    assert all(action.landed(after) for action in giving(after, "7 Grace").actions)
    assert not any(action.landed(before) for action in giving(before, "7 Grace").actions)


@pytest.mark.parametrize(
    ("give", "says"),
    [
        ("Grace", "'Grace' is not understood; write a number and an engineer"),
        ("7", "'7' is not understood"),
        ("7 Nobody Known", "'Nobody Known' is no person of organization.yaml; use one of "),
        ("9 Grace", "9 is no open support issue; use one of these: 7"),
        ("7 Grace; 8 Mei", "8 is no open support issue"),
        ("7 Grace; 7 Mei", "issue 7 is given to Grace Holloway and to Mei Tanaka; one engineer takes it"),
        ("; ".join(f"{n} Grace" for n in range(1, 60)), "these are 59; 50 at most"),
    ],
)
def test_what_cannot_be_given_is_an_error_and_nothing_else_is_planned(give: str, says: str) -> None:
    with pytest.raises(ParameterError, match=r"^give: ") as refused:
        giving(backlog([issue(7, 101)]), give)
    assert says in str(refused.value)


def test_an_engineer_without_a_login_cannot_be_given_anything() -> None:
    people = tuple(person.model_copy(update={"login": ""}) for person in ORGANIZATION.people)
    with pytest.raises(ParameterError, match="Grace Holloway has no tracker login"):
        giving(backlog([issue(7, 101)], ORGANIZATION.model_copy(update={"people": people})), "7 Grace")


def test_an_issue_whose_sprint_runs_needs_an_exception_for_the_next() -> None:
    runs = issue(7, 101, board={"Iteration": "Iteration 55"}, assignees=("mei-tanaka",))
    with pytest.raises(ParameterError, match="issue 7 is in iteration 55, which runs"):
        giving(backlog([runs]), "7 Mei")
    moved = issue(7, 101, board={"Iteration": "Iteration 57"}, assignees=("mei-tanaka",))
    assert giving(backlog([moved]), "7 Mei").needs_human == ()  # it had not begun
    assert giving(replace(backlog([runs]), iteration=55), "7 Mei").needs_human == ()  # it is where it is


def test_an_issue_that_had_its_sprint_and_one_that_changes_hands_are_told() -> None:
    over = issue(7, 101, board={"Iteration": "Iteration 54"}, assignees=("mei-tanaka",))
    plan = giving(backlog([over]), "7 Grace")
    assert len(plan.actions) == 2
    also, again = plan.needs_human
    assert "Issue 7 is also mei-tanaka's" in also
    assert "Issue 7 had its sprint in iteration 54" in again


def test_without_a_board_an_issue_is_given_in_the_sprint_that_runs_or_not_at_all() -> None:
    tracker = ORGANIZATION.tracker.model_copy(update={"board": None})
    bare = backlog([issue(7, 101)], ORGANIZATION.model_copy(update={"tracker": tracker}))
    with pytest.raises(ParameterError, match="without a board"):
        giving(bare, "7 Grace")
    plan = giving(replace(bare, iteration=55), "7 Grace")
    assert [action.key for action in plan.actions] == ["prioritize.give#7-grace-holloway"]


def test_what_is_given_twice_is_given_once_and_what_stopped_in_between_is_completed(
    running: Running, desk: Desk
) -> None:
    number = min(one.number for one in prioritize.read(desk).issues)
    before = world(running.url)
    giving(prioritize.read(desk), f"{number} Grace").run(desk)
    assert world(running.url) == before
    desk.tracker.set_board(number, {"Iteration": "Iteration 56"})  # a run that was killed after its first write
    plan = giving(prioritize.read(desk), f"{number} Grace")
    states = {line.key: line.state for line in plan.run(desk, apply=True).actions if "give" in line.key}
    assert states == {
        f"prioritize.give#{number}-sprint": "already done",
        f"prioritize.give#{number}-grace-holloway": "done",
    }
    after = world(running.url)
    again = giving(prioritize.read(desk), f"{number} Grace").run(desk, approve=plan.digest)
    assert ({line.state for line in again.actions}, again.failure) == ({"already done"}, "")
    assert world(running.url) == after

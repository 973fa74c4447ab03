"""What the runbook `resolve` accepts, and what it says of anything else."""

from __future__ import annotations

import pytest
from building import build_case

from deskbook.engine.actions import Reply
from deskbook.engine.messages import first_name
from deskbook.errors import ParameterError
from deskbook.runbooks.resolve import plan as resolve
from deskbook.runbooks.resolve.decision import OUTCOMES, Decision
from deskbook.runbooks.resolve.decision import decide as decide_resolve

CASE = build_case({})
SAM = "sam.whitaker@staff.example.org"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_is_accepted_in_any_case(outcome: str) -> None:
    assert decide_resolve(CASE, outcome=outcome.upper()) == Decision(outcome=outcome)


def test_nothing_said_decides_nothing() -> None:
    assert decide_resolve(CASE) == Decision("", "", "", 0)
    assert decide_resolve(CASE, outcome=None, message=None, exception_by=None, exception_until=None) == Decision()


@pytest.mark.parametrize("until", [57, "57", "57.0", 57.0])
def test_an_iteration_may_arrive_as_text(until: object) -> None:
    assert decide_resolve(CASE, exception_until=until).exception_until == 57


def test_a_message_may_arrive_as_a_number() -> None:
    assert decide_resolve(CASE, outcome="fixed", message=42).message == "42"


def test_an_approver_is_known_by_mail_in_any_case() -> None:
    assert decide_resolve(CASE, exception_until=57, exception_by=SAM.upper()).exception_by == SAM.upper()


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"outcome": "done"}, "outcome: 'done' is not accepted; use one of fixed, not-fixed, no-survey"),
        ({"outcome": True}, "outcome: True is not a text"),
        ({"message": ["a"]}, "message: ['a'] is not a text"),
        ({"exception_until": "soon"}, "exception_until: 'soon' is not a whole number"),
        ({"exception_until": -1}, "exception_until: -1 is not a whole number"),
        ({"exception_until": 56.5}, "exception_until: 56.5 is not a whole number"),
        ({"exception_until": True}, "exception_until: True is not a whole number"),
        ({"exception_until": 10_000}, "from 0 to 9999"),
        ({"exception_by": SAM}, "exception_until: say until which iteration"),
        (
            {"exception_by": "nobody@staff.example.org", "exception_until": 57},
            "exception_by: 'nobody@staff.example.org'",
        ),
        ({"exception_by": "Sam Whitaker", "exception_until": 57}, "is nobody's mail in organization.yaml"),
        ({"exception_by": "ada@aurora.example.org", "exception_until": 57}, "is nobody's mail"),
    ],
)
def test_what_cannot_be_used_is_named(parameters: dict[str, object], says: str) -> None:
    with pytest.raises(ParameterError) as caught:
        decide_resolve(CASE, **parameters)
    assert says in str(caught.value)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_exception_goes_on_with_the_work_and_ends_nothing(outcome: str) -> None:
    with pytest.raises(ParameterError, match=f"leave outcome={outcome} away"):
        decide_resolve(CASE, outcome=outcome, exception_until=57)


def test_the_reason_of_no_survey_stays_with_us() -> None:
    case = build_case({"ticket": {"agent": "Grace Holloway"}})
    plan = resolve.plan(case, decide_resolve(case, outcome="no-survey", message="They are cross with surveys."))
    (mail,) = [action for action in plan.actions if isinstance(action, Reply)]
    assert "should be done now" in mail.html
    assert "cross" not in mail.html + mail.sentence()


def test_the_paragraphs_of_a_message_stay_paragraphs() -> None:
    case = build_case({"ticket": {"agent": "Grace Holloway"}})
    plan = resolve.plan(case, decide_resolve(case, outcome="fixed", message="The image has R.\n\nRestart your server."))
    (mail,) = [action for action in plan.actions if isinstance(action, Reply)]
    assert "This is what was done: The image has R.</p>" in mail.html
    assert "<p>Restart your server.</p>" in mail.html


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ada Lindgren", "Ada"),
        ("Prof. Dr. Ada Lindgren", "Ada"),
        ("Lindgren, Ada", "Ada"),
        ("Ada Lindgren, PhD", "Ada"),
        ("ada@example.org", ""),
        ("", ""),
    ],
)
def test_people_are_greeted_by_their_first_name(name: str, called: str) -> None:
    assert first_name(name) == called


def test_another_message_is_another_plan() -> None:
    """A person approves the text that goes out."""
    case = build_case({"ticket": {"agent": "Grace Holloway"}})
    digests = {resolve.plan(case, decide_resolve(case, outcome="fixed", message=text)).digest for text in ("A", "B")}
    assert len(digests) == 2

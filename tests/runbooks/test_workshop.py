"""A workshop request on the sandbox, over HTTP: once, again, without apply, and interrupted; and a password nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import ORGANIZATION, build_case
from roads import mails, world
from talking import get, post
from test_runbooks import papermill

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.errors import ParameterError
from deskbook.runbooks.catalog import open_form, runbook
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.workshop import issue as eventissue
from deskbook.runbooks.workshop import plan as workshop
from deskbook.runbooks.workshop.decision import decide as decide_workshop
from deskbook.services.ports import Desk
from deskbook.tickets.issue_form import EVENT, read
from deskbook.tickets.issue_form import render as written
from deskbook.ui import blocks as ui
from deskbook.ui import views
from deskbook_sandbox import server
from deskbook_sandbox.server import Running


def planned(desk: Desk, ticket: int = 122, **decision: object) -> Plan:
    case = desk.case(ticket)
    return workshop.plan(case, decide_workshop(case, **decision))


def run(desk: Desk, ticket: int = 122, **decision: object) -> Receipt:
    receipt = planned(desk, ticket, **decision).run(desk, apply=True)
    assert not receipt.failure
    return receipt


def asks(url: str, desk: Desk, subject: str, body: str) -> int:
    """A new ticket of the one who wrote ticket 122; its number."""
    sender = desk.case(122).requester.mail
    post(url, "/sandbox/incoming", {"from": sender, "subject": subject, "body": body})
    return max(int(ticket["id"]) for ticket in get(url, "/sandbox/state")["tickets"])


def test_an_event_is_tracked_acknowledged_and_pending_once(desk: Desk, running: Running) -> None:
    before = world(running.url)
    assert not planned(desk).run(desk).applied
    assert world(running.url) == before
    first = run(desk)
    assert {line.state for line in first.actions} == {"done"}
    after = world(running.url)
    second = run(desk)
    assert {line.state for line in second.actions} == {"already done"}
    assert (second.digest, second.outcome, second.next) == (first.digest, "waiting", None)
    assert world(running.url) == after
    assert desk.case(122).ticket.status == "Pending"
    assert len(mails(running.url)) == 1


def test_the_issue_is_the_form_as_it_is_rendered(desk: Desk, running: Running) -> None:
    case = desk.case(122)
    advice = workshop.assess(case, workshop.Decision())
    run(desk)
    number = desk.case(122).issues[0].number
    (issue,) = (i for i in get(running.url, "/sandbox/state")["issues"] if i["number"] == number)
    form = written(EVENT, eventissue.values(case, advice.event, advice.notice, advice.cover))
    assert issue["body"] == f"{form}\n\n<!-- Ref 122-1-workshop.issue -->"
    assert issue["title"] == "[EVENT][5-7 January 2027] workshop.coral.hubs.example.org"
    assert [label["name"] for label in issue["labels"]] == ["event"]
    board = desk.case(122).issues[0].board
    assert board is not None
    assert board["Type"] == "event"
    said = read(EVENT, issue["body"])
    assert (said["begin"], said["end"], said["attendees"]) == ("2027-01-05", "2027-01-07", "about 40")


def test_what_they_answer_later_stands_on_the_issue_and_nothing_is_opened_twice(desk: Desk, running: Running) -> None:
    number = asks(
        running.url, desk, "Workshop", "We hold a workshop on 12-14 January 2027 on https://coral.hubs.example.org"
    )
    first = run(desk, number)
    assert "How many people will take part?" in mails(running.url)[-1]
    issues = len(get(running.url, "/sandbox/state")["issues"])
    sender = desk.case(number).requester.mail
    post(
        running.url,
        "/sandbox/incoming",
        {"from": sender, "ticket_id": number, "subject": "", "body": "60 people, 9am-noon ET"},
    )
    second = run(desk, number)
    assert second.digest != first.digest
    (news,) = (line for line in second.actions if "#facts" in line.key)
    assert "Number of attendees: 60" in news.sentence
    assert len(get(running.url, "/sandbox/state")["issues"]) == issues
    assert len(mails(running.url)) == 1
    after = world(running.url)
    assert {line.state for line in run(desk, number).actions} == {"already done"}
    assert world(running.url) == after


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/github/repos/*/issues"),
        ("POST", "/api/v2/tickets/122/notes"),
        ("POST", "/api/v2/tickets/122/reply"),
        ("PUT", "/api/v2/tickets/122"),
    ],
)
def test_a_run_that_is_interrupted_is_resumed_without_doing_anything_twice(method: str, path: str, drop: str) -> None:
    with server.start(ORGANIZATION) as running:
        desk = connect(Settings(sandbox_url=running.url))
        plan = planned(desk)
        post(running.url, "/sandbox/faults", [{"method": method, "path": path, "drop": drop, "times": 1}])
        first = plan.run(desk, apply=True)
        post(running.url, "/sandbox/faults", [])
        assert bool(first.failure) == (drop == "before")
        assert run(desk).digest == plan.digest
        case = desk.case(122)
        assert sorted(ref.key for ref in case.references()) == [
            "workshop.acknowledge",
            "workshop.issue#link",
            "workshop.plan#record",
        ]
        assert (len(case.issues), case.ticket.status, len(mails(running.url))) == (1, "Pending", 1)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Shared password", "Please change the shared password to {secret} on {hub} before 12 January 2027."),
        ("Change the shared password to {secret}", "On {hub} please, before 12 January 2027."),
        ("Shared password", "Is it possible to set {secret} as the shared password of {hub} before 12 January 2027?"),
        ("Please set a new shared password by 11 January 2027", "{secret}<br>Hub: coral pw {secret}"),
        ("Shared password", "user guest, pass: {secret}<br>Change it to {secret} by 11 January 2027. {hub}"),
    ],
    ids=["in a sentence", "in the subject", "in a question", "alone", "with a user"],
)
def test_a_password_appears_nowhere(desk: Desk, running: Running, subject: str, body: str) -> None:
    secret, hub = "Corals-4711", "https://workshop.coral.hubs.example.org"
    number = asks(running.url, desk, subject.format(secret=secret), body.format(secret=secret, hub=hub))
    case = desk.case(number)
    shown = [*views.case(case), *views.receipt(triage.plan(case, triage.Decision()).run(desk, apply=True))]
    run(desk, number)
    case, state = desk.case(number), world(running.url)
    assert case.issues[0].title.startswith("[EVENT][password by 2027-01-11]")
    assert secret not in repr(state["issues"])
    assert secret not in repr([mail["body"] for mail in state["outbox"]])
    assert secret not in repr(state["chat"])
    assert secret not in repr([entry.body for entry in case.entries if not entry.incoming])
    assert secret in repr(
        [ticket for ticket in state["tickets"] if ticket["id"] == number]
    )  # it was there to be repeated
    plan = planned(desk, number)
    form = runbook("workshop").form(desk, case, decide_workshop(case))
    shown += [*views.case(case), *views.plan(plan), *views.receipt(plan.run(desk)), *form.as_blocks()]
    assert secret not in ui.html(shown) + ui.text(shown)


def test_a_password_stands_in_no_executed_notebook(desk: Desk, running: Running, tmp_path: Path) -> None:
    secret = "Corals-4711"
    number = asks(
        running.url, desk, f"Shared password {secret}", f"Please change it to {secret} before 12 January 2027."
    )
    assert papermill("workshop.ipynb", tmp_path, running.url, f"ticket_id={number}").returncode == 0
    assert secret not in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_a_declined_event_is_told_once_and_goes_to_the_end(desk: Desk, running: Running) -> None:
    first = run(desk, decline="We have nobody in January")
    assert (first.outcome, first.next) == ("declined", "resolve")
    assert "We have nobody in January." in mails(running.url)[-1]
    after = world(running.url)
    for decision in ({"decline": "We have nobody in January"}, {}):
        assert {line.state for line in run(desk, **decision).actions} == {"already done"}
    assert world(running.url) == after
    assert desk.case(122).issues == ()


def test_the_form_shows_what_was_read_and_from_where(desk: Desk) -> None:
    case = desk.case(122)
    shown = ui.text(runbook("workshop").form(desk, case, decide_workshop(case)).as_blocks())
    assert "2027-01-05 (the ticket: '5–7 January 2027')" in shown
    assert "09:00-13:00, US/Pacific" in shown
    assert "Notice: 43 days" in shown
    assert "Grace Holloway 4 h" in shown
    decline = next(line for line in shown.splitlines() if line.startswith("Decline"))
    assert decline.split()[:4] == ["Decline", "–", "left", "empty"]  # what one might write there is no advice


def test_the_form_opens_from_the_queue(desk: Desk) -> None:
    assert open_form(desk, "workshop", 122).children


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"begin": "01/02/2027"}, "begin: '01/02/2027' is not one plain day; write it as 2027-01-31"),
        ({"begin": "soon"}, "begin: 'soon' is not one plain day"),
        ({"begin": "2027-01-14", "end": "2027-01-12"}, "end: 2027-01-12 is before the event begins"),
        ({"active_hours": "mornings"}, "active_hours: 'mornings' are not hours of a day"),
        ({"timezone": "Mars/Base"}, "timezone: 'Mars/Base' is not known"),
        ({"attendees": 0}, "attendees: '0' is no number of people; write 50, 40-50 or TBD"),
        ({"attendees": "many"}, "attendees: 'many' is no number of people; write 50, 40-50 or TBD"),
        ({"hub_url": "the old one"}, "hub_url: 'the old one' is no address"),
        ({"hub_exists": "maybe"}, "hub_exists: write yes or no"),
        ({"shared_password_change": "hunter2"}, "shared_password_change: write yes or no"),
    ],
)
def test_a_parameter_that_cannot_be_used_says_what_can(parameters: dict[str, Any], says: str) -> None:
    with pytest.raises(ParameterError) as raised:
        decide_workshop(build_case({}), **parameters)
    assert says in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"attendees": 50}, ("attendees", "50")),
        ({"attendees": "tbd"}, ("attendees", "TBD")),
        ({"hub_exists": True}, ("hub_exists", "yes")),
        ({"decommission": "FALSE"}, ("decommission", "no")),
        ({"begin": "12 January 2027"}, ("begin", "2027-01-12")),
        ({"timezone": "CET"}, ("timezone", "Europe/Berlin")),
        ({"hub_url": "Coral.hubs.example.org/hub"}, ("hub_url", "https://coral.hubs.example.org")),
        ({"decline": True}, ("decline", "yes")),
        ({"begin": None}, ("begin", "")),
    ],
)
def test_parameters_are_taken_in_several_spellings(given: dict[str, Any], kept: tuple[str, str]) -> None:
    decision = decide_workshop(build_case({}), **given)
    assert getattr(decision, kept[0]) == kept[1]


def test_a_chosen_value_redraws_the_plan(desk: Desk) -> None:
    case = desk.case(122)
    form = runbook("workshop").form(desk, case, decide_workshop(case))
    change: Callable[[str, str], None] = form._changed
    change("attendees", "70")
    assert "70 people" in next(action.body for action in form.plan.actions if action.key == "workshop.issue")  # type: ignore[attr-defined]

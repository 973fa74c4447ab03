"""The order of work: which rule gives a request its place, whose budget is used up, and the leads asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from building import NOW, ORGANIZATION, PROCESS, plan_files, read
from test_road import advance, get, post, run, world
from test_runbooks import papermill, receipt

from deskbook.assembly import connect
from deskbook.config.organization import Organization, load_organization
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan
from deskbook.errors import ParameterError
from deskbook.model.records import Community, Issue, LoggedTime, Ticket, TimeEntry
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize import view as prioritizepage
from deskbook.runbooks.prioritize.decision import decide as decide_prioritize
from deskbook.runbooks.prioritize.form import form as prioritize_form
from deskbook.runbooks.prioritize.plan import Backlog
from deskbook.runbooks.report import plan as report
from deskbook.services.ports import Desk
from deskbook.ui import blocks as ui
from deskbook_sandbox import generate, server
from deskbook_sandbox.github.records import add_comment
from deskbook_sandbox.server import Running

MOMENT = datetime.fromisoformat(NOW)
COAST = load_organization(Path(__file__).parents[1] / "organizations" / "coast.yaml")


def issue(number: int, *tickets: int, **said: Any) -> Issue:
    created = datetime.fromisoformat("2026-11-02T09:00:00Z")
    known = {
        "labels": ("support",),
        "state": "open",
        "author": "priya-raman",
        "created": created,
        "body": "",
        "tickets": tickets,
    }
    return Issue(number=number, title=f"Request {number}", url="", **{**known, **said})


def ticket(number: int, community: int | None = 10, type: str | None = "Change Request") -> Ticket:
    people: dict[str, Any] = {"requester": 1, "agent": None, "community": community, "group": None}
    return Ticket(number, "", "", "Pending", "Email", type, **people, tags=(), hub_url=None, created=MOMENT, url="")


def spent(
    number: int, minutes: float, *, billable: bool = True, note: str = "", community: int | None = 10
) -> LoggedTime:
    return LoggedTime(
        TimeEntry(number, number, 900, int(minutes * 60), False, MOMENT, note, billable), MOMENT, community
    )


def backlog(issues: Sequence[Issue], organization: Organization = ORGANIZATION, **said: Any) -> Backlog:
    """Ticket 101 is Aurora's (4 hours a month), 102 Borealis' (its own funding), 103 of one without a figure."""
    known: dict[str, Any] = {
        "communities": (
            Community(10, "Aurora Climate Lab", budget_hours=4),
            Community(11, "Borealis University", budget_hours=1, own_funding=True),
            Community(12, "Ember Wildfire Group"),
        ),
        "tickets": {101: ticket(101), 102: ticket(102, 11), 103: ticket(103, 12)},
        **said,
    }
    return Backlog(PROCESS, organization, MOMENT, 56, tuple(issues), **known)


def placed(found: Backlog) -> list[tuple[int, int]]:
    return [(one.request.issue.number, one.rule) for one in prioritize.assess(found)]


def rule_of(found: Backlog) -> tuple[int, str]:
    (one,) = prioritize.assess(found)
    return one.rule, one.because


FILES = plan_files("prioritize")
FILE = {"communities", "tickets", "issues", "time", "give", "leads", "asked_before", "expect"}
EXPECTED = {"order", "apart", "asked", "done", "mentions", "given", "needs"}


def staffed(leads: Mapping[str, str]) -> Organization:
    """The organisation with these seats of the leads and no others."""
    people = []
    for person in ORGANIZATION.people:
        others = tuple(role for role in person.roles if role not in prioritize.LEADS)
        seats = tuple(role for role, whose in leads.items() if person.mail.startswith(f"{whose}@"))
        people.append(person.model_copy(update={"roles": (*others, *seats)}))
    return ORGANIZATION.model_copy(update={"people": tuple(people)})


def backlog_of(said: Mapping[str, Any]) -> Backlog:
    """As `backlog` has it, apart from what the file says."""
    assert not set(said) - FILE, said
    known: dict[str, Any] = {}
    if "communities" in said:
        rows = said["communities"]
        known["communities"] = tuple(Community(c["id"], c["name"], budget_hours=c.get("hours")) for c in rows)
    if "tickets" in said:
        tickets = (ticket(**{"number": t["id"], **{k: v for k, v in t.items() if k != "id"}}) for t in said["tickets"])
        known["tickets"] = {each.id: each for each in tickets}
    if "time" in said:
        rows = said["time"]
        entries = ({"number": row["ticket"], **{k: v for k, v in row.items() if k != "ticket"}} for row in rows or ())
        known["spent"] = None if rows is None else tuple(spent(**entry, community=None) for entry in entries)
    marks = dict.fromkeys(said.get("asked_before", ()), (prioritize.REFERENCE,))
    issues = [dict(each) for each in said["issues"]]
    made = [issue(each.pop("number"), *each.pop("tickets", ()), **each) for each in issues]
    return backlog(made, staffed(said["leads"]) if "leads" in said else ORGANIZATION, marks=marks, **known)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_comes_in_which_order_and_who_is_asked(path: Path) -> None:
    said = read(path)
    found, expect = backlog_of(said), said["expect"]
    assert not set(expect) - EXPECTED, f"a file may expect {EXPECTED}"
    plan = prioritize.plan(found, decide_prioritize(found, give=said.get("give", "")))
    assert plan.steps_taken[0].step == "prioritize.rank"
    assert placed(found) == [(one["issue"], one["rule"]) for one in expect["order"]]
    for one, wanted in zip(prioritize.assess(found), expect["order"], strict=True):
        assert wanted.get("because", "") in one.because
    assert [one.issue.number for one in found.requests if one.ahead] == expect.get("apart", [])
    questions = [action for action in plan.actions if isinstance(action, prioritize.Question)]
    assert [one.issue for one in questions if not one.landed(found)] == expect["asked"]
    assert [one.issue for one in questions if one.landed(found)] == expect.get("done", [])
    assert all(one.body.startswith(f"{expect.get('mentions', '')}: ") for one in questions if "mentions" in expect)
    others = [action.key for action in plan.actions if action not in questions]
    assert others == [f"prioritize.give{key}" for key in expect.get("given", [])]
    assert len(plan.needs_human) == len(expect.get("needs", []))
    for need, words in zip(plan.needs_human, expect.get("needs", []), strict=True):
        assert words in need


def test_without_time_entries_no_rule_about_budgets_is_looked_at() -> None:
    found = backlog([issue(7, 101)], spent=None)
    assert rule_of(found)[0] == 7
    assert "keeps no time" in ui.text(prioritizepage.blocks(found))


def test_the_minutes_of_all_cycles_add_up_and_those_of_incidents_are_free() -> None:
    cycles = (spent(101, 200, note="Ref 101-1-timebox.work"), spent(105, 40, note="Ref 101-2-timebox.work"))
    free = (spent(106, 600, billable=False), spent(104, 600))  # the second is booked by hand, on an incident's ticket
    known = {101: ticket(101), 104: ticket(104, 10, "Incident")}
    found = backlog([issue(7, 101)], tickets=known, spent=(*cycles, *free)).budgets
    budget = found.of(10)
    assert budget is not None
    assert (budget.seconds, budget.free, budget.left, budget.used_up) == (240 * 60, 1200 * 60, 0, True)


def test_a_community_without_a_figure_has_the_organisations_and_a_budget_of_nothing_is_used_up() -> None:
    found = backlog([issue(7, 103)])
    budget = found.budgets.of(12)
    assert budget is not None
    assert (budget.hours, budget.own) == (3, False)
    nothing = backlog([issue(7, 101)], communities=(Community(10, "Aurora Climate Lab", budget_hours=0),))
    assert rule_of(nothing)[0] == 8


def test_time_of_nobody_known_is_told_apart() -> None:
    found = backlog([issue(7, 101)], spent=(spent(500, 30, community=None), spent(501, 30, community=99)))
    assert found.budgets.unplaced == 60 * 60
    assert "1 h more were spent on tickets of no community" in ui.text(prioritizepage.blocks(found))


def test_the_communitys_own_word_on_the_time_entry_counts_where_the_ticket_is_not_listed() -> None:
    found = backlog([issue(7, 101)], spent=(spent(500, 300, community=10),))
    assert rule_of(found)[0] == 8


def test_another_operator_uses_its_own_labels_shares_and_words() -> None:
    """There half of the budget counts as little, an hour and a half is the default, and labels are German."""
    many = issue(7, labels=("hilfe", "Für viele"))
    assert rule_of(backlog([many], COAST)) == (2, "the issue says 'für viele'")
    assert rule_of(backlog([many]))[0] == 7
    link = issue(8, 103)
    assert rule_of(backlog([link], COAST, spent=(spent(103, 44, community=12),)))[0] == 5
    assert rule_of(backlog([link], COAST, spent=(spent(103, 45, community=12),)))[0] == 7
    assert rule_of(backlog([link], COAST, spent=(spent(103, 90, community=12),)))[0] == 8


def test_within_a_rule_impact_then_complexity_then_age_decide() -> None:
    issues = [
        issue(1, board={"Impact": "Low"}),
        issue(2, board={"Impact": "Medium", "Estimate": "10"}),
        issue(3, board={"Impact": "Medium", "Estimate": "2.5"}),
        issue(4, board={"Impact": "Medium"}),
        issue(5, board={"Impact": "Medium"}, created=datetime.fromisoformat("2026-10-02T09:00:00Z")),
        issue(6),
        issue(7, labels=("upstream-goal",)),
    ]
    assert placed(backlog(issues)) == [(7, 4), (3, 7), (2, 7), (5, 7), (4, 7), (1, 7), (6, 7)]


def test_what_is_critical_and_what_belongs_to_an_incident_is_not_in_this_order() -> None:
    tickets = {101: ticket(101, 10, "Incident"), 102: ticket(102, 11)}
    issues = [issue(7, 101), issue(8, 102, board={"Impact": "Critical"}), issue(9)]
    found = backlog(issues, tickets=tickets)
    assert placed(found) == [(9, 7)]
    shown = ui.text(prioritizepage.blocks(found))
    assert "an incident goes ahead of everything" in shown
    assert "critical: it is worked on at once" in shown


def test_impact_complexity_and_funding_stand_beside_each() -> None:
    board = {"Impact": "High", "Estimate": "3", "Iteration": "Iteration 56"}
    found = backlog([issue(7, 102, board=board)], spent=(spent(102, 30, community=11),))
    shown = ui.text(prioritizepage.blocks(found))
    row = next(line for line in shown.splitlines() if "#7" in line)
    for words in ("1: work with its own funding", "change", "High", "3", "Borealis University", "its own", "56"):
        assert words in row


# Asking the leads.

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


# Giving a request an engineer in the sprint that is planned.


def giving(found: Backlog, give: str) -> Plan:
    return prioritize.plan(found, decide_prioritize(found, give=give))


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


# On the sandbox.


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


def book(url: str, ticket: int, minutes: int, at: str, **said: Any) -> None:
    body = {"time_spent": f"{minutes // 60:02}:{minutes % 60:02}", "executed_at": at, **said}
    helpdesk(url, f"/tickets/{ticket}/time_entries", body)


def helpdesk(url: str, path: str, body: Any, method: str = "POST") -> None:
    answer = requests.request(method, f"{url}/api/v2{path}", json=body, auth=("sandbox", "X"), timeout=5)
    answer.raise_for_status()


def comments(url: str) -> list[str]:
    return [comment["body"] for comment in get(url, "/sandbox/state")["comments"]]


def test_time_booked_late_on_an_incident_of_last_month_is_free(running: Running, desk: Desk) -> None:
    """The incident was closed in November, and its hours are booked in December: that does not touch the ticket."""
    desk.helpdesk.update(127, {"type": "Incident", "status": "Closed"})
    advance(running.url, days=14)
    book(running.url, 127, 240, "2026-12-02T09:00:00Z")
    whose = next(t["company_id"] for t in get(running.url, "/sandbox/state")["tickets"] if t["id"] == 127)
    for found in (prioritize.read(desk), report.read(desk, "2026-12-01")):
        budget = found.budgets.of(whose)
        assert budget is not None
        assert (budget.seconds, budget.free) == (0, 240 * 60)


def test_a_month_begins_in_the_reference_zone_and_time_on_closed_tickets_counts(running: Running, desk: Desk) -> None:
    book(running.url, 102, 200, "2026-10-31T23:59:59Z")  # Borealis in October: not this month
    book(running.url, 101, 30, "2026-11-01T00:00:00Z")
    book(running.url, 101, 31, "2026-11-23T17:00:00Z", billable=False)
    book(running.url, 131, 45, "2026-11-18T09:00:00Z")
    helpdesk(running.url, "/tickets/131", {"status": 5}, "PUT")
    rows = {row.community.name: row for row in prioritize.read(desk).budgets.rows}
    aurora, delta = rows["Aurora Climate Lab"], rows["Delta Hydrology Network"]
    assert (aurora.seconds, aurora.free, aurora.hours) == (30 * 60, 31 * 60, 4)
    assert (delta.seconds, delta.hours) == (45 * 60, 2)
    assert rows["Borealis University"].seconds == 0
    assert (rows["Ember Wildfire Group"].hours, rows["Ember Wildfire Group"].own) == (3, False)


def test_the_leads_are_asked_once_however_often_it_runs_and_in_every_later_sprint(running: Running, desk: Desk) -> None:
    run(desk, "triage", 102)
    run(
        desk,
        "timebox",
        102,
        minutes=25,
        outcome="unsolved",
        findings="Nothing larger there",
        request_type="Feature Request",
    )
    before = world(running.url)
    plan = prioritize.plan(prioritize.read(desk))
    assert len(plan.actions) == 2  # the one of the timebox, and one that was there
    plan.run(desk)
    assert world(running.url) == before
    first = plan.run(desk, approve=plan.digest)
    assert {line.state for line in first.actions} == {"done"}
    assert sum(f"Ref {prioritize.REFERENCE}" in body for body in comments(running.url)) == 2
    after = world(running.url)
    again = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert {line.state for line in again.actions} == {"already done"}
    assert plan.run(desk, approve=plan.digest).failure == ""
    assert world(running.url) == after
    advance(running.url, days=14)
    later = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert {line.state for line in later.actions} == {"already done"}


def test_a_lost_answer_leads_to_no_second_question(running: Running, desk: Desk) -> None:
    post(
        running.url, "/sandbox/faults", [{"method": "POST", "path": "/github/*/comments", "drop": "after", "times": 1}]
    )
    done = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert [line.state for line in done.actions] == ["done"]
    assert "found on looking again" in done.actions[0].reason
    assert sum(f"Ref {prioritize.REFERENCE}" in body for body in comments(running.url)) == 1


def test_somebody_elses_copy_of_our_reference_is_not_taken_for_a_question(running: Running, desk: Desk) -> None:
    add_comment(running.store, "passer-by", 1, f"<!-- Ref {prioritize.REFERENCE} -->")
    assert prioritize.read(desk).marks == {1: ()}
    add_comment(running.store, "priya-raman", 1, f"<!-- Ref {prioritize.REFERENCE} -->")
    assert prioritize.read(desk).marks == {1: (prioritize.REFERENCE,)}


def test_a_new_change_request_moves_a_plan_that_was_seen(running: Running, desk: Desk) -> None:
    plan = prioritize.plan(prioritize.read(desk))
    desk.tracker.open("[Support] More", "### Request type\n\nFeature Request", ["support"])
    refused = plan.run(desk, apply=True)
    assert refused.outcome == "refused"
    assert not [body for body in comments(running.url) if prioritize.REFERENCE in body]


def test_the_form_shows_the_plan_and_applies_it(running: Running, desk: Desk) -> None:
    form = prioritize_form(desk, found := prioritize.read(desk), decide_prioritize(found))
    form._bar.children[0].click()
    assert sum(prioritize.REFERENCE in body for body in comments(running.url)) == 1
    assert form.plan.actions[0].landed(form.case)


def test_the_notebook_runs_for_a_named_sprint_and_refuses_one_that_is_over(running: Running, tmp_path: Path) -> None:
    ran = papermill("prioritize.ipynb", tmp_path, running.url, "iteration=57", "apply=true")
    assert ran.returncode == 0, ran.stderr
    assert receipt(tmp_path)["subject"] == "iteration 57"
    assert [line["state"] for line in receipt(tmp_path)["actions"]] == ["done"]
    ran = papermill("prioritize.ipynb", tmp_path, running.url, "iteration=12")
    assert ran.returncode == 1
    assert "12 is over" in ran.stderr


def test_a_plan_without_time_entries_ranks_all_the_same() -> None:
    with server.start(ORGANIZATION, plan="growth") as poor:
        found = prioritize.read(connect(Settings(sandbox_url=poor.url)))
    assert found.spent is None
    assert [one.rule for one in prioritize.assess(found)] == [7]


def test_a_whole_year_is_ranked_from_lists_alone() -> None:
    """3000 tickets and 300 issues of a year: a call for each hundred, and nothing for a ticket or an issue by itself."""
    with server.start(ORGANIZATION, plan="addon-2000") as busy:
        generate.generate(busy.store, 3_000)
        desk = connect(Settings(sandbox_url=busy.url))
        before = get(busy.url, "/sandbox/state")["requests"]
        found = prioritize.read(desk)
        prioritizepage.View(found)._repr_mimebundle_()
        after = get(busy.url, "/sandbox/state")["requests"]
    calls = {path: n - before.get(path, 0) for path, n in after.items() if n > before.get(path, 0)}
    assert not [path for path in calls if path.rpartition("/")[2].isdecimal()], calls
    assert len(found.issues) > 50
    assert sum(calls.values()) < 60, calls

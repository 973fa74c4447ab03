"""The order of work: which rule gives a request its place, and whose budget is used up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from backlogs import COAST, backlog, issue, placed, rule_of, spent, ticket
from building import ORGANIZATION, plan_files, read

from deskbook.config.organization import Organization
from deskbook.model.records import Community
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.runbooks.prioritize import view as prioritizepage
from deskbook.runbooks.prioritize.decision import decide as decide_prioritize
from deskbook.runbooks.prioritize.plan import Backlog
from deskbook.ui import blocks as ui

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

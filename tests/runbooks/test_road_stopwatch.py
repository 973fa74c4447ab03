"""A stopwatch that ran all night, was forgotten, or is an agent's own: what is booked."""

from __future__ import annotations

import pytest
from roads import advance, run

from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.timebox import plan as timebox
from deskbook.runbooks.timebox.decision import LONGEST_SITTING
from deskbook.runbooks.timebox.decision import decide as decide_timebox
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running


@pytest.mark.parametrize(("decision", "counted"), [({}, 30), ({"minutes": 45, "outcome": "solved"}, 45)])
def test_a_stopwatch_that_ran_all_night_counts_to_the_end_of_the_timebox_or_to_what_its_agent_says(
    desk: Desk, running: Running, decision: dict[str, object], counted: int
) -> None:
    run(desk, "timebox", 102)
    advance(running.url, hours=14)
    receipt = run(desk, "timebox", 102, **decision)
    assert receipt.outcome in ("told", "solved")
    (entry,) = desk.helpdesk.time_entries(102) or ()
    assert (entry.running, entry.seconds) == (False, counted * 60)
    assert f"cut to {counted} min" in " ".join(line.reason for line in receipt.actions)


def test_a_stopwatch_that_was_forgotten_on_another_ticket_is_cut_when_the_next_begins(
    desk: Desk, running: Running
) -> None:
    run(desk, "timebox", 102, agent="Grace")
    advance(running.url, hours=14)
    (line,) = [line for line in run(desk, "timebox", 110, agent="Grace").actions if line.key == "timebox.work#start"]
    assert "forgotten on ticket 102 is cut to 30 min" in line.reason
    (entry,) = desk.helpdesk.time_entries(102) or ()
    assert (entry.running, entry.seconds) == (False, 30 * 60)


def test_a_timer_that_an_agent_runs_by_hand_is_left_to_them(desk: Desk, running: Running) -> None:
    case = desk.case(102)
    grace = next(agent.id for agent in case.agents if agent.name.startswith("Grace"))
    desk.helpdesk.start_timer(102, grace, "Reading", billable=True)
    advance(running.url, hours=2)
    run(desk, "timebox", 110, agent="Grace")
    (entry,) = desk.helpdesk.time_entries(102) or ()
    assert (entry.running, entry.seconds) == (False, 2 * 3600)  # the helpdesk stops it, since an agent has one timer


def test_of_two_stopwatches_that_ran_all_night_both_stop_and_the_ticket_counts_one_timebox(
    desk: Desk, running: Running
) -> None:
    for agent in ("Grace", "Tomás"):
        case = desk.case(102)
        timebox.start(case, decide_timebox(case, agent=agent)).run(desk, apply=True)
        advance(running.url, minutes=12)
    case = desk.case(102)
    timebox.pause(case, decide_timebox(case, agent="Tomás")).run(desk, apply=True)
    advance(running.url, hours=14)
    run(desk, "timebox", 102)
    found = desk.helpdesk.time_entries(102) or ()
    assert [(entry.running, entry.seconds // 60) for entry in found] == [(False, 24), (False, 6)]


def test_the_form_takes_no_more_minutes_than_may_be_booked_so_its_stopwatch_goes_on(desk: Desk) -> None:
    case = desk.case(102)
    form = runbook("timebox").form(desk, case, decide_timebox(case))
    minutes = form._inputs["minutes"]
    minutes.value = 9_999
    assert form.values["minutes"] == minutes.value == LONGEST_SITTING
    minutes.value = 0
    form._watch.click()
    assert [entry.running for entry in desk.helpdesk.time_entries(102) or ()] == [True]

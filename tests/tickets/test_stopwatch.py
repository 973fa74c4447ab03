"""The stopwatch: what counts for which cycle and agent, kept as time entries or, where there are none, as notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from building import build_case

from deskbook.model.case import Case
from deskbook.model.records import Entry, TimeEntry
from deskbook.runbooks.timebox import plan as timebox
from deskbook.runbooks.timebox.decision import decide as decide_timebox
from deskbook.tickets.stopwatch import Book, Start, Stop, note_of, running, seconds, sittings

CASE = build_case({"ticket": {"agent": "Grace Holloway", "type": "Something is not working"}})
GRACE, TOMAS = CASE.agents[1].id, CASE.agents[2].id
NOTE = note_of(CASE)


def timed(*entries: TimeEntry, case: Case = CASE) -> Case:
    return replace(case, time_entries=entries)


def entry(agent: int, minutes: float, *, going: bool = False, ago: float = 0, note: str = NOTE) -> TimeEntry:
    started = CASE.now - timedelta(minutes=ago)
    return TimeEntry(700, 101, agent, int(minutes * 60), going, started, note)


def noted(*notes: tuple[int, str, float], ref: str = "101-1", said: str = "") -> Case:
    """A case whose stopwatch is notes: agent, what the note says of the stopwatch, minutes ago."""
    entries = tuple(
        Entry(
            500 + i,
            i,
            agent,
            False,
            True,
            f"<p>{said}</p><p>Ref {ref}-timebox.work{what}</p>",
            CASE.now - timedelta(minutes=ago),
        )
        for i, (agent, what, ago) in enumerate(notes)
    )
    return replace(CASE, time_entries=None, entries=entries)


def reopened(case: Case, ago: float = 0) -> Case:
    position, at = len(case.entries), case.now - timedelta(minutes=ago)
    note = Entry(900, position, GRACE, False, True, "<p>Ref 101-1-resolve.reopen#record</p>", at)
    return replace(case, entries=(*case.entries, note))


def test_nothing_worked_is_nothing() -> None:
    assert seconds(CASE) == 0
    assert not running(CASE)


def test_a_stopwatch_that_runs_counts_until_now() -> None:
    case = timed(entry(GRACE, 3, going=True, ago=4))
    assert seconds(case) == 7 * 60
    assert [e.agent for e in running(case)] == [GRACE]


def test_one_that_starts_in_the_future_has_counted_nothing_yet() -> None:
    assert seconds(timed(entry(GRACE, 3, going=True, ago=-5))) == 3 * 60


def test_minutes_add_up_over_pauses_and_people_and_can_be_told_apart() -> None:
    case = timed(entry(GRACE, 5), entry(TOMAS, 7), entry(GRACE, 4))
    assert (seconds(case), seconds(case, GRACE), seconds(case, TOMAS)) == (16 * 60, 9 * 60, 7 * 60)


def test_a_cycle_counts_its_own_minutes_alone() -> None:
    first = timed(entry(GRACE, 30, ago=60))
    second = reopened(first, ago=30)
    assert seconds(first) == 30 * 60
    assert seconds(second) == 0
    assert seconds(timed(entry(GRACE, 4, note="Ref 101-2-timebox.work"), case=second)) == 4 * 60


def test_time_booked_by_hand_counts_for_the_cycle_in_which_it_began() -> None:
    case = reopened(CASE, ago=30)
    assert seconds(timed(entry(GRACE, 9, ago=40, note="a call"), case=case)) == 0
    assert seconds(timed(entry(GRACE, 9, ago=20, note="a call"), case=case)) == 9 * 60


def test_the_note_of_another_ticket_says_nothing_of_the_cycle() -> None:
    assert seconds(timed(entry(GRACE, 9, note="Ref 102-7-timebox.work"))) == 9 * 60


def test_a_start_to_a_stop_is_a_sitting() -> None:
    case = noted((GRACE, "#start", 20), (GRACE, "#stop", 12), (GRACE, "#start", 5))
    assert seconds(case) == 13 * 60
    assert [e.agent for e in running(case)] == [GRACE]


def test_starting_twice_starts_once() -> None:
    assert seconds(noted((GRACE, "#start", 20), (GRACE, "#start", 10), (GRACE, "#stop", 5))) == 15 * 60


def test_a_stop_without_a_start_is_nothing() -> None:
    assert sittings(noted((GRACE, "#stop", 5), (GRACE, "#end", 3))) == ()


def test_a_stop_is_ones_own_and_the_end_is_everybodys() -> None:
    both = [(GRACE, "#start", 20.0), (TOMAS, "#start", 20.0)]
    assert [e.agent for e in running(noted(*both, (GRACE, "#stop", 10)))] == [TOMAS]
    assert not running(noted(*both, (GRACE, "#end", 10)))
    assert seconds(noted(*both, (GRACE, "#end", 10))) == 20 * 60


def test_times_out_of_order_take_nothing_away() -> None:
    assert seconds(noted((GRACE, "#start", 5), (GRACE, "#stop", 15))) == 0


def test_the_notes_of_another_ticket_or_cycle_are_not_counted() -> None:
    notes = ((GRACE, "#start", 20.0), (GRACE, "#stop", 12.0))
    assert seconds(noted(*notes, ref="102-1")) == 0
    assert seconds(noted(*notes, ref="101-2")) == 0
    assert seconds(reopened(noted(*notes))) == 0


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("Minutes: 25", 25),
        ("Minutes: 0", 0),
        ("Minutes: many", 0),
        ("Minutes: -5", 0),
        ("Minutes: 9999999", 0),
        ("25", 0),
    ],
)
def test_minutes_are_read_from_their_note(said: str, minutes: int) -> None:
    assert seconds(noted((GRACE, "#minutes", 5), said=said)) == minutes * 60


def test_a_contact_has_no_stopwatch() -> None:
    case = noted((CASE.requester.id, "#start", 20))
    assert seconds(case) == 0


def test_each_action_sees_whether_it_is_done() -> None:
    start = Start("timebox.work#start", 101, GRACE, "Start", NOTE, True, 30)
    stop = Stop("timebox.work#stop", 101, "Stop", NOTE, 1_800, GRACE)
    everybody = replace(stop, agent=None)
    going = timed(entry(TOMAS, 0, going=True, ago=5))
    assert start.landed(CASE) is None
    assert start.landed(going) is None
    assert start.landed(timed(entry(GRACE, 0, going=True, ago=5))) == "time entry 700"
    assert stop.landed(going)
    assert everybody.landed(going) is None
    assert everybody.landed(CASE)


def test_only_minutes_that_are_missing_are_booked() -> None:
    book = Book("timebox.work", 101, GRACE, 25, NOTE, True)
    assert book.landed(CASE) is None
    assert book.landed(timed(entry(TOMAS, 25))) is None
    assert book.landed(timed(entry(GRACE, 24.9))) is None
    assert book.landed(timed(entry(GRACE, 25))) == "25 min are on record"


def test_minutes_that_draw_on_no_budget_say_so() -> None:
    charged = Book("timebox.work", 101, GRACE, 25, NOTE, True)
    assert charged.sentence() == "Book time: 25 min in all"
    assert replace(charged, billable=False).sentence() == "Book time: 25 min in all, not drawn from any budget"


def test_the_stopwatch_does_not_start_where_nobody_may_work() -> None:
    decision = decide_timebox(CASE)
    assert [a.key for a in timebox.start(CASE, decision).actions] == ["timebox.work#start"]
    for said in (
        {"ticket": {"agent": "Grace Holloway", "status": "Closed"}},
        {"ticket": {"agent": "Grace Holloway", "type": "Incident"}},
        {"from": "Otto Berg", "ticket": {"tags": ["waiting-approval"]}},
    ):
        plan = timebox.start(build_case(said), decision)
        assert not plan.actions
        assert plan.needs_human


def test_pausing_and_keeping_are_always_possible() -> None:
    closed = build_case({"ticket": {"agent": "Grace Holloway", "status": "Closed"}})
    decision = decide_timebox(closed, findings="The disk is full")
    assert [a.key for a in timebox.pause(closed, decision).actions] == ["timebox.work#stop"]
    assert [a.key for a in timebox.keep(closed, decision).actions] == ["timebox.work#sheet"]

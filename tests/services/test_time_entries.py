"""Time entries and lists of tickets, over the sandbox; and a few answers that only odd accounts give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from helpdesks import NOW, account, asked, control, staff, ticket, write

from deskbook.config.organization import load_organization
from deskbook.errors import AnswerLost, Refused, ServiceError
from deskbook.model.records import TimeEntry
from deskbook.services.freshdesk import lists as freshdesk_lists
from deskbook.services.freshdesk.client import Freshdesk
from deskbook_sandbox.server import Running, start


def advance(sandbox: Running, seconds: int) -> None:
    control(sandbox, "clock", {"advance": seconds})


def only(desk: Freshdesk, number: int) -> TimeEntry:
    found = desk.time_entries(number)
    assert found is not None
    (entry,) = found
    return entry


# Time entries.


def test_a_timer_that_runs_has_counted_nothing_before_it_began(sandbox: Running, desk: Freshdesk) -> None:
    number, grace = ticket(sandbox), staff(desk, "grace")
    made = desk.start_timer(number, grace, "Ref 1-1-timebox.begin", billable=False)
    begun = desk.now()
    advance(sandbox, 600)
    entry = only(desk, number)
    assert (str(entry.id), entry.ticket, entry.agent, entry.running) == (made, number, grace, True)
    assert (entry.note, entry.billable, entry.started) == ("Ref 1-1-timebox.begin", False, begun)
    assert (entry.seconds, entry.lasted(desk.now())) == (0, 600)


def test_a_stopped_timer_has_counted_and_stopping_it_twice_changes_nothing(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    made = int(desk.start_timer(number, staff(desk, "grace"), "x", billable=True))
    advance(sandbox, 125)
    assert desk.stop_timer(made) == str(made)
    advance(sandbox, 300)
    assert desk.stop_timer(made) == str(made)
    entry = only(desk, number)
    assert (entry.running, entry.seconds, entry.lasted(desk.now())) == (False, 125, 125)


def test_a_timer_that_runs_again_keeps_what_it_counted_before(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    made = int(desk.start_timer(number, staff(desk, "grace"), "x", billable=True))
    advance(sandbox, 120)
    desk.stop_timer(made)
    advance(sandbox, 1000)
    write(sandbox, f"/time_entries/{made}", {"timer_running": True}, "PUT")
    advance(sandbox, 30)
    entry = only(desk, number)
    assert (entry.running, entry.seconds, entry.lasted(desk.now())) == (True, 120, 150)


def test_a_second_timer_of_an_agent_stops_the_first(sandbox: Running, desk: Freshdesk) -> None:
    first, second, grace = ticket(sandbox), ticket(sandbox), staff(desk, "grace")
    for number in (first, second):
        desk.start_timer(number, grace, "x", billable=True)
    assert (only(desk, first).running, only(desk, second).running) == (False, True)


def test_minutes_are_booked_once_each_time_and_read_oldest_first(sandbox: Running, desk: Freshdesk) -> None:
    number, mei = ticket(sandbox), staff(desk, "mei")
    made = [desk.book(number, mei, minutes, f"{minutes} min", billable=True) for minutes in (95, 5)]
    found = desk.time_entries(number) or ()
    assert [str(entry.id) for entry in found] == made
    assert [(e.seconds, e.agent, e.running, e.note) for e in found] == [
        (5700, mei, False, "95 min"),
        (300, mei, False, "5 min"),
    ]


def test_time_entries_are_read_to_the_last_page(sandbox: Running, desk: Freshdesk) -> None:
    number, mei = ticket(sandbox), staff(desk, "mei")
    for minute in range(101):
        desk.book(number, mei, minute, "x", billable=True)
    assert [entry.seconds for entry in desk.time_entries(number) or ()] == [60 * minute for minute in range(101)]


def test_a_ticket_without_time_is_not_a_helpdesk_without_time(sandbox: Running, desk: Freshdesk) -> None:
    assert desk.time_entries(ticket(sandbox)) == ()


def test_a_plan_without_time_entries_has_none() -> None:
    with start(load_organization(), seed=None, plan="growth", now=NOW) as growth:
        poor = Freshdesk(growth.url, "sandbox", load_organization())
        number = ticket(growth)
        assert poor.time_entries(number) is None
        with pytest.raises(Refused, match="require_feature: The Timesheets"):
            poor.start_timer(number, poor.me().id, "x", billable=True)


def test_another_refusal_is_no_missing_plan(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    control(sandbox, "faults", [{"path": "/api/v2/tickets/*/time_entries", "status": 403}])
    with pytest.raises(Refused, match="not allowed"):
        desk.time_entries(number)


@pytest.mark.parametrize("call", ["start", "book"])
def test_a_lost_answer_about_time_is_reported_and_not_repeated(sandbox: Running, desk: Freshdesk, call: str) -> None:
    number, grace = ticket(sandbox), staff(desk, "grace")
    control(sandbox, "faults", [{"method": "POST", "path": "/api/v2/tickets/*/time_entries", "drop": "after"}])
    calls = {
        "start": lambda: desk.start_timer(number, grace, "x", billable=True),
        "book": lambda: desk.book(number, grace, 5, "x", billable=True),
    }
    with pytest.raises(AnswerLost):
        calls[call]()
    assert only(desk, number).running is (call == "start")


def test_a_timer_whose_stopping_went_unanswered_can_be_stopped_again(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    made = int(desk.start_timer(number, staff(desk, "grace"), "x", billable=True))
    control(sandbox, "faults", [{"method": "PUT", "path": "/api/v2/time_entries/*", "drop": "after", "times": 1}])
    with pytest.raises(AnswerLost):
        desk.stop_timer(made)
    desk.stop_timer(made)
    assert not only(desk, number).running


def test_only_that_it_stands_still_already_is_forgiven(sandbox: Running, desk: Freshdesk) -> None:
    control(sandbox, "faults", [{"method": "PUT", "path": "/api/v2/time_entries/*", "status": 403}])
    with pytest.raises(Refused):
        desk.stop_timer(1)


SPENT: dict[str, Any] = {
    "id": 5,
    "ticket_id": 7,
    "agent_id": "9",
    "note": None,
    "billable": True,
    "timer_running": False,
    "time_spent": "01:30",
    "start_time": "2026-11-20T10:00:00Z",
    "created_at": "2026-11-20T10:00:00Z",
    "mood": "fine",
}


def read_spent(**more: Any) -> TimeEntry:
    with account({"/tickets/7/time_entries": [{**SPENT, **more}]}) as odd:
        return only(odd, 7)


def test_an_account_that_tells_no_seconds_is_read_by_the_minute() -> None:
    entry = read_spent()
    assert (entry.seconds, entry.agent, entry.note) == (5400, 9, "")
    assert entry.started == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_blank_time_is_none_and_nonsense_is_named() -> None:
    assert read_spent(time_spent=None).seconds == 0
    with pytest.raises(ServiceError, match="'time_spent' is 'a while', which is no time as hh:mm"):
        read_spent(time_spent="a while")
    with pytest.raises(ServiceError, match="'start_time' is null, which is no time"):
        read_spent(start_time=None)


# Notes.


def test_a_note_gets_new_words_and_stays_one_note(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    note = int(desk.note(number, "<p>Begun</p>"))
    for words in ("Half", "Done"):
        assert desk.edit_note(note, f"<p>{words}</p>") == str(note)
    (entry,) = desk.entries(number)
    assert "Done" in entry.body
    assert "Begun" not in entry.body
    assert (entry.id, entry.private) == (note, True)


# Lists.


def test_the_queue_is_what_is_unfinished_oldest_first(sandbox: Running, desk: Freshdesk) -> None:
    wanted = []
    for status in (2, 5, 3, 4, 6):
        number = ticket(sandbox, status=status)
        wanted += [number] if status != 5 else []
        advance(sandbox, 60)
    gone = ticket(sandbox)
    write(sandbox, f"/tickets/{gone}", {}, "DELETE")
    found = desk.queue().tickets
    assert [each.ticket.id for each in found] == wanted
    assert [each.ticket.status for each in found] == ["Open", "Pending", "Resolved", "Waiting on Customer"]
    assert {each.ticket.body for each in found} == {""}


def test_the_queue_tells_when_each_side_wrote_last(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    created = desk.ticket(number).created
    advance(sandbox, 60)
    desk.reply(number, "<p>First</p>")
    answered = desk.now()
    advance(sandbox, 60)
    control(sandbox, "incoming", {"ticket_id": number, "from": "ada@aurora.example.org", "body": "Thanks"})
    advance(sandbox, 60)
    desk.update(number, {"status": "Pending"})
    pending = desk.now()
    (found,) = desk.queue().tickets
    assert (found.first_answer, found.answered, found.pending, found.changed) == (answered, answered, pending, pending)
    assert found.replied is not None
    assert created < answered < found.replied < pending
    assert (found.reopened, found.resolved) == (None, None)


def test_the_queue_costs_calls_by_the_hundred(sandbox: Running, desk: Freshdesk) -> None:
    for _ in range(105):
        ticket(sandbox)
    advance(sandbox, 60)
    assert len(desk.queue().tickets) == 105
    counts = asked(sandbox)
    assert counts["GET /api/v2/tickets"] == 2 + 2  # one for statuses of the account's own, one for what moved meanwhile
    assert not any("/api/v2/tickets/" in path for path in counts)


def test_a_ticket_untouched_for_months_is_still_in_the_queue(sandbox: Running, desk: Freshdesk) -> None:
    old, finished = ticket(sandbox), ticket(sandbox, status=5)
    advance(sandbox, 200 * 86_400)
    new = ticket(sandbox)
    assert [each.ticket.id for each in desk.queue().tickets] == [old, new]
    assert finished not in {each.ticket.id for each in desk.queue().tickets}


def test_a_search_that_shows_all_leaves_nothing_unseen(sandbox: Running, desk: Freshdesk) -> None:
    for _ in range(30):
        ticket(sandbox)
    advance(sandbox, 200 * 86_400)
    found = desk.queue()
    assert (len(found.tickets), found.unseen) == (30, 0)


def test_where_freshdesk_ends_a_list_the_next_one_goes_on(
    sandbox: Running, desk: Freshdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshdesk_lists, "PAGE", 3)
    monkeypatch.setattr(freshdesk_lists, "MOST_PAGES", 2)
    numbers = []
    for _ in range(14):
        numbers.append(ticket(sandbox))
        advance(sandbox, 1)
    assert [each.ticket.id for each in desk.queue().tickets] == numbers


def test_a_communitys_latest_tickets_come_with_what_they_say_in_one_call(sandbox: Running, desk: Freshdesk) -> None:
    company = write(sandbox, "/companies", {"name": "Aurora"})["id"]
    first = ticket(sandbox, company_id=company, description="<p>No space left</p>", status=5)
    advance(sandbox, 60)
    second = ticket(sandbox, company_id=company)
    ticket(sandbox)
    found = desk.tickets_of(company)
    assert [each.ticket.id for each in found] == [first, second]
    assert "No space left" in found[0].ticket.body
    assert asked(sandbox)["GET /api/v2/tickets"] == 1


def test_a_community_that_is_not_there_is_refused(desk: Freshdesk) -> None:
    with pytest.raises(Refused, match="company_id"):
        desk.tickets_of(123)


def test_a_list_that_is_none_is_an_error_of_ours() -> None:
    me = {"id": 1, "contact": {"name": "Grace", "email": "grace@x.org"}}
    with account({"/tickets": {"id": 1}, "/agents/me": me}) as odd:
        with pytest.raises(ServiceError, match="came back as no list"):
            odd.tickets_of(1)
        with pytest.raises(ServiceError, match="came back as no list"):
            odd.queue()

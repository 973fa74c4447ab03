"""Time entries, their timers, and satisfaction."""

from __future__ import annotations

import pytest

ENTRY = {
    "id", "billable", "note", "timer_running", "agent_id", "ticket_id", "company_id", "time_spent",
    "time_spent_in_seconds", "executed_at", "start_time", "created_at", "updated_at",
}  # fmt: skip


def test_minutes_spent(quick):
    made = quick.make("/tickets/101/time_entries", {"time_spent": "00:30", "note": "x"})
    assert set(made) == ENTRY
    assert (made["time_spent"], made["time_spent_in_seconds"], made["timer_running"]) == ("00:30", 1800, False)
    assert (made["billable"], made["company_id"]) == (True, quick.get("/tickets/101")["company_id"])
    assert quick.get("/tickets/101/time_entries") == quick.get("/time_entries") == [made]
    assert quick.api("GET", f"/time_entries/{made['id']}").status_code == 405


def test_a_timer_counts_and_stops(quick):
    made = quick.make("/tickets/101/time_entries", {})
    assert (made["timer_running"], made["time_spent"]) == (True, "00:00")
    quick.advance(minutes=12)
    assert quick.get("/time_entries")[0]["time_spent"] == "00:12"
    stopped = quick.change(f"/time_entries/{made['id']}/toggle_timer", {})
    assert (stopped["timer_running"], stopped["time_spent"]) == (False, "00:12")
    quick.advance(minutes=60)
    again = quick.change(f"/time_entries/{made['id']}/toggle_timer", {})
    quick.advance(minutes=3)
    assert again["timer_running"]
    assert quick.get("/time_entries")[0]["time_spent"] == "00:15"


def test_one_timer_runs_per_agent(quick):
    first = quick.make("/tickets/101/time_entries", {})
    quick.advance(minutes=5)
    second = quick.make("/tickets/102/time_entries", {"start_time": "2026-11-23T17:50:00Z"})
    other = quick.get("/agents")[1]["id"]
    quick.make("/tickets/103/time_entries", {"agent_id": other})
    running = {each["id"]: each["timer_running"] for each in quick.get("/time_entries")}
    assert [running[each["id"]] for each in (first, second)] == [False, True]
    assert sum(running.values()) == 2
    assert second["time_spent"] == "00:10"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"time_spent": "half an hour"}, "time_spent", "invalid_value"),
        ({"time_spent": 30}, "time_spent", "datatype_mismatch"),
        ({"start_time": "2026-11-23T18:00:00Z"}, "start_time", "invalid_value"),
        ({"start_time": "2026-11-23T17:00:00Z", "timer_running": False}, "start_time", "incompatible_field"),
        ({"agent_id": 1}, "agent_id", "invalid_value"),
        ({"minutes": 3}, "minutes", "invalid_field"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(quick, body, field, code):
    assert quick.problems("POST", "/tickets/101/time_entries", body)[field][0] == code


def test_what_cannot_change_while_a_timer_runs(quick):
    path = f"/time_entries/{quick.make('/tickets/101/time_entries', {})['id']}"
    assert quick.problems("PUT", path, {"timer_running": True})["timer_running"][0] == "invalid_value"
    for body in ({"agent_id": quick.get("/agents")[1]["id"]}, {"start_time": "2026-11-23T17:00:00Z"}):
        assert quick.problems("PUT", path, body)[next(iter(body))][0] == "readonly_field"
    stopped = quick.change(path, {"timer_running": False, "note": "done", "time_spent": "01:05", "billable": False})
    assert (stopped["time_spent"], stopped["note"], stopped["billable"]) == ("01:05", "done", False)
    assert quick.api("DELETE", path).status_code == 204
    assert quick.get("/time_entries") == []


def test_entries_are_filtered(quick):
    quick.make("/tickets/101/time_entries", {"time_spent": "00:10", "executed_at": "2026-11-01T10:00:00Z"})
    quick.make("/tickets/102/time_entries", {"time_spent": "00:20", "billable": False})
    aurora = quick.get("/tickets/101")["company_id"]
    for query, tickets in (
        ({"company_id": aurora}, [101]),
        ({"executed_after": "2026-11-02"}, [102]),
        ({"executed_before": "2026-11-02"}, [101]),
        ({"billable": "false"}, [102]),
        ({"agent_id": quick.get("/agents/me")["id"]}, [101, 102]),
    ):
        assert [each["ticket_id"] for each in quick.get("/time_entries", **query)] == tickets
    assert quick.problems("GET", "/time_entries", billable="perhaps")


def test_an_answer_to_the_survey_is_a_rating_and_a_conversation(quick):
    quick.change("/tickets/101", {"status": 4})
    quick.advance(minutes=2)
    rating = quick.control("/survey-answer", {"ticket_id": 101, "rating": 103, "feedback": "Great & <b>fast</b>"})
    assert set(rating) == {
        "id", "survey_id", "user_id", "agent_id", "group_id", "ticket_id", "feedback", "ratings", "created_at", "updated_at",
    }  # fmt: skip
    assert rating["ratings"] == {"default_question": 103}
    assert quick.get("/tickets/101/satisfaction_ratings") == quick.get("/surveys/satisfaction_ratings") == [rating]
    (said,) = quick.get("/tickets/101/conversations")
    assert (said["source"], said["category"], said["incoming"]) == (6, 7, True)
    found = quick.get("/tickets/101", include="stats")
    assert (found["status"], found["stats"]["requester_responded_at"]) == (4, "2026-11-23T17:57:00Z")
    assert quick.get("/surveys/satisfaction_ratings", created_since="2026-11-24") == []


def test_ratings_are_checked(quick):
    path = "/tickets/101/satisfaction_ratings"
    assert quick.make(path, {"ratings": {"default_question": -103}, "feedback": "no"})["feedback"] == "no"
    assert quick.problems("POST", path, {})["ratings"][0] == "missing_field"
    assert quick.problems("POST", path, {"ratings": {"default_question": 5}})
    assert quick.problems("POST", path, {"ratings": {"question_9": 103}})
    survey = quick.get("/surveys", state="active")[0]
    assert set(survey) == {"id", "title", "active", "questions", "created_at", "updated_at"}

"""What communities write about their events: each fact says where it was read, and no text keeps the readers busy."""

from __future__ import annotations

import re

import pytest
import real_input
from event_mail import ASKED, event
from yardstick import ENOUGH, yards

from deskbook.language.attendees import attendees_in
from deskbook.language.dates import days_in
from deskbook.language.hours import hours_in
from deskbook.language.redaction import redact
from deskbook.runbooks.workshop.sources import LONGEST


def test_each_fact_says_where_it_was_read() -> None:
    found = event("On 12-14 January 2027, 9am-5pm ET, 40 people.").facts
    assert found["begin"].where == "the ticket: '12-14 January 2027'"
    assert found["active_hours"].where == "the ticket: '9am-5pm'"
    assert found["hub_url"].where == "the only hub of Aurora Climate Lab"


@pytest.mark.parametrize(
    "piece",
    ["12 January - ", "1-", "january 1 and ", "9:00-", "9 and ", "between ", "password to ", "password:", "use ", "40 big ", "mon ", " ", "UTC+", "attendees ", "is the new shared password ", "8 February or "],
)  # fmt: skip
def test_no_text_keeps_it_busy(piece: str) -> None:
    text = (piece * 20_000)[:LONGEST]
    readers = (lambda t: days_in(t, ASKED), hours_in, attendees_in, redact, lambda t: event(t))
    assert yards(lambda: [read(text) for read in readers]) < ENOUGH


@pytest.mark.real
def test_every_recorded_request_is_understood() -> None:
    if not real_input.DATA.is_dir():
        pytest.skip(real_input.ABSENT)
    found = real_input.events()
    assert len(found) == 18
    for row, plan, advice in found:
        read = advice.event
        assert plan.outcome == "waiting"
        assert (str(read.begin), str(read.end)) == (row["event_start"], row["event_end"])
        digits = [number for number in row["attendees"].replace("-", " ").split() if number.isdigit()]
        assert all(number in read.value("attendees") for number in digits)
        assert bool(read.windows) == (":" in row["active_hours"])
        said = re.match(r"(\d+) (?:calendar )?days? notice", row["note"])
        assert said is None or advice.notice == int(said[1])
    by_issue = {row["issue"]: (plan, advice) for row, plan, advice in found}
    assert by_issue["4144"][1].notice == 29  # from the ticket, though its issue came a day before the event
    assert len(by_issue["2092"][1].event.spans) == 2
    assert str(by_issue["6440"][1].event.ready) == "2025-08-08"
    assert str(by_issue["8493"][1].event.due) == "2026-06-15"
    assert any("say in the issue who speaks for it" in need for need in by_issue["3071"][0].needs_human)
    asked = {issue: len(advice.event.missing) for issue, (_, advice) in by_issue.items()}
    assert max(asked.values()) <= 3, asked  # with the one about taking the hub down


def test_an_address_that_is_none_of_our_hubs_is_asked_about() -> None:
    read = event("A new hub please, https://teal.hubs.example.net, for 12 January 2027.")
    assert "Which hub will you use: teal.hubs.example.net? Is it there already?" in read.missing

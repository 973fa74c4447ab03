"""Answers that only odd accounts give: other fields, statuses and values, keys that are missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from helpdesks import account

from deskbook.errors import ServiceError
from deskbook.model.records import Ticket
from deskbook.services.freshdesk.fields import choices_in, hours_in, is_true, names_in

TICKET: dict[str, Any] = {
    "id": 7,
    "subject": None,
    "description": None,
    "status": 9,
    "source": 12,
    "type": None,
    "requester_id": "103028899369",
    "responder_id": None,
    "company_id": None,
    "group_id": None,
    "tags": [],
    "custom_fields": {},
    "created_at": "2026-11-20T10:00:00+01:00",
    "spam": True,
    "sentiment_score": 87,
}


def read_from(answers: dict[str, Any]) -> Ticket:
    with account(answers) as desk:
        return desk.ticket(7)


def test_whoever_left_the_staff_takes_no_ticket_but_is_still_known_as_an_author() -> None:
    def agent(number: int, active: bool = True, **more: Any) -> dict[str, Any]:
        return {"id": number, "contact": {"name": f"A{number}", "email": f"a{number}@x.org", "active": active}, **more}

    with account({"/agents": [agent(1), agent(2, active=False), agent(3, deactivated=True)]}) as desk:
        assert [(each.id, each.active) for each in desk.agents()] == [(1, True), (2, False), (3, False)]
        assert desk.contact(2).name == "A2"


def test_whom_the_helpdesk_lists_under_a_company_belongs_to_it() -> None:
    with account({"/contacts": [{"id": 1, "name": "Ada", "email": None, "company_id": 5}]}) as desk:
        assert desk.contacts_of(6)[0].communities == (5, 6)


def test_keys_we_do_not_know_and_blanks_are_no_trouble() -> None:
    found = read_from({"/tickets/7": TICKET})
    assert (found.subject, found.body, found.status, found.source) == ("", "", "status 9", "source 12")
    assert (found.requester, found.spam, found.deleted) == (103028899369, True, False)
    assert found.created == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_status_of_the_accounts_own_is_looked_up() -> None:
    fields = [{"name": "subject"}, {"name": "status", "choices": {"2": ["Open", "Open"], "9": ["On hold", "Waiting"]}}]
    assert read_from({"/tickets/7": TICKET, "/ticket_fields": fields}).status == "On hold"


@pytest.mark.parametrize("missing", ["requester_id", "status", "created_at", "tags"])
def test_a_missing_key_is_named(missing: str) -> None:
    with pytest.raises(ServiceError, match=f"/tickets/7: '{missing}' is missing"):
        read_from({"/tickets/7": {key: value for key, value in TICKET.items() if key != missing}})


@pytest.mark.parametrize(("key", "value"), [("requester_id", "nobody"), ("created_at", "yesterday")])
def test_a_value_of_the_wrong_kind_is_named(key: str, value: object) -> None:
    with pytest.raises(ServiceError, match=f"'{key}' is '{value}'"):
        read_from({"/tickets/7": {**TICKET, key: value}})


def test_an_answer_that_is_no_ticket_is_an_error_of_ours() -> None:
    with pytest.raises(ServiceError, match="missing from the answer"):
        read_from({"/tickets/7": ["not", "a", "ticket"]})


@pytest.mark.parametrize(
    "choices",
    [{"9": ["On hold", "Waiting"]}, {"9": "On hold"}, {"On hold": 9}, [{"id": 9, "label": "On hold"}]],
)
def test_choices_are_read_in_every_shape_they_come_in(choices: Any) -> None:
    assert choices_in(choices) == {9: "On hold"}


@pytest.mark.parametrize("choices", [None, "On hold", ["On hold"], {"a": {"b": ["c"]}}])
def test_choices_without_codes_are_none(choices: Any) -> None:
    assert choices_in(choices) == {}


@pytest.mark.parametrize(
    ("field", "hours"),
    [(5, 5.0), ("2,5", 2.5), (" 3 ", 3.0), (None, None), ("", None), ("plenty", None), (-1, None), ("nan", None)],
)
def test_hours_are_read_from_numbers_and_texts(field: Any, hours: float | None) -> None:
    assert hours_in(field) == hours


@pytest.mark.parametrize(
    ("field", "truth"), [(True, True), ("Yes", True), (1, True), (False, False), (None, False), ("no", False)]
)
def test_own_funding_is_read_from_boxes_and_texts(field: Any, truth: bool) -> None:
    assert is_true(field) is truth


def test_names_are_taken_as_written_one_a_line() -> None:
    assert names_in("Ada <b>Lindgren</b>\r\n\r\n Otto\tBerg\nOtto Berg\n") == ("Ada <b>Lindgren</b>", "Otto Berg")

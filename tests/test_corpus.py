"""The corpus of requests, forms, machines' mail and events has the format of tests/corpus/README.md, whatever a reader makes of it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from corpora import FRESH, both, misplaced

from deskbook.config.organization import SHIPPED, load_organization

LEAST = {
    "requests": 220,
    "outages": 140,
    "forms": 40,
    "machine": 60,
    "events": 60,
    "requests_fresh": 110,
    "outages_fresh": 100,
    "machine_fresh": 30,
    "events_fresh": 110,
    "outages_third": 160,
    "events_third": 135,
}  # entries of both halves
READ = {"en", "de", "fr", "es"}
LANGUAGES = READ | {"it", "nl", "pt"}  # a few that no pattern knows
EVENT = {"id", "received", "subject", "body", "language", "expected", "note"}
TICKET = {"id", "subject", "body", "language", "outage", "critical", "note"}
KEYS = {
    "requests": TICKET,
    "outages": TICKET,
    "forms": TICKET | {"answers", "free"},
    "machine": {"id", "from", "subject", "body", "verdict", "note"},
    "events": EVENT,
}  # of one with an ending of FRESH the same
OPTIONAL = {
    "requests": {"kind", "kinds", "ask"},
    "outages": {"kind", "kinds", "ask"},
    "forms": {"kind", "kinds", "ask"},
    "machine": {"headers"},
    "events": {"flag"},
}
TICKETS = ("requests", "outages", "forms", "requests_fresh", "outages_fresh", "outages_third")
EXPECTED = {"begin", "end", "hours", "timezone", "attendees", "hub_url", "due"}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_id_occurs_once_in_all_files() -> None:
    ids = Counter(entry["id"] for name in LEAST for entry in both(name))
    assert [each for each, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("name", LEAST)
def test_each_file_is_large_enough_and_its_entries_have_their_keys(name: str) -> None:
    assert len(both(name)) >= LEAST[name]
    kind, _, ending = name.partition("_")
    assert ending in {"", *FRESH}
    keys = KEYS[kind]
    for entry in both(name):
        assert keys <= set(entry) <= keys | OPTIONAL[kind], entry["id"]
        assert all(isinstance(entry[key], str) for key in ("subject", "body")), entry["id"]
        assert f"{entry['subject']}{entry['body']}".strip(), entry["id"]
        assert entry["note"].strip(), entry["id"]
        assert entry.get("language", "en") in LANGUAGES, entry["id"]


@pytest.mark.parametrize("name", LEAST)
def test_an_entry_is_in_the_half_that_its_id_says(name: str) -> None:
    assert misplaced(name) == []


@pytest.mark.parametrize("name", TICKETS)
def test_a_ticket_has_kinds_of_the_organisation_and_known_labels(name: str) -> None:
    kinds = set(load_organization(SHIPPED).ticket_types)
    for entry in both(name):
        assert ("kind" in entry) != ("kinds" in entry), entry["id"]
        own = [entry["kind"]] if "kind" in entry else entry["kinds"]
        assert set(own) <= kinds, entry["id"]
        assert "kind" in entry or len(set(own)) > 1, entry["id"]
        assert entry.get("ask", True) is True, entry["id"]
        assert isinstance(entry["outage"], bool), entry["id"]
        assert not entry["outage"] or "incident" in own, entry["id"]
        assert all(value in (True, False, "depends") for value in listed(entry["critical"])), entry["id"]


def test_there_are_enough_outages_and_enough_that_look_like_one() -> None:
    for name, least in (("outages", 70), ("outages_fresh", 40), ("outages_third", 70)):
        told = Counter(entry["outage"] for entry in both(name))
        assert min(told[True], told[False]) >= least
    assert [entry["id"] for name in ("requests", "requests_fresh") for entry in both(name) if entry["outage"]] == []


@pytest.mark.parametrize("name", ["requests", "outages"])
def test_between_one_ticket_in_ten_and_one_in_three_is_not_in_english(name: str) -> None:
    languages = Counter(entry["language"] for entry in both(name))
    assert set(languages) >= READ
    assert 0.1 <= 1 - languages["en"] / languages.total() <= 0.34


def test_what_a_form_says_stands_in_its_body() -> None:
    def words(text: str) -> str:
        return " ".join(re.findall(r"\w+", text))

    for entry in both("forms"):
        body = words(entry["body"])
        for question, answer in entry["answers"].items():
            assert words(question) in body, (entry["id"], question)
            for each in listed(answer):
                assert isinstance(each, str), (entry["id"], question)
                assert words(each) in body, (entry["id"], question)
        for line in entry["free"].splitlines():
            assert words(line) in body, (entry["id"], line)


@pytest.mark.parametrize("name", ["machine", "machine_fresh"])
def test_a_mail_has_a_known_verdict_and_headers_in_words(name: str) -> None:
    verdicts = Counter(entry["verdict"] for entry in both(name))
    assert set(verdicts) == {"machine", "person", "unsure"}
    for entry in both(name):
        headers = entry.get("headers", {})
        assert all(isinstance(each, str) for pair in headers.items() for each in pair), entry["id"]


@pytest.mark.parametrize("name", ["events", "events_fresh", "events_third"])
def test_an_event_has_dates_hours_and_numbers_in_their_form(name: str) -> None:
    for entry in both(name):
        expected = entry["expected"]
        assert isinstance(entry["received"], date), entry["id"]
        assert set(expected) <= EXPECTED, entry["id"]
        assert entry.get("flag", True) is True, entry["id"]
        for key in ("begin", "end", "due"):
            assert all(isinstance(day, date) for day in listed(expected.get(key, []))), entry["id"]
        assert "flag" in entry or {"begin", "end"} <= set(expected), entry["id"]
        if "flag" not in entry:
            assert entry["received"] <= expected["begin"] <= expected["end"], entry["id"]
        assert all(re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", hours) for hours in expected.get("hours", [])), entry["id"]
        assert re.fullmatch(r"\d+(-\d+|\+)?|TBD|", expected.get("attendees", "")), entry["id"]
        for key in ("timezone", "hub_url"):
            assert expected.get(key, "") in f"{entry['subject']}\n{entry['body']}", entry["id"]

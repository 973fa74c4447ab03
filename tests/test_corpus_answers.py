"""The corpus of answers has the format that tests/corpus/ANSWERS.md describes; what a reader makes of it is no matter here."""

from __future__ import annotations

from collections import Counter

import pytest
from corpora import HALVES, both, entries, misplaced

MEANINGS = {
    "consent": {"yes", "no", "settled", "out-of-office", "unclear"},
    "replies": {"thanks", "refusal", "out-of-office", "new-matter", "question", "unclear"},
}
FRESH = {"consent_fresh": MEANINGS["consent"], "replies_fresh": MEANINGS["replies"]}  # in one half alone
VERDICTS = {"yes", "no", "settled", "person"}
WRITERS = {"rep-a", "rep-b", "requester", "stranger"}
LEAST = {
    "consent": 200,
    "replies": 200,
    "threads": 40,
    "consent_fresh": 70,
    "replies_fresh": 50,
}  # entries of both halves


@pytest.mark.parametrize("name", LEAST)
def test_each_file_is_large_enough_and_every_id_occurs_once(name: str) -> None:
    ids = [entry["id"] for entry in both(name)]
    assert [each for each, count in Counter(ids).items() if count > 1] == []
    assert len(ids) >= LEAST[name]


@pytest.mark.parametrize("name", LEAST)
def test_an_entry_is_in_the_half_that_its_id_says(name: str) -> None:
    assert misplaced(name) == []


@pytest.mark.parametrize("name", MEANINGS | FRESH)
def test_an_answer_has_its_keys_and_a_known_meaning(name: str) -> None:
    for entry in both(name):
        assert set(entry) == {"id", "language", "html", "meaning", "note"}, entry["id"]
        assert all(isinstance(value, str) and value.strip() for value in entry.values()), entry["id"]
        assert entry["language"] in {"en", "de", "fr", "es"}, entry["id"]
        assert entry["meaning"] in (MEANINGS | FRESH)[name], entry["id"]


@pytest.mark.parametrize("name", MEANINGS)
@pytest.mark.parametrize("half", HALVES)
def test_each_half_has_every_meaning_and_a_fifth_in_other_languages(name: str, half: str) -> None:
    here = entries(name, half)
    assert {entry["meaning"] for entry in here} == MEANINGS[name]
    assert sum(entry["language"] != "en" for entry in here) >= len(here) / 5


def test_a_thread_has_its_keys_known_writers_and_a_known_verdict() -> None:
    for entry in both("threads"):
        assert set(entry) == {"id", "messages", "verdict", "note"}, entry["id"]
        assert entry["verdict"] in VERDICTS, entry["id"]
        assert entry["messages"], entry["id"]
        for message in entry["messages"]:
            assert set(message) == {"from", "html"}, entry["id"]
            assert message["from"] in WRITERS, entry["id"]
            assert message["html"].strip(), entry["id"]


@pytest.mark.parametrize("half", HALVES)
def test_each_half_has_every_verdict(half: str) -> None:
    assert {entry["verdict"] for entry in entries("threads", half)} == VERDICTS

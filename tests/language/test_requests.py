"""Every pattern finds its own example, tables are read in proportion to the text, and an organisation adds its own words."""

from __future__ import annotations

import pytest
from yardstick import ENOUGH, yards

from deskbook.errors import DefinitionError
from deskbook.language import requests
from deskbook.language.phrase_search import Pattern, Phrases, sentences
from deskbook.language.text import shorten

EVERY = [pattern for table in requests.tables().values() for pattern in table]


@pytest.mark.parametrize("pattern", EVERY, ids=[shorten(p.name, 40) for p in EVERY])
def test_a_pattern_finds_its_example(pattern: Pattern) -> None:
    found = list(Phrases([pattern], requests.lists()).find(sentences(requests.sober(pattern.example))))
    assert found, f"'{pattern.example}' holds none of: {pattern.phrases}"


def find(phrases: str, text: str) -> list[str]:
    return [match.words for match in Phrases([Pattern("one", phrases, "")], requests.lists()).find(sentences(text))]


def test_a_phrase_allows_as_many_words_between_as_it_says() -> None:
    assert find("reach ..2 hub", "we reach our old hub") == ["reach our old hub"]
    assert find("reach ..2 hub", "we reach our very old hub") == []


def test_a_phrase_knows_alternatives_endings_numbers_and_words_that_may_be_missing() -> None:
    assert find("crash*|died", "It crashed") == ["crashed"]
    assert find("# (active) users", "all 40 users") == ["40 users"]
    assert find("log_in", "they log in") == ["log in"]


def test_case_accents_and_curly_apostrophes_count_for_nothing() -> None:
    assert find("caido", "El hub está CAÍDO") == ["CAÍDO"]
    assert find("can't", "We can’t") == ["can't"]


def test_a_phrase_can_ask_for_a_place_or_a_question() -> None:
    assert find("^ hub", "Hub\nthe hub") == ["Hub"]
    assert find("down >", "down again, and down") == ["down"]
    assert find("down ?", "x\nIt is down. Is it down?") == ["down"]


def test_a_line_that_a_mail_program_broke_is_one_sentence() -> None:
    wrapped = "x\nSince this morning nobody in our whole department can\nlog in to it"
    assert find("can log_in", wrapped) == ["can log in"]
    assert find("can log_in", "x\nyes you can\nlog in") == []


@pytest.mark.parametrize("phrase", ["..2 hub", "hub ..2", "(the) hub"])
def test_a_phrase_that_begins_or_ends_with_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(DefinitionError, match="must begin and end with a word"):
        find(phrase, "hub")


def test_a_list_that_is_not_there_is_named() -> None:
    with pytest.raises(DefinitionError, match="there is no list"):
        find("{nothing}", "hub")


def test_words_of_ones_own_are_signs_as_well() -> None:
    assert requests.read("The reef is closed", "").outage is None
    found = requests.read("The reef is closed", "", {"outage": ("reef ..2 closed",)})
    assert found.outage is not None
    assert requests.read("Hub down", "for the drill", {"no_outage": ("drill",)}).outage is None
    assert requests.read("Quux", "", {"change": ("quux",)}).kind == "change"


def test_a_very_long_ticket_is_read_to_a_limit() -> None:
    assert yards(lambda: requests.read("Log", "the hub cannot be reached by nobody 503 " * 20_000)) < ENOUGH

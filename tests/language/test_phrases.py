"""The tables of phrases: each row has an example that is read by it, and a mistake in a table is named."""

from __future__ import annotations

import pytest

from deskbook.errors import DefinitionError
from deskbook.language.phrases import Grammar, Phrase, Table, grammar, is_name, table

READERS = ("consent", "replies")
ROWS = [(reader, row) for reader in READERS for row in (*table(reader).phrases, *table("common").phrases)]
DAYS = [("days", row) for row in table("days").signs]
SIGNS = [(reader, row) for reader in READERS for row in (*table(reader).signs, *table("common").signs)]


def one(*says: str, words: dict[str, str] | None = None) -> Grammar:
    return Grammar([Table(words=words or {}, phrases=(Phrase(name="one", means="one", example="", says=says),))])


@pytest.mark.parametrize(("reader", "row"), ROWS, ids=lambda each: getattr(each, "name", each))
def test_the_example_of_a_phrase_is_read_with_its_meaning(reader: str, row: Phrase) -> None:
    found = grammar(reader).whole(row.example)
    assert found, row.example
    assert row.means in {each.means for each in found}


@pytest.mark.parametrize(("reader", "row"), SIGNS, ids=lambda each: getattr(each, "name", each))
def test_the_example_of_a_sign_is_found(reader: str, row: Phrase) -> None:
    assert grammar(reader).anywhere(row.example, row.means), row.example


@pytest.mark.parametrize(("reader", "row"), DAYS, ids=lambda each: getattr(each, "name", each))
def test_the_example_of_words_that_leave_days_open_is_found(reader: str, row: Phrase) -> None:
    assert Grammar((table(reader),)).anywhere(row.example, row.means), row.example


def test_what_may_be_missing_what_is_chosen_and_what_is_listed() -> None:
    known = one("[please] (go ahead|proceed) [with {it}]", words={"it": "it, this, the (ticket|request)"})
    for said in ("go ahead", "Please proceed with the request", "GO AHEAD with it", "please go-ahead"):
        assert bool(known.whole(said)) == ("-" not in said), said
    for said in ("please", "go", "proceed with", "go ahead with that", "go ahead now"):
        assert known.whole(said) is None, said


def test_accents_and_contractions_make_no_difference() -> None:
    known = one("do not", "that is d'accord", "gruss", "merci pour ~3")
    for said in ("don’t", "dont", "That's d'accord", "Gruß", "Merci pour tout le travail"):
        assert known.whole(said), said
    assert known.whole("merci pour tout le travail de nuit") is None


@pytest.mark.parametrize(
    "line",
    ["Ada", "Ada Lindgren", "Dr. Ada Lindgren", "- Ada", "A. Lindgren", "Ana Ruiz (she/her)", "Ana Ruiz, PhD", "Lily"],
)
def test_a_name_is_told_by_its_capitals(line: str) -> None:
    assert is_name(line)


@pytest.mark.parametrize(
    "line", ["Not Yet", "ada", "Eventually", "Staging Only", "Pending", "Ada and Ida went", "", "No"]
)
def test_other_words_with_a_capital_are_no_name(line: str) -> None:
    assert not is_name(line)


@pytest.mark.parametrize(
    ("form", "words"),
    [("go [ahead", "not closed"), ("go) ahead", "closes nothing"), ("go {there}", "no list of words")],
)
def test_a_mistake_in_a_table_is_named(form: str, words: str) -> None:
    with pytest.raises(DefinitionError, match=words):
        one(form)

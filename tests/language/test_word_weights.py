"""Single words are weighed as the half to build on has them, say nothing in a language they do not know, and are worth it."""

from __future__ import annotations

import pytest
from corpus import fit_words
from corpus.score_requests import Score, score

from deskbook.language import requests, word_weights
from deskbook.language.phrase_search import sentences
from deskbook.tickets import classification
from deskbook.tickets.classification import _because


def leaning(text: str) -> word_weights.Leaning:
    return word_weights.leaning(sentences(text))


def test_the_table_is_what_the_texts_give_now() -> None:
    fitted, kept = fit_words.fit(fit_words.texts()), word_weights.weights()
    assert list(fitted) == list(kept), "run `make corpus` and commit language/patterns/words.csv"
    for word, weight in fitted.items():
        assert weight.rare == pytest.approx(kept[word].rare, abs=0.02), word
        assert weight.kinds == pytest.approx(kept[word].kinds, abs=0.05), word


def test_shares_of_the_kinds_are_one_together() -> None:
    assert sum(leaning("How do I add a package?").shares.values()) == pytest.approx(1)


def test_words_of_another_language_say_nothing() -> None:
    found = leaning(
        "Sinds vanochtend kan niemand van ons inloggen, kunnen jullie even kijken wat er aan de hand zou zijn"
    )
    assert set(found.shares.values()) == {1 / len(requests.KINDS)}
    assert found.outage == 0


def test_no_words_say_nothing() -> None:
    assert set(leaning("").shares.values()) == {1 / len(requests.KINDS)}


def test_words_of_an_outage_are_asked_about_where_no_pattern_finds_one() -> None:
    weighed = word_weights.Leaning({"broken": 1.0}, 0.9, {word_weights.OUTAGE: ("hub", "since")})
    reader = requests._Reader(sentences("Lecture hall\nIt is dark"), {})
    doubt = reader._sounds(weighed)
    assert doubt is not None
    assert doubt.words == "hub, since"
    assert requests._Reader(sentences("My server\nOnly my server is dark"), {})._sounds(weighed) is None


def test_a_kind_that_only_words_tell_names_them() -> None:
    signs = requests.Signs(outage=None, kind="change", telling=("octave", "environment"))
    assert _because(signs) == "it reads like a wish for a change ('octave', 'environment')"


def test_on_the_half_they_were_not_weighed_in_they_leave_fewer_to_ask_and_no_more_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def counted() -> Score:
        classification._read.cache_clear()
        return score.__wrapped__("measure")  # read anew

    with_them = counted()
    monkeypatch.setattr(word_weights, "KNOWN", 2.0)  # no text holds so many: all kinds alike
    without = counted()
    monkeypatch.undo()
    classification._read.cache_clear()
    assert with_them.asked.total() < without.asked.total()
    assert with_them.wrong <= without.wrong
    assert with_them.waved_through <= without.waved_through

"""Secrets that people write are taken out, and what only looks like one keeps its meaning."""

from __future__ import annotations

import re
from typing import Any

import pytest
from corpora import entries
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbook.language.redaction import _EDGES, _SHAPES, _SIGN, HIDDEN, PLACES, Shape, _odd, redact, table


def plain(text: str) -> str:
    """As it was written: a `¦` keeps scanners away from what has the form of a real token."""
    return text.replace("¦", "")


@pytest.mark.parametrize("shape", table().shapes, ids=lambda shape: shape.name)
def test_each_form_of_a_secret_is_found_in_its_example(shape: Shape) -> None:
    shown = redact(f"Hello, {plain(shape.example)}\nThanks")
    assert HIDDEN in shown
    assert shown.startswith("Hello, ")
    assert shown.endswith("\nThanks")


@pytest.mark.parametrize(("shape", "pattern"), _SHAPES, ids=lambda each: getattr(each, "name", ""))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_no_form_of_a_secret_does_without_a_sign_of_one(
    shape: Shape, pattern: re.Pattern[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern))
    match = pattern.search(text)
    assert match
    assert _SIGN.search(text) or (shape.odd and not _odd(match["secret"].strip(_EDGES)))


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, example, _ in PLACES])
def test_each_place_of_a_password_is_found_in_its_example(name: str, example: str) -> None:
    assert "Corals" not in redact(example), name
    assert HIDDEN in redact(example)


def leaks(entry: dict[str, Any]) -> bool:
    shown = redact(plain(entry["text"]))
    return any(plain(word) in shown for word in entry["secrets"])


def lost(entry: dict[str, Any]) -> bool:
    """Whether words that must stay are gone; of a look-alike, all must stay."""
    shown = redact(plain(entry["text"]))
    kept = entry.get("keeps") or ([] if entry["secrets"] else [entry["text"]])
    return any(plain(word) not in shown for word in kept)


def test_no_secret_of_the_corpus_stays_and_no_look_alike_is_touched() -> None:
    build = entries("passwords", "build")
    assert [entry["id"] for entry in build if leaks(entry)] == []
    assert [entry["id"] for entry in build if lost(entry)] == []


def test_nor_in_the_half_that_no_rule_was_written_with_but_for_two_look_alikes() -> None:
    """Counts alone: whoever mends a rule does not see which."""
    measure = entries("passwords", "measure")
    assert sum(leaks(entry) for entry in measure) == 0
    assert sum(lost(entry) for entry in measure) <= 2


@pytest.mark.parametrize("text", ["", "Hello", "•••", "password: •••", "\n\n", "|||", "password|", "\tpassword"])
def test_what_holds_no_secret_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_what_is_hidden_once_stays_so() -> None:
    for entry in entries("passwords", "build"):
        once = redact(plain(entry["text"]))
        assert not any(plain(word) in redact(once) for word in entry["secrets"]), entry["id"]

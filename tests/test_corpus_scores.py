"""The readers against the corpus: nothing is read as what it is not, on either half. Only counts are shown."""

from __future__ import annotations

import pytest
from corpus import score

NEVER = [
    (name, half, label) for name, reader in score.READERS.items() for half in score.HALVES for label in reader.never
]


@pytest.mark.parametrize(("name", "half", "label"), NEVER)
def test_nothing_is_read_as_what_it_is_not(name: str, half: str, label: str) -> None:
    assert score.score(name, half)[label].false == 0


@pytest.mark.parametrize("name", [name for name, reader in score.READERS.items() if reader.never])
def test_most_of_what_is_plain_is_understood(name: str) -> None:
    """Of all labels that a rule may act on, four fifths, on the half that no rule was built on."""
    labels = [score.score(name, "measure")[label] for label in score.READERS[name].never]
    assert sum(each.understood for each in labels) >= 0.8 * sum(each.entries for each in labels)


def test_the_page_shows_the_scores_of_now() -> None:
    text = score.PAGE.read_text(encoding="utf-8")
    assert score.page(text) == text, "run `make corpus` and commit book/operate/reading.md"

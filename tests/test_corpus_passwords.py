"""The corpus of secrets has the format of tests/corpus/README.md."""

from __future__ import annotations

from collections import Counter

from corpora import both, misplaced

NAME = "passwords"
KEYS = {"id", "text", "language", "secrets", "note"}


def test_the_corpus_has_enough_of_both_and_every_entry_has_its_keys() -> None:
    found = both(NAME)
    assert sum(bool(entry["secrets"]) for entry in found) >= 120
    assert sum(not entry["secrets"] for entry in found) >= 60
    assert [each for each, count in Counter(entry["id"] for entry in found).items() if count > 1] == []
    for entry in found:
        assert KEYS <= set(entry) <= KEYS | {"keeps"}, entry["id"]
        assert all(word in entry["text"] for word in [*entry["secrets"], *entry.get("keeps", [])]), entry["id"]
        assert entry["id"].startswith("pw-" if entry["secrets"] else "no-"), entry["id"]


def test_an_entry_is_in_the_half_that_its_id_says() -> None:
    assert misplaced(NAME) == []

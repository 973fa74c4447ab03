"""New tickets of the corpus are read well enough, on the half the rules were built on and on the half they were not."""

from __future__ import annotations

import pytest
from corpora import HALVES
from corpus.score_requests import score

CAUGHT, FALSE_ALARMS, RIGHT_OR_ASKED, WRONG, ASKED = 0.95, 0.10, 0.92, 0.05, 0.25


@pytest.mark.parametrize("half", HALVES)
def test_outages_are_put_before_a_person_and_kinds_are_read(half: str) -> None:
    found = score(half)
    told = "\n".join(found.lines())
    assert found.caught >= CAUGHT, told
    assert found.share(found.false_alarms) <= FALSE_ALARMS, told
    assert 1 - found.share(found.wrong) >= RIGHT_OR_ASKED, told
    assert found.share(found.wrong) <= WRONG, told
    assert found.share(found.asked.total()) <= ASKED, told

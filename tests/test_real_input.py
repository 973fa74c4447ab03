"""Requests that nobody here invented, triaged unattended. Uses ../shared/data, and is passed over where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest
import real_input

pytestmark = [pytest.mark.real, pytest.mark.long]


@pytest.fixture(scope="module")
def triaged(tmp_path_factory: pytest.TempPathFactory) -> list[real_input.Triaged]:
    if not real_input.DATA.is_dir():
        pytest.skip(real_input.ABSENT)
    return real_input.triage_all(tmp_path_factory.mktemp("real"))


def test_every_request_is_triaged_or_put_before_a_person_with_a_reason(triaged: list[real_input.Triaged]) -> None:
    assert len(triaged) == 27
    assert [t.receipt.failure for t in triaged if t.receipt.failure] == []
    assert [t.ticket for t in triaged if not t.receipt.next and not t.receipt.needs_human] == []


def test_event_requests_stay_with_the_triager_and_are_not_acknowledged_here(triaged: list[real_input.Triaged]) -> None:
    workshops = [t for t in triaged if t.category == "Workshop Request"]
    assert len(workshops) >= 15
    assert {t.agent for t in workshops} == {"–"}
    assert not [t for t in workshops if any(a.key == "triage.acknowledge" for a in t.receipt.actions)]


def test_openscapes_and_noaa_fisheries_openscapes_are_two_communities(triaged: list[real_input.Triaged]) -> None:
    named = {hub["url"]: hub["community"] for hub in real_input.hubs()}
    assert len(named) == 171
    assert named["https://workshop.openscapes.2i2c.cloud"] != named["https://workshop.nmfs-openscapes.2i2c.cloud"]
    by_ticket = {t.ticket: t.community for t in triaged}
    assert by_ticket[1524] == named["https://workshop.openscapes.2i2c.cloud"]


def test_the_table_names_every_ticket(triaged: list[real_input.Triaged], tmp_path: Path) -> None:
    table = real_input.table(triaged)
    assert all(str(t.ticket) in table for t in triaged)

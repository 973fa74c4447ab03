"""What a run leaves of tickets names their groups and statuses: whoever renames them, or may read them now, is believed at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from test_lists import calls, desk, live, shown, switch

from deskbook.config.organization import load_organization
from deskbook.errors import Refused, ServiceError
from deskbook.model.records import Unfinished
from deskbook.services.freshdesk import lists
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.http import Service
from deskbook.services.memory import ShortMemory
from deskbook.services.ports import Memory
from deskbook.tickets.next_step import is_ours
from deskbook_sandbox import generate
from deskbook_sandbox.freshdesk import records
from deskbook_sandbox.server import Running, start

ORGANIZATION = load_organization()


@pytest.fixture
def small() -> Iterator[Running]:
    with start(ORGANIZATION) as running:
        switch(running, limits=False, index_lag=0, sla_delay=0)
        generate.generate(running.store, 60, 5)
        running.store.advance(3600)
        yield running


def touch(running: Running, number: int, **values: Any) -> None:
    running.store.update("fd_tickets", {"id": number}, updated_at=running.store.stamp(), **values)
    running.store.advance(300)


def as_a_new_run(running: Running, memory: Memory) -> Freshdesk:
    return Freshdesk(running.url, "sandbox", ORGANIZATION, memory=memory)


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Whether the key may read the fields of tickets, which name the account's own statuses."""
    may, get = {"/ticket_fields": False}, Service.get

    def asked(http: Service, path: str, *more: Any) -> Any:
        if path == "/ticket_fields":
            if not may[path]:
                raise http.error(Refused, "the key may not read this")
            return [{"name": "status", "choices": {"2": ["Open"], "5": ["Closed"], "8": ["On hold"]}}]
        return get(http, path, *more)

    monkeypatch.setattr(Service, "get", asked)
    return may


def test_a_key_that_may_read_the_statuses_since_today_loses_no_ticket_of_them(
    small: Running, rights: dict[str, bool]
) -> None:
    memory, ids = ShortMemory(), sorted(live(small.store))
    touch(small, ids[11])
    as_a_new_run(small, memory).queue(memory)
    touch(small, ids[10], status=8)
    as_a_new_run(small, memory).queue(memory)
    rights["/ticket_fields"] = True
    touch(small, ids[10])
    touch(small, ids[11])
    as_a_new_run(small, memory).queue(memory)
    touch(small, ids[10])
    touch(small, ids[11], deleted=1)  # what changed last is gone, so that all is read anew
    assert set(shown(as_a_new_run(small, memory).queue(memory))) == set(live(small.store))


def test_a_group_that_was_renamed_is_so_on_every_ticket_once_that_is_known(small: Running) -> None:
    memory, ids = ShortMemory(), sorted(live(small.store))
    ours = next(each for each in records.docs(small.store, "group") if each["name"] == ORGANIZATION.support.group)
    touch(small, ids[0])
    as_a_new_run(small, memory).queue(memory)
    records.put_doc(small.store, "group", ours["id"], {**ours, "name": "helpdesk"})
    records.put_doc(small.store, "group", ours["id"] + 77, {**ours, "id": ours["id"] + 77, "name": "second line"})
    support = ORGANIZATION.support.model_copy(update={"group": "helpdesk"})
    organization = ORGANIZATION.model_copy(update={"support": support})
    touch(small, ids[1], group_id=ours["id"] + 77)
    found = Freshdesk(small.url, "sandbox", organization, memory=memory).queue(memory)
    assert groups(found) >= {"helpdesk", "second line"}
    assert ORGANIZATION.support.group not in groups(found)
    assert sum(is_ours(each.ticket, organization) for each in found.tickets) > 30


def groups(found: Unfinished) -> set[str | None]:
    return {each.ticket.group for each in found.tickets if each.ticket.group}


def test_another_key_that_may_read_the_statuses_names_them_on_every_ticket(
    small: Running, rights: dict[str, bool]
) -> None:
    memory, ids = ShortMemory(), sorted(live(small.store))
    touch(small, ids[13])
    as_a_new_run(small, memory).queue(memory)
    touch(small, ids[14], status=8)
    assert shown(as_a_new_run(small, memory).queue(memory))[ids[14]] == "status 8"
    rights["/ticket_fields"] = True
    helpdesk = as_a_new_run(small, memory)
    helpdesk._around._whose += " of another key"
    touch(small, ids[13])
    assert shown(helpdesk.queue(memory))[ids[14]] == "On hold"


def test_where_a_ticket_is_deleted_between_two_pages_the_next_reading_finds_what_slipped(
    small: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 10)
    page, seen, memory, helpdesk = lists._page, list[int](), ShortMemory(), desk(small)

    def meanwhile(*asked: Any) -> Any:
        if len(seen) == 10:
            small.store.advance(2)
            small.store.update("fd_tickets", {"id": seen[0]}, deleted=1, updated_at=small.store.stamp())
        found = page(*asked)
        seen.extend(each["id"] for each in found)
        return found

    monkeypatch.setattr(lists, "_page", meanwhile)
    first = set(shown(helpdesk.queue(memory)))
    assert set(live(small.store)) - first  # one has slipped, and no list says so
    small.store.advance(600)
    assert set(shown(helpdesk.queue(memory))) == set(live(small.store))


def test_what_was_deleted_just_before_all_were_read_has_nothing_read_again(small: Running) -> None:
    memory, ids = ShortMemory(), sorted(live(small.store))
    small.store.update("fd_tickets", {"id": ids[3]}, deleted=1, updated_at=small.store.stamp())
    desk(small).queue(memory)
    before = calls(small)
    assert set(shown(desk(small).queue(memory))) == set(live(small.store))
    assert (calls(small) - before)["GET /api/v2/tickets"] == 2


def test_spam_among_the_changes_that_is_not_as_promised_stops_no_queue(
    small: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, ids, page = ShortMemory(), sorted(live(small.store)), lists._page
    touch(small, ids[0])
    desk(small).queue(memory)
    touch(small, ids[5])

    def bent(*asked: Any) -> Any:
        return [{**each, "spam": True, "subject": [7]} if each["id"] == ids[5] else each for each in page(*asked)]

    monkeypatch.setattr(lists, "_page", bent)
    assert set(shown(desk(small).queue(memory))) == set(live(small.store)) - {ids[5]}


def test_only_the_queue_needs_to_know_when_a_ticket_changed(small: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    get, since = Service.get, small.store.now() - timedelta(days=30)
    community = next(
        row["company_id"] for row in small.store.rows("SELECT company_id FROM fd_tickets") if row["company_id"]
    )

    def asked(http: Service, path: str, *more: Any) -> Any:
        found = get(http, path, *more)
        return [{**each, "updated_at": None} for each in found] if path == "/tickets" else found

    monkeypatch.setattr(Service, "get", asked)
    assert desk(small).tickets_of(community)
    assert desk(small).tickets_since(since)
    with pytest.raises(ServiceError, match="/tickets: 'updated_at' is null"):
        desk(small).queue(ShortMemory())
